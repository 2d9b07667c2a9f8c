use dafu_versions::{Commit, Conflict, ItemKey, ItemKind, Resolution};
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::failure::{Failure, Result};
use super::names;
use super::workspace::Workspace;
use super::world::{Colour, World};

/// Makes a version of the draft.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let Some(draft) = workspace.draft()? else {
        if arguments.has("json") {
            world.json(&json!({"version": null, "conflicts": []}))?;
        } else {
            world.tell(
                "没有草稿，没有要提交的。",
                "There is no draft, so there is nothing to commit.",
            )?;
        }
        return Ok(super::DONE);
    };
    let message = arguments.option("message").unwrap_or_default();
    match draft.commit(&workspace.author, message)? {
        Commit::Version(version) => {
            let (number, entries, phrasings) = (version.number, version.entries, version.phrasings);
            if arguments.has("json") {
                world.json(&json!({"version": number, "entries": entries, "phrasings": phrasings, "conflicts": []}))?;
            } else {
                world.tell(
                    format!("版本 {number}：{entries} 条问答，{phrasings} 个问法。下一步：kb publish"),
                    format!("Version {number}: {entries} entries, {phrasings} phrasings. Next: kb publish"),
                )?;
            }
            Ok(super::DONE)
        }
        Commit::Nothing => {
            if arguments.has("json") {
                world.json(&json!({"version": null, "conflicts": []}))?;
            } else {
                world.tell(
                    "草稿没有改动，没有要提交的。",
                    "The draft changes nothing, so there is nothing to commit.",
                )?;
            }
            Ok(super::DONE)
        }
        Commit::Conflicts(conflicts) => {
            if arguments.has("json") {
                let conflicts: Vec<Value> = conflicts.iter().map(conflict_json).collect();
                world.json(&json!({"version": null, "conflicts": conflicts}))?;
            } else {
                tell(&conflicts, world)?;
            }
            Ok(super::REFUSED)
        }
        _ => Err(Failure::Said(world.pick(
            "这个版本的 kb 不认识提交的结果".to_owned(),
            "this release of kb does not know the outcome of the commit".to_owned(),
        ))),
    }
}

/// Settles a conflict.
pub fn resolve(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let Some(draft) = workspace.draft()? else {
        return Err(Failure::Said(world.pick(
            "没有草稿，没有要解决的冲突".to_owned(),
            "there is no draft, so there is no conflict to settle".to_owned(),
        )));
    };
    let conflicts = draft.conflicts()?;
    let [id, field, choice] = &arguments.values[..] else {
        if arguments.values.is_empty() {
            tell(&conflicts, world)?;
            return Ok(if conflicts.is_empty() { super::DONE } else { super::LOOK });
        }
        return Err(Failure::Usage(usage(arguments.command, world.around.language)));
    };
    let language = world.around.language;
    let is_meant = |conflict: &&Conflict| {
        conflict.key.id == *id
            && (conflict.field.field == *field
                || names::field(&conflict.field.field, language) == field
                || (conflict.field.field.is_empty() && field == "-"))
    };
    let Some(conflict) = conflicts.iter().find(is_meant) else {
        return Err(Failure::Said(world.pick(
            format!("{id} 的 {field} 没有冲突；kb resolve 列出所有冲突"),
            format!("there is no conflict about {field} of {id}; kb resolve lists them"),
        )));
    };
    let resolution = match choice.as_str() {
        "draft" => Resolution::Draft,
        "newest" => Resolution::Newest,
        "base" => Resolution::Base,
        value => Resolution::Value(as_json(value, conflict)),
    };
    draft.resolve(conflict, &resolution)?;
    let left = draft.conflicts()?.len();
    if arguments.has("json") {
        world.json(&json!({"conflicts_left": left}))?;
    } else if left == 0 {
        world.tell(
            "冲突都解决了。下一步：kb commit -m 说明",
            "All conflicts are settled. Next: kb commit -m MESSAGE",
        )?;
    } else {
        world.tell(format!("还有 {left} 处冲突。"), format!("{left} conflicts are left."))?;
    }
    Ok(super::DONE)
}

/// Returns a value that a person wrote as JSON: a text may stand as it is, also as the only one of a list.
fn as_json(value: &str, conflict: &Conflict) -> String {
    let field = &conflict.field;
    let known = [&field.draft, &field.newest, &field.base].into_iter().flatten().next();
    let is_text = known.is_some_and(|json| json.starts_with('"'));
    if value.starts_with('"') || (!is_text && serde_json::from_str::<Value>(value).is_ok()) {
        return value.to_owned();
    }
    match known.is_some_and(|json| json.starts_with('[')) {
        true => json!([value]).to_string(),
        false => json!(value).to_string(),
    }
}

