//! What mistakes say, in Chinese.

use super::{Mistake, column_letters};
use crate::chinese::{Table, translated};

impl Mistake {
    /// Returns one line for an editor in Chinese; [`Display`](std::fmt::Display) gives it in English.
    ///
    /// ```
    /// use dafu::Content;
    ///
    /// let error = Content::from_jsonl("{\"question\":\"怎么退款？\",\"priority\":99}".as_bytes()).unwrap_err();
    /// assert_eq!(error.mistakes()[0].in_chinese(), "第 1 行，“priority”：99 不是优先级；请写 -10 到 10 的整数");
    /// ```
    pub fn in_chinese(&self) -> String {
        let column = match self.sheet {
            // As spreadsheet programs show it.
            Some(_) => self.column.map(|column| format!("{} 列", column_letters(column))),
            None => self.column.map(|column| format!("第 {column} 列")),
        };
        let place = [
            self.file.clone(),
            self.sheet.as_ref().map(|sheet| format!("工作表“{sheet}”")),
            self.line.map(|line| format!("第 {line} 行")),
            column,
            self.field.as_ref().map(|field| format!("“{field}”")),
        ];
        let place: Vec<String> = place.into_iter().flatten().collect();
        let colon = if place.is_empty() { "" } else { "：" };
        let (message, remedy) = (self.message_in_chinese(), self.remedy_in_chinese());
        format!("{}{colon}{message}；{remedy}", place.join("，"))
    }

    /// Returns [`message`](Self::message) in Chinese.
    pub fn message_in_chinese(&self) -> String {
        translated(&self.message, MESSAGES).unwrap_or_else(|| self.message.clone())
    }

    /// Returns [`remedy`](Self::remedy) in Chinese.
    pub fn remedy_in_chinese(&self) -> String {
        remedy_in_chinese(&self.remedy)
    }
}

/// Returns what to do, in Chinese.
pub(crate) fn remedy_in_chinese(remedy: &str) -> String {
    translated(remedy, REMEDIES).unwrap_or_else(|| remedy.to_owned())
}

