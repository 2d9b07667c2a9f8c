use std::collections::HashMap;
use std::ops::Range;

use tantivy::InvertedIndexReader;

use crate::analysis::{Normalized, pinyin};

/// Reads pinyin that customers type, with or without blanks, as the characters that the phrasings would have there:
/// `zenme tuikuan` as 怎么退款.
///
/// It knows which characters the phrasings have, how often, and which follow each other. Of all ways to cut the letters
/// into syllables and to write these, the likeliest by pairs of characters is taken (the Viterbi algorithm).
#[derive(Debug)]
pub(super) struct PinyinInput {
    /// The commonest characters of each syllable.
    chars: HashMap<&'static str, Vec<char>>,
    /// How many phrasings have a character.
    counts: HashMap<char, f32>,
    phrasings: f32,
}

impl PinyinInput {
    pub(super) fn new(phrasing: &InvertedIndexReader, phrasings: u32) -> std::io::Result<Self> {
        let mut chars: HashMap<&'static str, Vec<char>> = HashMap::new();
        let mut counts = HashMap::new();
        let mut terms = phrasing.terms().range().ge(b"c").lt(b"d").into_stream()?;
        while terms.advance() {
            let text = terms.key().get(1..).and_then(|text| std::str::from_utf8(text).ok());
            let Some(c) = text.and_then(|text| text.chars().next()) else {
                continue;
            };
            counts.insert(c, terms.value().doc_freq as f32);
            if let Some(syllable) = pinyin::syllable(c) {
                chars.entry(syllable).or_default().push(c);
            }
        }
        for chars in chars.values_mut() {
            chars.sort_by(|a, b| counts[b].total_cmp(&counts[a]).then(a.cmp(b)));
            chars.truncate(CHARS);
        }
        Ok(Self {
            chars,
            counts,
            phrasings: phrasings.max(1) as f32,
        })
    }

    /// The commonest characters of a syllable, the commonest first.
    pub(super) fn chars_of(&self, syllable: &str) -> &[char] {
        self.chars.get(syllable).map_or(&[], Vec::as_slice)
    }

    /// How many phrasings have a character.
    pub(super) fn count(&self, c: char) -> f32 {
        self.counts.get(&c).copied().unwrap_or(0.0)
    }

    /// Replaces the letters of a question that are pinyin and no word of the phrasings.
    pub(super) fn read(&self, phrasing: &InvertedIndexReader, question: &mut Normalized) -> std::io::Result<()> {
        let mut letters = 0;
        // From the end, so that what is replaced moves nothing that is still to be read.
        let mut end = question.chars().len();
        while end > 0 {
            if !question.chars()[end - 1].is_ascii_lowercase() {
                end -= 1;
                continue;
            }
            let start = start_of_run(question.chars(), end);
            letters += end - start;
            if letters > LETTERS {
                break;
            }
            self.read_run(phrasing, question, start, end)?;
            end = start;
        }
        Ok(())
    }

    fn read_run(
        &self,
        phrasing: &InvertedIndexReader,
        question: &mut Normalized,
        start: usize,
        end: usize,
    ) -> std::io::Result<()> {
        let run = &question.chars()[start..end];
        let words: Vec<String> = run.split(|c| *c == ' ').map(|word| word.iter().collect()).collect();
        for word in &words {
            // A word that the phrasings have means itself.
            if phrasing.terms().get(format!("w{word}"))?.is_some() {
                return Ok(());
            }
        }
        let before = start.checked_sub(1).map(|i| question.chars()[i]);
        let after = question.chars().get(end).copied();
        let Some(written) = self.likeliest(phrasing, run, before, after)? else {
            return Ok(());
        };
        for syllable in written.into_iter().rev() {
            let letters = start + syllable.letters.start..start + syllable.letters.end;
            question.replace(letters, std::iter::once(syllable.char));
        }
        Ok(())
    }

