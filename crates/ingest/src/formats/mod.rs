//! One file per input format; the list is [`crate::FORMATS`].

pub(crate) mod bluesky;
pub(crate) mod edges;
pub(crate) mod mastodon;
pub(crate) mod ndjson;
pub(crate) mod parquet;
pub(crate) mod twitter_v1;
pub(crate) mod twitter_v2;
