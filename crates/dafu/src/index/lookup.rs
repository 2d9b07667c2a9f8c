use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;

use super::familiarity::Familiarity;
use super::forward::key;
use super::learned::term_name;
use super::meanings::Meaning;
use super::open::Index;
use super::profiles::{PROFILES, TYPICAL, profile_gain, profile_of};
use super::weights::token_weight;
use crate::analysis::{Question, Token, TokenKind};

/// A question's tokens with the weight of each, looked up in an index.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// Terms that phrasings have, in ascending order.
    pub(super) terms: Vec<LookupTerm>,
    places: Places,
    pub(super) sounds: Vec<(TermInfo, f32)>,
    /// Σ w² over the question's own tokens, those that no phrasing has included.
    square: f32,
    /// For the term of each synonym, by how much it changes Σ w² where it stands in for the question's own word.
    replaced: Vec<(u32, f32)>,
    /// How familiar the question is; none without ideographs.
    pub(crate) familiarity: Option<f32>,
    /// How many own tokens of each kind there are.
    tokens: [f32; PROFILES],
    /// 1 over what the profiles of an entry would be that has every token in [`TYPICAL`] phrasings; 0 without tokens.
    inverse_profiles: [f32; PROFILES],
}

#[derive(Debug, Clone)]
pub(super) struct LookupTerm {
    key: u32,
    /// In the models.
    name: u32,
    /// In the question: less for a synonym.
    pub(super) weight: f32,
    /// In a phrasing.
    pub(super) full_weight: f32,
    pub(super) kind: TokenKind,
    /// 1, or less for a synonym: the part of the token that counts.
    pub(super) part: f32,
    pub(super) info: TermInfo,
}

/// How two texts share their tokens.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Overlap {
    /// The cosine of their weighted tokens, in 0..=1.
    pub(crate) cosine: f32,
    /// The share of the question's weight that the phrasing has, in 0..=1.
    pub(crate) of_question: f32,
    /// The share of the phrasing's weight that the question has, in 0..=1.
    pub(crate) of_phrasing: f32,
}

impl Lookup {
    /// Looks a question's tokens up.
    pub(crate) fn new(index: &Index, question: &Question) -> tantivy::Result<Self> {
        let mut term = String::new();
        let mut terms = Vec::with_capacity(question.tokens.len() + question.synonyms.len());
        let mut square = 0.0;
        let mut own: Vec<(&Token, f32)> = Vec::with_capacity(question.tokens.len());
        let (mut tokens, mut full_profiles) = ([0.0; PROFILES], [0.0; PROFILES]);
        let phrasings = index.counts().phrasings as usize;
        let mut familiarity = Familiarity::default();
        for token in &question.tokens {
            let found = find(&index.phrasing, token, &mut term)?;
            if let (TokenKind::Char, Some(ideograph)) = (token.kind, token.text.chars().next()) {
                let phrasings = found.as_ref().map_or(0, |info| info.doc_freq);
                familiarity.add(ideograph, phrasings, index.ideographs());
            }
            let weight = token_weight(token.kind, found.as_ref().map_or(0, |info| info.doc_freq), phrasings);
            square += weight * weight;
            own.push((token, weight));
            // A word that no phrasing has is not missed if a synonym stands in for it.
            let stood_in = found.is_none() && question.synonyms.iter().any(|synonym| synonym.own.contains(token));
            if let Some(profile) = profile_of(token.kind).filter(|_| !stood_in) {
                let df = found.as_ref().map_or(1, |info| info.doc_freq.max(1));
                tokens[profile] += 1.0;
                full_profiles[profile] += profile_gain(TYPICAL, df, phrasings);
            }
            let kind = token.kind;
            terms.extend(found.map(|info| LookupTerm {
                key: key(&info),
                name: term_name(term.as_bytes()),
                weight,
                full_weight: weight,
                kind,
                part: 1.0,
                info,
            }));
        }
        let mut replaced = Vec::new();
        for synonym in &question.synonyms {
            let Some(first) = synonym.tokens.first() else { continue };
            let whole = find(&index.phrasing, first, &mut term)?;
            let mut brought = 0.0;
            for token in synonym
                .tokens
                .iter()
                .filter(|token| question.tokens.binary_search(token).is_err())
            {
                if let Some(info) = find(&index.phrasing, token, &mut term)? {
                    let full_weight = token_weight(token.kind, info.doc_freq, phrasings);
                    let (kind, part, weight) = (token.kind, synonym.part, synonym.part * full_weight);
                    brought += weight * weight;
                    let key = key(&info);
                    match terms.iter_mut().find(|known| known.key == key) {
                        // Two synonyms share the token: the better one counts.
                        Some(known) if known.weight >= weight => {}
                        Some(known) => (known.weight, known.part) = (weight, part),
                        None => terms.push(LookupTerm {
                            key,
                            name: term_name(term.as_bytes()),
                            weight,
                            full_weight,
                            kind,
                            part,
                            info,
                        }),
                    }
                }
            }
            let own = own.iter().filter(|(token, _)| synonym.own.contains(token));
            let given: f32 = own.map(|(_, weight)| weight * weight).sum();
            // A synonym that the segmenter cuts apart brings its parts, and takes nothing from the question.
            replaced.extend(whole.map(|whole| (key(&whole), brought - synonym.part * given)));
        }
        terms.sort_unstable_by_key(|term| term.key);
        let mut sounds = Vec::with_capacity(question.sounds.len());
        for token in &question.sounds {
            if let Some(info) = find(&index.sound, token, &mut term)? {
                let weight = token_weight(TokenKind::Sound, info.doc_freq, phrasings);
                sounds.push((info, weight));
            }
        }
        Ok(Self {
            places: Places::of(&terms),
            terms,
            sounds,
            square,
            replaced,
            familiarity: familiarity.get(),
            tokens,
            inverse_profiles: full_profiles.map(|full| if full > 0.0 { 1.0 / full } else { 0.0 }),
        })
    }

