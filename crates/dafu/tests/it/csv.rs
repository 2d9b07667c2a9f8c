use dafu::{AnswerBody, Content, ContentBuilder, CsvTable};
use proptest::prelude::*;

use crate::arbitrary;

fn builder(table: CsvTable, bytes: &[u8]) -> ContentBuilder {
    ContentBuilder::new().add_csv("表.csv", table, bytes)
}

fn import(text: &str) -> Content {
    builder(CsvTable::Entries, text.as_bytes()).build().unwrap()
}

fn mistakes(table: CsvTable, text: &str) -> Vec<String> {
    let error = builder(table, text.as_bytes()).build().unwrap_err();
    error.mistakes().iter().map(ToString::to_string).collect()
}

proptest! {
    #[test]
    fn import_after_export_is_the_identity(content in arbitrary::content()) {
        let again = ContentBuilder::new()
            .add_csv("a", CsvTable::Entries, content.entries_to_csv().unwrap().as_bytes())
            .add_csv("b", CsvTable::StandardAnswers, content.standard_answers_to_csv().unwrap().as_bytes())
            .add_csv("c", CsvTable::Templates, content.templates_to_csv().unwrap().as_bytes())
            .build()
            .unwrap();
        prop_assert_eq!(again.entries(), content.entries());
        prop_assert_eq!(again.standard_answers(), content.standard_answers());
        prop_assert_eq!(again.templates(), content.templates());
    }

    #[test]
    fn no_exported_cell_looks_like_a_formula(content in arbitrary::content()) {
        for table in [content.entries_to_csv(), content.standard_answers_to_csv(), content.templates_to_csv()] {
            let table = table.unwrap();
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(table.trim_start_matches('\u{feff}').as_bytes());
            for row in reader.records() {
                for cell in &row.unwrap() {
                    prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
                }
            }
        }
    }
}

/// What a Chinese spreadsheet program writes: GB18030, Chinese headings, line breaks within cells.
const TABLE: &str = "编号,标准问题,相似问法,相似问法2,答案,\"答案[channels=app,web;audiences=agent]\",标签,启用,优先级,生效时间,复审日期\r\n\
    refund,退款多久到账？,\"钱几时退回来\n退的钱呢\",腿款没到,1-3天。,\"请查\"\"退款记录\"\"。\",\"退款，到账、急\",否,-2,2026/11/1,2027/3/31\r\n\
    ,,,,,,,,,,\r\n";

#[test]
fn reads_what_spreadsheets_write_in_every_encoding() {
    let (gb18030, ..) = encoding_rs::GB18030.encode(TABLE);
    let with_mark = format!("\u{feff}{TABLE}");
    let utf16: Vec<u8> = with_mark.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [TABLE.as_bytes(), &*gb18030, with_mark.as_bytes(), &utf16] {
        let content = builder(CsvTable::Entries, bytes).build().unwrap();
        let [entry] = content.entries() else {
            panic!("one entry")
        };
        assert_eq!(entry.question.as_str(), "退款多久到账？");
        assert_eq!(
            entry.similar.iter().map(|s| s.as_str()).collect::<Vec<_>>(),
            ["钱几时退回来", "退的钱呢", "腿款没到"]
        );
        assert_eq!(entry.answers[1].when.channels.len(), 2);
        assert!(matches!(&entry.answers[1].body, AnswerBody::Text(text) if text.as_str() == "请查\"退款记录\"。"));
        assert_eq!(
            entry.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(),
            ["退款", "到账", "急"]
        );
        assert!(!entry.enabled);
        assert_eq!(entry.priority.value(), -2);
        assert_eq!(entry.valid.from().unwrap().to_string(), "2026-11-01T00:00:00+08:00");
        assert_eq!(entry.review_by.unwrap().to_string(), "2027-03-31");
    }
}

