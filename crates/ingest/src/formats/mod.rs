//! One file per input format; the list is [`crate::FORMATS`].

pub(crate) mod arrow;
pub(crate) mod bluesky;
pub(crate) mod edges;
pub(crate) mod gexf;
pub(crate) mod gml;
pub(crate) mod graphml;
pub(crate) mod mastodon;
pub(crate) mod metis;
pub(crate) mod mtx;
pub(crate) mod ndjson;
pub(crate) mod pajek;
pub(crate) mod parquet;
pub(crate) mod twitter_v1;
pub(crate) mod twitter_v2;
