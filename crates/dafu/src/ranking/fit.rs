use rayon::prelude::*;

use super::evidence::{Evidence, PARTS, STRANGE};
use super::held_out::{HeldOut, Question};
use super::margin::Standing;
use super::mix::{MARGIN, Mix, PRECISIONS};
use super::rank::rank;
use super::strangeness::Strangeness;
use crate::error::Result;
use crate::index::Index;
use crate::model::Content;

/// Fits the weights to a knowledge base: an index of what is left when phrasings and entries are held out is asked for
/// these. `build` builds it.
///
/// The weights of the score make the right candidates likeliest by softmax, those of the confidence make being right
/// likeliest by logistic regression; both are pulled towards the weights that the release ships, so that few
/// questions change little. A content with too few phrasings keeps those.
///
/// Editors put phrasings under wrong entries. Both fits therefore assume that some share of the labels is wrong, and
/// find it by expectation maximisation: else the ranking would be fitted to mistakes, and a right answer would never
/// be trusted (`docs/ranking.md`, *Wrong labels*).
pub(crate) fn fit(content: &Content, build: impl Fn(&Content) -> Result<Index>) -> Result<Mix> {
    let shipped = Mix::shipped()?;
    let Some(held_out) = HeldOut::of(content)? else {
        return Ok(shipped.clone());
    };
    let index = build(&held_out.content)?;
    let asked: Vec<Option<Asked>> = held_out
        .questions
        .par_iter()
        .map(|question| Asked::new(&index, shipped, question))
        .collect::<Result<_>>()?;
    let mut asked: Vec<Asked> = asked.into_iter().flatten().collect();
    let mut mix = shipped.clone();
    mix.questions = asked.len();
    let own = asked.iter().filter(|asked| asked.answerable);
    mix.strangeness = Strangeness::of(own.filter_map(|asked| asked.familiarity).collect());
    for asked in &mut asked {
        let strange = mix.strangeness.strange(asked.familiarity);
        asked.candidates.iter_mut().for_each(|parts| parts[STRANGE] = strange);
    }
    fit_score(&mut mix, &asked);
    fit_confidence(&mut mix, &asked);
    Ok(mix)
}

/// A question that was asked, and the evidence for its candidates.
struct Asked {
    candidates: Vec<[f32; PARTS]>,
    standings: Vec<Standing>,
    /// Which candidate is right; none if there is none.
    right: Option<usize>,
    /// Whether its entry is in the knowledge base.
    answerable: bool,
    counts: f64,
    familiarity: Option<f32>,
}

impl Asked {
    fn new(index: &Index, mix: &Mix, question: &Question) -> Result<Option<Self>> {
        let analysed = index.question(&question.text)?;
        let ranking = rank(index, mix, &analysed, |_| true)?;
        // What stands word for word under another entry, too, tells nothing about the weights.
        if ranking.open.first().is_none_or(|first| first.evidence.exact > 0.0) {
            return Ok(None);
        }
        let right = ranking
            .open
            .iter()
            .position(|ranked| Some(ranked.entry) == question.right);
        let parts = |evidence: &Evidence| evidence.parts().map(|(_, part)| part);
        Ok(Some(Self {
            candidates: ranking.open.iter().map(|ranked| parts(&ranked.evidence)).collect(),
            standings: ranking
                .open
                .iter()
                .map(|ranked| Standing::of(&ranked.evidence))
                .collect(),
            right,
            answerable: question.right.is_some(),
            counts: question.counts,
            familiarity: ranking.familiarity,
        }))
    }
}

fn fit_score(mix: &mut Mix, asked: &[Asked]) {
    let answerable: Vec<&Asked> = asked.iter().filter(|asked| asked.right.is_some()).collect();
    let start = mix.score.map(f64::from);
    let count = answerable.iter().map(|asked| asked.counts).sum::<f64>().max(1.0);
    let mut wrong = 0.1;
    let mut fitted = start;
    for _ in 0..ROUNDS {
        let trust: Vec<f64> = answerable.par_iter().map(|asked| asked.trust(&fitted, wrong)).collect();
        // Labels of which many are wrong are wrong in ways that no one sees, too: the more, the less they are followed.
        let pull = PULL_OF_SCORE * (1.0 + DISTRUST * wrong * wrong) / count;
        fitted = descend(fitted, start, pull, |weights| {
            let chunks = answerable.par_chunks(CHUNK).zip(trust.par_chunks(CHUNK));
            let gradients = chunks.map(|(chunk, trust)| {
                let mut gradient = [0.0; PARTS];
                for (asked, trust) in chunk.iter().zip(trust) {
                    for (i, likely) in asked.likely(weights).into_iter().enumerate() {
                        let error = likely - f64::from(u8::from(asked.right == Some(i)));
                        add(
                            &mut gradient,
                            &asked.candidates[i],
                            asked.counts * trust * error / count,
                        );
                    }
                }
                gradient
            });
            sum(gradients.collect())
        });
        let trusted = answerable.iter().zip(&trust).map(|(asked, trust)| asked.counts * trust);
        wrong = 1.0 - trusted.sum::<f64>() / count;
    }
    mix.score = fitted.map(|weight| weight as f32);
}

