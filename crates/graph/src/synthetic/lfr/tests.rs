//! What an LFR network promises.

use super::super::tests::{check_near, check_simple, check_threads};
use super::*;

fn degrees(made: &Lfr, accounts: u32, ends: impl Fn(&Tie) -> Vec<u32>) -> Vec<u32> {
    let mut degrees = vec![0; accounts as usize];
    made.ties.iter().flat_map(ends).for_each(|node| degrees[node as usize] += 1);
    degrees
}

/// What holds for all parameters.
#[track_caller]
fn check(params: &Params) -> Lfr {
    let made = generate(params).unwrap_or_else(|error| panic!("{error}: {params:?}"));
    check_simple(params.accounts, params.is_directed, &made.ties);
    let sizes = made.communities.sizes();
    assert_eq!(sizes.iter().sum::<u32>(), params.accounts);
    assert!(sizes.iter().all(|size| (params.min_community..=params.max_community).contains(size)), "{sizes:?}");
    let received = degrees(&made, params.accounts, |&(a, b)| if params.is_directed { vec![b] } else { vec![a, b] });
    assert!(received.iter().all(|&degree| degree <= params.max_degree));
    made
}

fn usual(accounts: u32, mu: f64) -> Params {
    Params { mu, ..Params::new(accounts) }
}

#[test]
fn mixing_and_mean_degree_are_those_asked_for() {
    for is_directed in [false, true] {
        for mu in [0.1, 0.3, 0.5, 0.7] {
            let params = Params { is_directed, ..usual(5_000, mu) };
            let made = check(&params);
            check_near(made.mixing(), mu, 0.01);
            let ends = if is_directed { 1.0 } else { 2.0 };
            check_near(ends * made.ties.len() as f64 / 5_000.0, params.average_degree, 0.01);
            assert!(made.dropped * 1_000 < made.ties.len() as u64, "{} dropped", made.dropped);
        }
    }
}

/// The same for small and large degrees: `mu` is a property of each account, not of the network alone.
#[test]
fn every_account_mixes_alike() {
    let made = check(&usual(20_000, 0.4));
    let all = degrees(&made, 20_000, |&(a, b)| vec![a, b]);
    let outside = degrees(&made, 20_000, |tie| if made.is_outside(tie) { vec![tie.0, tie.1] } else { vec![] });
    for range in [1..12, 12..30, 30..101] {
        let nodes = (0..20_000).filter(|&node| range.contains(&all[node]));
        let (ends, out) = nodes.fold((0, 0), |(ends, out), node| (ends + all[node], out + outside[node]));
        check_near(f64::from(out) / f64::from(ends), 0.4, 0.02);
    }
}

/// Cumulative shares of degrees and of sizes lie on the power laws.
#[test]
fn degrees_and_sizes_follow_power_laws() {
    let params = Params { average_degree: 15.0, max_degree: 300, max_community: 400, tau1: 2.7, ..usual(50_000, 0.3) };
    let made = check(&params);
    let all = degrees(&made, 50_000, |&(a, b)| vec![a, b]);
    let above = |least: u32| all.iter().filter(|&&degree| degree >= least).count() as f64;
    let law = |exponent: f64, range: std::ops::RangeInclusive<u32>| -> f64 {
        range.map(|value| f64::from(value).powf(-exponent)).sum()
    };
    for least in [20, 40, 80, 160] {
        check_near(above(least) / above(10), law(2.7, least..=300) / law(2.7, 10..=300), 0.03);
    }
    // Some 600 communities: shares are known to a tenth or so.
    let sizes = made.communities.sizes();
    let share = |least: u32| sizes.iter().filter(|&&size| size >= least).count() as f64 / sizes.len() as f64;
    for least in [40, 80, 160] {
        let wanted = law(1.5, least..=400) / law(1.5, 20..=400);
        assert!((share(least) - wanted).abs() < 0.06, "{} {wanted}", share(least));
    }
}

#[test]
fn directions_follow_the_paper() {
    let params = Params { is_directed: true, ..usual(5_000, 0.4) };
    let made = check(&params);
    let given = degrees(&made, 5_000, |tie| vec![tie.0]);
    let (least, most) = (given.iter().min().unwrap(), given.iter().max().unwrap());
    assert!(*least >= 15 && *most <= 35, "ties given are nearly equal: {least} to {most}");
    let received = degrees(&made, 5_000, |tie| vec![tie.1]);
    assert_eq!(received.iter().max(), Some(&100));
}