/// Takes back the draft's last step, or all of it.
pub fn undo(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let Some(draft) = workspace.draft()? else {
        return Err(Failure::Said(world.pick(
            "没有草稿，没有可以撤销的".to_owned(),
            "there is no draft, so there is nothing to undo".to_owned(),
        )));
    };
    if arguments.has("all") {
        let count = draft.changes()?.len();
        let goes_on = arguments.has("yes")
            || (!arguments.has("json")
                && world.confirm(
                    &format!("丢掉草稿里的 {count} 处改动？"),
                    &format!("Drop the draft's {count} changes?"),
                )?);
        if !goes_on {
            return Err(Failure::Declined);
        }
        draft.discard()?;
        if arguments.has("json") {
            world.json(&json!({"undone": "all"}))?;
        } else {
            world.tell("草稿已经丢掉。", "The draft is gone.")?;
        }
        return Ok(super::DONE);
    }
    let undone = draft.undo()?;
    if arguments.has("json") {
        world.json(&json!({"undone": undone}))?;
        return Ok(super::DONE);
    }
    match undone {
        Some(what) => world.tell(
            format!("撤销了：{}", names::operation_in_chinese(&what)),
            format!("Taken back: {what}"),
        )?,
        None => world.tell("没有可以撤销的。", "There is nothing to undo.")?,
    }
    Ok(super::DONE)
}

/// Deletes entries, or other items by `kind:id`.
pub fn rm(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    if arguments.values.is_empty() {
        return Err(Failure::Usage(usage(arguments.command, world.around.language)));
    }
    let workspace = Workspace::open(arguments, world)?;
    let keys: Vec<ItemKey> = arguments.values.iter().map(|id| key(id)).collect();
    match &keys[..] {
        [key] => workspace.begin_draft()?.delete(key)?,
        keys => workspace.begin_draft()?.delete_all(keys)?,
    }
    let count = keys.len();
    if arguments.has("json") {
        world.json(&json!({"removed": arguments.values}))?;
    } else {
        world.tell(
            format!("从草稿里删除了 {count} 条（kb undo 可以撤销）。"),
            format!("Deleted {count} from the draft (kb undo brings them back)."),
        )?;
    }
    Ok(super::DONE)
}

/// Returns the key that a person writes: the id of an entry, or `template:id` and the like.
pub fn key(written: &str) -> ItemKey {
    match written.split_once(':') {
        Some((kind, id)) if ItemKind::from_name(kind).is_some() => {
            ItemKey::new(ItemKind::from_name(kind).unwrap_or(ItemKind::Entry), id)
        }
        _ => ItemKey::entry(written),
    }
}

fn tell(conflicts: &[Conflict], world: &mut World<'_, '_>) -> Result<()> {
    let language = world.around.language;
    let count = conflicts.len();
    if count == 0 {
        return world.tell("没有冲突。", "There are no conflicts.");
    }
    world.tell(
        format!("别人也改了同样的地方，没有提交。请逐个决定这 {count} 处："),
        format!("Somebody else has changed the same, so nothing was committed. Decide each of these {count}:"),
    )?;
    for Conflict { key, field, .. } in conflicts {
        let name = if field.field.is_empty() {
            "-"
        } else {
            names::field(&field.field, language)
        };
        let title = format!("{} {} {name}", names::kind(key.kind, language), key.id);
        let title = world.paint(Colour::Yellow, &title);
        world.say(title)?;
        for (chinese, english, value) in [
            ("  原来（base）", "  base  ", &field.base),
            ("  草稿（draft）", "  draft ", &field.draft),
            ("  最新（newest）", "  newest", &field.newest),
        ] {
            let value = value.as_deref().map_or_else(
                || world.pick("（没有）", "(none)").to_owned(),
                |json| names::value(json, language),
            );
            world.tell(format!("{chinese}：{value}"), format!("{english}: {value}"))?;
        }
        let id = &key.id;
        world.tell(
            format!("  选一个：kb resolve {id} {name} draft|newest|base"),
            format!("  choose: kb resolve {id} {name} draft|newest|base"),
        )?;
    }
    world.tell("然后再 kb commit。", "Then kb commit again.")
}

fn conflict_json(conflict: &Conflict) -> Value {
    let parsed = |json: &Option<String>| json.as_ref().and_then(|json| serde_json::from_str::<Value>(json).ok());
    json!({
        "kind": conflict.key.kind.as_str(), "id": conflict.key.id, "field": conflict.field.field,
        "base": parsed(&conflict.field.base), "draft": parsed(&conflict.field.draft), "newest": parsed(&conflict.field.newest),
    })
}
