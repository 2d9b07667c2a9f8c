//! Arbitrary values of the content model, made of the characters that formats stumble over.

use dafu::{
    Answer, AnswerBody, AnswerText, Audience, Category, Conditions, Content, Date, DictionaryWord, Entry, Id, Metadata,
    MetadataKey, MetadataValue, Phrasing, Priority, ReplyTemplate, Settings, Slot, SlotKind, SlotName, StandardAnswer,
    SynonymGroup, Tag, Threshold, Timestamp, Validity,
};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Any content whose references hold.
pub fn content() -> impl Strategy<Value = Content> {
    let counts = (0..5_usize, 0..3_usize);
    counts.prop_flat_map(|(entries, standards)| {
        let entries: Vec<_> = (0..entries).map(|number| entry(number, entries, standards)).collect();
        let standards: Vec<_> = (0..standards).map(standard_answer).collect();
        let templates: Vec<_> = (0..2).map(template).collect();
        (entries, standards, templates, settings()).prop_map(|(entries, standards, templates, settings)| {
            Content::new(entries, standards, templates, settings).expect("ids are unique and references exist")
        })
    })
}

fn entry(number: usize, entries: usize, standards: usize) -> impl Strategy<Value = Entry> {
    let texts = (
        phrasing(),
        vec(phrasing(), 0..4),
        vec(phrasing(), 0..3),
        vec(phrasing(), 0..3),
    );
    let place = (
        option::of(category()),
        vec(value::<Tag>(), 0..3),
        vec(value(), 0..3),
        audiences(),
    );
    let rules = (
        -10..=10_i8,
        validity(),
        any::<bool>(),
        option::of((0.0..=1.0_f32).prop_map(|t| Threshold::try_from(t).unwrap())),
    );
    let upkeep = (
        vec(0..entries, 0..3),
        option::of(date()),
        option::of(value()),
        metadata(),
    );
    (texts, vec(answer(standards), 0..5), place, rules, upkeep).prop_map(
        move |(texts, answers, place, rules, upkeep)| {
            let mut entry = Entry::new(id(number), texts.0);
            (entry.similar, entry.excluded, entry.follow_ups) = (texts.1, texts.2, texts.3);
            entry.answers = answers;
            (entry.category, entry.tags, entry.channels, entry.audiences) = place;
            entry.priority = Priority::try_from(rules.0).unwrap();
            (entry.valid, entry.enabled, entry.threshold) = (rules.1, rules.2, rules.3);
            entry.related = upkeep.0.into_iter().map(id).collect();
            (entry.review_by, entry.owner, entry.metadata) = (upkeep.1, upkeep.2, upkeep.3);
            entry
        },
    )
}

fn standard_answer(number: usize) -> impl Strategy<Value = StandardAnswer> {
    let labels = (
        option::of(category()),
        vec(value::<Tag>(), 0..3),
        option::of(value()),
        option::of(date()),
        metadata(),
    );
    (phrasing(), value::<AnswerText>(), labels).prop_map(move |(title, text, labels)| {
        let mut answer = StandardAnswer::new(id(number), title, text);
        (
            answer.category,
            answer.tags,
            answer.owner,
            answer.review_by,
            answer.metadata,
        ) = labels;
        answer
    })
}

fn template(number: usize) -> impl Strategy<Value = ReplyTemplate> {
    let labels = (
        option::of(category()),
        option::of(value::<Tag>()),
        vec(value::<Tag>(), 0..3),
        vec(value(), 0..3),
        metadata(),
    );
    (value::<Tag>(), vec(text(), 1..4), vec(slot(), 0..4), labels).prop_map(move |(scenario, texts, slots, labels)| {
        // A number makes the names differ.
        let slots: Vec<Slot> = slots
            .iter()
            .enumerate()
            .map(|(number, slot)| renamed(slot, number))
            .collect();
        let wordings = texts.iter().map(|text| {
            let used: String = slots.iter().map(|slot| format!("{{{{{}}}}}", slot.name())).collect();
            AnswerText::try_from(format!("{}尾{used}", text.replace(['{', '}'], "{{{{"))).unwrap()
        });
        let template = ReplyTemplate::new(id(number), scenario, wordings.collect(), slots.clone()).unwrap();
        let template = labels.0.into_iter().fold(template, ReplyTemplate::with_category);
        let template = labels.1.into_iter().fold(template, ReplyTemplate::with_mood);
        template
            .with_tags(labels.2)
            .with_channels(labels.3)
            .with_metadata(labels.4)
    })
}

fn slot() -> impl Strategy<Value = Slot> {
    let values = (option::of(text()), option::of(text()));
    values.prop_map(|(default, example)| {
        let name = SlotName::try_from("空").unwrap();
        let slot = default.and_then(|default| Slot::optional(name.clone(), SlotKind::Text, &default).ok());
        let slot = slot.unwrap_or_else(|| Slot::required(name, SlotKind::Text));
        example
            .and_then(|example| slot.clone().with_example(&example).ok())
            .unwrap_or(slot)
    })
}

