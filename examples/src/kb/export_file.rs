use dafu_versions::Expectation;
use serde_json::json;

use super::arguments::{Arguments, usage};
use super::failure::{Failure, Result};
use super::workspace::{Workspace, path, write};
use super::world::World;

/// Writes the draft or a version to a file.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let [name] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, language)));
    };
    let workspace = Workspace::open(arguments, world)?;
    let version = arguments.number("version", language).map_err(Failure::Usage)?;
    let content = workspace.content(version)?;
    let file = path(name, world);
    let extension = file
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    let bytes = match extension.as_deref() {
        Some("xlsx") => {
            let mut tests = Vec::new();
            for test in workspace.store.test_questions()? {
                let mut question = dafu::TestQuestion::new(test.question.try_into()?);
                if let Expectation::Entry(id) = test.expected {
                    question.expected.push(id.try_into()?);
                }
                tests.push(question);
            }
            content.to_xlsx(&tests, super::init::workbook_language(world))?
        }
        Some("csv") => content.entries_to_csv()?.into_bytes(),
        Some("jsonl") => content.to_jsonl().into_bytes(),
        _ => {
            return Err(Failure::Usage(language.pick(
                format!("`{name}` 要以 .xlsx、.csv 或 .jsonl 结尾"),
                format!("`{name}` must end in .xlsx, .csv or .jsonl"),
            )));
        }
    };
    if super::refuses_to_overwrite(&file, arguments, world)? {
        return Err(Failure::Declined);
    }
    write(&file, &bytes)?;
    let entries = content.entries().len();
    if arguments.has("json") {
        world.json(&json!({"file": name, "entries": entries, "bytes": bytes.len()}))?;
    } else {
        world.tell(
            format!("{name}：{entries} 条问答。"),
            format!("{name}: {entries} entries."),
        )?;
    }
    Ok(super::DONE)
}
