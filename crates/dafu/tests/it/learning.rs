//! What an index learns from its phrasings, and what it says when it could not.

use std::path::Path;
use std::sync::{Arc, Mutex};

use dafu::{AskOptions, BuildOptions, BuildStage, Content, Decision, Encoder, ErrorKind, KnowledgeBase, Precision};

/// 120 entries with six phrasings each: enough to calibrate on.
fn content() -> Content {
    let things = [
        "订单",
        "发票",
        "优惠券",
        "会员卡",
        "积分",
        "运费险",
        "快递",
        "地址",
        "礼品卡",
        "账号",
        "密码",
        "红包",
        "保修卡",
        "赠品",
        "尾款",
        "定金",
        "手机号",
        "退款单",
        "评价",
        "店铺",
    ];
    let acts = [
        ("怎么查询", ["在哪看", "查一下", "想看看", "哪里能看到", "怎么找不到"]),
        ("怎么修改", ["想改一下", "能不能改", "写错了要改", "改成别的", "改不了"]),
        ("怎么取消", ["不想要了", "帮我取消", "能取消吗", "撤销", "怎么退掉"]),
        ("哪里可以领", ["怎么得到", "去哪领", "领不到", "想要一个", "什么时候送"]),
        (
            "过期了怎么办",
            ["到期了", "失效了", "过期还能用吗", "能延期吗", "没来得及用"],
        ),
        ("丢了怎么办", ["不见了", "找不到了", "弄没了", "被人拿走了", "怎么少了"]),
    ];
    let mut lines = String::new();
    for (t, thing) in things.iter().enumerate() {
        for (a, (act, others)) in acts.iter().enumerate() {
            let similar: Vec<String> = others.iter().map(|other| format!("\"{thing}{other}\"")).collect();
            lines += &format!(
                "{{\"id\":\"e-{t}-{a}\",\"question\":\"{thing}{act}？\",\"similar\":[{}],\"answer\":\"请在我的{thing}里操作。\"}}\n",
                similar.join(",")
            );
        }
    }
    Content::from_jsonl(lines.as_bytes()).unwrap()
}

/// An encoder of nothing but the first character.
struct First(&'static str);

impl Encoder for First {
    fn name(&self) -> &str {
        self.0
    }

    fn dimensions(&self) -> usize {
        8
    }

    fn fingerprint(&self) -> String {
        format!("{} 1", self.0)
    }

    fn encode(&self, text: &str, vector: &mut [f32]) {
        if let Some(first) = text.chars().next() {
            vector[first as usize % 8] = 1.0;
        }
    }
}

#[test]
fn a_large_content_is_calibrated_and_a_small_one_says_that_it_is_not() {
    let large = KnowledgeBase::new(&content()).unwrap();
    let explained = large.explain("发票写错了想改", &AskOptions::new()).unwrap();
    assert!(explained.calibrated_on >= 50, "{}", explained.calibrated_on);
    let small = Content::from_jsonl(r#"{"id":"a","question":"怎么退货"}"#.as_bytes()).unwrap();
    let small = KnowledgeBase::new(&small).unwrap();
    assert_eq!(small.explain("退货", &AskOptions::new()).unwrap().calibrated_on, 0);
}

#[test]
fn what_an_entry_learned_speaks_for_its_own_questions() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    let explained = kb.explain("优惠券失效了还能延期吗", &AskOptions::new()).unwrap();
    let own = explained.entries.iter().find(|entry| entry.entry == "e-2-4").unwrap();
    let others = explained.entries.iter().filter(|entry| entry.entry != "e-2-4");
    assert!(others.clone().count() > 3);
    assert!(
        others
            .into_iter()
            .all(|other| other.evidence.learned < own.evidence.learned)
    );
}

#[test]
fn a_higher_precision_answers_less() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    let answered = |precision: f32| {
        let options = AskOptions::new().precision(Precision::try_from(precision).unwrap());
        let questions = [
            "发票要改",
            "积分没了",
            "会员卡到期",
            "礼品卡呢",
            "账号",
            "运费险退",
            "地址换一个",
            "订单看看",
        ];
        let replies = questions.map(|question| kb.ask(question, &options).unwrap());
        replies
            .iter()
            .filter(|reply| reply.decision == Decision::Answer)
            .count()
    };
    assert!(answered(0.99) <= answered(0.9));
    assert!(answered(0.9) <= answered(0.5));
}

#[test]
fn an_index_opens_with_its_own_encoder_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let mut options = BuildOptions::default();
    options.encoder = Some(Arc::new(First("first")));
    KnowledgeBase::build_index(&content(), &path, &options).unwrap();

    let error = KnowledgeBase::open(&path).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    assert!(error.to_string().contains("`first`"), "{error}");
    assert!(KnowledgeBase::open_with(&path, Arc::new(First("other"))).is_err());
    let kb = KnowledgeBase::open_with(&path, Arc::new(First("first"))).unwrap();
    assert_eq!(kb.statistics().encoder.as_deref(), Some("first"));
    assert_eq!(
        kb.ask("快递怎么取消", &AskOptions::new()).unwrap().hits[0].entry,
        "e-6-2"
    );
}

