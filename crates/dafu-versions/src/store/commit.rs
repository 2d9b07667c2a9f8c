//! Making a version of a draft.

use std::collections::HashMap;

use dafu::{ErrorKind, Limits};
use serde::Serialize;
use serde_json::Value;

use super::audit::record;
use super::drafts::{Draft, check_text};
use super::rows::{Rows, read_item, revision_hash};
use super::versions::{Version, version};
use crate::error::{Error, Result};
use crate::item::{Item, ItemKey, ItemKind};
use crate::merge::{FieldConflict, Merged, Resolution, merge};
use crate::publication::now;

/// What came of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum Commit {
    /// The draft is a version now, and gone.
    Version(Version),
    /// The draft changes nothing of the newest version; it is as it was.
    Nothing,
    /// Others have changed the same meanwhile. Nothing was committed: [resolve](Draft::resolve) each, and commit again.
    Conflicts(Vec<Conflict>),
}

/// A field that a draft and a newer version have changed differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Conflict {
    /// Which item.
    pub key: ItemKey,
    /// Which field, with its three values.
    pub field: FieldConflict,
}

/// A changed item and its new state.
struct Changed {
    item: i64,
    key: ItemKey,
    body: Option<String>,
    new: Option<Item>,
}

/// What a draft comes to on top of the newest version.
struct Outcome {
    changed: Vec<Changed>,
    conflicts: Vec<Conflict>,
}

