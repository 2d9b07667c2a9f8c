//! What stands in each sheet.

use std::fmt::Display;

use rust_xlsxwriter::Workbook;

use super::WorkbookLanguage;
use super::columns::{self as c, Column, Field};
use super::refused;
use super::sheet::{self, Formats, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::export::csv_tables::{AnswerColumns, MetadataColumns, join};
use crate::import::write_slot_line;
use crate::model::{Audience, Content, Date, Limits, Metadata, SynonymGroup, TestQuestion, Timestamp};

/// A sheet, whole in memory.
pub(super) struct Table {
    name: &'static str,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
}

/// Returns the sheets of a content; one that would be empty is there too, to be filled in.
pub(super) fn all(content: &Content, tests: &[TestQuestion], language: WorkbookLanguage) -> Result<Vec<Table>> {
    Ok(vec![
        entries(content, language),
        standard_answers(content, language),
        templates(content, language),
        synonyms(content, language)?,
        dictionary(content, language),
        test_questions(tests, language),
        settings(content, language),
    ])
}

impl Table {
    pub fn write(&self, book: &mut Workbook, language: WorkbookLanguage) -> Result<()> {
        self.check()?;
        let formats = Formats::new();
        let sheet = book.add_worksheet().set_name(self.name).map_err(refused)?;
        sheet::write_headings(sheet, &self.columns, language, &formats).map_err(refused)?;
        for (number, row) in (1..).zip(&self.rows) {
            for ((column, value), place) in self.columns.iter().zip(row).zip(0..) {
                sheet::write(sheet, (number, place), column.holds, value, &formats).map_err(refused)?;
            }
        }
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, rows.max(1), last).map_err(refused)?;
        Ok(())
    }

    fn check(&self) -> Result<()> {
        for (what, count, limit) in [
            ("columns", self.columns.len(), Limits::CSV_COLUMNS),
            ("rows", self.rows.len(), MAX_ROWS),
        ] {
            if count > limit {
                let message = format!(
                    "the sheet `{}` would have {count} {what}, over the limit of {limit}; export JSON Lines instead",
                    self.name
                );
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        }
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        let texts = self.rows.iter().flatten().filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        });
        match headings.chain(texts).find(|text| !fits(text)) {
            None => Ok(()),
            Some(text) => {
                let message = format!(
                    "a text in the sheet `{}` is longer than the {} characters of a cell: {}; export JSON Lines instead",
                    self.name,
                    Limits::CELL_UNITS,
                    crate::quote::quote(text)
                );
                Err(Error::new(ErrorKind::InvalidInput, message))
            }
        }
    }
}

