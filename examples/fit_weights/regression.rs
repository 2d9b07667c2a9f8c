//! The two fits: both convex, so that any descent finds the same weights.

use crate::held_out::{Asked, dot};

pub struct Confidence {
    pub bias: f64,
    pub margin: f64,
    pub weights: Vec<f64>,
    /// For a precision of 50 %, 51 % ... 99 %, the least confidence from which on so many answers are right.
    pub thresholds: Vec<f64>,
}

/// The weights under which the right candidates are likeliest, by softmax over the candidates of each question.
pub fn fit_score(questions: &[Asked]) -> Vec<f64> {
    let answerable: Vec<&Asked> = questions.iter().filter(|question| question.right.is_some()).collect();
    let mut differ = vec![0.0; questions[0].names.len()];
    for question in &answerable {
        let candidates = question.candidates.iter().map(|candidate| (&**candidate, 1.0));
        add(&mut differ, &variances(candidates), 1.0 / answerable.len() as f64);
    }
    let pulls = pulls(PULL_OF_SCORE, &differ);
    descend(vec![0.0; differ.len()], &pulls, |weights, gradient| {
        for question in &answerable {
            let sums: Vec<f64> = question
                .candidates
                .iter()
                .map(|candidate| dot(candidate, weights))
                .collect();
            let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = sums.iter().map(|sum| (sum - most).exp()).sum();
            for (i, candidate) in question.candidates.iter().enumerate() {
                let error = (sums[i] - most).exp() / total - f64::from(u8::from(question.right == Some(i)));
                add(gradient, candidate, error / answerable.len() as f64);
            }
        }
    })
}

/// The weights under which being right is likeliest, for the candidate that the score puts first.
pub fn fit_confidence(questions: &[Asked], score: &[f64]) -> Confidence {
    // Many more questions without an answer were asked than customers ask.
    let sum = |answerable: bool| -> f64 {
        questions
            .iter()
            .filter(|q| q.right.is_some() == answerable)
            .map(|q| q.counts)
            .sum()
    };
    let scale = UNANSWERABLE / (1.0 - UNANSWERABLE) * sum(true) / sum(false).max(1.0);
    let examples: Vec<(Vec<f64>, f64, f64)> = questions
        .iter()
        .filter(|question| question.counts > 0.0)
        .filter_map(|question| {
            let best = question.best(score)?;
            let counts = question.counts * if question.right.is_some() { 1.0 } else { scale };
            let place = |name: &str| question.names.iter().position(|known| *known == name);
            let (cosine, of_question, answer) = (place("cosine")?, place("of_question")?, place("answer")?);
            let first = &question.candidates[best];
            // As in the ranking: to be ahead without a common word, or of those that have none, means little where most of
            // the question is strange, and past 2 a margin says nothing more.
            let others = || {
                (0..question.candidates.len())
                    .filter(|i| *i != best)
                    .map(|i| &question.candidates[i])
            };
            let rival = others()
                .map(|other| dot(other, score))
                .fold(f64::NEG_INFINITY, f64::max);
            let ahead = dot(first, score) - rival;
            let shares_words = |candidate: &Vec<f64>| candidate[cosine] > 0.0 || candidate[answer] > 0.0;
            let margin = match shares_words(first) && others().any(shares_words) {
                true => ahead,
                false => ahead.min(dot(first, score) * first[of_question]),
            };
            let margin = margin.clamp(-2.0, 2.0);
            let mut row = vec![1.0, margin];
            row.extend(&question.candidates[best]);
            Some((row, f64::from(u8::from(question.right == Some(best))), counts))
        })
        .collect();
    let total: f64 = examples.iter().map(|(_, _, counts)| counts).sum();
    let names = &questions[0].names;
    let strange = names.iter().position(|name| *name == "strange").map(|place| 2 + place);
    let mut start = vec![0.0; 2 + names.len()];
    strange.into_iter().for_each(|place| start[place] = STRANGE);
    let differ = variances(examples.iter().map(|(row, _, counts)| (&**row, *counts)));
    let pulls = pulls(PULL_OF_CONFIDENCE, &differ);
    let fitted = descend(start, &pulls, |weights, gradient| {
        for (row, right, counts) in &examples {
            let sure = 1.0 / (1.0 + (-dot(row, weights)).exp());
            add(gradient, row, counts * (sure - right) / total);
        }
        strange.into_iter().for_each(|place| gradient[place] = 0.0);
    });
    Confidence {
        thresholds: thresholds(&fitted, &examples),
        bias: fitted[0],
        margin: fitted[1],
        weights: fitted[2..].to_vec(),
    }
}

