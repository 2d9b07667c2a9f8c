//! Texts that people read: questions and answers.

use std::borrow::Cow;

use super::text_value::{check_length, text_value};
use crate::model::InvalidValue;
use crate::quote::{is_invisible, quote};

text_value!(
    /// A question, or another short text that customers may write: 1 to 500 characters with at least one letter, digit
    /// or Chinese character.
    ///
    /// It is one line: white space becomes single spaces and vanishes at the ends; control characters, zero-width
    /// characters and the controls of writing direction are dropped.
    ///
    /// ```
    /// use dafu::Phrasing;
    ///
    /// assert_eq!(Phrasing::try_from("  退款\u{200b}多久\r\n到账？ ")?.as_str(), "退款多久 到账？");
    /// assert!(Phrasing::try_from("？？？").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Phrasing,
    phrasing
);

text_value!(
    /// What is answered: 1 to 20,000 characters, any number of lines.
    ///
    /// Line ends become `\n`; white space at the ends and control characters other than line break and tab are removed.
    ///
    /// ```
    /// use dafu::AnswerText;
    ///
    /// assert_eq!(AnswerText::try_from("您好，\r\n退款1-3天到账。\n")?.as_str(), "您好，\n退款1-3天到账。");
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    AnswerText,
    answer_text
);

text_value!(
    /// A fact in an item's metadata: 1 to 20,000 characters, kept exactly as they are.
    ///
    /// ```
    /// use dafu::MetadataValue;
    ///
    /// assert_eq!(MetadataValue::try_from(" 工单 8812 ")?.as_str(), " 工单 8812 ");
    /// assert!(MetadataValue::try_from("").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    MetadataValue,
    metadata_value
);

text_value!(
    /// One word: 1 to 32 characters with at least one letter, digit or Chinese character, and no white space between
    /// them. Control, zero-width and direction characters are dropped.
    ///
    /// ```
    /// use dafu::Word;
    ///
    /// assert_eq!(Word::try_from(" 花呗 ")?.as_str(), "花呗");
    /// assert!(Word::try_from("花 呗").is_err());
    /// # Ok::<(), dafu::InvalidValue>(())
    /// ```
    Word,
    word
);

fn phrasing(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    one_line("phrasing", text, 500)
}

fn answer_text(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    let kept = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    let text = if text.chars().all(kept) {
        Cow::Borrowed(text.trim())
    } else {
        let unix = text.replace("\r\n", "\n").replace('\r', "\n");
        Cow::Owned(unix.chars().filter(|&c| kept(c)).collect::<String>().trim().to_owned())
    };
    if text.is_empty() {
        return Err(InvalidValue::new(
            "the text is empty",
            "write something, or leave it out",
        ));
    }
    check_length("text", &text, MAX_TEXT_CHARS)?;
    Ok(text)
}

fn metadata_value(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    if text.is_empty() {
        return Err(InvalidValue::new(
            "the metadata value is empty",
            "write something, or leave it out",
        ));
    }
    check_length("metadata value", text, MAX_TEXT_CHARS)?;
    Ok(text.into())
}

fn word(text: &str) -> Result<Cow<'_, str>, InvalidValue> {
    let word = one_line("word", text, 32)?;
    if word.contains(' ') {
        return Err(InvalidValue::new(
            format!("the word {} contains white space", quote(&word)),
            "write it as one word",
        ));
    }
    Ok(word)
}

/// Brings a short text into one line, as [`Phrasing`] describes.
fn one_line<'a>(what: &str, text: &'a str, max: usize) -> Result<Cow<'a, str>, InvalidValue> {
    let line = if is_one_line(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(to_one_line(text))
    };
    if !line.contains(char::is_alphanumeric) {
        let reason = match &*line {
            "" => format!("the {what} is empty"),
            _ => format!("the {what} {} has no letter, digit or Chinese character", quote(&line)),
        };
        return Err(InvalidValue::new(reason, "write it in words, or leave it out"));
    }
    check_length(what, &line, max)?;
    Ok(line)
}

fn is_one_line(text: &str) -> bool {
    // As if a space stood before the text: a space at the start is one too many.
    let mut after_space = true;
    for c in text.chars() {
        if c.is_control() || is_invisible(c) || (c.is_whitespace() && (c != ' ' || after_space)) {
            return false;
        }
        after_space = c == ' ';
    }
    !after_space
}

fn to_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut space_before = false;
    for c in text.chars() {
        if c.is_whitespace() {
            space_before = true;
        } else if !c.is_control() && !is_invisible(c) {
            if space_before && !line.is_empty() {
                line.push(' ');
            }
            space_before = false;
            line.push(c);
        }
    }
    line
}

const MAX_TEXT_CHARS: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_agrees_with_the_long_one() {
        for text in [
            "退款",
            "退 款",
            " 退款",
            "退款 ",
            "退  款",
            "退\u{3000}款",
            "退\t款",
            "退\u{7}款",
            "",
            " ",
            "a \u{200b} b",
        ] {
            let line = to_one_line(text);
            assert_eq!(is_one_line(text), line == text && !text.is_empty(), "{text:?}");
            assert_eq!(to_one_line(&line), line);
        }
    }
}
