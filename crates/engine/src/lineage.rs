//! Communities from window to window: found anew in each, matched with those of the window before, and numbered so that heirs keep their number.

use crate::EngineError;
use crate::compute::{ALL, Graphs, Watch};
use crate::timeline::TimelineRow;
use echogram_analytics::compare::matching::{Params, Transition, transitions};
use echogram_analytics::leiden::{Params as LeidenParams, leiden};
use echogram_analytics::{MetricError, Run, Shape};
use echogram_graph::GraphView;
use echogram_graph::NodeId;
use std::collections::BTreeMap;

/// Searches for the communities of a small window.
const STARTS: u64 = 4;

/// What is known of the window before.
#[derive(Default)]
pub(crate) struct Lineage {
    /// The community of each account that has ties; `None` before the first window.
    before: Option<Vec<Option<u32>>>,
    /// The lineage of each of these communities.
    numbers: BTreeMap<u32, u32>,
    /// Lineages so far.
    count: u32,
}

impl Lineage {
    /// The rows of one window, merged relations: communities of at least `members` accounts (the least that counts in matching), their modularity, what became of those before, and the size of each
    /// lineage (group `L1`, `L2`, ... in order of appearance, larger ones first).
    pub(crate) fn rows(
        &mut self,
        start: i64,
        end: i64,
        seed: u64,
        graphs: &mut Graphs<'_>,
        watch: Watch<'_>,
    ) -> Result<Vec<TimelineRow>, EngineError> {
        let Some(union) = graphs.get(None, Shape::Undirected, false) else { return Ok(Vec::new()) };
        let run = Run { on_step: None, cancel: Some(watch.cancel) };
        let wrong = |source| match source {
            MetricError::Cancelled { .. } => EngineError::Cancelled,
            source => EngineError::Analytics { metric: "community".to_owned(), source },
        };
        let found = leiden(&union, &LeidenParams::default().with_seed(seed).with_max_starts(STARTS), &run).map_err(wrong)?;
        let is_active = |row: usize| union.out_degree(NodeId::new(row)) > 0;
        let labels = found.partition.labels();
        let after: Vec<Option<u32>> = (0..labels.len()).map(|row| is_active(row).then_some(labels[row])).collect();
        let params = Params::default();
        let before = self.before.take().unwrap_or_else(|| vec![None; after.len()]);
        let fates = transitions(before.as_slice(), after.as_slice(), &params, &run).map_err(wrong)?;
        let sizes = found.partition.sizes();
        let numbers = self.numbered(&fates);
        let row = |metric: &str, group: Option<String>, value: f64| TimelineRow {
            start,
            end,
            relation: ALL.to_owned(),
            metric: metric.to_owned(),
            group,
            value,
        };
        let counted = (0..sizes.len()).filter(|&label| sizes[label] >= params.members).count();
        let mut rows = vec![row("communities", None, counted as f64), row("modularity", None, found.modularity)];
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        fates.iter().for_each(|fate| *counts.entry(fate.fate.as_str()).or_default() += 1);
        rows.extend(counts.iter().map(|(fate, count)| row(&format!("communities_{fate}"), None, f64::from(*count))));
        rows.extend(
            numbers
                .iter()
                .map(|(&label, number)| row("community_accounts", Some(format!("L{number}")), f64::from(sizes[label as usize]))),
        );
        (self.before, self.numbers) = (Some(after), numbers);
        Ok(rows)
    }

    /// The lineage of each community after: that of the community whose heir it is, else a new one.
    fn numbered(&mut self, fates: &[Transition]) -> BTreeMap<u32, u32> {
        let mut numbers = BTreeMap::new();
        for fate in fates.iter().filter(|fate| fate.fate.is_heir()) {
            if let (Some(before), Some(after)) = (fate.before, fate.after)
                && let Some(number) = self.numbers.get(&before)
            {
                numbers.insert(after, *number);
            }
        }
        // Communities are numbered by size: larger newcomers first.
        let mut newcomers: Vec<u32> =
            fates.iter().filter_map(|fate| fate.after).filter(|after| !numbers.contains_key(after)).collect();
        newcomers.sort_unstable();
        newcomers.dedup();
        for after in newcomers {
            self.count += 1;
            numbers.insert(after, self.count);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heirs_keep_their_number() {
        let labels = |of: &[u32]| of.iter().map(|&label| (label < 9).then_some(label)).collect::<Vec<_>>();
        let mut lineage = Lineage::default();
        let mut step = |before: &[u32], after: &[u32]| {
            let fates =
                transitions(labels(before).as_slice(), labels(after).as_slice(), &Params::default(), &Run::default()).unwrap();
            lineage.numbers = lineage.numbered(&fates);
            lineage.numbers.clone()
        };
        let (first, second) = ([0, 0, 0, 0, 1, 1, 1, 9, 9, 9], [1, 1, 1, 9, 0, 0, 0, 0, 9, 9]);
        assert_eq!(step(&[9; 10], &first), BTreeMap::from([(0, 1), (1, 2)]));
        assert_eq!(step(&first, &second), BTreeMap::from([(0, 2), (1, 1)]));
        assert_eq!(step(&second, &[9, 9, 9, 9, 0, 0, 0, 0, 0, 9]), BTreeMap::from([(0, 2)]));
    }
}
