use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;

/// All phrasings as points: a unit vector over terms, each weighted as in recall, joined with the unit vector of the
/// meaning.
pub(super) struct Examples<'i> {
    index: &'i Index,
    /// The name of each term in the index, ascending.
    pub(super) keys: Vec<u32>,
    /// The weight of each term.
    pub(super) weights: Vec<f32>,
    ends: Vec<u32>,
    terms: Vec<u32>,
}

impl<'i> Examples<'i> {
    pub(super) fn new(index: &'i Index) -> Result<Self> {
        let failed = |e| Error::from_source(ErrorKind::Io, "reading the terms of the index", e);
        let (keys, weights): (Vec<u32>, Vec<f32>) = index.weighted_terms().map_err(failed)?.into_iter().unzip();
        let phrasings = index.counts().phrasings;
        let mut ends = Vec::with_capacity(phrasings as usize + 1);
        let mut terms = Vec::new();
        ends.push(0);
        for phrasing in 0..phrasings {
            let own = index.terms_of(phrasing).filter_map(|key| keys.binary_search(&key).ok());
            terms.extend(own.map(|term| term as u32));
            ends.push(terms.len() as u32);
        }
        Ok(Self {
            index,
            keys,
            weights,
            ends,
            terms,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// The terms of a phrasing, each by its place in `keys`.
    pub(super) fn terms(&self, phrasing: u32) -> &[u32] {
        let [start, end] = [0, 1].map(|next| self.ends[phrasing as usize + next] as usize);
        &self.terms[start..end]
    }

    /// By which the weights of a phrasing's terms are multiplied, so that they make a unit vector.
    pub(super) fn inverse_norm(&self, phrasing: u32) -> f32 {
        self.index.inverse_norm(phrasing)
    }

    /// The meaning of a phrasing: a unit vector, or nothing in an index without meanings.
    pub(super) fn meaning(&self, phrasing: u32) -> Option<(&'i [u8], f32)> {
        self.index.meanings().map(|meanings| meanings.of(phrasing))
    }

    /// The length of a meaning.
    pub(super) fn dimensions(&self) -> usize {
        self.index.meanings().map_or(0, |meanings| meanings.dimensions())
    }
}
