//! One file per format: how a table or a network is written in it.

pub(crate) mod csv;
pub(crate) mod gexf;
pub(crate) mod graphml;
pub(crate) mod mtx;
pub(crate) mod ndjson;
pub(crate) mod pajek;
pub(crate) mod parquet;
