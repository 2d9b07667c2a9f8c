//! The file of a workbook: a ZIP package, which may unpack to a thousand times its size.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::model::{InvalidValue, Limits};

/// Unpacks every part once and counts, so that whoever reads the workbook afterwards meets no more than the limits allow.
///
/// Why not trust the sizes that the package states: a hostile one states what it likes.
pub(super) fn check(bytes: &[u8]) -> Result<(), InvalidValue> {
    if bytes.len() as u64 > Limits::WORKBOOK_BYTES {
        return Err(InvalidValue::new("the workbook is larger than 256 MiB", "split it"));
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(InvalidValue::new(
            "it is a workbook of the old kind (.xls), or protected by a password",
            "save it as .xlsx without a password",
        ));
    }
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut unpacked = 0;
    for index in 0..package.len() {
        let part = package.by_index(index).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.to_ascii_lowercase();
        // Pictures and the like are never unpacked by the reader.
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let counts = count(part, Limits::FILE_BYTES - unpacked)?;
        unpacked += counts.bytes;
        let is_large = !name.contains("worksheets/") && !name.contains("sharedstrings");
        if unpacked >= Limits::FILE_BYTES {
            return Err(InvalidValue::new("the workbook unpacks to more than 1 GiB", "split it"));
        }
        let too_many = counts.texts > MAX_TEXTS || counts.formats > MAX_FORMATS || counts.merged > MAX_MERGED;
        if too_many || (is_large && counts.bytes > MAX_OTHER_BYTES) {
            return Err(InvalidValue::new(
                "the workbook has far more texts, formats or merged cells than a spreadsheet program writes",
                "copy its cells into a new workbook",
            ));
        }
    }
    Ok(())
}

pub(super) fn unreadable(reason: impl std::fmt::Display) -> InvalidValue {
    InvalidValue::new(
        format!("the workbook cannot be read ({reason})"),
        "open it in a spreadsheet program and save it again as .xlsx",
    )
}

fn damaged(error: &ZipError) -> InvalidValue {
    unreadable(error)
}

#[derive(Default)]
struct Counts {
    bytes: u64,
    /// Shared texts: `<si`.
    texts: u64,
    /// Cell formats: `<xf`.
    formats: u64,
    /// Merged cells: `mergeCell`, of which `geC` is rare in texts.
    merged: u64,
}

fn count(part: impl Read, limit: u64) -> Result<Counts, InvalidValue> {
    let mut part = part.take(limit);
    let mut counts = Counts::default();
    let mut buffer = vec![0; 1 << 16];
    // The last two bytes of a piece stand before the next one, so that no tag is cut apart.
    let mut kept = 0;
    loop {
        let read = part.read(&mut buffer[kept..]).map_err(unreadable)?;
        if read == 0 {
            return Ok(counts);
        }
        let end = kept + read;
        counts.bytes += read as u64;
        for tag in buffer[..end].windows(3) {
            counts.texts += u64::from(tag == b"<si");
            counts.formats += u64::from(tag == b"<xf");
            counts.merged += u64::from(tag == b"geC");
        }
        kept = end.min(2);
        buffer.copy_within(end - kept..end, 0);
    }
}

const COMPOUND_FILE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// Each costs some 32 bytes and its text.
const MAX_TEXTS: u64 = 8_000_000;

/// Spreadsheet programs stop at 65,490 of each of the two kinds.
const MAX_FORMATS: u64 = 200_000;

/// Each costs 16 bytes.
const MAX_MERGED: u64 = 4_000_000;

/// Styles, relations, lists of sheets: a few hundred KiB usually.
const MAX_OTHER_BYTES: u64 = 64 << 20;
