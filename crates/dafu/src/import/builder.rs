use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::items::{Items, Kind, made_id};
use super::report::Report;
use super::{csv_table, json_lines};
use crate::error::{Error, ErrorKind, Result};
use crate::mistake::{Mistakes, Place};
use crate::model::{Content, Id, Limits, Phrasing};

/// Collects files into one [`Content`], and all their mistakes into one error.
///
/// ```
/// use dafu::{ContentBuilder, CsvTable};
///
/// let entries = "编号,标准问题,相似问法,答案\nrefund-time,退款多久到账？,\"钱几时退回来\n退的钱呢\",1-3个工作日到账。\n";
/// let words = r#"{"kind":"synonyms","words":["退款","退钱"]}"#;
/// let content = ContentBuilder::new()
///     .add_csv("问答.csv", CsvTable::Entries, entries.as_bytes())
///     .add_jsonl("词典.jsonl", words.as_bytes())
///     .build()?;
/// assert_eq!(content.entries()[0].similar[1].as_str(), "退的钱呢");
/// # Ok::<(), dafu::Error>(())
/// ```
#[derive(Default)]
pub struct ContentBuilder {
    items: Items,
    errors: Mistakes,
    warnings: Mistakes,
}

/// What the rows of a CSV file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CsvTable {
    /// Entries: `id`, `question`, `similar`, `answer` and so on.
    Entries,
    /// Standard answers: `id`, `title`, `text` and so on.
    StandardAnswers,
    /// Reply templates: `id`, `scenario`, `text`, `slots` and so on.
    Templates,
}

impl ContentBuilder {
    /// Returns a builder without any content.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the items of a file of JSON Lines; `name` is for messages.
    pub fn add_jsonl(self, name: &str, bytes: &[u8]) -> Self {
        self.add(Some(name), Format::JsonLines, bytes)
    }

    /// Adds the rows of a CSV file in UTF-8 or GB18030, with `,`, `;` or tabs between the cells; `name` is for messages.
    pub fn add_csv(self, name: &str, table: CsvTable, bytes: &[u8]) -> Self {
        self.add(Some(name), Format::Csv(Some(table)), bytes)
    }

    /// Adds a file from the disk: JSON Lines if its name ends in `.jsonl`, a table if it ends in `.csv`. The headings say
    /// which table.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or has another name. What is wrong *in* it, [`build`](Self::build) says.
    pub fn add_file(self, path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .map(str::to_ascii_lowercase);
        let format = match extension.as_deref() {
            Some("jsonl") => Format::JsonLines,
            Some("csv") => Format::Csv(None),
            _ => {
                let message = format!(
                    "`{}` is not named .jsonl or .csv; save it in one of the two",
                    path.display()
                );
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        };
        let bytes = read(path)?;
        Ok(self.add(Some(&path.display().to_string()), format, &bytes))
    }

    /// Returns the content of all files together.
    ///
    /// # Errors
    ///
    /// When anything is wrong in any file. The error lists all of it as [mistakes](crate::Error::mistakes).
    pub fn build(mut self) -> Result<Content> {
        self.settle_made_ids();
        let Self {
            items,
            errors,
            warnings,
        } = self;
        items
            .parts
            .check(&items.places, errors, warnings, "nothing was imported")
    }

    fn add(mut self, name: Option<&str>, format: Format, bytes: &[u8]) -> Self {
        let place = Place {
            file: name.map(Into::into),
            line: None,
        };
        let mut report = Report::new(place, &mut self.errors, &mut self.warnings);
        if bytes.len() as u64 > Limits::FILE_BYTES {
            report.wrong_item("the file is larger than 1 GiB", "split it");
            return self;
        }
        match format {
            Format::JsonLines => json_lines::read(bytes, &mut self.items, &mut report),
            Format::Csv(table) => csv_table::read(table, bytes, &mut self.items, &mut report),
        }
        self
    }

    /// Numbers the made ids that are taken, which is known only when all files are there.
    fn settle_made_ids(&mut self) {
        let Items { parts, made_ids, .. } = &mut self.items;
        if made_ids.is_empty() {
            return;
        }
        let mut made = made_ids.iter().copied().peekable();
        let written = parts
            .entries
            .iter()
            .enumerate()
            .filter(|(index, _)| made.next_if_eq(index).is_none());
        let mut taken: HashSet<Id> = written.map(|(_, entry)| entry.id.clone()).collect();
        // Counted on from the last number, because a file may ask the same question a hundred thousand times.
        let mut numbers: HashMap<Phrasing, usize> = HashMap::new();
        for &index in made_ids.iter() {
            let entry = &mut parts.entries[index];
            let number = numbers.entry(entry.question.clone()).or_default();
            let mut numbered = std::iter::from_fn(|| {
                *number += 1;
                made_id(&entry.question, *number).ok()
            });
            if let Some(id) = numbered.find(|id| !taken.contains(id)) {
                taken.insert(id.clone());
                entry.id = id;
            }
        }
    }
}

impl Content {
    /// Returns the content of a file of JSON Lines, one item a line.
    ///
    /// # Errors
    ///
    /// When anything is wrong in it. The error lists all of it as [mistakes](crate::Error::mistakes).
    ///
    /// # Examples
    ///
    /// ```
    /// use dafu::Content;
    ///
    /// let error = Content::from_jsonl("{\"question\":\"咋退货\"}\n{\"qestion\":\"怎么换货\"}".as_bytes()).unwrap_err();
    /// assert_eq!(error.to_string(), "nothing was imported: line 2, field `question`: it is missing; fill it in");
    /// ```
    pub fn from_jsonl(bytes: &[u8]) -> Result<Self> {
        ContentBuilder::new().add(None, Format::JsonLines, bytes).build()
    }

    /// Returns the content of a file: JSON Lines if its name ends in `.jsonl`, a table if it ends in `.csv`.
    ///
    /// # Errors
    ///
    /// When it cannot be read, has another name, or anything is wrong in it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        ContentBuilder::new().add_file(path)?.build()
    }
}

impl CsvTable {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Entries => Kind::Entry,
            Self::StandardAnswers => Kind::StandardAnswer,
            Self::Templates => Kind::Template,
        }
    }
}

/// How a file is written; the table of a CSV file may be left to its headings.
enum Format {
    JsonLines,
    Csv(Option<CsvTable>),
}

/// Reads a file, unless it is too large to be content.
fn read(path: &Path) -> Result<Vec<u8>> {
    let failed = |error| Error::io(path, "reading", error);
    let mut file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    if file.metadata().map_err(failed)?.len() <= Limits::FILE_BYTES {
        // The length of a pipe or device says nothing, so the limit holds for reading too.
        file.by_ref()
            .take(Limits::FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 <= Limits::FILE_BYTES {
            return Ok(bytes);
        }
    }
    let message = format!("`{}` is larger than 1 GiB; split it", path.display());
    Err(Error::new(ErrorKind::InvalidInput, message))
}
