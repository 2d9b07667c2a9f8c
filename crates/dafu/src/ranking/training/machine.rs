use super::examples::Examples;
use crate::index::LearnedEntry;

/// Learns one entry against its rivals: a linear support vector machine with squared hinge loss, by dual coordinate
/// descent (Hsieh, Chang, Lin, Keerthi and Sundararajan, *A dual coordinate descent method for large-scale linear SVM*,
/// ICML 2008, the method of liblinear).
pub(super) struct Machine<'e> {
    examples: &'e Examples<'e>,
    /// The weight of each term: all 0 between entries.
    terms: Vec<f32>,
    /// Which terms have a weight.
    touched: Vec<u32>,
    meaning: Vec<f32>,
    bias: f32,
}

/// An example in the dual problem.
struct Point {
    phrasing: u32,
    /// 1 for the entry's own, -1 for rivals.
    side: f32,
    alpha: f32,
    square: f32,
}

impl<'e> Machine<'e> {
    pub(super) fn new(examples: &'e Examples<'e>) -> Self {
        Self {
            examples,
            terms: vec![0.0; examples.names.len()],
            touched: Vec::new(),
            meaning: vec![0.0; examples.dimensions()],
            bias: 0.0,
        }
    }

    /// Learns the model of an entry from its phrasings and their rivals. `claim` is told what the model says of each.
    pub(super) fn learn(&mut self, own: &[u32], rivals: &[u32], mut claim: impl FnMut(u32, f32)) -> LearnedEntry {
        self.bias = 0.0;
        self.meaning.fill(0.0);
        let point = |phrasing: u32, side: f32| Point {
            phrasing,
            side,
            alpha: 0.0,
            square: self.square(phrasing),
        };
        let mut points: Vec<Point> = own.iter().map(|phrasing| point(*phrasing, 1.0)).collect();
        points.extend(rivals.iter().map(|phrasing| point(*phrasing, -1.0)));
        let seed = own.first().copied().unwrap_or_default();
        pulp::Arch::new().dispatch(|| self.descend(&mut points, u64::from(seed)));
        for phrasing in own.iter().chain(rivals) {
            claim(*phrasing, self.decide(*phrasing));
        }
        self.take(own.len(), rivals.len())
    }

    /// Minimises over the dual variables, one after the other, leaving out those that have come to rest at 0.
    #[inline(always)]
    fn descend(&mut self, points: &mut [Point], seed: u64) {
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        let mut random = seed;
        let mut active = order.len();
        let mut rest = f32::INFINITY;
        for _ in 0..ROUNDS {
            let mut greatest = f32::NEG_INFINITY;
            let mut least = f32::INFINITY;
            for i in (1..active).rev() {
                order.swap(i, below(&mut random, i + 1));
            }
            let mut i = 0;
            while i < active {
                let point = &mut points[order[i] as usize];
                let gradient = point.side * self.decide(point.phrasing) - 1.0 + point.alpha * SOFTNESS;
                let projected = if point.alpha == 0.0 {
                    if gradient > rest {
                        active -= 1;
                        order.swap(i, active);
                        continue;
                    }
                    gradient.min(0.0)
                } else {
                    gradient
                };
                greatest = greatest.max(projected);
                least = least.min(projected);
                if projected.abs() > 1e-7 {
                    let before = point.alpha;
                    point.alpha = (before - gradient / point.square).max(0.0);
                    let (phrasing, by) = (point.phrasing, (point.alpha - before) * point.side);
                    self.add(phrasing, by);
                }
                i += 1;
            }
            if greatest - least <= TOLERANCE {
                if active == order.len() {
                    break;
                }
                // Those that rest are looked at once more.
                active = order.len();
                rest = f32::INFINITY;
            } else {
                rest = if greatest <= 0.0 { f32::INFINITY } else { greatest };
            }
        }
    }

    /// x · x of a phrasing, the softness of the margin included.
    #[inline(always)]
    fn square(&self, phrasing: u32) -> f32 {
        let terms = if self.examples.inverse_norm(phrasing) > 0.0 {
            1.0
        } else {
            0.0
        };
        let meaning = self.examples.meaning(phrasing).map_or(0.0, |(row, scale)| {
            let square: i32 = row.iter().map(|x| i32::from(*x as i8).pow(2)).sum();
            square as f32 * scale * scale
        });
        terms + meaning + BIAS * BIAS + SOFTNESS
    }

