//! What is known of an account beside its ties.
//!
//! Its texts stand in place up to 24 bytes, as numeric ids and most handles and names do: a million posts describe their authors a million times.

use compact_str::CompactString;

/// One account as one source describes it. Empty texts are unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// The account's key.
    pub account: CompactString,
    /// Handle, without `@`.
    pub handle: Option<CompactString>,
    /// Display name.
    pub name: Option<CompactString>,
    /// Bio.
    pub bio: Option<CompactString>,
    /// Role as given.
    pub role: Option<CompactString>,
    /// Scale as given.
    pub scale: Option<CompactString>,
    /// Use as given.
    pub usage: Option<CompactString>,
    /// Leaning as given.
    pub leaning: Option<f64>,
    /// Country as given.
    pub country: Option<CompactString>,
    /// Whether the platform verified it.
    pub verified: Option<bool>,
    /// Followers as the platform counts them.
    pub followers: Option<u64>,
    /// When the account was made, microseconds UTC.
    pub created: Option<i64>,
    /// Web address.
    pub url: Option<CompactString>,
    /// When this description was taken, microseconds UTC.
    pub seen: Option<i64>,
    /// Whether it stands in an account file, which wins over what a platform says.
    pub given: bool,
}

impl Profile {
    /// Which fields are known, a bit each.
    pub(crate) fn fields(&self) -> u16 {
        let known = [
            self.handle.is_some(),
            self.name.is_some(),
            self.bio.is_some(),
            self.role.is_some(),
            self.scale.is_some(),
            self.usage.is_some(),
            self.leaning.is_some(),
            self.country.is_some(),
            self.verified.is_some(),
            self.followers.is_some(),
            self.created.is_some(),
            self.url.is_some(),
        ];
        known.iter().enumerate().map(|(bit, &is_known)| u16::from(is_known) << bit).sum()
    }

    /// Bytes of its texts.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [&self.handle, &self.name, &self.bio, &self.role, &self.scale, &self.usage, &self.country, &self.url];
        self.account.len() + texts.into_iter().flatten().map(CompactString::len).sum::<usize>()
    }

    /// Fills what is unknown here from `other`.
    pub(crate) fn fill_from(&mut self, other: &Self) {
        let text = |mine: &mut Option<CompactString>, theirs: &Option<CompactString>| {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        };
        text(&mut self.handle, &other.handle);
        text(&mut self.name, &other.name);
        text(&mut self.bio, &other.bio);
        text(&mut self.role, &other.role);
        text(&mut self.scale, &other.scale);
        text(&mut self.usage, &other.usage);
        text(&mut self.country, &other.country);
        text(&mut self.url, &other.url);
        self.leaning = self.leaning.or(other.leaning);
        self.verified = self.verified.or(other.verified);
        self.followers = self.followers.or(other.followers);
        self.created = self.created.or(other.created);
    }

    /// An order that depends on content only: account files first, then the latest description, then the one that says most.
    pub(crate) fn precedence(&self, other: &Self) -> std::cmp::Ordering {
        fn texts(profile: &Profile) -> [&Option<CompactString>; 8] {
            [
                &profile.handle,
                &profile.name,
                &profile.bio,
                &profile.role,
                &profile.scale,
                &profile.usage,
                &profile.country,
                &profile.url,
            ]
        }
        let rest = |profile: &Self| (profile.followers, profile.verified, profile.created, profile.leaning.map(f64::to_bits));
        self.account
            .cmp(&other.account)
            .then_with(|| other.given.cmp(&self.given))
            .then_with(|| other.seen.cmp(&self.seen))
            .then_with(|| rest(other).cmp(&rest(self)))
            .then_with(|| texts(other).cmp(&texts(self)))
    }
}

/// A text with something in it, trimmed.
pub(crate) fn known<T: for<'a> From<&'a str>>(text: impl AsRef<str>) -> Option<T> {
    filled(text.as_ref()).map(T::from)
}

/// As [`known`], borrowed.
pub(crate) fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}
