//! What fields, kinds and times are called.

use dafu::{Decision, Limits, Reason, SlotKind};
use dafu_versions::ItemKind;

use crate::Language;

/// Returns what a field is called.
pub fn field(name: &str, language: Language) -> &str {
    let chinese = match name {
        "id" => "编号",
        "from" => "原词",
        "to" => "替换为",
        "question" => "标准问题",
        "similar" => "相似问法",
        "excluded" => "排除问法",
        "answers" => "答案",
        "category" => "分类",
        "tags" => "标签",
        "channels" => "渠道",
        "audiences" => "对象",
        "priority" => "优先级",
        "valid" => "有效期",
        "enabled" => "启用",
        "related" => "相关",
        "follow_ups" => "追问",
        "review_by" => "复审日期",
        "owner" => "负责人",
        "threshold" => "阈值",
        "metadata" => "元数据",
        "title" => "标题",
        "text" => "正文",
        "texts" => "话术",
        "scenario" => "场景",
        "mood" => "情绪",
        "slots" => "变量",
        "words" => "词语",
        "weight" => "权重",
        "word" => "词",
        "frequency" => "词频",
        "tag" => "词性",
        "phrase" => "说法",
        _ => name,
    };
    language.pick(chinese, name)
}

/// Returns the place of a field among the others, as an editor writes them.
pub fn rank(name: &str) -> usize {
    let order = [
        "id",
        "question",
        "title",
        "scenario",
        "mood",
        "similar",
        "excluded",
        "answers",
        "text",
        "texts",
        "slots",
        "category",
        "tags",
        "channels",
        "audiences",
        "priority",
        "valid",
        "enabled",
        "related",
        "follow_ups",
        "review_by",
        "owner",
        "threshold",
    ];
    order.iter().position(|field| *field == name).unwrap_or(order.len())
}

/// Returns why there is no answer.
pub fn reason(decision: &Decision, language: Language) -> String {
    let Decision::NoAnswer(reason) = decision else {
        return String::new();
    };
    let told = match reason {
        Reason::NothingClose => language.pick("没有相近的问答", "nothing is close"),
        Reason::HandoverRequested => language.pick("顾客要找人工", "a person was asked for"),
        Reason::OnlyOutOfDate => language.pick("只有过期的", "only what is out of its time"),
        Reason::OnlyFiltered => language.pick("只有被筛掉的", "only what is filtered out"),
        Reason::Excluded => language.pick("是被排除的问法", "an excluded phrasing"),
        Reason::EmptyQuestion => language.pick("问题里没有文字", "the question has no words"),
        Reason::QuestionTooLong => {
            let most = Limits::QUESTION_CHARS;
            return language.pick(
                format!("问题太长，最多 {most} 个字"),
                format!("the question is longer than {most} characters"),
            );
        }
        _ => language.pick("问题不能回答", "the question cannot be answered"),
    };
    told.to_owned()
}

/// Returns what a kind of item is called.
pub fn kind(kind: ItemKind, language: Language) -> &'static str {
    let chinese = match kind {
        ItemKind::Entry => "问答",
        ItemKind::StandardAnswer => "标准答案",
        ItemKind::Template => "话术",
        ItemKind::Synonyms => "同义词",
        ItemKind::Word => "词",
        ItemKind::StopWord => "停用词",
        ItemKind::Handover => "转人工",
        ItemKind::Settings => "设置",
        _ => "条目",
    };
    language.pick(chinese, kind.as_str())
}

/// Returns an instant in China time, to the minute.
pub fn time(unix_seconds: i64) -> String {
    let shifted = unix_seconds.saturating_add(8 * 3_600);
    let Ok(instant) = dafu::Timestamp::from_unix_seconds(shifted) else {
        return unix_seconds.to_string();
    };
    instant
        .to_string()
        .chars()
        .take(16)
        .collect::<String>()
        .replace('T', " ")
}

/// Returns what the audit trail says was done, which the store tells in English.
pub fn audited_in_chinese(what: &str) -> String {
    if let Some(rest) = what.strip_prefix("begin ") {
        return format!("开始{}", audited_in_chinese(rest));
    }
    match what {
        "commit" => "提交",
        "publish" => "发布",
        "roll back" => "退回",
        "prune" => "清理旧发布",
        "label" => "加标记",
        "remove label" => "去掉标记",
        "put test questions" => "写入测试问题",
        "remove test question" => "删除测试问题",
        "settle interrupted switch" => "收拾中断的发布",
        other => other,
    }
    .to_owned()
}

/// Returns an item, which the store tells as "entry `refund-time`".
pub fn item_in_chinese(key: &str) -> String {
    let known = key.split_once(" `").and_then(|(name, id)| {
        let found = ItemKind::from_name(&name.replace(' ', "_"))?;
        Some(format!(
            "{} {}",
            kind(found, Language::Chinese),
            id.trim_end_matches('`')
        ))
    });
    known.unwrap_or_else(|| key.to_owned())
}

/// Returns an operation of a draft, which the store tells in English.
pub fn operation_in_chinese(what: &str) -> String {
    let item = item_in_chinese;
    let several = |rest: &str| rest.strip_suffix(" items").map(|count| format!("{count} 条"));
    let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
    match verb {
        "put" => format!("写入 {}", several(rest).unwrap_or_else(|| item(rest))),
        "delete" => format!("删除 {}", several(rest).unwrap_or_else(|| item(rest))),
        "import" => format!("导入 {}", several(rest).unwrap_or_else(|| rest.to_owned())),
        "rename" => match rest.split_once(" to ") {
            Some((from, to)) => format!("改编号 {} → {}", item(from), item(to)),
            None => what.to_owned(),
        },
        _ => what.to_owned(),
    }
}

/// Returns a JSON value as an editor reads it: a text without quotation marks, a list with ` | ` between.
pub fn value(json: &str, language: Language) -> String {
    match serde_json::from_str::<serde_json::Value>(json) {
        Ok(value) => readable(&value, language),
        Err(_) => json.to_owned(),
    }
}

fn readable(value: &serde_json::Value, language: Language) -> String {
    use serde_json::Value;
    match value {
        Value::String(text) => text.replace('\n', " ⏎ "),
        Value::Bool(is) => match language {
            Language::Chinese => if *is { "是" } else { "否" }.to_owned(),
            Language::English => is.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| readable(item, language)).collect();
            items.join(" | ")
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(
                    |(name, value)| match (name.as_str(), value.as_str().map(SlotKind::try_from)) {
                        ("kind", Some(Ok(kind))) => {
                            format!(
                                "{}: {}",
                                part(name, language),
                                language.pick(kind.in_chinese(), kind.as_str())
                            )
                        }
                        _ => format!("{}: {}", part(name, language), readable(value, language)),
                    },
                )
                .collect();
            fields.join(", ")
        }
        other => other.to_string(),
    }
}

/// Returns what a part of a field is called: of an answer, a validity, a slot.
fn part(name: &str, language: Language) -> &str {
    let chinese = match name {
        "from" => "生效",
        "until" => "失效",
        "standard_answer" => "标准答案",
        "locales" => "语言",
        "name" => "名称",
        "count" => "个数",
        "questions" => "问题",
        "expected" => "应当是",
        "entry" => "问答",
        "version" => "版本",
        "changes" => "改动",
        "draft" => "草稿",
        "channel" => "渠道",
        "generation" => "发布",
        "switch" => "第几次切换",
        "folder" => "文件夹",
        "reason" => "理由",
        "kind" => "种类",
        "required" => "必填",
        "default" => "默认",
        "example" => "示例",
        _ => return field(name, language),
    };
    language.pick(chinese, name)
}