impl Draft<'_> {
    /// Makes a version of the draft. If others have committed since its base version, both are merged, field by field.
    ///
    /// When this returns a version, it is on the disk. 10 changes of 10,000 entries take some milliseconds.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a reference would dangle, or there would be more items than the
    /// [limits](dafu::Limits) allow; [`ErrorKind::Busy`] when another process writes for too long. Then nothing has changed.
    pub fn commit(&self, author: &str, message: &str) -> Result<Commit> {
        let author = check_text("author", author)?;
        let message = message.trim();
        if message.chars().count() > MESSAGE_CHARS {
            let text = format!("the message is longer than {MESSAGE_CHARS} characters; shorten it");
            return Err(Error::new(ErrorKind::InvalidInput, text));
        }
        self.write(|rows| {
            let Outcome { changed, conflicts } = self.outcome(rows)?;
            if !conflicts.is_empty() {
                return Ok(Commit::Conflicts(conflicts));
            }
            if changed.is_empty() {
                return Ok(Commit::Nothing);
            }
            check_references(rows, &changed)?;
            let number = write_version(rows, self.base(rows)?, &changed, author, message)?;
            let version = version(rows, number)?;
            let details = serde_json::json!({"version": number, "draft": self.name(), "changes": changed.len()});
            record(rows, author, "commit", &details)?;
            self.remove(rows)?;
            Ok(Commit::Version(version))
        })
    }

    /// Returns the conflicts that a commit would meet now, and that are not resolved.
    ///
    /// # Errors
    ///
    /// When the draft was committed or discarded meanwhile, or the file cannot be read.
    pub fn conflicts(&self) -> Result<Vec<Conflict>> {
        self.read(|rows| self.outcome(rows)).map(|outcome| outcome.conflicts)
    }

    /// Settles a conflict. It holds for the three values of this conflict: if one of them changes before the commit, the
    /// conflict is there again.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidInput`] when a new value is not JSON, or not one that the field can have.
    pub fn resolve(&self, conflict: &Conflict, resolution: &Resolution) -> Result<()> {
        if let Resolution::Value(json) = resolution {
            check_value(conflict, json)?;
        }
        let (field, settled) = (&conflict.field, resolution);
        let json = |error| Error::from_source(ErrorKind::Internal, "writing a resolution", error);
        let three = serde_json::to_string(field).map_err(json)?;
        let settled = serde_json::to_string(settled).map_err(json)?;
        self.write(|rows| {
            let item = rows
                .item(&conflict.key)?
                .ok_or_else(|| super::drafts::missing(&conflict.key))?;
            let sql =
                "INSERT OR REPLACE INTO resolutions (draft, item, field, conflict, resolution) VALUES (?, ?, ?, ?, ?)";
            rows.execute(sql, (self.number, item, &field.field, three, settled))
                .map(drop)
        })
    }

    fn outcome(&self, rows: &Rows<'_>) -> Result<Outcome> {
        let (base, newest) = (self.base(rows)?, rows.newest()?);
        let mut outcome = Outcome {
            changed: Vec::new(),
            conflicts: Vec::new(),
        };
        for (item, key, body) in self.last_changes(rows)? {
            let newest_body = rows.body_at(item, newest)?;
            let body = match base == newest {
                true => body,
                false => {
                    let base_body = rows.body_at(item, base)?;
                    match self.merge(rows, item, &key, [base_body, body, newest_body.clone()])? {
                        Ok(body) => body,
                        Err(conflicts) => {
                            outcome.conflicts.extend(conflicts);
                            continue;
                        }
                    }
                }
            };
            if body != newest_body {
                let new = body.as_deref().map(|body| read_item(&key, body)).transpose()?;
                outcome.changed.push(Changed { item, key, body, new });
            }
        }
        Ok(outcome)
    }

    /// Merges the base's, the draft's and the newest version's state of an item.
    fn merge(
        &self,
        rows: &Rows<'_>,
        item: i64,
        key: &ItemKey,
        bodies: [Option<String>; 3],
    ) -> Result<std::result::Result<Option<String>, Vec<Conflict>>> {
        let [base, draft, newest] = &bodies;
        // Texts that are equal need no reading, and stay as they are to the last byte.
        if draft == newest || newest == base {
            return Ok(Ok(draft.clone()));
        }
        if draft == base {
            return Ok(Ok(newest.clone()));
        }
        let resolutions = self.resolutions(rows, item)?;
        let resolve = |conflict: &FieldConflict| {
            let (three, settled) = resolutions.get(&conflict.field)?;
            (three == conflict).then(|| settled.clone())
        };
        let read = |body: &Option<String>| -> Option<Value> { serde_json::from_str(body.as_deref()?).ok() };
        let named = |conflicts: Vec<FieldConflict>| {
            let name = |field| Conflict {
                key: key.clone(),
                field,
            };
            Ok(Err(conflicts.into_iter().map(name).collect()))
        };
        match merge(
            read(base).as_ref(),
            read(draft).as_ref(),
            read(newest).as_ref(),
            resolve,
        ) {
            Merged::Conflicts(conflicts) => named(conflicts),
            Merged::Item(None) => Ok(Ok(None)),
            Merged::Item(Some(value)) => {
                // Fields that fit one by one may not fit to each other: the slots of one side to the texts of the other.
                match Item::from_json(key.kind, &value.to_string()).and_then(Item::normal) {
                    Ok(item) => Ok(Ok(Some(item.to_json()))),
                    Err(_) => {
                        let whole = FieldConflict {
                            field: String::new(),
                            base: base.clone(),
                            draft: draft.clone(),
                            newest: newest.clone(),
                        };
                        match resolve(&whole) {
                            Some(Resolution::Base) => Ok(Ok(base.clone())),
                            Some(Resolution::Draft) => Ok(Ok(draft.clone())),
                            Some(Resolution::Newest) => Ok(Ok(newest.clone())),
                            Some(Resolution::Value(json)) => {
                                let item = Item::from_json(key.kind, &json).and_then(Item::normal);
                                Ok(Ok(Some(item?.to_json())))
                            }
                            None => named(vec![whole]),
                        }
                    }
                }
            }
        }
    }

    fn resolutions(&self, rows: &Rows<'_>, item: i64) -> Result<HashMap<String, (FieldConflict, Resolution)>> {
        let sql = "SELECT field, conflict, resolution FROM resolutions WHERE draft = ? AND item = ?";
        let stored: Vec<(String, String, String)> = rows.all(sql, (self.number, item), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        let read = |(field, conflict, resolution): (String, String, String)| {
            let conflict = serde_json::from_str(&conflict).ok()?;
            Some((field, (conflict, serde_json::from_str(&resolution).ok()?)))
        };
        Ok(stored.into_iter().filter_map(read).collect())
    }
}