/// What is wrong. Of two patterns that fit, the first counts.
pub(crate) const MESSAGES: &Table = &[
    ("it is missing", "没有填"),
    ("it is not said what is expected", "没有写应该答什么"),
    ("{} is not a priority", "{} 不是优先级"),
    ("{} is not a threshold", "{} 不是阈值"),
    ("{} is not a precision", "{} 不是准确率"),
    ("{} is not a weight", "{} 不是权重"),
    ("{} is not a frequency", "{} 不是词频"),
    ("{} is not a number", "{} 不是数字"),
    ("{} is not a date and time", "{} 不是日期和时间"),
    ("{} is not a date", "{} 不是日期"),
    ("{} is not a locale", "{} 不是语言代码"),
    ("{} is not an audience", "{} 不是对象"),
    ("{} is not a slot name", "{} 不能做变量名"),
    ("{} is not a slot", "{} 不是变量"),
    ("{} is not a kind of slot", "{} 不是变量的种类"),
    ("{} is not a fact with a name", "{} 不是“名称:值”"),
    ("{} is neither yes nor no", "{} 既不是“是”也不是“否”"),
    ("{} is no use of a word", "{} 不是词的用途"),
    ("{} does not belong here", "这里不能写{}"),
    ("{} stands after the tag", "词性后面多了 {}"),
    ("the {} is empty", "{}是空的"),
    ("the {} `{}` is {} characters long", "{}“{}”有 {} 个字"),
    ("the word {} contains white space", "词 {} 里有空格"),
    ("the {} `{}` contains {}", "{}“{}”里有{}"),
    (
        "the {} `{}` has no letter, digit or Chinese character",
        "{}“{}”里没有字母、数字或汉字",
    ),
    ("the category {} has an empty level", "分类 {} 有一级是空的"),
    ("the category {} has {} levels", "分类 {} 有 {} 级"),
    ("a synonym group needs at least two words", "一组同义词至少要两个词"),
    (
        "a one-way synonym group needs a word on each side",
        "单向同义词两边都要有词",
    ),
    (
        "the synonym group has both `words` and `from` or `to`",
        "这组同义词既有“词语”，又有“原词”或“替换为”",
    ),
    ("there is no day {}", "没有 {} 这一天"),
    (
        "the instant {} lies outside the years 0 to 9999",
        "时刻 {} 不在 0 到 9999 年之间",
    ),
    (
        "it would be valid from {} until {}, which is never",
        "从 {} 到 {} 有效，等于永远无效",
    ),
    (
        "the answer has neither `text` nor `standard_answer`",
        "答案既没有文字，也没有引用标准答案",
    ),
    (
        "the answer has both `text` and `standard_answer`",
        "答案既有文字，又引用了标准答案",
    ),
    (
        "the slot {} is not required and has no default",
        "变量 {} 不是必填，又没有默认值",
    ),
    (
        "the slot {} is required and has a default",
        "变量 {} 是必填，又有默认值",
    ),
    ("the slot {} is declared twice", "变量 {} 声明了两次"),
    (
        "the {} {} of the slot {} does not fit its kind {}",
        "{} {} 不合变量 {} 的种类 {}",
    ),
    ("the wording {} has {} slots", "话术 {} 有 {} 个变量"),
    ("the wording {} does not use {}", "话术 {} 没有用到 {}"),
    (
        "the wording {} uses {} without declaring it",
        "话术 {} 用了没有声明的 {}",
    ),
    ("`}}` at character {} closes nothing", "第 {} 个字的 }} 前面没有 {{"),
    ("`{{` at character {} is never closed", "第 {} 个字的 {{ 没有关上"),
    ("{} is not a slot name at character {}", "{} 不能做变量名，在第 {} 个字"),
    ("the slot name is empty at character {}", "第 {} 个字的变量没有名称"),
    ("the template has no wording", "话术没有内容"),
    ("the template has {} wordings", "话术有 {} 种说法"),
    ("the template has {} slots", "话术有 {} 个变量"),
    ("the heading {} stands twice", "列名 {} 出现了两次"),
    (
        "the conditions of the heading {} cannot be read",
        "列名 {} 里的条件读不懂",
    ),
    ("the threshold is set twice", "阈值写了两次"),
    ("the value has no name", "这个值没有名称"),
    (
        "the rows of this entry do not say the same here",
        "这条问答的几行在这里写得不一样",
    ),
    (
        "another row with this id says something else",
        "另一行也用这个编号，写的却是别的",
    ),
    ("nothing is known about this field here", "这里没有这个字段"),
    (
        "nothing is known about this field, so it is kept as metadata",
        "不认识这个字段，按附加信息保留",
    ),
    (
        "nothing is known about this column, and there is no place to keep it, so it is left out",
        "不认识这一列，也没有地方放，没有读",
    ),
    ("it stands in the metadata twice", "附加信息里写了两次"),
    ("there is no setting {}", "没有设置 {}"),
    ("there is no kind {}", "没有 {} 这一种"),
    ("there is no {} with the id {}", "没有这样的{}：编号 {}"),
    ("there is no entry {} here", "这里没有问答 {}"),
    ("there are no headings", "没有列名"),
    ("there are {} columns", "有 {} 列"),
    ("there are {} items", "有 {} 项"),
    ("there are {} {}", "有 {} 个{}"),
    ("the {} `{}` has {} items there", "{}“{}”这里有 {} 项"),
    ("the id {} belongs to another {} already", "编号 {} 已经是另一条{}的"),
    ("{} stands under the entries {} and {}", "{} 同时在问答 {} 和 {} 里"),
    ("{} is there twice and was dropped once", "{} 写了两次，去掉了一次"),
    ("the entry {} has no answer", "问答 {} 没有答案"),
    (
        "{} entries have no answer, the first is {}",
        "{} 条问答没有答案，第一条是 {}",
    ),
    ("the line is not UTF-8", "这一行不是 UTF-8 编码"),
    (
        "an escape such as `\\ud800` is half a character",
        "像 `\\ud800` 这样的转义只有半个字",
    ),
    ("the line has a duplicate key {}", "这一行里 {} 写了两次"),
    ("the line cannot be read as JSON ({})", "这一行不是 JSON（{}）"),
    ("the file is larger than 1 GiB", "文件超过 1 GiB"),
    (
        "the file is neither UTF-8 nor GB18030",
        "文件既不是 UTF-8 也不是 GB18030 编码",
    ),
    (
        "the row has {} cells, and the headings have {}",
        "这一行有 {} 格，列名有 {} 个",
    ),
    ("a quotation mark in this row is never closed", "这一行的引号没有关上"),
    ("the headings {} are those of no table", "从列名 {} 看不出这是什么表"),
    ("none of the headings {} stands for it", "没有这一列，有的列名是 {}"),
    (
        "the headings are those of no table, so the sheet is not read",
        "从列名看不出这是什么表，没有读",
    ),
    (
        "the cell is merged over {} rows, and only the first of them has what it says",
        "这个单元格合并了 {} 行，只有第一行有内容",
    ),
    ("no sheet of the workbook holds anything", "工作簿里什么都没有"),
    ("row {} has cells beyond column {}", "第 {} 行在第 {} 列以外还有内容"),
    ("row {} has more than {} cells", "第 {} 行超过 {} 格"),
    (
        "the cells of the sheet hold more than 1 GiB of text",
        "这张表的文字超过 1 GiB",
    ),
    ("the cell shows the error {}", "格子里是错误 {}"),
    ("the cell holds more than {} characters", "格子里超过 {} 个字"),
    ("the cell has no heading", "这一格没有列名"),
    ("the workbook is larger than 256 MiB", "工作簿超过 256 MiB"),
    (
        "it is a workbook of the old kind (.xls), or protected by a password",
        "这是老格式（.xls）的工作簿，或者有密码",
    ),
    ("the workbook unpacks to more than 1 GiB", "工作簿解开后超过 1 GiB"),
    (
        "the workbook has far more texts, formats or merged cells than a spreadsheet program writes",
        "工作簿里的文字、格式或合并单元格多得不正常",
    ),
    ("the workbook cannot be read ({})", "工作簿读不出来（{}）"),
];

