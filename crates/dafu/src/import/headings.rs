//! What the headings of a spreadsheet mean.

use std::collections::HashSet;

use super::builder::CsvTable;
use super::fields::Fields;
use super::items::conditions;
use super::raw::{Raw, RawObject};
use super::report::{Path, Report};
use crate::model::{InvalidValue, MetadataKey};
use crate::quote::quote;

/// What the cells of a column are.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// The value of a field, or one of several if the field is a list.
    Field(&'static str),
    /// An answer under these conditions; `field` is `text` or `standard_answer`.
    Answer {
        field: &'static str,
        when: RawObject<'static>,
    },
    /// The beginning (`from`) or end (`until`) of the validity.
    Valid(&'static str),
    /// Facts of the metadata as `name:value|name:value`.
    Pairs,
    /// A fact of the metadata with this name.
    Metadata(String),
    /// A heading that nothing is known about.
    Unknown(String),
    /// No heading.
    Nameless,
    /// A heading that cannot be used, which was said once and is not said again for every row.
    Refused,
}

/// Returns the columns of a table, and reports the headings that cannot be used.
pub(super) fn columns(table: CsvTable, headings: &[String], report: &mut Report<'_>) -> Vec<Column> {
    let mut seen = HashSet::new();
    let mut columns = Vec::with_capacity(headings.len());
    for (number, heading) in (1..).zip(headings) {
        let column = column(table, heading, number, report);
        let name = match &column {
            Column::Field(name) if !is_list(name) => Some((*name).to_owned()),
            Column::Valid(end) => Some(format!("valid_{end}")),
            Column::Metadata(key) => Some(format!("metadata:{key}")),
            Column::Unknown(name) => Some(format!("unknown:{name}")),
            _ => None,
        };
        if let Some(name) = name
            && !seen.insert(name)
        {
            let invalid = InvalidValue::new(
                format!("the heading {} stands twice", quote(heading)),
                "delete one column",
            );
            report.wrong(&Path::Item, Some(number), &invalid);
            columns.push(Column::Refused);
        } else {
            columns.push(column);
        }
    }
    columns
}

/// Returns the table whose headings these are.
pub(super) fn recognise(headings: &[String]) -> Option<CsvTable> {
    let fits = |table, needed: &[&str]| {
        needed
            .iter()
            .all(|field| headings.iter().any(|h| known(table, h) == Some(*field)))
    };
    // Templates before standard answers: both have a `text`, and only a template has a `scenario`. Test questions before
    // entries: both have a `question`.
    [
        (CsvTable::TestQuestions, &["question", "expected"][..]),
        (CsvTable::Entries, &["question"]),
        (CsvTable::Templates, &["scenario", "texts"]),
        (CsvTable::StandardAnswers, &["title", "text"]),
        (CsvTable::Synonyms, &["words"]),
        (CsvTable::Synonyms, &["from", "to"]),
        (CsvTable::Dictionary, &["word"]),
        (CsvTable::Settings, &["name", "value"]),
    ]
    .into_iter()
    .find_map(|(table, needed)| fits(table, needed).then_some(table))
}

/// Returns how many of the headings have a meaning in any table: what tells the right delimiter from the others.
pub(super) fn count_known(headings: &[String]) -> usize {
    headings
        .iter()
        .filter(|heading| CsvTable::ALL.iter().any(|&table| known(table, heading).is_some()))
        .count()
}

/// Returns how many of the headings have a meaning in this table.
pub(super) fn count_known_in(table: CsvTable, headings: &[String]) -> usize {
    headings
        .iter()
        .filter(|heading| known(table, heading).is_some())
        .count()
}

/// Returns the fields that every row of this table needs and none of the headings names.
pub(super) fn absent(table: CsvTable, headings: &[String]) -> Vec<&'static str> {
    let is_there = |field: &str| headings.iter().any(|heading| known(table, heading) == Some(field));
    let needed: &[&str] = match table {
        CsvTable::Entries => &["question"],
        CsvTable::StandardAnswers => &["id", "title", "text"],
        CsvTable::Templates => &["id", "scenario", "texts"],
        CsvTable::Synonyms if is_there("from") || is_there("to") => &["from", "to"],
        CsvTable::Synonyms => &["words"],
        CsvTable::Dictionary => &["word"],
        CsvTable::TestQuestions => &["question", "expected"],
        CsvTable::Settings => &["name", "value"],
    };
    needed.iter().copied().filter(|field| !is_there(field)).collect()
}

/// Returns the headings for a message: the first ones, if there are many.
pub(super) fn quoted(headings: &[String]) -> String {
    let mut named = headings.iter().filter(|heading| !heading.is_empty());
    let mut shown: Vec<String> = named.by_ref().take(MAX_QUOTED).map(|heading| quote(heading)).collect();
    if named.next().is_some() {
        shown.push("`…`".to_owned());
    }
    shown.join(", ")
}