fn entries(content: &Content, language: WorkbookLanguage) -> Table {
    let entries = content.entries();
    let answers = AnswerColumns::of(entries);
    let metadata = MetadataColumns::of(entries.iter().map(|entry| &entry.metadata));
    let similar: Lists = entries.iter().map(|entry| lines(&entry.similar)).collect();
    let excluded: Lists = entries.iter().map(|entry| lines(&entry.excluded)).collect();
    let tags: Lists = entries.iter().map(|entry| packed(&entry.tags, ",")).collect();
    let channels: Lists = entries.iter().map(|entry| packed(&entry.channels, ",")).collect();
    let audiences: Lists = entries
        .iter()
        .map(|entry| audiences(&entry.audiences, language))
        .collect();
    let related: Lists = entries.iter().map(|entry| packed(&entry.related, ",")).collect();
    let follow_ups: Lists = entries.iter().map(|entry| lines(&entry.follow_ups)).collect();

    let mut columns = vec![c::ID.column(language), c::QUESTION.column(language)];
    columns.extend(list_columns(&c::SIMILAR, &similar, language));
    columns.extend(list_columns(&c::EXCLUDED, &excluded, language));
    columns.extend(answers.standard_and_conditions().map(|(is_standard, conditions)| {
        let field = if is_standard { &c::STANDARD_ANSWER } else { &c::ANSWER };
        let mut column = field.column(language);
        column.heading.push_str(&conditions);
        column
    }));
    if entries.iter().all(|entry| entry.answers.is_empty()) {
        columns.push(c::ANSWER.column(language));
    }
    let answer_count = columns.len();
    columns.push(c::CATEGORY.column(language));
    columns.extend(list_columns(&c::TAGS, &tags, language));
    columns.extend(list_columns(&c::CHANNELS, &channels, language));
    columns.extend(list_columns(&c::AUDIENCES, &audiences, language));
    columns.extend([&c::PRIORITY, &c::VALID_FROM, &c::VALID_UNTIL, &c::ENABLED].map(|field| field.column(language)));
    columns.extend(list_columns(&c::RELATED, &related, language));
    columns.extend(list_columns(&c::FOLLOW_UPS, &follow_ups, language));
    columns.extend([&c::REVIEW_BY, &c::OWNER, &c::THRESHOLD].map(|field| field.column(language)));
    columns.extend(metadata_columns(&metadata, language));

    let mut rows = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let mut row = vec![text(&entry.id), text(&entry.question)];
        row.extend(list_cells(&similar, index));
        row.extend(list_cells(&excluded, index));
        row.extend(answers.cells(entry).into_iter().map(Value::Text));
        row.resize(answer_count, Value::Nothing);
        row.push(optional(entry.category.as_ref()));
        row.extend(list_cells(&tags, index));
        row.extend(list_cells(&channels, index));
        row.extend(list_cells(&audiences, index));
        row.push(match entry.priority.value() {
            0 => Value::Nothing,
            priority => Value::Number(priority.into()),
        });
        row.push(instant(entry.valid.from()));
        row.push(instant(entry.valid.until()));
        row.push(Value::Text(yes_no(entry.enabled, language).to_owned()));
        row.extend(list_cells(&related, index));
        row.extend(list_cells(&follow_ups, index));
        row.push(day(entry.review_by));
        row.push(optional(entry.owner.as_ref()));
        row.push(fraction(entry.threshold.map(|threshold| threshold.value())));
        row.extend(metadata_cells(&metadata, &entry.metadata));
        rows.push(row);
    }
    Table {
        name: language.pick("问答", "Entries"),
        columns,
        rows,
    }
}

fn standard_answers(content: &Content, language: WorkbookLanguage) -> Table {
    let answers = content.standard_answers();
    let metadata = MetadataColumns::of(answers.iter().map(|answer| &answer.metadata));
    let tags: Lists = answers.iter().map(|answer| packed(&answer.tags, ",")).collect();
    let mut columns = [&c::ID, &c::TITLE, &c::TEXT, &c::CATEGORY]
        .map(|field| field.column(language))
        .to_vec();
    columns.extend(list_columns(&c::TAGS, &tags, language));
    columns.extend([&c::OWNER, &c::REVIEW_BY].map(|field| field.column(language)));
    columns.extend(metadata_columns(&metadata, language));
    let row = |(index, answer): (usize, &crate::model::StandardAnswer)| {
        let mut row = vec![text(&answer.id), text(&answer.title), text(&answer.text)];
        row.push(optional(answer.category.as_ref()));
        row.extend(list_cells(&tags, index));
        row.push(optional(answer.owner.as_ref()));
        row.push(day(answer.review_by));
        row.extend(metadata_cells(&metadata, &answer.metadata));
        row
    };
    Table {
        name: language.pick("标准答案", "Standard answers"),
        columns,
        rows: answers.iter().enumerate().map(row).collect(),
    }
}

