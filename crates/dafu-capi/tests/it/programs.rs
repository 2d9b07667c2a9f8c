//! The C programs of `tests/c`, compiled with warnings as errors, against the shared and the static library.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use dafu::{AskOptions, Audience, Content, KnowledgeBase};
use dafu_versions::Publication;

use crate::build::{BOTH, Link, Setup, library_that_panics, package, repository, succeed};

#[test]
fn every_function_does_what_the_header_says() {
    for link in BOTH {
        calls_every_function(&Setup::plain(link));
    }
}

pub fn calls_every_function(setup: &Setup<'_>) {
    let folder = tempfile::tempdir().unwrap();
    succeed(setup.program("crates/dafu-capi/tests/c/api.c").arg(folder.path()));
}

#[test]
fn follows_what_is_published() {
    for link in BOTH {
        follows(&Setup::plain(link));
    }
}

pub fn follows(setup: &Setup<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let publication = publication(folder.path());
    let mut child = setup
        .program("crates/dafu-capi/tests/c/live.c")
        .arg(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "1");
    publication.publish(&hours("八点。"), 2).unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "2");
    publication.roll_back("live", None).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn many_calls_leave_the_memory_flat() {
    makes_many_calls(&Setup::plain(Link::Shared), 30_000);
}

pub fn makes_many_calls(setup: &Setup<'_>, calls: u32) {
    let mut command = setup.program("crates/dafu-capi/tests/c/memory.c");
    succeed(command.arg(calls.to_string()));
}

#[test]
fn a_panic_in_any_function_is_a_status() {
    let library = library_that_panics();
    panics(&Setup {
        library,
        ..Setup::plain(Link::Shared)
    });
}

pub fn panics(setup: &Setup<'_>) {
    let folder = tempfile::tempdir().unwrap();
    publication(folder.path());
    let mut command = setup.program("crates/dafu-capi/tests/c/panics.c");
    let printed = succeed(command.arg(folder.path()));
    let mut driven: Vec<&str> = printed.lines().collect();
    driven.sort_unstable();
    let exported = std::fs::read_to_string(package().join("abi/symbols.txt")).unwrap();
    assert_eq!(driven, exported.lines().collect::<Vec<_>>());
}

#[test]
fn survives_fork_and_dlclose() {
    forks(&Setup::plain(Link::Shared));
}

pub fn forks(setup: &Setup<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let content = r#"{"id":"return","question":"怎么申请退货？","similar":["买错了想退"]}"#;
    let (index, content) = (
        folder.path().join("index"),
        Content::from_jsonl(content.as_bytes()).unwrap(),
    );
    KnowledgeBase::build_index(&content, &index, &dafu::BuildOptions::default()).unwrap();
    succeed(
        setup
            .program("crates/dafu-capi/tests/c/fork_and_dlclose.c")
            .arg(setup.library.join("libdafu_capi.so"))
            .arg(index),
    );
}

/// The story: what an editor tries in Rust's tools, and what the chat system says through C, are the same to the last bit.
#[test]
fn replies_are_those_of_rust() {
    replies(&Setup::plain(Link::Shared));
}

pub fn replies(setup: &Setup<'_>) {
    let data = repository().join("examples/data");
    let kb = KnowledgeBase::load(data.join("shop.jsonl")).unwrap();
    let table = std::fs::read_to_string(data.join("shop_questions.tsv")).unwrap();
    let callers = ["-\t-\t-", "agent\tapp\t1794000000", "customer\twechat\t0"];
    let asked: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.split('\t').next())
        .chain(["", "转人工", "？？", "東西不想要了，能退嗎"])
        .enumerate()
        .map(|(number, question)| (question, callers[number % callers.len()]))
        .collect();
    assert!(asked.len() > 300);
    let input: String = asked
        .iter()
        .map(|(question, caller)| format!("{question}\t{caller}\n"))
        .collect();

    let mut child = setup
        .program("crates/dafu-capi/tests/c/replies.c")
        .arg(data.join("shop.jsonl"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let printed: Vec<String> = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap)
        .collect();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(printed.len(), asked.len());
    for ((question, caller), printed) in asked.iter().zip(&printed) {
        let reply = kb.ask(question, &options(caller)).unwrap();
        let (json, fields) = printed.split_once('\t').unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let hits = serde_json::from_str::<serde_json::Value>(&serde_json::to_string(&reply.hits).unwrap()).unwrap();
        assert_eq!(json["hits"], hits, "{question}");
        assert_eq!(fields, as_fields(&reply), "{question}");
    }
}

fn options(caller: &str) -> AskOptions {
    let mut fields = caller.split('\t');
    let mut options = AskOptions::new();
    options.audience = Some(fields.next().unwrap())
        .filter(|name| *name == "agent")
        .map(|_| Audience::Agent);
    let channel = Some(fields.next().unwrap()).filter(|name| *name != "-");
    options.channel = channel.map(|name| name.try_into().unwrap());
    let time = Some(fields.next().unwrap()).filter(|time| *time != "-");
    options.at = time.map(|time| dafu::Timestamp::from_unix_seconds(time.parse().unwrap()).unwrap());
    options
}

/// A reply as `replies.c` prints its fields.
fn as_fields(reply: &dafu::Reply) -> String {
    use dafu::{Decision, Reason};
    let reason = |reason| match reason {
        Reason::NothingClose => 1,
        Reason::HandoverRequested => 2,
        Reason::OnlyOutOfDate => 3,
        Reason::OnlyFiltered => 4,
        Reason::Excluded => 5,
        Reason::EmptyQuestion => 6,
        Reason::QuestionTooLong => 7,
        _ => 8,
    };
    let mut line = match reply.decision {
        Decision::Answer => "1 0 0".to_owned(),
        Decision::Choices(count) => format!("2 0 {count}"),
        Decision::NoAnswer(why) => format!("3 {} 0", reason(why)),
        _ => unreachable!("a decision that C has no number for"),
    };
    for hit in &reply.hits {
        let answer = hit.answer.as_ref().map_or(0, String::len);
        // Nine digits tell any two numbers of this type apart, so equal numbers are printed alike.
        let confidence = general(hit.confidence);
        line += &format!(" {} {confidence} {answer} {}", hit.entry, hit.question_spans.len());
    }
    line
}

/// A number as C prints it with `%.9g`.
fn general(value: f32) -> String {
    let value = f64::from(value);
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.8e}");
    let (digits, exponent) = scientific.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    let trimmed = |text: String| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    if exponent < -4 {
        return format!("{}e-{:02}", trimmed(digits.to_owned()), -exponent);
    }
    trimmed(format!("{value:.*}", (8 - exponent) as usize))
}

pub fn publication(folder: &std::path::Path) -> Publication {
    let publication = Publication::create(folder).unwrap();
    publication.publish(&hours("九点。"), 1).unwrap();
    publication
}

pub fn hours(answer: &str) -> Content {
    Content::from_jsonl(format!(r#"{{"id":"hours","question":"几点上班？","answer":"{answer}"}}"#).as_bytes()).unwrap()
}
