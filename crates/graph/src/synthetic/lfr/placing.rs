//! Sizes of communities, and who is in which.

use super::super::Stream;
use super::super::power_law::PowerLaw;
use super::degrees::Degrees;
use super::{Params, purpose};
use crate::{NodeId, Partition};

/// Sizes that follow the power law and add up to the accounts, in any order.
pub(super) fn sizes(params: &Params) -> Vec<u32> {
    let (least, most, accounts) = (params.min_community, params.max_community, u64::from(params.accounts));
    let law = PowerLaw::new(params.tau2, least, most);
    let mut stream = Stream::new(params.seed, purpose::SIZES, 0);
    let (mut sizes, mut total) = (Vec::new(), 0);
    while total < accounts {
        let size = law.draw(&mut stream);
        sizes.push(size);
        total += u64::from(size);
    }
    if sizes.len() as u64 * u64::from(least) > accounts {
        total -= u64::from(sizes.pop().unwrap_or_default());
    }
    // The last one gives or takes what it can, then all of them one by one. It ends, as so many communities of the least size are not too many
    // accounts, and of the largest not too few.
    let last = sizes.len() - 1;
    let wanted = i64::from(sizes[last]) + accounts as i64 - total as i64;
    let fitted = wanted.clamp(least.into(), most.into()) as u32;
    total = total - u64::from(sizes[last]) + u64::from(fitted);
    sizes[last] = fitted;
    for place in (0..sizes.len()).cycle() {
        if total == accounts {
            break;
        } else if total > accounts && sizes[place] > least {
            sizes[place] -= 1;
            total -= 1;
        } else if total < accounts && sizes[place] < most {
            sizes[place] += 1;
            total += 1;
        }
    }
    sizes
}

/// Puts every account into a community that is larger than its ties inside. Accounts come in the order of these ties, most first, so that the communities that
/// are large enough only become more; each takes a free place of those at random, so that every way to place all is as likely. Where none is
/// free the next smaller community opens, and the account has fewer ties inside.
pub(super) fn place(params: &Params, sizes: &[u32], degrees: &mut Degrees) -> Vec<u32> {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let mut order: Vec<u32> = (0..params.accounts).collect();
    order.sort_by_key(|&node| std::cmp::Reverse(degrees.inside[node as usize]));
    let mut stream = Stream::new(params.seed, purpose::PLACES, 0);
    let mut labels = vec![0; params.accounts as usize];
    let (mut free, mut opened) = (Vec::new(), 0);
    for node in order {
        while opened < sizes.len() && (free.is_empty() || sizes[opened] > degrees.inside[node as usize]) {
            free.extend(std::iter::repeat_n(NodeId::new(opened).0, sizes[opened] as usize));
            opened += 1;
        }
        let community = free.swap_remove(stream.below(free.len() as u64) as usize);
        labels[node as usize] = community;
        degrees.limit_inside(params, node, sizes[community as usize] - 1);
    }
    labels
}

/// The members of each community.
pub(super) struct Members {
    starts: Vec<usize>,
    members: Vec<u32>,
}

impl Members {
    pub(super) fn of(communities: &Partition) -> Self {
        let mut starts = vec![0];
        starts.extend(communities.sizes().iter().scan(0, |end, &size| {
            *end += size as usize;
            Some(*end)
        }));
        let (mut next, mut members) = (starts.clone(), vec![0; communities.labels().len()]);
        for (node, &label) in communities.labels().iter().enumerate() {
            members[next[label as usize]] = NodeId::new(node).0;
            next[label as usize] += 1;
        }
        Self { starts, members }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn of_community(&self, community: usize) -> &[u32] {
        &self.members[self.starts[community]..self.starts[community + 1]]
    }
}