#[test]
fn entries_near_in_meaning_compete_without_a_common_character() {
    /// Knows that EMS brings parcels, and takes all else for the same.
    struct Parcels;
    impl Encoder for Parcels {
        fn name(&self) -> &str {
            "parcels"
        }
        fn dimensions(&self) -> usize {
            2
        }
        fn fingerprint(&self) -> String {
            "parcels 1".to_owned()
        }
        fn encode(&self, text: &str, vector: &mut [f32]) {
            let parcel = text.contains("快递") || text.contains("ems");
            vector[usize::from(parcel)] = 1.0;
        }
    }
    let candidates = |options: &BuildOptions| {
        let kb = KnowledgeBase::with_options(&content(), options).unwrap();
        let explained = kb.explain("EMS", &AskOptions::new()).unwrap();
        let mut entries: Vec<String> = explained
            .entries
            .into_iter()
            .map(|entry| entry.entry.to_string())
            .collect();
        entries.sort();
        entries
    };
    let mut options = BuildOptions::default();
    options.encoder = Some(Arc::new(Parcels));
    let found = candidates(&options);
    let parcels: Vec<&String> = found.iter().filter(|entry| entry.starts_with("e-6-")).collect();
    assert_eq!(parcels, ["e-6-0", "e-6-1", "e-6-2", "e-6-3", "e-6-4", "e-6-5"]);
    let mut options = BuildOptions::default();
    options.without_meanings = true;
    assert_eq!(candidates(&options), [""; 0]);
}

#[test]
fn an_encoder_without_numbers_is_refused_by_name() {
    struct Nothing;
    impl Encoder for Nothing {
        fn name(&self) -> &str {
            "nothing"
        }
        fn dimensions(&self) -> usize {
            0
        }
        fn fingerprint(&self) -> String {
            String::new()
        }
        fn encode(&self, _: &str, _: &mut [f32]) {}
    }
    let mut options = BuildOptions::default();
    options.encoder = Some(Arc::new(Nothing));
    let error = KnowledgeBase::with_options(&content(), &options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("`nothing`"), "{error}");
}

#[test]
fn a_build_tells_its_stages() {
    use BuildStage::{Fitting, Indexing, Learning, Writing};
    let told = |content: &Content, path: Option<&Path>| {
        let stages = Arc::new(Mutex::new(Vec::new()));
        let mut options = BuildOptions::default();
        let listener = stages.clone();
        options.progress = Some(Arc::new(move |stage| listener.lock().unwrap().push(stage)));
        match path {
            Some(path) => KnowledgeBase::build_index(content, path, &options).unwrap(),
            None => drop(KnowledgeBase::with_options(content, &options).unwrap()),
        }
        stages.lock().unwrap().clone()
    };
    let folder = tempfile::tempdir().unwrap();
    let fitted = [Indexing, Learning, Fitting, Indexing, Learning, Writing];
    assert_eq!(told(&content(), Some(&folder.path().join("index"))), fitted);
    assert_eq!(told(&content(), None), fitted[..5]);
    let small = Content::from_jsonl(r#"{"id":"e","question":"怎么退货","answer":"点“退货”。"}"#.as_bytes()).unwrap();
    assert_eq!(told(&small, None), [Indexing, Learning]);
}

#[test]
fn without_meanings_it_answers_and_says_what_it_lacks() {
    let mut options = BuildOptions::default();
    options.without_meanings = true;
    let kb = KnowledgeBase::with_options(&content(), &options).unwrap();
    let explained = kb.explain("地址写错了要改", &AskOptions::new()).unwrap();
    assert_eq!(explained.encoder, None);
    assert_eq!(explained.entries[0].entry, "e-7-1");
    assert_eq!(explained.entries[0].evidence.meaning, 0.0);
}

#[test]
fn pinyin_is_read_as_the_phrasings_have_it() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    let read = |question: &str| kb.explain(question, &AskOptions::new()).unwrap().normalized;
    assert_eq!(read("kuaidi zenme quxiao"), "快递怎么取消");
    assert_eq!(read("kuaidizenmequxiao"), "快递怎么取消");
    assert_eq!(read("会员ka丢了"), "会员卡丢了");
    // No pinyin, or too much of it: left as it is.
    assert_eq!(read("hello world"), "hello world");
    let long = "ni".repeat(200);
    assert_eq!(read(&long), long);
    assert_eq!(
        kb.ask("fapiao xieCuo le yao gai", &AskOptions::new()).unwrap().hits[0].entry,
        "e-1-1"
    );
}

