//! Every phrasing is asked, as a customer would.

use std::collections::{HashMap, HashSet};

use dafu::{AskOptions, Audience, Decision, Entry, KnowledgeBase, Reason, Reply};
use rayon::prelude::*;

use super::sameness::{Side, is_near};
use super::{Finding, FindingCode};
use crate::error::Result;
use crate::item::ItemKey;
use crate::progress::{Counter, Progress};

/// What asking a phrasing tells.
struct Asked {
    findings: Vec<Finding>,
    finds_other: bool,
}

/// The answers that the entries have of their own, by id.
type Answers = HashMap<String, Side>;

pub(super) fn check(
    kb: &KnowledgeBase,
    asked: &[&Entry],
    options: &AskOptions,
    progress: Progress<'_>,
) -> Result<Vec<Finding>> {
    let answers: Answers = asked
        .par_iter()
        .filter_map(|entry| Some((entry.id.as_str().to_owned(), Side::of_answer(entry)?)))
        .collect();
    let counter = Counter::new(progress, asked.iter().map(|entry| entry.phrasings().count()).sum());
    let of_entries: Result<Vec<Vec<Finding>>> = asked
        .par_iter()
        .map(|entry| check_entry(kb, entry, &answers, options, &counter))
        .collect();
    Ok(once_for_each_pair(of_entries?.into_iter().flatten()))
}

fn check_entry(
    kb: &KnowledgeBase,
    entry: &Entry,
    answers: &Answers,
    options: &AskOptions,
    counter: &Counter<'_>,
) -> Result<Vec<Finding>> {
    let options = options_for(entry, options);
    let key = ItemKey::entry(entry.id.as_str());
    let mut findings = Vec::new();
    let mut others = 0;
    for (number, phrasing) in entry.phrasings().enumerate() {
        let reply = kb.ask(phrasing.as_str(), &options)?;
        let field = if number == 0 { "question" } else { "similar" };
        let asked = judge(&reply, phrasing.as_str(), &key, field, answers);
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

fn judge(reply: &Reply, phrasing: &str, key: &ItemKey, field: &'static str, answers: &Answers) -> Asked {
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
    let asked = Side::new(phrasing);
    for hit in reply.hits.iter().filter(|hit| hit.entry != key.id) {
        let both = answers.get(&key.id).zip(answers.get(&hit.entry));
        if is_near(&asked, &Side::new(&hit.phrasing), both) {
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
            let pair = finding.pair().filter(|_| finding.code == FindingCode::NearDuplicate);
            pair.is_none_or(|pair| told.insert(pair))
        })
        .collect()
}

/// How many hits are looked at for near-duplicates.
const SEEN: usize = 5;

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
            let found = judge(&reply, asked, &key, "question", &Answers::new()).findings;
            assert_eq!(found.first().map(|finding| finding.message.as_str()), told);
        }
    }
}
