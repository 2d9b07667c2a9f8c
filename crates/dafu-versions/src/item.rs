//! What is versioned: entries, standard answers, templates, and every line of the settings.

use std::collections::HashMap;
use std::fmt;

use dafu::{
    AnswerBody, Content, DictionaryWord, Entry, ErrorKind, Id, Phrasing, ReplyTemplate, Settings, StandardAnswer,
    SynonymGroup, Threshold, Word,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What an item is: what the lines of a JSON Lines file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemKind {
    /// An entry; its id is that of the entry.
    Entry,
    /// A standard answer; its id is its own.
    StandardAnswer,
    /// A reply template; its id is its own.
    Template,
    /// A group of synonyms; its id is `word` for a two-way group, `word>word` for a one-way group, of its first words.
    Synonyms,
    /// A word of the dictionary; its id is the word.
    Word,
    /// A stop word; its id is the word.
    StopWord,
    /// A phrase that asks for a person; its id is the phrase.
    Handover,
    /// The threshold of the knowledge base; its id is `threshold`.
    Settings,
}

/// Which item.
///
/// Where several lines of the settings would have the same id, the second is `id#2`, and so on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    /// What it is.
    pub kind: ItemKind,
    /// Its id, among those of its kind.
    pub id: String,
}

/// Something that a draft may put, change and delete.
///
/// ```
/// use dafu::Entry;
/// use dafu_versions::{Item, ItemKey};
///
/// let item = Item::from(Entry::new("refund".try_into()?, "退款多久到账？".try_into()?));
/// assert_eq!(item.key(), ItemKey::entry("refund"));
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Item {
    /// An entry.
    Entry(Entry),
    /// A standard answer.
    StandardAnswer(StandardAnswer),
    /// A reply template.
    Template(ReplyTemplate),
    /// A group of synonyms.
    Synonyms(SynonymGroup),
    /// A word of the dictionary.
    Word(DictionaryWord),
    /// A stop word.
    StopWord(Word),
    /// A phrase that asks for a person.
    Handover(Phrasing),
    /// The threshold of the knowledge base.
    Threshold(Threshold),
}

impl ItemKind {
    /// All kinds, in the order in which a file lists them.
    pub const ALL: [Self; 8] = [
        Self::Entry,
        Self::StandardAnswer,
        Self::Template,
        Self::Synonyms,
        Self::Word,
        Self::StopWord,
        Self::Handover,
        Self::Settings,
    ];

    /// Returns its name, as JSON Lines write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::StandardAnswer => "standard_answer",
            Self::Template => "template",
            Self::Synonyms => "synonyms",
            Self::Word => "word",
            Self::StopWord => "stop_word",
            Self::Handover => "handover",
            Self::Settings => "settings",
        }
    }

    /// Returns the kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Returns the number that stands for it in a store: fixed for ever.
    pub(crate) fn number(self) -> i64 {
        self as i64
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ItemKey {
    /// Returns the key of an item of a kind.
    pub fn new(kind: ItemKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    /// Returns the key of an entry.
    pub fn entry(id: impl Into<String>) -> Self {
        Self::new(ItemKind::Entry, id)
    }
}

impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.kind.as_str().replace('_', " "), self.id)
    }
}

impl Item {
    /// Returns what it is.
    pub fn kind(&self) -> ItemKind {
        match self {
            Self::Entry(_) => ItemKind::Entry,
            Self::StandardAnswer(_) => ItemKind::StandardAnswer,
            Self::Template(_) => ItemKind::Template,
            Self::Synonyms(_) => ItemKind::Synonyms,
            Self::Word(_) => ItemKind::Word,
            Self::StopWord(_) => ItemKind::StopWord,
            Self::Handover(_) => ItemKind::Handover,
            Self::Threshold(_) => ItemKind::Settings,
        }
    }

    /// Returns the key that it has on its own.
    pub fn key(&self) -> ItemKey {
        let id = match self {
            Self::Entry(entry) => entry.id.as_str().to_owned(),
            Self::StandardAnswer(answer) => answer.id.as_str().to_owned(),
            Self::Template(template) => template.id().as_str().to_owned(),
            Self::Synonyms(group) if group.is_two_way() => group.from()[0].as_str().to_owned(),
            Self::Synonyms(group) => format!("{}>{}", group.from()[0].as_str(), group.to()[0].as_str()),
            Self::Word(word) => word.word.as_str().to_owned(),
            Self::StopWord(word) => word.as_str().to_owned(),
            Self::Handover(phrase) => phrase.as_str().to_owned(),
            Self::Threshold(_) => "threshold".to_owned(),
        };
        ItemKey::new(self.kind(), id)
    }

