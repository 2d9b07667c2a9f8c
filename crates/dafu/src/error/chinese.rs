//! What errors say, in Chinese.

use super::{Error, MAX_SHOWN, Source};
use crate::chinese::{Phrases, Table, refusal};
use crate::mistake::{MESSAGES, REMEDIES};
use crate::model::{InvalidValue, RenderError};

impl Error {
    /// Returns what went wrong in Chinese; [`Display`](std::fmt::Display) gives it in English.
    ///
    /// ```
    /// use dafu::Content;
    ///
    /// let error = Content::open("没有这个文件.jsonl").unwrap_err();
    /// assert_eq!(error.in_chinese(), "读取 没有这个文件.jsonl：没有这个文件或文件夹");
    /// ```
    pub fn in_chinese(&self) -> String {
        let inner = &*self.inner;
        let message = PHRASES.told(inner.kind, &inner.message);
        let shown = inner.mistakes.kept().iter().take(MAX_SHOWN);
        let mistakes: Vec<String> = shown.map(|mistake| mistake.in_chinese()).collect();
        let more = match inner.mistakes.total().saturating_sub(MAX_SHOWN) {
            0 => String::new(),
            more => format!(" | 还有 {more} 处"),
        };
        match &inner.source {
            Some(source) => format!("{message}{}", cause(source)),
            None if mistakes.is_empty() => message,
            None => format!("{message}：{}{more}", mistakes.join(" | ")),
        }
    }
}

impl InvalidValue {
    /// Returns why the value cannot be made and what to do about it, in Chinese.
    ///
    /// ```
    /// use dafu::Category;
    ///
    /// let error = Category::try_from("售后//退货").unwrap_err();
    /// assert_eq!(error.in_chinese(), "分类 “售后//退货” 有一级是空的；请写成“售后/退货”，每个斜线前后都要有名称");
    /// ```
    pub fn in_chinese(&self) -> String {
        Error::from(self.clone()).in_chinese()
    }
}

fn cause(source: &Source) -> String {
    if let Some(error) = source.downcast_ref::<std::io::Error>() {
        return format!("：{}", refusal(error));
    }
    match source.downcast_ref::<RenderError>() {
        Some(error) => format!("：{}", error.in_chinese()),
        // What another library says is for whoever is asked for help.
        None => format!("（{source}）"),
    }
}

const PHRASES: Phrases = Phrases {
    actions: &[
        ("nothing was imported", "什么都没有导入"),
        ("reading `{}`", "读取 {}"),
        ("writing `{}`", "写入 {}"),
        ("creating `{}`", "新建 {}"),
        ("opening `{}`", "打开 {}"),
        ("finding `{}`", "查找 {}"),
        ("removing `{}`", "删除 {}"),
        ("moving away `{}`", "移开 {}"),
        ("putting in place `{}`", "放好 {}"),
        ("syncing `{}`", "写到磁盘 {}"),
        ("opening the index `{}`", "打开索引 {}"),
        ("mapping its files", "读取它的文件"),
        ("template `{}`", "话术 {}"),
        ("writing a workbook", "写工作簿"),
        ("reading the terms of the index", "读取索引里的词"),
        ("looking a question up", "查找问题"),
        ("looking an id up", "查找编号"),
        ("looking answers up", "查找答案"),
        ("looking a filter up", "查找条件"),
        ("looking up what was typed", "查找已经输入的字"),
        ("indexing", "生成索引"),
    ],
    messages: &[OF_ERRORS, MESSAGES],
    remedies: &[REMEDIES_OF_ERRORS, REMEDIES],
};