#[test]
fn strengths_follow_degrees() {
    for is_directed in [false, true] {
        let weights = Some(Weights { beta: 1.5, mu_weights: 0.2 });
        let params = Params { is_directed, weights, ..usual(5_000, 0.4) };
        let made = check(&params);
        let weights = made.weights.as_ref().unwrap();
        assert!(weights.iter().all(|&weight| weight > 0.0 && weight.is_finite()));
        check_near(made.weight_mixing().unwrap(), 0.2, 0.02);
        check_near(made.mixing(), 0.4, 0.01);
        let ends = |&(a, b): &Tie| if is_directed { vec![b] } else { vec![a, b] };
        let all = degrees(&made, 5_000, ends);
        let mut strengths = vec![0.0; 5_000];
        for (tie, weight) in made.ties.iter().zip(weights) {
            ends(tie).iter().for_each(|&node| strengths[node as usize] += weight);
        }
        let off = |node: usize| {
            let wanted = f64::from(all[node]).powf(1.5);
            (strengths[node] - wanted).abs() / wanted
        };
        let mean = (0..5_000).filter(|&node| all[node] > 0).map(off).sum::<f64>() / 5_000.0;
        assert!(mean < 0.02, "strengths are {mean} off, in the mean");
    }
}

#[test]
fn the_seed_decides_and_threads_do_not() {
    for is_directed in [false, true] {
        let weights = Some(Weights { beta: 1.5, mu_weights: 0.2 });
        let params = Params { is_directed, weights, ..usual(1_000, 0.4) };
        check_threads(|| generate(&params).unwrap());
        assert_ne!(generate(&params).unwrap().ties, generate(&Params { seed: 2, ..params }).unwrap().ties);
    }
}

#[test]
fn ends_of_the_range() {
    assert_eq!(check(&usual(2_000, 0.0)).mixing(), 0.0);
    assert_eq!(check(&usual(2_000, 1.0)).mixing(), 1.0);
    assert_eq!(check(&Params { max_community: 500, min_community: 500, ..usual(500, 0.0) }).communities.count(), 1);
    for accounts in [4, 5, 10, 23, 60] {
        check(&usual(accounts, 0.5));
    }
}

/// Communities that are only just large enough, and more than the largest can take: the network is made, and tells what is missing.
#[test]
fn tight_communities() {
    let tight = Params { average_degree: 30.0, max_degree: 40, min_community: 30, max_community: 45, ..usual(900, 0.0) };
    let made = check(&tight);
    assert_eq!(made.mixing(), 0.0);
    let crowded = Params { average_degree: 38.0, max_degree: 40, min_community: 10, max_community: 50, ..usual(900, 0.1) };
    let made = check(&crowded);
    assert!(made.mixing() > 0.2, "{}", made.mixing());
}

#[test]
fn values_that_cannot_be() {
    let usual = usual(1_000, 0.3);
    let weights = |beta, mu_weights| Some(Weights { beta, mu_weights });
    for (params, name) in [
        (Params { accounts: 1, ..usual.clone() }, "accounts"),
        (Params { average_degree: 0.5, ..usual.clone() }, "average-degree"),
        (Params { average_degree: 101.0, ..usual.clone() }, "average-degree"),
        (Params { average_degree: 1.2, ..usual.clone() }, "average-degree"),
        (Params { max_degree: 1_000, ..usual.clone() }, "max-degree"),
        (Params { tau1: -1.0, ..usual.clone() }, "tau1"),
        (Params { tau2: f64::NAN, ..usual.clone() }, "tau2"),
        (Params { mu: 1.1, ..usual.clone() }, "mu"),
        (Params { min_community: 1, ..usual.clone() }, "min-community"),
        (Params { min_community: 201, ..usual.clone() }, "min-community"),
        (Params { min_community: 600, max_community: 700, ..usual.clone() }, "min-community"),
        (Params { max_community: 50, ..usual.clone() }, "max-community"),
        (Params { max_community: 1_001, ..usual.clone() }, "max-community"),
        (Params { max_community: 1_000, ..usual.clone() }, "max-community"),
        (Params { weights: weights(-1.0, 0.3), ..usual.clone() }, "beta"),
        (Params { weights: weights(1.0, 1.5), ..usual.clone() }, "mu-weights"),
        (Params { weights: weights(1.0, 0.0), ..usual }, "mu-weights"),
    ] {
        let error = generate(&params).unwrap_err();
        assert_eq!(error.name, name, "{error}");
    }
}
