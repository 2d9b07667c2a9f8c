//! Workbooks: what editors write, what is given back, what is hostile.

use std::io::{Cursor, Read as _, Write as _};

use dafu::{Content, ContentBuilder, Imported, TestQuestion, WorkbookLanguage, mark_mistakes, starter_workbook};
use proptest::collection::vec;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::arbitrary;

fn import(bytes: &[u8]) -> dafu::Result<Imported> {
    ContentBuilder::new().add_xlsx("书.xlsx", bytes).finish()
}

fn mistakes(bytes: &[u8]) -> Vec<String> {
    let error = import(bytes).unwrap_err();
    error.mistakes().iter().map(ToString::to_string).collect()
}

/// What fills a sheet in.
type Write<'w> = &'w dyn Fn(&mut Worksheet);

/// A workbook of sheets with these names.
fn workbook(sheets: &[(&str, Write<'_>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, write) in sheets {
        write(book.add_worksheet().set_name(*name).unwrap());
    }
    book.save_to_buffer().unwrap()
}

fn rows(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
}

/// The package of a workbook, part by part.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..package.len())
        .map(|index| {
            let mut part = package.by_index(index).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (name, bytes)
        })
        .collect()
}

fn package(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        package
            .start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        package.write_all(bytes).unwrap();
    }
    package.finish().unwrap().into_inner()
}

