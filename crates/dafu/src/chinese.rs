//! How the crates of dafu say in Chinese what they say in English: a sentence is found in a table by its words, and what
//! stands in its places `{}` goes to the places of the Chinese one. No part of the interface that is kept.

use std::borrow::Cow;
use std::io;

use crate::error::ErrorKind;

/// Sentences in English, each with the Chinese one.
pub type Table = [(&'static str, &'static str)];

/// What the errors of a crate say.
pub struct Phrases {
    /// What was being done when it went wrong: stands before a colon.
    pub actions: &'static Table,
    /// What went wrong.
    pub messages: &'static [&'static Table],
    /// What to do about it: stands behind a semicolon.
    pub remedies: &'static [&'static Table],
}

impl Phrases {
    /// Returns what an error of a kind says. A sentence that is in no table stays, behind what its kind says to do.
    pub fn told(&self, kind: ErrorKind, text: &str) -> String {
        for (colon, _) in text.match_indices(": ") {
            if let Some(action) = translated(&text[..colon], self.actions) {
                return format!("{action}：{}", self.told(kind, &text[colon + 2..]));
            }
        }
        // Several sentences of one kind have bars between them.
        let found = |text: &str, tables: &[&Table]| -> Option<String> {
            let parts = text.split(" | ");
            let parts = parts.map(|part| tables.iter().find_map(|table| translated(part, table)));
            parts.collect::<Option<Vec<_>>>().map(|parts| parts.join(" | "))
        };
        let whole = || found(text, self.messages).or_else(|| translated(text, self.actions));
        let parts = || {
            let (message, remedy) = text.rsplit_once("; ")?;
            let (message, remedy) = (found(message, self.messages)?, found(remedy, self.remedies)?);
            Some(format!("{message}；{remedy}"))
        };
        parts()
            .or_else(whole)
            .unwrap_or_else(|| format!("{}：{text}", remedy_of(kind)))
    }
}

/// Finds the sentence of which a text is an instance, and gives it in Chinese; none for a text that is in no table.
pub fn translated(text: &str, table: &Table) -> Option<String> {
    let (chinese, values) = table
        .iter()
        .find_map(|(english, chinese)| Some((*chinese, captured(text, english)?)))?;
    let mut values = values.into_iter();
    let mut out = String::new();
    for (number, piece) in chinese.split("{}").enumerate() {
        let value = if number > 0 { values.next() } else { None };
        out.push_str(&value.map(value_in_chinese).unwrap_or_default());
        out.push_str(piece);
    }
    Some(out)
}

/// Returns why the system refused.
pub fn refusal(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件或文件夹".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "这里只能读，不能写".to_owned(),
        io::ErrorKind::StorageFull => "磁盘满了".to_owned(),
        io::ErrorKind::IsADirectory => "这是文件夹，不是文件".to_owned(),
        io::ErrorKind::NotADirectory => "这是文件，不是文件夹".to_owned(),
        _ => error.to_string(),
    }
}

fn remedy_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidInput => "请照下面说的改",
        ErrorKind::NotFound => "没有找到，请看看名字对不对",
        ErrorKind::Conflict => "在此期间有了别的改动，请先看一看",
        ErrorKind::Busy => "正在被使用，请稍后再试",
        ErrorKind::Format => "格式或版本不同，请用这个版本重新生成",
        ErrorKind::Corrupt => "文件损坏了，请从备份恢复，或者重新生成",
        ErrorKind::Io => "系统没有让它做，请检查磁盘空间和权限",
        ErrorKind::Internal => "这是程序的缺陷，请连同下面的话一起报告",
    }
}

/// What stands in the places `{}` of a pattern, if the text is one of it.
fn captured<'t>(text: &'t str, pattern: &str) -> Option<Vec<&'t str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else {
        return rest.is_empty().then(Vec::new);
    };
    let mut values = Vec::with_capacity(pieces.len());
    for piece in middle {
        let (value, after) = rest.split_once(piece)?;
        values.push(value);
        rest = after;
    }
    values.push(rest.strip_suffix(last)?);
    Some(values)
}

/// A value is a number, a text in backquotes, a noun of ours, or such a noun with a text behind it.
fn value_in_chinese(value: &str) -> Cow<'_, str> {
    let noun = |value: &str| NOUNS.iter().find(|(english, _)| *english == value);
    if let Some((_, chinese)) = noun(value) {
        return Cow::Borrowed(chinese);
    }
    if let Some((first, text)) = value.split_once(" `")
        && let (Some((_, chinese)), Some(text)) = (noun(first), text.strip_suffix('`'))
    {
        return format!("{chinese}“{text}”").into();
    }
    match value.strip_prefix('`').and_then(|value| value.strip_suffix('`')) {
        Some(quoted) => format!("“{}”", quoted.replace("`, `", "”、“").replace("` and `", "”和“")).into(),
        None => value.into(),
    }
}

/// What stands in the places of the patterns and is ours.
const NOUNS: &[(&str, &str)] = &[
    ("entry", "问答"),
    ("entries", "问答"),
    ("phrasing", "问法"),
    ("phrasings", "问法"),
    ("standard answer", "标准答案"),
    ("standard answers", "标准答案"),
    ("template", "话术"),
    ("templates", "话术"),
    ("synonym groups", "同义词组"),
    ("dictionary and stop words", "词"),
    ("handover phrases", "转人工的说法"),
    ("id", "编号"),
    ("text", "文字"),
    ("word", "词"),
    ("tag", "标签"),
    ("channel", "渠道"),
    ("owner", "负责人"),
    ("category", "分类"),
    ("category level", "分类的一级"),
    ("locale", "语言代码"),
    ("metadata key", "附加信息的名称"),
    ("metadata value", "附加信息"),
    ("slot name", "变量名"),
    ("default", "默认值"),
    ("example", "示例"),
    ("order", "订单号"),
    ("money", "金额"),
    ("date", "日期"),
    ("phone", "电话"),
    ("number", "数字"),
    ("null", "空值"),
    ("a truth value", "是非"),
    ("a number", "数字"),
    ("a text", "文字"),
    ("a list", "列表"),
    ("an object", "对象"),
    ("a line break", "换行"),
    ("a space", "空格"),
    ("stop word", "停用词"),
    ("handover", "转人工的说法"),
    ("synonyms", "同义词"),
    ("settings", "设置"),
    ("lines of settings", "设置"),
    ("columns", "列"),
    ("rows", "行"),
    ("version", "版本"),
    ("generation", "发布"),
    ("author", "作者"),
    ("label", "标记"),
    ("name of the draft", "草稿的名称"),
    ("name of the editor", "编辑的名字"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASES: Phrases = Phrases {
        actions: &[("reading `{}`", "读取 {}")],
        messages: &[&[("there is no {}", "没有{}")]],
        remedies: &[&[("add it", "请补上")]],
    };

    #[test]
    fn actions_messages_and_remedies_are_told_each_by_its_table() {
        let told = |text| PHRASES.told(ErrorKind::NotFound, text);
        assert_eq!(told("there is no entry `a`; add it"), "没有问答“a”；请补上");
        assert_eq!(told("reading `a: b`: there is no `c`"), "读取 a: b：没有“c”");
        assert_eq!(told("reading `a`"), "读取 a");
        assert_eq!(
            told("reading `a`: something new"),
            "读取 a：没有找到，请看看名字对不对：something new"
        );
    }
}