impl Asked {
    /// How likely each candidate is by softmax.
    fn likely(&self, weights: &[f64; PARTS]) -> Vec<f64> {
        let sums: Vec<f64> = self
            .candidates
            .iter()
            .map(|candidate| dot(weights, candidate))
            .collect();
        let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut likely: Vec<f64> = sums.iter().map(|sum| libm::exp(sum - most)).collect();
        let total: f64 = likely.iter().sum();
        likely.iter_mut().for_each(|likely| *likely /= total);
        likely
    }

    /// How likely the label is meant, where a share `wrong` of the labels names any candidate.
    fn trust(&self, weights: &[f64; PARTS], wrong: f64) -> f64 {
        let meant = (1.0 - wrong) * self.right.map_or(0.0, |right| self.likely(weights)[right]);
        meant / (meant + wrong / self.candidates.len() as f64)
    }
}

/// An answer that would be given: its evidence, the constant and the margin; whether it is right; how much it counts.
struct Given {
    parts: [f32; PARTS + 2],
    right: bool,
    answerable: bool,
    counts: f64,
}

fn fit_confidence(mix: &mut Mix, asked: &[Asked]) {
    let of = |answerable| {
        asked
            .iter()
            .filter(move |asked| asked.answerable == answerable)
            .map(|asked| asked.counts)
    };
    let (answerable, others) = (of(true).sum::<f64>().max(1.0), of(false).sum::<f64>());
    let scale = UNANSWERABLE / (1.0 - UNANSWERABLE) * answerable / others.max(1.0);
    let given: Vec<Given> = asked
        .iter()
        .map(|asked| {
            let scale = if asked.answerable { 1.0 } else { scale };
            Given::new(mix, asked, scale * asked.counts)
        })
        .collect();
    let total: f64 = given.iter().map(|given| given.counts).sum();

    let mut start = [0.0; PARTS + 2];
    start[..PARTS].copy_from_slice(&mix.confidence.map(f64::from));
    (start[PARTS], start[PARTS + 1]) = (f64::from(mix.bias), f64::from(mix.margin));
    let mut fitted = start;
    let mut wrong = 0.1;
    for _ in 0..ROUNDS {
        let truth: Vec<f64> = given.iter().map(|given| given.truth(&fitted, wrong)).collect();
        fitted = descend(fitted, start, PULL_OF_CONFIDENCE / total, |weights| {
            let mut gradient = [0.0; PARTS + 2];
            for (given, truth) in given.iter().zip(&truth) {
                let error = given.sure(weights) - truth;
                add(&mut gradient, &given.parts, given.counts * error / total);
            }
            // Held-out questions are all of the field, and cannot tell how strange others are.
            gradient[STRANGE] = 0.0;
            gradient
        });
        // What looks wrong although the entry is there and the answer is sure.
        let answerable = given.iter().zip(&truth).filter(|(given, _)| given.answerable);
        let (right, hidden) = answerable.fold((0.0, 0.0), |(right, hidden), (given, truth)| match given.right {
            true => (right + given.counts, hidden),
            false => (right, hidden + given.counts * truth),
        });
        wrong = hidden / (right + hidden + 1.0);
        if wrong < FEW_WRONG {
            wrong = 0.0;
        }
    }
    mix.confidence
        .iter_mut()
        .zip(&fitted)
        .for_each(|(place, weight)| *place = *weight as f32);
    (mix.bias, mix.margin) = (fitted[PARTS] as f32, fitted[PARTS + 1] as f32);
    mix.thresholds = thresholds(&fitted, wrong, &given);
}

impl Given {
    fn new(mix: &Mix, asked: &Asked, counts: f64) -> Self {
        let weights = mix.score.map(f64::from);
        let sums: Vec<f64> = asked
            .candidates
            .iter()
            .map(|candidate| dot(&weights, candidate))
            .collect();
        let best = (0..sums.len())
            .reduce(|a, b| if sums[b] > sums[a] { b } else { a })
            .unwrap_or(0);
        let others = || (0..sums.len()).filter(|i| *i != best);
        let rival = others().map(|i| sums[i]).fold(f64::NEG_INFINITY, f64::max);
        let standings = others().map(|i| asked.standings[i]);
        let margin = asked.standings[best].ahead(sums[best] as f32, rival as f32, standings);
        let mut parts = [0.0; PARTS + 2];
        parts[..PARTS].copy_from_slice(&asked.candidates[best]);
        (parts[PARTS], parts[PARTS + 1]) = (1.0, margin.clamp(-MARGIN, MARGIN));
        Self {
            parts,
            right: asked.right == Some(best),
            answerable: asked.answerable,
            counts,
        }
    }

