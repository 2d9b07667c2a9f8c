//! Answers customers' questions from a Chinese FAQ, inside the caller's process.

mod analysis;
mod answer;
mod error;
mod export;
mod import;
mod index;
mod knowledge_base;
mod mistake;
mod model;
mod quote;
mod ranking;

pub use answer::{
    AskOptions, Decision, Explanation, ExplanationOfEntry, Found, FoundKind, Hit, Reason, Reply, SearchOptions,
    SearchPage, Span,
};
pub use error::{Error, ErrorKind, Result};
pub use import::{ContentBuilder, CsvTable};
pub use knowledge_base::{BuildOptions, KnowledgeBase, Statistics, Suggestion, TemplateFilter};
pub use mistake::{Mistake, Severity};
pub use model::{
    Answer, AnswerBody, AnswerText, Audience, Category, Channel, Conditions, Content, Date, DictionaryWord, Entry,
    Escape, Id, InvalidValue, Limits, Locale, Metadata, MetadataKey, MetadataValue, Owner, Phrasing, Priority,
    RenderError, ReplyTemplate, Settings, Slot, SlotKind, SlotName, StandardAnswer, SynonymGroup, Tag, Threshold,
    Timestamp, Validity, Word,
};
pub use ranking::Evidence;
