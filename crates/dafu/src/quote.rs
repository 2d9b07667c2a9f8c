//! Quoting user text in messages.

/// Returns the start of `text` in backquotes: at most 40 characters, with nothing in it that could break a line or hide.
pub(crate) fn quote(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(MAX_CHARS)
        .map(|c| if is_unprintable(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(MAX_CHARS).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Says whether `c` shows nothing by itself: soft hyphens, zero-width characters, and the controls of writing direction.
///
/// Such characters come along when text is copied from a chat window. They make equal words differ, and direction
/// controls can make a message read as something else than it says.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Enough to find the place in a file, too little to spill a customer's message into a log.
const MAX_CHARS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_hidden_text_is_cut_and_shown() {
        assert_eq!(quote("退款"), "`退款`");
        assert_eq!(quote(&"退".repeat(41)), format!("`{}…`", "退".repeat(40)));
        assert_eq!(quote("a\nb\u{202e}c"), "`a\u{fffd}b\u{fffd}c`");
    }
}