fn test_questions() -> impl Strategy<Value = Vec<TestQuestion>> {
    let question = (any::<u8>(), vec(0..4_u8, 0..3)).prop_map(|(number, expected)| {
        let mut question = TestQuestion::new(format!("=问题{number}").try_into().unwrap());
        question.expected = expected
            .iter()
            .map(|id| format!("条目-{id}").try_into().unwrap())
            .collect();
        question.metadata.insert(
            "来源".try_into().unwrap(),
            format!(" _x0041_\r\n{number}").try_into().unwrap(),
        );
        question
    });
    vec(question, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn import_after_export_is_the_identity(content in arbitrary::content(), tests in test_questions(), english: bool) {
        let language = if english { WorkbookLanguage::English } else { WorkbookLanguage::Chinese };
        let workbook = content.to_xlsx(&tests, language).unwrap();
        let imported = if content.entries().is_empty() && content.to_jsonl().is_empty() && tests.is_empty() {
            Imported::default()
        } else {
            import(&workbook).unwrap()
        };
        prop_assert_eq!(imported.content.to_jsonl(), content.to_jsonl());
        prop_assert_eq!(imported.content.entries(), content.entries());
        prop_assert_eq!(imported.content.standard_answers(), content.standard_answers());
        prop_assert_eq!(imported.content.templates(), content.templates());
        prop_assert_eq!(imported.content.settings(), content.settings());
        prop_assert_eq!(&imported.test_questions, &tests);
        // The test questions name no entry of the content; and what is there twice was dropped before the export.
        let read = imported.content.warnings().iter().filter(|w| !w.message.starts_with("there is no entry"));
        let own = content.warnings().iter().filter(|w| !w.message.ends_with("was dropped once"));
        prop_assert_eq!(read.count(), own.count());
        // Marking nothing changes nothing either.
        let marked = mark_mistakes(&workbook, &[], language).unwrap();
        let again = import(&marked).unwrap();
        prop_assert_eq!(again.content.to_jsonl(), content.to_jsonl());
        prop_assert_eq!(&again.test_questions, &tests);
    }

    /// Whatever was damaged: a content or an error, and no panic.
    #[test]
    fn damaged_parts_are_errors(part in any::<prop::sample::Index>(), changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut parts = parts(&starter_workbook(WorkbookLanguage::Chinese).unwrap());
        let index = part.index(parts.len());
        let bytes = &mut parts[index].1;
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = import(&package(&parts));
        let _ = mark_mistakes(&package(&parts), &[], WorkbookLanguage::Chinese);
    }

    #[test]
    fn damaged_packages_are_errors(place in any::<prop::sample::Index>(), byte: u8, end in any::<prop::sample::Index>()) {
        let mut bytes = starter_workbook(WorkbookLanguage::English).unwrap();
        let index = place.index(bytes.len());
        bytes[index] = byte;
        bytes.truncate(end.index(bytes.len() * 2).max(1));
        let _ = import(&bytes);
    }
}

/// As editors keep it: a title above, Chinese headings in their own order, real dates and dates as text, numbers for ids,
/// a column of their own, an empty row in between.
#[test]
fn reads_what_editors_have() {
    let bytes = workbook(&[("FAQ", &|sheet| {
        rows(
            sheet,
            &[
                &["客服知识库 2026"],
                &[],
                &[
                    "答案",
                    "备注",
                    "标准问法",
                    "编号",
                    "复审日期",
                    "生效时间",
                    "相似问法",
                    "启用",
                    "优先级",
                    "对象",
                ],
                &[
                    "1-3天。",
                    "双十一前改",
                    "退款多久到账？",
                    "",
                    "",
                    "",
                    "钱几时退回来\n 退的钱呢 \n",
                    "否",
                    "",
                    "客服",
                ],
                &[],
                &[
                    "点退货。",
                    "",
                    "怎么退货",
                    "",
                    "2027/3/31",
                    "2026-11-01 08:30",
                    "",
                    "",
                    "",
                    "",
                ],
            ],
        );
        let day = Format::new().set_num_format("yyyy/m/d");
        let instant = Format::new().set_num_format("yyyy/m/d h:mm");
        sheet.write_number(3, 3, 8812).unwrap();
        sheet
            .write_datetime_with_format(3, 4, ExcelDateTime::from_ymd(2027, 3, 31).unwrap(), &day)
            .unwrap();
        let start = ExcelDateTime::from_ymd(2026, 11, 1).unwrap().and_hms(8, 30, 0).unwrap();
        sheet.write_datetime_with_format(3, 5, start, &instant).unwrap();
        sheet.write_number(3, 8, 2).unwrap();
        sheet.write_boolean(5, 7, true).unwrap();
        sheet
            .write_formula(5, 3, Formula::new("=\"return-\"&1").set_result("return-1"))
            .unwrap();
    })]);
    let imported = import(&bytes).unwrap();
    let [refund, returns] = imported.content.entries() else {
        panic!("two entries")
    };
    assert_eq!((refund.id.as_str(), returns.id.as_str()), ("8812", "return-1"));
    assert_eq!(
        refund.similar.iter().map(|s| s.as_str()).collect::<Vec<_>>(),
        ["钱几时退回来", "退的钱呢"]
    );
    assert_eq!(refund.review_by, returns.review_by);
    assert_eq!(refund.review_by.unwrap().to_string(), "2027-03-31");
    assert_eq!(refund.valid.from(), returns.valid.from());
    assert_eq!(refund.valid.from().unwrap().to_string(), "2026-11-01T08:30:00+08:00");
    assert_eq!((refund.enabled, returns.enabled), (false, true));
    assert_eq!((refund.priority.value(), returns.priority.value()), (2, 0));
    assert_eq!(refund.metadata["备注"].as_str(), "双十一前改");
    assert_eq!(imported.understood[0].rows, 2);
    assert_eq!(imported.understood[0].columns[1], ("备注".to_owned(), None));
}

#[test]
fn cells_merged_over_rows_are_warned_of() {
    let bytes = workbook(&[("问答", &|sheet| {
        let plain = Format::new();
        rows(
            sheet,
            &[
                &[],
                &["标准问题", "答案", "分类"],
                &["怎么退货", "点“退货”。", ""],
                &["怎么换货", "点“换货”。", ""],
                &["怎么开票", "", ""],
            ],
        );
        sheet.merge_range(0, 0, 0, 2, "客服知识库", &plain).unwrap();
        sheet.merge_range(2, 2, 3, 2, "售后", &plain).unwrap();
        sheet.merge_range(4, 1, 4, 2, "点“发票”。", &plain).unwrap();
    })]);
    let imported = import(&bytes).unwrap();
    let warnings: Vec<String> = imported.content.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "书.xlsx, sheet `问答`, row 3, column C, field `分类`: the cell is merged over 2 rows, and only the first of them has what it \
             says; unmerge it, and write it into each row"
        ]
    );
    assert_eq!(imported.content.entries()[1].category, None);
}

