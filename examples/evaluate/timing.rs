//! How fast questions are answered.

use std::time::Instant;

use dafu::{AskOptions, KnowledgeBase};

use crate::questions::Labelled;

/// What was measured.
pub struct Timing {
    /// How long each question took on one thread, in µs, the fastest first.
    pub micros: Vec<f64>,
    /// How many questions all threads answered in a second.
    pub per_second: f64,
    pub threads: usize,
}

impl Timing {
    /// How long so many percent of the questions took at most, in µs.
    pub fn percentile(&self, part: usize) -> f64 {
        self.micros[self.micros.len() * part / 100]
    }
}

/// Asks all questions, as often as it takes for [`TIMED`].
pub fn measure(
    kb: &KnowledgeBase,
    questions: &[Labelled],
    options: &AskOptions,
    threads: usize,
) -> Result<Timing, String> {
    let rounds = (TIMED / questions.len()).max(1);
    let mut micros = Vec::with_capacity(rounds * questions.len());
    for _ in 0..rounds {
        for labelled in questions {
            let start = Instant::now();
            let reply = kb.ask(&labelled.question, options);
            micros.push(start.elapsed().as_secs_f64() * 1e6);
            std::hint::black_box(reply.map_err(|e| e.to_string())?);
        }
    }
    micros.sort_by(f64::total_cmp);

    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for labelled in std::iter::repeat_n(questions, rounds).flatten() {
                    let _ = std::hint::black_box(kb.ask(&labelled.question, options));
                }
            });
        }
    });
    let all = (rounds * questions.len() * threads) as f64;
    Ok(Timing {
        micros,
        per_second: all / start.elapsed().as_secs_f64(),
        threads,
    })
}

/// How many questions are timed at least.
const TIMED: usize = 10_000;
