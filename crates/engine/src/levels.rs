//! The levels below communities as columns: groups that make up communities, groups that make up these, and so on.

use crate::compute::{ALL, AccountColumn, Computed, metadata};
use echogram_analytics::registry::Request;
use echogram_analytics::{Outcome, Values};
use std::collections::BTreeMap;

/// Levels beyond which no column of a user's file keeps its name.
const RESERVED: usize = 32;

/// Name of a column before variants: 1 = the coarsest level below communities.
fn column(level: usize) -> String {
    format!("community_level_{level}")
}

/// Names that no column of a user's file may take.
pub(crate) fn reserved_columns() -> impl Iterator<Item = String> {
    (1..=RESERVED).map(column)
}

/// Adds the levels of a metric that found communities to what was computed. Levels that divide as the one above does are left out.
pub(crate) fn add(request: &Request, outcome: &Outcome, computed: &mut Computed) {
    let (Some(partition), Some(hierarchy)) = (&outcome.partition, &outcome.hierarchy) else { return };
    if request.spec.name != "community" || request.columns.is_empty() {
        return;
    }
    let levels = hierarchy.below(partition);
    let name = request.variant.column(request.spec, request.spec.name);
    if levels.is_empty() {
        computed
            .warnings
            .push(format!("--levels: `{name}` has no level below its communities, each of which came about in one step"));
    }
    let relation = request.variant.relation.as_deref().unwrap_or(ALL);
    if computed.levels.is_empty() {
        computed.levels = levels.iter().map(echogram_graph::Partition::count).collect();
    }
    for (place, level) in levels.iter().enumerate() {
        let own = [
            ("summary", format!("groups that make up `{name}`: level 1 is the coarsest, level {} the finest", levels.len())),
            ("level", (place + 1).to_string()),
            ("levels", levels.len().to_string()),
            ("groups", level.count().to_string()),
            (
                "conventions",
                "Each group is connected and lies within one group of the level above. Numbered by size, 0 = largest, ties by smallest account."
                    .to_owned(),
            ),
        ];
        let mut all: BTreeMap<String, String> = metadata(request, relation, &outcome.parameters);
        // The modularity is that of the communities.
        ["modularity", "quality", "formula"].iter().for_each(|key| drop(all.remove(*key)));
        all.extend(own.map(|(key, value)| (key.to_owned(), value)));
        computed.columns.push(AccountColumn {
            name: request.variant.column(request.spec, &column(place + 1)),
            values: Values::Whole(level.labels().to_vec()),
            metadata: all,
        });
    }
}
