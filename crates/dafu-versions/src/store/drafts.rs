//! Drafts: what an editor is about to change, kept in the store until it is committed or discarded.

use std::collections::{BTreeMap, BTreeSet};

use dafu::{Content, ErrorKind};
use rusqlite::Row;
use serde::Serialize;

use super::Store;
use super::diff::{Change, changes};
use super::rows::{Rows, State, read_item};
use crate::error::{Error, Result};
use crate::item::{Item, ItemKey, check_id, content_of, items_of};
use crate::publication::now;

/// A draft: changes on top of a base version. It lives in the store, so it outlasts the process, and several processes
/// may work on it.
///
/// Every put, delete and import is one operation, and [`undo`](Self::undo) takes back the last one.
///
/// ```
/// use dafu::Entry;
/// use dafu_versions::{Commit, ItemKey, ItemState, Store};
///
/// let folder = tempfile::tempdir()?;
/// let store = Store::create(folder.path().join("shop.dafu"))?;
/// let draft = store.new_draft("退款", "王芳")?;
/// let mut entry = Entry::new("refund".try_into()?, "退款多久到账？".try_into()?);
/// draft.put(entry.clone())?;
/// entry.similar.push("钱几时退回来".try_into()?);
/// draft.put(entry)?;
/// assert_eq!(draft.undo()?.as_deref(), Some("put entry `refund`"));
/// assert_eq!(draft.state(&ItemKey::entry("refund"))?, ItemState::New);
/// assert!(matches!(draft.commit("王芳", "退款的问题")?, Commit::Version(version) if version.phrasings == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Draft<'s> {
    pub(super) store: &'s Store,
    pub(super) number: i64,
    name: String,
}

/// What there is to say about a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DraftInfo {
    /// Its name.
    pub name: String,
    /// Who began it.
    pub author: String,
    /// When it was begun, in seconds since 1970-01-01T00:00:00Z.
    pub time: i64,
    /// The version that it is based on; 0 for the empty one.
    pub base: u64,
    /// How many operations can be undone.
    pub operations: u64,
}

/// What a draft makes of an item of its base version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ItemState {
    /// The base version does not have it.
    New,
    /// It differs from that of the base version.
    Changed,
    /// The base version has it, the draft does not.
    Deleted,
    /// It is as in the base version.
    Unchanged,
}

/// What an import has done to a draft, in numbers of items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ImportSummary {
    /// Items that the draft did not have.
    pub added: usize,
    /// Items that differ from those of the draft.
    pub changed: usize,
    /// Items of the draft that the file does not have: deleted.
    pub removed: usize,
    /// Items that are the same in both.
    pub unchanged: usize,
}

impl Store {
    /// Begins a draft on the newest version.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] when there is a draft of this name, [`ErrorKind::InvalidInput`] when the name or the author
    /// is empty or longer than 200 characters.
    pub fn new_draft(&self, name: &str, author: &str) -> Result<Draft<'_>> {
        let (name, author) = (check_text("name of the draft", name)?, check_text("author", author)?);
        let number = self.write(|rows| {
            if rows.exists("SELECT 1 FROM drafts WHERE name = ?", [name])? {
                let message = format!("there is a draft `{name}` already; open it, or choose another name");
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            let sql = "INSERT INTO drafts (name, author, time, base) VALUES (?, ?, ?, ?)";
            rows.execute(sql, (name, author, now(), rows.newest()?))?;
            Ok(rows.last_number())
        })?;
        Ok(Draft {
            store: self,
            number,
            name: name.to_owned(),
        })
    }

    /// Opens a draft.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when there is none of this name.
    pub fn draft(&self, name: &str) -> Result<Draft<'_>> {
        let number =
            self.read(|rows| rows.maybe("SELECT draft FROM drafts WHERE name = ?", [name], |row| row.get(0)))?;
        let number = number.ok_or_else(|| {
            let shown: String = name.chars().take(40).collect();
            Error::new(ErrorKind::NotFound, format!("there is no draft `{shown}`; begin one"))
        })?;
        Ok(Draft {
            store: self,
            number,
            name: name.to_owned(),
        })
    }

    /// Returns all drafts, by name.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] or [`ErrorKind::Corrupt`] when the file cannot be read.
    pub fn drafts(&self) -> Result<Vec<DraftInfo>> {
        let sql = format!("{SELECT} ORDER BY name");
        self.read(|rows| rows.all(&sql, [], read_info))
    }
}

