use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

use super::build::Texts;
use super::open::{Index, Kind};
use super::postings::NOWHERE;
use crate::analysis::join_texts;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{AnswerBody, Content};

/// What an index takes from an earlier one, its basis: see `docs/design.md`, *An index upon another*.
pub(super) struct Basis<'b> {
    pub(super) index: &'b Index,
    /// For each entry the one of the basis with the same id and the same phrasings.
    entries: Vec<Option<u32>>,
    /// For each phrasing and excluded phrasing its document in the basis.
    short: Vec<Option<u32>>,
    /// For each answer its document in the basis.
    answers: Vec<Option<u32>>,
}

impl<'b> Basis<'b> {
    /// Compares a content with the basis. `cards` are its entries as they stand among the items.
    pub(super) fn new(index: &'b Index, content: &Content, texts: &Texts<'_>, cards: &[Vec<u8>]) -> Result<Self> {
        let mut entries = Vec::with_capacity(content.entries().len());
        let mut answers = vec![None; texts.answers.len()];
        let mut own_answers = (0..).zip(&texts.answers).peekable();
        let mut short = vec![None; texts.phrasings.len() + texts.excluded.len()];
        for (number, entry) in content.entries().iter().enumerate() {
            let own_answer = own_answers.next_if(|(_, (owner, _))| *owner as usize == number);
            let there = index.number(Kind::Entry, entry.id.as_str())?;
            entries.push(there.filter(|there| texts.are_those_of(number, index, *there)));
            if let Some(there) = entries[number] {
                let [phrasings, excluded] = texts.short_of(number);
                short[phrasings].copy_from_slice(&documents(index.phrasings_of(there)));
                short[excluded].copy_from_slice(&documents(index.excluded_of(there)));
            }
            if let (Some((place, _)), Some(there)) = (own_answer, there)
                && index.item(Kind::Entry, there) == cards[number]
                && !refers(entry)
            {
                let place: usize = place;
                answers[place] = index.answer_of(there);
            }
        }
        Ok(Self {
            index,
            entries,
            short,
            answers,
        })
    }

    /// The entry of the basis with the same id and the same phrasings.
    pub(super) fn entry(&self, entry: usize) -> Option<u32> {
        self.entries[entry]
    }

    /// Where a phrasing or an excluded phrasing stands in the basis.
    pub(super) fn short(&self, text: usize) -> Option<u32> {
        self.short[text]
    }

    /// For each document of the basis where its phrasing or excluded phrasing stands here.
    pub(super) fn moved(&self) -> Vec<u32> {
        let mut moved = vec![NOWHERE; self.index.documents() as usize];
        for (number, there) in (0..).zip(&self.short) {
            if let Some(place) = there.and_then(|there| moved.get_mut(there as usize)) {
                *place = number;
            }
        }
        moved
    }

    /// Where an answer stands in the basis.
    pub(super) fn answer(&self, answer: usize) -> Option<u32> {
        self.answers.get(answer).copied().flatten()
    }

    /// Forgets where texts stand, so that all are analysed anew: what is made of them must be the same.
    #[cfg(test)]
    pub(super) fn forget_texts(&mut self) {
        self.short.fill(None);
        self.answers.fill(None);
    }
}

/// How many entries of a content an index upon `basis` has to learn, and how many it has to do without that the basis
/// has.
pub(crate) fn entries_to_learn(content: &Content, basis: &Index) -> Result<usize> {
    let texts = Texts::of(content);
    let (mut known, mut changed) = (0, 0);
    for (number, entry) in content.entries().iter().enumerate() {
        match basis.number(Kind::Entry, entry.id.as_str())? {
            Some(there) => {
                known += 1;
                changed += usize::from(!texts.are_those_of(number, basis, there));
            }
            None => changed += 1,
        }
    }
    Ok(changed + (basis.counts().entries as usize).saturating_sub(known))
}

/// An answer of the library may change under an entry that stays as it is.
fn refers(entry: &crate::model::Entry) -> bool {
    let mut bodies = entry.answers.iter().map(|answer| &answer.body);
    bodies.any(|body| matches!(body, AnswerBody::Standard(_)))
}

fn documents(range: std::ops::Range<u32>) -> Vec<Option<u32>> {
    range.map(Some).collect()
}

/// The terms of each document: a field of the inverted index, turned round.
pub(super) struct Turned {
    ends: Vec<u32>,
    /// For each document its terms by their places, as often as they occur.
    places: Vec<u32>,
    texts: Vec<Box<str>>,
}

impl Turned {
    pub(super) fn new(inverted: &InvertedIndexReader, documents: u32) -> Result<Self> {
        Self::read(inverted, documents as usize)
            .map_err(|e| Error::from_source(ErrorKind::Io, "reading the terms of the index", e))
    }

    fn read(inverted: &InvertedIndexReader, documents: usize) -> std::io::Result<Self> {
        let mut ends = vec![0_u32; documents + 1];
        let mut texts = Vec::with_capacity(inverted.terms().num_terms());
        each_posting(inverted, |_, doc, times| ends[doc as usize + 1] += times)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            texts.push(String::from_utf8_lossy(terms.key()).into());
        }
        for i in 0..documents {
            ends[i + 1] += ends[i];
        }
        let mut places = vec![0; ends[documents] as usize];
        let mut next = ends.clone();
        each_posting(inverted, |term, doc, times| {
            let first = next[doc as usize];
            next[doc as usize] += times;
            places[first as usize..(first + times) as usize].fill(term);
        })?;
        Ok(Self { ends, places, texts })
    }

    /// The terms of a document, joined.
    pub(super) fn joined(&self, doc: u32) -> String {
        let [start, end] = [0, 1].map(|next| self.ends[doc as usize + next] as usize);
        join_texts(self.places[start..end].iter().map(|term| &*self.texts[*term as usize]))
    }
}

/// Calls `each` with the place of a term, a document that has it, and how often.
fn each_posting(inverted: &InvertedIndexReader, mut each: impl FnMut(u32, u32, u32)) -> std::io::Result<()> {
    let mut terms = inverted.terms().stream()?;
    let mut place = 0;
    while terms.advance() {
        let mut postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::WithFreqs)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            each(place, doc, tantivy::postings::Postings::term_freq(&postings));
            doc = postings.advance();
        }
        place += 1;
    }
    Ok(())
}
