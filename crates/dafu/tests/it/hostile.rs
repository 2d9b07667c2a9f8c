//! Files and texts that are made to do harm: every one ends in a clear error, or in content, and in bounded time.

use dafu::{Content, ContentBuilder, CsvTable, Phrasing, Settings};
use proptest::prelude::*;

fn first_mistake(result: dafu::Result<Content>) -> String {
    let error = result.unwrap_err();
    assert!(error.to_string().len() < 2_000, "{error}");
    error.mistakes()[0].to_string()
}

fn csv(bytes: &[u8]) -> dafu::Result<Content> {
    ContentBuilder::new()
        .add_csv("坏.csv", CsvTable::Entries, bytes)
        .build()
}

#[test]
fn nested_json_is_refused_before_the_stack_ends() {
    for bomb in [
        "[".repeat(1 << 20),
        "{\"a\":".repeat(1 << 18),
        format!("{{\"question\":{}", "[".repeat(1 << 20)),
    ] {
        let mistake = first_mistake(Content::from_jsonl(bomb.as_bytes()));
        assert!(mistake.contains("recursion limit exceeded"), "{mistake}");
    }
}

#[test]
fn a_hundred_thousand_columns_are_refused() {
    let headings = "question,".repeat(100_000);
    assert_eq!(
        first_mistake(csv(headings.as_bytes())),
        "坏.csv, line 1: there are 100001 columns; keep at most 2000"
    );
    assert_eq!(
        first_mistake(csv(format!("question\n{}", "怎么退款,".repeat(100_000)).as_bytes())),
        "坏.csv, line 2: the row has 100001 cells, and the headings have 1; put quotation marks around texts with commas"
    );
}

#[test]
fn a_cell_of_ten_megabytes_is_refused_with_a_short_message() {
    let cell = "退".repeat(10 << 20);
    let mistake = first_mistake(csv(format!("question,answer\n怎么退款,{cell}\n").as_bytes()));
    assert!(
        mistake.contains("is 10485760 characters long; shorten it to at most 20000"),
        "{mistake}"
    );
}

#[test]
fn braces_without_end_are_refused_in_time() {
    let text = "{{".repeat(9_999);
    let line = format!(r#"{{"kind":"template","id":"t","scenario":"solve","texts":["{text}{{"]}}"#);
    assert_eq!(
        first_mistake(Content::from_jsonl(line.as_bytes())),
        "line 1, field `texts`: `{{` at character 19997 is never closed; write `}}` after the slot's name, or `{{{{` for the braces themselves"
    );
}

#[test]
fn mistakes_without_end_are_counted_and_not_kept() {
    let error = Content::from_jsonl("{\n".repeat(100_000).as_bytes()).unwrap_err();
    assert_eq!((error.mistakes().len(), error.mistake_count()), (1_000, 100_000));
    assert!(error.to_string().ends_with("| and 99997 more"));
}

#[test]
fn a_sparse_file_of_two_gibibytes_is_not_read() {
    let path = std::env::temp_dir().join(format!("dafu-large-{}.jsonl", std::process::id()));
    std::fs::File::create(&path).unwrap().set_len(2 << 30).unwrap();
    let error = Content::open(&path).unwrap_err();
    std::fs::remove_file(&path).unwrap();
    assert!(error.to_string().ends_with("is larger than 1 GiB; split it"), "{error}");
}

#[test]
fn a_hundred_thousand_keys_take_no_square_time() {
    let fields: Vec<String> = (0..100_000).map(|n| format!("\"k{n}\":1")).collect();
    let mistake = first_mistake(Content::from_jsonl(
        format!("{{\"question\":\"怎么退款\",{}}}", fields.join(",")).as_bytes(),
    ));
    assert!(
        mistake.contains("has 100000 items there; keep at most 1000"),
        "{mistake}"
    );
}

#[test]
fn the_same_question_without_id_takes_no_square_time() {
    let content = Content::from_jsonl("{\"question\":\"怎么退款\"}\n".repeat(50_000).as_bytes()).unwrap();
    let last = content.entries().last().unwrap();
    assert!(last.id.as_str().ends_with("-50000"), "{}", last.id);
}

#[test]
fn hidden_and_reversing_characters_do_not_make_phrasings_differ() {
    let plain = Phrasing::try_from("退款多久").unwrap();
    assert_eq!(
        Phrasing::try_from("\u{202e}退\u{200b}款\u{feff}多\u{ad}久\u{0}").unwrap(),
        plain
    );
}

proptest! {
    #[test]
    fn any_bytes_give_content_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Content::from_jsonl(&bytes);
        for table in [CsvTable::Entries, CsvTable::StandardAnswers, CsvTable::Templates] {
            let _ = ContentBuilder::new().add_csv("x", table, &bytes).build();
        }
        let _ = Settings::parse_dictionary(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_cells_give_content_or_an_error(cells in "([a:;,=\"'{}\\[\\]\n\t退1-]|question|similar|slots|text){0,60}") {
        for (table, headings) in [
            (CsvTable::Entries, "question,answer[channels=a],similar,valid_from,valid_until,metadata:a"),
            (CsvTable::Templates, "id,scenario,text,slots"),
        ] {
            let _ = ContentBuilder::new().add_csv("x", table, format!("{headings}\n{cells}").as_bytes()).build();
            let _ = ContentBuilder::new().add_csv("x", table, cells.as_bytes()).build();
        }
    }
}
