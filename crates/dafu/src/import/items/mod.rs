//! What the fields of each kind of item mean.

mod entry;
mod setting;
mod standard_answer;
mod template;
mod test_question;

pub(super) use entry::{conditions, made_id};

use super::fields::Fields;
use super::report::Report;
use crate::mistake::Place;
use crate::model::{Id, Parts, Places, TestQuestion};

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Entry,
    StandardAnswer,
    Template,
    Synonyms,
    Word,
    StopWord,
    Handover,
    Settings,
    TestQuestion,
}

impl Kind {
    /// Reads the name that JSON Lines use.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "entry" => Self::Entry,
            "standard_answer" => Self::StandardAnswer,
            "template" => Self::Template,
            "synonyms" => Self::Synonyms,
            "word" => Self::Word,
            "stop_word" => Self::StopWord,
            "handover" => Self::Handover,
            "settings" => Self::Settings,
            "test_question" => Self::TestQuestion,
            _ => return None,
        })
    }
}

/// The items of all files so far.
///
/// An item with mistakes is there too, as far as it could be read: nothing comes of the import then, but other items
/// that refer to it are not blamed for it.
#[derive(Default)]
pub(super) struct Items {
    pub parts: Parts,
    pub places: Places,
    /// Which entries came without an id and have a made one, which may still have to give way to another's.
    pub made_ids: Vec<usize>,
    pub test_questions: Vec<TestQuestion>,
    /// Where the test questions were read, in the same order.
    pub test_places: Vec<Place>,
}

impl Items {
    /// Reads an item and adds it.
    pub fn add(&mut self, kind: Kind, mut fields: Fields<'_, '_>, report: &mut Report<'_>) {
        match kind {
            Kind::Entry => self.add_entry(fields, report),
            Kind::StandardAnswer => {
                let id: Option<Id> = fields.required("id", report);
                match standard_answer::read(id.clone(), fields, report) {
                    Some(answer) => {
                        self.parts.standard_answers.push(answer);
                        self.places.standard_answers.push(report.place.clone());
                    }
                    None => self.places.broken.extend(id),
                }
            }
            Kind::Template => {
                if let Some(template) = template::read(fields, report) {
                    self.parts.templates.push(template);
                    self.places.templates.push(report.place.clone());
                }
            }
            Kind::Synonyms => self.parts.settings.synonyms.extend(setting::synonyms(fields, report)),
            Kind::Word => self.parts.settings.words.extend(setting::word(fields, report)),
            Kind::StopWord => self
                .parts
                .settings
                .stop_words
                .extend(setting::stop_word(fields, report)),
            Kind::Handover => self.parts.settings.handover.extend(setting::handover(fields, report)),
            Kind::Settings => setting::settings(fields, &mut self.parts.settings, report),
            Kind::TestQuestion => {
                if let Some(question) = test_question::read(fields, report) {
                    self.test_questions.push(question);
                    self.test_places.push(report.place.clone());
                }
            }
        }
    }

    fn add_entry(&mut self, mut fields: Fields<'_, '_>, report: &mut Report<'_>) {
        let id: Option<Id> = fields.optional("id", report);
        let is_made = id.is_none();
        match entry::read(id.clone(), fields, report) {
            Some(entry) => {
                if is_made {
                    self.made_ids.push(self.parts.entries.len());
                }
                self.parts.entries.push(entry);
                self.places.entries.push(report.place.clone());
            }
            None => self.places.broken.extend(id),
        }
    }
}
