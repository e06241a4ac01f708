//! Differences collected over many values, so that one wrong number does not hide the others.

use serde_json::Value;

/// What differed.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    lines: Vec<String>,
    compared: usize,
    prefix: String,
}

impl Findings {
    /// Notes what is not so.
    pub(crate) fn expect(&mut self, is_so: bool, what: impl FnOnce() -> String) {
        self.compared += 1;
        if !is_so {
            self.lines.push(format!("{}{}", self.prefix, what()));
        }
    }

    /// Puts words before all lines to come; gives those before.
    pub(crate) fn prefixed(&mut self, prefix: &str) -> String {
        let prefix = if prefix.is_empty() || prefix.ends_with(": ") { prefix.to_owned() } else { format!("{prefix}: ") };
        std::mem::replace(&mut self.prefix, prefix)
    }

    /// Notes two things that differ.
    pub(crate) fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, got: &T, wanted: &T) {
        self.expect(got == wanted, || format!("{what}: got {got:?}, wanted {wanted:?}"));
    }

    /// Notes two numbers that differ by more than `tolerance`; undefined equals undefined only.
    pub(crate) fn close(&mut self, what: &str, got: Option<f64>, wanted: Option<f64>, tolerance: f64) {
        let is_close = match (got, wanted) {
            (Some(got), Some(wanted)) => (got - wanted).abs() <= tolerance,
            (got, wanted) => got == wanted,
        };
        self.expect(is_close, || format!("{what}: got {got:?}, wanted {wanted:?} +- {tolerance:e}"));
    }

    /// Notes the first value of two columns that differs, and a difference in length.
    pub(crate) fn column(&mut self, what: &str, got: &[Option<f64>], wanted: &[Option<f64>], tolerance: f64) {
        self.equal(&format!("{what}: rows"), &got.len(), &wanted.len());
        let differs = |(got, wanted): (Option<f64>, Option<f64>)| match (got, wanted) {
            (Some(got), Some(wanted)) => (got - wanted).abs() > tolerance || got.is_nan(),
            (got, wanted) => got != wanted,
        };
        let pairs = || got.iter().copied().zip(wanted.iter().copied());
        let wrong = pairs().filter(|&pair| differs(pair)).count();
        let first = pairs().position(differs);
        self.expect(wrong == 0, || {
            let row = first.unwrap_or_default();
            format!(
                "{what}: {wrong} values differ, row {row} first: got {:?}, wanted {:?} +- {tolerance:e}",
                got[row], wanted[row]
            )
        });
    }

    /// Fails if anything differed, or if nothing was compared.
    #[track_caller]
    pub(crate) fn finish(self, about: &str) {
        assert!(self.compared > 0, "{about}: nothing was compared");
        assert!(self.lines.is_empty(), "{about}: {} of {} differ\n{}", self.lines.len(), self.compared, self.lines.join("\n"));
    }
}

/// A list of numbers, null where undefined.
#[track_caller]
pub(crate) fn numbers(value: &Value) -> Vec<Option<f64>> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}")).iter().map(Value::as_f64).collect()
}

/// A list of words.
#[track_caller]
pub(crate) fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}")).iter().map(|word| word.as_str().unwrap()).collect()
}
