//! A generation or a version as one file, to carry to another machine.

mod container;
mod generation;
mod version;

pub use generation::BundledGeneration;
pub use version::VersionBundle;
