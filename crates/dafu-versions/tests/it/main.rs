//! Tests of the crate from outside, a module per topic.

// Helpers of tests unwrap, too, and clippy knows tests only.
#![allow(clippy::unwrap_used)]

mod bases;
mod bundles;
mod checking;
mod contents;
mod damage;
mod drafts;
mod gate;
mod merging;
mod model;
mod power_cut;
mod publishing;
mod store_files;
mod two_writers;
mod versions;
