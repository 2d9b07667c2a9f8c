//! A knowledge base that does not know everything: some entries are left out, and their questions have no answer.

use std::collections::HashSet;

use dafu::{Content, Entry};
use dafu_examples::stable_hash;

use crate::questions::Labelled;

/// Leaves a share of the entries out, chosen by a hash of their ids, and tells the questions whose right entries are
/// all gone that none is right.
pub fn hide(content: &Content, share: f64, questions: &mut [Labelled]) -> Result<Content, String> {
    let mut by_hash: Vec<(u64, &str)> = content
        .entries()
        .iter()
        .map(|e| (stable_hash(e.id.as_str()), e.id.as_str()))
        .collect();
    by_hash.sort_unstable();
    let count = (by_hash.len() as f64 * share).round() as usize;
    let hidden: HashSet<&str> = by_hash.into_iter().take(count).map(|(_, id)| id).collect();
    for question in questions {
        question.right.retain(|id| !hidden.contains(id.as_str()));
    }
    let left = content
        .entries()
        .iter()
        .filter(|entry| !hidden.contains(entry.id.as_str()));
    let left = left.map(|entry| without_references_to(&hidden, entry)).collect();
    let (library, templates) = (content.standard_answers().to_vec(), content.templates().to_vec());
    Content::new(left, library, templates, content.settings().clone()).map_err(|e| e.to_string())
}

fn without_references_to(hidden: &HashSet<&str>, entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    entry.related.retain(|id| !hidden.contains(id.as_str()));
    entry
}
