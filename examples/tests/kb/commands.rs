//! Commands one by one, as scripts use them.

use crate::kb::Desk;

#[test]
fn without_a_knowledge_base_the_error_says_what_to_do() {
    let desk = Desk::english();
    let ran = desk.run("status").code(1);
    assert!(ran.err.contains("run kb init first"), "{}", ran.err);
    let ran = Desk::chinese().run("status").code(1);
    assert!(ran.err.contains("先运行 kb init"), "{}", ran.err);
}

#[test]
fn a_wrong_command_line_says_how_it_is_right() {
    let desk = Desk::english();
    for (line, expected) in [
        ("stat", "there is no command `stat`; do you mean kb status?"),
        ("import", "write kb import FILE; see kb import --help"),
        ("log --count viele", "--count takes a whole number, not `viele`"),
        ("log --cuont 3", "see kb log --help"),
    ] {
        let ran = if line.starts_with("stat") {
            desk.run(line)
        } else {
            Desk::english().published().run(line)
        };
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
}

#[test]
fn every_command_has_json_with_stable_keys() {
    let desk = Desk::english().published();
    for (line, keys) in [
        ("status", &["newest", "draft", "channels", "test_questions"][..]),
        ("check", &["version", "findings"]),
        ("diff 0 1", &["from", "to", "changes"]),
        ("log", &["versions"]),
        ("log --audit", &["audit"]),
        ("show refund-time", &["id", "question", "similar", "answers"]),
        ("blame refund-time", &["id", "fields"]),
        ("ask 我的钱几时退", &["questions"]),
        ("test", &["passed", "failed", "results"]),
        ("test list", &["test_questions"]),
        ("templates", &["templates"]),
        ("templates appease-late order_no=QH1001", &["id", "texts"]),
        ("prune", &["removed", "in_use"]),
        ("doctor", &["sound", "checked"]),
        ("export out.jsonl", &["file", "entries", "bytes"]),
        ("bundle export v.bundle", &["file", "version"]),
        (
            "bundle import v.bundle",
            &["version", "added", "changed", "removed", "unchanged"],
        ),
        ("report r.html", &["file", "version", "findings"]),
        (
            "import shop.xlsx",
            &[
                "added",
                "changed",
                "removed",
                "unchanged",
                "understood",
                "warnings",
                "test_questions",
            ],
        ),
        ("add 问题一 答案一 --id one", &["id", "question"]),
        ("rm one", &["removed"]),
        ("undo", &["undone"]),
        ("commit -m x", &["version", "conflicts"]),
        (
            "publish --yes",
            &["version", "changes", "answers", "findings", "published"],
        ),
        ("import nothing.xlsx", &["error"]),
    ] {
        let json = desk.json(line);
        for key in keys {
            assert!(json.get(key).is_some(), "{line}: {key} in {json}");
        }
    }
}

#[test]
fn a_script_has_to_say_yes() {
    let desk = Desk::english().published();
    desk.run("add 可以开发票吗？ 可以。 --id invoice").code(0);
    desk.run("commit -m more").code(0);
    let ran = desk.run("publish").code(4);
    assert!(ran.err.contains("add --yes"), "{}", ran.err);
    assert_eq!(desk.json("status")["channels"][0]["version"], 1);
    desk.run("publish --yes").code(0);
    assert_eq!(desk.json("status")["channels"][0]["version"], 2);
    desk.run("rollback").code(4);
    desk.run("rollback --yes").code(0);
    assert_eq!(desk.json("status")["channels"][0]["version"], 1);
}

#[test]
fn the_gate_refuses_what_worked_before_until_there_is_a_reason() {
    let desk = Desk::english().published();
    desk.run("rm return-apply").code(0);
    desk.run("commit -m less").code(0);
    let ran = desk.run("publish --yes").code(4);
    assert!(ran.out.contains("买的东西不想要了"), "{}", ran.out);
    assert_eq!(desk.json("status")["channels"][0]["version"], 1);
    desk.run("publish --yes --reason 退货改由人工处理").code(0);
    let audit = desk.json("log --audit");
    assert!(audit.to_string().contains("退货改由人工处理"));
}

#[test]
fn the_answer_difference_is_shown_before_a_publish() {
    let desk = Desk::english().published();
    desk.run("add 可以开发票吗？ 可以。 能不能开票 --id invoice").code(0);
    desk.run("commit -m invoice").code(0);
    let ran = desk.run("publish").code(4);
    assert!(ran.out.contains("+ entry invoice"), "{}", ran.out);
    assert!(ran.out.contains("3 test questions and"), "{}", ran.out);
    assert!(ran.out.contains("可以开发票吗？"), "{}", ran.out);
}

#[test]
fn two_editors_get_a_merge_or_a_named_conflict() {
    let desk = Desk::english().published();
    let edit = |author: &str, from: &str, to: &str| {
        let script = desk.path("editor.sh");
        std::fs::write(&script, format!("sed -i 's/{from}/{to}/' \"$1\"\n")).unwrap();
        let editor = format!("sh {}", script.display());
        desk.run_with(&["edit", "refund-time", "--author", author], &[("EDITOR", &editor)])
            .code(0);
    };
    edit("李雷", "1-3个工作日", "3天内");
    edit("韩梅", "1-3个工作日", "5天内");
    desk.run_all(&["commit", "-m", "a", "--author", "李雷"]).code(0);
    let ran = desk.run_all(&["commit", "-m", "b", "--author", "韩梅"]).code(4);
    for value in ["1-3个工作日", "3天内", "5天内", "kb resolve refund-time answers"] {
        assert!(ran.out.contains(value), "{value}: {}", ran.out);
    }
    desk.run_all(&["resolve", "refund-time", "answers", "draft", "--author", "韩梅"])
        .code(0);
    desk.run_all(&["commit", "-m", "b", "--author", "韩梅"]).code(0);
    assert!(desk.run("show refund-time").out.contains("5天内"));
    // Different fields of one entry merge.
    edit("李雷", "分类: 售后\\/退款", "分类: 售后");
    let ran = desk.run("log --count 1").code(0);
    assert!(ran.out.contains("韩梅"), "{}", ran.out);
}

#[test]
fn an_entry_comes_back_from_the_editor_as_it_was() {
    let desk = Desk::chinese().published();
    for id in ["return-apply", "singles-day", "refund-where"] {
        let ran = desk.run_with(&["edit", id], &[("EDITOR", "true")]).code(0);
        assert!(ran.out.contains("没有改动"), "{}", ran.out);
        // Something that is no change: a comment.
        let script = desk.path("editor.sh");
        std::fs::write(&script, "echo '# 看过了' >> \"$1\"\n").unwrap();
        let editor = format!("sh {}", script.display());
        let ran = desk.run_with(&["edit", id], &[("EDITOR", &editor)]).code(0);
        assert!(ran.out.contains("没有改动"), "{id}: {}", ran.out);
    }
    let script = desk.path("editor.sh");
    std::fs::write(&script, "echo '优先级: 高' >> \"$1\"; sed -i '/^优先级: 0/d' \"$1\"\n").unwrap();
    let editor = format!("sh {}", script.display());
    let ran = desk.run_with(&["edit", "refund-where"], &[("EDITOR", &editor)]).code(1);
    assert!(
        ran.err.contains("优先级") && ran.err.contains("kb-edit.txt"),
        "{}",
        ran.err
    );
}

#[test]
fn damage_is_found() {
    let desk = Desk::english().published();
    desk.run("doctor").code(0);
    let generations = desk.path("published/generations");
    let generation = std::fs::read_dir(generations).unwrap().next().unwrap().unwrap().path();
    let file = generation.join("index/items.bin");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let ran = desk.run("doctor").code(1);
    assert!(ran.out.contains('✗'), "{}", ran.out);
}

#[test]
fn a_watched_file_is_checked_when_it_is_saved() {
    let desk = Desk::english().published();
    desk.write("faq.csv", "id,question,answer\na,怎么退款,点退款。\n");
    let ran = desk.run("watch faq.csv --times 1");
    assert!(ran.out.contains("faq.csv: 1 entries"), "{ran:?}");
    desk.write("faq.csv", "id,question,answer\na,,点退款。\n");
    let ran = desk.run("watch faq.csv --times 1").code(3);
    assert!(
        ran.out.contains("line 2, column 2, field `question`: it is missing"),
        "{}",
        ran.out
    );
}

#[test]
fn completions_name_every_command_and_option() {
    let desk = Desk::english();
    for shell in ["bash", "zsh", "fish"] {
        let script = desk.run(&format!("completions {shell}")).code(0).out;
        assert!(script.contains("rollback") && script.contains("template"), "{script}");
    }
    let script = desk.path("kb.bash");
    std::fs::write(&script, desk.run("completions bash").out).unwrap();
    let check = std::process::Command::new("bash")
        .arg("-n")
        .arg(&script)
        .status()
        .unwrap();
    assert!(check.success());
}

/// Killed at any moment: what was reported as done is there, and the store is sound.
#[test]
fn a_kill_loses_nothing_that_was_reported() {
    let desk = Desk::english().published();
    let mut reported = 1;
    for number in 0..12_u64 {
        desk.run(&format!("add 问题{number}号怎么办 答案{number} --id e{number}"))
            .code(0);
        let ran = desk.kill_after(
            &format!("commit -m {number}"),
            std::time::Duration::from_millis(number * 4),
        );
        if ran.out.contains("Version") {
            reported += 1;
        }
        let newest = desk.json("status")["newest"]["number"].as_u64().unwrap();
        assert!(
            newest >= reported,
            "version {reported} was reported, and {newest} is the newest"
        );
        reported = newest;
        let shown = desk.run(&format!("show e{number}")).code(0);
        assert!(shown.out.contains(&format!("答案{number}")), "{}", shown.out);
    }
    for number in 0..4_u64 {
        desk.kill_after("publish --yes", std::time::Duration::from_millis(40 * number));
        let served = desk.json("status")["channels"][0]["version"].as_u64().unwrap();
        assert!(served == 1 || served == reported, "{served}");
    }
    desk.run("publish --yes").code(0);
    desk.run("doctor").code(0);
}
