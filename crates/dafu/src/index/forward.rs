use std::io::Write;

use tantivy::directory::OwnedBytes;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED};

use super::weights::token_weight;
use crate::analysis::TokenKind;
use crate::error::{Error, ErrorKind, Result};

/// For each phrasing its terms, and for each term its weight: the inverted index, turned round.
///
/// The file, little-endian: the numbers of terms T, phrasings P and postings N (`u32`); T weights and P inverse norms
/// (`f32`); P + 1 offsets and N term ordinals (`u32`), those of a phrasing in ascending order.
///
/// With the weight w of a term, the norm of a phrasing is √Σ w², and two texts have the cosine Σ w² / (norm · norm),
/// the first sum over the terms that both have.
#[derive(Debug, Clone)]
pub(crate) struct Forward {
    bytes: OwnedBytes,
    terms: usize,
    phrasings: usize,
}

impl Forward {
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self> {
        let cut = || Error::new(ErrorKind::Corrupt, "the list of terms by phrasing is cut off");
        let header = bytes.get(..12).ok_or_else(cut)?;
        let [terms, phrasings, postings] = [0, 4, 8].map(|at| read_u32(header, at) as u64);
        if bytes.len() as u64 != 12 + 4 * (terms + phrasings + phrasings + 1 + postings) {
            return Err(cut());
        }
        let forward = Self {
            terms: terms as usize,
            phrasings: phrasings as usize,
            bytes,
        };
        let offsets = forward.offsets_at();
        let mut last = 0;
        for i in 0..=forward.phrasings {
            let offset = read_u32(&forward.bytes, offsets + 4 * i);
            if offset < last || u64::from(offset) > postings {
                return Err(cut());
            }
            last = offset;
        }
        Ok(forward)
    }

    /// Turns the phrasing field of an index round: one pass that counts, one that fills. `weighed` is the number of
    /// phrasings that count for the weights; excluded phrasings follow them.
    pub(super) fn write(
        out: &mut dyn Write,
        inverted: &InvertedIndexReader,
        weighed: usize,
        phrasings: usize,
    ) -> tantivy::Result<()> {
        let mut weights = Vec::with_capacity(inverted.terms().num_terms());
        let mut ends = vec![0_u32; phrasings + 1];
        let mut norms = vec![0_f32; phrasings];
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let df = terms.value().doc_freq;
            let weight = TokenKind::of_term(terms.key()).map_or(0.0, |kind| token_weight(kind, df, weighed));
            weights.push(weight);
            each_doc(inverted, terms.value(), |doc| {
                ends[doc as usize + 1] += 1;
                norms[doc as usize] += weight * weight;
            })?;
        }
        for i in 0..phrasings {
            ends[i + 1] += ends[i];
        }
        let mut ordinals = vec![0_u32; ends[phrasings] as usize];
        let mut next = ends.clone();
        let mut terms = inverted.terms().stream()?;
        let mut ordinal = 0;
        while terms.advance() {
            each_doc(inverted, terms.value(), |doc| {
                ordinals[next[doc as usize] as usize] = ordinal;
                next[doc as usize] += 1;
            })?;
            ordinal += 1;
        }
        let header = [weights.len() as u32, phrasings as u32, ordinals.len() as u32];
        let norms = norms
            .into_iter()
            .map(|square| if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 });
        write_u32(out, header.into_iter())?;
        write_u32(out, weights.into_iter().chain(norms).map(f32::to_bits))?;
        write_u32(out, ends.into_iter())?;
        write_u32(out, ordinals.into_iter())?;
        Ok(())
    }

    /// Writes the file of an index without phrasings.
    pub(super) fn write_empty(out: &mut dyn Write) -> tantivy::Result<()> {
        Ok(write_u32(out, [0, 0, 0, 0].into_iter())?)
    }

    /// The weight of a term; 0 past the last.
    pub(super) fn weight(&self, ordinal: u32) -> f32 {
        if ordinal as usize >= self.terms {
            0.0
        } else {
            f32::from_bits(read_u32(&self.bytes, 12 + 4 * ordinal as usize))
        }
    }

    /// 1 / norm of a phrasing; 0 for one without terms.
    pub(super) fn inverse_norm(&self, phrasing: u32) -> f32 {
        f32::from_bits(read_u32(&self.bytes, 12 + 4 * (self.terms + phrasing as usize)))
    }

    /// The terms of a phrasing, in ascending order.
    pub(super) fn terms(&self, phrasing: u32) -> impl Iterator<Item = u32> + '_ {
        let offsets = self.offsets_at() + 4 * phrasing as usize;
        let first = self.offsets_at() + 4 * (self.phrasings + 1);
        let [start, end] = [offsets, offsets + 4].map(|at| first + 4 * read_u32(&self.bytes, at) as usize);
        let terms = self.bytes.get(start..end).unwrap_or(&[]);
        terms.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }

    pub(super) fn phrasings(&self) -> usize {
        self.phrasings
    }

    fn offsets_at(&self) -> usize {
        12 + 4 * (self.terms + self.phrasings)
    }
}

fn each_doc(
    inverted: &InvertedIndexReader,
    term: &tantivy::postings::TermInfo,
    mut each: impl FnMut(u32),
) -> tantivy::Result<()> {
    let mut postings = inverted.read_postings_from_terminfo(term, IndexRecordOption::Basic)?;
    let mut doc = postings.doc();
    while doc != TERMINATED {
        each(doc);
        doc = postings.advance();
    }
    Ok(())
}

pub(super) fn read_u32(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .map_or(0, |bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

pub(super) fn write_u32(out: &mut dyn Write, mut values: impl Iterator<Item = u32>) -> std::io::Result<()> {
    values.try_for_each(|value| out.write_all(&value.to_le_bytes()))
}
