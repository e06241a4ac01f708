//! What chance ties a group by: degrees, both degrees, or the number of accounts.

/// A node's or a group's share in the null model. `a.meet(b)` times the pull is the weight that chance puts between `a` and `b`, in
/// the unit of rows: each tie from both ends.
pub(crate) trait Mass: Copy + Default + Send + Sync {
    /// Of one account, from the weights of what leaves it and of what reaches it (the same in a symmetric graph).
    fn of(out: f64, into: f64) -> Self;
    /// With `other` added.
    fn plus(self, other: Self) -> Self;
    /// With `other` taken away.
    fn minus(self, other: Self) -> Self;
    /// `factor` times as much.
    fn times(self, factor: f64) -> Self;
    /// What chance puts between the two, before the pull.
    fn meet(self, other: Self) -> f64;
    /// Weight of all its entries: the scale of its sums.
    fn strength(self) -> f64;
}

/// Modularity of a symmetric graph: the volume.
impl Mass for f64 {
    #[inline(always)]
    fn of(out: f64, _: f64) -> Self {
        out
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        self * factor
    }
    #[inline(always)]
    fn meet(self, other: Self) -> f64 {
        self * other
    }
    #[inline(always)]
    fn strength(self) -> f64 {
        self
    }
}

/// Modularity of a directed graph.
#[derive(Clone, Copy, Default)]
pub(crate) struct Flow {
    out: f64,
    into: f64,
}

impl Mass for Flow {
    #[inline(always)]
    fn of(out: f64, into: f64) -> Self {
        Self { out, into }
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self { out: self.out + other.out, into: self.into + other.into }
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self { out: self.out - other.out, into: self.into - other.into }
    }
    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        Self { out: self.out * factor, into: self.into * factor }
    }
    /// Doubled, so that out = into = volume / 2 is the symmetric graph.
    #[inline(always)]
    fn meet(self, other: Self) -> f64 {
        2.0 * (self.out * other.into + self.into * other.out)
    }
    #[inline(always)]
    fn strength(self) -> f64 {
        self.out + self.into
    }
}

/// The constant Potts model, and label propagation: accounts, whatever their ties.
#[derive(Clone, Copy, Default)]
pub(crate) struct Members {
    accounts: f64,
    strength: f64,
}

impl Mass for Members {
    #[inline(always)]
    fn of(out: f64, into: f64) -> Self {
        Self { accounts: 1.0, strength: out + into }
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self { accounts: self.accounts + other.accounts, strength: self.strength + other.strength }
    }
    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self { accounts: self.accounts - other.accounts, strength: self.strength - other.strength }
    }
    #[inline(always)]
    fn times(self, factor: f64) -> Self {
        Self { accounts: self.accounts * factor, ..self }
    }
    #[inline(always)]
    fn meet(self, other: Self) -> f64 {
        self.accounts * other.accounts
    }
    #[inline(always)]
    fn strength(self) -> f64 {
        self.strength
    }
}
