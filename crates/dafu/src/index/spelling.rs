use tantivy::InvertedIndexReader;

use super::pinyin_input::{PinyinInput, pairs};
use crate::analysis::{Normalized, look_alikes, pinyin};

/// Where a question may have a wrong character: no phrasing has it beside its neighbours.
///
/// Input methods offer characters that sound alike, and customers take the wrong one: 腿款 for 退款. Whoever writes by hand
/// or by strokes takes one that looks alike: 迟款. And fingers swap: 款退.
pub(super) fn suspects(phrasing: &InvertedIndexReader, question: &Normalized) -> std::io::Result<Vec<usize>> {
    let chars = question.chars();
    let mut suspects = Vec::new();
    let mut before = Beside::Nothing;
    for i in 0..chars.len().min(CORRECTED) {
        let after = match chars.get(i + 1) {
            Some(next) if is_ideograph(chars[i]) && is_ideograph(*next) => match is_pair(phrasing, chars[i], *next)? {
                true => Beside::Known,
                false => Beside::Strange,
            },
            _ => Beside::Nothing,
        };
        if matches!(
            (before, after),
            (Beside::Strange, Beside::Strange | Beside::Nothing) | (Beside::Nothing, Beside::Strange)
        ) {
            suspects.push(i);
        }
        before = after;
    }
    Ok(suspects)
}

/// Reads suspects as the characters that are meant, where phrasings have these beside the same neighbours.
pub(super) fn correct(
    input: &PinyinInput,
    phrasing: &InvertedIndexReader,
    question: &mut Normalized,
    suspects: &[usize],
) -> std::io::Result<()> {
    let mut suspects = suspects.iter().copied().peekable();
    while let Some(place) = suspects.next() {
        let around = Around::new(question, place);
        if suspects.peek() == Some(&(place + 1)) && around.is_swapped(phrasing)? {
            let swapped = [question.chars()[place + 1], question.chars()[place]];
            question.replace(place..place + 2, swapped.into_iter());
            suspects.next();
        } else if let Some(meant) = around.meant(input, phrasing)? {
            question.replace(place..place + 1, std::iter::once(meant));
        }
    }
    Ok(())
}

/// A suspect, and the ideographs beside it.
struct Around {
    before: Option<char>,
    typed: char,
    after: Option<char>,
    after_next: Option<char>,
}

impl Around {
    fn new(question: &Normalized, place: usize) -> Self {
        let chars = question.chars();
        let ideograph = |i: Option<usize>| i.and_then(|i| chars.get(i)).copied().filter(|c| is_ideograph(*c));
        Self {
            before: ideograph(place.checked_sub(1)),
            typed: chars[place],
            after: ideograph(place.checked_add(1)),
            after_next: ideograph(place.checked_add(2)),
        }
    }

    /// Whether the phrasings have this character and the next in the other order.
    fn is_swapped(&self, phrasing: &InvertedIndexReader) -> std::io::Result<bool> {
        let Some(after) = self.after else { return Ok(false) };
        Ok(is_pair(phrasing, after, self.typed)?
            && self
                .before
                .map_or(Ok(true), |before| is_pair(phrasing, before, after))?
            && self
                .after_next
                .map_or(Ok(true), |next| is_pair(phrasing, self.typed, next))?)
    }

    /// The likeliest character by the noisy channel model (Kernighan, Church and Gale, *A spelling correction program based
    /// on a noisy channel model*, 1990): how likely it is between its neighbours, times how likely it was mistyped so. None
    /// if what was typed is likelier, or if the phrasings have no other here.
    fn meant(&self, input: &PinyinInput, phrasing: &InvertedIndexReader) -> std::io::Result<Option<char>> {
        let mut meant = None;
        let mut least = self.cost(self.typed, input, phrasing)?;
        let sounds = pinyin::syllable(self.typed).map_or(&[][..], |syllable| input.chars_of(syllable));
        let looks = look_alikes(self.typed).filter(|c| input.count(*c) > 0.0);
        let mistyped = sounds
            .iter()
            .map(|c| (*c, SOUNDS_ALIKE))
            .chain(looks.map(|c| (c, LOOKS_ALIKE)));
        for (char, cost) in mistyped.filter(|(char, _)| *char != self.typed) {
            if !self.fits(char, phrasing)? {
                continue;
            }
            let cost = cost + self.cost(char, input, phrasing)?;
            if cost < least {
                (meant, least) = (Some(char), cost);
            }
        }
        Ok(meant)
    }

    /// Whether phrasings have a character beside the neighbours.
    fn fits(&self, char: char, phrasing: &InvertedIndexReader) -> std::io::Result<bool> {
        Ok(self.before.map_or(Ok(true), |before| is_pair(phrasing, before, char))?
            && self.after.map_or(Ok(true), |after| is_pair(phrasing, char, after))?)
    }

    /// -ln of how likely a character is between the neighbours; without one before it, by how common it is.
    fn cost(&self, char: char, input: &PinyinInput, phrasing: &InvertedIndexReader) -> std::io::Result<f32> {
        let before = input.cost(phrasing, self.before.unwrap_or(' '), char)?;
        let after = self.after.map_or(Ok(0.0), |after| input.cost(phrasing, char, after))?;
        Ok(before + after)
    }
}

#[derive(Clone, Copy)]
enum Beside {
    /// No ideograph.
    Nothing,
    /// A character that the phrasings have beside this one.
    Known,
    Strange,
}

/// Whether a phrasing has these characters in a row.
fn is_pair(phrasing: &InvertedIndexReader, first: char, second: char) -> std::io::Result<bool> {
    Ok(pairs(phrasing, first, second)? > 0)
}

fn is_ideograph(c: char) -> bool {
    pinyin::syllable(c).is_some()
}

/// So many characters of a question are looked at: longer ones say enough without.
const CORRECTED: usize = 60;

/// -ln of how likely a character is typed as a given other: one in a hundred for those that sound the same, one in a
/// thousand for those that look alike, which input by sound does not mix up.
const SOUNDS_ALIKE: f32 = 4.6;
const LOOKS_ALIKE: f32 = 6.9;
