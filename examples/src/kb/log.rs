use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::commit::key;
use super::failure::{Failure, Result};
use super::names;
use super::workspace::Workspace;
use super::world::{Colour, World};

/// Tells the versions, or who did what.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let count = arguments
        .number("count", language)
        .map_err(Failure::Usage)?
        .unwrap_or(20);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let workspace = Workspace::open(arguments, world)?;
    if arguments.has("audit") {
        return audit(&workspace, count, arguments.has("json"), world);
    }
    let versions = workspace.store.versions(None, count)?;
    let labels = workspace.store.labels()?;
    let publication = workspace.publication()?;
    let mut serving = Vec::new();
    if let Some(publication) = &publication {
        for channel in publication.channels()? {
            if let Some(served) = publication.serving(&channel)? {
                serving.push((channel, served.version));
            }
        }
    }
    let marks = |version: u64| -> Vec<String> {
        let channels = serving
            .iter()
            .filter(|(_, served)| *served == version)
            .map(|(channel, _)| channel.clone());
        channels
            .chain(
                labels
                    .iter()
                    .filter(|(_, labelled)| *labelled == version)
                    .map(|(name, _)| name.clone()),
            )
            .collect()
    };
    if arguments.has("json") {
        let versions: Vec<Value> = versions
            .iter()
            .map(|version| {
                json!({
                    "version": version.number, "base": version.base, "author": version.author, "message": version.message,
                    "time": version.time, "entries": version.entries, "phrasings": version.phrasings, "marks": marks(version.number),
                })
            })
            .collect();
        world.json(&json!({"versions": versions}))?;
        return Ok(super::DONE);
    }
    if versions.is_empty() {
        world.tell("还没有版本。", "No version yet.")?;
    }
    for version in &versions {
        let marks = marks(version.number);
        let number = world.paint(Colour::Blue, &format!("{:>4}", version.number));
        let marks = match marks.join(", ") {
            marks if marks.is_empty() => marks,
            marks => world.paint(Colour::Green, &format!(" [{marks}]")),
        };
        let (time, author, message, entries) = (
            names::time(version.time),
            &version.author,
            &version.message,
            version.entries,
        );
        let entries = world.pick(format!("{entries} 条"), format!("{entries} entries"));
        world.say(format!("{number}  {time}  {author}  {entries}  {message}{marks}"))?;
    }
    Ok(super::DONE)
}

/// Shows an entry, or another item by `kind:id`.
pub fn show(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let [id] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, language)));
    };
    let version = arguments.number("version", language).map_err(Failure::Usage)?;
    let workspace = Workspace::open(arguments, world)?;
    let key = key(id);
    let item = match (version, workspace.draft()?) {
        (Some(version), _) => workspace.store.item(version, &key)?,
        (None, Some(draft)) => draft.item(&key)?,
        (None, None) => match workspace.newest()? {
            0 => None,
            newest => workspace.store.item(newest, &key)?,
        },
    };
    let Some(item) = item else {
        return Err(Failure::Said(world.pick(
            format!("没有 {id}；用 kb ask 问它的问题，会看到编号"),
            format!("there is no {id}; ask its question with kb ask, which tells the id"),
        )));
    };
    let json: Value = serde_json::from_str(&item.to_json()).unwrap_or_default();
    if arguments.has("json") {
        world.json(&json)?;
        return Ok(super::DONE);
    }
    let mut fields: Vec<_> = json.as_object().into_iter().flatten().collect();
    fields.sort_by_key(|(name, _)| names::rank(name));
    for (name, value) in fields {
        let label = world.paint(Colour::Blue, names::field(name, language));
        match value.as_array() {
            Some(values) if values.len() > 1 => {
                world.say(format!("{label}:"))?;
                for value in values {
                    world.say(format!("  {}", names::value(&value.to_string(), language)))?;
                }
            }
            _ => world.say(format!("{label}: {}", names::value(&value.to_string(), language)))?,
        }
    }
    Ok(super::DONE)
}

/// Tells which version set each field.
pub fn blame(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let [id] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, language)));
    };
    let workspace = Workspace::open(arguments, world)?;
    let origins = workspace.store.blame(&key(id))?;
    if origins.is_empty() {
        return Err(Failure::Said(
            world.pick(format!("没有哪个版本里有 {id}"), format!("no version has {id}")),
        ));
    }
    if arguments.has("json") {
        let fields: Vec<Value> = origins
            .iter()
            .map(|origin| {
                let value: Value = serde_json::from_str(&origin.value).unwrap_or_default();
                json!({"field": origin.field, "value": value, "version": origin.version.number, "author": origin.version.author, "time": origin.version.time})
            })
            .collect();
        world.json(&json!({"id": id, "fields": fields}))?;
        return Ok(super::DONE);
    }
    let mut origins = origins;
    origins.sort_by_key(|origin| names::rank(&origin.field));
    for origin in &origins {
        let (number, time, author) = (
            origin.version.number,
            names::time(origin.version.time),
            &origin.version.author,
        );
        let label = names::field(&origin.field, language);
        let value = super::shortened(&names::value(&origin.value, language), 60);
        world.say(format!("{number:>4}  {time}  {author}  {label}: {value}"))?;
    }
    Ok(super::DONE)
}

fn audit(workspace: &Workspace, count: usize, is_json: bool, world: &mut World<'_, '_>) -> Result<u8> {
    let records = workspace.store.audit(None, count)?;
    if is_json {
        let records: Vec<Value> = records
            .iter()
            .map(|record| {
                let details: Value = serde_json::from_str(&record.details).unwrap_or_default();
                json!({"number": record.number, "time": record.time, "who": record.who, "what": record.what, "details": details})
            })
            .collect();
        world.json(&json!({"audit": records}))?;
        return Ok(super::DONE);
    }
    let language = world.around.language;
    for record in &records {
        let line = format!(
            "{}  {}  {}  {}",
            names::time(record.time),
            record.who,
            language.pick(names::audited_in_chinese(&record.what), record.what.clone()),
            super::shortened(&names::value(&record.details, language), 80)
        );
        world.say(line)?;
    }
    Ok(super::DONE)
}
