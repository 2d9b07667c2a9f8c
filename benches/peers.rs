//! dafu beside plain tantivy: the same texts, the same questions, one process, one thread.

use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use dafu::{AskOptions, KnowledgeBase};
use dafu_benches::{Peer, Terms, Texts, content, sizes};
use jieba_rs::Jieba;

fn ask(c: &mut Criterion) {
    let texts = Texts::from_env();
    let jieba = Arc::new(Jieba::new());
    let mut group = c.benchmark_group("peers_ask");
    group.sample_size(20);
    for phrasings in sizes(&[20_000, 200_000]) {
        let entries = texts.entries(phrasings);
        let questions = texts.questions(phrasings, 200);
        group.throughput(Throughput::Elements(questions.len() as u64));

        let kb = KnowledgeBase::new(&content(&entries)).expect("a content in memory");
        let options = AskOptions::new().hits(10);
        group.bench_function(BenchmarkId::new("dafu", phrasings), |b| {
            b.iter(|| {
                for question in &questions {
                    std::hint::black_box(kb.ask(question, &options).expect("an index in memory"));
                }
            });
        });
        drop(kb);
        for (name, terms) in peers(&jieba) {
            let mut peer = Peer::new(&entries, terms);
            group.bench_function(BenchmarkId::new(name, phrasings), |b| {
                b.iter(|| {
                    for question in &questions {
                        std::hint::black_box(peer.ask(question));
                    }
                });
            });
        }
    }
    group.finish();
}

fn build(c: &mut Criterion) {
    let texts = Texts::from_env();
    let jieba = Arc::new(Jieba::new());
    let mut group = c.benchmark_group("peers_build");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for phrasings in sizes(&[20_000]) {
        let entries = texts.entries(phrasings);
        let content = content(&entries);
        group.throughput(Throughput::Elements(phrasings as u64));
        group.bench_function(BenchmarkId::new("dafu", phrasings), |b| {
            b.iter_with_large_drop(|| KnowledgeBase::new(&content).expect("a content in memory"));
        });
        for (name, terms) in peers(&jieba) {
            group.bench_function(BenchmarkId::new(name, phrasings), |b| {
                b.iter_with_large_drop(|| Peer::new(&entries, terms.clone()));
            });
        }
    }
    group.finish();
}

fn peers(jieba: &Arc<Jieba>) -> [(&'static str, Terms); 2] {
    [
        ("tantivy_words", Terms::Words(Arc::clone(jieba))),
        ("tantivy_characters_and_pairs", Terms::CharactersAndPairs),
    ]
}

criterion_group!(benches, ask, build);
criterion_main!(benches);