    /// Returns its JSON form: an object whose fields are compared and merged one by one.
    pub fn to_json(&self) -> String {
        fn write(value: &impl Serialize) -> String {
            serde_json::to_string(value).expect("an item is plain data")
        }
        match self {
            Self::Entry(entry) => write(entry),
            Self::StandardAnswer(answer) => write(answer),
            Self::Template(template) => write(template),
            Self::Synonyms(group) => write(group),
            Self::Word(word) => write(word),
            Self::StopWord(word) => write(&One { word }),
            Self::Handover(phrase) => write(&Phrase { phrase }),
            Self::Threshold(threshold) => write(&Bar { threshold }),
        }
    }

    /// Reads the JSON form of an item of a kind.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a value is not one that such an item can have.
    pub fn from_json(kind: ItemKind, json: &str) -> Result<Self> {
        fn read<T: DeserializeOwned>(json: &str) -> Result<T> {
            serde_json::from_str(json).map_err(|e| Error::new(ErrorKind::InvalidInput, e.to_string()))
        }
        Ok(match kind {
            ItemKind::Entry => Self::Entry(read(json)?),
            ItemKind::StandardAnswer => Self::StandardAnswer(read(json)?),
            ItemKind::Template => Self::Template(read(json)?),
            ItemKind::Synonyms => Self::Synonyms(read(json)?),
            ItemKind::Word => Self::Word(read(json)?),
            ItemKind::StopWord => Self::StopWord(read::<One<Word>>(json)?.word),
            ItemKind::Handover => Self::Handover(read::<Phrase<Phrasing>>(json)?.phrase),
            ItemKind::Settings => Self::Threshold(read::<Bar<Threshold>>(json)?.threshold),
        })
    }

    /// Returns the item as a content has it, which drops what stands twice in it.
    ///
    /// # Errors
    ///
    /// When one of its lists is over a [limit](dafu::Limits).
    pub(crate) fn normal(self) -> Result<Self> {
        let Self::Entry(mut entry) = self else {
            return match self {
                Self::StandardAnswer(answer) => {
                    Content::new(Vec::new(), vec![answer.clone()], Vec::new(), Settings::default())?;
                    Ok(Self::StandardAnswer(answer))
                }
                Self::Template(template) => {
                    Content::new(Vec::new(), Vec::new(), vec![template.clone()], Settings::default())?;
                    Ok(Self::Template(template))
                }
                other => Ok(other),
            };
        };
        check_lists(&entry)?;
        // What it refers to is not in a content of its own; a draft may have it, or get it later.
        let related = std::mem::take(&mut entry.related);
        let answers = std::mem::take(&mut entry.answers);
        let content = Content::new(vec![entry], Vec::new(), Vec::new(), Settings::default())?;
        let mut entry = content.entries()[0].clone();
        entry.related = related;
        entry.answers = answers;
        Ok(Self::Entry(entry))
    }

    /// Returns the items to which it refers.
    pub(crate) fn references(&self) -> Vec<ItemKey> {
        let Self::Entry(entry) = self else {
            return Vec::new();
        };
        let related = entry.related.iter().map(|id| ItemKey::entry(id.as_str()));
        let answers = entry.answers.iter().filter_map(|answer| match &answer.body {
            AnswerBody::Standard(id) => Some(ItemKey::new(ItemKind::StandardAnswer, id.as_str())),
            _ => None,
        });
        related.chain(answers).collect()
    }

    /// Returns how many phrasings it has.
    pub(crate) fn phrasings(&self) -> usize {
        match self {
            Self::Entry(entry) => entry.phrasings().count(),
            _ => 0,
        }
    }
}

impl From<Entry> for Item {
    fn from(entry: Entry) -> Self {
        Self::Entry(entry)
    }
}

impl From<StandardAnswer> for Item {
    fn from(answer: StandardAnswer) -> Self {
        Self::StandardAnswer(answer)
    }
}

impl From<ReplyTemplate> for Item {
    fn from(template: ReplyTemplate) -> Self {
        Self::Template(template)
    }
}

/// Returns the items of a content with their keys, in its order. Items that are the same have numbered keys.
pub fn items_of(content: &Content) -> Vec<(ItemKey, Item)> {
    let settings = content.settings();
    let entries = content.entries().iter().cloned().map(Item::Entry);
    let answers = content.standard_answers().iter().cloned().map(Item::StandardAnswer);
    let templates = content.templates().iter().cloned().map(Item::Template);
    let synonyms = settings.synonyms.iter().cloned().map(Item::Synonyms);
    let words = settings.words.iter().cloned().map(Item::Word);
    let stop_words = settings.stop_words.iter().cloned().map(Item::StopWord);
    let handover = settings.handover.iter().cloned().map(Item::Handover);
    let items = entries.chain(answers).chain(templates).chain(synonyms).chain(words);
    let items = items.chain(stop_words).chain(handover);
    let items = items.chain(settings.threshold.map(Item::Threshold));
    let mut times: HashMap<ItemKey, usize> = HashMap::new();
    items
        .map(|item| {
            let mut key = item.key();
            let times = times.entry(key.clone()).or_insert(0);
            *times += 1;
            if *times > 1 {
                key.id = format!("{}#{times}", key.id);
            }
            (key, item)
        })
        .collect()
}