#[test]
fn finds_the_delimiter_by_the_headings() {
    for text in [
        "ID;Question;answer[channels=app,web]\n1;怎么退款,急;点退款。\n",
        "ID\tQuestion\tanswer[channels=app,web]\n1\t怎么退款,急\t点退款。\n",
        "\"answer[channels=app,web;locales=zh-Hant]\",Question,ID\n点退款。,\"怎么退款,急\",1\n",
    ] {
        let content = import(text);
        assert_eq!(content.entries()[0].question.as_str(), "怎么退款,急");
        assert_eq!(content.entries()[0].answers[0].when.channels[1].as_str(), "web");
    }
}

#[test]
fn a_guard_against_formulas_comes_off_once() {
    let content = import("id,question,answer,note\na,''=退款,'@客服,'普通\n");
    assert_eq!(content.entries()[0].question.as_str(), "'=退款");
    assert_eq!(
        content.entries()[0].answers[0],
        dafu::AnswerText::try_from("@客服").unwrap().into()
    );
    assert_eq!(content.entries()[0].metadata["note"].as_str(), "'普通");
}

#[test]
fn answers_share_columns_in_every_entrys_order() {
    let content = Content::from_jsonl(
        r#"{"id":"a","question":"怎么退款","answers":["一",{"text":"二","channels":["app"]}]}
           {"id":"b","question":"怎么换货","answers":[{"text":"三","channels":["app"]},"四"]}"#
            .as_bytes(),
    )
    .unwrap();
    let table = content.entries_to_csv().unwrap();
    let headings = table.lines().next().unwrap();
    assert!(headings.contains(",answer,answer[channels=app],answer,"), "{headings}");
    assert_eq!(import(&table).entries(), content.entries());
}

#[test]
fn templates_have_readable_slots() {
    let table = "编号,场景,情绪,话术,话术2,变量\n\
        t,appease,angry,抱歉{{customer}}{{单号}},{{单号}}：{{customer}},\"customer: text, default=\"\"您, 亲\"\", example=王女士\n单号：订单号，必填\"\n";
    let content = builder(CsvTable::Templates, table.as_bytes()).build().unwrap();
    let template = &content.templates()[0];
    assert_eq!(template.slots()[0].default(), Some("您, 亲"));
    assert_eq!(template.slots()[0].example(), Some("王女士"));
    assert!(template.slots()[1].is_required());
    assert_eq!(template.wordings().len(), 2);
}

