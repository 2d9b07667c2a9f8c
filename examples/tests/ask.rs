//! The tool `ask` as a person meets it: arguments and lines in; words, JSON and an exit code out.

use std::path::PathBuf;

use dafu_examples::{Language, Surroundings, ask};

/// What a run of the tool gave.
#[derive(Debug)]
struct Ran {
    code: u8,
    out: String,
    err: String,
}

struct Run<'a> {
    arguments: &'a [&'a str],
    input: &'a [u8],
    is_typed: bool,
    has_colours: bool,
    language: Language,
}

impl<'a> Run<'a> {
    fn new(arguments: &'a [&'a str]) -> Self {
        Self {
            arguments,
            input: b"",
            is_typed: false,
            has_colours: false,
            language: Language::English,
        }
    }

    fn run(self) -> Ran {
        let (mut input, mut out, mut err) = (self.input, Vec::new(), Vec::new());
        let code = ask::run(
            self.arguments.iter().map(Into::into),
            &mut Surroundings {
                input: &mut input,
                output: &mut out,
                errors: &mut err,
                is_typed: self.is_typed,
                has_colours: self.has_colours,
                language: self.language,
            },
        );
        let text = |bytes| String::from_utf8(bytes).expect("the tool writes UTF-8");
        Ran {
            code,
            out: text(out),
            err: text(err),
        }
    }
}

fn run(arguments: &[&str]) -> Ran {
    Run::new(arguments).run()
}

fn chinese(arguments: &[&str]) -> Ran {
    Run {
        language: Language::Chinese,
        ..Run::new(arguments)
    }
    .run()
}

fn piped(arguments: &[&str], input: &[u8]) -> Ran {
    Run {
        input,
        ..Run::new(arguments)
    }
    .run()
}

/// A file for a test, under a name that no other test uses.
fn file(name: &str, bytes: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path.into_os_string().into_string().unwrap()
}

const SMALL: &str = r#"{"id":"return","question":"怎么申请退货？","similar":["东西不想要了能退吗"],"excluded":["怎么申请退货款"],"answers":["点“申请退货”。\n7天之内。",{"text":"在App里点。","channels":["app"]}],"follow_ups":["退款多久到账？"]}
{"id":"refund","question":"退款多久到账？","answer":"1-3个工作日。"}
{"id":"inner","question":"补偿额度最高是多少？","answer":"50元。","audiences":["agent"]}
{"id":"sale","question":"双十一满减怎么凑单？","answer":"每满300减50。","valid":{"from":"2020-11-01","until":"2020-11-12"}}
"#;

#[test]
fn a_question_on_the_command_line_is_answered() {
    let kb = file("answered.jsonl", SMALL.as_bytes());
    let ran = run(&["--kb", &kb, "怎么申请退货"]);
    assert_eq!((ran.code, ran.err.as_str()), (ask::ANSWERED, ""), "{ran:?}");
    for part in [
        "Q: 怎么申请退货\n",
        "% sure): 怎么申请退货？ return\n",
        "\n  点“申请退货”。\n  7天之内。\n",
        "Often asked next: 退款多久到账？\n",
    ] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'));
    let ran = chinese(&["--kb", &kb, "怎么申请退货"]);
    assert!(
        ran.out.contains("回答（把握 ") && ran.out.contains("接着可能会问："),
        "{}",
        ran.out
    );
}

#[test]
fn the_sample_shop_answers_where_no_knowledge_base_is_named() {
    let ran = chinese(&["东西不想要了能退吗", "退款多久到账"]);
    assert_ne!(ran.code, ask::FAILED, "{ran:?}");
    let asked = ran.out.lines().filter(|line| line.starts_with("问："));
    assert_eq!(asked.count(), 2, "{}", ran.out);
}

