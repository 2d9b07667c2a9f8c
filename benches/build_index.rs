//! The time to build a knowledge base in memory and an index in a folder, by its number of phrasings.

use criterion::{BatchSize, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use dafu::{BuildOptions, KnowledgeBase};
use dafu_benches::{Texts, content, sizes};

fn build_index(c: &mut Criterion) {
    let texts = Texts::from_env();
    let mut group = c.benchmark_group("build_index");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for phrasings in sizes(&[1_000, 20_000, 200_000]) {
        let content = content(&texts.entries(phrasings));
        group.throughput(Throughput::Elements(phrasings as u64));
        group.bench_with_input(BenchmarkId::new("memory", phrasings), &content, |b, content| {
            b.iter_with_large_drop(|| KnowledgeBase::new(content).expect("a content in memory"));
        });
        group.bench_with_input(BenchmarkId::new("folder", phrasings), &content, |b, content| {
            let folder = || tempfile::tempdir().expect("a folder for temporary files");
            let build = |folder: tempfile::TempDir| {
                KnowledgeBase::build_index(content, folder.path(), &BuildOptions::default()).expect("room on the disk");
                folder
            };
            b.iter_batched(folder, build, BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, build_index);
criterion_main!(benches);