#[test]
fn settings_are_written_as_editors_do() {
    let bytes = workbook(&[
        ("问答", &|sheet| {
            rows(sheet, &[&["问题", "答案"], &["怎么退款", "点退款。"]])
        }),
        ("同义词", &|sheet| {
            rows(
                sheet,
                &[
                    &["词语", "原词", "替换为", "权重", "说明"],
                    &["退款、退钱，返钱"],
                    &["", "裤衩", "内裤", "0.8", "口语"],
                ],
            );
        }),
        ("词典", &|sheet| {
            rows(
                sheet,
                &[
                    &["词", "用途", "词频"],
                    &["运费险", "", "1000"],
                    &["亲", "停用词"],
                    &["找个活人", "转人工"],
                ],
            );
        }),
        ("测试问题", &|sheet| {
            rows(sheet, &[&["顾客问题", "期望"], &["咋退钱", "-"]])
        }),
        ("设置", &|sheet| rows(sheet, &[&["设置项", "值"], &["阈值", "0.7"]])),
        ("说明", &|sheet| rows(sheet, &[&["随便写点什么"]])),
        ("草稿", &|sheet| rows(sheet, &[&["这张表不读"]])),
    ]);
    let imported = import(&bytes).unwrap();
    let settings = imported.content.settings();
    assert_eq!(settings.synonyms[0].from().len(), 3);
    assert!(!settings.synonyms[1].is_two_way());
    assert_eq!(settings.words[0].frequency, Some(1_000));
    assert_eq!((settings.stop_words.len(), settings.handover.len()), (1, 1));
    assert_eq!(settings.threshold.unwrap().value(), 0.7);
    assert!(imported.test_questions[0].expects_no_answer());
    let warnings: Vec<String> = imported.content.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "书.xlsx, sheet `同义词`, row 1, column E, field `说明`: nothing is known about this column, and there is no place to keep it, so it is left out; correct its heading, or delete it",
            "书.xlsx, sheet `草稿`, row 1: the headings are those of no table, so the sheet is not read; name the sheet 问答 (entries), 标准答案, 话术, 同义词, 词典 or 测试问题, or delete it",
        ]
    );
}

/// A workbook with every kind of mistake.
fn wrong() -> Vec<u8> {
    workbook(&[
        ("问答", &|sheet| {
            rows(
                sheet,
                &[
                    &["编号", "标准问题", "答案", "启用", "", "复审日期"],
                    &["a", "", "点退款。"],
                    &["b b", "怎么换货", "点换货。", "也许"],
                    &["c", "怎么退货", "点退货。", "", "多出来的", "明天"],
                    &["d", "", "点这里。"],
                ],
            );
            sheet
                .write_formula(4, 1, Formula::new("=NA()").set_result("#N/A"))
                .unwrap();
        }),
        ("词典", &|sheet| {
            rows(sheet, &[&["词", "用途"], &["花 呗", ""], &["亲", "语气"]])
        }),
        ("测试问题", &|sheet| {
            rows(sheet, &[&["问题", "期望"], &["咋退", ""]])
        }),
        ("设置", &|sheet| rows(sheet, &[&["设置项", "值"], &["语气", "好"]])),
    ])
}

