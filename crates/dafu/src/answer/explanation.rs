use std::collections::HashSet;

use serde::Serialize;

use super::decide::{ask, read, read_entry};
use super::options::AskOptions;
use super::reply::Decision;
use crate::error::Result;
use crate::index::Index;
use crate::ranking::{Evidence, Mix, Ranked, rank};

/// Why a question gets its reply.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What is done about the question.
    pub decision: Decision,
    /// The question as it is compared: simplified, lower case, numerals as digits.
    pub normalized: String,
    /// The tokens that were looked up.
    pub tokens: Vec<String>,
    /// Synonyms of the question's words, and the part of their weight that counts.
    pub synonyms: Vec<(String, f32)>,
    /// The entries in their order, the best first.
    pub entries: Vec<ExplanationOfEntry>,
    /// Entries that a condition shuts out.
    pub shut_out: Vec<ExplanationOfEntry>,
    /// The fingerprint of the analysis.
    pub fingerprint: String,
    /// How many held-out questions the confidence was calibrated on; 0 for a knowledge base that has too few phrasings,
    /// which takes the calibration that dafu ships.
    pub calibrated_on: usize,
    /// What makes vectors of texts; none for an index without meanings, which compares words and characters only.
    pub encoder: Option<String>,
}

/// Why an entry has its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ExplanationOfEntry {
    /// Its id.
    pub entry: String,
    /// Its phrasing that agrees best with the question.
    pub phrasing: String,
    /// How it agrees with the question.
    pub evidence: Evidence,
    /// What the entries are ordered by.
    pub score: f32,
    /// How likely it is right, in 0..=1.
    pub confidence: f32,
    /// Whether the question is nearer to a phrasing that the entry excludes.
    pub excluded: bool,
}

/// Explains the reply to a question.
pub(crate) fn explain(
    index: &Index,
    mix: &Mix,
    handover: &HashSet<String>,
    text: &str,
    options: &AskOptions,
) -> Result<Explanation> {
    let decision = ask(index, mix, handover, text, options)?.decision;
    let mut explanation = Explanation {
        decision,
        normalized: String::new(),
        tokens: Vec::new(),
        synonyms: Vec::new(),
        entries: Vec::new(),
        shut_out: Vec::new(),
        fingerprint: index.fingerprint().to_owned(),
        calibrated_on: mix.questions(),
        encoder: index.encoder().map(str::to_owned),
    };
    let Ok(question) = read(index, text)? else {
        return Ok(explanation);
    };
    let at = index.open_at(&options.filter())?;
    let ranking = rank(index, mix, &question, |entry| index.is_open(&at, entry))?;
    let describe = |ranked: &Ranked| {
        Ok(ExplanationOfEntry {
            entry: read_entry(index, ranked.entry)?.id.as_str().to_owned(),
            phrasing: index.phrasing_text(ranked.phrasing).to_owned(),
            evidence: ranked.evidence,
            score: ranked.score,
            confidence: ranked.confidence,
            excluded: ranked.excluded,
        })
    };
    explanation.entries = ranking.open.iter().map(describe).collect::<Result<_>>()?;
    explanation.shut_out = ranking.shut_out.iter().map(describe).collect::<Result<_>>()?;
    explanation.normalized = question.normalized.text();
    // What is a word and a pair of characters, too, is told once.
    let mut told = HashSet::new();
    let tokens = question.tokens.iter().filter(|token| told.insert(&*token.text));
    explanation.tokens = tokens.map(|token| token.text.to_string()).collect();
    explanation.synonyms = question
        .synonyms
        .iter()
        .filter_map(|synonym| Some((synonym.tokens.first()?.text.to_string(), synonym.part)))
        .collect();
    Ok(explanation)
}
