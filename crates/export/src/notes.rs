//! What an exported file says otherwise than the run folder does, counted while it is written.

/// Counts and remarks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Cells of text that got an apostrophe in front.
    pub(crate) neutralised: u64,
    /// Characters that the format cannot hold.
    pub(crate) replaced: u64,
    /// Accounts whose key is written otherwise.
    pub(crate) renamed: u64,
    /// Remarks.
    pub(crate) said: Vec<String>,
}

impl Notes {
    /// In words.
    pub(crate) fn lines(self) -> Vec<String> {
        let plural = |number: u64, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
        let mut lines = self.said;
        if self.neutralised > 0 {
            let cells = plural(self.neutralised, "cell begins", "cells begin");
            lines.push(format!(
                "{cells} like a formula and got an apostrophe in front, so that no spreadsheet runs it; --raw-cells leaves it out"
            ));
        }
        if self.replaced > 0 {
            lines.push(format!("{} that the format cannot hold replaced", plural(self.replaced, "character", "characters")));
        }
        if self.renamed > 0 {
            let keys = plural(self.renamed, "account key holds", "account keys hold");
            lines.push(format!("{keys} characters that the format cannot hold; they are written with others in their place"));
        }
        lines
    }
}