const OF_ERRORS: &Table = &[
    (
        "`{}` is not named .xlsx, .jsonl, .csv or .tsv",
        "{} 的文件名不以 .xlsx、.jsonl、.csv 或 .tsv 结尾",
    ),
    (
        "`{}` is not named .jsonl, .csv or .tsv",
        "{} 的文件名不以 .jsonl、.csv 或 .tsv 结尾",
    ),
    ("`{}` is larger than 1 GiB", "{} 超过 1 GiB"),
    ("`{}` is no folder", "{} 不是文件夹"),
    ("there is no {}", "没有{}"),
    (
        "the table would have {} columns, over the limit of {}",
        "这张表会有 {} 列，最多 {} 列",
    ),
    (
        "the sheet {} would have {} {}, over the limit of {}",
        "工作表{}会有 {} {}，最多 {}",
    ),
    (
        "a text in the sheet {} is longer than the {} characters of a cell: {}",
        "工作表{}里有一段文字超过一格能放的 {} 个字：{}",
    ),
    ("the text to search for is too long", "要找的文字太长"),
    ("`{}` is missing", "缺少文件 {}"),
    ("`{}` is cut off", "文件 {} 不完整"),
    ("`{}` is damaged", "文件 {} 损坏了"),
    ("`{}` has {} bytes instead of {}", "文件 {} 有 {} 字节，应该是 {}"),
    ("`{}` does not match its checksum", "文件 {} 和校验值不符"),
    ("`{}` does not match its own checksum", "文件 {} 和自己的校验值不符"),
    (
        "`{}` names a file outside of its folder",
        "文件 {} 里写了文件夹以外的文件",
    ),
    ("its files do not fit to each other", "它的几个文件对不上"),
    ("the list of records is cut off", "条目表不完整"),
    (
        "no `{}` in it, so this is no index of dafu",
        "里面没有 {}，不是 dafu 的索引",
    ),
    ("the index is not in three segments", "索引不是三段"),
    (
        "the index has format {}, this release reads format {}",
        "索引的格式是 {}，这个版本只读格式 {}",
    ),
    (
        "the index was made by {}, whose analysis of texts differs from this release's",
        "索引是 {} 生成的，那时分析文字的方法和这个版本不同",
    ),
    (
        "the index was built with the encoder {}, which is not at hand: open it with this encoder (for dafu's own: enable \
         the feature `vectors` of dafu), or build the index again from its content",
        "索引是用编码器{}生成的，现在没有：请用它来打开（dafu 自带的要启用 vectors），或者从内容重新生成索引",
    ),
    ("the weights of the ranking: {}", "排序的权重不对：{}"),
    ("standard answer {} is not in the index", "索引里没有标准答案{}"),
];

const REMEDIES_OF_ERRORS: &Table = &[
    ("build the index again from its content", "请从内容重新生成索引"),
    (
        "use a newer dafu, or build the index again from its content",
        "请用更新的 dafu，或者从内容重新生成索引",
    ),
    ("name the folder that `build_index` wrote", "请指定索引文件夹"),
    ("save it in one of these", "请另存为其中一种"),
    ("export JSON Lines instead", "请改为导出 .jsonl"),
    ("see the ids in the content", "请看内容里有哪些编号"),
    ("shorten it", "请缩短"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, KnowledgeBase, Phrasing};

    fn told(kind: ErrorKind, text: &str) -> String {
        Error::new(kind, text).in_chinese()
    }

    #[test]
    fn every_sentence_is_found_by_its_own_words() {
        for (english, chinese) in OF_ERRORS {
            assert_eq!(
                english.matches("{}").count(),
                chinese.matches("{}").count(),
                "{english}"
            );
            let (text, expected) = (english.replace("{}", "7"), chinese.replace("{}", "7"));
            assert_eq!(told(ErrorKind::Corrupt, &text), expected);
        }
        for (english, chinese) in REMEDIES_OF_ERRORS {
            let text = format!("`7` is damaged; {english}");
            assert_eq!(told(ErrorKind::Corrupt, &text), format!("文件 7 损坏了；{chinese}"));
        }
    }

    #[test]
    fn real_errors_are_told_in_chinese() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display();
        assert_eq!(
            KnowledgeBase::open(folder.path()).unwrap_err().in_chinese(),
            format!("打开索引 {path}：里面没有 manifest.json，不是 dafu 的索引；请指定索引文件夹")
        );
        let error = Error::from(Phrasing::try_from("？").unwrap_err());
        assert_eq!(
            error.in_chinese(),
            "问法“？”里没有字母、数字或汉字；请用文字写，或者不写"
        );
        let error = crate::Content::from_jsonl(b"{\n{\n{\n{").unwrap_err().in_chinese();
        assert!(
            error.starts_with("什么都没有导入：第 1 行，第 1 列：这一行不是 JSON"),
            "{error}"
        );
        assert!(error.ends_with(" | 还有 1 处"), "{error}");
    }
}
