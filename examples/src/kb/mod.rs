//! The tool `kb`: from a spreadsheet to a live answer. A file here is one command, or a few that belong together.

mod arguments;
mod ask;
mod check;
mod commands;
mod commit;
mod completions;
mod diff;
mod edit;
mod entry_text;
mod export_file;
mod failure;
mod import_file;
mod init;
mod log;
mod maintain;
mod names;
mod publish;
mod report;
mod status;
mod templates;
mod tests;
mod watch;
mod workspace;
mod world;

use std::ffi::OsString;
use std::io;
use std::path::Path;

pub use world::World;

use arguments::{Arguments, Parsed};
use failure::{Failure, Result};

/// Done.
pub const DONE: u8 = 0;
/// Something is wrong, and nothing was changed; standard error says what.
pub const FAILED: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// Done, and there is something to look at: findings, test questions that fail, questions without an answer.
pub const LOOK: u8 = 3;
/// Not done: refused by the gate, in conflict, or not confirmed.
pub const REFUSED: u8 = 4;

/// Runs the tool with the arguments behind its name, and returns the code to exit with.
pub fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World<'_, '_>) -> u8 {
    let language = world.around.language;
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_json = arguments.iter().any(|argument| argument == "--json");
    let parsed = match arguments::parse(arguments, language) {
        Ok(Parsed::Run(parsed)) => parsed,
        Ok(Parsed::Help(text)) => return finish(world.say(text.trim_end()).map(|()| DONE), false, world),
        Err(message) => return finish(Err(Failure::Usage(message)), is_json, world),
    };
    let result = run_command(&parsed, world);
    finish(result, parsed.has("json"), world)
}

fn run_command(arguments: &Arguments, world: &mut World<'_, '_>) -> Result<u8> {
    match arguments.command.name {
        "init" => init::run(arguments, world),
        "import" => import_file::run(arguments, world),
        "export" => export_file::run(arguments, world),
        "status" => status::run(arguments, world),
        "add" => edit::add(arguments, world),
        "edit" => edit::edit(arguments, world),
        "rm" => commit::rm(arguments, world),
        "undo" => commit::undo(arguments, world),
        "check" => check::run(arguments, world),
        "diff" => diff::run(arguments, world),
        "commit" => commit::run(arguments, world),
        "resolve" => commit::resolve(arguments, world),
        "publish" => publish::run(arguments, world),
        "rollback" => publish::roll_back(arguments, world),
        "log" => log::run(arguments, world),
        "show" => log::show(arguments, world),
        "blame" => log::blame(arguments, world),
        "ask" => ask::run(arguments, world),
        "test" => tests::run(arguments, world),
        "templates" => templates::run(arguments, world),
        "prune" => maintain::prune(arguments, world),
        "bundle" => maintain::bundle(arguments, world),
        "watch" => watch::run(arguments, world),
        "doctor" => maintain::doctor(arguments, world),
        "report" => report::run(arguments, world),
        "completions" => completions::run(arguments, world),
        other => Err(Failure::Usage(other.to_owned())),
    }
}

/// Says why a command stopped, and returns its code.
fn finish(result: Result<u8>, is_json: bool, world: &mut World<'_, '_>) -> u8 {
    let failure = match result {
        Ok(code) => return code,
        // Whoever reads the output has seen enough: `kb log | head -1`.
        Err(Failure::Io(_, error)) if error.kind() == io::ErrorKind::BrokenPipe => return DONE,
        Err(failure) => failure,
    };
    // Where nobody listens there is nobody to tell.
    if is_json {
        let _ = world.json(&failure.json());
        return failure.code();
    }
    let mut lines = failure.lines(world.around.language);
    if matches!(failure, Failure::Declined) && world.around.is_typed {
        lines = vec![world.pick("没有改动任何东西", "nothing was changed").to_owned()];
    }
    for (number, line) in lines.iter().enumerate() {
        let prefix = if number == 0 { "kb: " } else { "" };
        let _ = writeln!(world.around.errors, "{prefix}{line}");
    }
    failure.code()
}

/// Asks before a file is written over; says whether it must stay.
fn refuses_to_overwrite(file: &Path, arguments: &Arguments, world: &mut World<'_, '_>) -> Result<bool> {
    if arguments.has("yes") || !file.exists() {
        return Ok(false);
    }
    if arguments.has("json") {
        return Ok(true);
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let goes_on = world.confirm(
        &format!("{name} 已经有了，覆盖吗？"),
        &format!("{name} is there already. Write over it?"),
    )?;
    Ok(!goes_on)
}

/// Returns the start of a text in one line.
fn shortened(text: &str, chars: usize) -> String {
    let line = text.replace('\n', " ");
    match line.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
