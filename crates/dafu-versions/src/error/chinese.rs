//! What errors say, in Chinese.

use dafu::chinese::{Phrases, Table, refusal};

use super::{Error, Source};

impl Error {
    /// Returns what went wrong in Chinese; [`Display`](std::fmt::Display) gives it in English.
    ///
    /// ```
    /// use dafu_versions::Publication;
    ///
    /// let error = Publication::open("没有这个目录").unwrap_err();
    /// assert_eq!(error.in_chinese(), "“没有这个目录” 不是发布文件夹；请先发布");
    /// ```
    pub fn in_chinese(&self) -> String {
        let inner = &*self.inner;
        let cause = inner.source.as_ref().map(cause).unwrap_or_default();
        match inner.message.is_empty() {
            true => cause.trim_start_matches('：').to_owned(),
            false => format!("{}{cause}", PHRASES.told(inner.kind, &inner.message)),
        }
    }
}

fn cause(source: &Source) -> String {
    if let Some(error) = source.downcast_ref::<std::io::Error>() {
        return format!("：{}", refusal(error));
    }
    match source.downcast_ref::<dafu::Error>() {
        Some(error) => format!("：{}", error.in_chinese()),
        // What another library says is for whoever is asked for help.
        None => format!("（{source}）"),
    }
}

const PHRASES: Phrases = Phrases {
    actions: ACTIONS,
    messages: &[MESSAGES],
    remedies: &[REMEDIES],
};

const ACTIONS: &Table = &[
    ("creating the store `{}`", "新建库 {}"),
    ("opening the store `{}`", "打开库 {}"),
    ("the store `{}`", "库 {}"),
    ("opening the publication `{}`", "打开发布文件夹 {}"),
    ("the generation `{}`", "发布 {}"),
    ("the bundle `{}`", "打包文件 {}"),
    ("the new value for the {} does not fit", "{}的新值不合适"),
    ("reading `{}`", "读取 {}"),
    ("writing `{}`", "写入 {}"),
    ("creating `{}`", "新建 {}"),
    ("opening `{}`", "打开 {}"),
    ("locking `{}`", "锁定 {}"),
    ("moving `{}`", "移动 {}"),
    ("removing `{}`", "删除 {}"),
    ("syncing `{}`", "写到磁盘 {}"),
    ("packing `{}`", "打包 {}"),
    ("putting in place `{}`", "放好 {}"),
    ("writing the bundle", "写打包文件"),
    ("writing a bundle", "写打包文件"),
    ("unpacking", "解包"),
    ("starting threads", "启动线程"),
    ("`{}`", "{}"),
    ("reading the schema", "读取表的结构"),
    ("bringing the schema up to date", "更新表的结构"),
    ("opening", "打开"),
    ("reading", "读取"),
    ("writing", "写入"),
    ("beginning", "开始"),
    ("committing", "写完"),
];

