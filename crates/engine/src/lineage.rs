//! Communities from window to window: found anew in each, matched with those of the window before, and numbered so that heirs keep their number.

use crate::EngineError;
use crate::compute::ALL;
use crate::graphs::{Graphs, Watch};
use crate::timeline::TimelineRow;
use echogram_analytics::compare::matching::{Lineages, Params, transitions};
use echogram_analytics::leiden::{Params as LeidenParams, leiden};
use echogram_analytics::{Run, Shape};
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
    lineages: Lineages,
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
        let wrong = |source| EngineError::of_metric("community", source);
        let found = leiden(&union, &LeidenParams::default().with_seed(seed).with_max_starts(STARTS).without_joining(), &run)
            .map_err(wrong)?;
        let is_active = |row: usize| union.out_degree(NodeId::new(row)) > 0;
        let labels = found.partition.labels();
        let after: Vec<Option<u32>> = (0..labels.len()).map(|row| is_active(row).then_some(labels[row])).collect();
        let params = Params::default();
        let before = self.before.take().unwrap_or_else(|| vec![None; after.len()]);
        let fates = transitions(before.as_slice(), after.as_slice(), &params, &run).map_err(wrong)?;
        let sizes = found.partition.sizes();
        let numbers = self.lineages.advance(&fates);
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
        rows.extend(numbers.iter().map(|(&label, number)| {
            row("community_accounts", Some(format!("L{}", number + 1)), f64::from(sizes[label as usize]))
        }));
        self.before = Some(after);
        Ok(rows)
    }
}
