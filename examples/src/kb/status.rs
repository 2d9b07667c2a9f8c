use dafu_versions::ChangeKind;
use serde_json::json;

use super::arguments::Arguments;
use super::failure::Result;
use super::names;
use super::workspace::Workspace;
use super::world::{Colour, World};

/// Tells what the draft changes, and what is live.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let newest = workspace.store.newest()?;
    let draft = workspace.draft()?;
    let changes = draft
        .as_ref()
        .map(|draft| draft.changes())
        .transpose()?
        .unwrap_or_default();
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let (added, changed, removed) = (
        count(ChangeKind::Added),
        count(ChangeKind::Changed),
        count(ChangeKind::Removed),
    );
    let channels = match workspace.publication()? {
        Some(publication) => {
            let mut channels = Vec::new();
            for name in publication.channels()? {
                if let Some(served) = publication.serving(&name)? {
                    channels.push((name, served));
                }
            }
            channels
        }
        None => Vec::new(),
    };
    let tests = workspace.store.test_questions()?.len();
    if arguments.has("json") {
        let channels: Vec<_> = channels
            .iter()
            .map(|(name, served)| json!({"channel": name, "version": served.version, "time": served.time, "generation": served.generation}))
            .collect();
        let draft = match &draft {
            Some(draft) => {
                json!({"name": draft.name(), "base": draft.info()?.base, "added": added, "changed": changed, "removed": removed})
            }
            None => serde_json::Value::Null,
        };
        world.json(&json!({
            "newest": newest, "draft": draft, "channels": channels, "test_questions": tests,
        }))?;
        return Ok(super::DONE);
    }
    match &newest {
        Some(version) => {
            let (number, entries, phrasings) = (version.number, version.entries, version.phrasings);
            let (author, time) = (&version.author, names::time(version.time));
            world.tell(
                format!("最新版本 {number}：{entries} 条问答，{phrasings} 个问法（{author}，{time}）"),
                format!("newest version {number}: {entries} entries, {phrasings} phrasings ({author}, {time})"),
            )?;
        }
        None => world.tell("还没有版本", "no version yet")?,
    }
    if channels.is_empty() {
        world.tell("还没有发布过", "nothing is published yet")?;
    }
    for (name, served) in &channels {
        let behind = newest
            .as_ref()
            .map_or(0, |version| version.number.saturating_sub(served.version));
        let note = match behind {
            0 => String::new(),
            behind => world.pick(format!("，落后 {behind} 个版本"), format!(", {behind} behind")),
        };
        let (version, time) = (served.version, names::time(served.time));
        world.tell(
            format!("{name}：版本 {version}（{time}{note}）"),
            format!("{name}: version {version} ({time}{note})"),
        )?;
    }
    match &draft {
        None => world.tell("没有草稿", "no draft")?,
        Some(_) if changes.is_empty() => world.tell("草稿没有改动", "the draft changes nothing")?,
        Some(_) => {
            world.tell(
                format!("草稿：新增 {added}，修改 {changed}，删除 {removed}"),
                format!("draft: {added} added, {changed} changed, {removed} deleted"),
            )?;
            for change in changes.iter().take(SHOWN) {
                let (sign, colour) = super::diff::sign(change.kind);
                let kind = names::kind(change.key.kind, world.around.language);
                let line = format!("  {sign} {kind} {}", change.key.id);
                let line = world.paint(colour, &line);
                world.say(line)?;
            }
            if changes.len() > SHOWN {
                let more = changes.len() - SHOWN;
                world.tell(
                    format!("  还有 {more} 条（kb diff）"),
                    format!("  and {more} more (kb diff)"),
                )?;
            }
            let next = world.pick(
                "下一步：kb check，kb commit -m 说明",
                "Next: kb check, kb commit -m MESSAGE",
            );
            let next = world.paint(Colour::Blue, next);
            world.say(next)?;
        }
    }
    world.tell(format!("测试问题：{tests} 个"), format!("test questions: {tests}"))?;
    Ok(super::DONE)
}

const SHOWN: usize = 20;
