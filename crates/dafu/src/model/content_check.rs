//! What must hold between the items of a knowledge base.

use std::collections::HashSet;

use super::content::Content;
use super::phrasing_owners::PhrasingOwners;
use crate::error::{Error, Result};
use crate::mistake::{Mistake, Mistakes, Place};
use crate::model::{AnswerBody, Entry, Id, Limits, Phrasing, ReplyTemplate, Settings, StandardAnswer};
use crate::quote::quote;

/// The items of a knowledge base before they are checked against each other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub entries: Vec<Entry>,
    pub standard_answers: Vec<StandardAnswer>,
    pub templates: Vec<ReplyTemplate>,
    pub settings: Settings,
}

/// Where the items of [`Parts`] were read, in the same order; empty where they were not read from a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub entries: Vec<Place>,
    pub standard_answers: Vec<Place>,
    pub templates: Vec<Place>,
    /// Ids of items that are left out because they have mistakes of their own: to refer to them is not another one.
    pub broken: HashSet<Id>,
}

impl Parts {
    /// Returns the content, unless `errors` holds mistakes by then.
    pub fn check(mut self, places: &Places, errors: Mistakes, warnings: Mistakes, action: &str) -> Result<Content> {
        let mut check = Check {
            places,
            errors,
            warnings,
        };
        check.limits(&self);
        check.ids(&self);
        check.phrasings(&mut self.entries);
        check.answers(&self.entries);
        let Check {
            errors, mut warnings, ..
        } = check;
        if errors.total() > 0 {
            return Err(Error::from_mistakes(action, errors));
        }
        warnings.sort();
        Ok(Content::checked(self, warnings))
    }
}

struct Check<'a> {
    places: &'a Places,
    errors: Mistakes,
    warnings: Mistakes,
}

