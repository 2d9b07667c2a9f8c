//! Drafts, versions, publication and live generations of a dafu knowledge base.

mod answer_diff;
mod bundle;
mod check;
mod error;
mod item;
mod live;
mod merge;
mod progress;
mod publication;
mod publish;
mod sealed;
mod store;

pub use answer_diff::{AnswerChange, AnswerDiff, ReplySummary, answer_diff, questions_of};
pub use bundle::{BundledGeneration, VersionBundle};
pub use check::{CheckOptions, Finding, FindingCode, TestResult, check, run_tests};
pub use dafu::{ErrorKind, Severity};
pub use error::{Error, Result};
pub use item::{Item, ItemKey, ItemKind};
pub use live::{Follower, Generation, Live, Reload};
pub use merge::{FieldConflict, Resolution};
pub use progress::Progress;
pub use publication::{GenerationInfo, Prepared, PruneRule, Pruned, Publication, Served};
pub use publish::{Publish, PublishOptions, Published, Refusal};
pub use store::{
    AuditRecord, Change, ChangeKind, Commit, Conflict, Draft, DraftInfo, Expectation, FieldChange, FieldOrigin,
    ImportSummary, ItemState, Revision, Store, TestQuestion, Version,
};
