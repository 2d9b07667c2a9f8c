//! What the examples share, and those of them that tests drive: everything but their `main`.

#![deny(missing_docs)]

pub mod ask;
pub mod kb;
mod surroundings;

pub use surroundings::{Language, Surroundings};
