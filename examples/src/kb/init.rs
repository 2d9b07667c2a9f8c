use dafu::{WorkbookLanguage, starter_workbook};
use serde_json::json;

use super::arguments::Arguments;
use super::failure::{Failure, Result};
use super::workspace::{create, path, write};
use super::world::World;
use crate::Language;

/// Begins a knowledge base.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let folder = match (arguments.values.first().map(String::as_str), arguments.option("in")) {
        (Some(folder), _) | (None, Some(folder)) => world.folder.join(folder),
        (None, None) => world.folder.clone(),
    };
    let template = arguments.option("template");
    if let Some(file) = template
        && super::refuses_to_overwrite(&path(file, world), arguments, world)?
    {
        return Err(Failure::Declined);
    }
    create(&folder)?;
    if let Some(file) = template {
        write(&path(file, world), &starter_workbook(workbook_language(world))?)?;
    }
    if arguments.has("json") {
        world.json(&json!({"folder": folder.display().to_string(), "template": template}))?;
        return Ok(super::DONE);
    }
    let shown = folder
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    world.tell(
        format!("知识库“{shown}”建好了。"),
        format!("The knowledge base `{shown}` is there."),
    )?;
    match template {
        Some(file) => world.tell(
            format!("下一步：打开 {file}，改成自己的内容，保存，然后 kb import {file}"),
            format!("Next: open {file}, make it your own, save it, then kb import {file}"),
        )?,
        None => world.tell("下一步：kb import 表格.xlsx", "Next: kb import FILE.xlsx")?,
    }
    Ok(super::DONE)
}

/// Returns the language of workbooks that are written for this person.
pub fn workbook_language(world: &World<'_, '_>) -> WorkbookLanguage {
    match world.around.language {
        Language::Chinese => WorkbookLanguage::Chinese,
        Language::English => WorkbookLanguage::English,
    }
}
