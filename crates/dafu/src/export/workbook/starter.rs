//! The workbook to begin with: a small shop, and a sheet that explains the others.

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook};

use super::{WorkbookLanguage, book, refused, save, tables};
use crate::error::Result;
use crate::import::{ContentBuilder, Imported};

/// Returns a workbook to begin with: a guide, and each sheet with its headings and a few examples to write over.
///
/// # Errors
///
/// Never for its own contents; the result is that of every writing of a workbook.
///
/// # Examples
///
/// ```
/// use dafu::{ContentBuilder, WorkbookLanguage, starter_workbook};
///
/// let workbook = starter_workbook(WorkbookLanguage::Chinese)?;
/// let imported = ContentBuilder::new().add_xlsx("知识库.xlsx", &workbook).finish()?;
/// assert_eq!(imported.content.entries().len(), 4);
/// assert_eq!(imported.test_questions.len(), 3);
/// # Ok::<(), dafu::Error>(())
/// ```
pub fn starter_workbook(language: WorkbookLanguage) -> Result<Vec<u8>> {
    let Imported {
        content,
        test_questions,
        ..
    } = ContentBuilder::new()
        .add_jsonl("starter", EXAMPLES.as_bytes())
        .finish()?;
    let mut book = book();
    guide(&mut book, language).map_err(refused)?;
    for table in tables::all(&content, &test_questions, language)? {
        table.write(&mut book, language)?;
    }
    save(book)
}

fn guide(book: &mut Workbook, language: WorkbookLanguage) -> std::result::Result<(), rust_xlsxwriter::XlsxError> {
    let sheet = book.add_worksheet().set_name(language.pick("说明", "Guide"))?;
    let title = Format::new().set_bold().set_font_size(14);
    let name = Format::new()
        .set_bold()
        .set_align(FormatAlign::Top)
        .set_font_color(Color::RGB(0x001F_4E79));
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 18)?;
    sheet.set_column_width(1, 90)?;
    let lines = language.pick(CHINESE, ENGLISH);
    for (row, (heading, explanation)) in (0..).zip(lines) {
        let format = if row == 0 { &title } else { &name };
        sheet.write_string_with_format(row, 0, *heading, format)?;
        sheet.write_string_with_format(row, 1, *explanation, &text)?;
    }
    Ok(())
}

const EXAMPLES: &str = include_str!("starter.jsonl");

const CHINESE: &[(&str, &str)] = &[
    ("知识库", ""),
    (
        "怎么填",
        "每张表的第一行是列名，请不要删；列可以换顺序，用不到的列可以空着，也可以删掉。鼠标停在列名上会看到说明。示例行请改成自己的，或删掉。",
    ),
    (
        "问答",
        "顾客会问的问题和答案，一行一条。“相似问法”写得越多、越像顾客的原话，回答越准；一行写一个（Alt+Enter 换行）。",
    ),
    (
        "标准答案",
        "几条问答共用的一段正文，在问答表的“标准答案”列里写它的编号来引用。",
    ),
    ("话术", "客服常用的回复，{{变量}} 由客服填写。"),
    ("同义词", "说法不同、意思相同的词。"),
    (
        "词典",
        "不能拆开的词（运费险）、不说明问题的词（亲）、表示要找人工的说法。",
    ),
    (
        "测试问题",
        "顾客真实问过的话和应当回答的编号；发布前会逐个问一遍，答错了会提醒。",
    ),
    ("设置", "整个知识库的设置；可以空着。"),
    ("自己的列", "多出来的列会作为元数据保存，不影响回答。"),
    (
        "导入",
        "kb import 知识库.xlsx：有错会一次全部列出，精确到表、行、列，什么也不会改坏。",
    ),
];

const ENGLISH: &[(&str, &str)] = &[
    ("Knowledge base", ""),
    (
        "How to fill it in",
        "The first row of each sheet holds the headings: keep it. Columns may stand in any order; those that you do not need may stay empty or be deleted. Point at a heading to read about it. Write your own rows over the examples, or delete them.",
    ),
    (
        "Entries",
        "What customers ask and what is answered, one entry a row. The more similar questions in customers' own words, the better; one a line (Alt+Enter breaks a line).",
    ),
    (
        "Standard answers",
        "Texts that several entries share: an entry refers to one by its id in the column standard_answer.",
    ),
    ("Templates", "Replies for agents, who fill in the {{slots}}."),
    ("Synonyms", "Words that differ and mean the same."),
    (
        "Dictionary",
        "Words that must not be cut apart, words that say nothing about the question, phrases that ask for a person.",
    ),
    (
        "Test questions",
        "What customers really asked and the id that must answer; before each publication they are asked, and what goes wrong is told.",
    ),
    ("Settings", "Settings of the whole knowledge base; may stay empty."),
    (
        "Columns of your own",
        "Further columns are kept as metadata and change no answer.",
    ),
    (
        "Import",
        "kb import FILE.xlsx: all mistakes are listed at once by sheet, row and column, and nothing is changed by a file with mistakes.",
    ),
];
