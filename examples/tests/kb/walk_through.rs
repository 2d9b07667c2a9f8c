//! The walk-through of the README, command by command, as a person in a terminal types it.

use std::path::Path;
use std::process::Command;

use crate::kb::Desk;

const README: &str = include_str!("../../README.md");

#[test]
fn every_command_of_the_chinese_walk_through_works() {
    follow("## 中文", Desk::chinese());
}

#[test]
fn every_command_of_the_english_walk_through_works() {
    follow("## English", Desk::english());
}

fn follow(chapter: &str, desk: Desk) {
    let commands = commands(chapter);
    assert!(commands.len() >= 18, "{commands:?}");
    let mut answers = 0;
    for command in commands {
        if let Some(arguments) = command.strip_prefix("kb ") {
            let ran = desk.type_at(arguments, "yes\n");
            assert!(matches!(ran.code, 0 | 3), "{command}: {ran:?}");
        } else {
            let said = in_shell(command, &desk);
            answers += usize::from(said.contains("工作日"));
        }
    }
    assert_eq!(answers, 1, "the example in C gives the answer that is live");
    // What the walk-through comes to: the first version is live again, and the draft is a version.
    let status = desk.json("status");
    assert_eq!(status["newest"]["number"], 2);
    assert_eq!(status["channels"][0]["version"], 1);
    for file in ["again.xlsx", "report.html"] {
        assert!(desk.path(file).is_file(), "{file}");
    }
}

/// Runs a command that is none of `kb`; gives what it printed. The library is built as this test was, so that nobody waits
/// for a release build: that changes two words of the command.
fn in_shell(command: &str, desk: &Desk) -> String {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let command = match cfg!(debug_assertions) {
        true => command.replace(" --release ", " ").replace("/release/", "/debug/"),
        false => command.to_owned(),
    };
    let command = command.replace("$DAFU/target", "$DAFU_TARGET");
    let output = Command::new("sh")
        .args(["-e", "-c", &command])
        .current_dir(desk.path("."))
        .env("DAFU", repository)
        .env("DAFU_TARGET", target)
        .output()
        .unwrap();
    let (said, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{command}: {said}\n{errors}");
    said.into_owned()
}

/// The commands in the blocks of a chapter.
fn commands(chapter: &str) -> Vec<&'static str> {
    let start = README.find(chapter).expect("the README has the chapter");
    let text = &README[start + chapter.len()..];
    let text = text.split("\n## ").next().unwrap();
    let blocks = text
        .split("```sh\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap());
    blocks.flat_map(str::lines).collect()
}
