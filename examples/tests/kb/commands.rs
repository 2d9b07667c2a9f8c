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
        ("import", &["error"]),
        ("no-such-command", &["error"]),
        ("status --no-such-option", &["error"]),
        ("--json status", &["error"]),
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

/// A program that did not say yes is told so as all else.
#[test]
fn what_was_not_confirmed_is_told_as_json() {
    let desk = Desk::english().published();
    desk.write("one.csv", "id,question,answer\na,怎么飞,坐飞机\n");
    for line in [
        "import one.csv",
        "rollback",
        "export shop.xlsx",
        "init other --template shop.xlsx",
    ] {
        if line == "rollback" {
            desk.run("add 可以开发票吗？ 可以。").code(0);
            desk.run("commit -m more").code(0);
            assert_eq!(desk.json("publish")["published"], false);
            desk.run("publish --yes").code(0);
        }
        let json = desk.json(line);
        assert_eq!(json["error"]["kind"], "declined", "{line}: {json}");
        desk.run(&format!("{line} --json")).code(4);
    }
    assert!(!desk.path("other").exists(), "nothing was changed");
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
    // A value of one's own is written as it is, whatever the field holds: a list of answers, a text.
    for (field, from, to, own) in [
        ("answers", "5天内", "7天内", "三天"),
        ("category", "售后\\/退款", "退款", "8"),
    ] {
        edit("李雷", from, to);
        edit("韩梅", from, "别的");
        desk.run_all(&["commit", "-m", "a", "--author", "李雷"]).code(0);
        desk.run_all(&["commit", "-m", "b", "--author", "韩梅"]).code(4);
        desk.run_all(&["resolve", "refund-time", field, own, "--author", "韩梅"])
            .code(0);
        desk.run_all(&["commit", "-m", "b", "--author", "韩梅"]).code(0);
        assert!(desk.json("show refund-time")[field].to_string().contains(own));
    }
    // Different fields of one entry merge.
    edit("李雷", "category: 8", "category: 售后");
    edit("韩梅", "三天", "6天内");
    desk.run_all(&["commit", "-m", "c", "--author", "李雷"]).code(0);
    desk.run_all(&["commit", "-m", "d", "--author", "韩梅"]).code(0);
    let merged = desk.json("show refund-time");
    assert_eq!(merged["category"], "售后", "{merged}");
    assert!(merged["answers"].to_string().contains("6天内"), "{merged}");
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

/// Runs `kb edit` or the like with an editor that does what a line of shell says with its file, `$1`.
fn edit_with(desk: &Desk, arguments: &[&str], shell: &str) -> crate::kb::Ran {
    let script = desk.path("editor.sh");
    std::fs::write(&script, format!("{shell}\n")).unwrap();
    let editor = format!("sh {}", script.display());
    desk.run_with(arguments, &[("EDITOR", &editor)])
}

/// As a shell reads it: with options, with quotation marks around blanks; a path with blanks may stand alone.
#[cfg(unix)]
#[test]
fn the_editor_may_have_options_and_blanks_in_its_path() {
    use std::os::unix::fs::PermissionsExt as _;

    let desk = Desk::english().published();
    std::fs::create_dir(desk.path("My Editor")).unwrap();
    let program = desk.path("My Editor/ed");
    // Writes down with what it was called; the file is the last of it.
    let script = format!("#!/bin/sh\nprintf '%s|' \"$@\" > '{}'\n", desk.path("called").display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = program.display();
    for (editor, options) in [
        (format!("\"{path}\" --wait"), &["--wait"][..]),
        (format!("'{path}' -c 'set spell' -w"), &["-c", "set spell", "-w"]),
        (path.to_string().replace(' ', "\\ "), &[]),
        (path.to_string(), &[]),
    ] {
        for variable in ["EDITOR", "VISUAL"] {
            desk.run_with(&["edit", "refund-time"], &[(variable, &editor)]).code(0);
            let called = std::fs::read_to_string(desk.path("called")).unwrap();
            let called: Vec<&str> = called.trim_end_matches('|').split('|').collect();
            let (file, before) = called.split_last().unwrap();
            assert_eq!(before, options, "{editor}");
            assert!(file.ends_with(".txt"), "{editor}: {file}");
            std::fs::remove_file(desk.path("called")).unwrap();
        }
    }
    let ran = desk
        .run_with(&["edit", "refund-time"], &[("EDITOR", "\"ed -w")])
        .code(1);
    assert!(
        ran.err
            .contains("a quotation mark of the editor `\"ed -w` is never closed"),
        "{}",
        ran.err
    );
}

#[test]
fn another_id_is_one_step_and_takes_nobody_elses_place() {
    let desk = Desk::chinese().published();
    let ran = edit_with(
        &desk,
        &["edit", "refund-where"],
        "sed -i 's/refund-where/return-apply/' \"$1\"",
    )
    .code(1);
    assert!(
        ran.err.contains("已经有 return-apply") && ran.err.contains("kb-edit.txt"),
        "{}",
        ran.err
    );
    assert!(desk.run("show return-apply").out.contains("怎么申请退货"));
    assert!(desk.run("show refund-where").out.contains("退款退到哪里"));
    edit_with(
        &desk,
        &["edit", "refund-where"],
        "sed -i 's/refund-where/refund-to/' \"$1\"",
    )
    .code(0);
    desk.run("show refund-where").code(1);
    let ran = desk.run("undo").code(0);
    assert!(
        ran.out.contains("撤销了：改编号 问答 refund-where → 问答 refund-to"),
        "{}",
        ran.out
    );
    desk.run("show refund-where").code(0);
    desk.run("show refund-to").code(1);
}

#[test]
fn what_was_written_in_vain_is_kept() {
    let desk = Desk::chinese().published();
    let kept = || std::fs::read_to_string(desk.path("kb-edit.txt")).unwrap();
    edit_with(
        &desk,
        &["edit", "refund-where"],
        "echo '  多写的一行' >> \"$1\"; exit 1",
    )
    .code(1);
    assert!(kept().contains("多写的一行"));
    let ran = edit_with(&desk, &["add"], "printf '标准问题:\\n答案: 好\\n' > \"$1\"").code(1);
    assert!(ran.err.contains("“标准问题”：没有填；请填上"), "{}", ran.err);
    assert!(kept().contains("答案: 好"));
    let ran = edit_with(&desk, &["add"], "printf '乱写' > \"$1\"").code(1);
    assert!(ran.err.contains("“乱写”：每行写成“标题: 内容”"), "{}", ran.err);
}

#[test]
fn several_are_deleted_in_one_step_or_none() {
    let desk = Desk::chinese().published();
    desk.run("rm refund-where nobody").code(1);
    desk.run("show refund-where").code(0);
    desk.run("rm refund-where singles-day").code(0);
    let ran = desk.run("undo").code(0);
    assert!(ran.out.contains("撤销了：删除 2 条"), "{}", ran.out);
    desk.run("show refund-where").code(0);
    desk.run("show singles-day").code(0);
}

#[test]
fn wrong_slots_are_told_in_the_editors_language() {
    for (desk, expected) in [
        (Desk::chinese(), ["没有填 “order_no”", "没有变量 “订单”"]),
        (Desk::english(), ["no value for `order_no`", "no slot for `订单`"]),
    ] {
        let ran = desk.published().run("templates appease-late 订单=1").code(1);
        assert!(expected.iter().all(|part| ran.err.contains(part)), "{}", ran.err);
    }
}

#[test]
fn damage_is_told_in_the_editors_language() {
    let desk = Desk::chinese().published();
    let ran = desk.run("doctor").code(0);
    for line in ["✓ 库", "✓ 发布 ", "✓ 渠道 live", "一切完好"] {
        assert!(ran.out.contains(line), "{}", ran.out);
    }
    let current = desk.path("published/CURRENT");
    let mut bytes = std::fs::read(&current).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&current, bytes).unwrap();
    let ran = desk.run("doctor").code(1);
    assert!(ran.out.contains("它损坏了；请重新发布，或者从备份恢复"), "{ran:?}");
    assert!(ran.out.contains("✓ 发布 "), "{}", ran.out);
}

/// Mistyped names and numbers are told in the editor's language, with what is there instead.
#[test]
fn what_is_not_there_is_told_in_chinese() {
    let desk = Desk::chinese().published();
    for (line, code, expected) in [
        ("diff 7 8", 1, "没有版本 7，最新的是版本 1"),
        ("rm nobody", 1, "草稿里没有问答“nobody”"),
        ("blame nobody", 1, "没有哪个版本里有 nobody"),
        ("test rm 没有", 1, "没有测试问题“没有”"),
        ("test add 怎么飞 nobody", 3, "还没有问答 nobody"),
        ("bundle import shop.xlsx", 1, "shop.xlsx：这不是打包文件；请换一个文件"),
        ("bundle import no.bundle", 1, "读取 no.bundle：没有这个文件"),
        ("prune --keep 0", 2, "--keep 至少是 1"),
        ("export", 2, "要这样写：kb export FILE；"),
        ("status --foo", 2, "没有选项 --foo；"),
        ("log --count", 2, "--count 后面要写一个值；"),
        ("blub", 2, "没有命令“blub”；"),
        (
            "--author 王芳 status",
            2,
            "--author 写在命令后面，例如 kb status --author；",
        ),
    ] {
        let ran = desk.run(line).code(code);
        let told = format!("{}{}", ran.out, ran.err);
        assert!(told.contains(expected), "{line}: {told}");
    }
    let ran = desk.run("log --audit").code(0);
    assert!(ran.out.contains("写入测试问题  个数: 1, 问题: "), "{}", ran.out);
}

/// What the libraries refuse is told in the editor's language, with what to do.
#[test]
fn what_the_libraries_refuse_is_told_in_chinese() {
    let desk = Desk::chinese().published();
    desk.write("faq.txt", "");
    let (long, message) = ("退".repeat(1_001), "好".repeat(10_001));
    for (arguments, expected) in [
        (
            &["import", "faq.txt"][..],
            "faq.txt 的文件名不以 .xlsx、.jsonl、.csv 或 .tsv 结尾；请另存为其中一种",
        ),
        (
            &["add", "？？", "好"],
            "“question”：问法“？？”里没有字母、数字或汉字；请用文字写，或者不写",
        ),
        (
            &["add", "怎么飞", "坐飞机", "--id", "a b"],
            "编号“a b”里有空格；请去掉这个字符",
        ),
        (
            &["add", "怎么飞", "坐飞机", "--category", "a//b"],
            "分类 “a//b” 有一级是空的；请写成“售后/退货”",
        ),
        (&["commit", "-m", &message], "说明超过 10000 个字；请缩短"),
        (
            &["test", "add", &long, "-"],
            "测试问题有 1001 个字；要有 1 到 1000 个字",
        ),
        (
            &["publish", "--yes", "--channel", "线上"],
            "“线上” 不能做发布渠道的名字；请用 1 到 32 个 a-z",
        ),
        (&["show", "refund-time", "--version", "9"], "没有版本 9，最新的是版本 1"),
        (&["rm", "template:nobody"], "草稿里没有话术“nobody”"),
        (&["init"], "已经是一个库；请打开它，或者换一个文件"),
    ] {
        if arguments[0] == "commit" {
            desk.run("add 问题一 答案一 --id one").code(0);
        }
        let ran = desk.run_all(arguments).code(1);
        assert!(ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    }
    desk.run("undo --all --yes").code(0);
    desk.write(
        "related.csv",
        "编号,标准问题,答案,相关\na,怎么飞,坐飞机,b\nb,怎么走,走路,\n",
    );
    desk.run("import related.csv --keep").code(0);
    desk.run("rm b").code(0);
    let ran = desk.run("commit -m x").code(1);
    assert_eq!(
        ran.err,
        "kb: 问答“a”引用了问答“b”，可是没有它；请改正引用，或者留着它们引用的\n"
    );
}

#[test]
fn why_nothing_is_answered_is_told() {
    let long = "退".repeat(1_001);
    for (desk, told) in [
        (
            Desk::chinese(),
            [
                "没有回答（问题太长，最多 1000 个字）",
                "没有回答（问题里没有文字）",
                "没有回答（顾客要找人工）",
                "没有回答（没有相近的问答）",
                "没有回答（只有过期的）",
                "没有回答（只有被筛掉的）",
                "没有回答（是被排除的问法）",
            ],
        ),
        (
            Desk::english(),
            [
                "no answer (the question is longer than 1000 characters)",
                "no answer (the question has no words)",
                "no answer (a person was asked for)",
                "no answer (nothing is close)",
                "no answer (only what is out of its time)",
                "no answer (only what is filtered out)",
                "no answer (an excluded phrasing)",
            ],
        ),
    ] {
        desk.run("init").code(0);
        desk.write(
            "faq.jsonl",
            r#"{"id":"return","question":"怎么申请退货？","answer":"点“申请退货”。","excluded":["怎么申请退货款"]}
{"id":"inner","question":"补偿额度最高是多少？","answer":"50元。","audiences":["agent"]}
{"id":"sale","question":"双十一满减怎么凑单？","answer":"每满300减50。","valid":{"until":"2020-11-12"}}
"#,
        );
        desk.run("import faq.jsonl").code(0);
        let questions = [
            &*long,
            "？？",
            "转人工",
            "明天下雨吗",
            "双十一满减怎么凑单",
            "补偿额度最高是多少",
            "怎么申请退货款",
        ];
        for (question, told) in questions.into_iter().zip(told) {
            let ran = desk.run_all(&["ask", question]).code(3);
            assert!(ran.out.contains(told), "{question}: {}", ran.out);
            assert!(
                ran.out.len() < 1_000,
                "a long question is shown as far as it is one line"
            );
        }
    }
}

/// What is in no table of test questions is not accepted: a slip of the pen would go in as a question of its own.
#[test]
fn only_a_test_question_can_be_accepted() {
    let desk = Desk::chinese().published();
    let before = desk.json("test list");
    let ran = desk.run("test accept 怎么飞").code(1);
    assert!(
        ran.err
            .contains("没有测试问题“怎么飞”；要加上它，请用 kb test add 怎么飞 编号"),
        "{}",
        ran.err
    );
    assert_eq!(desk.json("test list"), before);
    assert_eq!(desk.json("test accept 怎么飞")["error"]["kind"], "refused");
    desk.run("test add 退款多久到账 return-apply").code(0);
    desk.run("test").code(3);
    let ran = desk.run("test accept 退款多久到账").code(0);
    assert!(ran.out.contains("测试问题：退款多久到账 → refund-time"), "{}", ran.out);
    desk.run("test").code(0);
    // What the draft answers, where that is asked for.
    desk.run("rm refund-time").code(0);
    let accepted = desk.json("test accept 退款多久到账");
    assert_eq!(accepted["expected"], "refund-time");
    let accepted = desk.json("test accept 退款多久到账 --draft");
    assert_ne!(accepted["expected"], "refund-time");
    // A program is told by the code, too, that nobody can answer yet.
    desk.run("test add 怎么飞 nobody").code(3);
    desk.run("test add 怎么飞 nobody --json").code(3);
}

#[test]
fn why_is_told_in_words() {
    let desk = Desk::chinese().published();
    let ran = desk.run("ask 退款多久到账 --why").code(0);
    assert!(
        ran.out.contains("最接近的问法“退款多久到账？”：字词 1.00，意思 1.00"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("完全一样") && !ran.out.contains("learned_from_many"),
        "{}",
        ran.out
    );
}

#[test]
fn a_channel_that_is_gone_is_damage() {
    let desk = Desk::chinese().published();
    for entry in std::fs::read_dir(desk.path("published")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("CURRENT") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let ran = desk.run("doctor").code(1);
    assert!(ran.out.contains("✗ 渠道 live: 不见了"), "{}", ran.out);
    desk.run("publish --yes").code(0);
    desk.run("doctor").code(0);
    std::fs::remove_dir_all(desk.path("published")).unwrap();
    desk.run("doctor").code(1);
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

/// Spreadsheet programs take the old file away for a moment while they save.
#[test]
fn watching_goes_on_while_the_file_is_away() {
    let desk = Desk::english().published();
    desk.write("faq.csv", "id,question,answer\na,怎么退款,点退款。\n");
    let (file, away) = (desk.path("faq.csv"), desk.path("away.csv"));
    let saver = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        std::fs::rename(&file, &away).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1_000));
        std::fs::write(&file, "id,question,answer\na,怎么退款,点退款。\nb,怎么换货,点换货。\n").unwrap();
    });
    let ran = desk.run("watch faq.csv --times 2");
    saver.join().unwrap();
    assert!(ran.out.contains("faq.csv: 2 entries"), "{ran:?}");
}

/// What the shell offers, asked of a real one.
#[test]
fn bash_completes_commands_options_and_files() {
    let desk = Desk::chinese();
    desk.write("kb.bash", desk.run("completions bash").code(0).out);
    desk.write("shop.xlsx", "");
    let offered = |words: &[&str]| {
        let script = format!(
            "source ./kb.bash; COMP_WORDS=({}); COMP_CWORD={}; _kb; printf '%s ' \"${{COMPREPLY[@]}}\"",
            words
                .iter()
                .map(|word| format!("'{word}'"))
                .collect::<Vec<_>>()
                .join(" "),
            words.len() - 1
        );
        let mut bash = std::process::Command::new("bash");
        let output = bash.args(["-c", &script]).current_dir(desk.path("")).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(offered(&["kb", "roll"]), "rollback ");
    assert_eq!(offered(&["kb", "publish", "--ch"]), "--channel ");
    assert_eq!(offered(&["kb", "import", "sh"]), "shop.xlsx ");
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

/// fish shows what each stands for beside it.
#[test]
fn fish_describes_in_the_editors_language() {
    let script = |desk: Desk| desk.run("completions fish").code(0).out;
    let (chinese, english) = (script(Desk::chinese()), script(Desk::english()));
    for (command, about) in [("-a rollback", "退回之前发布的版本"), ("-l author -r", "以谁的名义")] {
        let line = chinese.lines().find(|line| line.contains(command)).unwrap();
        assert!(line.ends_with(&format!(" -d '{about}'")), "{line}");
    }
    assert!(english.contains("-a rollback -d 'takes up again what was served before'"));
    assert!(!english.contains("退回"), "{english}");
    assert_eq!(chinese.lines().count(), english.lines().count());
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
