//! The reader of JSON Lines: one item a line.

use super::fields::Fields;
use super::items::{Items, Kind};
use super::raw::Raw;
use super::report::{Path, Report};
use crate::mistake::Mistake;
use crate::quote::quote;

/// Reads all lines of a file.
pub(super) fn read(bytes: &[u8], items: &mut Items, report: &mut Report<'_>) {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
        report.place.line = Some(number);
        match std::str::from_utf8(line) {
            Ok(line) => read_line(line, items, report),
            Err(error) => {
                let column = error.valid_up_to() as u64 + 1;
                let mistake = Mistake::error("the line is not UTF-8", "save the file in the encoding UTF-8");
                report.errors.push(mistake.at(&report.place).column(Some(column)));
            }
        }
    }
}

fn read_line(line: &str, items: &mut Items, report: &mut Report<'_>) {
    if line.trim().is_empty() {
        return;
    }
    let raw: Raw<'_> = match serde_json::from_str(line) {
        Ok(raw) => raw,
        Err(error) => {
            let column = Some(error.column() as u64);
            report.errors.push(explain(&error).at(&report.place).column(column));
            return;
        }
    };
    let Some(mut fields) = Fields::of(Path::Item, raw, report) else {
        return;
    };
    let kind = match fields.optional::<String>("kind", report) {
        None => Some(Kind::Entry),
        Some(name) => {
            let kind = Kind::from_name(&name);
            if kind.is_none() {
                let mistake = Mistake::error(format!("there is no kind {}", quote(&name)), KINDS);
                report.errors.push(mistake.at(&report.place).field("kind"));
            }
            kind
        }
    };
    if let Some(kind) = kind {
        items.add(kind, fields, report);
    }
}

/// Puts the sentence of the JSON parser into an editor's words, without the place, which the mistake says itself.
fn explain(error: &serde_json::Error) -> Mistake {
    let sentence = error.to_string();
    let reason = sentence.rfind(" at line ").map_or(&*sentence, |end| &sentence[..end]);
    if error.is_data() {
        // The only thing that this crate has against well-formed JSON.
        return Mistake::error(format!("the line has a {reason}"), "delete one of the two");
    }
    if reason.contains("hex escape") {
        return Mistake::error(
            "an escape such as `\\ud800` is half a character",
            "write the character itself",
        );
    }
    Mistake::error(
        format!("the line cannot be read as JSON ({reason})"),
        "write one JSON object a line",
    )
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

const KINDS: &str =
    "write entry, standard_answer, template, synonyms, word, stop_word, handover, settings or test_question";