/// What went wrong. Of two patterns that fit, the first counts.
const MESSAGES: &Table = &[
    // The store.
    ("there is no store {}", "没有库{}"),
    ("{} is a store already", "{} 已经是一个库"),
    ("{} is no store yet", "{} 还不是库"),
    ("{} is a database of another program", "{} 是别的程序的数据库"),
    (
        "{} has version {} of the schema, this release knows up to {}",
        "{} 的结构是版本 {}，这个版本只认识到 {}",
    ),
    ("another process is writing", "别的程序正在写"),
    ("the file is damaged or no store", "文件损坏了，或者不是库"),
    ("a value cannot be read", "有一个值读不出来"),
    ("the disk is full", "磁盘满了"),
    ("the file or its folder may not be written", "文件或文件夹不能写"),
    (
        "check the path and the permissions of its folder",
        "请检查路径和文件夹的权限",
    ),
    ("check the disk", "请检查磁盘"),
    ("please report it", "请报告这个问题"),
    ("a row refers to one that is not there", "有一行引用了不存在的行"),
    (
        "a revision of the {} does not match its hash",
        "{}的一个版本和校验值不符",
    ),
    // Drafts and versions.
    ("there is no version {} to look at", "没有版本 {} 可以看"),
    (
        "there is no version {}; the newest is {}",
        "没有版本 {}，最新的是版本 {}",
    ),
    ("there is no version to publish", "还没有版本可以发布"),
    ("there was no version at that time yet", "那时还没有版本"),
    ("version 0 is empty and has no label", "版本 0 是空的，不能加标记"),
    ("there is no label {}", "没有标记{}"),
    ("there is no such test question", "没有这个测试问题"),
    (
        "a test question has {} characters; it needs 1 to {}",
        "测试问题有 {} 个字；要有 1 到 {} 个字",
    ),
    ("there is no draft {}", "没有草稿{}"),
    ("there is a draft {} already", "已经有草稿{}"),
    (
        "the draft {} was committed or discarded meanwhile",
        "草稿{}在此期间提交或丢掉了",
    ),
    ("there is no {}; see the items of the draft", "草稿里没有{}"),
    ("there is the {} already", "已经有{}"),
    ("the {} cannot stand as the {}", "{}不能放在{}的位置"),
    ("the {} cannot become the {}", "{}不能变成{}"),
    (
        "the {} must be one line of 1 to 200 characters",
        "{}要写成一行，1 到 200 个字",
    ),
    ("the message is longer than {} characters", "说明超过 {} 个字"),
    ("it is of another type than the present one", "类型和现在的不一样"),
    (
        "the version would have {} {}; at most {} are allowed, split it",
        "这个版本会有 {} 个{}；最多 {} 个，请分开",
    ),
    ("the {} refers to the {}, which is not there", "{}引用了{}，可是没有它"),
    (
        "the {} still refers to the {}, which is deleted",
        "{}还引用着{}，可是它被删除了",
    ),
    ("and {} more", "还有 {} 处"),
    ("the entry {} has {} related", "问答{}有 {} 个相关"),
    ("the entry {} has {} answers", "问答{}有 {} 个答案"),
    // Publications.
    ("{} is no publication folder", "{} 不是发布文件夹"),
    ("to override the gate takes a reason", "测试没有通过还要发布，得写理由"),
    ("another process holds {}", "别的程序正在使用 {}"),
    (
        "it has format {}, this release reads up to {}",
        "它的格式是 {}，这个版本只读到 {}",
    ),
    ("it is damaged", "它损坏了"),
    ("it makes no sense", "内容不合理"),
    ("{} cannot name a channel of publication", "{} 不能做发布渠道的名字"),
    ("{} is being removed", "{} 正在被删除"),
    ("{} has just been removed", "{} 刚被删除"),
    (
        "its name does not follow from what it is made of",
        "它的名字和内容对不上",
    ),
    ("{} is that of another generation", "{} 是另一个发布的"),
    ("{} does not match its checksum", "{} 和校验值不符"),
    ("the channel {} has never served anything", "渠道{}还没有发布过"),
    ("the channel {} serves nothing any more", "渠道{}现在什么也没有"),
    (
        "the channel {} does not remember the switch {}",
        "渠道{}已经没有第 {} 次切换的记录",
    ),
    (
        "the channel {} does not remember an earlier generation",
        "渠道{}没有更早的发布",
    ),
    ("there is no generation {} in {}", "没有发布{}，要找的地方是 {}"),
    ("nothing has been published on the channel {}", "渠道{}还没有发布过"),
    // Bundles.
    ("it is no bundle of dafu", "这不是打包文件"),
    ("it holds a {} and not a {}", "里面是{}，不是{}"),
    ("{} has changed while it was packed", "{} 在打包时变了"),
    ("{} in it is missing or cannot be read", "里面的 {} 没有，或者读不出来"),
    ("its list is damaged", "文件表损坏了"),
    ("it ends within its list", "文件表不完整"),
    ("more follows than its list says", "里面的东西比文件表多"),
    ("{} ends too early", "{} 不完整"),
    ("it names no generation", "里面没有发布的名字"),
    (
        "a file in it is called {}, which does not belong there",
        "里面有文件叫 {}，不该在这里",
    ),
    (
        "it says that it holds more than such a file can",
        "它说里面有的比这样的文件能有的还多",
    ),
];

