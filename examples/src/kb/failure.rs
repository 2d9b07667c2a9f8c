use std::io;

use dafu::Mistake;
use serde_json::{Value, json};

use crate::Language;

pub type Result<T> = std::result::Result<T, Failure>;

/// Why a command stopped.
pub enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// Content is wrong.
    Content(dafu::Error),
    /// The store or a publication refuses.
    Store(dafu_versions::Error),
    /// The system refuses: what was being done, and why it failed.
    Io(String, io::Error),
    /// Something that the tool says itself, in the person's language.
    Said(String),
    /// The person was asked and did not agree, or could not be asked.
    Declined,
}

impl From<dafu::Error> for Failure {
    fn from(error: dafu::Error) -> Self {
        Self::Content(error)
    }
}

impl From<dafu_versions::Error> for Failure {
    fn from(error: dafu_versions::Error) -> Self {
        Self::Store(error)
    }
}

impl From<dafu::InvalidValue> for Failure {
    fn from(invalid: dafu::InvalidValue) -> Self {
        Self::Content(invalid.into())
    }
}

impl Failure {
    /// Returns the code to exit with.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => super::USAGE,
            Self::Declined => super::REFUSED,
            _ => super::FAILED,
        }
    }

    /// Returns the sentences for a person, one a line.
    pub fn lines(&self, language: Language) -> Vec<String> {
        match self {
            Self::Usage(text) | Self::Said(text) => vec![text.clone()],
            Self::Io(action, error) => vec![match language {
                Language::Chinese => io_in_chinese(action, error),
                Language::English => format!("{action}: {error}"),
            }],
            Self::Declined => vec![language.pick(
                "没有改动任何东西；在脚本里请加 --yes".to_owned(),
                "nothing was changed; in a script, add --yes".to_owned(),
            )],
            Self::Content(error) if !error.mistakes().is_empty() => {
                listed(error.mistakes(), error.mistake_count(), language)
            }
            Self::Content(error) => vec![language.pick(error.in_chinese(), error.to_string())],
            Self::Store(error) if !error.mistakes().is_empty() => {
                listed(error.mistakes(), error.mistakes().len(), language)
            }
            Self::Store(error) => vec![language.pick(error.in_chinese(), error.to_string())],
        }
    }

    /// Returns it for programs.
    pub fn json(&self) -> Value {
        let kind = match self {
            Self::Usage(_) => "usage".to_owned(),
            Self::Said(_) => "refused".to_owned(),
            Self::Declined => "declined".to_owned(),
            Self::Io(..) => "Io".to_owned(),
            Self::Content(error) => format!("{:?}", error.kind()),
            Self::Store(error) => format!("{:?}", error.kind()),
        };
        let mistakes: Vec<Value> = match self {
            Self::Content(error) => error.mistakes().iter().map(mistake_json).collect(),
            Self::Store(error) => error.mistakes().iter().map(mistake_json).collect(),
            _ => Vec::new(),
        };
        json!({"error": {"kind": kind, "message": self.lines(Language::English).join("\n"), "mistakes": mistakes}})
    }
}

/// Returns a mistake for programs.
pub fn mistake_json(mistake: &Mistake) -> Value {
    json!({
        "severity": format!("{:?}", mistake.severity).to_lowercase(),
        "file": mistake.file,
        "sheet": mistake.sheet,
        "row": mistake.line,
        "column": mistake.column,
        "field": mistake.field,
        "message": mistake.message,
        "remedy": mistake.remedy,
    })
}

fn io_in_chinese(action: &str, error: &io::Error) -> String {
    let (verb, what) = action.split_once(' ').unwrap_or((action, ""));
    let verb = match verb {
        "reading" => "读取",
        "writing" => "写入",
        "creating" => "新建",
        "editing" => "编辑",
        "starting" => "启动",
        verb => verb,
    };
    let what = match what {
        "the output" => "输出".to_owned(),
        "the answer" => "回答".to_owned(),
        what => what.trim_start_matches("the editor ").replace('`', ""),
    };
    format!("{verb} {what}：{}", dafu::chinese::refusal(error))
}

/// Returns a mistake for a person.
pub fn mistake_line(mistake: &Mistake, language: Language) -> String {
    match language {
        Language::Chinese => mistake.in_chinese(),
        Language::English => mistake.to_string(),
    }
}

fn listed(mistakes: &[Mistake], total: usize, language: Language) -> Vec<String> {
    let noun = if total == 1 { "mistake" } else { "mistakes" };
    let mut lines = vec![language.pick(
        format!("有 {total} 处错误，什么都没有导入："),
        format!("{total} {noun}, nothing was imported:"),
    )];
    lines.extend(
        mistakes
            .iter()
            .take(SHOWN)
            .map(|mistake| format!("  {}", mistake_line(mistake, language))),
    );
    if total > SHOWN {
        let more = total - SHOWN;
        lines.push(language.pick(
            format!("  还有 {more} 处（--json 列出全部）"),
            format!("  and {more} more (--json lists them)"),
        ));
    }
    lines
}

const SHOWN: usize = 50;
