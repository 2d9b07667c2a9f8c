//! One sheet that is being written.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, Note,
    Worksheet, XlsxError,
};

use super::WorkbookLanguage;
use super::columns::{Column, Holds};
use crate::import::looks_like_formula;
use crate::model::{Date, Timestamp};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    Number(f64),
    Day(Date),
    Instant(Timestamp),
}

/// The formats of cells, made once for a workbook.
pub(super) struct Formats {
    heading: Format,
    name: Format,
    lines: Format,
    number: Format,
    day: Format,
    instant: Format,
}

impl Formats {
    pub fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top);
        Self {
            heading: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00DD_EBF7))
                .set_align(FormatAlign::VerticalCenter),
            // As text, so that a program leaves 001 and 3-1 as they are.
            name: cell().set_num_format("@"),
            lines: cell().set_num_format("@").set_text_wrap(),
            number: cell(),
            day: cell().set_num_format("yyyy-mm-dd"),
            instant: cell().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }

    fn of(&self, holds: Holds) -> &Format {
        match holds {
            Holds::Name | Holds::YesNo | Holds::Audience | Holds::Use => &self.name,
            Holds::Lines => &self.lines,
            Holds::Priority | Holds::Fraction | Holds::Count => &self.number,
            Holds::Day => &self.day,
            Holds::Instant => &self.instant,
        }
    }
}

/// Writes the headings, with all that helps to fill in what stands below them.
pub(super) fn write_headings(
    sheet: &mut Worksheet,
    columns: &[Column],
    language: WorkbookLanguage,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_row_height(0, 20)?;
    for (number, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, number, &column.heading, &formats.heading)?;
        sheet.set_column_width(number, column.width)?;
        sheet.set_column_format(number, formats.of(column.holds))?;
        if !column.help.is_empty() {
            let note = Note::new(column.help)
                .add_author_prefix(false)
                .set_width(260)
                .set_height(96);
            sheet.insert_note(0, number, &note)?;
        }
        if let Some(validation) = validation(column.holds, language)? {
            sheet.add_data_validation(1, number, LAST_ROW, number, &validation)?;
        }
    }
    Ok(())
}

/// Writes a cell; rows count from 0, which is the row of the headings.
pub(super) fn write(
    sheet: &mut Worksheet,
    (row, number): (u32, u16),
    holds: Holds,
    value: &Value,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let format = formats.of(holds);
    match value {
        Value::Nothing => {}
        Value::Text(text) => write_text(sheet, (row, number), text, format)?,
        Value::Number(value) => {
            sheet.write_number_with_format(row, number, *value, format)?;
        }
        Value::Day(day) => match excel_day(*day) {
            Some(day) => {
                sheet.write_datetime_with_format(row, number, day, &formats.day)?;
            }
            None => write_text(sheet, (row, number), &day.to_string(), format)?,
        },
        Value::Instant(instant) => match excel_instant(*instant) {
            Some(instant) => {
                sheet.write_datetime_with_format(row, number, instant, &formats.instant)?;
            }
            None => write_text(sheet, (row, number), &instant.to_string(), format)?,
        },
    }
    Ok(())
}

/// Writes a text so that it stays one: no program runs it, also after an editor has touched the cell.
pub(crate) fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    if looks_like_formula(text) || text.starts_with('\'') {
        let guarded = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, text, &guarded)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// Returns a day as spreadsheets count days; they have none before 1900, and miscount before March.
fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let first = Date::new(1900, 3, 1).ok()?;
    if day < first {
        return None;
    }
    ExcelDateTime::from_ymd(day.year(), day.month(), day.day()).ok()
}

/// Returns an instant as a spreadsheet holds it, which knows no zones: what was written in another than China's stays text.
fn excel_instant(instant: Timestamp) -> Option<ExcelDateTime> {
    let written = instant.to_string();
    let (date, clock) = written.strip_suffix("+08:00")?.split_once('T')?;
    let day = excel_day(Date::try_from(date).ok()?)?;
    let mut clock = clock.split(':').map(str::parse::<u16>);
    let mut part = || clock.next()?.ok();
    let (hour, minute, second) = (part()?, part()?, part()?);
    day.and_hms(hour, u8::try_from(minute).ok()?, f64::from(second)).ok()
}

fn validation(holds: Holds, language: WorkbookLanguage) -> Result<Option<DataValidation>, XlsxError> {
    let choose = |choices: [&str; 2]| DataValidation::new().allow_list_strings(&choices);
    let between = |from: i32, to: i32| DataValidation::new().allow_whole_number(DataValidationRule::Between(from, to));
    Ok(Some(match holds {
        Holds::YesNo => choose(language.pick(["是", "否"], ["yes", "no"]))?,
        // A cell may hold both, so other texts are warned of only.
        Holds::Audience => choose(language.pick(["顾客", "客服"], ["customer", "agent"]))?
            .set_error_style(DataValidationErrorStyle::Information),
        Holds::Use => DataValidation::new()
            .allow_list_strings(&language.pick(["词", "停用词", "转人工"], ["word", "stop_word", "handover"]))?,
        Holds::Priority => between(-10, 10),
        Holds::Fraction => DataValidation::new().allow_decimal_number(DataValidationRule::Between(0.0, 1.0)),
        Holds::Count => between(0, i32::MAX),
        Holds::Name | Holds::Lines | Holds::Day | Holds::Instant => return Ok(None),
    }))
}

/// The last row of a sheet, from 0.
const LAST_ROW: u32 = 1_048_575;
