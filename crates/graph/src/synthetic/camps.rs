//! Planted echo chambers: camps whose accounts mostly attend to their own, with a leaning around their camp's.
//!
//! # How
//! 1. How many ties an account gives (activity) and how often it is chosen (popularity) follow the same power law, each by itself.
//! 2. A tie goes to another camp with probability `cross`: to one of the others by their sizes. There the target is drawn by popularity.
//! 3. Ties are answered, and as many others taken away, until a share `reciprocity` of all has its counterpart. What two accounts drew by chance from
//!    both sides counts; in small networks that may be more than was asked for.
//!
//! # Conventions
//! Directed: a tie goes from who attends to who is attended to. No loops, no repeated ties. With two camps of the same size `cross` = 0.5 is no chamber at all;
//! with camps of sizes n of N accounts none is where `cross` = 1 - sum (n / N)^2.
//!
//! # Range and unit
//! Leanings lie in [-1, 1]: camps are spread over it evenly (two camps: -0.5 and 0.5), accounts are normal around their camp's (`leaning_spread` is the
//! standard deviation, as far as the ends allow).
//!
//! # Example
//! ```
//! use echogram_graph::synthetic::camps::{Params, generate};
//!
//! let made = generate(&Params { cross: 0.05, ..Params::new(vec![600, 400]) })?;
//! assert_eq!(made.camps.iter().filter(|&&camp| camp == 1).count(), 400);
//! assert!((made.cross() - 0.05).abs() < 0.01);
//! # Ok::<(), echogram_graph::synthetic::BadParam>(())
//! ```
//!
//! # Source
//! A planted partition (Condon and Karp 2001, doi 10.1002/1098-2418(200103)18:2<116::AID-RSA1001>3.0.CO;2-2) with the degrees of Karrer and Newman
//! 2011, doi 10.1103/PhysRevE.83.016107, directed, with given reciprocity.

use super::power_law::PowerLaw;
use super::wiring::Set;
use super::{BadParam, Stream, Tie, check_size, must};
use rayon::prelude::*;

/// Purposes of random numbers.
mod purpose {
    pub(super) const ACTIVITY: u64 = 0x4341_4D00;
    pub(super) const POPULARITY: u64 = 0x4341_4D01;
    pub(super) const TIES: u64 = 0x4341_4D02;
    pub(super) const ANSWERS: u64 = 0x4341_4D03;
    pub(super) const LEANING: u64 = 0x4341_4D04;
}

/// Targets drawn for a tie, by popularity and then without it, before it is given up.
const TRIES: usize = 64;

/// How camps are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Accounts of each camp.
    pub sizes: Vec<u32>,
    /// Mean number of ties that an account gives, and gets.
    pub average_degree: f64,
    /// Most ties that an account sets out to give; answers to others come on top.
    pub max_degree: u32,
    /// Exponent of the power law of ties given, and of popularity.
    pub tau: f64,
    /// Share of ties that go to another camp.
    pub cross: f64,
    /// Share of ties whose counterpart is there.
    pub reciprocity: f64,
    /// Standard deviation of leanings within a camp.
    pub leaning_spread: f64,
    /// Seed.
    pub seed: u64,
}

impl Params {
    /// Values that work for camps of these sizes: 20 ties on average, one in ten to another camp, one in five answered.
    pub fn new(sizes: Vec<u32>) -> Self {
        let max_degree = (sizes.iter().min().map_or(0, |least| least / 2)).clamp(1, 200);
        Self {
            average_degree: (f64::from(max_degree + 2) / 3.0).min(20.0),
            max_degree,
            tau: 2.5,
            cross: if sizes.len() > 1 { 0.1 } else { 0.0 },
            reciprocity: 0.2,
            leaning_spread: 0.2,
            seed: 1,
            sizes,
        }
    }

    /// `accounts` in `camps` of the same size, or nearly.
    pub fn equal_sizes(accounts: u32, camps: u32) -> Vec<u32> {
        (0..camps).map(|camp| accounts / camps + u32::from(camp < accounts % camps)).collect()
    }

    fn accounts(&self) -> u64 {
        self.sizes.iter().map(|&size| u64::from(size)).sum()
    }