#[test]
fn all_mistakes_come_at_once_by_sheet_row_and_column() {
    assert_eq!(
        mistakes(&wrong()),
        [
            "书.xlsx, sheet `问答`, row 2, column B, field `标准问题`: it is missing; fill it in",
            "书.xlsx, sheet `问答`, row 3, column A, field `编号`: the id `b b` contains a space; remove that character",
            "书.xlsx, sheet `问答`, row 3, column D, field `启用`: `也许` is neither yes nor no; write 是 or 否",
            "书.xlsx, sheet `问答`, row 4, column E: the cell has no heading; name its column, or empty it",
            "书.xlsx, sheet `问答`, row 4, column F, field `复审日期`: `明天` is not a date; write it as `2026-11-05`",
            "书.xlsx, sheet `问答`, row 5, column B, field `标准问题`: the cell shows the error #N/A; correct its formula, or write a text",
            "书.xlsx, sheet `问答`, row 5, column B, field `标准问题`: it is missing; fill it in",
            "书.xlsx, sheet `词典`, row 2, column A, field `词`: the word `花 呗` contains white space; write it as one word",
            "书.xlsx, sheet `词典`, row 3, column B, field `用途`: `语气` is no use of a word; write 词 (word), 停用词 (stop_word) or 转人工 (handover)",
            "书.xlsx, sheet `测试问题`, row 2, column B, field `期望`: it is not said what is expected; write the id of the entry that answers, or - for no answer",
            "书.xlsx, sheet `设置`, row 2, column A, field `设置项`: there is no setting `语气`; write `threshold` (阈值), or delete the row",
        ]
    );
}

