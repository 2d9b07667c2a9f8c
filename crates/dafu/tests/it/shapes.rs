//! What other systems export, recognised and told.

use dafu::{Content, ContentBuilder, CsvTable, Shape, Understood};

fn read(text: &str) -> (Content, Understood) {
    let builder = ContentBuilder::new()
        .recognise_exports(true)
        .add_csv("导出.csv", CsvTable::Entries, text.as_bytes());
    let imported = builder.finish().unwrap();
    let [understood] = &imported.understood[..] else {
        panic!("one table")
    };
    (imported.content, understood.clone())
}

fn similar(content: &Content, index: usize) -> Vec<&str> {
    content.entries()[index].similar.iter().map(|s| s.as_str()).collect()
}

#[test]
fn two_columns_without_headings_are_question_and_answer() {
    let (content, understood) = read("退款多久到账？,1-3天。\n怎么退货,点退货。\n");
    assert_eq!((understood.shape, understood.rows), (Shape::QuestionAnswer, 2));
    assert_eq!(content.entries().len(), 2);
    assert_eq!(content.entries()[0].question.as_str(), "退款多久到账？");
}

/// Its mistakes say so in the language of the file.
#[test]
fn two_columns_without_headings_are_called_by_what_they_hold() {
    let wrong = |text: &str| {
        let builder = ContentBuilder::new().recognise_exports(true);
        let error = builder.add_csv("导出.csv", CsvTable::Entries, text.as_bytes()).build();
        error.unwrap_err().mistakes()[0].in_chinese()
    };
    assert_eq!(
        wrong("退款多久到账？,1-3天。\n,点退货。\n"),
        "导出.csv，第 2 行，第 1 列，“标准问题”：没有填；请填上"
    );
    assert_eq!(
        wrong("How long?,3 days\n,Click.\n"),
        "导出.csv，第 2 行，第 1 列，“question”：没有填；请填上"
    );
}

#[test]
fn two_columns_with_headings_are_read_as_they_say() {
    let (content, understood) = read("Q\tA\n退款多久到账？\t1-3天。\n");
    assert_eq!(understood.shape, Shape::RowPerItem);
    assert_eq!(understood.columns[1], ("A".to_owned(), Some("answer".to_owned())));
    assert_eq!(content.entries().len(), 1);
}

#[test]
fn qna_maker_has_a_row_for_each_phrasing() {
    let (content, understood) = read(concat!(
        "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\tSourceDisplayName\n",
        "退款多久到账？\t1-3天。\tEditorial\tteam:售后|level:1\t[]\tFalse\t[]\t7\tEditorial\n",
        "钱几时退回来\t1-3天。\tEditorial\tteam:售后|level:1\t[]\tFalse\t[]\t7\tEditorial\n",
        "怎么退货\t点退货。\tEditorial\t\t[]\tFalse\t[]\t8\tEditorial\n",
    ));
    assert_eq!((understood.shape, understood.rows), (Shape::QnaMaker, 3));
    assert_eq!(content.entries().len(), 2);
    assert_eq!(similar(&content, 0), ["钱几时退回来"]);
    let entry = &content.entries()[0];
    assert_eq!(entry.id.as_str(), "7");
    assert_eq!(
        (entry.metadata["team"].as_str(), entry.metadata["level"].as_str()),
        ("售后", "1")
    );
    assert_eq!(entry.metadata["Source"].as_str(), "Editorial");
}

/// The first export of QnA Maker had no ids: there rows belong together whose answers are the same.
#[test]
fn qna_maker_without_ids_groups_by_answer() {
    let (content, _) = read(
        "Question\tAnswer\tSource\tMetadata\n退款多久到账？\t1-3天。\tEditorial\t\n钱几时退\t1-3天。\tEditorial\t\n怎么退货\t点退货。\tEditorial\t\n",
    );
    assert_eq!(content.entries().len(), 2);
    assert_eq!(similar(&content, 0), ["钱几时退"]);
}

