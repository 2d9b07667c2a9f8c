//! What a sheet is for, by its name.

use crate::import::CsvTable;

/// What a sheet holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sheet {
    Table(CsvTable),
    /// Explanations for people.
    Words,
    /// The headings say it.
    Unknown,
}

/// Returns what a sheet of this name holds.
pub(super) fn by_name(name: &str) -> Sheet {
    let name = name.trim().to_lowercase();
    let table = NAMES.iter().find(|(_, names)| names.contains(&name.as_str()));
    match table {
        Some((sheet, _)) => *sheet,
        None => Sheet::Unknown,
    }
}

const NAMES: &[(Sheet, &[&str])] = &[
    (
        Sheet::Table(CsvTable::Entries),
        &["问答", "知识", "知识库", "标准问题", "entries", "faq", "questions"],
    ),
    (
        Sheet::Table(CsvTable::StandardAnswers),
        &["标准答案", "standard answers", "standard_answers"],
    ),
    (
        Sheet::Table(CsvTable::Templates),
        &["话术", "回复模板", "templates", "reply templates"],
    ),
    (Sheet::Table(CsvTable::Synonyms), &["同义词", "synonyms"]),
    (Sheet::Table(CsvTable::Dictionary), &["词典", "dictionary"]),
    (
        Sheet::Table(CsvTable::TestQuestions),
        &["测试问题", "test questions", "test_questions"],
    ),
    (Sheet::Table(CsvTable::Settings), &["设置", "settings"]),
    (
        Sheet::Words,
        &["说明", "使用说明", "guide", "readme", "错误", "mistakes"],
    ),
];
