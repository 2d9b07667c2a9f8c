use tantivy::InvertedIndexReader;

use super::pinyin_input::{PinyinInput, pairs};
use crate::analysis::{Normalized, pinyin};

/// Where a question may have a wrong character: no phrasing has it beside its neighbours.
///
/// Input methods offer characters that sound alike, and customers take the wrong one: 腿款 for 退款.
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

/// Replaces suspects by the character that sounds the same and that the phrasings have beside the same neighbours.
pub(super) fn correct(
    input: &PinyinInput,
    phrasing: &InvertedIndexReader,
    question: &mut Normalized,
    suspects: &[usize],
) -> std::io::Result<()> {
    for &place in suspects {
        let chars = question.chars();
        let beside = |i: Option<usize>| i.and_then(|i| chars.get(i)).copied().filter(|c| is_ideograph(*c));
        let (before, after) = (beside(place.checked_sub(1)), beside(place.checked_add(1)));
        let typed = chars[place];
        // With one neighbour only, the typed character must be strange itself.
        let both = before.is_some() && after.is_some();
        let mut meant = None;
        for &char in pinyin::syllable(typed).map_or(&[][..], |syllable| input.chars_of(syllable)) {
            let fits = before.map_or(Ok(true), |before| is_pair(phrasing, before, char))?
                && after.map_or(Ok(true), |after| is_pair(phrasing, char, after))?;
            if char != typed && fits && (both || input.count(char) >= COMMONER * input.count(typed)) {
                meant = Some(char);
                break;
            }
        }
        if let Some(meant) = meant {
            question.replace(place..place + 1, std::iter::once(meant));
        }
    }
    Ok(())
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

/// How many times more phrasings must have a character than the typed one, where one neighbour is all that tells.
const COMMONER: f32 = 20.0;
