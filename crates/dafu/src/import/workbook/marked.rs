//! A copy of a workbook in which the cells with mistakes are coloured and commented.

use std::collections::{BTreeMap, BTreeSet};

use calamine::{DataRef, Reader as _, SheetType};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError};

use super::cells::{Book, Rows};
use super::sheets::{self, Sheet};
use crate::error::{Error, ErrorKind, Result};
use crate::export::{WorkbookLanguage, book, refused, save, write_text};
use crate::mistake::{Mistake, Severity, column_letters};
use crate::model::InvalidValue;

/// Returns a copy of a workbook in which each cell of a mistake is red (a warning: yellow) and says in a comment what is wrong
/// and what to do; a sheet in front lists them all, with links.
///
/// The copy has the values of all cells; formats, formulas and pictures stay behind. It can be corrected and imported
/// as it is.
///
/// # Errors
///
/// When the workbook cannot be read.
///
/// # Examples
///
/// ```
/// use dafu::{ContentBuilder, WorkbookLanguage, mark_mistakes, starter_workbook};
/// # let workbook = starter_workbook(WorkbookLanguage::Chinese)?;
///
/// let imported = ContentBuilder::new().add_xlsx("知识库.xlsx", &workbook).build();
/// let mistakes = imported.as_ref().err().map(|error| error.mistakes()).unwrap_or_default();
/// let marked = mark_mistakes(&workbook, mistakes, WorkbookLanguage::Chinese)?;
/// let again = ContentBuilder::new().add_xlsx("知识库.xlsx", &marked).build()?;
/// assert_eq!(again.entries(), imported?.entries());
/// # Ok::<(), dafu::Error>(())
/// ```
pub fn mark_mistakes(workbook: &[u8], mistakes: &[Mistake], language: WorkbookLanguage) -> Result<Vec<u8>> {
    let mut source = super::open(workbook).map_err(unreadable)?;
    let in_language = |mistake: &Mistake| match language {
        WorkbookLanguage::Chinese => Mistake {
            message: mistake.message_in_chinese(),
            remedy: mistake.remedy_in_chinese(),
            ..mistake.clone()
        },
        WorkbookLanguage::English => mistake.clone(),
    };
    let mistakes: Vec<Mistake> = mistakes.iter().map(in_language).collect();
    let names: Vec<String> = source
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && !LIST_NAMES.contains(&&*sheet.name.trim().to_lowercase()))
        .map(|sheet| sheet.name.clone())
        .collect();
    let formats = Formats::new();
    let mut copy = book();
    write_list(&mut copy, &mistakes, language, &formats).map_err(refused)?;
    for name in names {
        let mut marks: Marks<'_> = BTreeMap::new();
        for mistake in mistakes.iter().filter(|mistake| mistake.sheet.as_ref() == Some(&name)) {
            marks.entry(cell_of(mistake)).or_default().push(mistake);
        }
        let sheet = copy.add_worksheet().set_name(&name).map_err(refused)?;
        copy_sheet(&mut source, &name, sheet, &marks, &formats)?;
    }
    save(copy)
}

/// The mistakes of a sheet by row and column, both from 0.
type Marks<'m> = BTreeMap<(u32, u16), Vec<&'m Mistake>>;

struct Formats {
    heading: Format,
    plain: Format,
    day: Format,
    instant: Format,
    error: Format,
    warning: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            heading: Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7)),
            plain: cell().set_num_format("@"),
            day: cell().set_num_format(DAY),
            instant: cell().set_num_format(INSTANT),
            error: cell().set_background_color(Color::RGB(0x00FF_C7CE)),
            warning: cell().set_background_color(Color::RGB(0x00FF_EB9C)),
        }
    }

    /// Returns the format for a cell with these mistakes, or without any.
    fn of(&self, mistakes: Option<&Vec<&Mistake>>, usual: &Format, number_format: &str) -> Format {
        match mistakes {
            None => usual.clone(),
            Some(mistakes) if mistakes.iter().any(|mistake| mistake.severity == Severity::Error) => {
                self.error.clone().set_num_format(number_format)
            }
            Some(_) => self.warning.clone().set_num_format(number_format),
        }
    }
}

fn copy_sheet(
    source: &mut Book<'_>,
    name: &str,
    sheet: &mut Worksheet,
    marks: &Marks<'_>,
    formats: &Formats,
) -> Result<()> {
    let mut rows = Rows::of(source, name).map_err(unreadable)?;
    let mut written = BTreeSet::new();
    let mut is_first = sheets::by_name(name) != Sheet::Words;
    while let Some(row) = rows.next().map_err(unreadable)? {
        let number = u32::try_from(row.number - 1).unwrap_or(u32::MAX);
        for (column, value) in &row.cells {
            let Ok(column) = u16::try_from(column - 1) else {
                continue;
            };
            let place = (number, column);
            let usual = if is_first { &formats.heading } else { &formats.plain };
            copy_cell(sheet, place, value, marks.get(&place), usual, formats).map_err(refused)?;
            if marks.contains_key(&place) {
                written.insert(place);
            }
            if is_first {
                let width = if column == 0 { 16 } else { 28 };
                sheet.set_column_width(column, width).map_err(refused)?;
            }
        }
        if is_first {
            sheet.set_freeze_panes(number + 1, 0).map_err(refused)?;
            is_first = false;
        }
    }
    for (&(row, column), mistakes) in marks {
        mark(
            sheet,
            (row, column),
            mistakes,
            !written.contains(&(row, column)),
            formats,
        )
        .map_err(refused)?;
    }
    Ok(())
}

