use serde::Serialize;

use super::sameness::Side;
use crate::index::{Candidate, Index, Lookup, Meaning, Overlap};

/// How an entry agrees with a question. All numbers but the profiles are in 0..=1, and
/// 0 is no agreement (or no contradiction).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Evidence {
    /// The cosine of the question and the nearest phrasing, over words, characters and pairs weighted by rarity.
    pub cosine: f32,
    /// The share of the question's weight that the nearest phrasing has.
    pub of_question: f32,
    /// The share of the nearest phrasing's weight that the question has.
    pub of_phrasing: f32,
    /// The mean cosine of the three nearest phrasings.
    pub mean: f32,
    /// The mean cosine of all phrasings.
    pub mean_of_all: f32,
    /// How well the question's characters fit all phrasings of the entry together: the logarithm of the likelihood
    /// ratio of a smoothed unigram model, over that of an entry which has them all. In -1..=1.
    pub profile_chars: f32,
    /// The same for pairs of characters.
    pub profile_pairs: f32,
    /// The same for words.
    pub profile_words: f32,
    /// What the entry's own model says, learned from its phrasings against their rivals: above 0 for its own questions,
    /// about -1 for others. In -3..=3.
    pub learned: f32,
    /// The same, for entries with many phrasings: times n / (n + 4) for n of them.
    pub learned_from_many: f32,
    /// 1 / n for n phrasings. The nearest of many is nearer than that of few for no merit of its own; this makes up for
    /// it.
    pub few_phrasings: f32,
    /// The cosine of the question's meaning and that of the nearest phrasing, in -1..=1; 0 without meanings.
    pub meaning: f32,
    /// The cosine of the question's meaning and the centre of the phrasings' meanings, in -1..=1; 0 without meanings.
    pub meaning_of_all: f32,
    /// The longest run of characters that question and phrasing share, over the length of the shorter.
    pub run: f32,
    /// How alike question and phrasing sound: the Dice coefficient of their syllable pairs.
    pub sound: f32,
    /// 1 if question and phrasing are the same but for case, width, script, blanks and punctuation.
    pub exact: f32,
    /// How much of the question stands in the entry's answers: BM25 over its greatest possible value.
    pub answer: f32,
    /// 1 if both name numbers, and none of them is the same.
    pub numbers_differ: f32,
    /// 1 if both name Latin words or codes, and none of them is the same.
    pub codes_differ: f32,
    /// 1 if one denies and the other does not.
    pub negation_differs: f32,
    /// How strange the question is to the whole knowledge base, whatever the entry: by how many standard deviations its
    /// characters are less familiar than those of three quarters of its own questions. In 0..=4.
    pub strange: f32,
}

impl Evidence {
    /// The evidence for a candidate, and its phrasing that agrees best.
    pub(super) fn of(
        index: &Index,
        lookup: &Lookup,
        question: &Side,
        squeezed: &str,
        meaning: Option<&Meaning>,
        candidate: &Candidate,
        compared: &mut Side,
    ) -> (Self, u32) {
        let mut evidence = Self::default();
        let mut best = index.phrasings_of(candidate.entry).start;
        let mut best_overlap = Overlap::default();
        let mut sum = 0.0;
        for phrasing in candidate.phrasings(best) {
            let overlap = lookup.overlap(index, phrasing);
            sum += overlap.cosine;
            if overlap.cosine > best_overlap.cosine {
                (best, best_overlap) = (phrasing, overlap);
            }
        }
        let own = index.phrasings_of(candidate.entry).len().min(candidate.nearest.len());
        evidence.mean = sum / own.max(1) as f32;
        evidence.mean_of_all = candidate.mean;
        let [chars, pairs, words] = candidate.profiles.map(|profile| profile.clamp(-1.0, 1.0));
        (evidence.profile_chars, evidence.profile_pairs, evidence.profile_words) = (chars, pairs, words);
        let many = index.phrasings_of(candidate.entry).len() as f32;
        evidence.learned = lookup.decide(index, candidate.entry, meaning).clamp(-3.0, 3.0);
        evidence.learned_from_many = evidence.learned * many / (many + 4.0);
        evidence.few_phrasings = 1.0 / many.max(1.0);
        if let (Some(meanings), Some(meaning)) = (index.meanings(), meaning) {
            let run = index.phrasings_of(candidate.entry);
            let end = run.end.min(run.start.saturating_add(MEANT));
            evidence.meaning = meanings.of_phrasings(meaning, run.start..end);
            evidence.meaning_of_all = meanings.of_entry(meaning, candidate.entry);
        }
        evidence.cosine = best_overlap.cosine;
        evidence.of_question = best_overlap.of_question;
        evidence.of_phrasing = best_overlap.of_phrasing;

        let text = index.squeezed(best);
        compared.set(text.chars());
        evidence.run = question.common_run(compared);
        evidence.sound = question.sound(compared);
        evidence.exact = flag(text == squeezed && !text.is_empty());
        evidence.numbers_differ = flag(question.numbers_differ(compared));
        evidence.codes_differ = flag(question.codes_differ(compared));
        evidence.negation_differs = flag(question.negation_differs(compared));
        (evidence, best)
    }

    /// The numbers with their names, in the order of the weights.
    pub fn parts(&self) -> [(&'static str, f32); PARTS] {
        [
            ("cosine", self.cosine),
            ("of_question", self.of_question),
            ("of_phrasing", self.of_phrasing),
            ("mean", self.mean),
            ("mean_of_all", self.mean_of_all),
            ("profile_chars", self.profile_chars),
            ("profile_pairs", self.profile_pairs),
            ("profile_words", self.profile_words),
            ("learned", self.learned),
            ("learned_from_many", self.learned_from_many),
            ("few_phrasings", self.few_phrasings),
            ("meaning", self.meaning),
            ("meaning_of_all", self.meaning_of_all),
            ("run", self.run),
            ("sound", self.sound),
            ("exact", self.exact),
            ("answer", self.answer),
            ("numbers_differ", self.numbers_differ),
            ("codes_differ", self.codes_differ),
            ("negation_differs", self.negation_differs),
            ("strange", self.strange),
        ]
    }
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// The meanings of how many phrasings of an entry are compared.
const MEANT: u32 = 128;

/// How many numbers there are.
pub(super) const PARTS: usize = 21;

/// The place of the last of them.
pub(super) const STRANGE: usize = PARTS - 1;
