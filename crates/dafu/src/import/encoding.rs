//! Finding out how a spreadsheet's text is encoded.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

/// Returns the text of a file: in the encoding its byte order mark names, else UTF-8, else GB18030, which is what Chinese
/// spreadsheets write. `None` when it is none of them.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.into()),
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(bytes),
    }
}
