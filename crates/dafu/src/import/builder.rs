use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::items::{Items, made_id};
use super::report::Report;
use super::shape::Understood;
#[cfg(feature = "xlsx")]
use super::workbook;
use super::{csv_table, json_lines};
use crate::error::{Error, ErrorKind, Result};
use crate::mistake::{Mistake, Mistakes, Place};
use crate::model::{Content, Id, Limits, Phrasing, TestQuestion};
use crate::quote::quote;

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
    understood: Vec<Understood>,
    recognises_exports: bool,
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
    /// Synonyms: `words`, or `from` and `to`; `weight`.
    Synonyms,
    /// Words: `word`, `kind` (word, stop_word, handover), `frequency`, `tag`.
    Dictionary,
    /// Test questions: `question`, `expected`.
    TestQuestions,
    /// Settings: `name`, `value`.
    Settings,
}

/// What was imported: the content, and what editors keep beside it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Imported {
    /// The knowledge base.
    pub content: Content,
    /// The questions to try it with, in their order.
    pub test_questions: Vec<TestQuestion>,
    /// How each table was read.
    pub understood: Vec<Understood>,
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

    /// Adds the sheets of a workbook (.xlsx); `name` is for messages. The name of a sheet, or its headings, say what it holds.
    #[cfg(feature = "xlsx")]
    pub fn add_xlsx(self, name: &str, bytes: &[u8]) -> Self {
        self.add(Some(name), Format::Workbook, bytes)
    }

    /// Says whether tables may also be what other systems export: two columns without headings, a row for each phrasing
    /// under a repeated id, phrasings separated by `|` in a cell, QnA Maker's table. By default they may not.
    /// [`understood`](Self::understood) says what each table was taken for. Counts for the files that are added after it.
    pub fn recognise_exports(mut self, may_be: bool) -> Self {
        self.recognises_exports = may_be;
        self
    }

    /// Returns how each table was read so far.
    pub fn understood(&self) -> &[Understood] {
        &self.understood
    }

    /// Adds a file from the disk: JSON Lines if its name ends in `.jsonl`, a table if it ends in `.csv` or `.tsv`, with the
    /// feature `xlsx` a workbook if it ends in `.xlsx`. The headings say which table.
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
            Some("csv" | "tsv") => Format::Csv(None),
            #[cfg(feature = "xlsx")]
            Some("xlsx") => Format::Workbook,
            _ => {
                let message = format!("`{}` is not named {NAMES}", path.display());
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
    pub fn build(self) -> Result<Content> {
        self.finish().map(|imported| imported.content)
    }

    /// Returns the content of all files together, with the test questions beside it.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn finish(mut self) -> Result<Imported> {
        self.settle_made_ids();
        self.check_test_questions();
        let Self {
            items,
            errors,
            warnings,
            understood,
            ..
        } = self;
        let content = items
            .parts
            .check(&items.places, errors, warnings, "nothing was imported")?;
        Ok(Imported {
            content,
            test_questions: items.test_questions,
            understood,
        })
    }

    fn add(mut self, name: Option<&str>, format: Format, bytes: &[u8]) -> Self {
        let place = Place {
            file: name.map(Into::into),
            ..Place::default()
        };
        let mut report = Report::new(place, &mut self.errors, &mut self.warnings);
        if bytes.len() as u64 > Limits::FILE_BYTES {
            report.wrong_item("the file is larger than 1 GiB", "split it");
            return self;
        }
        match format {
            Format::JsonLines => json_lines::read(bytes, &mut self.items, &mut report),
            Format::Csv(table) => {
                let understood = csv_table::read(table, bytes, self.recognises_exports, &mut self.items, &mut report);
                self.understood.extend(understood);
            }
            #[cfg(feature = "xlsx")]
            Format::Workbook => {
                let understood = workbook::read(bytes, self.recognises_exports, &mut self.items, &mut report);
                self.understood.extend(understood);
            }
        }
        self
    }

    /// Warns of test questions whose entry is not there: it may be in a file that was not added.
    fn check_test_questions(&mut self) {
        let Items {
            parts,
            test_questions,
            test_places,
            ..
        } = &self.items;
        let ids: HashSet<&Id> = parts.entries.iter().map(|entry| &entry.id).collect();
        for (question, place) in test_questions.iter().zip(test_places) {
            for id in question.expected.iter().filter(|id| !ids.contains(id)) {
                let message = format!("there is no entry {} here", quote(id.as_str()));
                let mistake = Mistake::warning(message, "correct the id, or add the entry");
                self.warnings.push(mistake.at_field(place, "expected", "expected"));
            }
        }
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

    /// Returns the content of a file: JSON Lines if its name ends in `.jsonl`, a table if it ends in `.csv` or `.tsv`, with
    /// the feature `xlsx` a workbook if it ends in `.xlsx`.
    ///
    /// # Errors
    ///
    /// When it cannot be read, has another name, or anything is wrong in it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        ContentBuilder::new().add_file(path)?.build()
    }
}

impl CsvTable {
    pub(super) const ALL: [Self; 7] = [
        Self::Entries,
        Self::StandardAnswers,
        Self::Templates,
        Self::Synonyms,
        Self::Dictionary,
        Self::TestQuestions,
        Self::Settings,
    ];

    /// Says whether others may refer to its items by their ids.
    pub(super) fn has_ids(self) -> bool {
        matches!(self, Self::Entries | Self::StandardAnswers | Self::Templates)
    }

    /// Says whether a column that nothing is known about becomes metadata.
    pub(super) fn keeps_metadata(self) -> bool {
        !matches!(self, Self::Synonyms | Self::Dictionary | Self::Settings)
    }
}

/// How a file is written; the table of a CSV file may be left to its headings.
enum Format {
    JsonLines,
    Csv(Option<CsvTable>),
    #[cfg(feature = "xlsx")]
    Workbook,
}

#[cfg(feature = "xlsx")]
const NAMES: &str = ".xlsx, .jsonl, .csv or .tsv; save it in one of these";
#[cfg(not(feature = "xlsx"))]
const NAMES: &str = ".jsonl, .csv or .tsv; save it in one of these";

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
