use std::collections::HashSet;

use super::dictionary::DictionarySlice;
use super::look_alikes;
use super::normalize::{Normalized, is_word_char};
use super::pinyin;
use super::segment::ChineseSegmenter;
use super::synonyms::Synonyms;
use super::tokens::{Token, TokenKind, join_terms, runs};
use super::words;
use crate::model::Settings;

/// Turns texts into tokens, by the settings of a knowledge base and the dictionary of its index.
#[derive(Debug)]
pub(crate) struct Analyzer {
    segmenter: ChineseSegmenter,
    stop_words: HashSet<Box<str>>,
    synonyms: Synonyms,
}

/// A question, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) normalized: Normalized,
    /// The word characters in a row: two texts that differ in blanks and punctuation only are the same here.
    pub(crate) squeezed: Vec<char>,
    /// The question's own tokens, each once, in order.
    pub(crate) tokens: Vec<Token>,
    /// Words that may stand in the place of the question's own.
    pub(crate) synonyms: Vec<Replacement>,
    /// The sounds of the question: weak evidence.
    pub(crate) sounds: Vec<Token>,
}

/// A synonym of a word of a question.
#[derive(Debug)]
pub(crate) struct Replacement {
    /// The tokens of the question that it replaces: the word, its characters and pairs.
    pub(crate) own: Vec<Token>,
    /// The tokens that it brings: the whole word first.
    pub(crate) tokens: Vec<Token>,
    /// The part of their weight that counts: in (0, 1].
    pub(crate) part: f32,
}

impl Analyzer {
    pub(crate) fn new(segmenter: ChineseSegmenter, settings: &Settings) -> Self {
        let own = settings
            .stop_words
            .iter()
            .map(|word| Normalized::new(word.as_str()).text());
        let stop_words = words::lines(words::STOP_WORDS)
            .map(str::to_owned)
            .chain(own)
            .map(Into::into)
            .collect();
        Self {
            segmenter,
            stop_words,
            synonyms: Synonyms::new(&settings.synonyms),
        }
    }

    /// The dictionary that an index over `texts` (normalised) needs: its words, the built-in ones, and those that the
    /// settings name.
    pub(crate) fn dictionary_for(segmenter: &ChineseSegmenter, settings: &Settings, texts: &[&str]) -> DictionarySlice {
        let synonyms = Synonyms::new(&settings.synonyms);
        let own: Vec<String> = words::lines(words::BUILT_IN)
            .chain(words::lines(words::STOP_WORDS))
            .map(|word| Normalized::new(word).text())
            .chain(
                settings
                    .words
                    .iter()
                    .map(|word| Normalized::new(word.word.as_str()).text()),
            )
            .chain(
                settings
                    .stop_words
                    .iter()
                    .map(|word| Normalized::new(word.as_str()).text()),
            )
            .chain(
                settings
                    .handover
                    .iter()
                    .map(|phrase| Normalized::new(phrase.as_str()).text()),
            )
            .chain(synonyms.words())
            .collect();
        segmenter.slice(texts.iter().copied().chain(own.iter().map(String::as_str)))
    }

    pub(crate) fn question(&self, normalized: Normalized) -> Question {
        let text = normalized.text();
        let tokens = self.tokens(&normalized, &text);
        let words = tokens
            .iter()
            .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Char));
        let replacements = words.flat_map(|word| {
            self.synonyms.of(&word.text).iter().map(|synonym| Replacement {
                own: word_tokens(&word.text.chars().collect::<Vec<_>>()),
                tokens: word_tokens(&synonym.chars),
                part: synonym.weight,
            })
        });
        let synonyms = replacements.take(REPLACEMENTS).collect();
        let squeezed = squeeze(&normalized);
        Question {
            tokens,
            synonyms,
            sounds: sounds(&squeezed),
            squeezed,
            normalized,
        }
    }

    /// The tokens of a text: words, characters and pairs, each once, in order.
    pub(crate) fn tokens(&self, normalized: &Normalized, text: &str) -> Vec<Token> {
        let mut words = Vec::with_capacity(24);
        self.segmenter.words(text, |word| words.push(word));
        let is_stop = |word: &&super::segment::Word<'_>| {
            let inside = |other: &super::segment::Word<'_>| {
                other.text.len() > word.text.len() && other.start <= word.start && word.end <= other.end
            };
            self.stop_words.contains(word.text) && !words.iter().any(inside)
        };
        let stops: Vec<_> = words
            .iter()
            .filter(is_stop)
            .map(|word| (word.start, word.end))
            .collect();
        let stopped: usize = stops
            .iter()
            .map(|(start, end)| text[*start..*end].chars().count())
            .sum();
        let all = normalized.chars().iter().filter(|c| is_word_char(**c)).count();
        // A question of stop words only means them.
        let stops = if stopped < all { stops } else { Vec::new() };

        let mut tokens = Vec::with_capacity(normalized.chars().len() * 3);
        for word in &words {
            let mut len = word.text.chars();
            let single = len.next().is_some() && len.next().is_none();
            let stopped = stops
                .iter()
                .any(|(start, end)| *start <= word.start && word.end <= *end);
            if !stopped && (!single || word.text.is_ascii()) {
                tokens.push(Token::new(TokenKind::Word, word.text));
                push_parts(word.text, &mut tokens);
            }
        }
        let mut kept = normalized.chars().to_vec();
        for (start, end) in stops {
            let first = text[..start].chars().count();
            let count = text[start..end].chars().count();
            kept[first..first + count].fill(' ');
        }
        for run in runs(&kept) {
            push_characters(run, &mut |token| tokens.push(token));
        }
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }
}

