//! Closed forms, numbers that scikit-learn 1.9.1 gives, and the laws of each measure.

use super::*;
use echogram_graph::synthetic::{Stream, permutation};

fn known(labels: impl IntoIterator<Item = u32>) -> Vec<Option<u32>> {
    labels.into_iter().map(Some).collect()
}

#[track_caller]
fn find(one: &[Option<u32>], other: &[Option<u32>]) -> Comparison {
    let found = compare(one, other, &Run::default()).unwrap();
    let back = compare(other, one, &Run::default()).unwrap();
    for (there, back) in [(found.nmi, back.nmi), (found.ami, back.ami), (found.ari, back.ari), (found.variation, back.variation)]
    {
        assert!((there - back).abs() < 1e-12 || there.is_nan(), "{there} one way, {back} the other");
    }
    found
}

/// NMI, AMI, ARI and variation of information.
#[track_caller]
fn check(one: &[Option<u32>], other: &[Option<u32>], wanted: [f64; 4]) {
    let found = find(one, other);
    for (got, wanted) in [found.nmi, found.ami, found.ari, found.variation].into_iter().zip(wanted) {
        assert!((got - wanted).abs() < 1e-11, "{found:?}, wanted {wanted}");
    }
}

#[test]
fn numbers_are_those_of_scikit_learn() {
    check(
        &known([0, 0, 0, 1, 1, 1, 2, 2, 2, 2]),
        &known([0, 0, 1, 1, 1, 2, 2, 2, 3, 3]),
        [0.5759466679735675, 0.3393713656092221, 0.23728813559322035, 1.0410758741777535],
    );
    check(
        &known((0..1_000).map(|at| at * at % 17 / 3)),
        &known((0..1_000).map(|at| at % 13 / 2)),
        [0.0003029385499542718, -0.008126966751278615, -0.004605306002943867, 3.630463449164178],
    );
    check(
        &known((0..1_000).map(|at| at / 50)),
        &known((0..1_000).map(|at| (at + 13) / 70)),
        [0.8236971654799847, 0.8142201929715078, 0.6220230444666345, 1.0034307932292474],
    );
    check(&known([0, 0, 0, 0, 1, 1, 1, 1]), &known([0, 1, 2, 3, 0, 1, 2, 3]), [0.0, -0.4, -3.0 / 11.0, 3.0 * LN_2]);
    let place = |at: u32| at * 7_919 % 20_000;
    check(
        &known((0..20_000).map(|at| place(at) / 137)),
        &known((0..20_000).map(|at| (place(at) + if at % 5 == 0 { 3_000 } else { 0 }) / 211)),
        [0.7914769230685903, 0.7705273585703113, 0.42470223141957275, 2.004164090252635],
    );
}

const LN_2: f64 = std::f64::consts::LN_2;

#[test]
fn the_same_division_by_other_names_is_the_same() {
    for labels in [vec![0, 1, 1, 2, 2, 2], vec![0; 5], (0..6).collect(), vec![3]] {
        let renamed: Vec<u32> = labels.iter().map(|label| u32::MAX - label * 7).collect();
        let found = find(&known(labels), &known(renamed));
        assert_eq!((found.nmi, found.ami, found.ari, found.variation, found.variation_normalised), (1.0, 1.0, 1.0, 0.0, 0.0));
    }
}

#[test]
fn one_group_or_nobody_together_tells_nothing() {
    check(&known([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]), &known([0; 10]), [0.0, 0.0, 0.0, 0.6108643020548936]);
    check(&known([0, 0, 1, 1, 2, 2]), &known(0..6), [0.7601875334318686, 0.0, 0.0, LN_2]);
    check(&known([0; 4]), &known(0..4), [0.0, 0.0, 0.0, 2.0 * LN_2]);
    assert_eq!(find(&known([0; 4]), &known(0..4)).variation_normalised, 1.0);
}

#[test]
fn who_is_left_out_by_either_does_not_count() {
    let (one, other) = ([Some(0), Some(0), None, Some(1), None], [Some(5), Some(5), Some(5), Some(2), None]);
    let found = find(&one, &other);
    assert_eq!((found.accounts, found.accounts_left_out, found.groups, found.other_groups), (3, 2, 2, 2));
    assert_eq!(found.ari, 1.0);
    let nobody = find(&[None, Some(1)], &[Some(1), None]);
    assert!(
        nobody.accounts == 0 && nobody.nmi.is_nan() && nobody.ami.is_nan() && nobody.ari.is_nan() && nobody.variation.is_nan()
    );
    assert!(find(&[], &[]).variation_normalised.is_nan());
    let other_accounts = compare(&Partition::from_labels(&[0]), &Partition::from_labels(&[0, 0]), &Run::default());
    assert!(matches!(other_accounts, Err(MetricError::BadParam { name: "accounts", .. })));
}

