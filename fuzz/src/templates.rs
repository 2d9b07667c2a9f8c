use dafu::{AnswerText, Content, Escape, ReplyTemplate, Slot, SlotKind};

/// Any line is a template or an error, any text is a wording or an error, and any values give a reply or an error.
///
/// The first line of the input is tried as an item of JSON Lines and as a wording; the other lines are values, `name=value`.
pub fn templates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (template, values) = text.split_once('\n').unwrap_or((&text, ""));
    let values: Vec<(&str, &str)> = values
        .lines()
        .map(|line| line.split_once('=').unwrap_or(("a", line)))
        .collect();
    if let Ok(content) = Content::from_jsonl(template.as_bytes()) {
        for template in content.templates() {
            check(template, &values);
        }
    }
    if let Some(template) = with_wording(template) {
        check(&template, &values);
        check_literal(&template, &values);
    }
}

/// A template of one wording with a slot of any text and one with a default.
fn with_wording(text: &str) -> Option<ReplyTemplate> {
    let name = |name: &str| name.try_into().expect("a letter is a name");
    let wording = AnswerText::try_from(text).ok()?;
    let both = vec![
        Slot::required(name("a"), SlotKind::Text),
        Slot::optional(name("b"), SlotKind::Text, "您").expect("a text is a default for a text"),
    ];
    // A wording uses every slot, so it goes with one of these or with none.
    [both.clone(), both[..1].to_vec(), both[1..].to_vec(), Vec::new()]
        .into_iter()
        .find_map(|slots| {
            let id = "t".try_into().expect("a letter is an id");
            let scenario = "solve".try_into().expect("a word is a scenario");
            ReplyTemplate::new(id, scenario, vec![wording.clone()], slots).ok()
        })
}

fn check(template: &ReplyTemplate, values: &[(&str, &str)]) {
    let json = serde_json::to_string(template).expect("texts have a JSON form");
    let again: ReplyTemplate = serde_json::from_str(&json).expect("what was written reads");
    assert_eq!(&again, template);

    let declared: Vec<(&str, &str)> = values
        .iter()
        .copied()
        .filter(|(name, _)| template.slots().iter().any(|slot| slot.name().as_str() == *name))
        .collect();
    for turn in [0, 1, usize::MAX] {
        for escape in [Escape::None, Escape::Html] {
            let reply = template.render(turn, values.iter().copied(), escape);
            if declared.len() < values.len() {
                assert!(!reply.expect_err("a value is for no slot").unknown().is_empty());
            }
            match template.render(turn, declared.iter().copied(), escape) {
                Ok(reply) => assert_eq!(again.render(turn, declared.iter().copied(), escape), Ok(reply)),
                Err(error) => {
                    assert!(error.unknown().is_empty());
                    assert!(!error.missing().is_empty() || !error.mistyped().is_empty());
                }
            }
        }
    }
}

/// Values stand in the reply as they are, however they look; escaped, they bring no markup with them.
fn check_literal(template: &ReplyTemplate, values: &[(&str, &str)]) {
    let render = |value: &str, escape| {
        let values = template.slots().iter().map(|slot| (slot.name().as_str(), value));
        template.render(0, values, escape)
    };
    let Ok(plain) = render(MARK, Escape::None) else {
        return;
    };
    if template.wordings().any(|wording| wording.as_str().contains(MARK)) {
        return;
    }
    for (_, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        if let Ok(reply) = render(value, Escape::None) {
            assert_eq!(reply, plain.replace(MARK, value));
        }
        if let Ok(reply) = render(value, Escape::Html) {
            let markup = |text: &str| text.matches(['<', '>', '"', '\'']).count();
            assert_eq!(markup(&reply), markup(&plain));
        }
    }
}

/// A text that hardly any wording has: noncharacters.
const MARK: &str = "\u{fdd0}\u{fdd1}";
