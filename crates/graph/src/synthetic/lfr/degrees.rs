//! How many ties each account has inside its community and outside.

use super::super::Stream;
use super::super::power_law::PowerLaw;
use super::placing::Members;
use super::{Params, purpose};

/// Ties of each account inside its community and outside; those it receives, where ties have directions.
pub(super) struct Degrees {
    pub(super) inside: Vec<u32>,
    pub(super) outside: Vec<u32>,
}

impl Degrees {
    pub(super) fn draw(params: &Params, law: &PowerLaw) -> Self {
        let degrees = law.sample(params.accounts as usize, &mut Stream::new(params.seed, purpose::DEGREES, 0));
        let mut stream = Stream::new(params.seed, purpose::ROUNDING, 0);
        // Rounded up as often as the fraction says: with `floor` for all, few ties an account would stay too seldom outside.
        let outside: Vec<u32> =
            degrees.iter().map(|&degree| ((params.mu * f64::from(degree) + stream.unit()) as u32).min(degree)).collect();
        let inside = degrees.iter().zip(&outside).map(|(degree, outside)| degree - outside).collect();
        Self { inside, outside }
    }

    /// Moves what a community is too small for outside; where nothing is to be outside, it goes.
    pub(super) fn limit_inside(&mut self, params: &Params, node: u32, most: u32) {
        let inside = &mut self.inside[node as usize];
        if *inside > most {
            self.outside[node as usize] += if params.mu > 0.0 { *inside - most } else { 0 };
            *inside = most;
        }
    }

    /// Makes the number of ends even in every community and outside: a tie has two. Degrees are kept, but for one tie in the whole network, or, where
    /// nothing is outside, one a community.
    pub(super) fn make_even(&mut self, params: &Params, members: &Members) {
        for community in 0..members.count() {
            let members = members.of_community(community);
            if members.iter().map(|&node| u64::from(self.inside[node as usize])).sum::<u64>().is_multiple_of(2) {
                continue;
            }
            let mut stream = Stream::new(params.seed, purpose::BALANCE, community as u64);
            let is_up = params.mu > 0.0 && stream.bits() & 1 == 1;
            let most = members.len() as u32 - 1;
            let can_rise = |node: u32| self.outside[node as usize] > 0 && self.inside[node as usize] < most;
            let can_fall = |node: u32| self.inside[node as usize] > 0;
            let up = if is_up { pick(members, can_rise, &mut stream) } else { None };
            if let Some(node) = up {
                self.inside[node as usize] += 1;
                self.outside[node as usize] -= 1;
            } else if let Some(node) = pick(members, can_fall, &mut stream) {
                self.inside[node as usize] -= 1;
                self.outside[node as usize] += u32::from(params.mu > 0.0);
            }
        }
        if !self.outside.iter().map(|&ends| u64::from(ends)).sum::<u64>().is_multiple_of(2) {
            let everybody: Vec<u32> = (0..params.accounts).collect();
            let mut stream = Stream::new(params.seed, purpose::BALANCE, u64::MAX);
            if let Some(node) = pick(&everybody, |node| self.outside[node as usize] > 0, &mut stream) {
                self.outside[node as usize] -= 1;
            }
        }
    }

    /// Ties that accounts give, where ties have directions and `self` are those they receive: inside each community as many as are received there, spread
    /// evenly, and outside what brings every account nearest to the mean.
    pub(super) fn given(&self, params: &Params, members: &Members) -> Self {
        let accounts = params.accounts as usize;
        let mut given = Self { inside: vec![0; accounts], outside: vec![0; accounts] };
        for community in 0..members.count() {
            let members = members.of_community(community);
            let total: u64 = members.iter().map(|&node| u64::from(self.inside[node as usize])).sum();
            let mut stream = Stream::new(params.seed, purpose::BALANCE, community as u64);
            let mut order = members.to_vec();
            stream.shuffle(&mut order);
            let (each, more) = (total / order.len() as u64, total % order.len() as u64);
            for (place, &node) in order.iter().enumerate() {
                given.inside[node as usize] = each as u32 + u32::from((place as u64) < more);
            }
        }
        let outside: u64 = self.outside.iter().map(|&ends| u64::from(ends)).sum();
        let level = level(&given.inside, outside);
        let mut left = outside;
        for (outside, &inside) in given.outside.iter_mut().zip(&given.inside) {
            *outside = level.saturating_sub(inside);
            left -= u64::from(*outside);
        }
        // What is left is less than one an account that is not above the level: these get one more, in a random order.
        let mut order: Vec<u32> = (0..params.accounts).filter(|&node| given.inside[node as usize] <= level).collect();
        Stream::new(params.seed, purpose::BALANCE, u64::MAX).shuffle(&mut order);
        order.iter().take(left as usize).for_each(|&node| given.outside[node as usize] += 1);
        given
    }
}

/// The highest level to which `more` ties can fill up accounts that have these already.
fn level(have: &[u32], more: u64) -> u32 {
    let need = |level: u64| have.iter().map(|&have| level.saturating_sub(have.into())).sum::<u64>();
    let (mut low, mut high) = (0, u64::from(u32::MAX));
    while low + 1 < high {
        let middle = low.midpoint(high);
        if need(middle) <= more { low = middle } else { high = middle }
    }
    low as u32
}

/// A random one of the nodes that are wanted.
fn pick(nodes: &[u32], is_wanted: impl Fn(u32) -> bool, stream: &mut Stream) -> Option<u32> {
    let wanted: Vec<u32> = nodes.iter().copied().filter(|&node| is_wanted(node)).collect();
    (!wanted.is_empty()).then(|| wanted[stream.below(wanted.len() as u64) as usize])
}
