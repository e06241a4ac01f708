//! Agreement of the communities with the sides: whether a division that is known already is the one that ties show.
//!
//! # Formula
//! With I the mutual information of the two divisions, H their entropies, over accounts that have a side:
//! agreement_nmi = 2 I / (H + H'); agreement_ami = (I - E[I]) / ((H + H') / 2 - E[I]), with E[I] the exact mean over all permutations; agreement_ari = the Rand index, adjusted for
//! chance in the same way; agreement_variation = H + H' - 2 I.
//!
//! # Conventions
//! Accounts without a side are left out. Sides may be any column of the account file; those of another run's communities are
//! `--accounts RUN/accounts.parquet --sides given_community`. Undefined where no account has a side.
//!
//! # Range and unit
//! nmi: index in [0, 1]; ami and ari: up to 1, 0 = as by chance; variation: nats, 0 = the same division.
//!
//! # Cost
//! O(V log V) time for the table of both divisions, O(groups x groups x largest group) at most for the exact mean.
//!
//! # Errors
//! `Missing` without communities or sides; cancelled by the caller.
//!
//! # Compared with
//! scikit-learn `normalized_mutual_info_score`, `adjusted_mutual_info_score` (arithmetic means, their default) and `adjusted_rand_score`: equal. NMI alone rewards many small groups: read AMI.
//!
//! # Source
//! Vinh, Epps, Bailey, Information theoretic measures for clusterings comparison, JMLR 11, 2010; Hubert and Arabie, Journal of Classification 2, 1985, doi 10.1007/BF01908075; Meilă,
//! Journal of Multivariate Analysis 98, 2007, doi 10.1016/j.jmva.2006.11.013.

use crate::compare::compare;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "agreement",
    kind: Kind::Network,
    summary: "how far the communities are the sides: NMI, AMI, ARI, variation of information",
    columns: &["agreement_nmi", "agreement_ami", "agreement_ari", "agreement_variation"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition, Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("agreement.rs"),
    run: |input, run| {
        let found = compare(input.partition(SPEC.name)?, input.sides(SPEC.name)?, run)?;
        let values = [found.nmi, found.ami, found.ari, found.variation];
        let scores = SPEC.columns.iter().zip(values).map(|(name, value)| Score::whole(name, value)).collect();
        Ok(Outcome { accounts_left_out: found.accounts_left_out, ..Outcome::of_scores(scores) })
    },
};
