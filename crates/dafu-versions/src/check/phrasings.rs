//! Every phrasing is asked, as a customer would.

use std::collections::HashSet;

use dafu::{AskOptions, Audience, Decision, Entry, KnowledgeBase, Reason, Reply};
use rayon::prelude::*;

use super::{Finding, FindingCode};
use crate::error::Result;
use crate::item::ItemKey;
use crate::progress::{Counter, Progress};

/// What asking a phrasing tells.
struct Asked {
    findings: Vec<Finding>,
    finds_other: bool,
}

pub(super) fn check(
    kb: &KnowledgeBase,
    entries: &[Entry],
    now: i64,
    options: &AskOptions,
    progress: Progress<'_>,
) -> Result<Vec<Finding>> {
    let asked: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.enabled && entry.valid.contains(now))
        .collect();
    let counter = Counter::new(progress, asked.iter().map(|entry| entry.phrasings().count()).sum());
    let of_entries: Result<Vec<Vec<Finding>>> = asked
        .par_iter()
        .map(|entry| check_entry(kb, entry, options, &counter))
        .collect();
    Ok(once_for_each_pair(of_entries?.into_iter().flatten()))
}

fn check_entry(kb: &KnowledgeBase, entry: &Entry, options: &AskOptions, counter: &Counter<'_>) -> Result<Vec<Finding>> {
    let options = options_for(entry, options);
    let key = ItemKey::entry(entry.id.as_str());
    let mut findings = Vec::new();
    let mut others = 0;
    for (number, phrasing) in entry.phrasings().enumerate() {
        let reply = kb.ask(phrasing.as_str(), &options)?;
        let field = if number == 0 { "question" } else { "similar" };
        let asked = judge(&reply, phrasing.as_str(), &key, field);
        others += usize::from(asked.finds_other);
        findings.extend(asked.findings);
        counter.one_more();
    }
    if others == entry.phrasings().count() {
        let shadow = findings
            .iter()
            .find(|finding| finding.code == FindingCode::PhrasingFindsOther)
            .and_then(|finding| finding.other.clone());
        // One finding says what all of them would.
        findings.retain(|finding| finding.code != FindingCode::PhrasingFindsOther);
        let mut finding = Finding::new(FindingCode::Shadowed, "every phrasing gets another entry first").of(&key);
        finding.other = shadow;
        findings.push(finding);
    }
    Ok(findings)
}

/// Asks where, and as whom, the entry may answer.
fn options_for(entry: &Entry, options: &AskOptions) -> AskOptions {
    let mut options = options.clone().hits(SEEN);
    if let Some(channel) = entry.channels.first() {
        options = options.channel(channel.clone());
    }
    if !entry.audiences.is_empty() && !entry.audiences.contains(&Audience::Customer) {
        options = options.audience(entry.audiences[0]);
    }
    options
}

fn judge(reply: &Reply, phrasing: &str, key: &ItemKey, field: &'static str) -> Asked {
    let mut findings = Vec::new();
    let finding = |code, message: String| Finding::new(code, message).of(key).field(field).text(phrasing);
    let mut finds_other = false;
    match (reply.decision, reply.hits.first()) {
        (Decision::NoAnswer(reason), _) => {
            let why = match reason {
                Reason::HandoverRequested => "it asks for a person",
                Reason::Excluded => "the entry excludes it, too",
                _ => "nothing is near enough",
            };
            let message = format!("asked, the phrasing gets no answer: {why}");
            findings.push(finding(FindingCode::PhrasingFindsNothing, message));
        }
        (_, Some(first)) if first.entry != key.id => {
            finds_other = true;
            let other = ItemKey::entry(first.entry.as_str());
            let message = format!("asked, the phrasing gets the {other} first");
            findings.push(finding(FindingCode::PhrasingFindsOther, message).other(other));
        }
        _ => {}
    }
    for hit in reply.hits.iter().filter(|hit| hit.entry != key.id) {
        if is_near(phrasing, &hit.phrasing) {
            let other = ItemKey::entry(hit.entry.as_str());
            let message = format!("the {other} has nearly the same phrasing: {}", hit.phrasing);
            findings.push(finding(FindingCode::NearDuplicate, message).other(other));
        }
    }
    Asked { findings, finds_other }
}

