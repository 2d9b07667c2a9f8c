//! Tables with a row for each phrasing: all rows of an id, or of an answer, make one entry.

use std::collections::HashMap;

use super::raw::{Raw, RawObject};
use super::report::{Path, Report};
use crate::mistake::Place;
use crate::model::InvalidValue;

/// The entries of the rows so far, in the order of their first rows.
#[derive(Default)]
pub(super) struct Groups {
    items: Vec<(Place, RawObject<'static>)>,
    by_key: HashMap<String, usize>,
}

impl Groups {
    pub fn add(&mut self, fields: RawObject<'_>, report: &mut Report<'_>) {
        let fields: RawObject<'static> = fields
            .into_iter()
            .map(|(name, raw)| (name.into_owned().into(), raw.into_owned()))
            .collect();
        let Some(key) = key(&fields) else {
            self.items.push((report.place.clone(), fields));
            return;
        };
        match self.by_key.get(&key) {
            Some(&index) => merge(&mut self.items[index].1, fields, report),
            None => {
                self.by_key.insert(key, self.items.len());
                self.items.push((report.place.clone(), fields));
            }
        }
    }

    pub fn into_items(self) -> impl Iterator<Item = (Place, RawObject<'static>)> {
        self.items.into_iter()
    }
}

/// Returns what rows of one entry have in common: the id, or the answers where there is none.
fn key(fields: &RawObject<'_>) -> Option<String> {
    let text = |field: &str| {
        let (_, raw) = fields.iter().find(|(name, _)| name == field)?;
        (!raw.is_blank()).then(|| raw.clone().into_text().trim().to_owned())
    };
    match text("id") {
        Some(id) => Some(format!("id {id}")),
        None => text("answers").map(|answers| format!("answers {answers}")),
    }
}

/// Adds the phrasings of a further row, whose other fields say the same or nothing.
fn merge(item: &mut RawObject<'static>, row: RawObject<'static>, report: &mut Report<'_>) {
    let first = position(item, "question").map(|index| item[index].1.clone().into_text().into_owned());
    let mut others = Vec::new();
    for (name, raw) in row {
        match &*name {
            "question" if Some(raw.clone().into_text().trim()) == first.as_deref().map(str::trim) => {}
            "question" | "similar" => phrasings(item).extend(match raw {
                Raw::List(cells) => cells,
                cell => vec![cell],
            }),
            _ => match position(item, &name) {
                None => item.push((name, raw)),
                Some(index) if raw.is_blank() || item[index].1.clone().into_text() == raw.clone().into_text() => {}
                Some(_) => others.push((name, raw.column())),
            },
        }
    }
    // Where it says another thing in several fields it is another entry, which is one mistake.
    if others.len() > 1 && position(item, "id").is_some() {
        let reason = "another row with this id says something else";
        let invalid = InvalidValue::new(reason, "give the entries ids of their own, or make the rows the same");
        return report.wrong(&Path::Field(&Path::Item, "id"), None, &invalid);
    }
    for (name, column) in others {
        let reason = "the rows of this entry do not say the same here";
        let invalid = InvalidValue::new(reason, "make them the same, or give the entries ids of their own");
        report.wrong(&Path::Field(&Path::Item, &name), column, &invalid);
    }
}

fn phrasings<'i>(item: &'i mut RawObject<'static>) -> &'i mut Vec<Raw<'static>> {
    let index = position(item, "similar").unwrap_or_else(|| {
        item.push(("similar".into(), Raw::List(Vec::new())));
        item.len() - 1
    });
    if !matches!(item[index].1, Raw::List(_)) {
        let cell = std::mem::replace(&mut item[index].1, Raw::Null);
        item[index].1 = Raw::List(vec![cell]);
    }
    match &mut item[index].1 {
        Raw::List(cells) => cells,
        _ => unreachable!("it was made a list above"),
    }
}

fn position(fields: &RawObject<'_>, field: &str) -> Option<usize> {
    fields.iter().position(|(name, _)| name == field)
}
