//! The walk-through of the README, command by command, as a person in a terminal types it.

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
    for command in commands {
        let arguments = command
            .strip_prefix("kb ")
            .expect("a walk-through has commands of kb only");
        let ran = desk.type_at(arguments, "yes\n");
        assert!(matches!(ran.code, 0 | 3), "{command}: {ran:?}");
    }
    // What the walk-through comes to: the first version is live again, and the draft is a version.
    let status = desk.json("status");
    assert_eq!(status["newest"]["number"], 2);
    assert_eq!(status["channels"][0]["version"], 1);
    for file in ["again.xlsx", "report.html"] {
        assert!(desk.path(file).is_file(), "{file}");
    }
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
