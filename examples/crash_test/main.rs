//! Kills a process that commits and publishes, at random moments, and checks after each that nothing is lost.
//!
//! ```text
//! cargo run --release --example crash_test -- --kills 500
//! ```
//!
//! The child commits, publishes, rolls back and prunes in a loop, and tells each thing when it is done. The parent kills
//! it with SIGKILL at a random moment, and checks that every commit that was told is there, whole, and that what is
//! served is one whole generation, not older than the last switch that was told. The last line says what was
//! checked; the exit status is not 0 on any loss.

mod child;
mod parent;

use std::path::PathBuf;
use std::process::ExitCode;

use lexopt::prelude::*;

/// What the command line asks for.
enum Task {
    /// To be killed, in this folder.
    Child(PathBuf),
    /// To kill so often, at moments that follow from the seed.
    Parent {
        kills: u32,
        seed: u64,
    },
    Help,
}

fn main() -> ExitCode {
    let done = match arguments() {
        Ok(Task::Help) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(Task::Child(folder)) => child::run(&folder),
        Ok(Task::Parent { kills, seed }) => parent::run(kills, seed),
        Err(error) => {
            eprintln!("{error}; --help tells the options");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Result<Task, lexopt::Error> {
    let (mut kills, mut seed) = (500, 1);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("kills") => kills = parser.value()?.parse()?,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("child") => return Ok(Task::Child(parser.value()?.into())),
            Long("help") | Short('h') => return Ok(Task::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Parent { kills, seed })
}

const HELP: &str = "\
Kills a process that commits and publishes, at random moments, and checks that nothing is lost.

crash_test [--kills N] [--seed N]

  --kills N   how often: 500 by default
  --seed N    another seed for the moments: 1 by default";
