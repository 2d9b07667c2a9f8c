//! The price of reading a text: of a question, which `suggest` reads and hardly searches for, and of a phrasing, which a
//! build reads.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dafu::{AskOptions, KnowledgeBase, SearchOptions};
use dafu_benches::{Texts, content, sizes};

fn analyse(c: &mut Criterion) {
    let texts = Texts::from_env();
    let phrasings = sizes(&[1_000])[0];
    let content = content(&texts.entries(phrasings));
    let kb = KnowledgeBase::new(&content).expect("a content in memory");
    let questions = texts.questions(phrasings, 200);
    let mut group = c.benchmark_group("analyse");

    group.throughput(Throughput::Elements(questions.len() as u64));
    group.bench_function("suggest", |b| {
        let options = AskOptions::new();
        b.iter(|| {
            for question in &questions {
                let typed: String = question.chars().take(4).collect();
                std::hint::black_box(kb.suggest(&typed, 5, &options).expect("an index in memory"));
            }
        });
    });
    group.bench_function("search", |b| {
        let options = SearchOptions::new();
        b.iter(|| {
            for question in &questions {
                std::hint::black_box(kb.search(question, &options).expect("an index in memory"));
            }
        });
    });
    group.throughput(Throughput::Elements(phrasings as u64));
    group.bench_function("phrasings", |b| b.iter(|| KnowledgeBase::new(&content)));
    group.finish();
}

criterion_group!(benches, analyse);
criterion_main!(benches);
