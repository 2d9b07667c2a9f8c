//! Tests of the crate from outside, a module per topic.

// Helpers of tests unwrap, too, and clippy knows tests only.
#![allow(clippy::unwrap_used)]

mod abi;
mod build;
mod clients;
mod header;
mod install;
mod later;
mod programs;
mod sanitizers;
mod symbols;
mod valgrind;
