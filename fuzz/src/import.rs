use dafu::{Content, ContentBuilder, CsvTable, Settings};

/// Any bytes give content or an error with mistakes, as JSON Lines and as every table; and what was imported comes back
/// from an export as it was.
pub fn import(bytes: &[u8]) {
    check(Content::from_jsonl(bytes));
    for table in [CsvTable::Entries, CsvTable::StandardAnswers, CsvTable::Templates] {
        check(ContentBuilder::new().add_csv("table.csv", table, bytes).build());
    }
    if let Err(error) = Settings::parse_dictionary(&String::from_utf8_lossy(bytes)) {
        check_error(&error);
    }
}

fn check(imported: dafu::Result<Content>) {
    let content = match imported {
        Ok(content) => content,
        Err(error) => return check_error(&error),
    };
    let lines = content.to_jsonl();
    let again = Content::from_jsonl(lines.as_bytes()).expect("exported lines import");
    assert_same_items(&again, &content);
    assert_eq!(again.settings(), content.settings());
    assert_eq!(again.to_jsonl(), lines);

    let tables = [
        content.entries_to_csv(),
        content.standard_answers_to_csv(),
        content.templates_to_csv(),
    ];
    // Without a table only where it would need too many columns.
    let [Ok(entries), Ok(standard_answers), Ok(templates)] = &tables else {
        return;
    };
    let again = ContentBuilder::new()
        .add_csv("entries.csv", CsvTable::Entries, entries.as_bytes())
        .add_csv("answers.csv", CsvTable::StandardAnswers, standard_answers.as_bytes())
        .add_csv("templates.csv", CsvTable::Templates, templates.as_bytes())
        .build()
        .expect("exported tables import");
    assert_same_items(&again, &content);
}

fn assert_same_items(a: &Content, b: &Content) {
    assert_eq!(a.entries(), b.entries());
    assert_eq!(a.standard_answers(), b.standard_answers());
    assert_eq!(a.templates(), b.templates());
}

fn check_error(error: &dafu::Error) {
    assert!(!error.mistakes().is_empty(), "{error}");
    assert!(error.mistakes().len() <= error.mistake_count());
    // A message quotes the beginning of a text at most, and lists the first mistakes at most.
    assert!(error.to_string().len() < 20_000, "{error}");
    for mistake in error.mistakes() {
        assert!(!mistake.to_string().contains('\n'), "{mistake}");
    }
}
