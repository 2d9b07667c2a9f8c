//! What a knowledge base holds: entries, standard answers, reply templates and settings.
//!
//! A value of these types is always right. Whoever makes one learns at once what is wrong, and nothing is checked later.

mod answer;
mod audience;
mod content;
mod content_check;
mod date;
mod dictionary;
mod entry;
mod invalid_value;
pub(crate) mod limits;
mod names;
mod numbers;
mod phrasing_owners;
mod settings;
mod standard_answer;
mod synonyms;
mod template;
mod test_question;
mod text_value;
mod texts;
mod timestamp;
mod validity;

pub use answer::{Answer, AnswerBody, Conditions};
pub use audience::Audience;
pub use content::Content;
pub(crate) use content_check::{Parts, Places};
pub use date::Date;
pub use dictionary::DictionaryWord;
pub(crate) use dictionary::invalid_frequency;
pub use entry::Entry;
pub use invalid_value::InvalidValue;
pub use limits::Limits;
pub(crate) use names::is_comma;
pub use names::{Category, Channel, Id, Locale, MetadataKey, Owner, Tag};
pub use numbers::{Precision, Priority, Threshold};
pub use settings::Settings;
pub use standard_answer::StandardAnswer;
pub use synonyms::SynonymGroup;
pub use template::{Escape, RenderError, ReplyTemplate, Slot, SlotKind, SlotName};
pub use test_question::TestQuestion;
pub use texts::{AnswerText, MetadataValue, Phrasing, Word};
pub use timestamp::Timestamp;
pub use validity::Validity;

/// The editor's own facts about an item: not searched, handed back with it.
pub type Metadata = std::collections::BTreeMap<MetadataKey, MetadataValue>;