#[test]
fn the_marked_copy_says_in_each_cell_what_is_wrong() {
    let bytes = wrong();
    let error = import(&bytes).unwrap_err();
    let marked = mark_mistakes(&bytes, error.mistakes(), WorkbookLanguage::Chinese).unwrap();
    assert_eq!(mistakes(&marked), mistakes(&bytes), "the copy has the same cells");

    let parts = parts(&marked);
    let text = |name: &str| {
        let (_, bytes) = parts.iter().find(|(part, _)| part == name).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    // Sheet 1 is the list; sheet 2 is 问答, which has the comments 1.
    let comments = text("xl/comments1.xml");
    for (cell, words) in [("B2", "没有填"), ("D3", "既不是“是”也不是“否”"), ("F4", "不是日期")] {
        let comment = comments
            .split("<comment ")
            .find(|comment| comment.contains(&format!("ref=\"{cell}\"")))
            .unwrap();
        assert!(comment.contains(words), "{comment}");
    }
    let list = text("xl/sharedStrings.xml");
    assert!(list.contains("问答 B2"), "{list}");
    assert!(text("xl/styles.xml").contains("FFC7CE"));
    // What stays: a copy of the copy has the list once.
    let again = mark_mistakes(&marked, error.mistakes(), WorkbookLanguage::Chinese).unwrap();
    assert_eq!(self::parts(&again).len(), parts.len());
}

#[test]
fn a_written_workbook_helps_to_fill_it_in() {
    let parts = parts(&starter_workbook(WorkbookLanguage::Chinese).unwrap());
    let text = |name: &str| {
        let (_, bytes) = parts.iter().find(|(part, _)| part == name).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let entries = text("xl/worksheets/sheet2.xml");
    for helps in [
        "state=\"frozen\"",
        "<autoFilter",
        "是,否",
        "顾客,客服",
        "<legacyDrawing",
        "<cols>",
    ] {
        assert!(entries.contains(helps), "{helps}");
    }
    assert!(text("xl/comments1.xml").contains("顾客会问的那句话"));
    assert!(text("xl/worksheets/sheet6.xml").contains("停用词"));
}

#[test]
fn the_same_content_makes_the_same_file() {
    let write = || starter_workbook(WorkbookLanguage::Chinese).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn a_long_list_takes_several_columns() {
    let similar: Vec<String> = (0..1_000)
        .map(|number| format!("\"{number}{}\"", "退".repeat(400)))
        .collect();
    let line = format!(
        "{{\"id\":\"a\",\"question\":\"怎么退\",\"similar\":[{}]}}",
        similar.join(",")
    );
    let content = Content::from_jsonl(line.as_bytes()).unwrap();
    let imported = import(&content.to_xlsx(&[], WorkbookLanguage::Chinese).unwrap()).unwrap();
    assert_eq!(imported.content.entries(), content.entries());
}

#[test]
fn a_text_that_no_cell_holds_is_an_error_that_names_it() {
    let line = format!(
        "{{\"id\":\"a\",\"question\":\"怎么退\",\"answer\":\"{}\"}}",
        "😀".repeat(20_000)
    );
    let error = Content::from_jsonl(line.as_bytes())
        .unwrap()
        .to_xlsx(&[], WorkbookLanguage::Chinese)
        .unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("a text in the sheet `问答` is longer than the 32767 characters of a cell"),
        "{message}"
    );
}

#[test]
fn hostile_files_are_clear_errors() {
    let starter = starter_workbook(WorkbookLanguage::Chinese).unwrap();
    let with = |name: &str, bytes: Vec<u8>| {
        let mut parts = parts(&starter);
        parts.iter_mut().find(|(part, _)| part == name).unwrap().1 = bytes;
        package(&parts)
    };
    let bomb = |start: &str, piece: &str, count: usize, end: &str| {
        let mut xml = String::from(start);
        xml.push_str(&piece.repeat(count));
        xml.push_str(end);
        xml.into_bytes()
    };
    let sheet = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>";
    let end = "</sheetData></worksheet>";
    let texts = "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">";
    for (bytes, expected) in [
        (b"id,question".to_vec(), "the workbook cannot be read"),
        (Vec::new(), "the workbook cannot be read"),
        (
            vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1],
            "it is a workbook of the old kind (.xls), or protected by a password; save it",
        ),
        (
            package(&[("a.xml".to_owned(), Vec::new())]),
            "the workbook cannot be read",
        ),
        (
            with("xl/worksheets/sheet2.xml", bomb(sheet, " ", 1_100_000_000, end)),
            "the workbook unpacks to more than 1 GiB; split it",
        ),
        (
            with("xl/sharedStrings.xml", bomb(texts, "<si/>", 9_000_000, "</sst>")),
            "the workbook has far more texts, formats or merged cells",
        ),
        (
            with("xl/styles.xml", bomb("<styleSheet>", "<xf/>", 300_000, "</styleSheet>")),
            "the workbook has far more texts, formats or merged cells",
        ),
        (
            with(
                "xl/worksheets/sheet1.xml",
                bomb(
                    "<worksheet><sheetData/><mergeCells>",
                    "<mergeCell ref=\"A2:A3\"/>",
                    4_000_001,
                    "</mergeCells></worksheet>",
                ),
            ),
            "the workbook has far more texts, formats or merged cells",
        ),
        (
            with(
                "xl/worksheets/sheet2.xml",
                bomb(sheet, "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", 3_000, end),
            ),
            "row 1 has more than 2000 cells; delete columns",
        ),
        (
            with(
                "xl/worksheets/sheet2.xml",
                bomb(sheet, "<row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row>", 1, end),
            ),
            "row 1 has cells beyond column 2000; move them to the left, or delete them",
        ),
        (
            with(
                "xl/worksheets/sheet2.xml",
                bomb(
                    sheet,
                    &format!(
                        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>{}</v></c></row>",
                        "长".repeat(40_000)
                    ),
                    1,
                    end,
                ),
            ),
            "the cell holds more than 32767 characters; shorten it",
        ),
        (
            workbook(&[("Sheet1", &|_| {})]),
            "no sheet of the workbook holds anything",
        ),
    ] {
        let mistakes = mistakes(&bytes);
        assert!(
            mistakes.iter().any(|mistake| mistake.contains(expected)),
            "{expected}: {mistakes:?}"
        );
    }
}

/// The range of a sheet says nothing: a cell in each corner is two cells, not seventeen billion.
#[test]
fn far_cells_cost_nothing() {
    let bytes = workbook(&[("问答", &|sheet| {
        rows(sheet, &[&["问题", "答案"], &["怎么退款", "点退款。"]]);
        sheet.write_string(1_048_575, 0, "怎么换货").unwrap();
        sheet.write_string(1_048_575, 1, "点换货。").unwrap();
    })]);
    assert_eq!(import(&bytes).unwrap().content.entries().len(), 2);
}
