use std::collections::hash_map::{Entry as Slot, HashMap};
use std::hash::BuildHasher as _;

use crate::model::Entry;

/// Which entry has which phrasing, compared without case, white space and punctuation.
pub(super) struct PhrasingOwners {
    // Keyed by a hash of the letters: a million phrasings need no copies. Of two phrasings whose hashes collide, which is as
    // good as impossible, only the first is watched.
    first: HashMap<u64, (u32, u32)>,
    letters: String,
}

impl PhrasingOwners {
    /// Returns an empty register with room for so many phrasings.
    pub fn with_capacity(phrasings: usize) -> Self {
        Self {
            first: HashMap::with_capacity(phrasings),
            letters: String::new(),
        }
    }

    /// Notes that `entry` has its phrasing with this number, and returns the other entry that has it already.
    pub fn claim(&mut self, entries: &[Entry], entry: usize, number: usize) -> Option<usize> {
        // The limits keep both numbers far below `u32::MAX`; beyond them the content is refused anyway.
        let place = (u32::try_from(entry).ok()?, u32::try_from(number).ok()?);
        let phrasing = phrasing_at(&entries[entry], number)?;
        self.letters.clear();
        push_letters(&mut self.letters, phrasing);
        match self.first.entry(self.first.hasher().hash_one(&self.letters)) {
            Slot::Vacant(vacant) => {
                vacant.insert(place);
                None
            }
            Slot::Occupied(occupied) => {
                let &(owner, its_number) = occupied.get();
                let its_phrasing = phrasing_at(&entries[owner as usize], its_number as usize)?;
                let mut its_letters = String::with_capacity(its_phrasing.len());
                push_letters(&mut its_letters, its_phrasing);
                (owner != place.0 && its_letters == self.letters).then_some(owner as usize)
            }
        }
    }
}

/// Returns the question for 0, then the similar ones.
fn phrasing_at(entry: &Entry, number: usize) -> Option<&str> {
    let phrasing = match number.checked_sub(1) {
        None => Some(&entry.question),
        Some(index) => entry.similar.get(index),
    };
    phrasing.map(|phrasing| phrasing.as_str())
}

fn push_letters(letters: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            // The usual Chinese characters, without a look into the tables of all characters.
            '\u{4e00}'..='\u{9fff}' => letters.push(c),
            c if c.is_alphanumeric() => letters.extend(c.to_lowercase()),
            _ => {}
        }
    }
}