    /// Compares the question with a phrasing, by all tokens of both.
    pub(crate) fn overlap(&self, index: &Index, phrasing: u32) -> Overlap {
        let (mut dot, mut square) = (0.0, self.square);
        for key in index.forward.terms(phrasing) {
            if let Some(term) = self.places.find(key, &self.terms) {
                dot += term.weight * term.full_weight;
            }
            // Only one synonym stands in for a word; the rule is simple, since phrasings are short.
            if let Some((_, change)) = self.replaced.iter().find(|(synonym, _)| *synonym == key) {
                square += change;
            }
        }
        let inverse = index.forward.inverse_norm(phrasing);
        let square = square.max(0.25 * self.square);
        if self.square == 0.0 || inverse == 0.0 {
            return Overlap::default();
        }
        Overlap {
            cosine: (dot * inverse / square.sqrt()).min(1.0),
            of_question: (dot / square).min(1.0),
            of_phrasing: (dot * inverse * inverse).min(1.0),
        }
    }

    /// 1 over the norm of the question; 0 without tokens.
    pub(super) fn inverse_norm(&self) -> f32 {
        if self.square > 0.0 {
            1.0 / self.square.sqrt()
        } else {
            0.0
        }
    }

    /// How well the question's tokens fit an entry, by what those say that it has, and what each says that it lacks.
    pub(super) fn profiles(&self, gains: [f32; PROFILES], absent: f32) -> [f32; PROFILES] {
        std::array::from_fn(|kind| (gains[kind] - self.tokens[kind] * absent) * self.inverse_profiles[kind])
    }

    /// What an entry's own model says of the question; 0 in an index that has learned nothing.
    pub(crate) fn decide(&self, index: &Index, entry: u32, meaning: Option<&Meaning>) -> f32 {
        let Some(learned) = index.learned() else { return 0.0 };
        let inverse = self.inverse_norm();
        learned.decide(
            entry,
            self.terms.iter().map(|term| (term.name, term.part * inverse)),
            meaning,
        )
    }
}

/// Where the term of a key stands: a hash table, of which at most a quarter is filled, so that most look-ups of keys that
/// the question lacks end at once.
#[derive(Debug)]
struct Places {
    /// 1 + the place of a term; 0 where there is none.
    slots: Vec<u32>,
}

impl Places {
    fn of(terms: &[LookupTerm]) -> Self {
        let mut places = Self {
            slots: vec![0; (4 * terms.len()).next_power_of_two().max(4)],
        };
        for (place, term) in (1..).zip(terms) {
            let mut slot = places.first_slot(term.key);
            while places.slots[slot] != 0 {
                slot = places.next_slot(slot);
            }
            places.slots[slot] = place;
        }
        places
    }

    #[inline(always)]
    fn find<'t>(&self, key: u32, terms: &'t [LookupTerm]) -> Option<&'t LookupTerm> {
        let mut slot = self.first_slot(key);
        loop {
            let place = self.slots[slot].checked_sub(1)?;
            let term = terms.get(place as usize)?;
            if term.key == key {
                return Some(term);
            }
            slot = self.next_slot(slot);
        }
    }

    /// Fibonacci hashing (Knuth, *The Art of Computer Programming*, volume 3, 6.4).
    #[inline(always)]
    fn first_slot(&self, key: u32) -> usize {
        (key.wrapping_mul(0x9e37_79b1) >> 8) as usize & (self.slots.len() - 1)
    }

    #[inline(always)]
    fn next_slot(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

/// The term of a token, if the field has it.
fn find(field: &InvertedIndexReader, token: &Token, term: &mut String) -> std::io::Result<Option<TermInfo>> {
    term.clear();
    token.write_term(term);
    field.terms().get(term.as_bytes())
}
