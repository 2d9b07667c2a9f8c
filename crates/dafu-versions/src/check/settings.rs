use std::collections::HashSet;

use aho_corasick::{AhoCorasick, MatchKind};
use dafu::{AnswerBody, KnowledgeBase};
use rayon::prelude::*;

use super::{Finding, FindingCode};
use crate::item::{Item, ItemKey};

/// Words and synonyms that change nothing, because no text has what they are about.
pub(super) fn check(items: &[(ItemKey, Item)]) -> Vec<Finding> {
    let mut wanted: Vec<String> = Vec::new();
    for (_, item) in items {
        match item {
            Item::Word(word) => wanted.push(KnowledgeBase::normalize(word.word.as_str())),
            Item::Synonyms(group) => wanted.extend(group.to().iter().map(|w| KnowledgeBase::normalize(w.as_str()))),
            _ => {}
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let (in_phrasings, in_answers) = (found(&wanted, items, phrasings), found(&wanted, items, answers));
    let mut findings = Vec::new();
    for (key, item) in items {
        match item {
            Item::Word(word) => {
                let normal = KnowledgeBase::normalize(word.word.as_str());
                if !in_phrasings.contains(&normal) && !in_answers.contains(&normal) {
                    let message = "the word occurs in no phrasing and no answer";
                    let finding = Finding::new(FindingCode::WordWithoutEffect, message).of(key);
                    findings.push(finding.text(word.word.as_str()));
                }
            }
            Item::Synonyms(group) => {
                let mut to = group.to().iter().map(|word| KnowledgeBase::normalize(word.as_str()));
                if !to.any(|word| in_phrasings.contains(&word)) {
                    let words: Vec<&str> = group.to().iter().map(|word| word.as_str()).collect();
                    let message = "no phrasing has any of the words that the group leads to";
                    let finding = Finding::new(FindingCode::SynonymsWithoutEffect, message).of(key);
                    findings.push(finding.text(&words.join("、")));
                }
            }
            _ => {}
        }
    }
    findings
}

/// Returns which of the words occur in the texts of the items.
fn found(wanted: &[String], items: &[(ItemKey, Item)], texts: fn(&Item) -> Vec<&str>) -> HashSet<String> {
    let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(wanted);
    let Ok(automaton) = automaton else {
        // Too many words for an automaton: none is called useless then.
        return wanted.iter().cloned().collect();
    };
    let numbers: HashSet<usize> = items
        .par_iter()
        .flat_map_iter(|(_, item)| texts(item))
        .flat_map_iter(|text| {
            let normal = KnowledgeBase::normalize(text);
            let matches = automaton.find_overlapping_iter(&normal);
            matches.map(|found| found.pattern().as_usize()).collect::<Vec<_>>()
        })
        .collect();
    numbers.into_iter().map(|number| wanted[number].clone()).collect()
}

fn phrasings(item: &Item) -> Vec<&str> {
    match item {
        Item::Entry(entry) => entry
            .phrasings()
            .chain(&entry.excluded)
            .map(|text| text.as_str())
            .collect(),
        Item::StandardAnswer(answer) => vec![answer.title.as_str()],
        _ => Vec::new(),
    }
}

fn answers(item: &Item) -> Vec<&str> {
    match item {
        Item::Entry(entry) => {
            let bodies = entry.answers.iter().map(|answer| &answer.body);
            let texts = bodies.filter_map(|body| match body {
                AnswerBody::Text(text) => Some(text.as_str()),
                _ => None,
            });
            texts.collect()
        }
        Item::StandardAnswer(answer) => vec![answer.text.as_str()],
        Item::Template(template) => template.wordings().map(|text| text.as_str()).collect(),
        _ => Vec::new(),
    }
}
