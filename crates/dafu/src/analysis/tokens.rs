use super::normalize::is_word_char;

/// What a token is: each kind counts on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TokenKind {
    /// A single ideograph.
    Char,
    /// Two characters in a row.
    Pair,
    /// A word of at least two characters, a Latin word or a number.
    Word,
    /// The syllables of two ideographs in a row.
    Sound,
}

/// A token: what is looked up in the index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) text: Box<str>,
}

impl Token {
    pub(crate) fn new(kind: TokenKind, text: impl Into<Box<str>>) -> Self {
        Self {
            kind,
            text: text.into(),
        }
    }

    /// Writes the term that stands for the token in the index: a letter for the kind, then the text.
    pub(crate) fn write_term(&self, term: &mut String) {
        term.push(self.kind.letter());
        term.push_str(&self.text);
    }
}

impl TokenKind {
    fn letter(self) -> char {
        match self {
            Self::Char => 'c',
            Self::Pair => 'p',
            Self::Sound => 's',
            Self::Word => 'w',
        }
    }

    /// The kind of token behind a term of the index.
    pub(crate) fn of_term(term: &[u8]) -> Option<Self> {
        Some(match term.first()? {
            b'c' => Self::Char,
            b'p' => Self::Pair,
            b's' => Self::Sound,
            b'w' => Self::Word,
            _ => return None,
        })
    }
}

/// Joins terms to one text. Normalised text has no control characters, so that one separates them.
pub(crate) fn join_terms(tokens: &[Token]) -> String {
    join(tokens.iter(), Token::write_term)
}

/// Joins terms that are texts already.
pub(crate) fn join_texts<'t>(terms: impl Iterator<Item = &'t str>) -> String {
    join(terms, |term, out| out.push_str(term))
}

fn join<T>(terms: impl Iterator<Item = T>, write: impl Fn(T, &mut String)) -> String {
    let mut out = String::with_capacity(128);
    for term in terms {
        if !out.is_empty() {
            out.push(SEPARATOR);
        }
        write(term, &mut out);
    }
    out
}

/// The terms of a text that [`join_terms`] made.
pub(crate) fn split_terms(joined: &str) -> impl Iterator<Item = &str> {
    joined.split(SEPARATOR).filter(|term| !term.is_empty())
}

/// Runs of word characters: pairs do not reach over what separates them.
pub(super) fn runs(chars: &[char]) -> impl Iterator<Item = &[char]> {
    chars.split(|c| !is_word_char(*c)).filter(|run| !run.is_empty())
}

const SEPARATOR: char = '\u{1f}';
