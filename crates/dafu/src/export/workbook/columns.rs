//! The columns that a workbook is written with: their headings, what is said about them, and what they hold.

use super::WorkbookLanguage;

/// A column for a field.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub heading: String,
    pub help: &'static str,
    /// In characters.
    pub width: f64,
    pub holds: Holds,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Short text, which no spreadsheet program may take for a number or a date.
    Name,
    /// Long text, or several lines.
    Lines,
    /// A whole number, or one from 0 to 1.
    Priority,
    Fraction,
    Count,
    Day,
    Instant,
    /// One of these, or, where there may be several, a list that does not stand here.
    YesNo,
    Audience,
    Use,
}

/// What is known of a field.
pub(super) struct Field {
    /// The heading in English.
    name: &'static str,
    chinese: &'static str,
    help: [&'static str; 2],
    width: f64,
    holds: Holds,
}

impl Field {
    pub fn column(&self, language: WorkbookLanguage) -> Column {
        Column {
            heading: language.pick(self.chinese, self.name).to_owned(),
            help: language.pick(self.help[0], self.help[1]),
            width: self.width,
            holds: self.holds,
        }
    }

    /// Returns the column that continues the list of the one before it.
    pub fn numbered(&self, number: usize, language: WorkbookLanguage) -> Column {
        let mut column = self.column(language);
        if number > 1 {
            column.heading.push_str(&number.to_string());
        }
        column
    }
}

macro_rules! fields {
    ($($constant:ident: $name:literal, $chinese:literal, $width:literal, $holds:ident, $zh:literal, $en:literal;)*) => {
        $(pub(super) const $constant: Field = Field {
            name: $name,
            chinese: $chinese,
            help: [$zh, $en],
            width: $width,
            holds: Holds::$holds,
        };)*
    };
}

fields! {
    ID: "id", "编号", 16.0, Name,
        "不变的名字，例如 refund-time。不能有空格和逗号。新问答可以留空，会自动编号。",
        "A name that stays, such as refund-time, without blanks and commas. New entries may leave it empty.";
    QUESTION: "question", "标准问题", 32.0, Lines,
        "必填。顾客会问的那句话。",
        "Required. The question as a customer asks it.";
    SIMILAR: "similar", "相似问法", 40.0, Lines,
        "同一个问题的其他问法，一行一个（单元格内换行：Alt+Enter）。",
        "Other phrasings of the question, one a line (Alt+Enter breaks a line in a cell).";
    EXCLUDED: "excluded", "排除问法", 24.0, Lines,
        "很像、但不能用这一条来回答的问法，一行一个。",
        "Phrasings that look alike and must not be answered by this entry, one a line.";
    ANSWER: "answer", "答案", 56.0, Lines,
        "回答的正文。某个渠道的专用答案写在 答案[channels=app] 这样的列里。",
        "What is answered. An answer for one channel stands in a column such as answer[channels=app].";
    STANDARD_ANSWER: "standard_answer", "标准答案", 18.0, Name,
        "引用“标准答案”表里的编号，代替自己的正文。",
        "The id of a standard answer, instead of a text of its own.";
    CATEGORY: "category", "分类", 16.0, Name,
        "用斜杠分层，例如 售后/退款。",
        "A path with slashes, such as 售后/退款.";
    TAGS: "tags", "标签", 16.0, Name,
        "用逗号隔开。",
        "Separated by commas.";
    CHANNELS: "channels", "渠道", 12.0, Name,
        "只在这些渠道回答，用逗号隔开；空着表示所有渠道。",
        "Answered in these channels only, separated by commas; empty for all.";
    AUDIENCES: "audiences", "对象", 10.0, Audience,
        "顾客 或 客服；空着表示都可以。",
        "customer or agent; empty for both.";
    PRIORITY: "priority", "优先级", 8.0, Priority,
        "-10 到 10 的整数，平时为 0。",
        "A whole number from -10 to 10, usually 0.";
    VALID_FROM: "valid_from", "生效时间", 19.0, Instant,
        "从什么时候开始回答（北京时间）；空着表示一直有效。",
        "Answered from then on (China time); empty for always.";
    VALID_UNTIL: "valid_until", "失效时间", 19.0, Instant,
        "到什么时候为止（北京时间，不含这一刻）。",
        "Answered until then (China time), that instant excluded.";
    ENABLED: "enabled", "启用", 6.0, YesNo,
        "是 或 否；空着表示是。",
        "yes or no; empty for yes.";
    RELATED: "related", "相关", 18.0, Name,
        "顾客接着常问的条目的编号，用逗号隔开。",
        "Ids of entries that customers often need next, separated by commas.";
    FOLLOW_UPS: "follow_ups", "追问", 24.0, Lines,
        "随答案一起给出的下一步问题，一行一个。",
        "Next questions to offer with the answer, one a line.";
    REVIEW_BY: "review_by", "复审日期", 12.0, Day,
        "在这一天之前要有人再读一遍。",
        "The day by which someone should read it again.";
    OWNER: "owner", "负责人", 12.0, Name,
        "谁负责这一条。",
        "Who looks after it.";
    THRESHOLD: "threshold", "阈值", 8.0, Fraction,
        "把握达到多少才直接回答，0 到 1；空着用整个知识库的设置。",
        "How sure an answer has to be, from 0 to 1; empty for that of the whole knowledge base.";
    TITLE: "title", "标题", 28.0, Lines,
        "必填。这段标准答案讲什么。",
        "Required. What the text is about.";
    TEXT: "text", "正文", 64.0, Lines,
        "必填。多个问答共用的正文。",
        "Required. The text that several entries share.";
    SCENARIO: "scenario", "场景", 12.0, Name,
        "必填。greeting 问候、confirm 确认、solve 解决、appease 安抚、close 结束，或自己起的名字。",
        "Required. greeting, confirm, solve, appease, close, or a word of your own.";
    MOOD: "mood", "情绪", 12.0, Name,
        "顾客的情绪：anxious 着急、angry 生气、disappointed 失望，或自己起的名字。",
        "The customer's mood: anxious, angry, disappointed, or a word of your own.";
    WORDING: "text", "话术", 56.0, Lines,
        "必填。变量写成 {{订单号}}。几种说法写在 话术、话术2 …… 各列里，会轮换使用。",
        "Required. A slot is written {{order_no}}. Several wordings stand in text, text2 ... and take turns.";
    SLOTS: "slots", "变量", 40.0, Lines,
        "一行一个：订单号: order, required 或 称呼: text, default=您, example=王女士",
        "One a line: order_no: order, required  or  customer: text, default=您, example=王女士";
    WORDS: "words", "词语", 40.0, Lines,
        "意思相同、可以互换的词，用逗号隔开，或一行一个。",
        "Words that mean the same, separated by commas or one a line.";
    FROM: "from", "原词", 24.0, Lines,
        "单向：顾客说这个词……（与“词语”二选一）",
        "One way: when the customer says this ... (instead of words)";
    TO: "to", "替换为", 24.0, Lines,
        "……也按这个词去找，反过来不行。",
        "... this is looked for, too, and not the other way round.";
    WEIGHT: "weight", "权重", 8.0, Fraction,
        "大于 0，最大 1；空着为 1。",
        "Over 0, at most 1; empty for 1.";
    WORD: "word", "词", 24.0, Name,
        "必填。",
        "Required.";
    USE: "kind", "用途", 10.0, Use,
        "词：不要拆开；停用词：不说明问的是什么；转人工：顾客这样说就是要找人。",
        "word: not to be cut apart; stop_word: says nothing about what is asked; handover: asks for a person.";
    FREQUENCY: "frequency", "词频", 8.0, Count,
        "可以空着。",
        "May be empty.";
    PART_OF_SPEECH: "tag", "词性", 8.0, Name,
        "可以空着。",
        "May be empty.";
    TEST_QUESTION: "question", "测试问题", 48.0, Lines,
        "必填。顾客真实问过的话，用来检验改动。",
        "Required. What a customer really asked, to try changes with.";
    EXPECTED: "expected", "期望编号", 24.0, Name,
        "必填。应当回答的条目的编号（几个都可以时用逗号隔开）；- 表示不应当有回答。",
        "Required. The id of the entry that must answer (several by commas, if any will do); - for no answer.";
    SETTING: "name", "设置项", 16.0, Name,
        "阈值",
        "threshold";
    VALUE: "value", "值", 12.0, Name,
        "阈值：把握达到多少才直接回答，0 到 1。",
        "threshold: how sure an answer has to be, from 0 to 1.";
}
