//! An entry as readable text: a heading a line, and below it what stands there, indented.
//!
//! ```text
//! 编号: refund-time
//! 标准问题: 退款多久到账？
//! 相似问法:
//!   钱几时退回来
//!   退的钱呢
//! 答案:
//!   1-3个工作日到账。
//! ```
//!
//! Headings and values are those of the table that an import reads, and they are read by the import, so every mistake
//! has its field.

use std::collections::BTreeSet;

use dafu::{Answer, AnswerBody, ContentBuilder, CsvTable, Entry, Mistake};

use serde_json::json;

use super::failure::{Failure, Result};
use super::names;
use crate::Language;

/// Returns the text of an entry.
pub fn write(entry: &Entry, language: Language) -> Result<String> {
    let mut text = Text::new(language);
    text.field("id", entry.id.as_str());
    text.field("question", entry.question.as_str());
    text.lines("similar", entry.similar.iter().map(|phrasing| phrasing.as_str()));
    text.lines("excluded", entry.excluded.iter().map(|phrasing| phrasing.as_str()));
    for answer in &entry.answers {
        text.answer(answer);
    }
    if entry.answers.is_empty() {
        text.field("answer", "");
    }
    text.field(
        "category",
        entry.category.as_ref().map_or("", |category| category.as_str()),
    );
    text.field("tags", &joined(&entry.tags));
    text.field("channels", &joined(&entry.channels));
    text.field("audiences", &joined(&entry.audiences));
    text.field("priority", &entry.priority.value().to_string());
    text.field(
        "valid_from",
        &entry.valid.from().map(|from| from.to_string()).unwrap_or_default(),
    );
    text.field(
        "valid_until",
        &entry.valid.until().map(|until| until.to_string()).unwrap_or_default(),
    );
    text.field(
        "enabled",
        if entry.enabled {
            language.pick("是", "yes")
        } else {
            language.pick("否", "no")
        },
    );
    text.field("related", &joined(&entry.related));
    text.lines("follow_ups", entry.follow_ups.iter().map(|phrasing| phrasing.as_str()));
    text.field(
        "review_by",
        &entry.review_by.map(|day| day.to_string()).unwrap_or_default(),
    );
    text.field("owner", entry.owner.as_ref().map_or("", |owner| owner.as_str()));
    text.field(
        "threshold",
        &entry
            .threshold
            .map(|threshold| threshold.value().to_string())
            .unwrap_or_default(),
    );
    for (key, value) in &entry.metadata {
        text.block(&format!("metadata={key}"), value.as_str());
    }
    Ok(text.text)
}

/// Returns the text for a new entry.
pub fn blank(language: Language) -> String {
    let mut text = Text::new(language);
    for field in ["id", "question", "similar", "answer", "category"] {
        text.field(field, "");
    }
    text.text
}

/// Reads the entry that a text describes.
pub fn read(text: &str, language: Language) -> Result<Entry> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let cells = cells(text, language)?;
    let written = table
        .write_record(cells.iter().map(|(heading, _)| heading))
        .and_then(|()| table.write_record(cells.iter().map(|(_, value)| guarded(value))));
    written.map_err(|error| Failure::Said(error.to_string()))?;
    let bytes = table.into_inner().map_err(|error| Failure::Said(error.to_string()))?;
    let builder = ContentBuilder::new().add_csv("", CsvTable::Entries, &bytes);
    let error = match builder.add_jsonl("", stand_ins(&cells).as_bytes()).build() {
        Ok(content) => {
            return content
                .entries()
                .first()
                .cloned()
                .ok_or_else(|| Failure::Said(language.pick("里面没有问答", "the text has no entry").to_owned()));
        }
        Err(error) => error,
    };
    Err(Failure::Said(
        error
            .mistakes()
            .iter()
            .map(|mistake| told(mistake, language))
            .collect::<Vec<_>>()
            .join("\n"),
    ))
}

/// Says what is wrong with a field; lines and columns are those of a table that nobody sees.
fn told(mistake: &Mistake, language: Language) -> String {
    let field = mistake.field.as_deref().unwrap_or_default();
    match language {
        Language::Chinese => {
            let (message, remedy) = (mistake.message_in_chinese(), mistake.remedy_in_chinese());
            format!("“{field}”：{message}；{remedy}")
        }
        Language::English => format!("{field}: {}; {}", mistake.message, mistake.remedy),
    }
}

