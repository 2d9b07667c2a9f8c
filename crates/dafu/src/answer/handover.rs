use std::collections::HashSet;

use crate::analysis::{Normalized, squeeze};
use crate::model::Settings;

/// Whether a question asks for a person and for nothing else: 转人工, 我要找真人客服.
///
/// What is left of the question without polite and filling words must be one of the words for it, so that
/// 人工客服几点上班 stays a question.
pub(crate) fn asks_for_a_person(squeezed: &[char], own: &HashSet<String>) -> bool {
    if squeezed.len() > LONGEST {
        return false;
    }
    let mut text: String = squeezed.iter().collect();
    if own.contains(&text) {
        return true;
    }
    // Most questions have none of these words, not even in parts.
    if !PERSONS
        .iter()
        .any(|person| person.chars().all(|c| squeezed.contains(&c)))
    {
        return false;
    }
    // Longer words come first, so that 转接一下 does not leave 接一下.
    for filler in FILLERS {
        text = text.replace(filler, "");
    }
    PERSONS.contains(&text.as_str())
}

/// The editor's own phrases, as questions are compared with them.
pub(crate) fn own_phrases(settings: &Settings) -> HashSet<String> {
    settings
        .handover
        .iter()
        .map(|phrase| squeeze(&Normalized::new(phrase.as_str())).into_iter().collect())
        .collect()
}

const LONGEST: usize = 24;

const FILLERS: &[&str] = &[
    "不要机器人",
    "别用机器人",
    "不想跟机器人",
    "机器人",
    "跟我说话",
    "和我说话",
    "跟我聊",
    "能不能",
    "可不可以",
    "可以",
    "麻烦",
    "赶紧",
    "赶快",
    "马上",
    "立刻",
    "谢谢",
    "请问",
    "你好",
    "您好",
    "在吗",
    "转接",
    "联系",
    "人工一下",
    "一下",
    "给我",
    "帮我",
    "我要",
    "我想",
    "想要",
    "需要",
    "直接",
    "说话",
    "聊聊",
    "怎么",
    "如何",
    "哪里",
    "有没有",
    "行吗",
    "好吗",
    "帮忙",
    "个",
    "请",
    "快",
    "想",
    "要",
    "能",
    "转",
    "接",
    "找",
    "叫",
    "换",
    "来",
    "去",
    "到",
    "和",
    "跟",
    "我",
    "你们",
    "你",
    "们",
    "的",
    "吗",
    "吧",
    "呀",
    "啊",
    "呢",
    "了",
    "嘛",
    "哦",
    "亲",
    "有",
    "用",
    "是",
    "给",
    "连",
];

const PERSONS: &[&str] = &[
    "人工",
    "真人",
    "活人",
    "大活人",
    "人工客服",
    "真人客服",
    "人工服务",
    "人工坐席",
    "坐席",
    "真人服务",
    "在线人工",
    "人工在线",
    "专人",
    "客服人工",
    "客服人员",
    "人工人工",
    "转人工",
    "人工座席",
    "客服",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(question: &str) -> bool {
        asks_for_a_person(&squeeze(&Normalized::new(question)), &HashSet::new())
    }

    #[test]
    fn requests_for_a_person_are_heard() {
        for request in [
            "转人工",
            "轉人工客服",
            "我要找真人",
            "不要机器人，转人工！",
            "麻烦帮我转接一下人工客服谢谢",
            "有没有活人啊",
            "人工人工",
        ] {
            assert!(asks(request), "{request}");
        }
    }

    #[test]
    fn questions_about_persons_stay_questions() {
        for question in [
            "人工客服几点上班",
            "客服电话多少",
            "真人评价在哪看",
            "人工智能",
            "我要退款",
            "",
            "我要",
            "人工费多少",
        ] {
            assert!(!asks(question), "{question}");
        }
    }
}