/// Two entries with nearly the same phrasings are told of once, not from both sides and not for each phrasing.
fn once_for_each_pair(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut told = HashSet::new();
    findings
        .filter(|finding| {
            if finding.code != FindingCode::NearDuplicate {
                return true;
            }
            let (Some(one), Some(other)) = (&finding.item, &finding.other) else {
                return true;
            };
            told.insert((one.min(other).clone(), one.max(other).clone()))
        })
        .collect()
}

/// Says whether two phrasings ask the same in nearly the same words: most pairs of characters agree, and no number, no
/// Latin word and no negation differs.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other) = (letters(one), letters(other));
    if one == other {
        return true;
    }
    if one.len() < SHORTEST || other.len() < SHORTEST || tells_apart(&one) != tells_apart(&other) {
        return false;
    }
    let (a, b) = (pairs(&one), pairs(&other));
    let common = a.intersection(&b).count();
    2.0 * common as f64 >= NEAR * (a.len() + b.len()) as f64
}

fn letters(text: &str) -> Vec<char> {
    let normal = KnowledgeBase::normalize(text);
    normal
        .chars()
        .filter(|c| c.is_alphanumeric() && !FILLERS.contains(*c))
        .collect()
}

fn pairs(letters: &[char]) -> HashSet<(char, char)> {
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

/// The characters that make two phrasings differ in meaning however alike they look.
fn tells_apart(letters: &[char]) -> Vec<char> {
    let tells = |c: &&char| c.is_ascii_alphanumeric() || NEGATIONS.contains(**c);
    letters.iter().filter(tells).copied().collect()
}

/// How many hits are looked at for near-duplicates.
const SEEN: usize = 5;

/// How much of the pairs of characters must agree (Dice's coefficient). Lower, and 怎么退货 is told to be 怎么换货.
const NEAR: f64 = 0.8;

/// Characters below which pairs say too little.
const SHORTEST: usize = 5;

const FILLERS: &str = "吗呢啊呀吧的了请亲";

const NEGATIONS: &str = "不没无未别非";

#[cfg(test)]
mod tests {
    use dafu::Content;

    use super::*;

    #[test]
    fn a_reply_without_an_answer_is_told_with_its_reason() {
        let content = Content::from_jsonl(r#"{"id":"hours","question":"几点上班"}"#.as_bytes()).unwrap();
        let kb = KnowledgeBase::new(&content).unwrap();
        let key = ItemKey::entry("hours");
        for (asked, told) in [
            (
                "转人工",
                Some("asked, the phrasing gets no answer: it asks for a person"),
            ),
            (
                "彩虹有几种颜色",
                Some("asked, the phrasing gets no answer: nothing is near enough"),
            ),
            ("几点上班", None),
        ] {
            let reply = kb.ask(asked, &AskOptions::new()).unwrap();
            let found = judge(&reply, asked, &key, "question").findings;
            assert_eq!(found.first().map(|finding| finding.message.as_str()), told);
        }
    }

    #[test]
    fn near_is_the_same_question_in_nearly_the_same_words() {
        for (one, other) in [
            ("怎么申请退货？", "怎么申请退货"),
            ("退款多久可以到账呢", "退款多久可以到帐"),
            ("請問怎麼修改收貨地址", "怎么修改收货地址啊"),
            ("我想知道订单什么时候能发货", "想知道订单什么时候能发货"),
        ] {
            assert!(is_near(one, other), "{one} / {other}");
        }
        for (one, other) in [
            ("怎么退货", "怎么换货"),
            ("7天内可以退货吗", "15天内可以退货吗"),
            ("收到的商品可以退货吗", "收到的商品不可以退货吗"),
            ("怎么开通花呗分期付款", "怎么关闭花呗分期付款"),
            ("发票", "发票呢我的"),
        ] {
            assert!(!is_near(one, other), "{one} / {other}");
        }
    }
}
