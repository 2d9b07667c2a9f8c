use std::process::Command;

/// The numbers of phrasings to measure with; with `--test`, which only shows that a benchmark runs, one small number.
pub fn sizes(all: &[usize]) -> Vec<usize> {
    if std::env::args().any(|argument| argument == "--test") {
        vec![TEST_SIZE]
    } else {
        all.to_vec()
    }
}

/// This program again, for what is to be measured in a process of its own.
///
/// # Errors
///
/// When the system does not tell where this program is.
pub fn child() -> Result<Command, String> {
    std::env::current_exe()
        .map(Command::new)
        .map_err(|e| format!("finding this program: {e}"))
}

/// The median of some figures; NaN for none.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

const TEST_SIZE: usize = 200;