    /// Checks each value, and those that depend on each other.
    ///
    /// # Errors
    /// [`BadParam`].
    pub fn check(&self) -> Result<(), BadParam> {
        check_size(self.accounts(), self.average_degree)?;
        let smallest = self.sizes.iter().copied().min().unwrap_or(0);
        must(smallest >= 2, "sizes", "2 or more each", smallest)?;
        must(
            (1..smallest).contains(&self.max_degree),
            "max-degree",
            format_args!("between 1 and {}, as the smallest camp has {smallest} accounts", smallest - 1),
            self.max_degree,
        )?;
        must(
            self.average_degree <= f64::from(self.max_degree),
            "average-degree",
            format_args!("at most --max-degree, {}", self.max_degree),
            self.average_degree,
        )?;
        must((0.0..=10.0).contains(&self.tau), "tau", "between 0 and 10", self.tau)?;
        must((0.0..=1.0).contains(&self.cross), "cross", "a share, from 0 to 1", self.cross)?;
        must(self.sizes.len() > 1 || self.cross == 0.0, "cross", "0 with one camp", self.cross)?;
        must((0.0..=1.0).contains(&self.reciprocity), "reciprocity", "a share, from 0 to 1", self.reciprocity)?;
        let spread = self.leaning_spread;
        must((0.0..=1.0).contains(&spread), "leaning-spread", "from 0 to 1", spread)
    }

    fn law(&self) -> Result<PowerLaw, BadParam> {
        PowerLaw::with_mean(self.tau, self.average_degree, self.max_degree).map_err(|least| BadParam {
            name: "average-degree",
            must_be: format!("at least {least:.2} with --tau {} and --max-degree {}", self.tau, self.max_degree),
            got: self.average_degree.to_string(),
        })
    }
}

/// Planted camps.
#[derive(Clone, Debug, PartialEq)]
pub struct Camps {
    /// Ties, sorted by source and target.
    pub ties: Vec<Tie>,
    /// The camp of each account: the first accounts are of the first camp.
    pub camps: Vec<u32>,
    /// The leaning of each account.
    pub leanings: Vec<f64>,
    /// Ties that each account set out to give, before some were answered and others taken away.
    pub activity: Vec<u32>,
    /// Weight of each account in the choice of targets of a camp.
    pub popularity: Vec<u32>,
    /// Ties that were given up, as their sources had hardly anybody left to attend to.
    pub dropped: u64,
}

impl Camps {
    /// The share of ties that go to another camp.
    pub fn cross(&self) -> f64 {
        let crossing = self.ties.iter().filter(|&&(a, b)| self.camps[a as usize] != self.camps[b as usize]).count();
        crossing as f64 / self.ties.len().max(1) as f64
    }

    /// The share of ties whose counterpart is there.
    pub fn reciprocity(&self) -> f64 {
        1.0 - singles(&self.ties).len() as f64 / self.ties.len().max(1) as f64
    }
}

/// Planted camps.
///
/// # Errors
/// [`BadParam`] for values that no camps have.
pub fn generate(params: &Params) -> Result<Camps, BadParam> {
    params.check()?;
    let law = params.law()?;
    let accounts = params.accounts() as usize;
    let sample = |purpose| law.sample(accounts, &mut Stream::new(params.seed, purpose, 0));
    let (activity, popularity) = (sample(purpose::ACTIVITY), sample(purpose::POPULARITY));
    let camps: Vec<u32> = (0..).zip(&params.sizes).flat_map(|(camp, &size)| std::iter::repeat_n(camp, size as usize)).collect();
    let crowd = Crowd::new(&params.sizes, &popularity);
    let drawn: Vec<Vec<Tie>> = (0..accounts as u32)
        .into_par_iter()
        .map(|node| {
            let mut stream = Stream::new(params.seed, purpose::TIES, node.into());
            crowd.ties(node, camps[node as usize] as usize, activity[node as usize], params.cross, &mut stream)
        })
        .collect();
    let mut ties: Vec<Tie> = drawn.into_iter().flatten().collect();
    let dropped = activity.iter().map(|&ties| u64::from(ties)).sum::<u64>() - ties.len() as u64;
    ties.par_sort_unstable();
    answer(&mut ties, params);
    let leanings = camps.iter().zip(0..).map(|(&camp, node)| leaning(params, camp, node)).collect();
    Ok(Camps { ties, camps, leanings, activity, popularity, dropped })
}

/// Who can be chosen.
struct Crowd {
    /// First account of each camp, and the end.
    starts: Vec<u32>,
    /// Popularity of an account and all before it.
    popularity: Vec<u64>,
}

impl Crowd {
    fn new(sizes: &[u32], popularity: &[u32]) -> Self {
        let mut starts = vec![0];
        starts.extend(sizes.iter().scan(0, |end, size| {
            *end += size;
            Some(*end)
        }));
        let mut sums = vec![0];
        sums.extend(popularity.iter().scan(0, |sum, &popularity| {
            *sum += u64::from(popularity);
            Some(*sum)
        }));
        Self { starts, popularity: sums }
    }