/// Chance is worked out from what it says it is: all deals of the accounts.
#[test]
fn the_expected_information_is_the_mean_over_all_deals() {
    let one = [0, 0, 0, 1, 1, 2, 2];
    let other = [0, 0, 1, 1, 1, 1, 2];
    let mut deals = vec![Vec::new()];
    for _ in 0..one.len() {
        deals = deals
            .into_iter()
            .flat_map(|deal: Vec<usize>| {
                let left: Vec<usize> = (0..other.len()).filter(|at| !deal.contains(at)).collect();
                left.into_iter().map(move |next| [deal.as_slice(), &[next]].concat())
            })
            .collect();
    }
    let table = |deal: &[usize]| {
        let (one, dealt) = (known(one), known(deal.iter().map(|&at| other[at])));
        Contingency::of(one.as_slice(), dealt.as_slice(), &Run::default()).unwrap()
    };
    let mean = deals.iter().map(|deal| mutual_information(&table(deal))).sum::<f64>() / deals.len() as f64;
    let found = expected::mutual_information(&table(&deals[0]), &Run::default()).unwrap();
    assert_eq!(deals.len(), 5_040);
    assert!((found - mean).abs() < 1e-12, "{found}, mean of all deals {mean}");
}

/// Pairs of accounts counted one by one.
#[test]
fn pairs_agree() {
    for seed in 0..20 {
        let mut random = Stream::new(seed, 1, 0);
        let mut labels = |groups| known((0..60).map(|_| random.below(groups) as u32));
        let (one, other) = (labels(2 + seed % 5), labels(2 + seed % 7));
        let pairs = || (0..60).flat_map(|at| (0..at).map(move |before| (before, at)));
        let count = |in_one: bool, in_other: bool| {
            pairs().filter(|&(a, b)| ((one[a] == one[b]) == in_one) && ((other[a] == other[b]) == in_other)).count() as f64
        };
        let [both, only_one, only_other, neither] =
            [(true, true), (true, false), (false, true), (false, false)].map(|(a, b)| count(a, b));
        let below = (both + only_one) * (only_one + neither) + (both + only_other) * (only_other + neither);
        let wanted = 2.0 * (both * neither - only_one * only_other) / below;
        assert!((find(&one, &other).ari - wanted).abs() < 1e-12);
    }
}

#[test]
fn variation_obeys_the_triangle_inequality() {
    let labels = |seed| known((0..300).map(|at| Stream::new(seed, 2, at).below(2 + seed % 6) as u32));
    for seed in 0..20 {
        let [a, b, c] = [labels(seed), labels(seed + 1), labels(seed + 2)];
        let distance = |one: &[Option<u32>], other: &[Option<u32>]| find(one, other).variation;
        assert!(distance(&a, &c) <= distance(&a, &b) + distance(&b, &c) + 1e-12);
    }
}

#[test]
fn neither_the_order_of_accounts_nor_threads_matter() {
    let (one, other) = (known((0..70_000).map(|at| at / 97)), known((0..70_000).map(|at| at * 3 % 70_000 / 131)));
    let order = permutation(one.len(), 5);
    let moved = |labels: &[Option<u32>]| order.iter().map(|&at| labels[at as usize]).collect::<Vec<_>>();
    let plain = format!("{:?}", find(&one, &other));
    assert_eq!(format!("{:?}", find(&moved(&one), &moved(&other))), plain);
    for threads in [1, 2, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| format!("{:?}", find(&one, &other))), plain);
    }
}

#[test]
fn progress_only_rises_and_a_flag_stops_it() {
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;
    let (one, other) = (known((0..9_000_u32).map(|at| at.isqrt())), known((0..9_000_u32).map(|at| at.isqrt() * at.isqrt() % 97)));
    let steps = Mutex::new(Vec::new());
    let on_step = |done: u64, total: u64| steps.lock().unwrap().push((done, total));
    compare(one.as_slice(), other.as_slice(), &Run { on_step: Some(&on_step), cancel: None }).unwrap();
    let steps = steps.into_inner().unwrap();
    assert!(steps.len() > 10 && steps.iter().all(|step| step.0 <= step.1) && steps.is_sorted_by_key(|step| step.0), "{steps:?}");
    let cancel = AtomicBool::new(true);
    let stopped = compare(one.as_slice(), other.as_slice(), &Run { on_step: None, cancel: Some(&cancel) });
    assert!(matches!(stopped, Err(MetricError::Cancelled { .. })));
}
