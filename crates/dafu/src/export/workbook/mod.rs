//! Workbooks (.xlsx) for editors: a sheet for each kind of item.

mod columns;
mod sheet;
mod starter;
mod tables;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Content, TestQuestion};
pub(crate) use sheet::write_text;
pub use starter::starter_workbook;

/// The language of the headings, choices and explanations in a workbook. What is read may have either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WorkbookLanguage {
    /// 编号, 标准问题, 相似问法 ...
    #[default]
    Chinese,
    /// `id`, `question`, `similar` ...
    English,
}

impl WorkbookLanguage {
    pub(crate) fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

impl Content {
    /// Returns everything as a workbook (.xlsx), with a sheet each for entries, standard answers, templates, synonyms,
    /// dictionary, test questions and settings. Reading it gives back the same.
    ///
    /// Its headings stay while one scrolls and explain themselves in comments; fixed values are chosen from a list.
    /// 100,000 entries with five phrasings take a few seconds and some 500 MB.
    ///
    /// # Errors
    ///
    /// When a text is longer than a cell may be ([`Limits::CELL_UNITS`](crate::Limits::CELL_UNITS)), or there are more
    /// columns than [`Limits::CSV_COLUMNS`](crate::Limits::CSV_COLUMNS) or more rows than a sheet has:
    /// [`to_jsonl`](Self::to_jsonl) has no such limits.
    ///
    /// # Examples
    ///
    /// ```
    /// use dafu::{Content, ContentBuilder, TestQuestion, WorkbookLanguage};
    ///
    /// let content = Content::from_jsonl(r#"{"id":"refund-time","question":"退款多久到账？","answer":"1-3天。"}"#.as_bytes())?;
    /// let mut test = TestQuestion::new("钱几时退回来".try_into()?);
    /// test.expected.push("refund-time".try_into()?);
    /// let workbook = content.to_xlsx(&[test.clone()], WorkbookLanguage::Chinese)?;
    ///
    /// let imported = ContentBuilder::new().add_xlsx("问答.xlsx", &workbook).finish()?;
    /// assert_eq!(imported.content.entries(), content.entries());
    /// assert_eq!(imported.test_questions, [test]);
    /// # Ok::<(), dafu::Error>(())
    /// ```
    pub fn to_xlsx(&self, test_questions: &[TestQuestion], language: WorkbookLanguage) -> Result<Vec<u8>> {
        let mut book = book();
        for table in tables::all(self, test_questions, language)? {
            table.write(&mut book, language)?;
        }
        save(book)
    }
}

/// Returns a workbook that says nothing about when it was written: the same content makes the same file.
pub(crate) fn book() -> Workbook {
    let mut book = Workbook::new();
    if let Ok(start) = ExcelDateTime::from_ymd(2000, 1, 1) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&start));
    }
    book
}

pub(crate) fn save(mut book: Workbook) -> Result<Vec<u8>> {
    book.save_to_buffer().map_err(refused)
}

pub(crate) fn refused(error: XlsxError) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("writing a workbook: {error}; export JSON Lines instead"),
    )
}
