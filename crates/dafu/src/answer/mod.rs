//! From a ranking to what the caller says: decision, text, spans.

mod decide;
mod explanation;
mod handover;
mod options;
mod pick;
mod reply;
mod search;
mod spans;
mod suggest;

pub(crate) use decide::ask;
pub use explanation::{Explanation, ExplanationOfEntry};
pub(crate) use handover::own_phrases as handover_phrases;
pub use options::{AskOptions, SearchOptions};
pub use reply::{Decision, Hit, Reason, Reply};
pub(crate) use search::read_item;
pub use search::{Found, FoundKind, SearchPage};
pub use spans::Span;
pub(crate) use suggest::suggest;
pub(crate) use {explanation::explain, search::search};