fn copy_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &DataRef<'_>,
    mistakes: Option<&Vec<&Mistake>>,
    usual: &Format,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    let text = formats.of(mistakes, usual, "@");
    match value {
        DataRef::Empty => {}
        DataRef::String(value) => write_text(sheet, (row, column), value, &text)?,
        DataRef::SharedString(value) => write_text(sheet, (row, column), value, &text)?,
        DataRef::Int(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &formats.of(mistakes, usual, "General"))?;
        }
        DataRef::Float(number) => {
            sheet.write_number_with_format(row, column, *number, &formats.of(mistakes, usual, "General"))?;
        }
        DataRef::Bool(value) => {
            sheet.write_boolean_with_format(row, column, *value, &formats.of(mistakes, usual, "General"))?;
        }
        DataRef::DateTime(instant) if !instant.is_duration() && instant.as_f64() >= 61.0 => {
            let (year, month, day, hour, minute, second, _) = instant.to_ymd_hms_milli();
            let is_day = (hour, minute, second) == (0, 0, 0);
            let (usual, number_format) = if is_day {
                (&formats.day, DAY)
            } else {
                (&formats.instant, INSTANT)
            };
            let value = ExcelDateTime::from_ymd(year, month, day)?.and_hms(hour.into(), minute, f64::from(second))?;
            sheet.write_datetime_with_format(row, column, value, &formats.of(mistakes, usual, number_format))?;
        }
        DataRef::DateTime(instant) => {
            sheet.write_number_with_format(row, column, instant.as_f64(), &formats.of(mistakes, usual, "General"))?;
        }
        DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => {
            write_text(sheet, (row, column), value, &text)?;
        }
        // What made the error stays behind, and it stays an error.
        DataRef::Error(error) => {
            let formula = Formula::new("=NA()").set_result(error.to_string());
            sheet.write_formula_with_format(row, column, formula, &formats.of(mistakes, usual, "General"))?;
        }
    }
    Ok(())
}

/// Comments a cell, and colours it where nothing stands that could be.
fn mark(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    mistakes: &[&Mistake],
    is_blank: bool,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    if is_blank {
        let is_error = mistakes.iter().any(|mistake| mistake.severity == Severity::Error);
        let format = if is_error { &formats.error } else { &formats.warning };
        sheet.write_blank(row, column, format)?;
    }
    let lines: Vec<String> = mistakes
        .iter()
        .take(MAX_IN_NOTE)
        .map(|mistake| sentence(mistake))
        .collect();
    let note = Note::new(lines.join("\n"))
        .add_author_prefix(false)
        .set_width(320)
        .set_height(120);
    sheet.insert_note(row, column, &note)?;
    Ok(())
}

/// Writes the list of all mistakes, with links to their cells.
fn write_list(
    copy: &mut Workbook,
    mistakes: &[Mistake],
    language: WorkbookLanguage,
    formats: &Formats,
) -> std::result::Result<(), XlsxError> {
    let sheet = copy.add_worksheet().set_name(language.pick("错误", "Mistakes"))?;
    let headings = language.pick(
        ["位置", "列名", "错在哪里", "怎么改"],
        ["where", "heading", "what is wrong", "what to do"],
    );
    for ((column, heading), width) in (0..).zip(headings).zip([20, 18, 60, 60]) {
        sheet.write_string_with_format(0, column, heading, &formats.heading)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let in_a_sheet = mistakes.iter().filter(|mistake| mistake.sheet.is_some());
    for (row, mistake) in (1..).zip(in_a_sheet) {
        let name = mistake.sheet.as_deref().unwrap_or_default();
        let (line, column) = cell_of(mistake);
        let cell = format!("{}{}", column_letters(u64::from(column) + 1), line + 1);
        let target = format!("internal:'{}'!{cell}", name.replace('\'', "''"));
        sheet.write_url_with_text(row, 0, target.as_str(), format!("{name} {cell}"))?;
        write_text(
            sheet,
            (row, 1),
            mistake.field.as_deref().unwrap_or_default(),
            &formats.plain,
        )?;
        write_text(sheet, (row, 2), &mistake.message, &formats.plain)?;
        write_text(sheet, (row, 3), &mistake.remedy, &formats.plain)?;
    }
    Ok(())
}

/// Returns the cell to mark, from 0: the first of its row, or of its sheet, where the mistake is about no single cell.
fn cell_of(mistake: &Mistake) -> (u32, u16) {
    let from_zero = |number: Option<u64>| number.unwrap_or(1).saturating_sub(1);
    let row = u32::try_from(from_zero(mistake.line)).unwrap_or(u32::MAX).min(LAST_ROW);
    let column = u16::try_from(from_zero(mistake.column))
        .unwrap_or(u16::MAX)
        .min(LAST_COLUMN);
    (row, column)
}

fn sentence(mistake: &Mistake) -> String {
    format!("{}\n{}", mistake.message, mistake.remedy)
}

fn unreadable(invalid: InvalidValue) -> Error {
    Error::new(ErrorKind::Format, invalid.to_string())
}

/// The names of the sheet with the list, which a copy of a copy has anew.
const LIST_NAMES: &[&str] = &["错误", "mistakes"];

const DAY: &str = "yyyy-mm-dd";
const INSTANT: &str = "yyyy-mm-dd hh:mm:ss";
const MAX_IN_NOTE: usize = 10;
const LAST_ROW: u32 = 1_048_575;
const LAST_COLUMN: u16 = 16_383;