    /// w · x.
    #[inline(always)]
    fn decide(&self, phrasing: u32) -> f32 {
        let weights = &self.examples.weights;
        let terms = self.examples.terms(phrasing).iter();
        let terms: f32 = terms.map(|&t| self.terms[t as usize] * weights[t as usize]).sum();
        let meaning = self
            .examples
            .meaning(phrasing)
            .map_or(0.0, |(row, scale)| scale * dot(&self.meaning, row));
        terms * self.examples.inverse_norm(phrasing) + meaning + self.bias * BIAS
    }

    /// w += by · x.
    #[inline(always)]
    fn add(&mut self, phrasing: u32, by: f32) {
        let scaled = by * self.examples.inverse_norm(phrasing);
        for &term in self.examples.terms(phrasing) {
            let weight = &mut self.terms[term as usize];
            if *weight == 0.0 {
                self.touched.push(term);
            }
            *weight += scaled * self.examples.weights[term as usize];
        }
        if let Some((row, scale)) = self.examples.meaning(phrasing) {
            let scaled = by * scale;
            self.meaning
                .iter_mut()
                .zip(row)
                .for_each(|(w, x)| *w += scaled * f32::from(*x as i8));
        }
        self.bias += by * BIAS;
    }

    /// Takes what was learned, without the weights that hardly count.
    ///
    /// Few rivals teach little: the fewer there are, the nearer to -1, not mine, it says of all questions.
    fn take(&mut self, own: usize, rivals: usize) -> LearnedEntry {
        let taught = rivals as f32 / (rivals as f32 + UNTAUGHT);
        self.touched.sort_unstable();
        self.touched.dedup();
        let mut terms: Vec<(u32, f32)> = self
            .touched
            .drain(..)
            .map(|term| {
                let weight = std::mem::take(&mut self.terms[term as usize]);
                (term, taught * weight * self.examples.weights[term as usize])
            })
            .collect();
        let kept = (KEPT + KEPT_EACH * own).min(MOST_KEPT);
        if terms.len() > kept {
            terms.select_nth_unstable_by(kept, |(a, x), (b, y)| y.abs().total_cmp(&x.abs()).then(a.cmp(b)));
            terms.truncate(kept);
            terms.sort_unstable_by_key(|(term, _)| *term);
        }
        // A list of their own, since that of all touched terms is several times as long.
        let mut named = Vec::with_capacity(terms.len());
        named.extend(
            terms
                .into_iter()
                .map(|(term, weight)| (self.examples.names[term as usize], weight)),
        );
        LearnedEntry {
            bias: taught * self.bias * BIAS - (1.0 - taught),
            terms: named,
            meaning: self.meaning.iter().map(|weight| taught * weight).collect(),
        }
    }
}

/// Σ w x, in lanes whose sums are added at the end: the same on every machine, and fast on most.
#[inline(always)]
fn dot(w: &[f32], x: &[u8]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    for (w, x) in w.chunks_exact(16).zip(x.chunks_exact(16)) {
        for i in 0..16 {
            lanes[i] += w[i] * f32::from(x[i] as i8);
        }
    }
    lanes.iter().sum()
}

/// A number below `n`, by splitmix64.
fn below(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % n as u64) as usize
}

/// 1 / 2C: how soft the margin is, C being how much an example on the wrong side costs.
const SOFTNESS: f32 = 1.0;

/// The feature that all examples have.
const BIAS: f32 = 1.0;

/// How many rounds there are at most.
const ROUNDS: usize = 40;

/// The descent ends when gradients differ by no more than this.
const TOLERANCE: f32 = 0.1;

/// With so many rivals a model counts half.
const UNTAUGHT: f32 = 10.0;

/// How many weights of terms a model keeps, of an entry and for each of its phrasings.
const KEPT: usize = 128;
const KEPT_EACH: usize = 32;
const MOST_KEPT: usize = 4_096;
