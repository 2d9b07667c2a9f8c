//! What differs between two states of the content, by item and field.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::Store;
use super::rows::{Rows, State, read_item, state};
use crate::error::Result;
use crate::item::{Item, ItemKey};

/// An item that differs between two states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Which item.
    pub key: ItemKey,
    /// How it differs.
    pub kind: ChangeKind,
    /// Its JSON form before; `None` if it was not there.
    pub before: Option<String>,
    /// Its JSON form after; `None` if it is not there any more.
    pub after: Option<String>,
}

/// How an item differs between two states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// It was not there before.
    Added,
    /// Some of its fields differ.
    Changed,
    /// It is not there any more.
    Removed,
}

/// A field that differs, with both values as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The field, such as `similar`.
    pub field: String,
    /// Its value before; `None` if it was not there.
    pub before: Option<String>,
    /// Its value after; `None` if it is not there any more.
    pub after: Option<String>,
    /// For a list: what was added to it, as JSON. Empty if only its order differs.
    pub added: Vec<String>,
    /// For a list: what was removed from it, as JSON.
    pub removed: Vec<String>,
}

impl Change {
    pub(super) fn new(key: ItemKey, before: Option<String>, after: Option<String>) -> Option<Self> {
        let kind = match (&before, &after) {
            (None, Some(_)) => ChangeKind::Added,
            (Some(_), None) => ChangeKind::Removed,
            (Some(before), Some(after)) if before != after => ChangeKind::Changed,
            _ => return None,
        };
        Some(Self {
            key,
            kind,
            before,
            after,
        })
    }

    /// Returns the fields that differ, by name.
    pub fn fields(&self) -> Vec<FieldChange> {
        let (before, after) = (fields(self.before.as_deref()), fields(self.after.as_deref()));
        let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
        let raw = |value: Option<&&RawValue>| value.map(|value| value.get().to_owned());
        names
            .into_iter()
            .map(|name| (name, raw(before.get(name)), raw(after.get(name))))
            .filter(|(_, before, after)| before != after)
            .map(|(name, before, after)| {
                let (old, new) = (list(before.as_deref()), list(after.as_deref()));
                FieldChange {
                    field: name.to_owned(),
                    added: without(&new, &old),
                    removed: without(&old, &new),
                    before,
                    after,
                }
            })
            .collect()
    }

    /// Returns the item before; `None` if it was not there.
    ///
    /// # Errors
    ///
    /// Only when the store is damaged.
    pub fn item_before(&self) -> Result<Option<Item>> {
        self.before
            .as_deref()
            .map(|body| read_item(&self.key, body))
            .transpose()
    }

    /// Returns the item after; `None` if it is not there any more.
    ///
    /// # Errors
    ///
    /// Only when the store is damaged.
    pub fn item_after(&self) -> Result<Option<Item>> {
        self.after.as_deref().map(|body| read_item(&self.key, body)).transpose()
    }
}

impl Store {
    /// Returns what differs from version `from` to version `to`, in the order of the items; either may be the older one,
    /// and 0 is the empty version.
    ///
    /// The cost grows with what was changed between the two, not with what they hold.
    ///
    /// # Errors
    ///
    /// [`NotFound`](crate::ErrorKind::NotFound) when there is no such version.
    ///
    /// # Examples
    ///
    /// ```
    /// # use dafu::Content;
    /// # use dafu_versions::{ChangeKind, Store};
    /// # let folder = tempfile::tempdir()?;
    /// # let store = Store::create(folder.path().join("shop.dafu"))?;
    /// for answer in ["3天。", "1天。"] {
    ///     let draft = store.new_draft("退款", "王芳")?;
    ///     let line = format!(r#"{{"id":"refund","question":"退款多久到账？","answer":"{answer}"}}"#);
    ///     draft.import(&Content::from_jsonl(line.as_bytes())?)?;
    ///     draft.commit("王芳", "到账时间")?;
    /// }
    /// let changes = store.diff(1, 2)?;
    /// assert_eq!((changes[0].key.id.as_str(), changes[0].kind), ("refund", ChangeKind::Changed));
    /// assert_eq!(changes[0].fields()[0].field, "answers");
    /// assert_eq!(changes[0].fields()[0].added, [r#""1天。""#]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn diff(&self, from: u64, to: u64) -> Result<Vec<Change>> {
        let (older, newer) = (from.min(to), from.max(to));
        let (mut before, mut after) = self.read(|rows| {
            let (older, newer) = (rows.check_version(older)?, rows.check_version(newer)?);
            Ok((ended(rows, older, newer)?, begun(rows, older, newer)?))
        })?;
        if from > to {
            std::mem::swap(&mut before, &mut after);
        }
        Ok(changes(before, after))
    }
}

/// Pairs the states of items, which are in order, and keeps those that differ.
pub(super) fn changes(before: Vec<State>, after: Vec<State>) -> Vec<Change> {
    let mut changed = Vec::new();
    let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
    loop {
        let item = match (before.peek(), after.peek()) {
            (None, None) => return changed,
            (Some(one), None) | (None, Some(one)) => one.item,
            (Some(one), Some(other)) => one.item.min(other.item),
        };
        let before = before.next_if(|state| state.item == item);
        let after = after.next_if(|state| state.item == item);
        let Some(key) = before.as_ref().or(after.as_ref()).map(|state| state.key.clone()) else {
            continue;
        };
        let body = |state: Option<State>| state.map(|state| state.body);
        changed.extend(Change::new(key, body(before), body(after)));
    }
}

/// Revisions that the older version has and the newer one has not. Those that ended in a row stand anywhere in the file:
/// they are read in the order in which they stand, each page once.
fn ended(rows: &Rows<'_>, older: i64, newer: i64) -> Result<Vec<State>> {
    let sql = "SELECT item, kind, id, body FROM revisions JOIN items USING (item)
               WHERE revision IN (SELECT revision FROM revisions WHERE until > ?1 AND until <= ?2) AND since <= ?1";
    Ok(in_order(rows.all(sql, (older, newer), state)?))
}

/// Revisions that the newer version has and the older one has not.
fn begun(rows: &Rows<'_>, older: i64, newer: i64) -> Result<Vec<State>> {
    let sql = "SELECT item, kind, id, body FROM revisions JOIN items USING (item)
               WHERE since > ?1 AND since <= ?2 AND (until IS NULL OR until > ?2)";
    Ok(in_order(rows.all(sql, (older, newer), state)?))
}

/// Sorts by items. SQLite would copy every body to sort them, and write many of them to a file meanwhile.
fn in_order(mut states: Vec<State>) -> Vec<State> {
    states.sort_unstable_by_key(|state| state.item);
    states
}

/// The top fields of a JSON object, unread.
fn fields(body: Option<&str>) -> BTreeMap<&str, &RawValue> {
    body.and_then(|body| serde_json::from_str(body).ok())
        .unwrap_or_default()
}

fn list(value: Option<&str>) -> Vec<String> {
    match value.map(serde_json::from_str) {
        Some(Ok(Value::Array(values))) => values.iter().map(Value::to_string).collect(),
        _ => Vec::new(),
    }
}

/// What `list` has more often than `other`.
fn without(list: &[String], other: &[String]) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for value in other {
        *counts.entry(value).or_default() += 1;
    }
    let is_new = |value: &&String| match counts.get_mut(value.as_str()).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            false
        }
        None => true,
    };
    list.iter().filter(is_new).cloned().collect()
}