impl Analyzer {
    /// The terms of a long text: words and pairs, as often as they occur.
    pub(crate) fn answer_terms(&self, text: &str) -> String {
        join_terms(&self.answer_tokens(&Normalized::new(text)))
    }

    fn answer_tokens(&self, normalized: &Normalized) -> Vec<Token> {
        let text = normalized.text();
        let mut tokens = Vec::with_capacity(normalized.chars().len() * 2);
        self.segmenter.words(&text, |word| {
            if word.text.chars().nth(1).is_some() {
                tokens.push(Token::new(TokenKind::Word, word.text));
            }
        });
        for run in runs(normalized.chars()) {
            push_characters(run, &mut |token| {
                if token.kind == TokenKind::Pair {
                    tokens.push(token);
                }
            });
        }
        tokens
    }

    /// A hash of everything that decides how a text is analysed, but for the dictionary, which an index carries.
    pub(crate) fn fingerprint(settings: &Settings) -> String {
        let mut hasher = blake3::Hasher::new();
        let settings = serde_json::to_vec(settings).expect("settings are plain data");
        for part in [
            RULES.as_bytes(),
            words::BUILT_IN.as_bytes(),
            words::STOP_WORDS.as_bytes(),
            look_alikes::TABLE.as_bytes(),
            &settings,
        ] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// The version of the rules of this module: another one whenever a text may come out otherwise.
const RULES: &str = "2 jieba-rs 0.11.0, ferrous-opencc 0.4, pinyin 0.11";

/// The word characters of a text, in a row.
pub(crate) fn squeeze(normalized: &Normalized) -> Vec<char> {
    normalized
        .chars()
        .iter()
        .copied()
        .filter(|c| is_word_char(*c))
        .collect()
}

/// The syllable pairs of a text, each once, in order.
pub(crate) fn sounds(squeezed: &[char]) -> Vec<Token> {
    let mut out: Vec<Token> = squeezed
        .windows(2)
        .filter_map(|pair| Some((pinyin::syllable(pair[0])?, pinyin::syllable(pair[1])?)))
        .map(|(first, second)| Token::new(TokenKind::Sound, format!("{first} {second}")))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The tokens of a word that is one, whatever the segmenter makes of it: the word itself first.
fn word_tokens(chars: &[char]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(2 * chars.len());
    if chars.len() > 1 {
        tokens.push(Token::new(TokenKind::Word, chars.iter().collect::<String>()));
    }
    push_characters(chars, &mut |token| tokens.push(token));
    tokens
}

/// How many synonyms of a question's words are looked up.
const REPLACEMENTS: usize = 16;

/// The characters and pairs of a run. Single Latin letters and digits tell nothing.
fn push_characters(run: &[char], push: &mut impl FnMut(Token)) {
    let mut buffer = [0; 8];
    for &c in run.iter().filter(|c| !c.is_ascii()) {
        push(Token::new(TokenKind::Char, &*c.encode_utf8(&mut buffer)));
    }
    for pair in run.windows(2) {
        let first = pair[0].encode_utf8(&mut buffer).len();
        let second = pair[1].encode_utf8(&mut buffer[first..]).len();
        let text = std::str::from_utf8(&buffer[..first + second]).expect("two encoded characters");
        push(Token::new(TokenKind::Pair, text));
    }
}

/// The letters and the digits of a word that mixes them: iphone15 is also iphone and 15.
fn push_parts(word: &str, tokens: &mut Vec<Token>) {
    if !word.is_ascii() {
        return;
    }
    let mut parts = word
        .as_bytes()
        .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .peekable();
    let mut start = 0;
    while let Some(part) = parts.next() {
        if start > 0 || parts.peek().is_some() {
            tokens.push(Token::new(TokenKind::Word, &word[start..start + part.len()]));
        }
        start += part.len();
    }
}
