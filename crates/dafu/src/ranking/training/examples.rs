use crate::error::{Error, ErrorKind, Result};
use crate::index::{Index, WeightedTerm};

/// All phrasings as points: a unit vector over terms, each weighted as in recall, joined with the unit vector of the
/// meaning.
pub(super) struct Examples<'i> {
    index: &'i Index,
    /// The name of each term in models.
    pub(super) names: Vec<u32>,
    /// The weight of each term.
    pub(super) weights: Vec<f32>,
    ends: Vec<u32>,
    terms: Vec<u32>,
}

impl<'i> Examples<'i> {
    pub(super) fn new(index: &'i Index) -> Result<Self> {
        let failed = |e| Error::from_source(ErrorKind::Io, "reading the terms of the index", e);
        let all = index.weighted_terms().map_err(failed)?;
        let places = Places::new(&all);
        let phrasings = index.counts().phrasings;
        let mut ends = Vec::with_capacity(phrasings as usize + 1);
        let mut terms = Vec::new();
        ends.push(0);
        for phrasing in 0..phrasings {
            let own = index.terms_of(phrasing).filter_map(|key| places.of(key));
            terms.extend(own);
            ends.push(terms.len() as u32);
        }
        Ok(Self {
            index,
            names: all.iter().map(|term| term.name).collect(),
            weights: all.iter().map(|term| term.weight).collect(),
            ends,
            terms,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// The terms of a phrasing, each by its place in `names`, in ascending order.
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

/// Where each key stands among all terms. Millions are looked up: a table of every eighth byte of the postings leaves
/// but a few to compare.
struct Places<'t> {
    terms: &'t [WeightedTerm],
    /// For every eight keys, how many terms have smaller ones.
    firsts: Vec<u32>,
}

impl<'t> Places<'t> {
    fn new(terms: &'t [WeightedTerm]) -> Self {
        let buckets = terms.last().map_or(0, |last| last.key as usize / EACH + 1);
        let mut firsts = Vec::with_capacity(buckets);
        for (place, term) in (0..).zip(terms) {
            while firsts.len() * EACH <= term.key as usize {
                firsts.push(place);
            }
        }
        Self { terms, firsts }
    }

    fn of(&self, key: u32) -> Option<u32> {
        let first = *self.firsts.get(key as usize / EACH)?;
        let rest = self.terms.get(first as usize..)?.iter();
        let smaller = rest.take_while(|term| term.key < key).count() as u32;
        let place = first + smaller;
        (self.terms.get(place as usize)?.key == key).then_some(place)
    }
}

const EACH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_no_other() {
        let keys = [0, 3, 8, 9, 31, 32, 400];
        let terms = keys.map(|key| WeightedTerm {
            key,
            name: key,
            weight: 1.0,
        });
        let places = Places::new(&terms);
        for key in 0..500 {
            let place = keys.iter().position(|known| *known == key);
            assert_eq!(places.of(key), place.map(|place| place as u32), "{key}");
        }
        assert_eq!(Places::new(&[]).of(0), None);
    }
}
