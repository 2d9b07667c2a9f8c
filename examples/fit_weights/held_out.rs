//! Questions whose right entry is known, or known to be missing.

use dafu::{AskOptions, Audience, Content, Entry, KnowledgeBase, Phrasing, Validity};
use dafu_examples::stable_hash;

/// A question that was asked, with the evidence for each candidate.
pub struct Asked {
    pub names: Vec<&'static str>,
    pub candidates: Vec<Vec<f64>>,
    /// Which candidate is right; none if no entry is.
    pub right: Option<usize>,
    /// How much it counts for the confidence.
    pub counts: f64,
}

impl Asked {
    /// The candidate with the greatest weighted sum.
    pub fn best(&self, weights: &[f64]) -> Option<usize> {
        let sums: Vec<f64> = self
            .candidates
            .iter()
            .map(|candidate| dot(candidate, weights))
            .collect();
        (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b]))
    }
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Asks labelled questions, whatever the day: entries outside of their validity windows answer, too.
pub fn ask_labelled(content: &Content, questions: &str, counts: f64) -> Result<Vec<Asked>, String> {
    let mut entries = content.entries().to_vec();
    entries.iter_mut().for_each(|entry| entry.valid = Validity::default());
    let kb = knowledge_base(content, entries)?;
    let mut asked = Vec::new();
    for line in questions.lines() {
        let mut fields = line.split('\t');
        let (Some(question), Some(right)) = (fields.next(), fields.next()) else {
            continue;
        };
        asked.extend(ask_one(
            &kb,
            question,
            Some(right).filter(|right| *right != "-"),
            counts,
        )?);
    }
    Ok(asked)
}

/// How many phrasings of each entry a knowledge base keeps.
#[derive(Debug, Clone, Copy)]
pub enum Kept {
    All,
    /// So many at most.
    Most(usize),
    /// One, two, four, eight or all, from entry to entry: what makes entries with few phrasings differ from those with
    /// many can only be told where both stand side by side.
    Mixed,
}

impl Kept {
    fn of(self, entry: &Entry) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::Most(most) => most,
            Self::Mixed => [1, 2, 4, 8, usize::MAX][(stable_hash(entry.question.as_str()) % 5) as usize],
        }
    }
}

/// Asks held-out phrasings of knowledge bases that keep some of an entry's phrasings, and questions of other contents
/// that none of them answers. `counts` is for the former; the latter always count.
pub fn ask_held_out(content: &Content, kept: Kept, foreign: &[String], counts: f64) -> Result<Vec<Asked>, String> {
    let mut asked = Vec::new();
    for fold in 0..FOLDS {
        let mut entries = Vec::new();
        let mut questions: Vec<(String, Option<&str>)> = Vec::new();
        for entry in content
            .entries()
            .iter()
            .filter(|entry| !entry.audiences.contains(&Audience::Agent))
        {
            let mut phrasings: Vec<Phrasing> = entry.phrasings().cloned().collect();
            // The standard question stays in place, the others come in an order that has nothing to do with it.
            phrasings[1..].sort_by_key(|phrasing| stable_hash(phrasing.as_str()));
            if stable_hash(entry.id.as_str()) % HIDDEN == fold {
                questions.extend(
                    phrasings
                        .iter()
                        .skip(1)
                        .take(2)
                        .map(|phrasing| (phrasing.to_string(), None)),
                );
                continue;
            }
            if let Some(others) = (phrasings.len() as u64).checked_sub(1).filter(|others| *others > 0) {
                let out = phrasings.remove(1 + (fold % others) as usize);
                questions.push((out.to_string(), Some(entry.id.as_str())));
                phrasings.truncate(kept.of(entry));
            }
            entries.push(without_conditions(entry, &phrasings));
        }
        let kb = knowledge_base(content, entries)?;
        let step = questions.len().div_ceil(MOST).max(1);
        for (question, right) in questions.iter().step_by(step) {
            asked.extend(ask_one(&kb, question, *right, counts)?);
        }
        let step = foreign.len().div_ceil(MOST_FOREIGN).max(1);
        for question in foreign.iter().skip(fold as usize).step_by(step) {
            asked.extend(ask_one(&kb, question, None, 1.0)?);
        }
    }
    Ok(asked)
}

/// A knowledge base of some entries of a content.
fn knowledge_base(content: &Content, entries: Vec<Entry>) -> Result<KnowledgeBase, String> {
    let settings = content.settings().clone();
    Content::new(entries, content.standard_answers().to_vec(), Vec::new(), settings)
        .and_then(|content| KnowledgeBase::new(&content))
        .map_err(|e| e.to_string())
}

fn ask_one(kb: &KnowledgeBase, question: &str, right: Option<&str>, counts: f64) -> Result<Option<Asked>, String> {
    let explanation = kb.explain(question, &AskOptions::new()).map_err(|e| e.to_string())?;
    let is_right = |id: &str| right.is_some_and(|right| right.split(',').any(|right| right == id));
    let place = explanation.entries.iter().position(|entry| is_right(&entry.entry));
    // A right entry that recall did not find teaches the ranking nothing.
    if explanation.entries.is_empty() || (right.is_some() && place.is_none()) {
        return Ok(None);
    }
    let parts = explanation.entries.iter().map(|entry| entry.evidence.parts());
    Ok(Some(Asked {
        names: explanation.entries[0]
            .evidence
            .parts()
            .iter()
            .map(|(name, _)| *name)
            .collect(),
        candidates: parts
            .map(|parts| parts.iter().map(|(_, part)| f64::from(*part)).collect())
            .collect(),
        right: place,
        counts,
    }))
}

fn without_conditions(entry: &Entry, phrasings: &[Phrasing]) -> Entry {
    let mut out = Entry::new(entry.id.clone(), phrasings[0].clone());
    out.similar = phrasings[1..].to_vec();
    out.answers = entry.answers.clone();
    out
}

const FOLDS: u64 = 4;

/// One of so many entries is left out.
const HIDDEN: u64 = 8;

/// Questions of a content that are asked at most in each fold.
const MOST: usize = 1_500;

/// Questions of other contents that are asked at most in each fold.
const MOST_FOREIGN: usize = 150;