/// Says whether these are the headings of a QnA Maker export.
pub(super) fn are_qna_maker(headings: &[String]) -> bool {
    let has = |name: &str| headings.iter().any(|heading| heading.trim().eq_ignore_ascii_case(name));
    has("question") && has("answer") && (has("qnaid") || (has("source") && has("metadata")))
}

/// Gives the columns of a QnA Maker export the meaning they have there.
pub(super) fn adapt_to_qna_maker(columns: &mut [Column]) {
    for column in columns {
        match column {
            Column::Unknown(name) if name.eq_ignore_ascii_case("qnaid") => *column = Column::Field("id"),
            Column::Unknown(name) if name.eq_ignore_ascii_case("metadata") => *column = Column::Pairs,
            // Who exported it and how it is shown there says nothing here.
            Column::Unknown(name) if QNA_MAKER_ONLY.iter().any(|only| name.eq_ignore_ascii_case(only)) => {
                *column = Column::Refused;
            }
            _ => {}
        }
    }
}

/// Says whether a field may have several columns, whose cells make one list. Answers may too, in their own way.
pub(super) fn is_list(field: &str) -> bool {
    holds_phrasings(field) || matches!(field, "texts" | "tags" | "channels" | "audiences" | "related" | "slots")
}

/// Says whether each value of a field is a phrasing.
pub(super) fn holds_phrasings(field: &str) -> bool {
    matches!(field, "similar" | "excluded" | "follow_ups")
}

impl Column {
    /// Returns the field that the column is about; nothing for what is kept as metadata.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Field(name) => Some(name),
            Self::Answer { field: "text", .. } => Some("answer"),
            Self::Answer { field, .. } => Some(field),
            Self::Valid("from") => Some("valid_from"),
            Self::Valid(_) => Some("valid_until"),
            Self::Pairs => Some("metadata"),
            Self::Metadata(_) | Self::Unknown(_) | Self::Nameless | Self::Refused => None,
        }
    }
}

fn column(table: CsvTable, heading: &str, number: u32, report: &mut Report<'_>) -> Column {
    let heading = heading.trim();
    if heading.is_empty() {
        return Column::Nameless;
    }
    if let Some((prefix, key)) = heading.split_once([':', '：'])
        && matches!(prefix.trim().to_lowercase().as_str(), "metadata" | "元数据")
    {
        return metadata(key, number, report, Column::Metadata);
    }
    match known(table, heading) {
        Some(field @ ("answer" | "standard_answer")) => {
            let field = if field == "answer" { "text" } else { field };
            Column::Answer {
                field,
                when: conditions_of(heading, number, report),
            }
        }
        Some("valid_from") => Column::Valid("from"),
        Some("valid_until") => Column::Valid("until"),
        Some(field) => Column::Field(field),
        None if table.keeps_metadata() => metadata(heading, number, report, Column::Unknown),
        None => {
            report.left_out(heading, number);
            Column::Refused
        }
    }
}

fn metadata(key: &str, number: u32, report: &mut Report<'_>, column: fn(String) -> Column) -> Column {
    match MetadataKey::try_from(key) {
        Ok(key) => column(key.into()),
        Err(invalid) => {
            report.wrong(&Path::Item, Some(number), &invalid);
            Column::Refused
        }
    }
}

/// Returns the Chinese heading of a field.
pub(super) fn in_chinese(table: CsvTable, field: &str) -> Option<&'static str> {
    let (_, others) = names(table).iter().find(|(name, _)| *name == field)?;
    others.iter().copied().find(|heading| !heading.is_ascii())
}

/// Returns the field that a heading names, whatever its case, its number and its conditions.
fn known(table: CsvTable, heading: &str) -> Option<&'static str> {
    let (name, has_conditions) = match heading.trim().split_once('[') {
        Some((name, _)) => (name.trim(), true),
        None => (heading.trim(), false),
    };
    let name = name.to_lowercase();
    let find = |name: &str| {
        names(table)
            .iter()
            .find(|(field, others)| *field == name || others.contains(&name))
    };
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    let numbered = || find(plain).filter(|(field, _)| is_repeatable(field));
    let (field, _) = find(&name).or_else(numbered)?;
    (!has_conditions || matches!(*field, "answer" | "standard_answer")).then_some(field)
}

fn names(table: CsvTable) -> Names {
    match table {
        CsvTable::Entries => ENTRY,
        CsvTable::StandardAnswers => STANDARD_ANSWER,
        CsvTable::Templates => TEMPLATE,
        CsvTable::Synonyms => SYNONYMS,
        CsvTable::Dictionary => DICTIONARY,
        CsvTable::TestQuestions => TEST_QUESTION,
        CsvTable::Settings => SETTING,
    }
}

