use std::borrow::Cow;
use std::io::Write;

use tantivy::directory::OwnedBytes;

use super::files::{LEARNED, cut_off};
use super::forward::{read_u32, write_u32};
use super::meanings::{Meaning, Meanings, Quantised};
use crate::error::Result;
use crate::hash::fnv1a;

/// What training knows of an entry: a linear model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LearnedEntry {
    pub(crate) bias: f32,
    /// What each term adds when a question has it, the terms by their [names](term_name), each once.
    pub(crate) terms: Vec<(u32, f32)>,
    /// By which the meaning of a question is multiplied.
    pub(crate) meaning: Vec<f32>,
}

/// What training makes of the phrasings of an index.
#[derive(Debug, Default)]
pub(crate) struct Trained {
    pub(crate) models: Vec<LearnedEntry>,
    /// How many phrasings were left out, since they seem to stand under a wrong entry.
    pub(crate) doubted: u32,
}

/// The bytes of a model in a file.
pub(super) struct Packed<'l> {
    floats: [u32; 3],
    keys: Cow<'l, [[u8; 4]]>,
    weights: Cow<'l, [u8]>,
    meaning: Cow<'l, [u8]>,
}

/// The models of all entries, ready to be written.
pub(super) struct Models<'l> {
    pub(super) packed: Vec<Packed<'l>>,
    /// The length of a meaning.
    pub(super) dimensions: usize,
    /// How many phrasings were left out as doubtful.
    pub(super) doubted: u32,
}

impl Models<'_> {
    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let head = [self.packed.len() as u32, self.dimensions as u32, self.doubted];
        write_u32(out, head.into_iter())?;
        let mut end = 0;
        let heads = self.packed.iter().flat_map(|model| {
            end += model.keys.len() as u32;
            model.floats.into_iter().chain([end])
        });
        write_u32(out, heads)?;
        let mut write_all = |part: for<'p> fn(&'p Packed<'_>) -> &'p [u8]| {
            let mut parts = self.packed.iter().map(part);
            parts.try_for_each(|part| out.write_all(part))
        };
        write_all(|model| model.keys.as_flattened())?;
        write_all(|model| &model.weights)?;
        write_all(|model| &model.meaning)
    }

    /// How many bytes are written.
    pub(super) fn size(&self) -> usize {
        let slots: usize = self.packed.iter().map(|model| model.keys.len()).sum();
        HEADER + (HEAD + self.dimensions) * self.packed.len() + 5 * slots
    }
}

impl From<LearnedEntry> for Packed<'_> {
    fn from(entry: LearnedEntry) -> Self {
        let weights: Vec<f32> = entry.terms.iter().map(|(_, weight)| *weight).collect();
        let (terms, meaning) = (Quantised::new(&weights), Quantised::new(&entry.meaning));
        let slots = match entry.terms.len() {
            0 => 0,
            terms => (terms + terms / 2).next_power_of_two(),
        };
        let (mut keys, mut weights) = (vec![EMPTY.to_le_bytes(); slots], vec![0; slots]);
        for ((term, _), weight) in entry.terms.iter().zip(terms.row) {
            let mut slot = slot_of(*term, slots);
            while keys[slot] != EMPTY.to_le_bytes() {
                slot = (slot + 1) & (slots - 1);
            }
            (keys[slot], weights[slot]) = (term.to_le_bytes(), weight as u8);
        }
        Self {
            floats: [entry.bias, terms.scale, meaning.scale].map(f32::to_bits),
            keys: keys.into(),
            weights: weights.into(),
            meaning: meaning.row.iter().map(|x| *x as u8).collect(),
        }
    }
}

/// The name of a term in the models: a hash of its text (FNV-1a), so that a model says the same in every index. Of a
/// few hundred terms in a model and a few dozen in a question, two with one name are rarer than one in 10,000
/// questions, and cost one weight.
pub(crate) fn term_name(term: &[u8]) -> u32 {
    let hash = fnv1a(term);
    match (hash ^ (hash >> 32)) as u32 {
        EMPTY => 0,
        name => name,
    }
}

/// The models of all entries, in eight bits a weight.
///
/// The file, little-endian: the number of entries E, the length D of a meaning, the number of phrasings that were left
/// out as doubtful (`u32`); for each entry its bias, the scale of its terms, the scale of its meaning (`f32`) and where
/// its slots end (`u32`); the slots (`u32`); a weight for each (`i8`); E · D weights of meanings (`i8`). The slots of an
/// entry are a hash table with linear probing, a power of two of them: each has a term, or [`EMPTY`].
#[derive(Debug, Clone)]
pub(crate) struct Learned {
    bytes: OwnedBytes,
    entries: usize,
    dimensions: usize,
    slots: usize,
    doubted: u32,
}

