//! Spreadsheets, in UTF-8 with a byte order mark, which the usual programs need to see that it is UTF-8.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

use crate::error::{Error, ErrorKind, Result};
use crate::import::{FORMULA_GUARD, looks_like_formula, write_slot_line};
use crate::model::{Answer, AnswerBody, Conditions, Content, Entry, Limits, Metadata, MetadataKey};

impl Content {
    /// Returns the entries as a table, with a column for each condition of their answers and each key of their metadata.
    ///
    /// A cell that a spreadsheet program might run begins with a `'`, which an import takes off again.
    ///
    /// # Errors
    ///
    /// When that takes more than [2,000 columns](crate::Limits::CSV_COLUMNS): [`to_jsonl`](Self::to_jsonl) has no such
    /// limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use dafu::{ContentBuilder, CsvTable, Content};
    ///
    /// let content = Content::from_jsonl(r#"{"id":"hotline","question":"=客服电话？","answer":"400-100"}"#.as_bytes())?;
    /// let table = content.entries_to_csv()?;
    /// assert!(table.contains("hotline,'=客服电话？,"));
    /// let again = ContentBuilder::new().add_csv("问答.csv", CsvTable::Entries, table.as_bytes()).build()?;
    /// assert_eq!(again.entries(), content.entries());
    /// # Ok::<(), dafu::Error>(())
    /// ```
    pub fn entries_to_csv(&self) -> Result<String> {
        let answers = AnswerColumns::of(self.entries());
        let metadata = MetadataColumns::of(self.entries().iter().map(|entry| &entry.metadata));
        let mut headings: Vec<String> = ["id", "question", "similar", "excluded"].map(str::to_owned).to_vec();
        headings.extend(answers.headings());
        headings.extend(ENTRY_HEADINGS.iter().map(|&heading| heading.to_owned()));
        headings.extend(metadata.headings());

        let mut table = Table::new(headings)?;
        for entry in self.entries() {
            let mut row = vec![entry.id.to_string(), entry.question.to_string()];
            row.push(join(&entry.similar, "\n"));
            row.push(join(&entry.excluded, "\n"));
            row.extend(answers.cells(entry));
            row.push(optional(entry.category.as_ref()));
            row.push(join(&entry.tags, ","));
            row.push(join(&entry.channels, ","));
            row.push(join(&entry.audiences, ","));
            row.push(entry.priority.value().to_string());
            row.push(optional(entry.valid.from()));
            row.push(optional(entry.valid.until()));
            row.push(entry.enabled.to_string());
            row.push(join(&entry.related, ","));
            row.push(join(&entry.follow_ups, "\n"));
            row.push(optional(entry.review_by));
            row.push(optional(entry.owner.as_ref()));
            row.push(optional(entry.threshold.map(|threshold| threshold.value())));
            row.extend(metadata.cells(&entry.metadata));
            table.push(row);
        }
        Ok(table.finish())
    }

    /// Returns the standard answers as a table, with a column for each key of their metadata.
    ///
    /// # Errors
    ///
    /// When that takes more than [2,000 columns](crate::Limits::CSV_COLUMNS).
    pub fn standard_answers_to_csv(&self) -> Result<String> {
        let metadata = MetadataColumns::of(self.standard_answers().iter().map(|answer| &answer.metadata));
        let headings = ["id", "title", "text", "category", "tags", "owner", "review_by"].map(str::to_owned);
        let mut table = Table::new(headings.into_iter().chain(metadata.headings()).collect())?;
        for answer in self.standard_answers() {
            let mut row = vec![answer.id.to_string(), answer.title.to_string(), answer.text.to_string()];
            row.push(optional(answer.category.as_ref()));
            row.push(join(&answer.tags, ","));
            row.push(optional(answer.owner.as_ref()));
            row.push(optional(answer.review_by));
            row.extend(metadata.cells(&answer.metadata));
            table.push(row);
        }
        Ok(table.finish())
    }

    /// Returns the templates as a table, with a column for each wording and each key of their metadata.
    ///
    /// # Errors
    ///
    /// When that takes more than [2,000 columns](crate::Limits::CSV_COLUMNS).
    pub fn templates_to_csv(&self) -> Result<String> {
        let templates = self.templates();
        let metadata = MetadataColumns::of(templates.iter().map(|template| template.metadata()));
        let wordings = templates
            .iter()
            .map(|template| template.wordings().len())
            .max()
            .unwrap_or(1);
        let mut headings = ["id", "scenario", "mood"].map(str::to_owned).to_vec();
        headings.extend((1..=wordings).map(|number| format!("text{number}")));
        headings.extend(["slots", "category", "tags", "channels"].map(str::to_owned));
        headings.extend(metadata.headings());

        let mut table = Table::new(headings)?;
        for template in templates {
            let mut row = vec![
                template.id().to_string(),
                template.scenario().to_string(),
                optional(template.mood()),
            ];
            row.extend(template.wordings().map(ToString::to_string));
            row.resize(3 + wordings, String::new());
            row.push(
                template
                    .slots()
                    .iter()
                    .map(write_slot_line)
                    .collect::<Vec<_>>()
                    .join("\n"),
            );
            row.push(optional(template.category()));
            row.push(join(template.tags(), ","));
            row.push(join(template.channels(), ","));
            row.extend(metadata.cells(template.metadata()));
            table.push(row);
        }
        Ok(table.finish())
    }
}

/// The headings of an entry between its answers and its metadata.
const ENTRY_HEADINGS: &[&str] = &[
    "category",
    "tags",
    "channels",
    "audiences",
    "priority",
    "valid_from",
    "valid_until",
    "enabled",
    "related",
    "follow_ups",
    "review_by",
    "owner",
    "threshold",
];