#[test]
fn opens_files_by_their_names_and_headings() {
    let folder = std::env::temp_dir().join(format!("dafu-open-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in [
        ("entries.csv", "question,answer\n怎么退款,点退款。\n"),
        ("answers.CSV", "id,标题,正文\nsa,退货规则,七天无理由。\n"),
        ("templates.csv", "id,scenario,text\nt,greeting,您好！\n"),
        ("entries.jsonl", "{\"question\":\"怎么退款\"}"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        let content = Content::open(&path).unwrap();
        assert_eq!(
            content.entries().len() + content.standard_answers().len() + content.templates().len(),
            1,
            "{name}"
        );
    }
    std::fs::write(folder.join("faq.doc"), "").unwrap();
    let error = Content::open(folder.join("faq.doc")).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with(".jsonl, .csv or .tsv; save it in one of these"),
        "{error}"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Every mistake that only a table can have, as an editor reads it.
#[test]
fn every_mistake_says_what_to_do() {
    for (table, text, expected) in MISTAKES {
        assert_eq!(mistakes(*table, text), [*expected], "{text}");
    }
}

const MISTAKES: &[(CsvTable, &str, &str)] = &[
    (
        CsvTable::Entries,
        "",
        "表.csv: there are no headings; write the name of each column into the first row",
    ),
    (
        CsvTable::Entries,
        "question,answer\n\"怎么退款,点退款。\n",
        "表.csv, line 2: a quotation mark in this row is never closed; close it, or write it twice",
    ),
    (
        CsvTable::Entries,
        "question,answer\n怎么退款,点退款,再点确定\n",
        "表.csv, line 2: the row has 3 cells, and the headings have 2; put quotation marks around texts with commas",
    ),
    (
        CsvTable::Entries,
        "question,,answer\n怎么退款,多,点退款\n",
        "表.csv, line 2, column 2: the cell has no heading; name its column, or empty it",
    ),
    (
        CsvTable::Entries,
        "question,问题\n怎么退款,怎么换货\n",
        "表.csv, line 1, column 2, field `问题`: the heading `问题` stands twice; delete one column",
    ),
    (
        CsvTable::Entries,
        "question,note,note\n怎么退款,1,2\n",
        "表.csv, line 1, column 3, field `note`: the heading `note` stands twice; delete one column",
    ),
    (
        CsvTable::Entries,
        "question,答案[渠道]\n怎么退款,好\n",
        "表.csv, line 1, column 2, field `答案[渠道]`: the conditions of the heading `答案[渠道]` cannot be read; write them as `answer[channels=app,web;audiences=agent;locales=zh-Hant]`",
    ),
    (
        CsvTable::Entries,
        "question,答案[渠道=app]\n怎么退款,好\n怎么换货,好\n",
        "表.csv, line 1, column 2, field `答案[渠道=app]`: nothing is known about this field here; correct its name, or delete it",
    ),
    (
        CsvTable::Entries,
        "question,答案[locales=zh_CN]\n怎么退款,好\n怎么换货,好\n",
        "表.csv, line 1, column 2, field `答案[locales=zh_CN]`: `zh_CN` is not a locale; write letters, digits and `-` only, such as `zh-Hant`",
    ),
    (
        CsvTable::Entries,
        "标准问题,启用\n怎么退款,也许\n",
        "表.csv, line 2, column 2, field `启用`: `也许` is neither yes nor no; write 是 or 否",
    ),
    (
        CsvTable::Entries,
        "标准问题,优先级\n怎么退款,高\n",
        "表.csv, line 2, column 2, field `优先级`: `高` is not a priority; write a whole number from -10 to 10",
    ),
    (
        CsvTable::Entries,
        "标准问题,阈值\n怎么退款,70%\n",
        "表.csv, line 2, column 2, field `阈值`: `70%` is not a threshold; write a number from 0 to 1, such as 0.7",
    ),
    (
        CsvTable::Entries,
        "标准问题,生效时间,失效时间\n怎么退款,2026/11/2,2026/11/1\n",
        "表.csv, line 2, column 2, field `生效时间`: it would be valid from 2026-11-02T00:00:00+08:00 until 2026-11-01T00:00:00+08:00, which is never; let it end after it begins",
    ),
    (
        CsvTable::Entries,
        "标准问题,相似问法\n怎么退款,\"退钱\n？？\"\n",
        "表.csv, line 2, column 2, field `相似问法`: the phrasing `？？` has no letter, digit or Chinese character; write it in words, or leave it out",
    ),
    (
        CsvTable::Entries,
        "编号,标准问题,答案\na,,点退款。\n",
        "表.csv, line 2, column 2, field `标准问题`: it is missing; fill it in",
    ),
    (
        CsvTable::StandardAnswers,
        "id,title,text\n,退货规则,好\n",
        "表.csv, line 2, column 1, field `id`: it is missing; fill it in",
    ),
    (
        CsvTable::Templates,
        "id,scenario,text,slots\nt,solve,{{a}},a\n",
        "表.csv, line 2, column 4, field `slots`: `a` is not a slot; write it as `order_no: order, required` or `customer: text, default=您, example=王女士`",
    ),
    (
        CsvTable::Templates,
        "id,scenario,text,slots\nt,solve,{{a}},\"a: text, defualt=您\"\n",
        "表.csv, line 2, column 4, field `slots`: `a: text, defualt=您` is not a slot; write it as `order_no: order, required` or `customer: text, default=您, example=王女士`",
    ),
    (
        CsvTable::Templates,
        "id,scenario,text,slots\nt,solve,{{a}},\"a: text, default=\"\"您\"\n",
        r#"表.csv, line 2, column 4, field `slots`: `a: text, default="您` is not a slot; write it as `order_no: order, required` or `customer: text, default=您, example=王女士`"#,
    ),
];

/// Said once, and not for every row; an editor whose table is in Chinese is told by the name to give the column.
#[test]
fn a_column_that_is_not_there_is_one_mistake_in_the_language_of_the_others() {
    assert_eq!(
        mistakes(CsvTable::Entries, "编号,答案,优先级\na,好,1\nb,好,高\nc,好,\n"),
        [
            "表.csv, line 1, field `标准问题`: none of the headings `编号`, `答案`, `优先级` stands for it; \
             write this heading over the column that holds it, or add the column",
            "表.csv, line 3, column 3, field `优先级`: `高` is not a priority; write a whole number from -10 to 10",
        ]
    );
    for (table, text, fields) in [
        (CsvTable::Entries, "id,answer\na,ok\nb,ok\n", &["question"][..]),
        (
            CsvTable::StandardAnswers,
            "标题,分类\n退货,a\n换货,a\n",
            &["编号", "正文"],
        ),
        (CsvTable::Templates, "编号,话术\nt,您好\nu,您好\n", &["场景"]),
        (CsvTable::Synonyms, "权重\n0.5\n0.6\n", &["词语"]),
        (CsvTable::Synonyms, "原词\n裤衩\n短裤\n", &["替换为"]),
        (CsvTable::Dictionary, "用途\n停用词\n转人工\n", &["词"]),
        (CsvTable::TestQuestions, "问题\n咋退\n咋换\n", &["期望"]),
        (CsvTable::Settings, "设置项\n阈值\n语气\n", &["值"]),
    ] {
        let told = mistakes(table, text);
        assert_eq!(told.len(), fields.len(), "{told:?}");
        for (told, field) in told.iter().zip(fields) {
            assert!(
                told.contains(&format!("line 1, field `{field}`: none of the headings")),
                "{told}"
            );
        }
    }
}

/// What refers to the items of such a table is not blamed for it.
#[test]
fn references_to_a_table_without_a_column_are_no_mistakes() {
    let error = builder(CsvTable::StandardAnswers, "编号,正文\nrule,好\n".as_bytes())
        .add_jsonl(
            "",
            r#"{"id":"a","question":"怎么退","answers":[{"standard_answer":"rule"}]}"#.as_bytes(),
        )
        .build()
        .unwrap_err();
    assert_eq!(error.mistake_count(), 1, "{error}");
}

#[test]
fn headings_of_no_table_are_named() {
    let many: Vec<String> = (1..=20).map(|number| format!("列{number}")).collect();
    for (text, shown) in [
        (
            "编号,答案\na,好\n".to_owned(),
            "从列名 “编号”、“答案” 看不出这是什么表；问答要有“标准问题”",
        ),
        (format!("{}\n", many.join(",")), "“列11”、“列12”、“…” 看不出"),
    ] {
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let error = Content::open(file.path()).unwrap_err();
        assert_eq!(error.mistake_count(), 1, "{error}");
        let told = error.mistakes()[0].in_chinese();
        assert!(told.contains(shown), "{told}");
    }
}

#[test]
fn what_is_said_of_synonyms_names_their_columns() {
    let error = builder(CsvTable::Synonyms, "词语,原词,替换为\n退款|退钱,退款,退钱\n".as_bytes())
        .build()
        .unwrap_err();
    let told = error.mistakes()[0].in_chinese();
    assert!(told.contains("“词语”，单向的写“原词”和“替换为”"), "{told}");
}

/// What is known only when all rows are read is told in its place among the others.
#[test]
fn mistakes_are_in_the_order_of_the_table() {
    let text = "编号,标准问题,优先级,相关,答案\na,怎么退款,1,nobody,好\nb,,1,,好\nc,怎么换货,99,,好\n";
    assert_eq!(
        mistakes(CsvTable::Entries, text),
        [
            "表.csv, line 2, column 4, field `相关`: there is no entry with the id `nobody`; \
             correct the id, or add what it names",
            "表.csv, line 3, column 2, field `标准问题`: it is missing; fill it in",
            "表.csv, line 4, column 3, field `优先级`: `99` is not a priority; write a whole number from -10 to 10",
        ]
    );
}
