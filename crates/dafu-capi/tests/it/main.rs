//! Tests of the crate from outside, a module per topic.

// Helpers of tests unwrap, too, and clippy knows tests only.
#![allow(clippy::unwrap_used)]

mod build;
mod header;
mod programs;
mod symbols;