fn templates(content: &Content, language: WorkbookLanguage) -> Table {
    let templates = content.templates();
    let metadata = MetadataColumns::of(templates.iter().map(|template| template.metadata()));
    let wordings: Lists = templates
        .iter()
        .map(|template| template.wordings().map(ToString::to_string).collect())
        .collect();
    let slots: Lists = templates
        .iter()
        .map(|template| packed(&template.slots().iter().map(write_slot_line).collect::<Vec<_>>(), "\n"))
        .collect();
    let tags: Lists = templates.iter().map(|template| packed(template.tags(), ",")).collect();
    let channels: Lists = templates
        .iter()
        .map(|template| packed(template.channels(), ","))
        .collect();
    let mut columns = [&c::ID, &c::SCENARIO, &c::MOOD]
        .map(|field| field.column(language))
        .to_vec();
    columns.extend(list_columns(&c::WORDING, &wordings, language));
    columns.extend(list_columns(&c::SLOTS, &slots, language));
    columns.push(c::CATEGORY.column(language));
    columns.extend(list_columns(&c::TAGS, &tags, language));
    columns.extend(list_columns(&c::CHANNELS, &channels, language));
    columns.extend(metadata_columns(&metadata, language));
    let row = |(index, template): (usize, &crate::model::ReplyTemplate)| {
        let mut row = vec![
            text(template.id()),
            text(template.scenario()),
            optional(template.mood()),
        ];
        row.extend(list_cells(&wordings, index));
        row.extend(list_cells(&slots, index));
        row.push(optional(template.category()));
        row.extend(list_cells(&tags, index));
        row.extend(list_cells(&channels, index));
        row.extend(metadata_cells(&metadata, template.metadata()));
        row
    };
    Table {
        name: language.pick("话术", "Templates"),
        columns,
        rows: templates.iter().enumerate().map(row).collect(),
    }
}

fn synonyms(content: &Content, language: WorkbookLanguage) -> Result<Table> {
    let mut rows = Vec::new();
    for group in &content.settings().synonyms {
        let (words, from, to) = if group.is_two_way() {
            (words(group.from())?, Value::Nothing, Value::Nothing)
        } else {
            (Value::Nothing, words(group.from())?, words(group.to())?)
        };
        let weight = (group.weight() != SynonymGroup::DEFAULT_WEIGHT).then(|| group.weight());
        rows.push(vec![words, from, to, fraction(weight)]);
    }
    Ok(Table {
        name: language.pick("同义词", "Synonyms"),
        columns: [&c::WORDS, &c::FROM, &c::TO, &c::WEIGHT]
            .map(|field| field.column(language))
            .to_vec(),
        rows,
    })
}

/// The words of a cell, one a line; a line break at the end keeps a single one from being split at its commas.
fn words(words: &[crate::model::Phrasing]) -> Result<Value> {
    let mut text = join(words, "\n");
    if words.len() == 1 && text.contains(crate::model::is_comma) {
        text.push('\n');
    }
    Ok(Value::Text(text))
}

fn dictionary(content: &Content, language: WorkbookLanguage) -> Table {
    let settings = content.settings();
    let kind = |chinese: &str, english: &str| Value::Text(language.pick(chinese, english).to_owned());
    let words = settings.words.iter().map(|word| {
        let frequency = word
            .frequency
            .map_or(Value::Nothing, |frequency| Value::Number(frequency.into()));
        vec![
            text(&word.word),
            kind("词", "word"),
            frequency,
            optional(word.tag.as_ref()),
        ]
    });
    let stop_words = settings
        .stop_words
        .iter()
        .map(|word| vec![text(word), kind("停用词", "stop_word")]);
    let handover = settings
        .handover
        .iter()
        .map(|phrase| vec![text(phrase), kind("转人工", "handover")]);
    Table {
        name: language.pick("词典", "Dictionary"),
        columns: [&c::WORD, &c::USE, &c::FREQUENCY, &c::PART_OF_SPEECH]
            .map(|field| field.column(language))
            .to_vec(),
        rows: words.chain(stop_words).chain(handover).collect(),
    }
}

fn test_questions(tests: &[TestQuestion], language: WorkbookLanguage) -> Table {
    let metadata = MetadataColumns::of(tests.iter().map(|test| &test.metadata));
    let expected: Lists = tests.iter().map(|test| packed(&test.expected, ",")).collect();
    let mut columns = vec![c::TEST_QUESTION.column(language)];
    columns.extend(list_columns(&c::EXPECTED, &expected, language));
    columns.extend(metadata_columns(&metadata, language));
    let row = |(index, test): (usize, &TestQuestion)| {
        let mut row = vec![text(&test.question)];
        row.extend(list_cells(&expected, index));
        if test.expects_no_answer() {
            row[1] = Value::Text("-".to_owned());
        }
        row.extend(metadata_cells(&metadata, &test.metadata));
        row
    };
    Table {
        name: language.pick("测试问题", "Test questions"),
        columns,
        rows: tests.iter().enumerate().map(row).collect(),
    }
}

