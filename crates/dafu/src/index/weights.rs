use crate::analysis::TokenKind;

/// What a token tells: its inverse document frequency, as in BM25, ln(1 + (N - n + ½) / (n + ½)) for n of N phrasings,
/// under a square root, which keeps rare words from drowning out the others, times a factor for its kind.
///
/// Rounded to 1/1024, so that the last digit of a logarithm never decides between two machines.
pub(crate) fn token_weight(kind: TokenKind, phrasings_with_it: u32, phrasings: usize) -> f32 {
    let n = f64::from(phrasings_with_it);
    let idf = libm::log(1.0 + (phrasings as f64 - n + 0.5).max(0.0) / (n + 0.5));
    (idf.sqrt() * factor(kind) * 1024.0).round() as f32 / 1024.0
}

/// Chosen by asking held-out phrasings of several knowledge bases (`docs/design.md`, *Ranking*).
fn factor(kind: TokenKind) -> f64 {
    match kind {
        TokenKind::Char => 1.0,
        TokenKind::Pair => 0.3,
        TokenKind::Word => 0.5,
        TokenKind::Sound => 0.3,
    }
}
