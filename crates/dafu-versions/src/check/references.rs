use std::collections::HashSet;

use dafu::AnswerBody;

use super::{Finding, FindingCode};
use crate::item::{Item, ItemKey, ItemKind};

/// References to what is not there, and slots where nobody fills them.
pub(super) fn check(items: &[(ItemKey, Item)]) -> Vec<Finding> {
    let there: HashSet<&ItemKey> = items.iter().map(|(key, _)| key).collect();
    let mut findings = Vec::new();
    for (key, item) in items {
        for target in item.references().into_iter().filter(|target| !there.contains(target)) {
            let field = match target.kind {
                ItemKind::Entry => "related",
                _ => "answers",
            };
            let message = format!("it refers to the {target}, which is not there");
            let finding = Finding::new(FindingCode::DanglingReference, message)
                .of(key)
                .field(field);
            findings.push(finding.other(target));
        }
        for (field, text) in texts(item) {
            if let Some(slot) = slot(text) {
                let message = format!("the answer has the slot {slot}, which only a template fills");
                findings.push(
                    Finding::new(FindingCode::SlotInAnswer, message)
                        .of(key)
                        .field(field)
                        .text(slot),
                );
            }
        }
    }
    findings
}

/// Returns the items without the references that dangle.
pub(super) fn without_dangling(items: &[(ItemKey, Item)]) -> Vec<Item> {
    let there: HashSet<&ItemKey> = items.iter().map(|(key, _)| key).collect();
    let strip = |item: &Item| {
        let Item::Entry(entry) = item else {
            return item.clone();
        };
        let mut entry = entry.clone();
        entry.related.retain(|id| there.contains(&ItemKey::entry(id.as_str())));
        entry.answers.retain(|answer| match &answer.body {
            AnswerBody::Standard(id) => there.contains(&ItemKey::new(ItemKind::StandardAnswer, id.as_str())),
            _ => true,
        });
        Item::Entry(entry)
    };
    items.iter().map(|(_, item)| strip(item)).collect()
}

/// The texts that are said as they are.
fn texts(item: &Item) -> Vec<(&'static str, &str)> {
    match item {
        Item::Entry(entry) => {
            let bodies = entry.answers.iter().map(|answer| &answer.body);
            let texts = bodies.filter_map(|body| match body {
                AnswerBody::Text(text) => Some(("answers", text.as_str())),
                _ => None,
            });
            texts.collect()
        }
        Item::StandardAnswer(answer) => vec![("text", answer.text.as_str())],
        _ => Vec::new(),
    }
}

/// Returns the first thing in a text that looks like a slot of a template.
fn slot(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = &rest[start + 2..];
        if let Some(end) = inside.find("}}") {
            let name = inside[..end].trim();
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            if !name.is_empty() && name.chars().count() <= 32 && name.chars().all(is_name) {
                return Some(&rest[start..start + 2 + end + 2]);
            }
        }
        rest = inside;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::slot;

    #[test]
    fn finds_slots_and_nothing_else() {
        assert_eq!(slot("订单{{order_no}}已发出"), Some("{{order_no}}"));
        assert_eq!(slot("{{{{ 订单号 }}"), Some("{{ 订单号 }}"));
        for text in ["", "{{}}", "{{a b}}", "{a}", "}}{{", "fn {{ x: 1 }}"] {
            assert_eq!(slot(text), None, "{text}");
        }
    }
}
