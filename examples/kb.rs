//! The editor's tool: from a spreadsheet to a live answer.
//!
//! ```text
//! cargo run --release --example kb -- init shop --template shop.xlsx
//! ```
//!
//! `--help` tells all commands; the tool itself is `dafu_examples::kb`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use dafu_examples::{Surroundings, kb};

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1);
    let variable = |names: &[&str]| {
        let found = names.iter().filter_map(|name| std::env::var(name).ok());
        found
            .map(|value| value.trim().to_owned())
            .find(|value| !value.is_empty())
    };
    let folder = std::env::current_dir().unwrap_or_default();
    let author = variable(&["KB_AUTHOR", "USER", "USERNAME"]).unwrap_or_else(|| "editor".to_owned());
    let editor = variable(&["VISUAL", "EDITOR"]);
    let shows_progress = std::io::stderr().is_terminal();
    ExitCode::from(Surroundings::of_process(|around| {
        kb::run(
            arguments,
            &mut kb::World {
                around,
                folder,
                author,
                editor,
                shows_progress,
            },
        )
    }))
}
