//! What the examples share, and those of them that tests drive: everything but their `main`.

#![deny(missing_docs)]

pub mod ask;
pub mod kb;
pub mod page;
mod stable_hash;
mod surroundings;

pub use stable_hash::stable_hash;
pub use surroundings::{Language, Surroundings};
