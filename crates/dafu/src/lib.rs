//! Answers customers' questions from a Chinese FAQ, inside the caller's process.
//!
//! A [`Content`] holds entries, standard answers and reply templates; a [`KnowledgeBase`] is built from it, in memory or
//! in an index folder, and replies to questions: with an answer, with choices, or with the reason why there is none.
//!
//! ```
//! use dafu::{AskOptions, Content, Decision, KnowledgeBase, Reason};
//!
//! let content = Content::from_jsonl(
//!     r#"{"id":"refund-time","question":"退款多久到账？","similar":["钱几时退回来"],"answer":"1-3个工作日到账。"}"#.as_bytes(),
//! )?;
//! let kb = KnowledgeBase::new(&content)?;
//! let reply = kb.ask("錢幾時退回來？", &AskOptions::new())?;
//! assert_eq!(reply.answer().and_then(|hit| hit.answer.as_deref()), Some("1-3个工作日到账。"));
//! let reply = kb.ask("转人工", &AskOptions::new())?;
//! assert_eq!(reply.decision, Decision::NoAnswer(Reason::HandoverRequested));
//! # Ok::<(), dafu::Error>(())
//! ```
//!
//! # Guide
//!
//! - Content: [`Content::open`] reads JSON Lines and CSV and, with the feature `xlsx`, workbooks, and reports all mistakes of
//!   a file at once; [`ContentBuilder`] reads several files, and what other systems export;
//!   [`Content::to_jsonl`] and [`Content::entries_to_csv`] write them.
//! - Building: [`KnowledgeBase::new`] in memory, [`KnowledgeBase::build_index`] in a folder that [`KnowledgeBase::open`]
//!   maps in milliseconds. The first build of a process loads the dictionary, about 100 ms and 33 MB; opening does not.
//! - Asking: [`KnowledgeBase::ask`] with [`AskOptions`]; [`KnowledgeBase::explain`] tells why.
//! - Agents: [`KnowledgeBase::search`], [`KnowledgeBase::suggest`], [`KnowledgeBase::templates`],
//!   [`KnowledgeBase::render`].
//!
//! # Limits and untrusted input
//!
//! Questions and files may be anything: [`Limits`] are enforced, there is no query language, and the work for a question
//! is bounded. Nothing leaves the process, and nothing is logged.
//!
//! # Determinism
//!
//! The same content, settings and release give the same replies and the same confidences, on every machine and with
//! any number of threads.
//!
//! # Format versions
//!
//! An index folder carries the version of its format and the fingerprint of its analysis. A release opens what it can
//! read, and says what to do about anything else.

mod analysis;
mod answer;
#[doc(hidden)]
pub mod chinese;
mod error;
mod export;
mod hash;
mod import;
mod index;
mod knowledge_base;
mod mistake;
mod model;
mod quote;
mod ranking;

pub use analysis::Encoder;
pub use answer::{
    AskOptions, Decision, Explanation, ExplanationOfEntry, Found, FoundKind, Hit, Reason, Reply, SearchOptions,
    SearchPage, Span,
};
pub use error::{Error, ErrorKind, Result};
#[cfg(feature = "xlsx")]
pub use export::{WorkbookLanguage, starter_workbook};
#[cfg(feature = "xlsx")]
pub use import::mark_mistakes;
pub use import::{ContentBuilder, CsvTable, Imported, Shape, Understood};
pub use index::BuildStage;
pub use knowledge_base::{BuildOptions, KnowledgeBase, Statistics, Suggestion, TemplateFilter};
pub use mistake::{Mistake, Severity};
pub use model::{
    Answer, AnswerBody, AnswerText, Audience, Category, Channel, Conditions, Content, Date, DictionaryWord, Entry,
    Escape, Id, InvalidValue, Limits, Locale, Metadata, MetadataKey, MetadataValue, Owner, Phrasing, Precision,
    Priority, RenderError, ReplyTemplate, Settings, Slot, SlotKind, SlotName, StandardAnswer, SynonymGroup, Tag,
    TestQuestion, Threshold, Timestamp, Validity, Word,
};
pub use ranking::Evidence;