#[test]
fn rows_with_a_repeated_id_are_one_entry() {
    let table = "知识编号,问题,答案,分类\n8812,退款多久到账？,1-3天。,售后\n9,怎么退货,点退货。,\n8812,钱几时退回来,,售后\n8812,退的钱呢,1-3天。,\n";
    let (content, understood) = read(table);
    assert_eq!((understood.shape, understood.rows), (Shape::RowPerPhrasing, 4));
    assert_eq!(similar(&content, 0), ["钱几时退回来", "退的钱呢"]);
    assert_eq!(content.entries()[1].id.as_str(), "9");
}

/// Each row has the standard question again, or none, and one phrasing beside it.
#[test]
fn rows_with_a_repeated_question_are_one_entry() {
    let table = "编号,标准问题,相似问法,答案\n1,退款多久到账？,钱几时退回来,1-3天。\n1,退款多久到账？,退的钱呢,1-3天。\n\
                 1,,退款要等几天,\n2,怎么退货,,点退货。\n";
    let (content, understood) = read(table);
    assert_eq!((understood.shape, understood.rows), (Shape::RowPerPhrasing, 4));
    assert_eq!(similar(&content, 0), ["钱几时退回来", "退的钱呢", "退款要等几天"]);
    assert_eq!(content.entries().len(), 2);
    // The same row twice has nothing to add.
    let twice = "编号,标准问题,答案\n1,怎么退货,点退货。\n1,怎么退货,点退货。\n";
    let builder = ContentBuilder::new().recognise_exports(true);
    assert!(
        builder
            .add_csv("导出.csv", CsvTable::Entries, twice.as_bytes())
            .build()
            .is_err()
    );
}

#[test]
fn rows_of_an_entry_that_disagree_are_mistakes() {
    let table = "编号,问题,答案\n1,退款多久到账？,1-3天。\n1,钱几时退回来,5天。\n";
    let builder =
        ContentBuilder::new()
            .recognise_exports(true)
            .add_csv("导出.csv", CsvTable::Entries, table.as_bytes());
    let error = builder.build().unwrap_err();
    assert_eq!(
        error.mistakes()[0].to_string(),
        "导出.csv, line 3, column 3, field `答案`: the rows of this entry do not say the same here; make them the same, or give the entries ids of their own"
    );
}

/// Two entries under one id are one mistake, however many fields they differ in.
#[test]
fn another_entry_under_a_known_id_is_one_mistake() {
    let table = "编号,问题,答案,分类\n1,退款多久到账？,1-3天。,退款\n1,怎么换货,点换货。,换货\n2,怎么退货,点退货。,\n";
    let builder = ContentBuilder::new().recognise_exports(true);
    let error = builder
        .add_csv("导出.csv", CsvTable::Entries, table.as_bytes())
        .build()
        .unwrap_err();
    let told: Vec<String> = error.mistakes().iter().map(|mistake| mistake.in_chinese()).collect();
    assert_eq!(
        told,
        ["导出.csv，第 3 行，第 1 列，“编号”：另一行也用这个编号，写的却是别的；请给它们各自的编号，或者写成一样"]
    );
}

#[test]
fn unless_asked_for_a_repeated_id_stays_a_mistake() {
    let table = "编号,问题,答案\n1,退款多久到账？,1-3天。\n1,钱几时退回来,\n";
    let builder = ContentBuilder::new().add_csv("表.csv", CsvTable::Entries, table.as_bytes());
    assert!(builder.build().is_err());
}

#[test]
fn phrasings_may_be_separated_by_what_most_cells_use() {
    let (content, understood) =
        read("标准问,扩展问,答案\n退款多久到账？,钱几时退|退的钱呢,1天\n怎么退货,想退|买错了,点\n怎么换货,想换,点\n");
    assert_eq!(understood.separator, Some('|'));
    assert_eq!(similar(&content, 0), ["钱几时退", "退的钱呢"]);
    let (content, understood) = read("标准问,扩展问,答案\n退款多久到账？,\"钱几时退\n退|钱呢\",1天\n");
    assert_eq!(understood.separator, None);
    assert_eq!(similar(&content, 0), ["钱几时退", "退|钱呢"]);
}
