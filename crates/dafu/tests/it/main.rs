//! Tests of the crate from outside, a module per topic.

// Helpers of tests unwrap, too, and clippy knows tests only.
#![allow(clippy::unwrap_used)]

mod arbitrary;
mod csv;
mod determinism;
mod hostile;
mod index_files;
mod jsonl;
mod learning;
mod library;
mod model;
mod questions;
mod questions_hostile;
mod shapes;
mod templates;
#[cfg(feature = "xlsx")]
mod xlsx;