#[test]
fn options_reach_the_knowledge_base() {
    let kb = file("options.jsonl", SMALL.as_bytes());
    let answer = |options: &[&str], question: &str| {
        let arguments = [&["--kb", &kb, "--json"], options, &[question]].concat();
        let ran = run(&arguments);
        let reply: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
        match reply["decision"].as_str() {
            Some("answer") => reply["hits"][0]["answer"].as_str().unwrap().to_owned(),
            _ => reply["decision"].to_string(),
        }
    };
    assert_eq!(answer(&["--channel", "app"], "怎么申请退货"), "在App里点。");
    assert_eq!(answer(&["--audience=agent"], "补偿额度最高是多少"), "50元。");
    assert_eq!(answer(&[], "补偿额度最高是多少"), r#"{"no_answer":"only_filtered"}"#);
    assert_eq!(
        answer(&["--at", "2020-11-11 20:00"], "双十一满减怎么凑单"),
        "每满300减50。"
    );
    assert_eq!(
        answer(&["--at", "2021-11-11T20:00:00Z"], "双十一满减怎么凑单"),
        r#"{"no_answer":"only_out_of_date"}"#
    );
    let unsure = answer(&["--threshold", "1", "--choices", "0"], "退款要多久能到账呢");
    assert_eq!(unsure, r#"{"no_answer":"nothing_close"}"#);
    assert_eq!(
        answer(&["--threshold", "0", "--locale", "zh-Hant"], "退款要多久能到账呢"),
        "1-3个工作日。"
    );
}

#[test]
fn every_way_to_get_no_answer_is_told_in_words() {
    let kb = file("no-answer.jsonl", SMALL.as_bytes());
    for (question, english, chinese_words) in [
        ("明天下雨吗", "nothing in the knowledge base", "没有相近的问题"),
        ("转人工", "asks for a person", "转人工："),
        ("？？", "has no words", "没有文字"),
        ("双十一满减怎么凑单", "not valid at this time", "不在有效期内"),
        ("怎么申请退货款", "has excluded this way of asking", "已排除这种问法"),
        ("补偿额度最高是多少", "not for this channel or audience", "不适用"),
    ] {
        let ran = run(&["--kb", &kb, question]);
        assert_eq!((ran.code, ran.err.as_str()), (ask::NO_ANSWER, ""));
        assert!(ran.out.contains(english), "{}", ran.out);
        let ran = chinese(&["--kb", &kb, question]);
        assert!(ran.out.contains(chinese_words), "{}", ran.out);
    }
    let long = "退".repeat(350_000);
    let ran = run(&["--kb", &kb, &long]);
    assert_eq!(ran.code, ask::NO_ANSWER);
    assert!(
        ran.out.contains("longer than 1000 characters") && ran.out.len() < 1_000,
        "{}",
        ran.out
    );
    let ran = chinese(&["--kb", &kb, &long]);
    assert!(ran.out.contains("没有回答：问题太长，最多 1000 个字。"), "{}", ran.out);
    // One that got no answer counts, wherever it stands.
    assert_eq!(run(&["--kb", &kb, "转人工", "怎么申请退货"]).code, ask::NO_ANSWER);
}

#[test]
fn choices_are_offered_and_other_candidates_shown() {
    let two = r#"{"id":"a","question":"礼品卡的余额怎么查？","similar":["余额在哪里看"]}
{"id":"b","question":"钱包里的余额怎么查？","similar":["余额在哪里看"]}
{"id":"c","question":"余额怎么提现？"}"#;
    let kb = file("choices.jsonl", two.as_bytes());
    let ran = run(&["--kb", &kb, "余额在哪里看"]);
    assert_eq!(ran.code, ask::ANSWERED, "{ran:?}");
    let (offered, others) = ran.out.split_once("Others that are near:").unwrap();
    assert!(
        offered.contains("did the customer mean:") && offered.contains("[a]") && offered.contains("[b]"),
        "{offered}"
    );
    assert!(others.contains("余额怎么提现？  [c]"), "{others}");
}

#[test]
fn lines_of_standard_input_are_asked_one_by_one() {
    let kb = file("lines.jsonl", SMALL.as_bytes());
    let ran = piped(
        &["--kb", &kb, "--json"],
        "\u{feff}怎么申请退货\r\n\n  \n退款多久到账".as_bytes(),
    );
    let lines: Vec<serde_json::Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{ran:?}");
    assert_eq!(
        (&lines[0]["hits"][0]["entry"], &lines[1]["question"]),
        (&"return".into(), &"退款多久到账".into())
    );
    assert_eq!(ran.code, ask::ANSWERED);
    assert_eq!(piped(&["--kb", &kb], b"").out, "");
    assert!(
        !piped(&["--kb", &kb], "退货\n".as_bytes()).out.contains("> "),
        "no prompt where nobody types"
    );
}

#[test]
fn a_line_without_end_is_too_long_and_the_next_one_is_asked() {
    let kb = file("long.jsonl", SMALL.as_bytes());
    for shift in 0..3 {
        let input = format!("{}{}\n怎么申请退货\n", "a".repeat(shift), "退".repeat(1 << 20));
        let ran = piped(&["--kb", &kb], input.as_bytes());
        assert_eq!((ran.code, ran.err.as_str()), (ask::NO_ANSWER, ""));
        assert!(
            ran.out.contains("longer than 1000") && ran.out.contains("点“申请退货”。"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn input_of_another_encoding_is_named() {
    let kb = file("encoding.jsonl", SMALL.as_bytes());
    let ran = piped(
        &["--kb", &kb],
        b"\xe6\x80\x8e\xe4\xb9\x88\n\xd4\xf5\xc3\xb4\xcd\xcb\xbb\xf5\n",
    );
    assert_eq!(ran.code, ask::FAILED);
    assert_eq!(ran.err, "ask: standard input, line 2: not UTF-8; convert it first\n");
}

#[test]
fn a_person_who_types_gets_a_prompt_and_no_failure() {
    let kb = file("typed.jsonl", SMALL.as_bytes());
    let arguments = ["--kb", &kb];
    let typed = Run {
        input: "转人工\n".as_bytes(),
        is_typed: true,
        ..Run::new(&arguments)
    };
    let ran = typed.run();
    assert_eq!(ran.code, ask::ANSWERED);
    assert!(
        ran.out.starts_with("> No answer: the customer") && ran.out.ends_with("> \n"),
        "{:?}",
        ran.out
    );
}

#[test]
fn the_reasons_are_shown_on_request() {
    let kb = file("why.jsonl", SMALL.as_bytes());
    let ran = run(&["--kb", &kb, "--why", "東西不想要了"]);
    assert!(
        ran.out.contains("read as: 东西不想要了") && ran.out.contains("cosine"),
        "{}",
        ran.out
    );
    let json: serde_json::Value = serde_json::from_str(&run(&["--kb", &kb, "--why", "--json", "退货"]).out).unwrap();
    assert_eq!(json["explanation"]["normalized"], "退货");
}

#[test]
fn colours_are_for_terminals() {
    let kb = file("colours.jsonl", SMALL.as_bytes());
    let arguments = ["--kb", &kb, "怎么申请退货", "转\u{1b}[31m人工"];
    let ran = Run {
        has_colours: true,
        ..Run::new(&arguments)
    }
    .run();
    assert!(ran.out.contains("\u{1b}[1m"));
    assert!(
        !ran.out.contains("\u{1b}[31m"),
        "a question brings no colours of its own: {:?}",
        ran.out
    );
}

#[test]
fn mistakes_are_told_with_their_remedy() {
    let empty = file("empty.jsonl", b"");
    let damaged = file(
        "damaged.jsonl",
        "{\"id\":\"a\"}\n{\n{\"question\":\"退货\",\"priority\":99}\n".as_bytes(),
    );
    let folder = env!("CARGO_TARGET_TMPDIR");
    for (arguments, words) in [
        (
            &["--kb", "没有这个文件.jsonl", "退货"][..],
            &["reading `没有这个文件.jsonl`"][..],
        ),
        (
            &["--kb", &damaged, "退货"],
            &["mistakes:\n", "line 1", "line 2", "line 3"],
        ),
        (&["--kb", folder, "退货"], &["no `manifest.json` in it"]),
        (&["--kb"], &["--kb", "see --help"]),
        (&["--kbx", "a"], &["--kbx", "see --help"]),
        (&["--threshold", "2", "退货"], &["--threshold: 2 is not a threshold"]),
        (&["--threshold", "高", "退货"], &["--threshold: `高` is no number"]),
        (
            &["--threshold", "NaN", "退货"],
            &["--threshold: NaN is not a threshold"],
        ),
        (
            &["--choices", "6", "退货"],
            &["--choices: `6` is no number from 0 to 5"],
        ),
        (
            &["--choices", "-1", "退货"],
            &["--choices: `-1` is no number from 0 to 5"],
        ),
        (&["--at", "明天", "退货"], &["--at: `明天` is not a date and time"]),
        (
            &["--audience", "boss", "退货"],
            &["--audience: `boss` is not an audience"],
        ),
        (&["--json=yes", "退货"], &["--json"]),
    ] {
        let ran = run(arguments);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (ask::FAILED, ""),
            "{arguments:?}: {ran:?}"
        );
        assert!(ran.err.starts_with("ask: "), "{}", ran.err);
        for word in words {
            assert!(ran.err.contains(word), "{word} in {}", ran.err);
        }
    }
    let ran = run(&["--kb", &empty, "退货"]);
    assert_eq!(ran.code, ask::NO_ANSWER, "{ran:?}");
    assert_eq!(ran.err, format!("ask: `{empty}` has no entries\n"));
}

#[test]
fn mistakes_are_told_in_chinese() {
    let damaged = file("wrong.jsonl", "{\"id\":\"a\"}\n{\n".as_bytes());
    for (arguments, told) in [
        (
            &["--kb", "没有.jsonl", "退货"][..],
            "ask: 读取 没有.jsonl：没有这个文件或文件夹\n",
        ),
        (&["--kb", &damaged, "退货"], "ask: 有 2 处错误：\n"),
        (
            &["--threshold", "2", "退货"],
            "ask: --threshold: 2 不是阈值；请写 0 到 1 的数",
        ),
        (&["--choices", "6", "退货"], "ask: --choices: `6` 不是 0 到 5 的整数"),
    ] {
        let ran = chinese(arguments);
        assert_eq!(ran.code, ask::FAILED);
        assert!(ran.err.starts_with(told), "{}", ran.err);
    }
}

#[test]
fn help_is_given_in_both_languages() {
    for options in [
        "--kb",
        "--channel",
        "--audience",
        "--locale",
        "--at",
        "--threshold",
        "--choices",
        "--why",
        "--json",
        "--help",
    ] {
        assert!(
            run(&["--help"]).out.contains(options) && chinese(&["-h"]).out.contains(options),
            "{options}"
        );
    }
    assert_eq!(run(&["--help"]).code, ask::ANSWERED);
    for (locale, language) in [
        ("zh_CN.UTF-8", Language::Chinese),
        ("zh-TW", Language::Chinese),
        ("zh", Language::Chinese),
        ("C.UTF-8", Language::English),
        ("zha_CN", Language::English),
        ("", Language::English),
    ] {
        assert_eq!(Language::of_locale(locale), language, "{locale}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let kb = file("closed.jsonl", SMALL.as_bytes());
    let mut err = Vec::new();
    let code = ask::run(
        ["--kb", &kb, "退货"].map(Into::into),
        &mut Surroundings {
            input: &mut &b""[..],
            output: &mut Closed,
            errors: &mut err,
            is_typed: false,
            has_colours: false,
            language: Language::English,
        },
    );
    assert_eq!((code, err.len()), (ask::ANSWERED, 0));
}