impl Learned {
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self> {
        let cut = || cut_off(LEARNED);
        if bytes.len() < HEADER {
            return Err(cut());
        }
        let [entries, dimensions] = [0, 4].map(|at| read_u32(&bytes, at) as usize);
        let heads = entries.checked_mul(HEAD).and_then(|n| n.checked_add(HEADER));
        if heads.is_none_or(|end| end > bytes.len()) {
            return Err(cut());
        }
        let mut learned = Self {
            entries,
            dimensions,
            slots: 0,
            doubted: read_u32(&bytes, 8),
            bytes,
        };
        if !(0..entries).map(|entry| learned.end_of(entry)).is_sorted() {
            return Err(cut());
        }
        let mut runs = (0..entries).map(|entry| learned.end_of(entry) - learned.start_of(entry));
        if !runs.all(|slots| slots == 0 || slots.is_power_of_two()) {
            return Err(cut());
        }
        learned.slots = entries.checked_sub(1).map_or(0, |last| learned.end_of(last));
        let size = HEADER as u64 + (HEAD * entries + 5 * learned.slots) as u64 + entries as u64 * dimensions as u64;
        if learned.bytes.len() as u64 != size {
            return Err(cut());
        }
        Ok(learned)
    }

    /// The model of an entry, to be copied to another index.
    pub(super) fn packed(&self, entry: u32) -> Packed<'_> {
        let entry = entry as usize;
        let (start, end) = (self.start_of(entry), self.end_of(entry));
        let head = HEADER + HEAD * entry;
        Packed {
            floats: [0, 4, 8].map(|at| read_u32(&self.bytes, head + at)),
            keys: self.keys(start, end).into(),
            weights: self.weights(start, end).into(),
            meaning: self.meaning(entry).into(),
        }
    }

    /// What an entry's model says of a question: above 0 for its own, about -1 for others. `terms` are the
    /// question's by their [names](term_name), with their parts of a unit vector.
    pub(crate) fn decide(&self, entry: u32, terms: impl Iterator<Item = (u32, f32)>, meaning: Option<&Meaning>) -> f32 {
        let entry = entry as usize;
        if entry >= self.entries {
            return 0.0;
        }
        let (start, end) = (self.start_of(entry), self.end_of(entry));
        let (keys, weights) = (self.keys(start, end), self.weights(start, end));
        let mut sum = 0.0;
        for (term, value) in terms {
            let mut slot = slot_of(term, keys.len());
            // A table that a hostile author filled up ends the search, too.
            for _ in 0..keys.len() {
                match u32::from_le_bytes(keys[slot]) {
                    EMPTY => break,
                    key if key == term => {
                        sum += value * f32::from(weights[slot] as i8);
                        break;
                    }
                    _ => slot = (slot + 1) & (keys.len() - 1),
                }
            }
        }
        let head = HEADER + HEAD * entry;
        let [bias, scale, meaning_scale] = [0, 4, 8].map(|at| f32::from_bits(read_u32(&self.bytes, head + at)));
        let meaning = meaning.map_or(0.0, |meaning| meaning_scale * meaning.dot(self.meaning(entry)));
        bias + sum * scale + meaning
    }

    /// Whether it belongs to an index with so many entries, and with these meanings.
    pub(super) fn fits(&self, entries: u64, meanings: Option<&Meanings>) -> bool {
        self.entries as u64 == entries && self.dimensions == meanings.map_or(0, Meanings::dimensions)
    }

    /// Whether phrasings were left out as doubtful: only all models together can tell which.
    pub(super) fn has_doubts(&self) -> bool {
        self.doubted > 0
    }

    fn keys(&self, start: usize, end: usize) -> &[[u8; 4]] {
        let first = HEADER + HEAD * self.entries;
        let bytes = self.bytes.get(first + 4 * start..first + 4 * end).unwrap_or(&[]);
        bytes.as_chunks::<4>().0
    }

    fn weights(&self, start: usize, end: usize) -> &[u8] {
        let first = HEADER + HEAD * self.entries + 4 * self.slots;
        self.bytes.get(first + start..first + end).unwrap_or(&[])
    }

    fn meaning(&self, entry: usize) -> &[u8] {
        let first = HEADER + HEAD * self.entries + 5 * self.slots + entry * self.dimensions;
        self.bytes.get(first..first + self.dimensions).unwrap_or(&[])
    }

    fn start_of(&self, entry: usize) -> usize {
        if entry == 0 { 0 } else { self.end_of(entry - 1) }
    }

    fn end_of(&self, entry: usize) -> usize {
        read_u32(&self.bytes, HEADER + HEAD * entry + 12) as usize
    }
}

/// Where the search for a term begins, in a table of so many slots: the upper bits of Fibonacci hashing.
fn slot_of(term: u32, slots: usize) -> usize {
    ((u64::from(term.wrapping_mul(0x9e37_79b9)) * slots as u64) >> 32) as usize
}

/// No term.
const EMPTY: u32 = u32::MAX;

const HEADER: usize = 12;

/// What stands at the head of the file for each entry.
const HEAD: usize = 16;
