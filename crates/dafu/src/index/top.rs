use std::cmp::Ordering;

/// The best of many; of equal ones, those with the smaller number.
#[derive(Debug)]
pub(super) struct Top<T> {
    limit: usize,
    kept: Vec<(f32, u32, T)>,
    /// Scores up to this one are not among the best any more.
    floor: f32,
}

impl<T> Top<T> {
    /// The best `limit`, at least one.
    pub(super) fn new(limit: usize) -> Self {
        let limit = limit.max(1);
        Self {
            limit,
            kept: Vec::with_capacity(2 * limit),
            floor: f32::NEG_INFINITY,
        }
    }

    #[inline(always)]
    pub(super) fn would_keep(&self, score: f32) -> bool {
        score > self.floor
    }

    /// Takes one in, if it is among the best so far. Numbers come in ascending order.
    #[inline(always)]
    pub(super) fn push(&mut self, score: f32, number: u32, what: T) {
        if self.would_keep(score) {
            self.kept.push((score, number, what));
            if self.kept.len() >= 2 * self.limit {
                self.cut();
            }
        }
    }

    #[inline(never)]
    fn cut(&mut self) {
        if self.kept.len() >= self.limit {
            let (_, last, _) = self.kept.select_nth_unstable_by(self.limit - 1, best_first);
            self.floor = last.0;
            self.kept.truncate(self.limit);
        }
    }

    /// The best, the best first.
    pub(super) fn into_sorted(mut self) -> Vec<(u32, T)> {
        self.cut();
        self.kept.sort_unstable_by(best_first);
        self.kept.into_iter().map(|(_, number, what)| (number, what)).collect()
    }
}

fn best_first<T>((a, x, _): &(f32, u32, T), (b, y, _): &(f32, u32, T)) -> Ordering {
    b.total_cmp(a).then(x.cmp(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_best_and_of_equal_ones_the_first() {
        for count in 0..20 {
            let mut top = Top::new(3);
            (0..count).for_each(|i| top.push((i % 4) as f32, i, ()));
            let mut all: Vec<u32> = (0..count).collect();
            all.sort_by_key(|i| (std::cmp::Reverse(i % 4), *i));
            all.truncate(3);
            let kept: Vec<u32> = top.into_sorted().into_iter().map(|(number, ())| number).collect();
            assert_eq!(kept, all, "of {count}");
        }
    }
}
