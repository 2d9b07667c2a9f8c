use std::io::Write;

use tantivy::directory::OwnedBytes;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, InvertedIndexReader, TERMINATED, TantivyError};

use super::files::{FORWARD, cut_off};
use super::weights::token_weight;
use crate::analysis::TokenKind;
use crate::error::Result;

/// For each phrasing its terms: the inverted index, turned round.
///
/// The key of a term is where its postings begin, which a look-up in the inverted index tells, and which grows from term
/// to term. The file, little-endian: the numbers of phrasings P and postings N (`u32`), P inverse norms (`f32`), P + 1
/// offsets and N terms (`u32`), those of a phrasing in ascending order.
///
/// With the weight w of a term, the norm of a phrasing is √Σ w², and two texts have the cosine Σ w² / (norm · norm),
/// the first sum over the terms that both have.
#[derive(Debug, Clone)]
pub(crate) struct Forward {
    bytes: OwnedBytes,
    phrasings: usize,
    /// Copied, since each question reads thousands of them.
    inverse_norms: Vec<f32>,
}

/// The key of a term.
pub(super) fn key(info: &TermInfo) -> u32 {
    info.postings_range.start as u32
}

impl Forward {
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self> {
        let cut = || cut_off(FORWARD);
        let header = bytes.get(..HEADER).ok_or_else(cut)?;
        let [phrasings, postings] = [0, 4].map(|at| u64::from(read_u32(header, at)));
        if bytes.len() as u64 != HEADER as u64 + 4 * (phrasings + phrasings + 1 + postings) {
            return Err(cut());
        }
        let forward = Self {
            phrasings: phrasings as usize,
            inverse_norms: read_all_u32(&bytes[HEADER..HEADER + 4 * phrasings as usize])
                .into_iter()
                .map(f32::from_bits)
                .collect(),
            bytes,
        };
        let mut offsets = (0..=forward.phrasings).map(|i| read_u32(&forward.bytes, forward.offsets_at() + 4 * i));
        if !offsets.clone().is_sorted() || offsets.next_back().is_none_or(|last| u64::from(last) != postings) {
            return Err(cut());
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
        let mut ends = vec![0_u32; phrasings + 1];
        let mut norms = vec![0_f32; phrasings];
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let info = terms.value();
            if info.postings_range.end > u32::MAX as usize {
                return Err(TantivyError::InternalError("more than 4 GiB of postings".to_owned()));
            }
            let weight = TokenKind::of_term(terms.key()).map_or(0.0, |kind| token_weight(kind, info.doc_freq, weighed));
            each_doc(inverted, info, |doc| {
                ends[doc as usize + 1] += 1;
                norms[doc as usize] += weight * weight;
            })?;
        }
        for i in 0..phrasings {
            ends[i + 1] += ends[i];
        }
        let mut keys = vec![0_u32; ends[phrasings] as usize];
        let mut next = ends.clone();
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let key = key(terms.value());
            each_doc(inverted, terms.value(), |doc| {
                keys[next[doc as usize] as usize] = key;
                next[doc as usize] += 1;
            })?;
        }
        let norms = norms
            .into_iter()
            .map(|square| if square > 0.0 { 1.0 / square.sqrt() } else { 0.0 });
        write_u32(out, [phrasings as u32, keys.len() as u32].into_iter())?;
        write_u32(out, norms.map(f32::to_bits))?;
        write_u32(out, ends.into_iter())?;
        Ok(write_u32(out, keys.into_iter())?)
    }

    /// Writes the file of an index without phrasings.
    pub(super) fn write_empty(out: &mut dyn Write) -> tantivy::Result<()> {
        Ok(write_u32(out, [0, 0, 0].into_iter())?)
    }

    /// 1 / norm of a phrasing; 0 for one without terms.
    pub(super) fn inverse_norm(&self, phrasing: u32) -> f32 {
        self.inverse_norms.get(phrasing as usize).copied().unwrap_or(0.0)
    }

    /// The same for some phrasings in a row.
    pub(super) fn inverse_norms(&self, run: std::ops::Range<usize>) -> &[f32] {
        self.inverse_norms.get(run).unwrap_or(&[])
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
        HEADER + 4 * self.phrasings
    }
}

const HEADER: usize = 8;

fn each_doc(inverted: &InvertedIndexReader, term: &TermInfo, mut each: impl FnMut(u32)) -> tantivy::Result<()> {
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

/// All numbers of a file.
pub(super) fn read_all_u32(bytes: &[u8]) -> Vec<u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|bytes| u32::from_le_bytes(*bytes))
        .collect()
}

pub(super) fn write_u32(out: &mut dyn Write, values: impl Iterator<Item = u32>) -> std::io::Result<()> {
    let mut bytes = [[0; 4]; 1_024];
    let mut filled = 0;
    for value in values {
        if filled == bytes.len() {
            out.write_all(bytes.as_flattened())?;
            filled = 0;
        }
        bytes[filled] = value.to_le_bytes();
        filled += 1;
    }
    out.write_all(bytes[..filled].as_flattened())
}
