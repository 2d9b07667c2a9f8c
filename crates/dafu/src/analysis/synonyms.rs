use std::collections::HashMap;

use super::normalize::Normalized;
use crate::model::SynonymGroup;

/// For a word of a question, the words that the index may have in its place.
#[derive(Debug, Default)]
pub(super) struct Synonyms {
    by_word: HashMap<Box<str>, Vec<Synonym>>,
}

/// Another word, and how much of the asked word's weight a match of it is worth: in (0, 1].
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Synonym {
    pub(super) chars: Box<[char]>,
    pub(super) weight: f32,
}

impl Synonyms {
    pub(super) fn new(groups: &[SynonymGroup]) -> Self {
        let mut synonyms = Self::default();
        for group in groups {
            for from in group.from() {
                for to in group.to() {
                    synonyms.add(
                        &Normalized::new(from.as_str()),
                        &Normalized::new(to.as_str()),
                        group.weight(),
                    );
                }
            }
        }
        synonyms
    }

    pub(super) fn of(&self, word: &str) -> &[Synonym] {
        self.by_word.get(word).map_or(&[], Vec::as_slice)
    }

    pub(super) fn words(&self) -> impl Iterator<Item = String> {
        self.by_word.iter().flat_map(|(from, to)| {
            std::iter::once(from.to_string()).chain(to.iter().map(|synonym| synonym.chars.iter().collect()))
        })
    }

    /// A word pair that two groups give keeps the greater weight.
    fn add(&mut self, from: &Normalized, to: &Normalized, weight: f32) {
        if from == to || from.chars().is_empty() || to.chars() == from.chars() {
            return;
        }
        let known = self.by_word.entry(from.text().into()).or_default();
        match known.iter_mut().find(|synonym| *synonym.chars == *to.chars()) {
            Some(synonym) => synonym.weight = synonym.weight.max(weight),
            None => known.push(Synonym {
                chars: to.chars().into(),
                weight,
            }),
        }
    }
}
