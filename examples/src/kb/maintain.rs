use std::collections::BTreeSet;

use dafu_versions::{PruneRule, VersionBundle};
use serde_json::{Value, json};

use super::arguments::{Arguments, usage};
use super::failure::{Failure, Result};
use super::workspace::{Workspace, path};
use super::world::{Colour, World};

/// Removes generations that nobody needs.
pub fn prune(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let workspace = Workspace::open(arguments, world)?;
    let mut rule = PruneRule::default();
    if let Some(keep) = arguments.number("keep", language).map_err(Failure::Usage)? {
        if keep == 0 {
            let message = language.pick("--keep 至少是 1", "--keep is 1 at least");
            return Err(Failure::Usage(message.to_owned()));
        }
        rule.keep_last = usize::try_from(keep).unwrap_or(usize::MAX);
    }
    let pruned = match workspace.publication()? {
        Some(publication) => workspace.store.prune(&publication, &rule)?,
        None => dafu_versions::Pruned::default(),
    };
    if arguments.has("json") {
        world.json(&json!({"removed": pruned.removed, "in_use": pruned.in_use}))?;
        return Ok(super::DONE);
    }
    let (removed, in_use) = (pruned.removed.len(), pruned.in_use.len());
    world.tell(
        format!("删除了 {removed} 个旧发布。"),
        format!("Removed {removed} old generations."),
    )?;
    if in_use > 0 {
        world.tell(
            format!("另有 {in_use} 个旧的还有程序在用，没有删。"),
            format!("{in_use} more are old, and stay, since programs are using them."),
        )?;
    }
    Ok(super::DONE)
}

/// Carries a version to another machine, and back in.
pub fn bundle(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let workspace = Workspace::open(arguments, world)?;
    let values: Vec<&str> = arguments.values.iter().map(String::as_str).collect();
    match values[..] {
        ["export", name] => {
            let version = match arguments.number("version", language).map_err(Failure::Usage)? {
                Some(version) => version,
                None => workspace.newest()?,
            };
            let file = path(name, world);
            if super::refuses_to_overwrite(&file, arguments, world)? {
                return Err(Failure::Declined);
            }
            workspace.store.export_version(version, &file)?;
            if arguments.has("json") {
                world.json(&json!({"file": name, "version": version}))?;
            } else {
                world.tell(
                    format!("{name}：版本 {version}。"),
                    format!("{name}: version {version}."),
                )?;
            }
        }
        ["import", name] => {
            let file = path(name, world);
            std::fs::metadata(&file).map_err(|error| Failure::Io(format!("reading `{name}`"), error))?;
            let bundle = VersionBundle::open(file)?;
            let summary = workspace.begin_draft()?.import(&bundle.content)?;
            if !bundle.test_questions.is_empty() {
                workspace
                    .store
                    .put_test_questions(&bundle.test_questions, &workspace.author)?;
            }
            let (number, author) = (bundle.number, &bundle.author);
            let (added, changed, removed) = (summary.added, summary.changed, summary.removed);
            if arguments.has("json") {
                world.json(&json!({"version": number, "author": author, "added": added, "changed": changed, "removed": removed, "unchanged": summary.unchanged}))?;
            } else {
                world.tell(
                    format!("版本 {number}（{author}）已经放进草稿：新增 {added}，修改 {changed}，删除 {removed}。kb undo 可以撤销。"),
                    format!("Version {number} (by {author}) is in the draft: {added} added, {changed} changed, {removed} deleted. kb undo takes it back."),
                )?;
            }
        }
        _ => return Err(Failure::Usage(usage(arguments.command, language))),
    }
    Ok(super::DONE)
}

/// Looks for damage in the store and in every generation.
pub fn doctor(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let mut looked_at: Vec<(String, Option<String>)> = Vec::new();
    let found = |result: dafu_versions::Result<()>| {
        let error = result.err()?;
        Some(world.pick(error.in_chinese(), error.to_string()))
    };
    let named = |chinese: &str, english: &str, name: &str| format!("{} {name}", world.pick(chinese, english));
    looked_at.push((world.pick("库", "store").to_owned(), found(workspace.store.verify())));
    let mut published = published(&workspace)?;
    if let Some(publication) = workspace.publication()? {
        for name in publication.generation_names()? {
            let result = publication.verify(&name);
            looked_at.push((named("发布", "generation", &name), found(result)));
        }
        for channel in publication.channels()? {
            published.remove(&channel);
            looked_at.push((
                named("渠道", "channel", &channel),
                found(publication.serving(&channel).map(|_| ())),
            ));
        }
    }
    for channel in published {
        let gone = world.pick(
            "不见了，客服程序没有可以读的",
            "it is gone, and chat systems have nothing to read",
        );
        looked_at.push((named("渠道", "channel", &channel), Some(gone.to_owned())));
    }
    let is_damaged = looked_at.iter().any(|(_, wrong)| wrong.is_some());
    if arguments.has("json") {
        let all: Vec<Value> = looked_at
            .iter()
            .map(|(what, wrong)| json!({"what": what, "wrong": wrong}))
            .collect();
        world.json(&json!({"sound": !is_damaged, "checked": all}))?;
    } else {
        for (what, wrong) in &looked_at {
            let line = match wrong {
                None => format!("{} {what}", world.paint(Colour::Green, "✓")),
                Some(wrong) => format!("{} {what}: {wrong}", world.paint(Colour::Red, "✗")),
            };
            world.say(line)?;
        }
        if is_damaged {
            world.tell(
                "坏掉的发布可以重新 kb publish；坏掉的库请从备份恢复。",
                "A damaged generation is built again by kb publish; a damaged store is to be restored from a copy.",
            )?;
        } else {
            world.tell("一切完好。", "All is sound.")?;
        }
    }
    Ok(if is_damaged { super::FAILED } else { super::DONE })
}

/// Returns the channels that were published to, by what the store has on record.
fn published(workspace: &Workspace) -> Result<BTreeSet<String>> {
    let records = workspace.store.audit(None, usize::MAX)?;
    let published = records.iter().filter(|record| record.what == "publish");
    let channels = published.filter_map(|record| {
        let details: Value = serde_json::from_str(&record.details).ok()?;
        Some(details["channel"].as_str()?.to_owned())
    });
    Ok(channels.collect())
}