fn thresholds(weights: &[f64], examples: &[(Vec<f64>, f64, f64)]) -> Vec<f64> {
    let sure = |row: &[f64]| 1.0 / (1.0 + (-dot(row, weights)).exp());
    let mut by_confidence: Vec<(f64, f64, f64)> = examples
        .iter()
        .map(|(row, right, counts)| (sure(row), right * counts, *counts))
        .collect();
    by_confidence.sort_by(|a, b| b.0.total_cmp(&a.0));
    // The surest first: the share that is right down to each of them.
    let (mut right, mut all) = (0.0, 0.0);
    let mut reached = Vec::with_capacity(by_confidence.len());
    for (sure, was_right, counts) in by_confidence {
        (right, all) = (right + was_right, all + counts);
        reached.push((sure, right / all));
    }
    (50..100)
        .map(|percent| {
            let precision = f64::from(percent) / 100.0;
            let last = reached.iter().rev().find(|(_, reached)| *reached >= precision);
            last.map_or(precision, |(sure, _)| *sure)
        })
        .collect()
}

/// How strongly each weight is pulled towards 0: by the variance of its evidence, so that the unit of the evidence makes no
/// difference (ridge regression of standardised variables). What hardly ever differs is pulled as if it did.
fn pulls(pull: f64, variances: &[f64]) -> Vec<f64> {
    variances
        .iter()
        .map(|variance| pull * variance.max(LEAST_VARIANCE))
        .collect()
}

/// The variance of each column, where rows count differently.
fn variances<'r>(rows: impl Iterator<Item = (&'r [f64], f64)> + Clone) -> Vec<f64> {
    let total: f64 = rows.clone().map(|(_, counts)| counts).sum();
    let width = rows.clone().next().map_or(0, |(row, _)| row.len());
    let mut means = vec![0.0; width];
    rows.clone()
        .for_each(|(row, counts)| add(&mut means, row, counts / total));
    let mut variances = vec![0.0; width];
    for (row, counts) in rows {
        let squares: Vec<f64> = row
            .iter()
            .zip(&means)
            .map(|(part, mean)| (part - mean).powi(2))
            .collect();
        add(&mut variances, &squares, counts / total);
    }
    variances
}

/// Adam, with a pull of each weight towards 0.
fn descend(mut weights: Vec<f64>, pulls: &[f64], mut add_gradient: impl FnMut(&[f64], &mut [f64])) -> Vec<f64> {
    let mut first = vec![0.0; weights.len()];
    let mut second = vec![0.0; weights.len()];
    for step in 1..=STEPS {
        let mut gradient: Vec<f64> = weights.iter().zip(pulls).map(|(weight, pull)| pull * weight).collect();
        add_gradient(&weights, &mut gradient);
        let rate = RATE * (1.0 - f64::from(step) / f64::from(STEPS + 1));
        for i in 0..weights.len() {
            first[i] = 0.9 * first[i] + 0.1 * gradient[i];
            second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
            let (mean, square) = (
                first[i] / (1.0 - 0.9_f64.powi(step)),
                second[i] / (1.0 - 0.999_f64.powi(step)),
            );
            weights[i] -= rate * mean / (square.sqrt() + 1e-8);
        }
    }
    weights
}

fn add(gradient: &mut [f64], row: &[f64], by: f64) {
    gradient
        .iter_mut()
        .zip(row)
        .for_each(|(gradient, part)| *gradient += by * part);
}

const STEPS: i32 = 800;
const RATE: f64 = 0.1;

/// Chosen by how well the weights do on knowledge bases of other domains: those of weaker pulls know the sample too well.
const PULL_OF_SCORE: f64 = 0.5;
const PULL_OF_CONFIDENCE: f64 = 0.05;

/// Evidence whose variance is less is pulled as if it were so much.
const LEAST_VARIANCE: f64 = 0.01;

/// The share of customers' questions that no entry answers.
const UNANSWERABLE: f64 = 0.15;

/// The weight of what is strange in the confidence, set by hand: `crates/dafu/docs/ranking.md` says why.
const STRANGE: f64 = -0.75;