    fn sure(&self, weights: &[f64; PARTS + 2]) -> f64 {
        1.0 / (1.0 + libm::exp(-dot(weights, &self.parts)))
    }

    /// How likely it is right in truth, where a share `wrong` of the labels of right answers says otherwise.
    fn truth(&self, weights: &[f64; PARTS + 2], wrong: f64) -> f64 {
        if self.right {
            return 1.0;
        }
        let sure = self.sure(weights);
        wrong * sure / (1.0 - (1.0 - wrong) * sure).max(1e-9)
    }
}

/// For each precision the least confidence from which on answers are right so often.
fn thresholds(weights: &[f64; PARTS + 2], wrong: f64, given: &[Given]) -> Vec<f32> {
    let mut by_confidence: Vec<(f64, f64, f64)> = given
        .iter()
        .map(|given| (given.sure(weights), given.truth(weights, wrong), given.counts))
        .collect();
    by_confidence.sort_by(|a, b| b.0.total_cmp(&a.0));
    // The surest first: the share that is right down to each of them, with half an answer of each kind to begin with.
    let (mut right, mut all) = (0.5, 1.0);
    let reached: Vec<(f64, f64)> = by_confidence
        .iter()
        .map(|(sure, truth, counts)| {
            right += truth * counts;
            all += counts;
            (*sure, right / all)
        })
        .collect();
    (50..50 + PRECISIONS)
        .map(|percent| {
            let precise = |(_, reached): &&(f64, f64)| *reached >= percent as f64 / 100.0;
            // Where no threshold does it, the confidence itself is the best word there is.
            reached
                .iter()
                .rev()
                .find(precise)
                .map_or(percent as f32 / 100.0, |(sure, _)| *sure as f32)
        })
        .collect()
}

/// Adam with a fixed number of steps, pulled towards `start`: the same weights in every build.
fn descend<const N: usize>(
    from: [f64; N],
    start: [f64; N],
    pull: f64,
    gradient_at: impl Fn(&[f64; N]) -> [f64; N],
) -> [f64; N] {
    let mut weights = from;
    let (mut first, mut second) = ([0.0; N], [0.0; N]);
    for step in 1..=STEPS {
        let mut gradient = gradient_at(&weights);
        let rate = RATE * (1.0 - f64::from(step) / f64::from(STEPS + 1));
        for i in 0..N {
            gradient[i] += pull * (weights[i] - start[i]);
            first[i] = 0.9 * first[i] + 0.1 * gradient[i];
            second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
            let mean = first[i] / (1.0 - libm::pow(0.9, f64::from(step)));
            let square = second[i] / (1.0 - libm::pow(0.999, f64::from(step)));
            weights[i] -= rate * mean / (square.sqrt() + 1e-8);
        }
    }
    weights
}

fn dot<const N: usize>(weights: &[f64; N], parts: &[f32; N]) -> f64 {
    weights
        .iter()
        .zip(parts)
        .map(|(weight, part)| weight * f64::from(*part))
        .sum()
}

fn add<const N: usize>(gradient: &mut [f64; N], parts: &[f32; N], by: f64) {
    gradient
        .iter_mut()
        .zip(parts)
        .for_each(|(gradient, part)| *gradient += by * f64::from(*part));
}

/// In the order of the chunks, so that threads make no difference.
fn sum<const N: usize>(gradients: Vec<[f64; N]>) -> [f64; N] {
    let mut total = [0.0; N];
    for gradient in gradients {
        total.iter_mut().zip(gradient).for_each(|(total, part)| *total += part);
    }
    total
}

/// How often the share of wrong labels is estimated anew, and steps of descent each time.
const ROUNDS: usize = 6;
const STEPS: i32 = 40;
const RATE: f64 = 0.1;
const CHUNK: usize = 128;

/// How strongly the shipped weights hold: as much as so many questions, about.
const PULL_OF_SCORE: f64 = 3.0;
const PULL_OF_CONFIDENCE: f64 = 20.0;

/// So few wrong labels are none: what an answer that looks sure may fail by.
const FEW_WRONG: f64 = 0.05;

/// How much stronger they hold where labels are wrong: times 1 + this · share².
const DISTRUST: f64 = 100.0;

/// The share of customers' questions that no entry answers.
const UNANSWERABLE: f64 = 0.05;
