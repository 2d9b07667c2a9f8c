//! The same content and the same question give the same reply, to the last bit of its confidence: in every build, on
//! any number of threads. An editor could not tell a change of hers from chance otherwise.

use dafu::{AskOptions, Content, KnowledgeBase, Reply, SearchOptions, SearchPage};

/// 300 entries that resemble each other, so that ties and near ties are many.
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
    ];
    let acts = [
        "怎么查询",
        "怎么修改",
        "怎么取消",
        "哪里可以领",
        "过期了怎么办",
        "丢了怎么办",
    ];
    let times = ["下单以后", "付款以前", "收货七天内", "双十一期间", "活动结束后"];
    let mut lines = String::new();
    for (t, thing) in things.iter().enumerate() {
        for (a, act) in acts.iter().enumerate() {
            for (w, when) in times.iter().enumerate() {
                lines += &format!(
                    "{{\"id\":\"e-{t}-{a}-{w}\",\"question\":\"{when}{thing}{act}？\",\"similar\":[\"{thing}{act}\",\"{when}我的{thing}{act}\"],\
                     \"answer\":\"{when}请在“我的{thing}”里操作。\"}}\n"
                );
            }
        }
    }
    Content::from_jsonl(lines.as_bytes()).unwrap()
}

fn questions(content: &Content) -> Vec<String> {
    let phrasings = content.entries().iter().flat_map(|entry| entry.phrasings());
    let mut questions: Vec<String> = phrasings
        .map(|phrasing| phrasing.as_str().to_owned())
        .step_by(7)
        .collect();
    questions.extend(
        [
            "查询订单",
            "訂單怎麼查",
            "积分",
            "丢了",
            "双11运费险过期",
            "我的我的我的",
            "转人工",
            "天气",
            "",
        ]
        .map(str::to_owned),
    );
    questions
}

/// All that a knowledge base says, as text, where a bit more or less of a number would show.
fn said(kb: &KnowledgeBase, questions: &[String]) -> Vec<(Reply, String, SearchPage)> {
    let said = questions.iter().map(|question| {
        let reply = kb.ask(question, &AskOptions::new().hits(50)).unwrap();
        let bits: Vec<String> = reply
            .hits
            .iter()
            .map(|hit| format!("{:08x}", hit.confidence.to_bits()))
            .collect();
        (
            reply,
            bits.join(" "),
            kb.search(question, &SearchOptions::new().limit(100)).unwrap(),
        )
    });
    said.collect()
}

#[test]
fn every_build_on_any_number_of_threads_says_the_same() {
    let content = content();
    let questions = questions(&content);
    let expected = said(&KnowledgeBase::new(&content).unwrap(), &questions);
    assert!(
        expected.iter().any(|(reply, ..)| reply.hits.len() > 20),
        "the questions have many hits"
    );
    for threads in [1, 1, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let kb = pool.install(|| KnowledgeBase::new(&content).unwrap());
        for ((question, expected), said) in questions.iter().zip(&expected).zip(said(&kb, &questions)) {
            assert_eq!(said, *expected, "{threads} threads: {question}");
        }
    }
}

#[test]
fn the_order_of_questions_and_the_threads_that_ask_them_do_not_matter() {
    let content = content();
    let questions = questions(&content);
    let kb = KnowledgeBase::new(&content).unwrap();
    // A smaller one in between: what a thread keeps from question to question fits neither.
    let other = Content::from_jsonl(r#"{"id":"a","question":"订单怎么查询"}"#.as_bytes()).unwrap();
    let other = KnowledgeBase::new(&other).unwrap();
    let expected = said(&kb, &questions);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (kb, other, questions, expected) = (&kb, &other, &questions, &expected);
            scope.spawn(move || {
                for number in 0..questions.len() {
                    let at = (number * (2 * thread + 1) + thread) % questions.len();
                    other.ask(&questions[at], &AskOptions::new()).unwrap();
                    let said = said(kb, &questions[at..=at]);
                    assert_eq!(said[0], expected[at], "thread {thread}: {}", questions[at]);
                }
            });
        }
    });
}
