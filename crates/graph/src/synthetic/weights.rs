//! Weights that give accounts their strengths inside their communities and outside, by proportional fitting.
//!
//! Every weight begins as 1 and is multiplied, round after round, by how far its ends are from the strengths they should have. The ends of a tie without
//! direction share it, so that each takes the root of its factor; where ties have directions the target alone decides, and one round is exact.

use super::Tie;

/// Rounds: later ones change strengths by less than a thousandth.
const ROUNDS: usize = 30;
/// Weights are whole numbers of millionths, so that a file of them is short and reads back to the same.
const MILLION: f64 = 1e6;

/// A weight a tie, above 0: the strength of an account is degree^`beta`, a share `mixing` of it outside.
pub(super) fn fit(
    accounts: u32,
    ties: &[Tie],
    is_directed: bool,
    is_outside: impl Fn(&Tie) -> bool,
    beta: f64,
    mixing: f64,
) -> Vec<f64> {
    let outside: Vec<bool> = ties.iter().map(is_outside).collect();
    let mut weights = vec![1.0; ties.len()];
    // Of each account, inside and outside.
    let strengths = |weights: &[f64]| {
        let mut strengths = vec![[0.0; 2]; accounts as usize];
        for ((&(source, target), &is_outside), weight) in ties.iter().zip(&outside).zip(weights) {
            strengths[target as usize][usize::from(is_outside)] += weight;
            if !is_directed {
                strengths[source as usize][usize::from(is_outside)] += weight;
            }
        }
        strengths
    };
    let wanted: Vec<[f64; 2]> = strengths(&weights)
        .iter()
        .map(|[inside, outside]| {
            let strength = libm::pow(inside + outside, beta);
            match (*inside > 0.0, *outside > 0.0) {
                (true, true) => [(1.0 - mixing) * strength, mixing * strength],
                // Who has ties on one side alone has all strength there.
                _ => [strength; 2],
            }
        })
        .collect();
    for _ in 0..if is_directed { 1 } else { ROUNDS } {
        let have = strengths(&weights);
        let factors: Vec<[f64; 2]> = have
            .iter()
            .zip(&wanted)
            .map(|(have, wanted)| [0, 1].map(|side| if have[side] > 0.0 { wanted[side] / have[side] } else { 1.0 }))
            .collect();
        for ((&(source, target), &is_outside), weight) in ties.iter().zip(&outside).zip(&mut weights) {
            let factor = |node: u32| factors[node as usize][usize::from(is_outside)];
            *weight *= if is_directed { factor(target) } else { (factor(source) * factor(target)).sqrt() };
        }
    }
    weights.iter().map(|weight| ((weight * MILLION).round() / MILLION).max(1.0 / MILLION)).collect()
}