/// What to do about it.
const REMEDIES: &Table = &[
    ("create it first", "请先新建"),
    ("open it, or name another file", "请打开它，或者换一个文件"),
    ("open it, or choose another name", "请打开它，或者换一个名字"),
    ("name another file", "请换一个文件"),
    ("name another", "请换一个"),
    ("name another bundle", "请换一个打包文件"),
    ("name a later time", "请换一个晚一点的时间"),
    ("use a newer dafu", "请用更新的 dafu"),
    ("try again a little later", "请稍后再试"),
    ("restore it from a copy", "请从备份恢复"),
    ("restore the file from a copy", "请从备份恢复"),
    (
        "the file is damaged, restore it from a copy",
        "文件损坏了，请从备份恢复",
    ),
    (
        "nothing was changed, make room and try again",
        "什么也没改，请腾出空间再试",
    ),
    ("nothing was changed, check the permissions", "什么也没改，请检查权限"),
    ("commit first", "请先提交"),
    ("commit a draft first", "请先提交草稿"),
    ("begin one", "请开始一个"),
    ("begin another", "请重新开始一个"),
    ("see the labels", "请看有哪些标记"),
    ("see the test questions", "请看有哪些测试问题"),
    ("give it another id", "请换一个编号"),
    ("give it its own id", "请用它自己的编号"),
    ("delete it and put the other", "请删掉它，再加另一条"),
    ("shorten it", "请缩短"),
    ("keep at most {}", "最多 {} 个"),
    (
        "correct the references, or keep what they name",
        "请改正引用，或者留着它们引用的",
    ),
    ("say why", "请写上为什么"),
    ("publish again, or restore it from a copy", "请重新发布，或者从备份恢复"),
    ("publish to it", "请发布到它"),
    ("publish to it first", "请先发布"),
    ("publish first, or name another folder", "请先发布，或者换一个文件夹"),
    ("publish the version again", "请重新发布这个版本"),
    ("publish its version again", "请重新发布它的版本"),
    (
        "publish its content again, which puts a whole one in its place",
        "请重新发布，就会换成完好的",
    ),
    (
        "use 1 to 32 of a-z, 0-9, `-` and `_`",
        "请用 1 到 32 个 a-z、0-9、- 和 _",
    ),
    ("copy the bundle again", "请重新复制打包文件"),
    ("pack it again", "请重新打包"),
    (
        "nothing of it was taken, ask whoever made it",
        "什么也没有取用，请问打包的人",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use dafu::ErrorKind;

    fn told(text: &str) -> String {
        Error::new(ErrorKind::Corrupt, text).in_chinese()
    }

    #[test]
    fn every_sentence_is_found_by_its_own_words() {
        for (english, chinese) in ACTIONS.iter().chain(MESSAGES) {
            assert_eq!(
                english.matches("{}").count(),
                chinese.matches("{}").count(),
                "{english}"
            );
            assert_eq!(told(&english.replace("{}", "7")), chinese.replace("{}", "7"));
        }
        for (english, chinese) in REMEDIES {
            let (text, expected) = (english.replace("{}", "7"), chinese.replace("{}", "7"));
            assert_eq!(told(&format!("it is damaged; {text}")), format!("它损坏了；{expected}"));
        }
    }

    #[test]
    fn contexts_causes_and_several_sentences_are_told() {
        assert_eq!(
            told(
                "the entry `a` refers to the standard answer `b`, which is not there | and 2 more; correct the references, or keep what they name"
            ),
            "问答“a”引用了标准答案“b”，可是没有它 | 还有 2 处；请改正引用，或者留着它们引用的"
        );
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = Error::io(std::path::Path::new("a"), "syncing", full).context("the store `b`");
        assert_eq!(error.in_chinese(), "库 b：写到磁盘 a：磁盘满了");
        let error = Error::from(dafu::Id::try_from("a b").unwrap_err());
        assert_eq!(error.in_chinese(), "编号“a b”里有空格；请去掉这个字符");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(
            told("something new"),
            "文件损坏了，请从备份恢复，或者重新生成：something new"
        );
    }

    #[cfg(feature = "store")]
    #[test]
    fn what_the_store_refuses_is_told_in_chinese() {
        use crate::{ItemKey, Store};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.dafu");
        let store = Store::create(&path).unwrap();
        let draft = store.new_draft("d", "王芳").unwrap();
        let told = |error: Error| {
            let told = error.in_chinese().replace(&path.display().to_string(), "shop.dafu");
            assert!(!told.contains("请照下面说的改"), "it is in the tables: {told}");
            told
        };
        assert_eq!(
            told(Store::create(&path).unwrap_err()),
            "“shop.dafu” 已经是一个库；请打开它，或者换一个文件"
        );
        assert_eq!(
            told(store.new_draft("d", "王芳").unwrap_err()),
            "已经有草稿“d”；请打开它，或者换一个名字"
        );
        assert_eq!(
            told(store.new_draft("e", " ").unwrap_err()),
            "作者要写成一行，1 到 200 个字"
        );
        assert_eq!(
            told(draft.delete(&ItemKey::entry("a")).unwrap_err()),
            "草稿里没有问答“a”"
        );
        assert_eq!(told(store.version(7).unwrap_err()), "没有版本 7，最新的是版本 0");
        assert_eq!(
            told(draft.commit("王芳", &"好".repeat(10_001)).unwrap_err()),
            "说明超过 10000 个字；请缩短"
        );
        std::fs::write(&path, "something else, and long enough to be looked at").unwrap();
        let told = told(Store::open(&path).unwrap_err());
        assert!(
            told.starts_with("打开库 shop.dafu：打开：文件损坏了，或者不是库；请从备份恢复（"),
            "{told}"
        );
    }
}
