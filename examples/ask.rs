//! Puts questions to a knowledge base.
//!
//! ```text
//! cargo run --release --example ask -- 东西不想要了能退吗
//! cargo run --release --example ask -- --kb FAQ.jsonl --why < questions.txt
//! ```
//!
//! `--help` tells all options; the tool itself is `dafu_examples::ask`.

use std::process::ExitCode;

use dafu_examples::{Surroundings, ask};

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1);
    ExitCode::from(Surroundings::of_process(|around| ask::run(arguments, around)))
}