/// Fails unless a new value is one that the field of the item can have.
fn check_value(conflict: &Conflict, json: &str) -> Result<()> {
    let wrong = |e: &dyn std::fmt::Display| {
        let message = format!("the new value for the {} does not fit: {e}", conflict.key);
        Error::new(ErrorKind::InvalidInput, message)
    };
    let value: Value = serde_json::from_str(json).map_err(|e| wrong(&e))?;
    if value.is_null() {
        return Ok(());
    }
    let field = conflict.field.field.as_str();
    if field.is_empty() {
        return Item::from_json(conflict.key.kind, json)
            .map(drop)
            .map_err(|e| wrong(&e));
    }
    // A list, a number or an object in the place of a text, and the like; the item as a whole is read at the commit.
    let kind = |value: &Value| std::mem::discriminant(value);
    let known = [&conflict.field.draft, &conflict.field.newest, &conflict.field.base];
    let known = known
        .into_iter()
        .flatten()
        .find_map(|json| serde_json::from_str::<Value>(json).ok());
    match known.is_none_or(|known| kind(&known) == kind(&value)) {
        true => Ok(()),
        false => Err(wrong(&"it is of another type than the present one")),
    }
}

/// Fails if an item of the new version refers to one that the version does not have.
fn check_references(rows: &Rows<'_>, changed: &[Changed]) -> Result<()> {
    let states: HashMap<&ItemKey, bool> = changed.iter().map(|one| (&one.key, one.new.is_some())).collect();
    let mut dangling = Vec::new();
    for (one, new) in changed.iter().filter_map(|one| Some((one, one.new.as_ref()?))) {
        for target in new.references() {
            let is_there = match states.get(&target) {
                Some(is_there) => *is_there,
                None => is_in_newest(rows, &target)?,
            };
            if !is_there {
                dangling.push(format!("the {} refers to the {target}, which is not there", one.key));
            }
        }
    }
    for one in changed.iter().filter(|one| one.new.is_none()) {
        let sql = "SELECT kind, id FROM links JOIN revisions USING (revision) JOIN items USING (item)
                   WHERE target = ? AND until IS NULL ORDER BY item";
        for source in rows.all(sql, [one.item], |row| super::rows::key(row, 0))? {
            if !states.contains_key(&source) {
                dangling.push(format!(
                    "the {source} still refers to the {}, which is deleted",
                    one.key
                ));
            }
        }
    }
    if dangling.is_empty() {
        return Ok(());
    }
    let more = match dangling.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" | and {more} more"),
    };
    dangling.truncate(SHOWN);
    let message = format!(
        "{}{more}; correct the references, or keep what they name",
        dangling.join(" | ")
    );
    Err(Error::new(ErrorKind::InvalidInput, message))
}

fn is_in_newest(rows: &Rows<'_>, key: &ItemKey) -> Result<bool> {
    let sql = "SELECT 1 FROM items JOIN revisions USING (item) WHERE kind = ? AND id = ? AND until IS NULL";
    rows.exists(sql, (key.kind.number(), &key.id))
}