#[test]
fn mistyped_characters_are_read_as_those_that_are_meant() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    let read = |question: &str| kb.explain(question, &AskOptions::new()).unwrap().normalized;
    // One that sounds the same, before conversion, too; one that looks alike; two in the wrong order.
    assert_eq!(read("会员咔丢了"), "会员卡丢了");
    assert_eq!(read("塊递怎么取消"), "快递怎么取消");
    assert_eq!(read("会贡卡丢了"), "会员卡丢了");
    assert_eq!(read("抉递怎么取消"), "快递怎么取消");
    assert_eq!(read("员会卡丢了"), "会员卡丢了");
    assert_eq!(read("快递怎么消取"), "快递怎么取消");
    // What the phrasings have, and what none of them could mean, stays as it is.
    assert_eq!(read("会员卡丢了"), "会员卡丢了");
    assert_eq!(read("猫咪会飞吗"), "猫咪会飞吗");
    for question in ["会员咔丢了", "会贡卡丢了", "员会卡丢了"] {
        let reply = kb.ask(question, &AskOptions::new()).unwrap();
        assert_eq!(reply.hits[0].entry, "e-3-5", "{question}");
        assert_eq!(reply.hits[0].question_spans[0].bytes.end, question.len());
    }
}

/// Half of some phrasings stand under the next entry; the others of the same words say where they belong.
#[test]
fn phrasings_under_a_wrong_entry_teach_nothing() {
    let things = ["退款", "发票", "快递", "积分", "红包", "地址", "密码", "尾款"];
    let says = [
        "怎么还没到",
        "多久能到",
        "在哪里看",
        "想问一下",
        "有问题",
        "的事情",
        "怎么弄",
        "帮我看看",
        "到底怎样",
        "处理一下",
        "还要多久",
        "什么情况",
        "麻烦查查",
        "没动静",
        "给个说法",
        "咨询下",
        "急急急",
        "再催一次",
        "出错了",
        "怎么这样",
    ];
    let mut similar = vec![Vec::new(); things.len()];
    for (t, thing) in things.iter().enumerate() {
        for (s, say) in says.iter().enumerate() {
            let under = if s % 5 < 2 { (t + 1 + s % 3) % things.len() } else { t };
            similar[under].push(format!("\"{thing}{say}\""));
        }
    }
    let entry = |(t, similar): (usize, &Vec<String>)| {
        format!(
            "{{\"id\":\"e-{t}\",\"question\":\"{}\",\"similar\":[{}]}}\n",
            things[t],
            similar.join(",")
        )
    };
    let lines: String = similar.iter().enumerate().map(entry).collect();
    let kb = KnowledgeBase::new(&Content::from_jsonl(lines.as_bytes()).unwrap()).unwrap();
    for (t, thing) in things.iter().enumerate() {
        let explained = kb
            .explain(&format!("{thing}呢，等好几天了"), &AskOptions::new())
            .unwrap();
        let learned = |id: &str| {
            explained
                .entries
                .iter()
                .find(|entry| entry.entry == id)
                .map(|entry| entry.evidence.learned)
        };
        let own = learned(&format!("e-{t}")).unwrap();
        let wrong = learned(&format!("e-{}", (t + 1) % things.len())).unwrap_or(-1.0);
        assert!(own > wrong + 0.6, "{thing}: {own} against {wrong}");
    }
}

#[test]
fn what_has_nothing_to_do_with_it_is_strange() {
    let kb = KnowledgeBase::new(&content()).unwrap();
    let strange = |question: &str| {
        let entries = kb.explain(question, &AskOptions::new()).unwrap().entries;
        let strange = entries.first().map_or(0.0, |first| first.evidence.strange);
        assert!(entries.iter().all(|entry| entry.evidence.strange == strange));
        strange
    };
    for own in ["发票写错了要改", "优惠券失效了", "礼品卡过期了"] {
        assert!(strange(own) < 1.0, "{own}: {}", strange(own));
    }
    for foreign in ["昨晚的月亮又大又圆", "他和同学下棋总是赢", "今天晚上吃什么好"] {
        assert!(strange(foreign) > 1.0, "{foreign}: {}", strange(foreign));
        let reply = kb.ask(foreign, &AskOptions::new()).unwrap();
        assert!(reply.confidence() < 0.3, "{foreign}");
    }
    // Of letters and digits nothing is known.
    assert_eq!(strange("XYZ 12"), 0.0);
}

#[test]
fn questions_of_the_field_do_not_decide_what_is_strange() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    KnowledgeBase::build_index(&content(), &path, &BuildOptions::default()).unwrap();
    let weights = std::fs::read(path.join("weights.json")).unwrap();
    let weights: serde_json::Value = serde_json::from_slice(&weights).unwrap();
    assert_eq!(weights["confidence"]["strange"], -0.75);
    assert_ne!(
        weights["confidence"]["cosine"], 0.526,
        "what is fitted differs from what is shipped"
    );
    assert!(weights["strangeness"]["quartile"].as_f64().unwrap() > 1.0);
}
