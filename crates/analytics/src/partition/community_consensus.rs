//! Consensus: the communities that many runs agree on, rather than those that scored best in one of them.
//!
//! # Formula
//! In each of R = `community_confidence.runs` runs a tie is dropped with probability `community_confidence.dropped`, and Leiden starts anew
//! with another seed. Leiden on the graph of the same ties, each weighing the share of runs in which its two ends are in one community; ties
//! whose ends never are, are left out.
//!
//! # Conventions
//! Graph and parameters are those of `community`; the runs are those of `community_confidence`, made once for both. Communities are connected. Labels
//! are not matched with those of `community`: both are numbered by size, 0 = largest, ties by smallest account. Where runs agree the two columns are
//! the same division; accounts that runs place now here, now there may be on their own in the consensus. An account without ties is alone.
//!
//! # Range and unit
//! Label, 0 to number of communities - 1. The modularity in the metadata is that of the network, and mostly lower than that of `community`: the
//! consensus is not searched for it.
//!
//! # Cost
//! R searches by Leiden, which on a small graph take about the time of `community` together, one pass over ties and runs, and one Leiden more. Memory: 4 bytes per
//! run and account, 12 per entry of the graph of agreements.
//!
//! # Stops when
//! As `community`.
//!
//! # Errors
//! `BadParam` for a number of runs below 1, `dropped` outside [0, 1), and those of `community`; cancelled by the caller.
//!
//! # Compared with
//! Lancichinetti and Fortunato join all pairs of accounts and repeat until the runs on the consensus agree; here existing ties count alone, and one round
//! is made, as the search is repeatable.
//!
//! # Source
//! Lancichinetti and Fortunato, Consensus clustering in complex networks, Scientific Reports 2, 2012, doi 10.1038/srep00336; Tandon, Albeshri,
//! Thayananthan, Alhalabi, Fortunato, Fast consensus clustering in complex networks, Physical Review E 99, 2019, doi 10.1103/PhysRevE.99.042301.

use crate::leiden::{self, CPM, RESOLUTION, TOLERANCE};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::stability::consensus::consensus;
use crate::stability::perturbed::{DROPPED, Params, RUNS, Runs};
use std::sync::Arc;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "community_consensus",
    kind: Kind::Account,
    summary: "community that runs on perturbed copies agree on, 0 = largest",
    columns: &["community_consensus"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[RESOLUTION, TOLERANCE, CPM, RUNS, DROPPED],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("community_consensus.rs"),
    run: |input, run| {
        let params = Params::of(input);
        let runs = input.shared(|| Runs::find(input.graph, &params, run))?;
        let found = consensus(input.graph, &runs.0, &params.leiden, run)?;
        let modularity = leiden::modularity(input.graph, &found.partition, RESOLUTION.default);
        Ok(Outcome {
            columns: vec![Values::Whole(found.partition.labels().to_vec())],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: params.metadata().into_iter().chain([("modularity", modularity.to_string())]).collect(),
            partition: Some(Arc::new(found.partition)),
            ..Outcome::default()
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Input;
    use crate::{Memo, Run, Settings, centrality::community_confidence};
    use echogram_graph::synthetic::planted;
    use echogram_graph::{Graph, Partition};

    fn labels(input: &Input<'_>) -> Vec<u32> {
        let Values::Whole(labels) = (SPEC.run)(input, &Run::default()).unwrap().columns.remove(0) else { panic!("labels") };
        labels
    }

    #[test]
    fn clear_communities_are_the_consensus() {
        let graph = planted(6, 40, 10, 2, 7).undirected_unweighted();
        assert_eq!(labels(&Input::of(&graph)), (0..240).map(|node| node / 40).collect::<Vec<u32>>());
    }

    #[test]
    fn metadata_names_runs_and_seed() {
        let graph = planted(6, 40, 10, 2, 7).undirected_unweighted();
        let mut settings = Settings::default();
        settings.set("community_confidence.runs", 7.0);
        let input = Input { seed: 3, settings: Some(&settings), ..Input::of(&graph) };
        let found = (SPEC.run)(&input, &Run::default()).unwrap().parameters;
        for wanted in [("runs", "7"), ("seed", "3"), ("dropped", "0.05")] {
            assert!(found.iter().any(|(name, value)| (*name, value.as_str()) == wanted), "{wanted:?} in {found:?}");
        }
    }

    #[test]
    fn runs_are_shared_with_the_confidence_and_change_neither() {
        let graph = planted(10, 20, 4, 3, 5).undirected_unweighted();
        let partition = Partition::from_labels(&(0..200).map(|node| node / 20).collect::<Vec<_>>());
        let (memo, alone) = (Memo::default(), Input { partition: Some(&partition), ..Input::of(&graph) });
        let together = Input { memo: Some(&memo), ..alone };
        let confidence = |input: &Input<'_>| (community_confidence::SPEC.run)(input, &Run::default()).unwrap().columns;
        assert_eq!(confidence(&together), confidence(&alone));
        assert_eq!(labels(&together), labels(&alone));
        assert!(memo.get_or(|| Err::<Runs, &str>("not shared")).is_ok());
    }

    #[test]
    fn any_number_of_threads_gives_the_same_labels() {
        let graph = planted(60, 40, 4, 3, 3).undirected_unweighted();
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| labels(&Input::of(&graph)))
        };
        let wanted = on(1);
        assert!([2, 8].iter().all(|&threads| on(threads) == wanted));
    }

    #[test]
    fn without_ties_everybody_is_alone() {
        assert_eq!(labels(&Input::of(&Graph::from_edges(3, &[]).undirected())), [0, 1, 2]);
        assert_eq!(labels(&Input::of(&Graph::from_edges(0, &[]).undirected())), [] as [u32; 0]);
    }
}
