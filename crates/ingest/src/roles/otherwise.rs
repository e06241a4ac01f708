//! What an account is in which no role was found: the table with `otherwise`, if the lexicon has one and the bio says enough.

use super::fold::Folded;
use super::lexicon::Meaning;
use super::{Classified, Hit, Lexicon, Scale, Signs, is_separator, word_end};

impl Lexicon {
    /// The role of an account in which nothing was found.
    pub(super) fn otherwise(
        &self,
        folded: &Folded,
        hits: &[Hit<'_>],
        border: usize,
        scale: Option<Scale>,
        signs: &Signs,
    ) -> Option<Classified<'_>> {
        let (table, why) = self.compiled.tables.iter().find_map(|table| Some((table, table.otherwise.as_deref()?)))?;
        if scale.is_some() && table.scale.is_some() && scale != table.scale {
            return None;
        }
        let decided = |hit: &&Hit<'_>| match hit.entry.meaning {
            Meaning::Role(row) => self.compiled.tables[row].role != table.role,
            Meaning::Blocker | Meaning::Modifier(_) => true,
            _ => false,
        };
        // In the order of their starts; `reach` is how far the text is taken up to here.
        let mut spans = hits.iter().filter(decided).peekable();
        let mut reach = 0;
        let mut is_taken = |start: usize, end: usize| {
            while let Some(span) = spans.next_if(|span| span.start <= start) {
                reach = reach.max(span.end);
            }
            end <= reach
        };
        let bytes = folded.text.as_bytes();
        let mut against = hits.iter().filter(|hit| hit.entry.meaning == Meaning::Unless).peekable();
        let (mut words, mut start) = (0, 0);
        while start < bytes.len() {
            if is_separator(bytes[start]) {
                start += 1;
                continue;
            }
            let end = word_end(bytes, start);
            let taken = is_taken(start, end);
            while let Some(hit) = against.next_if(|hit| hit.start <= start) {
                if hit.start == start && !taken {
                    return None;
                }
            }
            let letters = bytes[start..end].iter().filter(|byte| byte.is_ascii_alphabetic()).count();
            if !taken && start > border && letters >= 2 {
                words += 1;
            }
            start = end;
        }
        let role = self.compiled.names[table.role].as_str();
        (words >= table.least).then(|| Classified {
            role: Some(role),
            evidence: Some(format!("{role}: {why}")),
            scale: scale.or(table.scale),
            usage: signs.usage().or(table.usage),
        })
    }
}
