//! Three values of an item become one, field by field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A field that two editors have changed differently, with its three values as JSON. `None`: it is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldConflict {
    /// The field, such as `question`; `metadata.来源` for a fact; empty when one side has deleted the whole item.
    pub field: String,
    /// In the version that the draft is based on.
    pub base: Option<String>,
    /// In the draft.
    pub draft: Option<String>,
    /// In the newest version.
    pub newest: Option<String>,
}

/// How an editor settles a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Resolution {
    /// The value of the base version.
    Base,
    /// The value of the draft.
    Draft,
    /// The value of the newest version.
    Newest,
    /// A new value, as JSON; `null` leaves the field out, or deletes the item.
    Value(String),
}

/// What a merge makes of an item. `None` stands for an item that is not there.
#[derive(Debug, PartialEq)]
pub(crate) enum Merged {
    Item(Option<Value>),
    Conflicts(Vec<FieldConflict>),
}

/// Merges what a draft and the newest version have made of the item of a base version.
///
/// `resolve` returns how a conflict was settled, if it was.
pub(crate) fn merge(
    base: Option<&Value>,
    draft: Option<&Value>,
    newest: Option<&Value>,
    resolve: impl Fn(&FieldConflict) -> Option<Resolution>,
) -> Merged {
    if let Some(settled) = settle(base, draft, newest) {
        return Merged::Item(settled.cloned());
    }
    let (Some(Value::Object(draft)), Some(Value::Object(newest))) = (draft, newest) else {
        let conflict = conflict("", base, draft, newest);
        return match resolve(&conflict) {
            Some(resolution) => Merged::Item(choose(&resolution, &conflict)),
            None => Merged::Conflicts(vec![conflict]),
        };
    };
    let nothing = Map::new();
    let base = base.and_then(Value::as_object).unwrap_or(&nothing);
    let mut fields = Fields {
        merged: Map::new(),
        conflicts: Vec::new(),
        resolve: &resolve,
    };
    for name in names(base, draft, newest) {
        fields.merge(&name, base.get(&name), draft.get(&name), newest.get(&name));
    }
    match fields.conflicts.is_empty() {
        true => Merged::Item(Some(Value::Object(fields.merged))),
        false => Merged::Conflicts(fields.conflicts),
    }
}

struct Fields<'r> {
    merged: Map<String, Value>,
    conflicts: Vec<FieldConflict>,
    resolve: &'r dyn Fn(&FieldConflict) -> Option<Resolution>,
}

impl Fields<'_> {
    fn merge(&mut self, name: &str, base: Option<&Value>, draft: Option<&Value>, newest: Option<&Value>) {
        if let Some(settled) = settle(base, draft, newest) {
            self.set(name, settled.cloned());
        } else if name == METADATA {
            self.merge_metadata(base, draft, newest);
        } else if SETS.contains(&name) {
            let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
            let merged = merge_sets(&list(base), list(draft), list(newest));
            self.set(
                name,
                Some(Value::Array(merged)).filter(|list| list != &Value::Array(Vec::new())),
            );
        } else {
            let value = self.decide(conflict(name, base, draft, newest));
            self.set(name, value);
        }
    }

    fn merge_metadata(&mut self, base: Option<&Value>, draft: Option<&Value>, newest: Option<&Value>) {
        let object = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
        let (base, draft, newest) = (object(base), object(draft), object(newest));
        let mut merged = Map::new();
        for name in names(&base, &draft, &newest) {
            let (base, draft, newest) = (base.get(&name), draft.get(&name), newest.get(&name));
            let value = match settle(base, draft, newest) {
                Some(settled) => settled.cloned(),
                None => self.decide(conflict(&format!("{METADATA}.{name}"), base, draft, newest)),
            };
            merged.extend(value.map(|value| (name, value)));
        }
        self.set(
            METADATA,
            Some(Value::Object(merged)).filter(|object| object != &Value::Object(Map::new())),
        );
    }

    fn decide(&mut self, conflict: FieldConflict) -> Option<Value> {
        match (self.resolve)(&conflict) {
            Some(resolution) => choose(&resolution, &conflict),
            None => {
                self.conflicts.push(conflict);
                None
            }
        }
    }

    fn set(&mut self, name: &str, value: Option<Value>) {
        self.merged.extend(value.map(|value| (name.to_owned(), value)));
    }
}

/// Returns the value where equal sides, or one untouched side, settle it.
fn settle<'v>(
    base: Option<&'v Value>,
    draft: Option<&'v Value>,
    newest: Option<&'v Value>,
) -> Option<Option<&'v Value>> {
    if draft == newest || newest == base {
        Some(draft)
    } else if draft == base {
        Some(newest)
    } else {
        None
    }
}

