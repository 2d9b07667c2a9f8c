//! What a call through C costs over the same call in Rust: asking, reading every field, freeing. And how much eight
//! threads answer that share a live knowledge base, beside one.
//!
//! Rust and C take turns question by question, and the medians are compared, so that a busy machine treats both alike. Each
//! is asked once before it is timed, and is first in every other round: whoever comes second finds caches and predictions warm.
#![allow(unsafe_code)] // It calls what programs in C call.

use std::hint::black_box;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dafu::{AskOptions, BuildOptions, Content, KnowledgeBase, Reply};
use dafu_benches::{Texts, content, median};
use dafu_capi::{
    DAFU_ABI_MAJOR, dafu_ask, dafu_check_abi, dafu_kb, dafu_kb_free, dafu_kb_open, dafu_kb_open_live, dafu_reply,
    dafu_reply_free, dafu_status, dafu_str,
};
use dafu_versions::Publication;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--test");
    let rounds = if quick { 3 } else { 200 };
    let texts = Texts::from_env();
    let entries = texts.entries(1_000);
    let content = content(&entries);
    let questions = texts.questions(1_000, 100);
    cost_of_a_call(&content, &questions, rounds);
    threads(
        &content,
        &questions,
        Duration::from_millis(if quick { 50 } else { 3_000 }),
    );
}

fn cost_of_a_call(content: &Content, questions: &[String], rounds: usize) {
    // One index for both, so that they read the same memory.
    let folder = tempfile::tempdir().expect("temporary files may be written");
    let index = folder.path().join("index");
    KnowledgeBase::build_index(content, &index, &BuildOptions::default()).expect("the disk has room");
    let rust = KnowledgeBase::open(&index).expect("the index was just built");
    let c = open(index.to_str().expect("the name is UTF-8"));
    let options = AskOptions::new();
    let (mut in_rust, mut in_c) = (Vec::new(), Vec::new());
    // By who was first.
    let mut differences = [Vec::new(), Vec::new()];
    for round in 0..=rounds {
        for question in questions {
            let ask_rust = || {
                let reply = rust.ask(question, &options).expect("the index is whole");
                black_box(read(&reply));
            };
            let ask_c = || {
                black_box(ask_and_read(&c, question));
            };
            let (rust_took, c_took) = if round % 2 == 0 {
                let rust_took = timed_warm(ask_rust);
                (rust_took, timed_warm(ask_c))
            } else {
                let c_took = timed_warm(ask_c);
                (timed_warm(ask_rust), c_took)
            };
            // The first round warms up.
            if round > 0 {
                in_rust.push(micros(rust_took));
                in_c.push(micros(c_took));
                differences[round % 2].push(micros(c_took) - micros(rust_took));
            }
        }
    }
    let (rust, c) = (median(in_rust), median(in_c));
    let [rust_first, c_first] = differences.map(median);
    let difference = f64::midpoint(rust_first, c_first);
    println!("ask, read and free: Rust {rust:.2} us, C {c:.2} us; median of the differences {difference:.2} us");

    let start = Instant::now();
    let calls = 100_000;
    for _ in 0..calls {
        // SAFETY: NULL is fine for the error.
        black_box(unsafe { dafu_check_abi(DAFU_ABI_MAJOR, 0, null_mut()) });
    }
    println!(
        "a call that does nothing: {:.3} us",
        micros(start.elapsed()) / f64::from(calls)
    );
}

/// Does it twice, and times the second.
fn timed_warm(mut work: impl FnMut()) -> Duration {
    work();
    let start = Instant::now();
    work();
    start.elapsed()
}

fn threads(content: &Content, questions: &[String], time: Duration) {
    let folder = tempfile::tempdir().expect("temporary files may be written");
    let publication = Publication::create(folder.path()).expect("the disk has room");
    publication.publish(content, 1).expect("the disk has room");
    let c = open_live(folder.path().to_str().expect("the name is UTF-8"));
    for count in [1, 2, 8] {
        let (stop, answered) = (AtomicBool::new(false), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for thread in 0..count {
                let (c, stop, answered) = (&c, &stop, &answered);
                scope.spawn(move || {
                    let mut own = 0;
                    for question in questions.iter().cycle().skip(thread) {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        black_box(ask_and_read(c, question));
                        own += 1;
                    }
                    answered.fetch_add(own, Ordering::Relaxed);
                });
            }
            std::thread::sleep(time);
            stop.store(true, Ordering::Relaxed);
        });
        let each = answered.load(Ordering::Relaxed) as f64 / time.as_secs_f64();
        println!("{count} threads: {each:.0} answers a second");
    }
}

/// A handle of the library.
struct Kb(*mut dafu_kb);

// SAFETY: the header says that threads may share it.
unsafe impl Send for Kb {}
// SAFETY: as above.
unsafe impl Sync for Kb {}

impl Drop for Kb {
    fn drop(&mut self) {
        // SAFETY: it was opened, and is freed once.
        unsafe { dafu_kb_free(self.0) };
    }
}

fn open(path: &str) -> Kb {
    let mut kb = null_mut();
    // SAFETY: the arguments are what the header asks for.
    let status = unsafe { dafu_kb_open(path.as_ptr().cast(), path.len(), null(), &raw mut kb, null_mut()) };
    assert_eq!(status, dafu_status::Ok);
    Kb(kb)
}

fn open_live(path: &str) -> Kb {
    let mut kb = null_mut();
    // SAFETY: the arguments are what the header asks for.
    let status = unsafe {
        dafu_kb_open_live(
            path.as_ptr().cast(),
            path.len(),
            null(),
            0,
            null(),
            &raw mut kb,
            null_mut(),
        )
    };
    assert_eq!(status, dafu_status::Ok);
    Kb(kb)
}

/// Asks as a program in C does: asks, reads all fields, frees.
fn ask_and_read(kb: &Kb, question: &str) -> usize {
    let mut reply: *mut dafu_reply = null_mut();
    // SAFETY: the arguments are what the header asks for, and a reply is whole until it is freed.
    unsafe {
        let status = dafu_ask(
            kb.0,
            question.as_ptr().cast(),
            question.len(),
            null(),
            &raw mut reply,
            null_mut(),
        );
        assert_eq!(status, dafu_status::Ok);
        let told = &*reply;
        let mut sum = told.choices_len;
        for number in 0..told.hits_len {
            let hit = &**told.hits.add(number);
            let texts: [dafu_str; 5] = [hit.entry, hit.question, hit.answer, hit.phrasing, hit.category];
            sum += texts.iter().map(|text| text.len).sum::<usize>();
            for span in 0..hit.question_spans_len {
                sum += (*hit.question_spans.add(span)).byte_end;
            }
            for span in 0..hit.phrasing_spans_len {
                sum += (*hit.phrasing_spans.add(span)).byte_end;
            }
            for part in 0..hit.parts_len {
                sum += usize::from((*hit.parts.add(part)).value > 0.5);
            }
        }
        dafu_reply_free(reply);
        sum
    }
}

/// Reads the same from a reply in Rust.
fn read(reply: &Reply) -> usize {
    let mut sum = 0;
    for hit in &reply.hits {
        sum += hit.entry.len() + hit.question.len() + hit.phrasing.len();
        sum += hit.answer.as_ref().map_or(0, String::len) + hit.category.as_ref().map_or(0, String::len);
        sum += hit
            .question_spans
            .iter()
            .chain(&hit.phrasing_spans)
            .map(|span| span.bytes.end)
            .sum::<usize>();
        sum += hit.evidence.parts().iter().filter(|(_, value)| *value > 0.5).count();
    }
    sum
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
