//! What the benchmarks share: texts, contents, peers, and figures of the process.

mod made;
mod memory;
mod peer;
mod run;
mod texts;

pub use memory::{forget_peak, peak_mb, resident_mb};
pub use peer::{Peer, Terms};
pub use run::{child, median, sizes};
pub use texts::{PER_ENTRY, Texts, content};
