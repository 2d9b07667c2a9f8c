use super::examples::Examples;
use super::points::{Point, Points};
use crate::index::LearnedEntry;

/// Learns one entry against its rivals: a linear support vector machine with squared hinge loss, by dual coordinate
/// descent (Hsieh, Chang, Lin, Keerthi and Sundararajan, *A dual coordinate descent method for large-scale linear SVM*,
/// ICML 2008, the method of liblinear).
pub(super) struct Machine<'e> {
    examples: &'e Examples<'e>,
    points: Points,
    weights: Weights,
}

/// w, the weights of the model.
#[derive(Default)]
struct Weights {
    /// For each term of the points its weight in w times its weight in examples, which is what all sums are made of.
    terms: Vec<f32>,
    meaning: Vec<f32>,
    bias: f32,
}

impl<'e> Machine<'e> {
    pub(super) fn new(examples: &'e Examples<'e>) -> Self {
        Self {
            examples,
            points: Points::new(examples),
            weights: Weights::default(),
        }
    }

    /// Learns the model of an entry from its phrasings and their rivals. `claim` is told what the model says of each.
    pub(super) fn learn(&mut self, own: &[u32], rivals: &[u32], mut claim: impl FnMut(u32, f32)) -> LearnedEntry {
        self.points.take(self.examples, own, rivals);
        self.weights
            .clear(self.points.squares.len(), self.examples.dimensions());
        let seed = own.first().copied().unwrap_or_default();
        pulp::Arch::new().dispatch(Descent {
            points: &mut self.points,
            weights: &mut self.weights,
            seed: u64::from(seed),
        });
        for (phrasing, point) in own.iter().chain(rivals).zip(&self.points.all) {
            claim(*phrasing, self.weights.decide(&self.points, point));
        }
        self.model(own.len(), rivals.len())
    }

    /// The model that was learned, without the weights that hardly count.
    ///
    /// Few rivals teach little: the fewer there are, the nearer to -1, not mine, it says of all questions.
    fn model(&self, own: usize, rivals: usize) -> LearnedEntry {
        let taught = rivals as f32 / (rivals as f32 + UNTAUGHT);
        let weights = self.points.terms_of_examples.iter().zip(&self.weights.terms);
        let mut terms: Vec<(u32, f32)> = weights
            .filter(|(_, weight)| **weight != 0.0)
            .map(|(term, weight)| (*term, taught * weight))
            .collect();
        let kept = (KEPT + KEPT_EACH * own).min(MOST_KEPT);
        if terms.len() > kept {
            terms.select_nth_unstable_by(kept, |(a, x), (b, y)| y.abs().total_cmp(&x.abs()).then(a.cmp(b)));
            terms.truncate(kept);
        }
        terms.sort_unstable_by_key(|(term, _)| *term);
        // A list of their own, since that of all terms is several times as long.
        let mut named = Vec::with_capacity(terms.len());
        named.extend(
            terms
                .into_iter()
                .map(|(term, weight)| (self.examples.names[term as usize], weight)),
        );
        LearnedEntry {
            bias: taught * self.weights.bias * BIAS - (1.0 - taught),
            terms: named,
            meaning: self.weights.meaning.iter().map(|weight| taught * weight).collect(),
        }
    }
}

/// The descent, for the vectors that the processor has. No closures on the way: the compiler need not inline them, and
/// then they are compiled for any processor.
struct Descent<'d> {
    points: &'d mut Points,
    weights: &'d mut Weights,
    seed: u64,
}

impl pulp::WithSimd for Descent<'_> {
    type Output = ();

    /// Minimises over the dual variables, one after the other, leaving out those that have come to rest at 0.
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { points, weights, seed } = self;
        let mut order: Vec<u32> = (0..points.all.len() as u32).collect();
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
                let place = order[i] as usize;
                let point = &points.all[place];
                let gradient = point.side * weights.decide(points, point) - 1.0 + point.alpha * SOFTNESS;
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
                    let alpha = (point.alpha - gradient / (point.square + BIAS * BIAS + SOFTNESS)).max(0.0);
                    weights.add(points, point, (alpha - point.alpha) * point.side);
                    points.all[place].alpha = alpha;
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
}

impl Weights {
    fn clear(&mut self, terms: usize, dimensions: usize) {
        self.terms.clear();
        self.terms.resize(terms, 0.0);
        self.meaning.clear();
        self.meaning.resize(dimensions, 0.0);
        self.bias = 0.0;
    }

    /// w · x.
    #[inline(always)]
    fn decide(&self, points: &Points, point: &Point) -> f32 {
        // Four sums, since each addition waits for the one before.
        let mut sums = [0.0_f32; 4];
        let (fours, rest) = points.terms_of(point).as_chunks::<4>();
        for four in fours {
            for i in 0..4 {
                sums[i] += self.terms[four[i] as usize];
            }
        }
        for (i, term) in rest.iter().enumerate() {
            sums[i] += self.terms[*term as usize];
        }
        let terms = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        let meaning = point.scale * dot(&self.meaning, points.row_of(point));
        terms * point.inverse_norm + meaning + self.bias * BIAS
    }

    /// w += by · x.
    #[inline(always)]
    fn add(&mut self, points: &Points, point: &Point, by: f32) {
        let scaled = by * point.inverse_norm;
        for &term in points.terms_of(point) {
            self.terms[term as usize] += scaled * points.squares[term as usize];
        }
        let scaled = by * point.scale;
        for (weight, x) in self.meaning.iter_mut().zip(points.row_of(point)) {
            *weight += scaled * f32::from(*x as i8);
        }
        self.bias += by * BIAS;
    }
}

/// Σ w x, in lanes whose sums are added at the end: the same on every machine, and fast on most.
#[inline(always)]
fn dot(w: &[f32], x: &[u8]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (w, x) = (w.as_chunks::<16>(), x.as_chunks::<16>());
    for (w, x) in w.0.iter().zip(x.0) {
        for i in 0..16 {
            lanes[i] += w[i] * f32::from(x[i] as i8);
        }
    }
    for (i, (w, x)) in w.1.iter().zip(x.1).enumerate() {
        lanes[i] += w * f32::from(*x as i8);
    }
    lanes.iter().sum()
}

/// A number below `n`, by splitmix64.
fn below(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((u128::from(z ^ (z >> 31)) * n as u128) >> 64) as usize
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_any_length_are_multiplied_whole() {
        let weights: Vec<f32> = (0..20).map(|weight| weight as f32).collect();
        let minus_one = [255; 20];
        assert_eq!(dot(&weights, &minus_one), -190.0);
        assert_eq!(dot(&weights[..16], &minus_one[..16]), -120.0);
        assert_eq!(dot(&weights[..3], &minus_one[..3]), -3.0);
    }
}
