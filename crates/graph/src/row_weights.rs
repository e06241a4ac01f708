//! Weights of rows, in 32 bits as long as these hold every one of them exactly: counts and the weights of most files do, and half the memory is half the time.

/// One weight a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowWeights {
    /// All so far are exact in 32 bits.
    Single(Vec<f32>),
    /// One at least is not.
    Double(Vec<f64>),
}

impl Default for RowWeights {
    fn default() -> Self {
        Self::Single(Vec::new())
    }
}

/// The weight in 32 bits, if they hold it exactly.
#[inline]
fn single(weight: f64) -> Option<f32> {
    let narrow = weight as f32;
    (f64::from(narrow) == weight).then_some(narrow)
}

impl RowWeights {
    /// Number of weights.
    pub fn len(&self) -> usize {
        match self {
            Self::Single(values) => values.len(),
            Self::Double(values) => values.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The weight of a row, if there are so many.
    #[inline]
    pub fn get(&self, row: usize) -> Option<f64> {
        match self {
            Self::Single(values) => values.get(row).map(|&weight| f64::from(weight)),
            Self::Double(values) => values.get(row).copied(),
        }
    }

    /// Appends a weight.
    #[inline]
    pub fn push(&mut self, weight: f64) {
        match (&mut *self, single(weight)) {
            (Self::Single(values), Some(weight)) => values.push(weight),
            _ => self.widened().push(weight),
        }
    }

    /// Appends those that follow.
    pub fn append(&mut self, later: Self) {
        match (&mut *self, later) {
            (Self::Single(values), Self::Single(more)) => values.extend(more),
            (_, Self::Single(more)) => self.widened().extend(more.into_iter().map(f64::from)),
            (_, Self::Double(more)) => self.widened().extend(more),
        }
    }

    /// As many as `rows`, those that are missing 1.
    pub fn fill_up(&mut self, rows: usize) {
        match self {
            Self::Single(values) => values.resize(rows, 1.0),
            Self::Double(values) => values.resize(rows, 1.0),
        }
    }

    /// Makes room for exactly so many more.
    pub fn reserve_exact(&mut self, more: usize) {
        match self {
            Self::Single(values) => values.reserve_exact(more),
            Self::Double(values) => values.reserve_exact(more),
        }
    }

    /// Keeps those that `keep` says.
    pub fn retain(&mut self, keep: &[bool]) {
        fn kept<T>(values: &mut Vec<T>, keep: &[bool]) {
            let mut keep = keep.iter();
            values.retain(|_| *keep.next().expect("one for each row"));
        }
        match self {
            Self::Single(values) => kept(values, keep),
            Self::Double(values) => kept(values, keep),
        }
    }

    /// All in 64 bits.
    fn widened(&mut self) -> &mut Vec<f64> {
        if let Self::Single(values) = self {
            let mut wide = Vec::with_capacity(values.capacity());
            wide.extend(values.iter().map(|&weight| f64::from(weight)));
            *self = Self::Double(wide);
        }
        match self {
            Self::Double(values) => values,
            Self::Single(_) => unreachable!("they have been widened"),
        }
    }
}

impl From<&[f64]> for RowWeights {
    fn from(weights: &[f64]) -> Self {
        match weights.iter().all(|&weight| single(weight).is_some()) {
            true => Self::Single(weights.iter().map(|&weight| weight as f32).collect()),
            false => Self::Double(weights.to_vec()),
        }
    }
}

impl FromIterator<f64> for RowWeights {
    fn from_iter<I: IntoIterator<Item = f64>>(weights: I) -> Self {
        let mut all = Self::default();
        weights.into_iter().for_each(|weight| all.push(weight));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_the_same_in_either_width() {
        let mut weights: RowWeights = [1.0, 2.5].into_iter().collect();
        assert_eq!(weights, RowWeights::Single(vec![1.0, 2.5]));
        weights.push(0.1);
        assert_eq!(weights, RowWeights::Double(vec![1.0, 2.5, 0.1]));
        weights.append(RowWeights::from([4.0].as_slice()));
        weights.fill_up(5);
        weights.retain(&[true, false, true, true, true]);
        assert_eq!((0..5).map(|row| weights.get(row)).collect::<Vec<_>>(), [Some(1.0), Some(0.1), Some(4.0), Some(1.0), None]);
        let mut single = RowWeights::from([3.0].as_slice());
        single.append(RowWeights::from([1e300].as_slice()));
        assert_eq!(single, RowWeights::Double(vec![3.0, 1e300]));
    }
}
