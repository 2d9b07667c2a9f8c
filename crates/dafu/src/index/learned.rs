use std::io::Write;

use tantivy::directory::OwnedBytes;

use super::files::LEARNED;
use super::forward::{read_u32, write_u32};
use super::meanings::{Meaning, Meanings, Quantised};
use crate::error::{Error, ErrorKind, Result};

/// What training knows of an entry: a linear model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LearnedEntry {
    pub(crate) bias: f32,
    /// What each term adds when a question has it, the terms by their names in ascending order.
    pub(crate) terms: Vec<(u32, f32)>,
    /// By which the meaning of a question is multiplied.
    pub(crate) meaning: Vec<f32>,
}

/// The models of all entries, in eight bits a weight.
///
/// The file, little-endian: the number of entries E, the length D of a meaning (`u32`); for each entry its bias, the
/// scale of its terms, the scale of its meaning (`f32`) and where its terms end (`u32`); the terms (`u32`), those of
/// an entry in ascending order; a weight for each (`i8`); E · D weights of meanings (`i8`).
#[derive(Debug, Clone)]
pub(crate) struct Learned {
    bytes: OwnedBytes,
    entries: usize,
    dimensions: usize,
    terms: usize,
}

impl Learned {
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self> {
        let cut = || {
            Error::new(
                ErrorKind::Corrupt,
                format!("`{LEARNED}` is cut off; build the index again from its content"),
            )
        };
        if bytes.len() < HEADER {
            return Err(cut());
        }
        let [entries, dimensions] = [0, 4].map(|at| read_u32(&bytes, at) as usize);
        let heads = entries.checked_mul(HEAD).and_then(|n| n.checked_add(HEADER));
        if heads.is_none_or(|end| end > bytes.len()) {
            return Err(cut());
        }
        let mut learned = Self {
            bytes,
            entries,
            dimensions,
            terms: 0,
        };
        let ends = (0..entries).map(|entry| learned.end_of(entry));
        if !ends.clone().is_sorted() {
            return Err(cut());
        }
        learned.terms = ends.last().unwrap_or(0);
        let size = HEADER as u64 + (HEAD * entries + 5 * learned.terms) as u64 + entries as u64 * dimensions as u64;
        if learned.bytes.len() as u64 != size {
            return Err(cut());
        }
        Ok(learned)
    }

    pub(super) fn write(out: &mut dyn Write, entries: &[LearnedEntry], dimensions: usize) -> std::io::Result<()> {
        write_u32(out, [entries.len() as u32, dimensions as u32].into_iter())?;
        let mut end = 0;
        let mut weights = Vec::new();
        let mut meanings = Vec::with_capacity(entries.len() * dimensions);
        for entry in entries {
            let own: Vec<f32> = entry.terms.iter().map(|(_, weight)| *weight).collect();
            let (own, meaning) = (Quantised::new(&own), Quantised::new(&entry.meaning));
            end += own.row.len() as u32;
            weights.extend(own.row);
            meanings.extend(meaning.row);
            let floats = [entry.bias, own.scale, meaning.scale].map(f32::to_bits);
            write_u32(out, floats.into_iter().chain([end]))?;
        }
        write_u32(out, entries.iter().flat_map(|entry| &entry.terms).map(|(term, _)| *term))?;
        let bytes = |row: Vec<i8>| row.into_iter().map(|x| x as u8).collect::<Vec<u8>>();
        out.write_all(&bytes(weights))?;
        out.write_all(&bytes(meanings))
    }

    /// What an entry's model says of a question: above 0 for its own, about -1 for others. `terms` are the
    /// question's, in ascending order, with their parts of a unit vector.
    pub(crate) fn decide(&self, entry: u32, terms: impl Iterator<Item = (u32, f32)>, meaning: Option<&Meaning>) -> f32 {
        let entry = entry as usize;
        if entry >= self.entries {
            return 0.0;
        }
        let start = if entry == 0 { 0 } else { self.end_of(entry - 1) };
        let end = self.end_of(entry);
        let (keys, weights) = (self.keys(start, end), self.weights(start, end));
        let mut sum = 0.0;
        let mut at = 0;
        for (term, value) in terms {
            at += keys[at..].partition_point(|key| u32::from_le_bytes(*key) < term);
            match keys.get(at) {
                Some(key) if u32::from_le_bytes(*key) == term => sum += value * f32::from(weights[at] as i8),
                Some(_) => {}
                None => break,
            }
        }
        let head = HEADER + HEAD * entry;
        let [bias, scale, meaning_scale] = [0, 4, 8].map(|at| f32::from_bits(read_u32(&self.bytes, head + at)));
        let meaning = meaning.map_or(0.0, |meaning| {
            let first = HEADER + HEAD * self.entries + 5 * self.terms + entry * self.dimensions;
            let row = self.bytes.get(first..first + self.dimensions).unwrap_or(&[]);
            meaning_scale * meaning.dot(row)
        });
        bias + sum * scale + meaning
    }

    /// Whether it belongs to an index with so many entries, and with these meanings.
    pub(super) fn fits(&self, entries: u64, meanings: Option<&Meanings>) -> bool {
        self.entries as u64 == entries && self.dimensions == meanings.map_or(0, Meanings::dimensions)
    }

    fn keys(&self, start: usize, end: usize) -> &[[u8; 4]] {
        let first = HEADER + HEAD * self.entries;
        let bytes = self.bytes.get(first + 4 * start..first + 4 * end).unwrap_or(&[]);
        bytes.as_chunks::<4>().0
    }

    fn weights(&self, start: usize, end: usize) -> &[u8] {
        let first = HEADER + HEAD * self.entries + 4 * self.terms;
        self.bytes.get(first + start..first + end).unwrap_or(&[])
    }

    fn end_of(&self, entry: usize) -> usize {
        read_u32(&self.bytes, HEADER + HEAD * entry + 12) as usize
    }
}

const HEADER: usize = 8;

/// What stands at the head of the file for each entry.
const HEAD: usize = 16;
