use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, SystemTime};

use dafu_versions::{CheckOptions, check, items_of};
use serde_json::json;

use super::arguments::{Arguments, usage};
use super::check::{finding_json, tell};
use super::failure::{Failure, Result, mistake_json};
use super::import_file::read;
use super::workspace::{Workspace, path};
use super::world::World;

/// Checks a file whenever it is saved, until it is told to stop. The draft stays as it is.
pub fn run(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let language = world.around.language;
    let [name] = &arguments.values[..] else {
        return Err(Failure::Usage(usage(arguments.command, language)));
    };
    let times = arguments.number("times", language).map_err(Failure::Usage)?;
    let workspace = Workspace::open(arguments, world)?;
    let file = path(name, world);
    let mut checked = None;
    let mut count = 0;
    let mut code = super::DONE;
    while times.is_none_or(|times| count < times) {
        let saved = match stamp(&file) {
            Ok(saved) if checked != Some(saved) => saved,
            // Some programs take the old file away before they put the new one in its place.
            Err(error) if checked.is_none() || error.kind() != ErrorKind::NotFound => {
                return Err(Failure::Io(format!("reading `{name}`"), error));
            }
            _ => {
                std::thread::sleep(PAUSE);
                continue;
            }
        };
        // A program that saves writes for a moment: what is read is what stays the same for one.
        std::thread::sleep(PAUSE);
        if stamp(&file).ok() != Some(saved) {
            continue;
        }
        checked = Some(saved);
        count += 1;
        code = check_once(&workspace, &file, arguments, world)?;
        world.around.output.flush().map_err(super::world::writing)?;
    }
    Ok(code)
}

fn check_once(workspace: &Workspace, file: &Path, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    let (name, is_json) = (&arguments.values[0], arguments.has("json"));
    let shown = if arguments.has("all") { usize::MAX } else { SHOWN };
    let imported = match read(file, name) {
        Ok(imported) => imported,
        Err(failure @ Failure::Content(_)) => {
            if is_json {
                world.json(&failure.json())?;
            } else {
                for line in failure.lines(world.around.language) {
                    world.say(line)?;
                }
            }
            return Ok(super::LOOK);
        }
        Err(failure) => return Err(failure),
    };
    let items = items_of(&imported.content);
    let tests = workspace.store.test_questions()?;
    let findings = check(&items, &tests, &CheckOptions::default(), &|_, _| {})?;
    let entries = imported.content.entries().len();
    if is_json {
        let findings: Vec<_> = findings.iter().map(finding_json).collect();
        let warnings: Vec<_> = imported.content.warnings().iter().map(mistake_json).collect();
        world.json(&json!({"entries": entries, "findings": findings, "warnings": warnings}))?;
    } else {
        let count = findings.len();
        world.tell(
            format!("{name}：{entries} 条问答，{count} 处要看。"),
            format!("{name}: {entries} entries, {count} things to look at."),
        )?;
        tell(&findings, shown, "--all", world)?;
    }
    Ok(if findings.is_empty() { super::DONE } else { super::LOOK })
}

fn stamp(file: &Path) -> io::Result<(SystemTime, u64)> {
    let metadata = file.metadata()?;
    Ok((metadata.modified()?, metadata.len()))
}

const PAUSE: Duration = Duration::from_millis(300);
const SHOWN: usize = 5;
