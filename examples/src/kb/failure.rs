use std::fmt::Display;
use std::io;

use dafu::{ErrorKind, Mistake};
use serde_json::{Value, json};

use super::names;
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
            Self::Content(error) => vec![with_remedy(error.kind(), error, language)],
            Self::Store(error) if !error.mistakes().is_empty() => {
                listed(error.mistakes(), error.mistakes().len(), language)
            }
            Self::Store(error) => vec![with_remedy(error.kind(), error, language)],
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

/// The libraries say what happened in English, with all facts; what to do stands before it in the person's language.
fn with_remedy(kind: ErrorKind, error: &dyn Display, language: Language) -> String {
    if language == Language::English {
        return error.to_string();
    }
    if let Some(chinese) = common_in_chinese(&error.to_string()) {
        return chinese;
    }
    let remedy = match kind {
        ErrorKind::InvalidInput => "请照下面说的改",
        ErrorKind::NotFound => "没有找到，请看看名字对不对",
        ErrorKind::Conflict => "在此期间有了别的改动，请先看一看",
        ErrorKind::Busy => "正在被使用，请稍后再试",
        ErrorKind::Format => "格式或版本不同，请用这个版本重新生成",
        ErrorKind::Corrupt => "文件损坏了，请从备份恢复，或者重新生成",
        ErrorKind::Io => "系统没有让它做，请检查磁盘空间和权限",
        _ => "这是程序的缺陷，请连同下面的话一起报告",
    };
    format!("{remedy}：{error}")
}

/// Returns what goes wrong when a name or a number is mistyped, which need not be told in English.
fn common_in_chinese(error: &str) -> Option<String> {
    if let Some((number, newest)) = error
        .strip_prefix("there is no version ")
        .and_then(|rest| rest.split_once("; the newest is "))
    {
        return Some(format!("没有版本 {number}，最新的是版本 {newest}"));
    }
    if let Some(what) = error
        .strip_prefix("there is no ")
        .and_then(|rest| rest.strip_suffix("; see the items of the draft"))
    {
        return Some(format!("草稿里没有{}", names::item_in_chinese(what)));
    }
    error
        .ends_with("it is no bundle of dafu; name another file")
        .then(|| "这不是 kb bundle export 写的文件，请换一个".to_owned())
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
    let why = match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件或文件夹".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        io::ErrorKind::StorageFull => "磁盘满了".to_owned(),
        io::ErrorKind::IsADirectory => "这是文件夹，不是文件".to_owned(),
        _ => error.to_string(),
    };
    format!("{verb} {what}：{why}")
}

/// Returns a mistake for a person.
pub fn mistake_line(mistake: &Mistake, language: Language) -> String {
    match language {
        Language::Chinese => mistake.in_chinese(),
        Language::English => mistake.to_string(),
    }
}

fn listed(mistakes: &[Mistake], total: usize, language: Language) -> Vec<String> {
    let mut lines = vec![language.pick(
        format!("有 {total} 处错误，什么都没有导入："),
        format!("{total} mistakes, nothing was imported:"),
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
