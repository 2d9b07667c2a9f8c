use std::collections::HashSet;

use crate::error::Result;
use crate::hash::fnv1a;
use crate::model::{Audience, Content, Entry, Phrasing};

/// A content without some of its phrasings and entries, and these as questions.
pub(super) struct HeldOut {
    pub(super) content: Content,
    pub(super) questions: Vec<Question>,
}

/// A question of which it is known who answers it.
pub(super) struct Question {
    pub(super) text: String,
    /// The number of the entry in the content that is left; none if the entry was taken out as a whole.
    pub(super) right: Option<u32>,
    /// How much it counts.
    pub(super) counts: f64,
}

impl HeldOut {
    /// Takes phrasings and entries out; nothing if there are too few to learn from.
    ///
    /// What is taken is chosen by a hash of its text: the same in every build.
    pub(super) fn of(content: &Content) -> Result<Option<Self>> {
        let asked: Vec<&Entry> = content.entries().iter().filter(|entry| is_asked(entry)).collect();
        let spare: usize = asked.iter().map(|entry| entry.similar.len().min(MOST_EACH)).sum();
        // Nothing needs to be copied to see that so few phrasings make too few questions.
        if spare < LEAST {
            return Ok(None);
        }
        let hidden = hidden(&asked);
        let mut questions = Vec::new();
        let mut left = Vec::with_capacity(content.entries().len());
        for entry in content.entries() {
            if hidden.contains(entry.id.as_str()) {
                let chosen = by_hash(entry).into_iter().take(HIDDEN_QUESTIONS);
                questions.extend(chosen.map(|phrasing| Question {
                    text: phrasing.to_string(),
                    right: None,
                    counts: 1.0,
                }));
                continue;
            }
            let out = if is_asked(entry) {
                taken(entry, spare)
            } else {
                Vec::new()
            };
            questions.extend(out.iter().map(|phrasing| Question {
                text: phrasing.to_string(),
                right: Some(left.len() as u32),
                counts: 1.0,
            }));
            left.push(without(entry, &out));
        }
        if questions.iter().filter(|question| question.right.is_some()).count() < LEAST {
            return Ok(None);
        }
        weigh(&mut questions, &left);
        let library = content.standard_answers().to_vec();
        let content = Content::new(left, library, Vec::new(), content.settings().clone())?;
        Ok(Some(Self { content, questions }))
    }
}

/// Customers may ask it at any time.
fn is_asked(entry: &Entry) -> bool {
    entry.enabled && (entry.audiences.is_empty() || entry.audiences.contains(&Audience::Customer))
}

/// The ids of the entries that are taken out as a whole.
fn hidden<'e>(entries: &[&'e Entry]) -> HashSet<&'e str> {
    let mut by_hash: Vec<(u64, &str)> = entries.iter().map(|e| (hash(e.id.as_str()), e.id.as_str())).collect();
    by_hash.sort_unstable();
    let count = (entries.len() / HIDDEN_PART).min(MOST_HIDDEN);
    by_hash.into_iter().take(count).map(|(_, id)| id).collect()
}

/// The phrasings that are taken out of an entry: about an eighth of them, and so many of all entries that there are
/// questions enough and not too many.
fn taken(entry: &Entry, spare: usize) -> Vec<Phrasing> {
    let usual = usual(entry.similar.len());
    // Of a large knowledge base, some entries are enough.
    let usual = match spare / 8 > MOST {
        true if hash(entry.question.as_str()) as usize % (spare / 8) >= MOST => 0,
        _ => usual,
    };
    by_hash(entry).into_iter().take(usual).cloned().collect()
}

/// How many of so many phrasings are taken out where that makes neither too many nor too few.
fn usual(phrasings: usize) -> usize {
    phrasings.min(MOST_EACH).div_ceil(8)
}

/// Makes questions count as if all entries had been asked, those with one phrasing, too, of which none can be taken out:
/// else it would seem that those with more are asked more often. All together count as many as so many even ones would
/// tell (Kish's effective sample size, (Σ w)² / Σ w²).
fn weigh(questions: &mut [Question], left: &[Entry]) {
    let size = |entry: &Entry| entry.similar.len().min(SIZES - 1);
    let (mut customers, mut asked) = ([0.0; SIZES], [0.0; SIZES]);
    for entry in left.iter().filter(|entry| entry.enabled) {
        customers[size(entry)] += usual(1 + entry.similar.len()) as f64;
    }
    let size_of = |question: &Question| question.right.map(|right| size(&left[right as usize]));
    questions.iter().filter_map(size_of).for_each(|size| asked[size] += 1.0);
    let (mut sum, mut squares) = (0.0, 0.0);
    for question in &mut *questions {
        if let Some(size) = size_of(question) {
            question.counts = customers[size] / asked[size];
            sum += question.counts;
            squares += question.counts * question.counts;
        }
    }
    for question in questions.iter_mut().filter(|question| question.right.is_some()) {
        question.counts *= sum / squares;
    }
}

/// The similar questions in an order that has nothing to do with what they say.
fn by_hash(entry: &Entry) -> Vec<&Phrasing> {
    let mut phrasings: Vec<&Phrasing> = entry.similar.iter().collect();
    phrasings.sort_by_key(|phrasing| hash(phrasing.as_str()));
    phrasings
}

/// What is left of an entry, open to all who ask.
fn without(entry: &Entry, out: &[Phrasing]) -> Entry {
    let mut left = Entry::new(entry.id.clone(), entry.question.clone());
    left.similar = entry
        .similar
        .iter()
        .filter(|phrasing| !out.contains(phrasing))
        .cloned()
        .collect();
    left.excluded = entry.excluded.clone();
    left.answers = entry.answers.clone();
    left
}

/// The same on every machine; without the lowest bits, which say least of the whole text.
fn hash(text: &str) -> u64 {
    fnv1a(text.as_bytes()) >> 8
}

/// So many questions at least are needed to fit weights to.
const LEAST: usize = 100;

/// About so many are asked at most.
const MOST: usize = 2_000;

/// So many phrasings of an entry at most count when some are taken out.
const MOST_EACH: usize = 64;

/// Entries with so many phrasings and more are of one size.
const SIZES: usize = 4;

/// One entry of so many is taken out as a whole.
const HIDDEN_PART: usize = 10;

const MOST_HIDDEN: usize = 300;

/// So many questions are asked for each of them.
const HIDDEN_QUESTIONS: usize = 2;