fn is_repeatable(field: &str) -> bool {
    is_list(field) || matches!(field, "answer" | "standard_answer")
}

/// Reads the conditions in brackets after a heading: `answer[channels=app,web;audiences=agent]`.
fn conditions_of(heading: &str, number: u32, report: &mut Report<'_>) -> RawObject<'static> {
    let Some((_, written)) = heading.split_once('[') else {
        return Vec::new();
    };
    let pairs: Option<RawObject<'static>> = written.trim().strip_suffix(']').and_then(|written| {
        let pairs = written.split(';').filter(|pair| !pair.trim().is_empty());
        let pairs = pairs.map(|pair| {
            let (name, values) = pair.split_once('=')?;
            let cell = Raw::Cell {
                column: number,
                text: values.to_owned().into(),
            };
            Some((name.trim().to_lowercase().into(), cell))
        });
        pairs.collect()
    });
    let Some(pairs) = pairs else {
        let reason = format!("the conditions of the heading {} cannot be read", quote(heading));
        let invalid = InvalidValue::new(
            reason,
            "write them as `answer[channels=app,web;audiences=agent;locales=zh-Hant]`",
        );
        report.wrong(&Path::Item, Some(number), &invalid);
        return Vec::new();
    };
    // Read here once, so that a mistake is not reported again for every row.
    let errors_before = report.errors.total();
    let mut fields = Fields::new(Path::Item, pairs.clone());
    conditions(&mut fields, report);
    fields.finish(report);
    if report.errors.total() > errors_before {
        Vec::new()
    } else {
        pairs
    }
}

/// How many headings one sentence can bear.
const MAX_QUOTED: usize = 12;

type Names = &'static [(&'static str, &'static [&'static str])];

const ENTRY: Names = &[
    ("id", &["编号", "知识编号", "问题编号", "知识id", "问题id"]),
    (
        "question",
        &[
            "标准问题",
            "问题",
            "标准问",
            "标准问法",
            "主问题",
            "提问",
            "知识标题",
            "q",
        ],
    ),
    (
        "similar",
        &[
            "相似问法",
            "相似问",
            "相似问题",
            "相似说法",
            "扩展问",
            "扩展问法",
            "扩展问题",
            "similar questions",
            "alternative questions",
        ],
    ),
    ("excluded", &["排除问法", "排除问"]),
    ("answer", &["答案", "回答", "答复", "回复", "a"]),
    ("standard_answer", &["标准答案"]),
    ("category", &["分类", "类别", "类目", "知识分类"]),
    ("tags", &["标签"]),
    ("channels", &["渠道"]),
    ("audiences", &["对象"]),
    ("priority", &["优先级"]),
    ("valid_from", &["生效时间"]),
    ("valid_until", &["失效时间"]),
    ("enabled", &["启用"]),
    ("related", &["相关"]),
    ("follow_ups", &["追问"]),
    ("review_by", &["复审日期"]),
    ("owner", &["负责人"]),
    ("threshold", &["阈值"]),
];

const STANDARD_ANSWER: Names = &[
    ("id", &["编号"]),
    ("title", &["标题"]),
    ("text", &["正文"]),
    ("category", &["分类"]),
    ("tags", &["标签"]),
    ("owner", &["负责人"]),
    ("review_by", &["复审日期"]),
];

const SYNONYMS: Names = &[
    ("words", &["词语", "同义词"]),
    ("from", &["原词"]),
    ("to", &["替换为"]),
    ("weight", &["权重"]),
];

const DICTIONARY: Names = &[
    ("word", &["词", "词语"]),
    ("kind", &["用途"]),
    ("frequency", &["词频"]),
    ("tag", &["词性"]),
];

const TEST_QUESTION: Names = &[
    ("question", &["问题", "测试问题", "顾客问题"]),
    ("expected", &["期望", "期望编号", "应答编号"]),
];

const SETTING: Names = &[("name", &["设置项"]), ("value", &["值"])];

/// Columns of QnA Maker that mean something to QnA Maker only.
const QNA_MAKER_ONLY: &[&str] = &["SourceDisplayName", "IsContextOnly", "SuggestedQuestions", "Prompts"];

const TEMPLATE: Names = &[
    ("id", &["编号"]),
    ("scenario", &["场景"]),
    ("mood", &["情绪"]),
    ("texts", &["text", "话术"]),
    ("slots", &["变量"]),
    ("category", &["分类"]),
    ("tags", &["标签"]),
    ("channels", &["渠道"]),
];
