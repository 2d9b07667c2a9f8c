//! Prints lines as dafu compares them: simplified, lower case, numerals as digits.
//!
//! The table of `dafu-vectors` is trained on texts that went through this.
//!
//!     cargo run --release --example normalize < texts.txt > normalized.txt

use std::error::Error;
use std::io::{BufRead, BufWriter, Write};

use dafu::{AskOptions, Content, KnowledgeBase};

fn main() -> Result<(), Box<dyn Error>> {
    let nothing = KnowledgeBase::new(&Content::from_jsonl(b"")?)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let explanation = nothing.explain(&line?, &AskOptions::new())?;
        writeln!(out, "{}", explanation.normalized)?;
    }
    out.flush()?;
    Ok(())
}