    /// The ties that an account gives.
    fn ties(&self, node: u32, home: usize, activity: u32, cross: f64, stream: &mut Stream) -> Vec<Tie> {
        let mut chosen = Set::<u32>::default();
        let mut ties = Vec::with_capacity(activity as usize);
        for _ in 0..activity {
            let camp = if stream.unit() < cross { self.other_camp(home, stream) } else { home };
            let by_popularity = (0..TRIES).map(|_| true);
            let mut tries = by_popularity.chain((0..TRIES).map(|_| false));
            let target = tries.find_map(|is_popular| {
                let target = if is_popular { self.popular(camp, stream) } else { self.anybody(camp, stream) };
                (target != node && chosen.insert(target)).then_some(target)
            });
            ties.extend(target.map(|target| (node, target)));
        }
        ties
    }

    /// Another camp, by sizes.
    fn other_camp(&self, home: usize, stream: &mut Stream) -> usize {
        let (start, end) = (self.starts[home], self.starts[home + 1]);
        let everybody = self.starts[self.starts.len() - 1];
        let place = stream.below(u64::from(everybody - (end - start))) as u32;
        let account = if place < start { place } else { place + (end - start) };
        self.starts.partition_point(|&start| start <= account) - 1
    }

    fn popular(&self, camp: usize, stream: &mut Stream) -> u32 {
        let ends = [camp, camp + 1].map(|camp| self.popularity[self.starts[camp] as usize]);
        let place = ends[0] + stream.below(ends[1] - ends[0]);
        let accounts = self.starts[camp] as usize..=self.starts[camp + 1] as usize;
        self.starts[camp] + self.popularity[accounts].partition_point(|&before| before <= place) as u32 - 1
    }

    fn anybody(&self, camp: usize, stream: &mut Stream) -> u32 {
        self.starts[camp] + stream.below((self.starts[camp + 1] - self.starts[camp]).into()) as u32
    }
}

/// The ties, of sorted ones, whose counterpart is not there.
fn singles(ties: &[Tie]) -> Vec<Tie> {
    let mut turned: Vec<Tie> = ties.iter().map(|&(a, b)| (b, a)).collect();
    turned.par_sort_unstable();
    let mut turned = turned.into_iter().peekable();
    let is_single = |tie: &Tie| {
        while turned.next_if(|other| other < tie).is_some() {}
        turned.peek() != Some(tie)
    };
    ties.iter().copied().filter(is_single).collect()
}

/// Answers as many ties as the reciprocity needs, and takes as many others away, so that their number stays. Of n ties, m of which have their
/// counterparts, (r n - m) / 2 are answered.
fn answer(ties: &mut Vec<Tie>, params: &Params) {
    let mut order = singles(ties);
    let (all, answered) = (ties.len(), ties.len() - order.len());
    let missing = ((params.reciprocity * all as f64 - answered as f64) / 2.0).round().max(0.0) as usize;
    Stream::new(params.seed, purpose::ANSWERS, 0).shuffle(&mut order);
    let changed = missing.min(order.len() / 2);
    let (gone, rest) = order.split_at_mut(changed);
    gone.par_sort_unstable();
    ties.retain(|tie| gone.binary_search(tie).is_err());
    ties.extend(rest[..changed].iter().map(|&(a, b)| (b, a)));
    ties.par_sort_unstable();
}