/// Returns the content of items, in their order.
///
/// # Errors
///
/// When a reference dangles or a limit is exceeded.
pub fn content_of(items: impl IntoIterator<Item = Item>) -> dafu::Result<Content> {
    let (mut entries, mut answers, mut templates) = (Vec::new(), Vec::new(), Vec::new());
    let mut settings = Settings::default();
    for item in items {
        match item {
            Item::Entry(entry) => entries.push(entry),
            Item::StandardAnswer(answer) => answers.push(answer),
            Item::Template(template) => templates.push(template),
            Item::Synonyms(group) => settings.synonyms.push(group),
            Item::Word(word) => settings.words.push(word),
            Item::StopWord(word) => settings.stop_words.push(word),
            Item::Handover(phrase) => settings.handover.push(phrase),
            Item::Threshold(threshold) => settings.threshold = Some(threshold),
        }
    }
    Content::new(entries, answers, templates, settings)
}

/// Lists that [`Item::normal`] takes off before the content is checked.
fn check_lists(entry: &Entry) -> Result<()> {
    let lists = [
        ("related", entry.related.len(), dafu::Limits::LIST),
        ("answers", entry.answers.len(), dafu::Limits::ANSWERS_PER_ENTRY),
    ];
    match lists.into_iter().find(|(_, length, limit)| length > limit) {
        None => Ok(()),
        Some((field, length, limit)) => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("the entry `{}` has {length} {field}; keep at most {limit}", entry.id),
        )),
    }
}

/// Says whether an id names an entry that could be written: what [`Id`] accepts.
pub(crate) fn check_id(kind: ItemKind, id: &str) -> Result<()> {
    match kind {
        ItemKind::Entry | ItemKind::StandardAnswer | ItemKind::Template => Ok(Id::try_from(id).map(drop)?),
        _ => Ok(()),
    }
}

#[derive(Serialize, Deserialize)]
struct One<T> {
    word: T,
}

#[derive(Serialize, Deserialize)]
struct Phrase<T> {
    phrase: T,
}

#[derive(Serialize, Deserialize)]
struct Bar<T> {
    threshold: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = r#"{"id":"a","question":"怎么退货","similar":["退货"],"related":["b"],"answers":[{"standard_answer":"s"}]}
{"id":"b","question":"怎么换货"}
{"kind":"standard_answer","id":"s","title":"规则","text":"七天"}
{"kind":"template","id":"t","scenario":"greeting","texts":["您好"]}
{"kind":"synonyms","words":["退款","退钱"]}
{"kind":"synonyms","words":["退款","返钱"],"weight":0.5}
{"kind":"synonyms","from":["苹果"],"to":["手机"]}
{"kind":"word","word":"价保"}
{"kind":"stop_word","word":"亲"}
{"kind":"handover","phrase":"找活人"}
{"kind":"settings","threshold":0.7}
"#;

    #[test]
    fn items_give_the_content_back() {
        let content = Content::from_jsonl(LINES.as_bytes()).unwrap();
        let items = items_of(&content);
        let ids: Vec<&str> = items.iter().map(|(key, _)| key.id.as_str()).collect();
        let expected = [
            "a",
            "b",
            "s",
            "t",
            "退款",
            "退款#2",
            "苹果>手机",
            "价保",
            "亲",
            "找活人",
            "threshold",
        ];
        assert_eq!(ids, expected);
        let read: Vec<Item> = items
            .iter()
            .map(|(key, item)| Item::from_json(key.kind, &item.to_json()).unwrap())
            .collect();
        assert_eq!(content_of(read).unwrap().to_jsonl(), content.to_jsonl());
    }

    #[test]
    fn kinds_have_fixed_numbers() {
        let numbers: Vec<(i64, &str)> = ItemKind::ALL.map(|kind| (kind.number(), kind.as_str())).to_vec();
        let expected = [
            (0, "entry"),
            (1, "standard_answer"),
            (2, "template"),
            (3, "synonyms"),
            (4, "word"),
            (5, "stop_word"),
            (6, "handover"),
            (7, "settings"),
        ];
        assert_eq!(numbers, expected);
    }

    #[test]
    fn references_are_those_of_related_and_answers() {
        let content = Content::from_jsonl(LINES.as_bytes()).unwrap();
        let references = Item::Entry(content.entries()[0].clone()).references();
        let expected = [ItemKey::entry("b"), ItemKey::new(ItemKind::StandardAnswer, "s")];
        assert_eq!(references, expected);
    }
}
