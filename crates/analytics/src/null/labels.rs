//! Permuted labels: the same network, with sides, roles or leanings dealt out anew among the accounts that have one.

use echogram_graph::Grouping;
use echogram_graph::synthetic::Stream;

/// Purpose of the streams that deal.
const PURPOSE: u64 = 0x6c61_6265;

/// The same number of accounts in each group, every deal equally likely; accounts without a group stay without one.
pub fn permuted(groups: &Grouping, seed: u64, replicate: u64) -> Grouping {
    let mut draw = Stream::new(seed, PURPOSE, replicate);
    let mut labels: Vec<u32> = groups.labels().iter().flatten().copied().collect();
    for place in (1..labels.len()).rev() {
        labels.swap(place, draw.below(place as u64 + 1) as usize);
    }
    let mut dealt = labels.into_iter();
    let labels = groups.labels().iter().map(|label| label.and_then(|_| dealt.next())).collect();
    groups.with_labels(labels)
}

/// Known values dealt out anew among those that have one; unknown ones (NaN) stay unknown.
pub fn permuted_values(values: &[f64], seed: u64, replicate: u64) -> Vec<f64> {
    let mut draw = Stream::new(seed, PURPOSE, replicate);
    let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    for place in (1..known.len()).rev() {
        known.swap(place, draw.below(place as u64 + 1) as usize);
    }
    let mut dealt = known.into_iter();
    values.iter().map(|value| if value.is_nan() { f64::NAN } else { dealt.next().unwrap_or(f64::NAN) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stay() {
        let names: Vec<Option<&str>> = (0..90).map(|row| [Some("a"), Some("b"), None][row % 3]).collect();
        let groups = Grouping::from_names(&names);
        let found = permuted(&groups, 1, 0);
        assert_eq!((found.sizes(), found.names()), (groups.sizes(), groups.names()));
        assert!(found.labels().iter().zip(groups.labels()).all(|(one, other)| one.is_some() == other.is_some()));
        assert_ne!(found, groups);
        assert_eq!(found, permuted(&groups, 1, 0));
        assert_ne!(found, permuted(&groups, 1, 1));
    }

    #[test]
    fn values_stay() {
        let values: Vec<f64> = (0..90).map(|row| if row % 3 == 2 { f64::NAN } else { f64::from(row) }).collect();
        let found = permuted_values(&values, 1, 0);
        assert!(found.iter().zip(&values).all(|(one, other)| one.is_nan() == other.is_nan()));
        let sorted = |values: &[f64]| {
            let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            known.sort_by(f64::total_cmp);
            known
        };
        assert_eq!(sorted(&found), sorted(&values));
        assert_ne!(format!("{found:?}"), format!("{values:?}"));
    }
}
