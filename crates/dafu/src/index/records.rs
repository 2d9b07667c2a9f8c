use std::io::Write;

use tantivy::directory::OwnedBytes;

use crate::error::{Error, ErrorKind, Result};

/// A list of byte strings in one file: their number, where each ends, and then the strings.
///
/// All numbers are little-endian `u64`. The file stays mapped; reading a record copies nothing.
#[derive(Debug, Clone)]
pub(super) struct Records {
    bytes: OwnedBytes,
    len: usize,
}

impl Records {
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self> {
        let len = read_u64(&bytes, 0)
            .and_then(|len| usize::try_from(len).ok())
            .ok_or_else(too_short)?;
        let data = len
            .checked_add(1)
            .and_then(|n| n.checked_mul(8))
            .ok_or_else(too_short)?;
        let end = if len == 0 { Some(0) } else { read_u64(&bytes, len * 8) };
        match end {
            Some(end) if usize::try_from(end).ok().and_then(|end| end.checked_add(data)) == Some(bytes.len()) => {
                Ok(Self { bytes, len })
            }
            _ => Err(too_short()),
        }
    }

    /// Writes the file of a list.
    pub(super) fn write<'r>(
        out: &mut dyn Write,
        records: impl Iterator<Item = &'r [u8]> + Clone,
    ) -> std::io::Result<()> {
        out.write_all(&(records.clone().count() as u64).to_le_bytes())?;
        let mut end = 0;
        for record in records.clone() {
            end += record.len() as u64;
            out.write_all(&end.to_le_bytes())?;
        }
        records.into_iter().try_for_each(|record| out.write_all(record))
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The record at a place; empty past the end.
    pub(super) fn get(&self, i: usize) -> &[u8] {
        if i >= self.len {
            return &[];
        }
        let start = if i == 0 {
            0
        } else {
            read_u64(&self.bytes, i * 8).unwrap_or(0)
        } as usize;
        let end = read_u64(&self.bytes, (i + 1) * 8).unwrap_or(0) as usize;
        let data = (self.len + 1) * 8;
        self.bytes.get(data + start..data + end).unwrap_or(&[])
    }

    /// The record at a place as text; empty past the end.
    pub(super) fn text(&self, i: usize) -> &str {
        std::str::from_utf8(self.get(i)).unwrap_or("")
    }
}

fn read_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn too_short() -> Error {
    Error::new(ErrorKind::Corrupt, "the list of records is cut off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_was_written_and_refuses_what_was_cut() {
        for list in [&["退款", "", "多久到账"][..], &[]] {
            let mut file = Vec::new();
            Records::write(&mut file, list.iter().map(|s| s.as_bytes())).unwrap();
            let records = Records::open(OwnedBytes::new(file.clone())).unwrap();
            assert_eq!(records.len(), list.len());
            for (i, text) in list.iter().enumerate() {
                assert_eq!(records.text(i), *text);
            }
            assert_eq!(records.get(list.len()), b"");
            for cut in 0..file.len() {
                assert!(
                    Records::open(OwnedBytes::new(file[..cut].to_vec())).is_err(),
                    "cut at {cut}"
                );
            }
        }
    }
}