fn renamed(slot: &Slot, number: usize) -> Slot {
    let name = SlotName::try_from(format!("空_{number}")).unwrap();
    let renamed = match slot.default() {
        Some(default) => Slot::optional(name, slot.kind(), default).unwrap(),
        None => Slot::required(name, slot.kind()),
    };
    match slot.example() {
        Some(example) => renamed.with_example(example).unwrap(),
        None => renamed,
    }
}

fn settings() -> impl Strategy<Value = Settings> {
    let weight = || (1..=1_000_u16).prop_map(|w| f32::from(w) / 1_000.0);
    let two_way = (vec(phrasing(), 2..4), weight()).prop_map(|(words, w)| SynonymGroup::two_way(words, w).unwrap());
    let one_way = (vec(phrasing(), 1..3), vec(phrasing(), 1..3), weight())
        .prop_map(|(from, to, w)| SynonymGroup::one_way(from, to, w).unwrap());
    let word = (value(), option::of(any::<u32>()), option::of(value()))
        .prop_map(|(word, frequency, tag)| DictionaryWord { word, frequency, tag });
    let threshold = option::of((0.0..=1.0_f32).prop_map(|t| Threshold::try_from(t).unwrap()));
    let parts = (
        vec(prop_oneof![two_way, one_way], 0..3),
        vec(word, 0..3),
        vec(value(), 0..3),
        vec(phrasing(), 0..3),
        threshold,
    );
    parts.prop_map(|parts| {
        let mut settings = Settings::default();
        (
            settings.synonyms,
            settings.words,
            settings.stop_words,
            settings.handover,
            settings.threshold,
        ) = parts;
        settings
    })
}

fn answer(standards: usize) -> BoxedStrategy<Answer> {
    let text = value().prop_map(AnswerBody::Text);
    let body = match standards {
        0 => text.boxed(),
        _ => prop_oneof![text, (0..standards).prop_map(|number| AnswerBody::Standard(id(number)))].boxed(),
    };
    // Few different conditions, so that answers share columns, and channels with awkward names.
    let channels = vec(
        prop_oneof![
            select(vec!["app", "微信 小程序", "'+a"]).prop_map(|c| c.try_into().unwrap()),
            value()
        ],
        0..2,
    );
    let locales = vec(
        select(vec!["zh-Hant", "en"]).prop_map(|locale| locale.try_into().unwrap()),
        0..2,
    );
    let when = (channels, audiences(), locales).prop_map(|(channels, audiences, locales)| Conditions {
        channels,
        audiences,
        locales,
    });
    (body, when).prop_map(|(body, when)| Answer { body, when }).boxed()
}

fn audiences() -> impl Strategy<Value = Vec<Audience>> {
    vec(select(vec![Audience::Customer, Audience::Agent]), 0..2)
}

fn validity() -> impl Strategy<Value = Validity> {
    let end = || {
        (date(), 0..86_400_i64, select(vec!["Z", "+08:00", "-03:30"])).prop_map(|(date, second, zone)| {
            let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
            Timestamp::try_from(format!("{date}T{hour:02}:{minute:02}:{second:02}{zone}")).unwrap()
        })
    };
    (option::of(end()), option::of(end())).prop_map(|(from, until)| Validity::new(from, until).unwrap_or_default())
}

fn date() -> impl Strategy<Value = Date> {
    (1..=9_999_u16, 1..=12_u8, 1..=28_u8).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn metadata() -> impl Strategy<Value = Metadata> {
    let key = prop_oneof![
        select(vec!["kind", "id", "answer", "备注"]).prop_map(|k| k.try_into().unwrap()),
        value::<MetadataKey>()
    ];
    btree_map(key, value::<MetadataValue>(), 0..3)
}

fn category() -> impl Strategy<Value = Category> {
    vec(value::<Tag>(), 1..4).prop_filter_map("a slash makes one more level", |levels| {
        let levels: Vec<String> = levels.into_iter().map(String::from).collect();
        Category::try_from(levels.join("/")).ok()
    })
}

fn phrasing() -> impl Strategy<Value = Phrasing> {
    (text(), select(vec!["", "退款", "a", "1"]))
        .prop_filter_map("no letter", |(text, word)| Phrasing::try_from(text + word).ok())
}

fn id(number: usize) -> Id {
    // Such as a spreadsheet would run, or take for something else.
    let prefix = ["=", "'+", "退款;", "-", "\"@"][number % 5];
    Id::try_from(format!("{prefix}{number}")).unwrap()
}

fn value<T: TryFrom<String> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    text().prop_filter_map("not a value", |text| T::try_from(text).ok())
}

/// Text of ordinary characters and of those that mean something somewhere.
fn text() -> impl Strategy<Value = String> {
    let special = "=+-@'\"`,;:，、：|/\\{}[]()#<>&\t\r\n \u{3000}\u{feff}\u{200b}\u{2028}\0\u{7f}退款多久到账aB1é😀";
    let chars: Vec<char> = special.chars().collect();
    vec(prop_oneof![4 => select(chars), 1 => any::<char>()], 1..12).prop_map(|chars| chars.into_iter().collect())
}