fn write_version(rows: &Rows<'_>, base: i64, changed: &[Changed], author: &str, message: &str) -> Result<i64> {
    let parent = rows.newest()?;
    let number = parent + 1;
    let mut counts = match parent {
        0 => Counts::default(),
        parent => Counts::of(&version(rows, parent)?),
    };
    let time = rows
        .maybe("SELECT time FROM versions WHERE version = ?", [parent], |row| {
            row.get::<_, i64>(0)
        })?
        .map_or_else(now, |time| time.max(now()));
    // The row comes first, since revisions refer to it, and is completed when they are there.
    let sql = "INSERT INTO versions (version, author, message, time, base, content_hash,
                   entries, standard_answers, templates, settings, phrasings) VALUES (?, ?, ?, ?, ?, x'', 0, 0, 0, 0, 0)";
    rows.execute(sql, (number, author, message, time, base))?;
    for one in changed {
        let sql = "UPDATE revisions SET until = ? WHERE item = ? AND until IS NULL RETURNING phrasings";
        let old: Option<i64> = rows.maybe(sql, (number, one.item), |row| row.get(0))?;
        counts.take(one.key.kind, old);
        let (Some(new), Some(body)) = (&one.new, &one.body) else {
            continue;
        };
        let phrasings = new.phrasings() as i64;
        let sql = "INSERT INTO revisions (item, since, phrasings, hash, body) VALUES (?, ?, ?, ?, ?)";
        let hash = revision_hash(&one.key, body);
        rows.execute(sql, (one.item, number, phrasings, hash, body))?;
        counts.add(one.key.kind, phrasings);
        let revision = rows.last_number();
        for target in new.references() {
            if let Some(target) = rows.item(&target)? {
                let sql = "INSERT OR IGNORE INTO links (target, revision) VALUES (?, ?)";
                rows.execute(sql, (target, revision))?;
            }
        }
    }
    counts.check()?;
    let sql = "UPDATE versions SET content_hash = ?, entries = ?, standard_answers = ?, templates = ?, settings = ?,
                   phrasings = ? WHERE version = ?";
    let Counts {
        entries,
        standard_answers,
        templates,
        settings,
        phrasings,
    } = counts;
    let hash = content_hash(rows)?;
    rows.execute(
        sql,
        (hash, entries, standard_answers, templates, settings, phrasings, number),
    )?;
    Ok(number)
}

/// Returns the hash of the newest version's revisions, in the order of their items.
fn content_hash(rows: &Rows<'_>) -> Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    let sql = "SELECT hash FROM revisions INDEXED BY revisions_newest WHERE until IS NULL ORDER BY item";
    rows.all(sql, [], |row| {
        hasher.update(row.get_ref(0)?.as_blob()?);
        Ok(())
    })?;
    Ok(*hasher.finalize().as_bytes())
}

#[derive(Default)]
struct Counts {
    entries: i64,
    standard_answers: i64,
    templates: i64,
    settings: i64,
    phrasings: i64,
}

impl Counts {
    fn of(version: &Version) -> Self {
        Self {
            entries: version.entries as i64,
            standard_answers: version.standard_answers as i64,
            templates: version.templates as i64,
            settings: version.settings as i64,
            phrasings: version.phrasings as i64,
        }
    }

    fn of_kind(&mut self, kind: ItemKind) -> &mut i64 {
        match kind {
            ItemKind::Entry => &mut self.entries,
            ItemKind::StandardAnswer => &mut self.standard_answers,
            ItemKind::Template => &mut self.templates,
            _ => &mut self.settings,
        }
    }

    fn take(&mut self, kind: ItemKind, phrasings: Option<i64>) {
        if let Some(phrasings) = phrasings {
            *self.of_kind(kind) -= 1;
            self.phrasings -= phrasings;
        }
    }

    fn add(&mut self, kind: ItemKind, phrasings: i64) {
        *self.of_kind(kind) += 1;
        self.phrasings += phrasings;
    }

    fn check(&self) -> Result<()> {
        for (what, count, limit) in [
            ("entries", self.entries, Limits::ENTRIES),
            ("standard answers", self.standard_answers, Limits::ENTRIES),
            ("templates", self.templates, Limits::ENTRIES),
            ("lines of settings", self.settings, Limits::SETTINGS),
            ("phrasings", self.phrasings, Limits::PHRASINGS),
        ] {
            if count > limit as i64 {
                let message = format!("the version would have {count} {what}; at most {limit} are allowed, split it");
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
        }
        Ok(())
    }
}

const MESSAGE_CHARS: usize = 10_000;

/// How many dangling references one sentence can bear.
const SHOWN: usize = 3;
