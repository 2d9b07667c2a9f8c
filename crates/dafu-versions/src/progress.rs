use std::sync::atomic::{AtomicUsize, Ordering};

/// Is told how far a long work is: how much is done, and how much there is. Called from several threads, at most a
/// thousand times.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

/// Counts what is done, and tells it.
pub(crate) struct Counter<'p> {
    progress: Progress<'p>,
    done: AtomicUsize,
    total: usize,
    step: usize,
}

impl<'p> Counter<'p> {
    pub fn new(progress: Progress<'p>, total: usize) -> Self {
        Self {
            progress,
            done: AtomicUsize::new(0),
            total,
            step: total.div_ceil(1_000).max(1),
        }
    }

    pub fn one_more(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(self.step) || done == self.total {
            (self.progress)(done, self.total);
        }
    }
}