/// What to do about it.
pub(crate) const REMEDIES: &Table = &[
    ("fill it in", "请填上"),
    (
        "write the id of the entry that answers, or - for no answer",
        "请写应答问答的编号；不该回答就写 -",
    ),
    ("write a whole number from -10 to 10", "请写 -10 到 10 的整数"),
    ("write a number from 0 to 1, such as 0.7", "请写 0 到 1 的数，例如 0.7"),
    (
        "write a number from 0.5 to 0.99, such as 0.9",
        "请写 0.5 到 0.99 的数，例如 0.9",
    ),
    ("write a number over 0 and at most 1", "请写大于 0、不超过 1 的数"),
    (
        "write a whole number from 0 to {}, or leave it out",
        "请写 0 到 {} 的整数，或者不写",
    ),
    ("write a whole number", "请写整数"),
    ("write a number", "请写数字"),
    ("write true or false", "请写 true 或 false"),
    ("write 是 or 否", "请写“是”或“否”"),
    ("write `customer` (顾客) or `agent` (客服)", "请写“顾客”或“客服”"),
    ("write something, or leave it out", "请写点什么，或者不写"),
    ("write it in words, or leave it out", "请用文字写，或者不写"),
    ("shorten it to at most {}", "请缩短到 {} 个字以内"),
    ("shorten it, or spread it over several columns", "请缩短，或者分到几列"),
    ("remove that character", "请去掉这个字符"),
    ("write it as one word", "请写成一个词"),
    ("unmerge it, and write it into each row", "请取消合并，把内容写到每一行"),
    ("add a word, or delete the group", "请再加一个词，或者删掉这一组"),
    (
        "fill in `from` and `to`, or delete the group",
        "请把“原词”和“替换为”都填上，或者删掉这一组",
    ),
    (
        "give `words` for a two-way group, or `from` and `to` for a one-way group",
        "双向的写“词语”，单向的写“原词”和“替换为”",
    ),
    ("correct the month or the day", "请改正月或日"),
    ("write it as `2026-11-05`", "请写成 2026-11-05"),
    (
        "write it as `2026-11-01T00:00:00+08:00`, or `2026-11-01 00:00` for China time",
        "请写成 2026-11-01 00:00（北京时间），或者 2026-11-01T00:00:00+08:00",
    ),
    ("give it in seconds", "请用秒"),
    ("let it end after it begins", "失效时间要在生效时间之后"),
    (
        "give one of the two, or leave the answer out",
        "请写其中一个，或者不要这个答案",
    ),
    (
        "give one of the two, or make two answers of it",
        "请只写其中一个，或者分成两个答案",
    ),
    (
        "write a word, its frequency and its tag, and nothing more",
        "只写词、词频、词性",
    ),
    (
        "write letters, digits and `-` only, such as `zh-Hant`",
        "只能用字母、数字和 -，例如 zh-Hant",
    ),
    (
        "write letters, digits and `_` only, such as `order_no`",
        "只能用字母、数字和 _，例如 order_no",
    ),
    (
        "write it as `售后/退货`, with a name before and after each slash",
        "请写成“售后/退货”，每个斜线前后都要有名称",
    ),
    ("use at most {}", "最多 {} 级"),
    ("give it a default, or make it required", "请给一个默认值，或者改成必填"),
    (
        "delete the default, or make it not required",
        "请去掉默认值，或者不要必填",
    ),
    ("write at most {} in one wording", "一种说法里最多 {} 个"),
    (
        "write every declared slot in every wording, or do not declare it",
        "每种说法都要用到声明的变量，用不到就不要声明",
    ),
    (
        "write `{{` and a slot's name before it, or `}}}}` for the braces",
        "前面要有 {{ 和变量名；只想写大括号就写 }}}}",
    ),
    (
        "write `}}` after the slot's name, or `{{{{` for the braces themselves",
        "变量名后面要有 }}；只想写大括号就写 {{{{",
    ),
    ("declare it among the slots", "请在变量里声明它"),
    ("write at least one text", "至少写一种说法"),
    (
        "write text, number, money, date, phone or order",
        "请写 文本、数字、金额、日期、电话 或 订单号",
    ),
    (
        "write it as `order_no: order, required` or `customer: text, default=您, example=王女士`",
        "请写成“order_no：订单号，必填”或“customer：文本，默认=您，示例=王女士”",
    ),
    (
        "write a text of 1 to 2000 characters in one line",
        "请写一行 1 到 2000 个字的文字",
    ),
    ("write a number such as 3 or -1.5", "请写数字，例如 3 或 -1.5"),
    (
        "write an amount such as 29.90 or ¥29.90",
        "请写金额，例如 29.90 或 ¥29.90",
    ),
    (
        "write a date such as 2026-11-05 or 11月5日",
        "请写日期，例如 2026-11-05 或 11月5日",
    ),
    ("write a phone number such as 13800000000", "请写电话，例如 13800000000"),
    (
        "write an order number of 4 to 64 letters, digits, `-` and `_`",
        "请写 4 到 64 位的订单号，只用字母、数字、- 和 _",
    ),
    ("write it as a text in quotes", "请写成引号里的文字"),
    ("write the id as a text in quotes", "编号请写成引号里的文字"),
    ("write an object in braces", "请写成大括号里的对象"),
    ("write a list in square brackets", "请写成方括号里的列表"),
    (
        "write this heading over the column that holds it, or add the column",
        "请给写着它的那一列写上这个列名，或者补上这一列",
    ),
    ("delete one column", "请删掉一列"),
    ("delete columns", "请删掉几列"),
    ("delete one of the two lines", "请删掉其中一行"),
    ("delete one of the two", "请删掉其中一个"),
    (
        "give each its own id, or delete one of the two",
        "请给它们不同的编号，或者删掉其中一条",
    ),
    (
        "correct the id, or add what it names",
        "请改正编号，或者补上它说的那一条",
    ),
    ("correct the id, or add the entry", "请改正编号，或者补上这条问答"),
    (
        "make them the same, or give the entries ids of their own",
        "请写成一样，或者给它们各自的编号",
    ),
    (
        "give the entries ids of their own, or make the rows the same",
        "请给它们各自的编号，或者写成一样",
    ),
    ("correct its name, or delete it", "请改正名称，或者删掉"),
    (
        "correct its name, or put it under `metadata`",
        "请改正名称，或者放到 metadata 里",
    ),
    ("correct its heading, or delete it", "请改正列名，或者删掉这一列"),
    ("name its column, or empty it", "请写上列名，或者清空这一格"),
    ("keep at most {}", "最多留 {} 个"),
    ("split the content: at most {} are allowed", "请分成几份：最多 {} 个"),
    ("keep it where it belongs", "请只留在该在的那一条里"),
    ("add an answer, or disable the entry", "请补上答案，或者停用这一条"),
    ("save the file in the encoding UTF-8", "请用 UTF-8 编码保存"),
    (
        "save it again as CSV in the encoding UTF-8",
        "请用 UTF-8 编码另存为 CSV",
    ),
    (
        "write entry, standard_answer, template, synonyms, word, stop_word, handover, settings or test_question",
        "请写 entry、standard_answer、template、synonyms、word、stop_word、handover、settings 或 test_question",
    ),
    ("write the character itself", "请直接写这个字"),
    ("write one JSON object a line", "每行写一个 JSON 对象"),
    ("split it", "请分成几份"),
    ("write the name of each column into the first row", "请在第一行写上列名"),
    ("put quotation marks around texts with commas", "有逗号的文字请加引号"),
    ("close it, or write it twice", "请补上引号；引号本身要写两次"),
    (
        "entries need `question`, standard answers `title` and `text`, templates `scenario` and `text`",
        "问答要有“标准问题”，标准答案要有“标题”和“正文”，话术要有“场景”和“话术”",
    ),
    ("fill in a sheet `问答` (entries)", "请填工作表“问答”"),
    (
        "name the sheet 问答 (entries), 标准答案, 话术, 同义词, 词典 or 测试问题, or delete it",
        "请把工作表叫作 问答、标准答案、话术、同义词、词典 或 测试问题，或者删掉它",
    ),
    ("move them to the left, or delete them", "请往左移，或者删掉"),
    ("correct its formula, or write a text", "请改正公式，或者直接写文字"),
    ("write it as `name:value|name:value`", "请写成 名称:值|名称:值"),
    (
        "write 词 (word), 停用词 (stop_word) or 转人工 (handover)",
        "请写 词、停用词 或 转人工",
    ),
    (
        "write which setting it is, such as `threshold`",
        "请写是哪个设置，例如 阈值",
    ),
    (
        "write `threshold` (阈值), or delete the row",
        "请写“阈值”，或者删掉这一行",
    ),
    (
        "write them as `answer[channels=app,web;audiences=agent;locales=zh-Hant]`",
        "请写成 答案[channels=app,web;audiences=agent;locales=zh-Hant]",
    ),
    ("save it as .xlsx without a password", "请另存为没有密码的 .xlsx"),
    ("copy its cells into a new workbook", "请把内容复制到新的工作簿"),
    (
        "open it in a spreadsheet program and save it again as .xlsx",
        "请用表格软件打开，再另存为 .xlsx",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        for (english, chinese) in MESSAGES.iter().chain(REMEDIES) {
            let places = |text: &str| text.matches("{}").count();
            assert_eq!(places(english), places(chinese), "{english}");
            // Each is found by its own words, and not by a pattern before it.
            let (text, values) = (english.replace("{}", "7"), chinese.replace("{}", "7"));
            let table = if MESSAGES.iter().any(|(message, _)| message == english) {
                MESSAGES
            } else {
                REMEDIES
            };
            assert_eq!(translated(&text, table), Some(values), "{english}");
        }
    }

    #[test]
    fn what_is_in_no_table_stays() {
        for text in ["something new", "it is missing, too"] {
            assert_eq!(Mistake::error(text, text).in_chinese(), format!("{text}；{text}"));
        }
    }

    #[test]
    fn values_go_to_their_places() {
        let translated = |text: &str| translated(text, MESSAGES).unwrap();
        assert_eq!(
            translated("there is no entry with the id `x`"),
            "没有这样的问答：编号 “x”"
        );
        assert_eq!(
            translated("the phrasing `退` is 501 characters long"),
            "问法“退”有 501 个字"
        );
        assert_eq!(
            translated("`a` stands under the entries `b` and `c`"),
            "“a” 同时在问答 “b” 和 “c” 里"
        );
    }

    #[test]
    fn the_mistakes_of_a_real_file_are_all_told_in_chinese() {
        let lines = r#"{"question":"","priority":99,"tags":[1,""],"valid":{"from":"明天","until":"2026-13-01"}}
{"id":"a b","question":"怎么退","similar":["怎么退","怎么退"],"enabled":"也许","threshold":7}
{"id":"x","question":"怎么换","related":["y"],"answers":[{"text":"好","standard_answer":"z"}],"extra":1}
{"id":"x","question":"怎么退","answer":"好"}
{"kind":"template","id":"t","scenario":"greeting","text":"{{name","slots":[{"name":"9","kind":"order"}]}
{"kind":"synonyms","words":["退"]}
{"kind":"nothing"}
{"a":
{"question":"a","question":"b"}"#;
        let error = crate::Content::from_jsonl(lines.as_bytes()).unwrap_err();
        assert!(error.mistakes().len() > 10, "{error}");
        for mistake in error.mistakes() {
            assert_ne!(mistake.message_in_chinese(), mistake.message, "{mistake}");
            assert_ne!(mistake.remedy_in_chinese(), mistake.remedy, "{mistake}");
        }
    }
}
