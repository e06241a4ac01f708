//! The keys of one batch as they came, repeated ones included.

use crate::batch::Code;
use crate::packed_key::PackedKey;

/// Keys in their order; a code is a place in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyList {
    keys: Vec<PackedKey>,
    long: Texts,
}

/// Texts end to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Appends a text and returns its place; `None` when there are too many.
    pub(crate) fn push(&mut self, text: &str) -> Option<u32> {
        let place = u32::try_from(self.ends.len()).ok()?;
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        Some(place)
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, place: usize) -> &str {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.bytes[start..self.ends[place]]
    }
}

impl KeyList {
    pub(crate) fn with_room(keys: usize) -> Self {
        Self { keys: Vec::with_capacity(keys), ..Self::default() }
    }

    /// Bytes that it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.keys.len() * size_of::<PackedKey>() + self.long.bytes.len() + self.long.ends.len() * size_of::<usize>()
    }

    /// Appends a key and returns its code within this list.
    #[inline]
    pub(crate) fn push(&mut self, text: &str) -> Code {
        let key = PackedKey::whole(text).unwrap_or_else(|| self.long(text));
        self.keys.push(key);
        (self.keys.len() - 1) as Code
    }

    #[cold]
    fn long(&mut self, text: &str) -> PackedKey {
        PackedKey::long(text, self.long.push(text).expect("a batch holds fewer keys than codes"))
    }

    /// The keys, and the texts of those that are long.
    pub(crate) fn into_parts(self) -> (Vec<PackedKey>, Texts) {
        (self.keys, self.long)
    }

    #[cfg(test)]
    pub(crate) fn get(&self, code: Code) -> String {
        let key = self.keys[code as usize];
        match key.place() {
            Some(place) => self.long.get(place).to_owned(),
            None => key.with_text(str::to_owned),
        }
    }
}
