//! Drafts, versions, publication and live generations of a dafu knowledge base.

mod error;
mod live;
mod publication;
mod sealed;

pub use dafu::ErrorKind;
pub use error::{Error, Result};
pub use live::{Follower, Generation, Live, Reload};
pub use publication::{GenerationInfo, Prepared, PruneRule, Pruned, Publication, Served};
