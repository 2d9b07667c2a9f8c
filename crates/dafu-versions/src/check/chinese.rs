//! What findings say, in Chinese.

use super::{Finding, FindingCode};

impl Finding {
    /// Returns what is wrong: [`message`](Self::message) as a sentence in Chinese, with the text that it is about.
    pub fn in_chinese(&self) -> String {
        let text = self.text.as_deref().unwrap_or_default();
        let other = self.other.as_ref().map(|key| key.id.as_str()).unwrap_or_default();
        // Days and instants stand in the message only.
        let after = |words: &str| {
            let found = self.message.split_once(words).map_or("", |(_, rest)| rest);
            let found = found.trim_end_matches(" only").trim_end_matches(" on");
            // The time of China is the editors' own.
            found.trim_end_matches(":00+08:00").replace('T', " ")
        };
        match self.code {
            FindingCode::DanglingReference => format!("引用了不存在的 {other}"),
            FindingCode::SlotInAnswer => format!("答案里有变量 {text}，只有话术会填"),
            FindingCode::PhrasingFindsOther => format!("“{text}” 问出来是 {other}"),
            FindingCode::PhrasingFindsNothing => {
                let why = match after("no answer: ").as_str() {
                    "it asks for a person" => "是在找人工",
                    "the entry excludes it, too" => "这一条又把它排除了",
                    _ => "没有足够接近的",
                };
                format!("“{text}” 问不出答案：{why}")
            }
            FindingCode::NearDuplicate => match self.message.split_once("phrasing: ") {
                Some((_, phrasing)) => format!("“{text}” 和 {other} 的“{phrasing}”几乎一样"),
                None => format!("“{text}” 和 {other} 的问法几乎一样"),
            },
            FindingCode::SameAnswer => format!("答案和 {other} 的几乎一样"),
            FindingCode::Shadowed if other.is_empty() => "每个问法问出来都是别的问答".to_owned(),
            FindingCode::Shadowed => format!("每个问法问出来都是 {other}"),
            FindingCode::Expired => format!("{} 就过期了", after("until ")),
            FindingCode::NotYetValid => format!("{} 才生效", after("from ")),
            FindingCode::Expiring => format!("{} 就到期", after("until ")),
            FindingCode::ReviewOverdue => format!("应该在 {} 以前复审", after("by ")),
            FindingCode::WordWithoutEffect => "没有问法或答案里有这个词".to_owned(),
            FindingCode::SynonymsWithoutEffect => "没有问法里有它引到的词".to_owned(),
            FindingCode::TestFails => {
                let entry = |text: &str| match text.trim().strip_prefix("the entry ") {
                    Some(id) => id.trim_matches('`').to_owned(),
                    None => "没有回答".to_owned(),
                };
                match after("gets ").split_once(" instead of ") {
                    Some((got, expected)) => format!("“{text}” 得到的是 {}，应该是 {}", entry(got), entry(expected)),
                    None => format!("“{text}” 没有通过"),
                }
            }
            FindingCode::InvalidContent => format!("内容不成立：{}", self.message),
        }
    }
}
