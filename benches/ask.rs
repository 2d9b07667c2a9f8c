//! The time to answer a question, by the number of phrasings: a mixed list of questions, one thread.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dafu::{AskOptions, KnowledgeBase};
use dafu_benches::{Texts, content, sizes};

fn ask(c: &mut Criterion) {
    let texts = Texts::from_env();
    let options = AskOptions::new();
    let mut group = c.benchmark_group("ask");
    group.sample_size(20);
    for phrasings in sizes(&[1_000, 20_000, 200_000]) {
        let kb = KnowledgeBase::new(&content(&texts.entries(phrasings))).expect("a content in memory");
        let questions = texts.questions(phrasings, 200);
        group.throughput(Throughput::Elements(questions.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(phrasings), &questions, |b, questions| {
            b.iter(|| {
                for question in questions {
                    std::hint::black_box(kb.ask(question, &options).expect("an index in memory"));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, ask);
criterion_main!(benches);