/// What either side added is added, what either side removed is removed: the newest's order, then the draft's new ones.
fn merge_sets(base: &[Value], draft: Vec<Value>, newest: Vec<Value>) -> Vec<Value> {
    let mut merged: Vec<Value> = newest
        .iter()
        .filter(|value| draft.contains(value) || !base.contains(value))
        .cloned()
        .collect();
    for value in draft {
        if !base.contains(&value) && !merged.contains(&value) {
            merged.push(value);
        }
    }
    merged
}

fn choose(resolution: &Resolution, conflict: &FieldConflict) -> Option<Value> {
    let json = match resolution {
        Resolution::Base => conflict.base.as_deref(),
        Resolution::Draft => conflict.draft.as_deref(),
        Resolution::Newest => conflict.newest.as_deref(),
        Resolution::Value(json) => Some(json.as_str()),
    };
    // Whoever stores a resolution has checked that it is JSON.
    json.and_then(|json| serde_json::from_str(json).ok())
        .filter(|value: &Value| !value.is_null())
}

fn conflict(field: &str, base: Option<&Value>, draft: Option<&Value>, newest: Option<&Value>) -> FieldConflict {
    let json = |value: Option<&Value>| value.map(Value::to_string);
    FieldConflict {
        field: field.to_owned(),
        base: json(base),
        draft: json(draft),
        newest: json(newest),
    }
}

fn names(base: &Map<String, Value>, draft: &Map<String, Value>, newest: &Map<String, Value>) -> BTreeSet<String> {
    base.keys().chain(draft.keys()).chain(newest.keys()).cloned().collect()
}

const METADATA: &str = "metadata";

/// Lists whose order means little: both sides' additions and removals count.
const SETS: [&str; 10] = [
    "similar",
    "excluded",
    "tags",
    "channels",
    "audiences",
    "related",
    "follow_ups",
    "words",
    "from",
    "to",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(base: Value, draft: Value, newest: Value) -> Merged {
        let some = |value: &Value| (!value.is_null()).then(|| value.clone());
        merge(
            some(&base).as_ref(),
            some(&draft).as_ref(),
            some(&newest).as_ref(),
            |_| None,
        )
    }

    #[test]
    fn fields_of_both_sides_come_together() {
        let base = json!({"question":"a","tags":["x","y"],"metadata":{"k":"1"}});
        let draft = json!({"question":"b","tags":["x","z"],"metadata":{"k":"1","m":"2"}});
        let newest = json!({"question":"a","tags":["y","w"],"metadata":{"k":"3"},"owner":"o"});
        let expected = json!({"question":"b","tags":["w","z"],"metadata":{"k":"3","m":"2"},"owner":"o"});
        assert_eq!(merged(base, draft, newest), Merged::Item(Some(expected)));
    }

    #[test]
    fn different_texts_are_a_conflict_with_three_values() {
        let base = json!({"question":"a","metadata":{"k":"1"}});
        let draft = json!({"question":"b","metadata":{"k":"2"}});
        let newest = json!({"question":"c","metadata":{"k":"3"}});
        let Merged::Conflicts(conflicts) = merged(base, draft, newest) else {
            panic!("no conflict");
        };
        let fields: Vec<&str> = conflicts.iter().map(|conflict| conflict.field.as_str()).collect();
        assert_eq!(fields, ["metadata.k", "question"]);
        assert_eq!(conflicts[1].base.as_deref(), Some("\"a\""));
        assert_eq!(conflicts[1].draft.as_deref(), Some("\"b\""));
        assert_eq!(conflicts[1].newest.as_deref(), Some("\"c\""));
    }

    #[test]
    fn deleted_here_and_changed_there_is_a_conflict_of_the_item() {
        let item = json!({"question":"a"});
        let changed = json!({"question":"b"});
        for (draft, newest) in [(Value::Null, changed.clone()), (changed, Value::Null)] {
            let Merged::Conflicts(conflicts) = merged(item.clone(), draft, newest) else {
                panic!("no conflict");
            };
            assert_eq!((conflicts.len(), conflicts[0].field.as_str()), (1, ""));
        }
        assert_eq!(merged(item, Value::Null, Value::Null), Merged::Item(None));
    }

    #[test]
    fn resolutions_decide() {
        let (base, draft, newest) = (json!({"q":"a"}), json!({"q":"b"}), json!({"q":"c"}));
        for (resolution, expected) in [
            (Resolution::Base, json!({"q":"a"})),
            (Resolution::Draft, json!({"q":"b"})),
            (Resolution::Newest, json!({"q":"c"})),
            (Resolution::Value("\"d\"".to_owned()), json!({"q":"d"})),
            (Resolution::Value("null".to_owned()), json!({})),
        ] {
            let merged = merge(Some(&base), Some(&draft), Some(&newest), |_| Some(resolution.clone()));
            assert_eq!(merged, Merged::Item(Some(expected)));
        }
    }
}
