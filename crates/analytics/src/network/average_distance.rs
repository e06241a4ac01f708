//! Average distance: how many steps lie between two accounts of which one reaches the other.
//!
//! # Formula
//! mean of d(u, v) over ordered pairs u != v with a path from u to v; d counts edges.
//!
//! # Conventions
//! Directed, along edges; pairs without a path are left out (`components_weak` and `components_strong` tell of them). Undefined where no account reaches another.
//! `_undirected` runs on the simple undirected union. Exact or estimated as for `harmonic`, from the same distances.
//!
//! # Range and unit
//! Steps, at least 1.
//!
//! # Cost
//! That of `harmonic`, with which it is found.
//!
//! # Errors
//! `BadParam` for a number of registers that is no power of two from 16 to 4096; cancelled by the caller.
//!
//! # Compared with
//! igraph `average_path_length(unconn=True)`: equal. NetworkX `average_shortest_path_length` refuses graphs that are not (strongly) connected.
//!
//! # Source
//! Watts and Strogatz, Collective dynamics of small-world networks, Nature 393, 1998, doi 10.1038/30918.
//!
//! # Example
//! ```
//! use echogram_analytics::{Input, registry};
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2");
//! let found = (registry::find("average_distance")[0].run)(&Input::of(&graph), &Default::default()).unwrap();
//! assert_eq!(found.scores[0].value, 4.0 / 3.0);
//! ```

use crate::paths::distances::{Distances, EXACT_UP_TO, REGISTERS};
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "average_distance",
    kind: Kind::Network,
    summary: "mean number of steps between accounts that reach each other",
    columns: &["average_distance"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[],
    parameters: &[EXACT_UP_TO, REGISTERS],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("average_distance.rs"),
    run: |input, run| {
        let found = Distances::of(input, run)?;
        let pairs: f64 = found.pairs.iter().sum();
        let steps: f64 = (1_u32..).zip(&found.pairs).map(|(distance, pairs)| f64::from(distance) * pairs).sum();
        let mean = if pairs > 0.0 { steps / pairs } else { f64::NAN };
        Ok(Outcome { parameters: found.parameters(), ..Outcome::of_scores(vec![Score::whole("average_distance", mean)]) })
    },
};
