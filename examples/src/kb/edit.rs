use std::path::{Path, PathBuf};
use std::process::Command;

use dafu::{AnswerText, Content, Entry};
use dafu_versions::{Item, ItemKey, ItemKind};
use serde_json::json;

use super::arguments::{Arguments, usage};
use super::entry_text;
use super::failure::{Failure, Result};
use super::workspace::Workspace;
use super::world::World;

/// Adds an entry from the command line, or opens the editor for it.
pub fn add(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let workspace = Workspace::open(arguments, world)?;
    let entry = match &arguments.values[..] {
        [] => {
            let text = entry_text::blank(world.around.language);
            let Some(text) = edited(&text, world)? else {
                return unchanged(arguments, world);
            };
            match entry_text::read(&text, world.around.language) {
                Ok(entry) => entry,
                Err(failure) => return Err(kept(&text, failure, world)),
            }
        }
        [_] => return Err(Failure::Usage(usage(arguments.command, world.around.language))),
        [question, answer, similar @ ..] => {
            let mut entry = made(question)?;
            entry.answers.push(AnswerText::try_from(answer.as_str())?.into());
            for phrasing in similar {
                entry.similar.push(phrasing.as_str().try_into()?);
            }
            if let Some(id) = arguments.option("id") {
                entry.id = id.try_into()?;
            }
            entry.category = arguments.option("category").map(TryInto::try_into).transpose()?;
            entry
        }
    };
    let key = ItemKey::entry(entry.id.as_str());
    let is_there = workspace.state(None)?.items.iter().any(|(known, _)| *known == key);
    if is_there {
        return Err(is_there_already(&entry, world));
    }
    put(&workspace, entry, arguments, world)
}

/// Opens an entry in the editor.
pub fn edit(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let [id] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, world.around.language)));
    };
    let workspace = Workspace::open(arguments, world)?;
    let items = workspace.state(None)?.items;
    let key = ItemKey::new(ItemKind::Entry, id.as_str());
    let found = items.iter().find(|(known, _)| *known == key);
    let Some((_, Item::Entry(entry))) = found else {
        return Err(Failure::Said(world.pick(
            format!("没有问答 {id}；要加上它请用 kb add"),
            format!("there is no entry {id}; to add it, kb add"),
        )));
    };
    let text = entry_text::write(entry, world.around.language)?;
    let Some(text) = edited(&text, world)? else {
        return unchanged(arguments, world);
    };
    let new = match entry_text::read(&text, world.around.language) {
        Ok(new) => new,
        Err(failure) => return Err(kept(&text, failure, world)),
    };
    if new == *entry {
        return unchanged(arguments, world);
    }
    if new.id != entry.id {
        let taken = ItemKey::entry(new.id.as_str());
        if items.iter().any(|(known, _)| *known == taken) {
            return Err(kept(&text, is_there_already(&new, world), world));
        }
    }
    let (id, question) = (new.id.clone(), new.question.clone());
    workspace.begin_draft()?.rename(&key, new)?;
    tell_put(id.as_str(), question.as_str(), arguments, world)
}

fn is_there_already(entry: &Entry, world: &World<'_, '_>) -> Failure {
    let id = &entry.id;
    Failure::Said(world.pick(
        format!("已经有 {id}；要改它请用 kb edit {id}"),
        format!("there is {id} already; to change it, kb edit {id}"),
    ))
}

fn put(workspace: &Workspace, entry: Entry, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let (id, question) = (entry.id.clone(), entry.question.clone());
    workspace.begin_draft()?.put(entry)?;
    tell_put(id.as_str(), question.as_str(), arguments, world)
}

fn tell_put(id: &str, question: &str, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    if arguments.has("json") {
        world.json(&json!({"id": id, "question": question}))?;
    } else {
        world.tell(
            format!("已经放进草稿：{id} {question}"),
            format!("In the draft: {id} {question}"),
        )?;
    }
    Ok(super::DONE)
}

/// Returns an entry with a question, and the id that an import would make.
fn made(question: &str) -> Result<Entry> {
    let line = json!({"question": question}).to_string();
    let content = Content::from_jsonl(line.as_bytes())?;
    Ok(content.entries()[0].clone())
}

fn unchanged(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    if arguments.has("json") {
        world.json(&json!({"id": null}))?;
    } else {
        world.tell("没有改动。", "Nothing was changed.")?;
    }
    Ok(super::DONE)
}

/// Opens a text in the person's editor; `None` if it comes back as it was.
fn edited(text: &str, world: &World<'_, '_>) -> Result<Option<String>> {
    let Some(editor) = &world.editor else {
        return Err(Failure::Said(world.pick(
            "没有设置编辑器；请设置 EDITOR，例如 EDITOR=nano".to_owned(),
            "no editor is set; set EDITOR, such as EDITOR=nano".to_owned(),
        )));
    };
    let words = words(editor);
    let Some((program, options)) = words.split_first() else {
        return Err(Failure::Said(world.pick(
            format!("编辑器 `{editor}` 里的引号没有成对；请改正 EDITOR 或 VISUAL"),
            format!("a quotation mark of the editor `{editor}` is never closed; correct EDITOR or VISUAL"),
        )));
    };
    let file = scratch();
    let failed = |error| Failure::Io(format!("editing `{}`", file.display()), error);
    std::fs::write(&file, text).map_err(failed)?;
    let status = Command::new(program)
        .args(options)
        .arg(&file)
        .status()
        .map_err(|error| Failure::Io(format!("starting the editor `{editor}`"), error))?;
    let edited = std::fs::read_to_string(&file).map_err(failed)?;
    // It is read; what stays behind is only in the way.
    let _ = std::fs::remove_file(&file);
    if !status.success() {
        let failure = Failure::Said(world.pick(
            format!("编辑器 `{editor}` 没有正常结束，什么也没改"),
            format!("the editor `{editor}` failed, nothing was changed"),
        ));
        return Err(match edited == text {
            true => failure,
            false => kept(&edited, failure, world),
        });
    }
    Ok((edited != text).then_some(edited))
}

/// Splits the command of an editor as a shell does; none if its quotation marks do not match. The path of a program may
/// have blanks and backslashes without any.
fn words(editor: &str) -> Vec<String> {
    if Path::new(editor).is_file() {
        return vec![editor.to_owned()];
    }
    shlex::split(editor).unwrap_or_default()
}

/// Keeps what was written in vain, and says where.
fn kept(text: &str, failure: Failure, world: &World<'_, '_>) -> Failure {
    let file = world.folder.join("kb-edit.txt");
    let mut lines = failure.lines(world.around.language);
    if std::fs::write(&file, text).is_ok() {
        lines.push(world.pick(
            format!("写的内容保存在 {}", file.display()),
            format!("what you wrote is kept in {}", file.display()),
        ));
    }
    Failure::Said(lines.join("\n"))
}

fn scratch() -> PathBuf {
    std::env::temp_dir().join(format!("kb-{}.txt", std::process::id()))
}