    /// The likeliest characters for a run of letters and blanks; none if it is no pinyin.
    fn likeliest(
        &self,
        phrasing: &InvertedIndexReader,
        run: &[char],
        before: Option<char>,
        after: Option<char>,
    ) -> std::io::Result<Option<Vec<Written>>> {
        let letters: String = run.iter().collect();
        // For each place in the run, the best way there that ends with each character.
        let mut ways: Vec<Vec<Way>> = vec![Vec::new(); run.len() + 1];
        ways[0].push(Way {
            char: before.unwrap_or(' '),
            cost: 0.0,
            start: 0,
            from: 0,
        });
        for start in 0..run.len() {
            // Blanks part syllables, and are no part of them.
            let begin = start + run[start..].iter().take_while(|c| **c == ' ').count();
            for end in begin + 1..=run.len().min(begin + LONGEST) {
                for &char in self.chars.get(&letters[begin..end]).into_iter().flatten() {
                    let mut best: Option<Way> = None;
                    for (from, way) in ways[start].iter().enumerate() {
                        let cost = way.cost + self.cost(phrasing, way.char, char)?;
                        if best.as_ref().is_none_or(|best| cost < best.cost) {
                            best = Some(Way {
                                char,
                                cost,
                                start,
                                from,
                            });
                        }
                    }
                    ways[end].extend(best);
                }
            }
        }
        let mut last: Option<(f32, usize)> = None;
        for (i, way) in ways[run.len()].iter().enumerate() {
            let next = after.map_or(Ok(0.0), |after| self.cost(phrasing, way.char, after))?;
            if last.is_none_or(|(least, _)| way.cost + next < least) {
                last = Some((way.cost + next, i));
            }
        }
        Ok(last.map(|(_, last)| trace(&ways, last)))
    }

    /// -ln of how likely `next` follows `char`: as often as in the phrasings, or by how common it is. What no phrasing has
    /// counts as if half a phrasing had it.
    pub(super) fn cost(&self, phrasing: &InvertedIndexReader, char: char, next: char) -> std::io::Result<f32> {
        let mut likely = ALONE * self.count(next).max(0.5) / self.phrasings;
        if self.count(char) > 0.0 {
            likely += (1.0 - ALONE) * pairs(phrasing, char, next)? as f32 / self.count(char);
        }
        Ok(-libm::logf(likely.max(1e-7)))
    }
}

/// How many phrasings have these characters in a row.
pub(super) fn pairs(phrasing: &InvertedIndexReader, first: char, second: char) -> std::io::Result<u32> {
    let mut term = String::with_capacity(9);
    term.extend(['p', first, second]);
    Ok(phrasing.terms().get(term)?.map_or(0, |info| info.doc_freq))
}

/// A way to write the letters up to some place.
#[derive(Debug, Clone)]
struct Way {
    /// With which character it ends.
    char: char,
    cost: f32,
    /// Where the letters of the character begin, blanks before them included.
    start: usize,
    /// Which of the ways to there it goes on.
    from: usize,
}

/// A character and the letters that it is written for.
#[derive(Debug)]
struct Written {
    char: char,
    letters: Range<usize>,
}

/// The way that ends with the last place's way of a number, from its beginning.
fn trace(ways: &[Vec<Way>], mut number: usize) -> Vec<Written> {
    let mut end = ways.len() - 1;
    let mut written = Vec::new();
    while end > 0 {
        let way = &ways[end][number];
        written.push(Written {
            char: way.char,
            letters: way.start..end,
        });
        (end, number) = (way.start, way.from);
    }
    written.reverse();
    written
}

/// Where the run of letters that ends at `end` begins: letters, and single blanks between them.
fn start_of_run(chars: &[char], end: usize) -> usize {
    let is_letter = |i: usize| chars[i].is_ascii_lowercase();
    let mut start = end;
    while start > 0 && (is_letter(start - 1) || (start > 1 && chars[start - 1] == ' ' && is_letter(start - 2))) {
        start -= 1;
    }
    start
}

/// How many characters of a syllable are tried.
const CHARS: usize = 12;

/// The letters of the longest syllable, such as zhuang.
const LONGEST: usize = 6;

/// So many letters of a question are read at most.
const LETTERS: usize = 200;

/// How much a character's own frequency counts, against that of the pair.
const ALONE: f32 = 0.1;
