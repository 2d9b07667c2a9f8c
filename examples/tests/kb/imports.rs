//! Files in, files out.

use serde_json::json;

use crate::kb::Desk;

#[test]
fn mistakes_come_all_at_once_and_change_nothing() {
    let desk = Desk::chinese();
    desk.run("init").code(0);
    let content =
        dafu::Content::from_jsonl(r#"{"id":"a","question":"怎么退款","answer":"点退款。"}"#.as_bytes()).unwrap();
    let mut tests = dafu::TestQuestion::new("咋退".try_into().unwrap());
    tests.expected.push("a".try_into().unwrap());
    desk.write(
        "good.xlsx",
        content.to_xlsx(&[tests], dafu::WorkbookLanguage::Chinese).unwrap(),
    );
    desk.run("import good.xlsx").code(0);
    desk.write(
        "bad.csv",
        "编号,问题,答案,优先级\nb,,点这里。,高\nc c,怎么换货,点换货。,\n",
    );
    let before = desk.json("status");
    let ran = desk.run("import bad.csv").code(1);
    assert!(ran.err.contains("有 3 处错误，什么都没有导入"), "{}", ran.err);
    assert_eq!(desk.json("status"), before, "nothing was changed");
    let json = desk.json("import bad.csv");
    let mistakes = json["error"]["mistakes"].as_array().unwrap();
    let places: Vec<_> = mistakes
        .iter()
        .map(|mistake| [&mistake["row"], &mistake["column"], &mistake["field"]])
        .collect();
    assert_eq!(json!(places), json!([[2, 2, "问题"], [2, 4, "优先级"], [3, 1, "编号"]]));
}

/// Said once, whatever the number of rows: in a workbook by its sheet, in a file without sheets by its name.
#[test]
fn a_table_without_questions_is_one_mistake() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("问答").unwrap();
    for (row, cells) in (0..).zip([
        ["编号", "答案"],
        ["a", "点退款。"],
        ["b", "点换货。"],
        ["c", "点退货。"],
    ]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let book = book.save_to_buffer().unwrap();
    for (desk, told) in [
        (
            Desk::chinese(),
            [
                "  no.xlsx，工作表“问答”，第 1 行，“标准问题”：没有这一列，有的列名是 “编号”、“答案”；\
                 请给写着它的那一列写上这个列名，或者补上这一列\n",
                "no.csv，第 1 行：从列名 “编号”、“答案” 看不出这是什么表；问答要有“标准问题”",
            ],
        ),
        (
            Desk::english(),
            [
                "  no.xlsx, sheet `问答`, row 1, field `标准问题`: none of the headings `编号`, `答案` stands for it; \
                 write this heading over the column that holds it, or add the column\n",
                "no.csv, line 1: the headings `编号`, `答案` are those of no table; entries need `question`",
            ],
        ),
    ] {
        desk.run("init").code(0);
        desk.write("no.xlsx", &book);
        desk.write("no.csv", "编号,答案\na,点退款。\nb,点换货。\n");
        for (file, told) in ["no.xlsx", "no.csv"].into_iter().zip(told) {
            let ran = desk.run(&format!("import {file}")).code(1);
            assert!(ran.err.contains(told), "{}", ran.err);
            assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
            let json = desk.json(&format!("import {file}"));
            assert_eq!(json["error"]["mistakes"].as_array().unwrap().len(), 1);
        }
    }
}

#[test]
fn a_workbook_with_mistakes_comes_back_marked() {
    let desk = Desk::english();
    desk.run("init --template shop.xlsx").code(0);
    let bytes = std::fs::read(desk.path("shop.xlsx")).unwrap();
    let mut book = rust_xlsxwriter_book();
    desk.write("bad.xlsx", book.save_to_buffer().unwrap());
    let ran = desk.run("import bad.xlsx --mark wrong.xlsx").code(1);
    assert!(ran.out.contains("wrong.xlsx"), "{ran:?}");
    assert!(ran.err.contains("sheet `问答`, row 2, column B"), "{}", ran.err);
    assert!(std::fs::read(desk.path("wrong.xlsx")).unwrap().starts_with(b"PK"));
    assert!(bytes.starts_with(b"PK"));
}

fn rust_xlsxwriter_book() -> rust_xlsxwriter::Workbook {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("问答").unwrap();
    for (column, heading) in (0..).zip(["编号", "标准问题", "答案"]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    sheet.write_string(1, 0, "a").unwrap();
    sheet.write_string(1, 2, "点退款。").unwrap();
    book
}

#[test]
fn a_round_trip_through_a_workbook_changes_nothing() {
    let desk = Desk::chinese().published();
    desk.run("export again.xlsx").code(0);
    let json = desk.json("import again.xlsx");
    assert_eq!(
        (&json["added"], &json["changed"], &json["removed"]),
        (&0.into(), &0.into(), &0.into()),
        "{json}"
    );
    assert_eq!(desk.json("diff")["changes"], serde_json::json!([]));
    for name in ["again.jsonl", "again.csv"] {
        desk.run(&format!("export {name}")).code(0);
    }
    let json = desk.json("import again.jsonl");
    assert_eq!(
        (&json["added"], &json["changed"], &json["removed"]),
        (&0.into(), &0.into(), &0.into()),
        "{json}"
    );
}

#[test]
fn an_import_asks_before_it_replaces() {
    let desk = Desk::english().published();
    desk.write("new.csv", "id,question,answer\nrefund-time,退款多久到账？,五天。\n");
    let ran = desk.run("import new.csv").code(4);
    assert!(
        ran.out.contains("0 added, 1 changed, 10 deleted, 0 unchanged."),
        "{}",
        ran.out
    );
    assert!(desk.json("status")["draft"].is_null());
    let ran = desk.type_at("import new.csv", "yes\n").code(0);
    assert!(ran.out.contains("It is in the draft"), "{}", ran.out);
    assert_eq!(desk.json("status")["draft"]["removed"], 10);
    desk.run("undo").code(0);
    let ran = desk.run("import new.csv --keep --yes").code(0);
    assert!(
        ran.out.contains("0 added, 1 changed, 0 deleted, 10 unchanged."),
        "{}",
        ran.out
    );
}

#[test]
fn what_other_systems_export_is_told() {
    let desk = Desk::english();
    desk.run("init").code(0);
    desk.write("qna.tsv", "Question\tAnswer\tSource\tMetadata\tQnaId\n退款多久到账？\t1-3天。\tEditorial\t\t7\n钱几时退\t1-3天。\tEditorial\t\t7\n");
    let ran = desk.run("import qna.tsv").code(0);
    assert!(ran.out.contains("entries, 2 rows, as QnA Maker exports"), "{}", ran.out);
    assert!(ran.out.contains("1 added"), "{}", ran.out);
    desk.write("pair.csv", "怎么退货,点退货。\n怎么换货,点换货。\n");
    let ran = desk.run("import pair.csv --keep").code(0);
    assert!(ran.out.contains("two columns without headings"), "{}", ran.out);
    assert!(desk.run("ask 怎么换货").code(0).out.contains("点换货。"));
}