impl Draft<'_> {
    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns who began it, when, on which version.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when it was committed or discarded meanwhile.
    pub fn info(&self) -> Result<DraftInfo> {
        let sql = format!("{SELECT} WHERE draft = ?");
        self.read(|rows| rows.one(&sql, [self.number], read_info))
    }

    /// Puts an item: a new one, or in the place of the one with the same key.
    ///
    /// Phrasings that an entry has twice are dropped. References may dangle until the draft is committed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a list of the item is over a [limit](dafu::Limits).
    pub fn put(&self, item: impl Into<Item>) -> Result<()> {
        let item = item.into();
        self.put_as(&item.key(), item)
    }

    /// Puts an item under a key: for lines of the settings, whose own key may be that of another one.
    ///
    /// # Errors
    ///
    /// As [`put`](Self::put), and when the key is not one that the item can have.
    pub fn put_as(&self, key: &ItemKey, item: Item) -> Result<()> {
        check_id(key.kind, &key.id)?;
        let own = item.key();
        let fits = own == *key || (is_setting(key) && own.kind == key.kind);
        if !fits {
            let message = format!("the {own} cannot stand as the {key}; give it its own id");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let body = item.normal()?.to_json();
        self.write(|rows| {
            let item = rows.item_or_new(key)?;
            self.operate(rows, &format!("put {key}"), [(item, Some(body))])
        })
    }

    /// Puts several items in one operation, each as [`put`](Self::put) does: all of them, or none.
    ///
    /// # Errors
    ///
    /// As [`put`](Self::put).
    pub fn put_all(&self, items: impl IntoIterator<Item = Item>) -> Result<()> {
        let mut bodies = BTreeMap::new();
        for item in items {
            let key = item.key();
            bodies.insert(key, item.normal()?.to_json());
        }
        if bodies.is_empty() {
            return Ok(());
        }
        self.write(|rows| {
            let what = format!("put {} items", bodies.len());
            let numbered: Result<Vec<_>> = bodies
                .into_iter()
                .map(|(key, body)| Ok((rows.item_or_new(&key)?, Some(body))))
                .collect();
            self.operate(rows, &what, numbered?)
        })
    }

    /// Deletes an item: staged, until the draft is committed.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when the draft does not have it.
    pub fn delete(&self, key: &ItemKey) -> Result<()> {
        self.write(|rows| match self.current(rows, key)? {
            (Some(item), Some(_)) => self.operate(rows, &format!("delete {key}"), [(item, None)]),
            _ => Err(missing(key)),
        })
    }

    /// Deletes several items in one operation: all of them, or none.
    ///
    /// # Errors
    ///
    /// As [`delete`](Self::delete).
    pub fn delete_all(&self, keys: &[ItemKey]) -> Result<()> {
        // An item is named once in an operation.
        let keys: BTreeSet<&ItemKey> = keys.iter().collect();
        if keys.is_empty() {
            return Ok(());
        }
        self.write(|rows| {
            let numbered: Result<Vec<_>> = keys
                .iter()
                .map(|key| match self.current(rows, key)? {
                    (Some(item), Some(_)) => Ok((item, None)),
                    _ => Err(missing(key)),
                })
                .collect();
            self.operate(rows, &format!("delete {} items", keys.len()), numbered?)
        })
    }

    /// Puts an item in the place of another one of its kind, which is deleted, in one operation: gives it another id.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when the draft does not have the other one, [`ErrorKind::Conflict`] when the id of the
    /// item is another's already; else as [`put`](Self::put).
    pub fn rename(&self, from: &ItemKey, item: impl Into<Item>) -> Result<()> {
        let item = item.into();
        let to = item.key();
        if to == *from {
            return self.put(item);
        }
        check_id(to.kind, &to.id)?;
        if to.kind != from.kind {
            let message = format!("the {from} cannot become the {to}; delete it and put the other");
            return Err(Error::new(ErrorKind::InvalidInput, message));
        }
        let body = item.normal()?.to_json();
        self.write(|rows| {
            let (Some(old), Some(_)) = self.current(rows, from)? else {
                return Err(missing(from));
            };
            if let (_, Some(_)) = self.current(rows, &to)? {
                let message = format!("there is the {to} already; give it another id");
                return Err(Error::new(ErrorKind::Conflict, message));
            }
            let new = rows.item_or_new(&to)?;
            let what = format!("rename {from} to {to}");
            self.operate(rows, &what, [(old, None), (new, Some(body))])
        })
    }

    /// Makes a content the state of the draft: what it does not have is deleted. One operation.
    ///
    /// # Errors
    ///
    /// When the draft was committed or discarded meanwhile, or the file cannot be written.
    pub fn import(&self, content: &Content) -> Result<ImportSummary> {
        self.write(|rows| {
            let mut old: BTreeMap<ItemKey, State> = self
                .states(rows)?
                .into_iter()
                .map(|state| (state.key.clone(), state))
                .collect();
            let mut summary = ImportSummary::default();
            let mut operation = Vec::new();
            for (key, item) in items_of(content) {
                let body = item.to_json();
                match old.remove(&key) {
                    Some(state) if state.body == body => summary.unchanged += 1,
                    Some(state) => {
                        summary.changed += 1;
                        operation.push((state.item, Some(body)));
                    }
                    None => {
                        summary.added += 1;
                        operation.push((rows.item_or_new(&key)?, Some(body)));
                    }
                }
            }
            summary.removed = old.len();
            operation.extend(old.into_values().map(|state| (state.item, None)));
            if !operation.is_empty() {
                self.operate(rows, &format!("import {} items", content_size(content)), operation)?;
            }
            Ok(summary)
        })
    }

    /// Takes back the last operation, and returns what it was; `None` if there is none.
    ///
    /// # Errors
    ///
    /// When the draft was committed or discarded meanwhile, or the file cannot be written.
    pub fn undo(&self) -> Result<Option<String>> {
        self.write(|rows| {
            self.base(rows)?;
            let sql = "SELECT operation, what FROM operations WHERE draft = ? ORDER BY operation DESC LIMIT 1";
            let last: Option<(i64, String)> = rows.maybe(sql, [self.number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let Some((operation, what)) = last else {
                return Ok(None);
            };
            let sql = "DELETE FROM operations WHERE draft = ? AND operation = ?";
            rows.execute(sql, (self.number, operation))?;
            Ok(Some(what))
        })
    }

    /// Removes the draft and all that was changed in it.
    ///
    /// # Errors
    ///
    /// When it was committed or discarded meanwhile, or the file cannot be written.
    pub fn discard(self) -> Result<()> {
        self.write(|rows| {
            self.base(rows)?;
            self.remove(rows)
        })
    }

    /// Returns what the draft makes of an item.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] when neither the draft nor its base version has it.
    pub fn state(&self, key: &ItemKey) -> Result<ItemState> {
        self.read(|rows| {
            let (item, current) = self.current(rows, key)?;
            let base = match item {
                Some(item) => rows.body_at(item, self.base(rows)?)?,
                None => None,
            };
            match (base, current) {
                (None, Some(_)) => Ok(ItemState::New),
                (Some(_), None) => Ok(ItemState::Deleted),
                (Some(base), Some(current)) if base == current => Ok(ItemState::Unchanged),
                (Some(_), Some(_)) => Ok(ItemState::Changed),
                (None, None) => Err(missing(key)),
            }
        })
    }

    /// Returns the items that the draft changes, with their state before and after, in the order of the content.
    ///
    /// # Errors
    ///
    /// When the draft was committed or discarded meanwhile, or the file cannot be read.
    pub fn changes(&self) -> Result<Vec<Change>> {
        self.read(|rows| {
            let base = self.base(rows)?;
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for (item, key, body) in self.last_changes(rows)? {
                let state = |body: String| State {
                    item,
                    key: key.clone(),
                    body,
                };
                before.extend(rows.body_at(item, base)?.map(state));
                after.extend(body.map(state));
            }
            Ok(changes(before, after))
        })
    }

    /// Returns an item as the draft has it; `None` if it does not.
    ///
    /// # Errors
    ///
    /// When the draft was committed or discarded meanwhile, or the file cannot be read.
    pub fn item(&self, key: &ItemKey) -> Result<Option<Item>> {
        let (_, body) = self.read(|rows| self.current(rows, key))?;
        body.map(|body| read_item(key, &body)).transpose()
    }

    /// Returns all items as the draft has them, in the order of the content.
    ///
    /// # Errors
    ///
    /// As [`item`](Self::item).
    pub fn items(&self) -> Result<Vec<(ItemKey, Item)>> {
        let states = self.read(|rows| self.states(rows))?;
        let read = |state: State| Ok((state.key.clone(), read_item(&state.key, &state.body)?));
        states.into_iter().map(read).collect()
    }

    /// Returns the content as the draft has it: for a preview.
    ///
    /// If nobody else commits meanwhile, the version that is made of the draft has this very content, and so the generation
    /// that is published of it answers bit for bit as a knowledge base of this content.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] with all [mistakes](Error::mistakes) when a reference dangles or a limit is exceeded.
    pub fn content(&self) -> Result<Content> {
        Ok(content_of(self.items()?.into_iter().map(|(_, item)| item))?)
    }

    pub(super) fn read<T>(&self, run: impl FnOnce(&Rows<'_>) -> Result<T>) -> Result<T> {
        self.store.read(|rows| {
            self.base(rows)?;
            run(rows)
        })
    }

    pub(super) fn write<T>(&self, run: impl FnOnce(&Rows<'_>) -> Result<T>) -> Result<T> {
        self.store.write(|rows| {
            self.base(rows)?;
            run(rows)
        })
    }

    /// Returns the version that the draft is based on.
    pub(super) fn base(&self, rows: &Rows<'_>) -> Result<i64> {
        let base = rows.maybe("SELECT base FROM drafts WHERE draft = ?", [self.number], |row| {
            row.get(0)
        })?;
        base.ok_or_else(|| {
            let message = format!(
                "the draft `{}` was committed or discarded meanwhile; begin another",
                self.name
            );
            Error::new(ErrorKind::NotFound, message)
        })
    }

    /// Returns every item that the draft has touched as it left it, in order.
    pub(super) fn last_changes(&self, rows: &Rows<'_>) -> Result<Vec<(i64, ItemKey, Option<String>)>> {
        let sql = "SELECT item, kind, id, body FROM changes AS c JOIN items USING (item)
                   WHERE draft = ?1 AND operation =
                       (SELECT max(operation) FROM changes WHERE draft = ?1 AND item = c.item) ORDER BY item";
        rows.all(sql, [self.number], |row| {
            Ok((row.get(0)?, super::rows::key(row, 1)?, row.get(3)?))
        })
    }

    pub(super) fn remove(&self, rows: &Rows<'_>) -> Result<()> {
        rows.execute("DELETE FROM drafts WHERE draft = ?", [self.number])
            .map(drop)
    }

    /// Returns the number of an item, if the store knows it, and its body in the draft, if that has it.
    fn current(&self, rows: &Rows<'_>, key: &ItemKey) -> Result<(Option<i64>, Option<String>)> {
        let Some(item) = rows.item(key)? else {
            return Ok((None, None));
        };
        let sql = "SELECT body FROM changes WHERE draft = ? AND item = ? ORDER BY operation DESC LIMIT 1";
        let changed: Option<Option<String>> = rows.maybe(sql, (self.number, item), |row| row.get(0))?;
        let body = match changed {
            Some(body) => body,
            None => rows.body_at(item, self.base(rows)?)?,
        };
        Ok((Some(item), body))
    }

    fn states(&self, rows: &Rows<'_>) -> Result<Vec<State>> {
        let base = rows.states_at(self.base(rows)?)?;
        let changed = self.last_changes(rows)?;
        let touched: std::collections::HashSet<i64> = changed.iter().map(|(item, ..)| *item).collect();
        let mut states: Vec<State> = base
            .into_iter()
            .filter(|state| !touched.contains(&state.item))
            .collect();
        states.extend(
            changed
                .into_iter()
                .filter_map(|(item, key, body)| Some(State { item, key, body: body? })),
        );
        states.sort_by_key(|state| state.item);
        Ok(states)
    }

    /// Writes an operation down.
    fn operate(
        &self,
        rows: &Rows<'_>,
        what: &str,
        changes: impl IntoIterator<Item = (i64, Option<String>)>,
    ) -> Result<()> {
        let sql = "SELECT coalesce(max(operation), 0) + 1 FROM operations WHERE draft = ?";
        let operation: i64 = rows.one(sql, [self.number], |row| row.get(0))?;
        let sql = "INSERT INTO operations (draft, operation, what) VALUES (?, ?, ?)";
        rows.execute(sql, (self.number, operation, what))?;
        let sql = "INSERT INTO changes (draft, operation, item, body) VALUES (?, ?, ?, ?)";
        for (item, body) in changes {
            rows.execute(sql, (self.number, operation, item, body))?;
        }
        Ok(())
    }
}

/// Returns a text that names somebody or something, without the white space around it.
pub(super) fn check_text<'t>(what: &str, text: &'t str) -> Result<&'t str> {
    let text = text.trim();
    match text.chars().count() {
        1..=200 if !text.chars().any(char::is_control) => Ok(text),
        _ => Err(Error::new(
            ErrorKind::InvalidInput,
            format!("the {what} must be one line of 1 to 200 characters"),
        )),
    }
}

pub(super) fn missing(key: &ItemKey) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("there is no {key}; see the items of the draft"),
    )
}

fn is_setting(key: &ItemKey) -> bool {
    use crate::item::ItemKind as K;
    !matches!(key.kind, K::Entry | K::StandardAnswer | K::Template | K::Settings)
}

fn content_size(content: &Content) -> usize {
    content.entries().len() + content.standard_answers().len() + content.templates().len()
}

const SELECT: &str = "SELECT name, author, time, base,
    (SELECT count(*) FROM operations WHERE operations.draft = drafts.draft) FROM drafts";

fn read_info(row: &Row<'_>) -> rusqlite::Result<DraftInfo> {
    Ok(DraftInfo {
        name: row.get(0)?,
        author: row.get(1)?,
        time: row.get(2)?,
        base: row.get(3)?,
        operations: row.get(4)?,
    })
}
