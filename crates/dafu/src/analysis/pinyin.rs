use ::pinyin::ToPinyin;

/// The syllable of a character without its tone; none for what is no ideograph.
pub(crate) fn syllable(c: char) -> Option<&'static str> {
    c.to_pinyin().map(|pinyin| pinyin.plain())
}

/// The syllables of a text in a row, other characters as they are: 退款 → `tuikuan`.
pub(crate) fn full(chars: &[char]) -> String {
    let mut out = String::with_capacity(chars.len() * 4);
    for &c in chars {
        match syllable(c) {
            Some(syllable) => out.push_str(syllable),
            None => out.push(c),
        }
    }
    out
}

/// The first letters of the syllables of a text, other characters as they are: 退款 → `tk`.
pub(crate) fn initials(chars: &[char]) -> String {
    chars
        .iter()
        .map(|&c| syllable(c).and_then(|s| s.chars().next()).unwrap_or(c))
        .collect()
}