/// Normal around the camp's, drawn again outside [-1, 1]; the sum of twelve uniform numbers is near enough to a normal one.
fn leaning(params: &Params, camp: u32, node: u32) -> f64 {
    let mean = (2.0 * f64::from(camp) + 1.0) / params.sizes.len() as f64 - 1.0;
    let mut stream = Stream::new(params.seed, purpose::LEANING, node.into());
    loop {
        let normal = (0..12).map(|_| stream.unit()).sum::<f64>() - 6.0;
        let leaning = mean + params.leaning_spread * normal;
        if leaning.abs() <= 1.0 {
            // Four digits are more than anybody measures.
            return (leaning * 1e4).round() / 1e4;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check_near, check_simple, check_threads};
    use super::*;

    fn check(params: &Params) -> Camps {
        let made = generate(params).unwrap();
        let accounts = params.accounts() as u32;
        check_simple(accounts, true, &made.ties);
        for (camp, &size) in params.sizes.iter().enumerate() {
            assert_eq!(made.camps.iter().filter(|&&of| of as usize == camp).count() as u32, size);
        }
        assert!(made.leanings.iter().all(|leaning| leaning.abs() <= 1.0));
        assert_eq!(made.leanings.len(), accounts as usize);
        made
    }

    #[test]
    fn shares_are_those_asked_for() {
        for (cross, reciprocity) in [(0.05, 0.1), (0.1, 0.3), (0.5, 0.6), (0.0, 1.0), (1.0, 0.2), (0.1, 0.03)] {
            let params = Params { cross, reciprocity, ..Params::new(vec![3_000, 3_000]) };
            let made = check(&params);
            check_near(made.ties.len() as f64 / 6_000.0, params.average_degree, 0.005);
            assert!((made.cross() - cross).abs() < 0.005, "{} {cross}", made.cross());
            assert!((made.reciprocity() - reciprocity).abs() < 0.001, "{} {reciprocity}", made.reciprocity());
            assert_eq!(made.dropped, 0);
        }
    }

    #[test]
    fn leanings_are_those_of_the_camps() {
        let made = check(&Params::new(vec![2_000, 500, 1_000]));
        for (camp, wanted) in [(0, -2.0 / 3.0), (1, 0.0), (2, 2.0 / 3.0)] {
            let of: Vec<f64> = made.camps.iter().zip(&made.leanings).filter(|pair| *pair.0 == camp).map(|pair| *pair.1).collect();
            let mean = of.iter().sum::<f64>() / of.len() as f64;
            let deviation = (of.iter().map(|leaning| (leaning - mean).powi(2)).sum::<f64>() / of.len() as f64).sqrt();
            assert!((mean - wanted).abs() < 0.04, "{mean} {wanted}");
            assert!((0.15..0.22).contains(&deviation), "{deviation}");
        }
    }

    /// Popular accounts get more: twice the popularity is twice the attention, of all in a camp together.
    #[test]
    fn attention_follows_popularity() {
        let params = Params { reciprocity: 0.0, ..Params::new(vec![4_000, 4_000]) };
        let made = check(&params);
        let mut got = vec![0_u32; 8_000];
        made.ties.iter().for_each(|tie| got[tie.1 as usize] += 1);
        let (mut few, mut many) = ([0_u64; 2], [0_u64; 2]);
        for (&popularity, &got) in made.popularity.iter().zip(&got) {
            let of = if popularity < 20 { &mut few } else { &mut many };
            of[0] += u64::from(popularity);
            of[1] += u64::from(got);
        }
        check_near(many[1] as f64 / few[1] as f64, many[0] as f64 / few[0] as f64, 0.06);
    }

    #[test]
    fn the_seed_decides_and_threads_do_not() {
        let params = Params::new(vec![300, 200]);
        check_threads(|| generate(&params).unwrap());
        assert_ne!(generate(&params).unwrap().ties, generate(&Params { seed: 2, ..params }).unwrap().ties);
    }

    #[test]
    fn small_and_extreme_camps() {
        check(&Params::new(vec![2, 2]));
        check(&Params::new(vec![7]));
        check(&Params { max_degree: 4, average_degree: 4.0, reciprocity: 0.0, ..Params::new(vec![5, 5]) });
        assert_eq!(Params::equal_sizes(10, 3), [4, 3, 3]);
    }

    #[test]
    fn values_that_cannot_be() {
        let usual = Params::new(vec![100, 50]);
        for (params, name) in [
            (Params { sizes: vec![], ..usual.clone() }, "accounts"),
            (Params { sizes: vec![100, 1], ..usual.clone() }, "sizes"),
            (Params { max_degree: 50, ..usual.clone() }, "max-degree"),
            (Params { max_degree: 0, ..usual.clone() }, "max-degree"),
            (Params { average_degree: 40.0, ..usual.clone() }, "average-degree"),
            (Params { average_degree: 1.0, ..usual.clone() }, "average-degree"),
            (Params { cross: 1.5, ..usual.clone() }, "cross"),
            (Params { reciprocity: f64::NAN, ..usual.clone() }, "reciprocity"),
            (Params { leaning_spread: -1.0, ..usual.clone() }, "leaning-spread"),
            (Params { tau: -1.0, ..usual.clone() }, "tau"),
            (Params { sizes: vec![50], max_degree: 20, ..usual }, "cross"),
        ] {
            assert_eq!(generate(&params).unwrap_err().name, name, "{params:?}");
        }
    }
}
