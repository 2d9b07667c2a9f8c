//! The clients that people start from: chat loop, threads, C++ wrapper, Python module, chat endpoint, README.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::build::{BOTH, Link, Setup, compile, library, repository, succeed};
use crate::programs::{hours, publication};

fn shop() -> PathBuf {
    repository().join("examples/data/shop.jsonl")
}

#[test]
fn a_chat_ends_with_a_person() {
    for link in BOTH {
        chats(&Setup::plain(link));
    }
}

pub fn chats(setup: &Setup<'_>) {
    let mut chat = setup.program("examples/c/ask.c");
    let said = feed(chat.arg(shop()).arg("app"), "东西不想要了能退吗\n？？\n转人工\n退货\n");
    assert!(said.contains("退货退款"), "{said}");
    assert!(said.contains("请问您想咨询什么？"), "{said}");
    assert!(said.ends_with("好的，正在为您转接人工客服。\n"), "{said}");
}

#[test]
fn a_choice_is_picked_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("faq.csv");
    let table = "编号,标准问题,相似问法,答案\ncard,礼品卡的余额怎么查？,余额在哪里看,礼品卡页面。\nwallet,钱包里的余额怎么查？,余额在哪里看,钱包页面。\n";
    std::fs::write(&content, table).unwrap();
    let mut command = Setup::plain(Link::Shared).program("examples/c/ask.c");
    let said = feed(command.arg(content), "余额在哪里看\n2\n");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 4, "{said}");
    let answer = if lines[2].contains("钱包") {
        "钱包页面。"
    } else {
        "礼品卡页面。"
    };
    assert_eq!((lines[0], lines[3]), ("您是想问：", answer));
}

#[test]
fn a_wrong_file_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("faq.jsonl");
    std::fs::write(&content, "{\"question\":\"咋退货\"}\n{\"qestion\":\"怎么换货\"}\n").unwrap();
    let output = Setup::plain(Link::Shared)
        .program("examples/c/ask.c")
        .arg(content)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("line 2: it is missing; fill it in"), "{told}");
}

#[test]
fn threads_ask_while_another_publishes_and_reloads() {
    for link in BOTH {
        threads(&Setup::plain(link), 8);
    }
}

pub fn threads(setup: &Setup<'_>, seconds: u32) {
    let folder = tempfile::tempdir().unwrap();
    let publication = publication(folder.path());
    let mut child = setup
        .program("examples/c/threads.c")
        .args([folder.path().to_str().unwrap(), &seconds.to_string(), "几点上班？"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    for version in 2..8 {
        publication.publish(&hours(&format!("{version}点。")), version).unwrap();
    }
    let told = lines.next().unwrap().unwrap();
    assert!(child.wait().unwrap().success(), "{told}");
    let generations = told.split(' ').nth(3).unwrap().parse::<u32>().unwrap();
    assert!(generations > 1 && told.ends_with(" 0 failures"), "{told}");
}

#[test]
fn the_wrapper_for_cpp_keeps_its_promises() {
    for link in BOTH {
        wraps(&Setup::plain(link));
        asks_in_cpp(&Setup::plain(link));
    }
}

pub fn wraps(setup: &Setup<'_>) {
    let folder = tempfile::tempdir().unwrap();
    publication(folder.path());
    let mut command = setup.program("crates/dafu-capi/tests/c/wrapper.cpp");
    succeed(command.arg(folder.path()));
}

pub fn asks_in_cpp(setup: &Setup<'_>) {
    let mut ask = setup.program("examples/cpp/ask.cpp");
    assert!(succeed(ask.arg(shop()).arg("东西不想要了能退吗")).contains("退货退款"));
}

#[test]
fn python_asks() {
    let folder = tempfile::tempdir().unwrap();
    publication(folder.path());
    for module in ["test_dafu", "test_chat_server"] {
        let mut command = Command::new("python3");
        command.args(["-B", "-W", "error", "-m", "unittest", module]);
        command.current_dir(repository().join("examples/python"));
        command.env("DAFU_LIBRARY", library().join("libdafu_capi.so"));
        succeed(command.env("DAFU_PUBLICATION", folder.path()));
    }
}

/// The program in the main README, and the one at the top of the header.
#[test]
fn programs_in_the_documentation_work() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let code = readme.split("```c\n").nth(1).and_then(|rest| rest.split("```").next());
    works(code.expect("the README has an example in C"));
    let header = std::fs::read_to_string(repository().join("crates/dafu-capi/include/dafu.h")).unwrap();
    let lines = header.lines().skip_while(|line| !line.contains("#include <dafu.h>"));
    let code = lines.map_while(|line| line.strip_prefix("//     ").or((line == "//").then_some("")));
    let code = code.collect::<Vec<_>>().join("\n");
    works(&code);
}

fn works(code: &str) {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("example.c");
    std::fs::write(&source, code.to_owned() + "\n").unwrap();
    std::fs::copy(shop(), folder.path().join("faq.jsonl")).unwrap();
    let program = compile(&source, library(), Link::Shared);
    let said = succeed(Command::new(program).current_dir(&folder));
    assert!(said.contains("退货退款"), "{said}");
}

fn feed(command: &mut Command, lines: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // A chat that has ended reads no further, which is no mistake.
    let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
