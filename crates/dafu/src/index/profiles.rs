use crate::analysis::TokenKind;

/// What a term says for an entry, by how many of its phrasings have it; each count is worked out once.
pub(super) struct Gains {
    part: f32,
    df: u32,
    phrasings: usize,
    known: [f32; 8],
}

impl Gains {
    /// For a term of which a `part` counts, and that so many of all phrasings have.
    pub(super) fn new(part: f32, df: u32, phrasings: usize) -> Self {
        Self {
            part,
            df,
            phrasings,
            known: [f32::NAN; 8],
        }
    }

    /// What it says for an entry of which `count` phrasings have it.
    pub(super) fn of(&mut self, count: usize) -> f32 {
        match self.known.get_mut(count) {
            Some(known) if !known.is_nan() => *known,
            known => {
                let gain = self.part * profile_gain(count as f32, self.df, self.phrasings);
                if let Some(known) = known {
                    *known = gain;
                }
                gain
            }
        }
    }
}

/// ln(1 + n / (μ p)), for n phrasings of an entry with a term that a share p of all phrasings has: how much likelier
/// the term is in the entry than in one that lacks it, by a unigram model with Dirichlet smoothing (Zhai and Lafferty,
/// *A study of smoothing methods for language models applied to information retrieval*, 2004).
pub(super) fn profile_gain(n: f32, df: u32, phrasings: usize) -> f32 {
    libm::logf(1.0 + n * phrasings.max(1) as f32 / (SMOOTHING * df.max(1) as f32))
}

/// Each kind of token has a profile of its own: characters, pairs and words overlap.
pub(super) fn profile_of(kind: TokenKind) -> Option<usize> {
    match kind {
        TokenKind::Char => Some(0),
        TokenKind::Pair => Some(1),
        TokenKind::Word => Some(2),
        TokenKind::Sound => None,
    }
}

/// How many profiles there are.
pub(super) const PROFILES: usize = 3;

/// μ of the smoothing: how many phrasings' worth of the whole knowledge base each entry is mixed with. From 3 to 30 it
/// made no difference.
pub(super) const SMOOTHING: f32 = 10.0;

/// In how many phrasings an entry has a token that it is about.
pub(super) const TYPICAL: f32 = 5.0;