/// Returns an item for each that the entry refers to: the text has none of them, the draft does, and says so if not.
fn stand_ins(cells: &[(String, String)]) -> String {
    let own = cells
        .iter()
        .find(|(heading, _)| matches!(heading.as_str(), "id" | "编号"));
    let mut lines = BTreeSet::new();
    for (heading, value) in cells {
        let name = heading.split('[').next().unwrap_or_default();
        let ids = value
            .split([',', '，', '、', '\n'])
            .map(str::trim)
            .filter(|id| !id.is_empty());
        for id in ids {
            match name {
                "related" | "相关" if own.is_none_or(|(_, own)| own != id) => {
                    lines.insert(json!({"id": id, "question": "x", "answer": "x"}).to_string());
                }
                "standard_answer" | "标准答案" => {
                    lines.insert(json!({"kind": "standard_answer", "id": id, "title": "x", "text": "x"}).to_string());
                }
                _ => {}
            }
        }
    }
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// Returns the headings and what stands below them.
fn cells(text: &str, language: Language) -> Result<Vec<(String, String)>> {
    let mut cells: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with([' ', '\t']) || line.trim().is_empty() {
            if let Some((_, value)) = cells.last_mut() {
                let line = line
                    .strip_prefix("  ")
                    .or_else(|| line.strip_prefix('\t'))
                    .unwrap_or(line);
                if !value.is_empty() {
                    value.push('\n');
                }
                value.push_str(line);
            }
            continue;
        }
        let Some((heading, value)) = split(line) else {
            return Err(Failure::Said(language.pick(
                format!("“{line}”：每行写成“标题: 内容”，或者以两个空格开头"),
                format!("`{line}`: a line is `heading: value`, or begins with two blanks"),
            )));
        };
        cells.push((
            heading.trim().replace("metadata=", "metadata:"),
            value.trim().to_owned(),
        ));
    }
    for (_, value) in &mut cells {
        let kept = value.trim_end().len();
        value.truncate(kept);
    }
    Ok(cells)
}

/// Splits a line at the colon behind its heading, which may have colons in brackets.
fn split(line: &str) -> Option<(&str, &str)> {
    let from = line.find(']').unwrap_or(0);
    let (index, colon) = line[from..].char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    Some((&line[..from + index], &line[from + index + colon.len_utf8()..]))
}

/// Keeps the import from taking off a `'` that belongs to the text.
fn guarded(value: &str) -> String {
    let is_formula = value
        .trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

fn joined<T: std::fmt::Display>(values: &[T]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

struct Text {
    text: String,
    language: Language,
}

impl Text {
    fn new(language: Language) -> Self {
        let text = language.pick(
            "# 以 # 开头的行不算。多行内容写在标题下面，每行前空两格。保存并关闭就放进草稿；不改就关闭则什么也不做。\n",
            "# Lines that begin with # do not count. Several lines stand below their heading, indented by two blanks.\n# Save and close to put it into the draft; close it unchanged to leave all as it is.\n",
        );
        Self {
            text: text.to_owned(),
            language,
        }
    }

    fn field(&mut self, field: &str, value: &str) {
        let heading = heading(field, self.language).to_owned();
        self.block(&heading, value);
    }

    fn lines<'v>(&mut self, field: &str, values: impl Iterator<Item = &'v str>) {
        let lines: Vec<&str> = values.collect();
        let heading = heading(field, self.language);
        self.text.push_str(&format!("{heading}:\n"));
        for line in lines {
            self.text.push_str(&format!("  {line}\n"));
        }
    }

    fn answer(&mut self, answer: &Answer) {
        let (field, value) = match &answer.body {
            AnswerBody::Text(text) => ("answer", text.as_str()),
            AnswerBody::Standard(id) => ("standard_answer", id.as_str()),
            _ => return,
        };
        let mut conditions = Vec::new();
        for (name, values) in [
            ("channels", joined(&answer.when.channels)),
            ("audiences", joined(&answer.when.audiences)),
            ("locales", joined(&answer.when.locales)),
        ] {
            if !values.is_empty() {
                conditions.push(format!("{name}={values}"));
            }
        }
        let mut heading = heading(field, self.language).to_owned();
        if !conditions.is_empty() {
            heading.push_str(&format!("[{}]", conditions.join(";")));
        }
        self.block(&heading, value);
    }

    fn block(&mut self, heading: &str, value: &str) {
        if value.contains('\n') {
            self.text.push_str(&format!("{heading}:\n"));
            for line in value.lines() {
                self.text.push_str(&format!("  {line}\n"));
            }
        } else {
            self.text.push_str(&format!("{heading}: {value}\n"));
        }
    }
}

/// Returns the heading of a column, as an import reads it.
fn heading(field: &str, language: Language) -> &str {
    let chinese = match field {
        "id" => "编号",
        "answer" => "答案",
        "standard_answer" => "标准答案",
        "valid_from" => "生效时间",
        "valid_until" => "失效时间",
        other => names::field(other, language),
    };
    language.pick(chinese, field)
}