/// Columns for the answers of all entries: one entry's answers stand from left to right in their order, each in a column
/// of its kind and conditions.
pub(super) struct AnswerColumns<'a> {
    columns: Vec<AnswerColumn<'a>>,
    /// The columns of each kind and conditions, from left to right.
    alike: HashMap<AnswerColumn<'a>, Vec<usize>>,
}

/// What the answers of a column have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AnswerColumn<'a> {
    is_standard: bool,
    when: &'a Conditions,
}

impl<'a> AnswerColumns<'a> {
    /// Gives each answer the first fitting column to the right of the previous answer's, and adds one where there is none.
    pub fn of(entries: &'a [Entry]) -> Self {
        let mut columns = Self {
            columns: Vec::new(),
            alike: HashMap::new(),
        };
        for entry in entries {
            let mut next = 0;
            for answer in &entry.answers {
                let column = AnswerColumn::of(answer);
                let index = columns.find(column, next).unwrap_or_else(|| {
                    columns.columns.push(column);
                    columns.alike.entry(column).or_default().push(columns.columns.len() - 1);
                    columns.columns.len() - 1
                });
                next = index + 1;
            }
        }
        columns
    }

    fn headings(&self) -> impl Iterator<Item = String> {
        self.columns.iter().map(AnswerColumn::heading)
    }

    /// Returns for each column whether it refers to standard answers, and its conditions in brackets, if any.
    #[cfg(feature = "xlsx")]
    pub fn standard_and_conditions(&self) -> impl Iterator<Item = (bool, String)> {
        self.columns
            .iter()
            .map(|column| (column.is_standard, column.conditions()))
    }

    pub fn cells(&self, entry: &Entry) -> Vec<String> {
        let mut cells = vec![String::new(); self.columns.len()];
        let mut next = 0;
        for answer in &entry.answers {
            // `of` has walked the same way, so the column is there.
            let Some(index) = self.find(AnswerColumn::of(answer), next) else {
                break;
            };
            cells[index] = match &answer.body {
                AnswerBody::Text(text) => text.to_string(),
                AnswerBody::Standard(id) => id.to_string(),
            };
            next = index + 1;
        }
        cells
    }

    fn find(&self, column: AnswerColumn<'_>, next: usize) -> Option<usize> {
        let alike = self.alike.get(&column)?;
        alike.get(alike.partition_point(|&index| index < next)).copied()
    }
}

impl<'a> AnswerColumn<'a> {
    fn of(answer: &'a Answer) -> Self {
        Self {
            is_standard: matches!(answer.body, AnswerBody::Standard(_)),
            when: &answer.when,
        }
    }

    fn heading(&self) -> String {
        let name = if self.is_standard { "standard_answer" } else { "answer" };
        format!("{name}{}", self.conditions())
    }

    fn conditions(&self) -> String {
        let Conditions {
            channels,
            audiences,
            locales,
        } = self.when;
        let conditions = [
            ("channels", join(channels, ",")),
            ("audiences", join(audiences, ",")),
            ("locales", join(locales, ",")),
        ];
        let conditions = conditions.iter().filter(|(_, values)| !values.is_empty());
        let conditions: Vec<String> = conditions.map(|(name, values)| format!("{name}={values}")).collect();
        if conditions.is_empty() {
            String::new()
        } else {
            format!("[{}]", conditions.join(";"))
        }
    }
}

/// Columns for the metadata of all items: one for each key.
pub(super) struct MetadataColumns<'a> {
    keys: BTreeSet<&'a MetadataKey>,
}

impl<'a> MetadataColumns<'a> {
    pub fn of(all: impl Iterator<Item = &'a Metadata>) -> Self {
        Self {
            keys: all.flat_map(Metadata::keys).collect(),
        }
    }

    fn headings(&self) -> impl Iterator<Item = String> {
        self.keys.iter().map(|key| format!("metadata:{key}"))
    }

    #[cfg(feature = "xlsx")]
    pub fn keys(&self) -> impl Iterator<Item = &'a MetadataKey> {
        self.keys.iter().copied()
    }

    pub fn cells(&self, metadata: &Metadata) -> impl Iterator<Item = String> {
        self.keys.iter().map(|&key| optional(metadata.get(key)))
    }
}

/// A table that is being written.
struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    fn new(headings: Vec<String>) -> Result<Self> {
        if headings.len() > Limits::CSV_COLUMNS {
            let message = format!(
                "the table would have {} columns, over the limit of {}; export JSON Lines instead",
                headings.len(),
                Limits::CSV_COLUMNS
            );
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let terminator = csv::Terminator::CRLF;
        let mut table = Self {
            writer: csv::WriterBuilder::new().terminator(terminator).from_writer(BOM.into()),
        };
        table.push(headings);
        Ok(table)
    }

    fn push(&mut self, row: Vec<String>) {
        let cells = row.into_iter().map(guarded);
        self.writer
            .write_record(cells)
            .expect("memory takes everything, and all rows have the headings' length");
    }

    fn finish(self) -> String {
        let bytes = self.writer.into_inner().expect("memory takes everything");
        String::from_utf8(bytes).expect("cells are UTF-8, and so is what stands between them")
    }
}

/// Keeps a spreadsheet from running a cell.
fn guarded(cell: String) -> String {
    if looks_like_formula(&cell) {
        format!("{FORMULA_GUARD}{cell}")
    } else {
        cell
    }
}

pub(super) fn join<T: Display>(values: &[T], separator: &str) -> String {
    values
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(separator)
}

fn optional<T: Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

const BOM: &str = "\u{feff}";
