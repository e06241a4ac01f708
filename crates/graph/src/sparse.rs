//! A column over accounts in which most values may be unknown.

use std::ops::Range;

/// Values by row; rows without one are unknown. Memory: 4 bytes and a value for each known row, nothing for the others.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparse<T> {
    len: usize,
    rows: Vec<u32>,
    values: Vec<T>,
}

/// A column of text.
pub type Texts = Sparse<String>;

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self::unknown(0)
    }
}

impl<T> Sparse<T> {
    /// A column of `len` unknown values.
    pub fn unknown(len: usize) -> Self {
        Self { len, rows: Vec::new(), values: Vec::new() }
    }

    /// From a value or none for each row.
    pub fn from_options(values: impl IntoIterator<Item = Option<T>>) -> Self {
        let mut column = Self::default();
        for value in values {
            if let Some(value) = value {
                column.rows.push(column.len as u32);
                column.values.push(value);
            }
            column.len += 1;
        }
        column
    }

    /// Makes the value of `row` known.
    ///
    /// # Panics
    /// If `row` is not behind all rows known so far and below [`Self::len`].
    pub fn push(&mut self, row: usize, value: T) {
        assert!(row < self.len && self.rows.last().is_none_or(|&last| (last as usize) < row), "rows become known in order");
        self.rows.push(row as u32);
        self.values.push(value);
    }

    /// Number of rows, unknown ones included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of known values.
    pub fn known(&self) -> usize {
        self.values.len()
    }

    /// The value of `row`, if it is known. Cost: a binary search.
    pub fn get(&self, row: usize) -> Option<&T> {
        self.rows.binary_search(&(row as u32)).ok().map(|place| &self.values[place])
    }

    /// The value of each row of a range.
    pub fn range(&self, rows: Range<usize>) -> impl Iterator<Item = Option<&T>> {
        let mut place = self.rows.partition_point(|&row| (row as usize) < rows.start);
        rows.map(move |row| {
            let is_known = self.rows.get(place).is_some_and(|&known| known as usize == row);
            place += usize::from(is_known);
            is_known.then(|| &self.values[place - 1])
        })
    }

    /// The value of each row.
    pub fn iter(&self) -> impl Iterator<Item = Option<&T>> {
        self.range(0..self.len)
    }

    /// The same rows with other values.
    pub fn map<U>(&self, change: impl FnMut(&T) -> U) -> Sparse<U> {
        Sparse { len: self.len, rows: self.rows.clone(), values: self.values.iter().map(change).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_rows_stay_unknown() {
        let given = [None, Some(5), None, None, Some(7)];
        let column = Sparse::from_options(given);
        assert_eq!(column.iter().map(Option::<&i32>::copied).collect::<Vec<_>>(), given);
        assert_eq!((column.len(), column.known(), column.get(1), column.get(2)), (5, 2, Some(&5), None));
        assert_eq!(column.range(2..5).collect::<Vec<_>>(), [None, None, Some(&7)]);
        let mut pushed = Sparse::unknown(5);
        pushed.push(1, 5);
        pushed.push(4, 7);
        assert_eq!(pushed, column);
        assert_eq!(column.map(|value| value * 2).get(4), Some(&14));
    }
}
