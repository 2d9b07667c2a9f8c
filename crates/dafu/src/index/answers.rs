use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;

use super::files::engine;
use super::open::Index;
use crate::analysis::{Question, TokenKind};
use crate::error::Result;

/// How well the answers of entries match a question: found by words that stand in the answer only.
#[derive(Debug, Default)]
pub(crate) struct AnswerMatches {
    /// The first document.
    first: u32,
    /// For each document, the share of the question's weight that it has.
    scores: Vec<f32>,
}

impl AnswerMatches {
    /// The answer documents nearest to a question: BM25 with k₁ = 1.2 and b = 0.75, as a share of what the question
    /// would score in a text that is all question.
    pub(crate) fn new(index: &Index, question: &Question) -> Result<Self> {
        let docs = index.long_texts();
        if docs.is_empty() {
            return Ok(Self::default());
        }
        let failed = |e: std::io::Error| engine("looking answers up", e.into());
        let count = docs.len() as f32;
        let mean_len = (index.answer.total_num_tokens() as f32 / count).max(1.0);
        let mut possible = 0.0;
        let mut terms: Vec<(TermInfo, f32)> = Vec::new();
        let mut text = String::new();
        for token in question
            .tokens
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Pair))
        {
            text.clear();
            token.write_term(&mut text);
            let info = index.answer.terms().get(text.as_bytes()).map_err(failed)?;
            let n = info.as_ref().map_or(0, |info| info.doc_freq) as f32;
            let part = if token.kind == TokenKind::Word { 1.0 } else { 0.5 };
            let weight = part * libm::logf(1.0 + (count - n + 0.5).max(0.0) / (n + 0.5));
            possible += weight * (K1 + 1.0);
            terms.extend(info.map(|info| (info, weight)));
        }
        terms.sort_by_key(|(info, _)| info.doc_freq);
        let mut scores = vec![0.0; docs.len()];
        let mut budget = POSTINGS;
        for (info, weight) in terms {
            let Some(left) = budget.checked_sub(info.doc_freq) else {
                break;
            };
            budget = left;
            let block = index
                .answer
                .read_block_postings_from_terminfo(&info, IndexRecordOption::WithFreqs);
            let mut block = block.map_err(failed)?;
            while !block.docs().is_empty() {
                for (doc, tf) in block.docs().iter().zip(block.freqs()) {
                    let len = index.answer_len(*doc) as f32 / mean_len;
                    let tf = *tf as f32;
                    let score = weight * tf * (K1 + 1.0) / (tf + K1 * (1.0 - B + B * len));
                    if let Some(sum) = doc.checked_sub(docs.start).and_then(|at| scores.get_mut(at as usize)) {
                        *sum += score;
                    }
                }
                block.advance();
            }
        }
        let scale = if possible > 0.0 { 1.0 / possible } else { 0.0 };
        scores.iter_mut().for_each(|score| *score *= scale);
        Ok(Self {
            first: docs.start,
            scores,
        })
    }

    /// The share of a document, 0..=1.
    pub(crate) fn of(&self, doc: u32) -> f32 {
        let at = doc.checked_sub(self.first).map(|at| at as usize);
        at.and_then(|at| self.scores.get(at))
            .map_or(0.0, |share| share.min(1.0))
    }

    /// The best documents of those that `want` takes, the best first.
    pub(crate) fn best(&self, limit: usize, mut want: impl FnMut(u32) -> bool) -> Vec<(u32, f32)> {
        let mut best: Vec<(u32, f32)> = Vec::with_capacity(limit + 1);
        for (doc, share) in (self.first..).zip(&self.scores) {
            let worst = if best.len() < limit { 0.0 } else { best[limit - 1].1 };
            if *share > worst && want(doc) {
                let place = best.partition_point(|(_, other)| other >= share);
                best.insert(place, (doc, *share));
                best.truncate(limit);
            }
        }
        best
    }
}

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// How many occurrences of tokens in answers are scored for a question at most.
const POSTINGS: u32 = 20_000;
