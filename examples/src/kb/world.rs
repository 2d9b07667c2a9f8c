use std::io::{self, Write};
use std::path::PathBuf;

use super::failure::{Failure, Result};
use crate::{Language, Surroundings};

/// What the tool knows of the world: where it is run, by whom, and how it talks to them.
pub struct World<'w, 'a> {
    /// Input, output, colours, language.
    pub around: &'w mut Surroundings<'a>,
    /// The folder in which it is run.
    pub folder: PathBuf,
    /// Who runs it: stands in versions and in the audit trail.
    pub author: String,
    /// The command that opens a text for editing, and where its file is put after.
    pub editor: Option<String>,
    /// Whether a person looks at standard error, so that long work may show how far it is.
    pub shows_progress: bool,
}

impl World<'_, '_> {
    /// Returns the one of two texts that is in the person's language.
    pub fn pick<T>(&self, chinese: T, english: T) -> T {
        self.around.language.pick(chinese, english)
    }

    /// Writes a line.
    pub fn say(&mut self, line: impl AsRef<str>) -> Result<()> {
        writeln!(self.around.output, "{}", line.as_ref()).map_err(writing)
    }

    /// Writes a line in the person's language.
    pub fn tell(&mut self, chinese: impl AsRef<str>, english: impl AsRef<str>) -> Result<()> {
        match self.around.language {
            Language::Chinese => self.say(chinese),
            Language::English => self.say(english),
        }
    }

    /// Writes a value as one line of JSON.
    pub fn json(&mut self, value: &serde_json::Value) -> Result<()> {
        self.say(value.to_string())
    }

    /// Asks whether to go on. Without a person to ask, the answer is no.
    pub fn confirm(&mut self, chinese: &str, english: &str) -> Result<bool> {
        let hint = self.pick("[是/否]", "[yes/no]");
        let question = self.pick(chinese, english);
        write!(self.around.output, "{question} {hint} ").map_err(writing)?;
        self.around.output.flush().map_err(writing)?;
        if !self.around.is_typed {
            self.say("")?;
            return Ok(false);
        }
        let mut answer = String::new();
        self.around
            .input
            .read_line(&mut answer)
            .map_err(|error| Failure::Io("reading the answer".to_owned(), error))?;
        Ok(matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "是" | "好" | "确定"
        ))
    }

    /// Returns a text in a colour, where colours may be.
    pub fn paint(&self, colour: Colour, text: &str) -> String {
        if self.around.has_colours {
            format!("\u{1b}[{}m{text}\u{1b}[0m", colour as u8)
        } else {
            text.to_owned()
        }
    }

    /// Returns what shows how far a long work is: nothing where nobody looks.
    pub fn progress(&self, chinese: &'static str, english: &'static str) -> Progress {
        Progress {
            what: self.shows_progress.then(|| self.pick(chinese, english)),
            since: std::time::Instant::now(),
        }
    }
}

/// A colour of a terminal.
#[derive(Clone, Copy)]
pub enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 36,
}

/// Shows how far a long work is, in one line that goes away: not before a second, so that quick work shows none.
pub struct Progress {
    what: Option<&'static str>,
    since: std::time::Instant,
}

impl Progress {
    pub fn show(&self, done: usize, total: usize) {
        let Some(what) = self.what else {
            return;
        };
        if self.since.elapsed().as_millis() < 1_000 || total == 0 {
            return;
        }
        let filled = done * WIDTH / total;
        let bar: String = (0..WIDTH).map(|place| if place < filled { '█' } else { '░' }).collect();
        // Nobody is told where standard error is gone.
        let _ = write!(io::stderr(), "\r{what} {bar} {done}/{total}\u{1b}[K");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.what.is_some() && self.since.elapsed().as_millis() >= 1_000 {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

const WIDTH: usize = 30;

pub(super) fn writing(error: io::Error) -> Failure {
    Failure::Io("writing the output".to_owned(), error)
}
