//! Effective diameter: within how many steps nine of ten pairs lie that can reach each other at all.
//!
//! # Formula
//! With C(d) the number of ordered pairs u != v at distance at most d, C(0) = 0, and h the smallest d with C(d) >= 0.9 C(∞):
//! h - 1 + (0.9 C(∞) - C(h - 1)) / (C(h) - C(h - 1)), linear between the two steps.
//!
//! # Conventions
//! Directed, along edges; pairs without a path are left out. Undefined where no account reaches another. `_undirected` runs on the simple undirected union.
//! Exact or estimated as for `harmonic`, from the same distances.
//!
//! # Range and unit
//! Steps, 0.9 up to the diameter.
//!
//! # Cost
//! That of `harmonic`, with which it is found.
//!
//! # Errors
//! `BadParam` for a number of registers that is no power of two from 16 to 4096; cancelled by the caller.
//!
//! # Compared with
//! SNAP's effective diameter counts each account as a pair with itself at distance 0, so that its value is lower on small graphs; NetworKit's is not interpolated in its exact form.
//! NetworkX and igraph have none.
//!
//! # Source
//! Leskovec, Kleinberg, Faloutsos, Graphs over time, KDD 2005, doi 10.1145/1081870.1081893.
//!
//! # Example
//! ```
//! use echogram_analytics::{Input, registry};
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2");
//! let found = (registry::find("diameter_effective")[0].run)(&Input::of(&graph), &Default::default()).unwrap();
//! assert!((found.scores[0].value - 1.7).abs() < 1e-12);
//! ```

use crate::paths::distances::{Distances, EXACT_UP_TO, REGISTERS};
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "diameter_effective",
    kind: Kind::Network,
    summary: "steps within which 90 % of the pairs lie that reach each other",
    columns: &["diameter_effective"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[],
    parameters: &[EXACT_UP_TO, REGISTERS],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("diameter_effective.rs"),
    run: |input, run| {
        let found = Distances::of(input, run)?;
        let value = within(&found.pairs, SHARE);
        Ok(Outcome { parameters: found.parameters(), ..Outcome::of_scores(vec![Score::whole("diameter_effective", value)]) })
    },
};

/// Share of the pairs.
const SHARE: f64 = 0.9;

/// Steps within which `share` of the pairs lie, interpolated; `pairs` by distance from 1.
fn within(pairs: &[f64], share: f64) -> f64 {
    let wanted = share * pairs.iter().sum::<f64>();
    let mut below = 0.0;
    for (step, &more) in (0_u32..).zip(pairs) {
        if below + more >= wanted && more > 0.0 {
            return f64::from(step) + (wanted - below) / more;
        }
        below += more;
    }
    f64::NAN
}