impl Check<'_> {
    fn limits(&mut self, parts: &Parts) {
        let Parts {
            entries,
            standard_answers,
            templates,
            settings,
        } = parts;
        let phrasings = count_phrasings(entries);
        let words = settings.words.len() + settings.stop_words.len();
        for (what, count, limit) in [
            ("entries", entries.len(), Limits::ENTRIES),
            ("phrasings", phrasings, Limits::PHRASINGS),
            ("standard answers", standard_answers.len(), Limits::ENTRIES),
            ("templates", templates.len(), Limits::ENTRIES),
            ("synonym groups", settings.synonyms.len(), Limits::SETTINGS),
            ("dictionary and stop words", words, Limits::SETTINGS),
            ("handover phrases", settings.handover.len(), Limits::SETTINGS),
        ] {
            if count > limit {
                let message = format!("there are {count} {what}");
                self.errors.push(Mistake::error(
                    message,
                    format!("split the content: at most {limit} are allowed"),
                ));
            }
        }
        for (index, entry) in entries.iter().enumerate() {
            for (field, count, limit) in [
                ("similar", entry.similar.len(), Limits::SIMILAR_PER_ENTRY),
                ("excluded", entry.excluded.len(), Limits::SIMILAR_PER_ENTRY),
                ("answers", entry.answers.len(), Limits::ANSWERS_PER_ENTRY),
                ("tags", entry.tags.len(), Limits::LIST),
                ("channels", entry.channels.len(), Limits::LIST),
                ("audiences", entry.audiences.len(), Limits::LIST),
                ("related", entry.related.len(), Limits::LIST),
                ("follow_ups", entry.follow_ups.len(), Limits::LIST),
                ("metadata", entry.metadata.len(), Limits::LIST),
            ] {
                self.list(
                    entry_place(self.places, index),
                    "entry",
                    &entry.id,
                    (field, count, limit),
                );
            }
        }
        for (index, answer) in standard_answers.iter().enumerate() {
            for (field, count) in [("tags", answer.tags.len()), ("metadata", answer.metadata.len())] {
                let place = place_of(&self.places.standard_answers, index);
                self.list(place, "standard answer", &answer.id, (field, count, Limits::LIST));
            }
        }
        for (index, template) in templates.iter().enumerate() {
            let counts = [
                ("tags", template.tags().len()),
                ("channels", template.channels().len()),
                ("metadata", template.metadata().len()),
            ];
            for (field, count) in counts {
                let place = place_of(&self.places.templates, index);
                self.list(place, "template", template.id(), (field, count, Limits::LIST));
            }
        }
    }

    fn list(&mut self, place: Place, what: &str, id: &Id, (field, count, limit): (&str, usize, usize)) {
        if count > limit {
            let message = format!("the {what} {} has {count} items there", quote(id.as_str()));
            let mistake = Mistake::error(message, format!("keep at most {limit}"));
            let in_table = if field == "answers" { "answer" } else { field };
            self.errors.push(mistake.at_field(&place, field, in_table));
        }
    }

    fn ids(&mut self, parts: &Parts) {
        let places = self.places;
        let entries = self.unique("entry", parts.entries.iter().map(|entry| &entry.id), &places.entries);
        let answers = parts.standard_answers.iter().map(|answer| &answer.id);
        let answers = self.unique("standard answer", answers, &places.standard_answers);
        self.unique(
            "template",
            parts.templates.iter().map(ReplyTemplate::id),
            &places.templates,
        );
        for (index, entry) in parts.entries.iter().enumerate() {
            for id in &entry.related {
                if !entries.contains(id) && !places.broken.contains(id) {
                    self.unknown(index, ("related", "related"), "entry", id);
                }
            }
            for answer in &entry.answers {
                if let AnswerBody::Standard(id) = &answer.body
                    && !answers.contains(id)
                    && !places.broken.contains(id)
                {
                    self.unknown(index, ("answers", "standard_answer"), "standard answer", id);
                }
            }
        }
    }

    fn unique<'a>(&mut self, what: &str, ids: impl Iterator<Item = &'a Id>, places: &[Place]) -> HashSet<&'a Id> {
        let mut seen = HashSet::with_capacity(ids.size_hint().0);
        for (index, id) in ids.enumerate() {
            if !seen.insert(id) {
                let message = format!("the id {} belongs to another {what} already", quote(id.as_str()));
                let mistake = Mistake::error(message, "give each its own id, or delete one of the two");
                self.errors.push(mistake.at_field(&place_of(places, index), "id", "id"));
            }
        }
        seen
    }

    fn unknown(&mut self, entry: usize, (field, in_table): (&str, &str), what: &str, id: &Id) {
        let message = format!("there is no {what} with the id {}", quote(id.as_str()));
        let mistake = Mistake::error(message, "correct the id, or add what it names");
        self.errors
            .push(mistake.at_field(&entry_place(self.places, entry), field, in_table));
    }

    /// Drops what an entry has twice, and warns of what two entries share.
    fn phrasings(&mut self, entries: &mut [Entry]) {
        let mut owners = PhrasingOwners::with_capacity(count_phrasings(entries));
        for index in 0..entries.len() {
            self.drop_repeated(index, &mut entries[index]);
            for (number, phrasing) in entries[index].phrasings().enumerate() {
                let Some(owner) = owners.claim(entries, index, number) else {
                    continue;
                };
                let message = format!(
                    "{} stands under the entries {} and {}",
                    quote(phrasing.as_str()),
                    quote(entries[owner].id.as_str()),
                    quote(entries[index].id.as_str())
                );
                let mistake = Mistake::warning(message, "keep it where it belongs");
                let field = if number == 0 { "question" } else { "similar" };
                self.warnings
                    .push(mistake.at_field(&entry_place(self.places, index), field, field));
            }
        }
    }

    fn drop_repeated(&mut self, index: usize, entry: &mut Entry) {
        if !has_repeated(entry) {
            return;
        }
        let mut seen = HashSet::from([entry.question.as_str()]);
        let repeated: Vec<bool> = entry
            .similar
            .iter()
            .map(|phrasing| !seen.insert(phrasing.as_str()))
            .collect();
        for (phrasing, _) in entry.similar.iter().zip(&repeated).filter(|(_, repeated)| **repeated) {
            let message = format!("{} is there twice and was dropped once", quote(phrasing.as_str()));
            let mistake = Mistake::warning(message, "delete one of the two");
            self.warnings
                .push(mistake.at_field(&entry_place(self.places, index), "similar", "similar"));
        }
        let mut repeated = repeated.into_iter();
        entry.similar.retain(|_| !repeated.next().unwrap_or_default());
    }

    /// Warns once of all entries without an answer: a draft may have thousands.
    fn answers(&mut self, entries: &[Entry]) {
        let mut without = entries.iter().enumerate().filter(|(_, entry)| entry.answers.is_empty());
        let Some((index, first)) = without.next() else {
            return;
        };
        let id = quote(first.id.as_str());
        let message = match without.count() {
            0 => format!("the entry {id} has no answer"),
            more => format!("{} entries have no answer, the first is {id}", more + 1),
        };
        let mistake = Mistake::warning(message, "add an answer, or disable the entry");
        self.warnings
            .push(mistake.at_field(&entry_place(self.places, index), "answers", "answer"));
    }
}

fn count_phrasings(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| 1 + entry.similar.len()).sum()
}

/// Says whether an entry has a phrasing twice: quick, because hardly any has.
fn has_repeated(entry: &Entry) -> bool {
    let mut phrasings: Vec<&Phrasing> = entry.phrasings().collect();
    phrasings.sort_unstable();
    phrasings.windows(2).any(|pair| pair[0] == pair[1])
}

fn entry_place(places: &Places, index: usize) -> Place {
    place_of(&places.entries, index)
}

fn place_of(places: &[Place], index: usize) -> Place {
    places.get(index).cloned().unwrap_or_default()
}
