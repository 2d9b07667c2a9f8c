use std::io::{self, BufRead, Read as _};

use crate::Language;

/// Why a line cannot be asked.
pub enum Unreadable {
    Io(io::Error),
    NotUtf8(usize),
}

/// Reads the next line; none at the end. Of a line without end only so much is kept as tells that it is too long.
pub fn next(input: &mut dyn BufRead, number: usize) -> Result<Option<String>, Unreadable> {
    let mut line = Vec::new();
    let read = input
        .take(LONGEST)
        .read_until(b'\n', &mut line)
        .map_err(Unreadable::Io)?;
    if read == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") {
        line.pop();
    } else if read as u64 == LONGEST {
        skip_line(input).map_err(Unreadable::Io)?;
        // What was cut off may have been the rest of a character.
        let whole = line.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
        if line.len() - whole < 4 {
            line.truncate(whole);
        }
    }
    String::from_utf8(line)
        .map(Some)
        .map_err(|_| Unreadable::NotUtf8(number))
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let len = end.map_or(bytes.len(), |end| end + 1);
        input.consume(len);
        if end.is_some() {
            return Ok(());
        }
    }
}

impl Unreadable {
    /// Returns why, for a person.
    pub fn told(&self, language: Language) -> String {
        match self {
            Self::Io(error) => language.pick(
                format!("读取标准输入：{error}"),
                format!("reading standard input: {error}"),
            ),
            Self::NotUtf8(number) => language.pick(
                format!("标准输入第 {number} 行不是 UTF-8；请先转换编码"),
                format!("standard input, line {number}: not UTF-8; convert it first"),
            ),
        }
    }
}

/// How many bytes of a line are kept: far more than a question may have.
const LONGEST: u64 = 1 << 16;
