//! What is weak in the data, how much of it, and which results rest on it.

use echogram_graph::{Layer, NodeId};
use echogram_ingest::Ingested;
use echogram_store::QualityEntry;

/// The relation whose lists may be known from one side only.
const FOLLOW: &str = "follow";

/// All findings that apply, in a fixed order. Each has a share of what it is counted among, and names the results that it weakens.
pub(crate) fn findings(ingested: &Ingested) -> Vec<QualityEntry> {
    let facts = &ingested.facts;
    let layers = ingested.network.layers();
    let accounts = ingested.network.accounts().len() as u64;
    let rows: u64 = ingested.inputs.iter().map(|input| input.rows).sum();
    let edges: u64 = layers.iter().map(Layer::edge_count).sum();
    let events: u64 = layers.iter().map(events).sum();
    let loops: u64 = layers.iter().map(|layer| layer.edges().loop_count()).sum();
    let references = facts.unresolved_references;
    let role_unknown = (ingested.accounts.role.len() - ingested.accounts.role.known()) as u64;
    let is_timed = layers.iter().any(Layer::is_timed);
    let mut found = vec![
        entry("rejected_rows", ingested.rejected, rows, &["every count", "every metric"]),
        entry("repeated_rows", events - edges, events, &["weights", "strengths"]),
        entry(
            "identical_events",
            layers.iter().map(Layer::identical_events).sum(),
            events,
            &["weights", "strengths", "events", "timeline"],
        ),
        entry("repeated_posts", facts.repeated_posts, facts.posts + facts.repeated_posts, &[]),
        entry("self_loops", loops, edges, &["nothing, as metrics leave them out (--keep-loops takes them in)"]),
        entry("posts_missing", references, references + events, &["replies, reposts and quotes", "reciprocity", "reach"]),
        entry(
            "accounts_without_profile",
            ingested.accounts.without_profile,
            accounts,
            &["roles", "role mixing", "purity_role", "exposure", "sides from columns"],
        ),
        entry(
            "accounts_without_role",
            role_unknown,
            accounts,
            &["role mixing", "assortativity_role", "purity_role", "entropy_role", "exposure"],
        ),
        entry("accounts_without_tie", facts.isolated_profiles, accounts, &["density", "components", "communities of one"]),
    ];
    if is_timed || facts.left_out.without_time > 0 {
        let missing = facts.without_time + facts.left_out.without_time;
        found.push(entry(
            "rows_without_time",
            missing,
            events + facts.left_out.without_time,
            &["--from/--to", "timeline", "first", "last"],
        ));
    }
    found.push(entry("rows_outside_period", facts.left_out.outside, events + facts.left_out.outside, &[]));
    found.extend(layers.iter().filter(|layer| layer.name() == FOLLOW && ingested.network.is_directed()).flat_map(|layer| {
        let (without_own, without_followers, tied) = one_sided(layer, accounts as usize);
        [
            entry(
                "follow_lists_missing",
                without_own,
                tied,
                &["reciprocity", "hub", "strong components", "exposure", "whom an account should follow"],
            ),
            entry("follower_lists_missing", without_followers, tied, &["in_degree", "pagerank", "authority", "reach"]),
        ]
    }));
    found.retain(|finding| finding.count > 0);
    found
}

fn entry(finding: &str, count: u64, of: u64, weakens: &[&str]) -> QualityEntry {
    QualityEntry {
        finding: finding.to_owned(),
        count,
        of,
        share: if of > 0 { count as f64 / of as f64 } else { 0.0 },
        weakens: weakens.iter().map(|&result| result.to_owned()).collect(),
    }
}

fn events(layer: &Layer) -> u64 {
    (0..layer.edges().entry_count()).map(|at| layer.events(at)).sum()
}

/// Accounts in follow ties of whom no follow is known, those of whom no follower is known, and all in such ties. Many of the first kind mean that the
/// lists of followers were gathered but not whom these follow, and the other way round.
fn one_sided(layer: &Layer, accounts: usize) -> (u64, u64, u64) {
    let mut followed = vec![false; accounts];
    layer.edges().targets().iter().for_each(|target| followed[target.row()] = true);
    let (mut without_own, mut without_followers, mut tied) = (0, 0, 0);
    for (row, is_followed) in followed.into_iter().enumerate() {
        let follows = layer.edges().degree(NodeId::new(row)) > 0;
        tied += u64::from(follows || is_followed);
        without_own += u64::from(is_followed && !follows);
        without_followers += u64::from(follows && !is_followed);
    }
    (without_own, without_followers, tied)
}
