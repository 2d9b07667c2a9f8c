//! Entries that have nearly the same answer: one of them is edited one day, and the other forgotten.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use dafu::Entry;
use rayon::prelude::*;

use super::sameness::{SHORTEST_ANSWER, Side, is_same_answer};
use super::{Finding, FindingCode};
use crate::item::ItemKey;

/// Tells each entry whose answer an entry before it has. Entries that no customer can get both of are left out.
///
/// Only answers are compared that have some of their rarest pieces in common, so the time grows with the entries, and
/// not with their pairs.
pub(super) fn check(entries: &[&Entry]) -> Vec<Finding> {
    let answers: Vec<Option<Side>> = entries.par_iter().map(|entry| Side::of_answer(entry)).collect();
    let mut with_piece: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut findings = Vec::new();
    for (number, answer) in answers.iter().enumerate() {
        let Some(answer) = answer
            .as_ref()
            .filter(|answer| answer.letters().len() >= SHORTEST_ANSWER)
        else {
            continue;
        };
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        for piece in pieces(answer) {
            let before = with_piece.entry(piece).or_default();
            for other in before.iter() {
                *common.entry(*other).or_default() += 1;
            }
            // What so many answers have is a phrase of the house.
            if before.len() < HOUSE {
                before.push(number);
            }
        }
        let is_same = |other: usize| {
            let compared = answers[other].as_ref();
            is_together(entries[number], entries[other]) && compared.is_some_and(|other| is_same_answer(answer, other))
        };
        let near = common.into_iter().filter(|(_, pieces)| *pieces >= COMMON);
        if let Some((other, _)) = near.into_iter().find(|(other, _)| is_same(*other)) {
            let (key, other) = (entry_key(entries[number]), entry_key(entries[other]));
            let message = format!("the {other} has nearly the same answer");
            findings.push(
                Finding::new(FindingCode::SameAnswer, message)
                    .of(&key)
                    .field("answers")
                    .other(other),
            );
        }
    }
    findings
}

fn entry_key(entry: &Entry) -> ItemKey {
    ItemKey::entry(entry.id.as_str())
}

/// Whether some customer may get both entries.
fn is_together(one: &Entry, other: &Entry) -> bool {
    fn meet<T: PartialEq>(one: &[T], other: &[T]) -> bool {
        one.is_empty() || other.is_empty() || one.iter().any(|value| other.contains(value))
    }
    meet(&one.channels, &other.channels) && meet(&one.audiences, &other.audiences)
}

/// The pieces of a text with the smallest hashes: texts that have most of their pieces in common have most of these in
/// common, too (Broder, *On the resemblance and containment of documents*, 1997).
fn pieces(answer: &Side) -> Vec<u64> {
    let hash = |piece: &[char]| {
        let mut hasher = DefaultHasher::new();
        piece.hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes: Vec<u64> = answer.letters().windows(PIECE).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(PIECES);
    hashes
}

/// How many letters a piece has, how many of a text are kept, and how many two texts must have in common.
const PIECE: usize = 6;
const PIECES: usize = 24;
const COMMON: usize = 6;

/// How many answers may have a piece that tells anything.
const HOUSE: usize = 30;
