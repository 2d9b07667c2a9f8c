//! Tests of the crate from outside, a module per topic.

mod arbitrary;
mod csv;
mod hostile;
mod jsonl;
mod model;
mod templates;
