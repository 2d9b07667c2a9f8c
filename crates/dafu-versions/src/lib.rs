//! Changes the knowledge of a [`dafu`] knowledge base safely: drafts, versions, publication, live readers.
//!
//! Editors change a draft, see what it does to customers' questions, commit, publish and roll back, while chat systems go
//! on answering.
//!
//! ```
//! use dafu::{AskOptions, Content};
//! use dafu_versions::{Commit, Live, Publication, Publish, PublishOptions, Store};
//!
//! let folder = tempfile::tempdir()?;
//!
//! // The editors' side.
//! let store = Store::create(folder.path().join("shop.dafu"))?;
//! let draft = store.new_draft("退款", "王芳")?;
//! let line = r#"{"id":"refund","question":"退款多久到账？","answer":"1-3个工作日到账。"}"#;
//! draft.import(&Content::from_jsonl(line.as_bytes())?)?;
//! assert!(matches!(draft.commit("王芳", "第一个问题")?, Commit::Version(version) if version.number == 1));
//! let publication = Publication::create(folder.path().join("shop"))?;
//! assert!(matches!(store.publish(&publication, "王芳", &PublishOptions::new())?, Publish::Done(_)));
//!
//! // The chat system's side: in another process, without permission to write.
//! let live = Live::open(folder.path().join("shop"))?;
//! let reply = live.current().knowledge_base().ask("退款几天到账", &AskOptions::new())?;
//! assert_eq!(reply.hits[0].entry, "refund");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Guide
//!
//! - Editing: a [`Store`] is one file; [`Store::new_draft`] begins a [`Draft`], which is filled with [`Draft::put`],
//!   [`Draft::delete`] and [`Draft::import`], and walked back with [`Draft::undo`].
//! - Looking before leaping: [`Draft::changes`] by item and field, [`answer_diff`] by customers' questions, [`check`] for
//!   what an editor should look at, [`Draft::content`] for a preview.
//! - Committing: [`Draft::commit`] makes a [`Version`], or names each [`Conflict`] with what others committed meanwhile.
//! - Looking back: [`Store::content`], [`Store::diff`], [`Store::history`], [`Store::blame`], [`Store::version_at`],
//!   [`Store::audit`].
//! - Publishing: [`Store::publish`] goes past the gate into a [`Publication`]; [`Store::roll_back`] and
//!   [`Store::prune`]. Without a store: [`Publication::prepare`] and [`Publication::publish`].
//! - Answering: [`Live::open`], [`Live::current`] for each question, [`Live::reload`] or [`Live::follow`].
//! - Carrying: [`Publication::export`] and [`Publication::import`] for generations, [`Store::export_version`] and
//!   [`VersionBundle`] for versions.
//!
//! # What holds
//!
//! What was acknowledged is on the disk. A reader finds the generation of before or the new one, whole, whatever
//! instant a publisher is killed at. A draft never answers customers. The same content makes the same generation, and a
//! published generation answers as the preview of its draft did, bit for bit. The page `docs/design.md` has the files, the
//! tables, and what is assumed of the disk.
//!
//! # Untrusted input
//!
//! Bundles may come from anywhere: names that climb, links, sizes that cannot be and wrong checksums are refused before
//! anything of them is in place. The store and the publication folder belong to the editors: whoever may write there may
//! change what is answered.
//!
//! # Features
//!
//! `store`, on by default, is the editors' side: the store, checks, bundles. Without it the crate has publications and
//! their readers, and does without SQLite.

#[cfg(feature = "store")]
mod answer_diff;
#[cfg(feature = "store")]
mod bundle;
#[cfg(feature = "store")]
mod check;
mod error;
#[cfg(feature = "store")]
mod item;
mod live;
#[cfg(feature = "store")]
mod merge;
#[cfg(feature = "store")]
mod progress;
mod publication;
#[cfg(feature = "store")]
mod publish;
mod sealed;
#[cfg(feature = "store")]
mod store;

#[cfg(feature = "store")]
pub use answer_diff::{AnswerChange, AnswerDiff, ReplySummary, answer_diff, questions_of};
#[cfg(feature = "store")]
pub use bundle::{BundledGeneration, VersionBundle};
#[cfg(feature = "store")]
pub use check::{CheckOptions, Finding, FindingCode, TestResult, check, run_tests};
pub use dafu::{ErrorKind, Severity};
pub use error::{Error, Result};
#[cfg(feature = "store")]
pub use item::{Item, ItemKey, ItemKind, content_of, items_of};
pub use live::{Follower, Generation, Live, Reload};
#[cfg(feature = "store")]
pub use merge::{FieldConflict, Resolution};
#[cfg(feature = "store")]
pub use progress::Progress;
pub use publication::{BasisRule, GenerationInfo, Prepared, PruneRule, Pruned, Publication, Served};
#[cfg(feature = "store")]
pub use publish::{Publish, PublishOptions, Published, Refusal};
#[cfg(feature = "store")]
pub use store::{
    AuditRecord, Change, ChangeKind, Commit, Conflict, Draft, DraftInfo, Expectation, FieldChange, FieldOrigin,
    ImportSummary, ItemState, Revision, Store, TestQuestion, Version,
};