fn settings(content: &Content, language: WorkbookLanguage) -> Table {
    let threshold = content.settings().threshold.map(|threshold| {
        let name = Value::Text(language.pick("阈值", "threshold").to_owned());
        vec![name, fraction(Some(threshold.value()))]
    });
    Table {
        name: language.pick("设置", "Settings"),
        columns: [&c::SETTING, &c::VALUE].map(|field| field.column(language)).to_vec(),
        rows: threshold.into_iter().collect(),
    }
}

/// Returns as many columns as the longest list takes, at least one.
fn list_columns(field: &Field, lists: &Lists, language: WorkbookLanguage) -> Vec<Column> {
    (1..=lists.width)
        .map(|number| field.numbered(number, language))
        .collect()
}

fn list_cells(lists: &Lists, index: usize) -> Vec<Value> {
    let mut cells: Vec<Value> = lists.cells[index].iter().cloned().map(Value::Text).collect();
    cells.resize(lists.width, Value::Nothing);
    cells
}

/// The cells that a list takes in each row, and the most of them.
struct Lists {
    cells: Vec<Vec<String>>,
    width: usize,
}

impl FromIterator<Vec<String>> for Lists {
    fn from_iter<I: IntoIterator<Item = Vec<String>>>(rows: I) -> Self {
        let cells: Vec<Vec<String>> = rows.into_iter().collect();
        let width = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        Self { cells, width }
    }
}

fn lines<T: Display>(values: &[T]) -> Vec<String> {
    packed(values, "\n")
}

/// Puts values into as few cells as hold them.
fn packed<T: Display>(values: &[T], separator: &str) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    let mut units = 0;
    for value in values {
        let value = value.to_string();
        let more = value.encode_utf16().count() + separator.len();
        match cells.last_mut() {
            Some(cell) if units + more <= Limits::CELL_UNITS => {
                cell.push_str(separator);
                cell.push_str(&value);
                units += more;
            }
            _ => {
                cells.push(value);
                units = more;
            }
        }
    }
    cells
}

fn audiences(audiences: &[Audience], language: WorkbookLanguage) -> Vec<String> {
    let names: Vec<&str> = audiences
        .iter()
        .map(|audience| match audience {
            Audience::Customer => language.pick("顾客", "customer"),
            Audience::Agent => language.pick("客服", "agent"),
        })
        .collect();
    packed(&names, ",")
}

fn metadata_columns(metadata: &MetadataColumns<'_>, language: WorkbookLanguage) -> impl Iterator<Item = Column> {
    let prefix = language.pick("元数据", "metadata");
    metadata.keys().map(move |key| Column {
        heading: format!("{prefix}:{key}"),
        help: "",
        width: 16.0,
        holds: c::Holds::Name,
    })
}

fn metadata_cells(columns: &MetadataColumns<'_>, metadata: &Metadata) -> impl Iterator<Item = Value> {
    columns.cells(metadata).map(Value::Text)
}

fn text(value: impl Display) -> Value {
    Value::Text(value.to_string())
}

fn optional<T: Display>(value: Option<T>) -> Value {
    value.map_or(Value::Nothing, text)
}

fn day(day: Option<Date>) -> Value {
    day.map_or(Value::Nothing, Value::Day)
}

fn instant(instant: Option<Timestamp>) -> Value {
    instant.map_or(Value::Nothing, Value::Instant)
}

/// The number as it is written, not as 32 bits hold it: 0.7, not 0.699999988.
fn fraction(number: Option<f32>) -> Value {
    let number = number.and_then(|number| number.to_string().parse().ok());
    number.map_or(Value::Nothing, Value::Number)
}

fn yes_no(value: bool, language: WorkbookLanguage) -> &'static str {
    if value {
        language.pick("是", "yes")
    } else {
        language.pick("否", "no")
    }
}

fn fits(text: &str) -> bool {
    text.len() <= Limits::CELL_UNITS || text.encode_utf16().count() <= Limits::CELL_UNITS
}

/// The rows of a sheet below its headings.
const MAX_ROWS: usize = 1_048_575;
