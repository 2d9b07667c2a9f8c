//! Figures of quality.

/// What became of a question.
pub struct Outcome {
    /// The place of the first right entry, from 0; none if there is none among the first ten.
    pub place: Option<usize>,
    /// Whether some entry answers it at all.
    pub answerable: bool,
    /// How sure the knowledge base was of its first entry.
    pub confidence: f32,
    /// Whether what the customer was told is right: the right entry first, or no answer where there is none.
    pub told_right: bool,
}

impl Outcome {
    pub fn is_top(&self) -> bool {
        self.place == Some(0)
    }

    /// Whether it counts as right where right questions are counted: the right entry first, or none where there is none.
    pub fn is_right(&self) -> bool {
        if self.answerable {
            self.is_top()
        } else {
            self.told_right
        }
    }
}

/// The share of answerable questions whose right entry is among the first `places`.
pub fn top(outcomes: &[&Outcome], places: usize) -> f64 {
    mean(
        outcomes
            .iter()
            .filter(|o| o.answerable)
            .map(|o| o.place.is_some_and(|place| place < places) as u8 as f64),
    )
}

/// The mean of one over the place of the right entry, 0 past the tenth.
pub fn mrr(outcomes: &[&Outcome]) -> f64 {
    mean(
        outcomes
            .iter()
            .filter(|o| o.answerable)
            .map(|o| o.place.map_or(0.0, |place| 1.0 / (place + 1) as f64)),
    )
}

/// The share of questions whose decision is right, those that no entry answers included.
pub fn told_right(outcomes: &[&Outcome]) -> f64 {
    mean(outcomes.iter().map(|o| o.told_right as u8 as f64))
}

/// The greatest share of questions that can be answered, the surest first, with `precision` of the answers right.
pub fn answered_at(outcomes: &[&Outcome], precision: f64) -> f64 {
    let reaching = precision_curve(outcomes)
        .into_iter()
        .filter(|(_, reached)| *reached >= precision);
    reaching.map(|(answered, _)| answered).fold(0.0, f64::max)
}

/// For each share of questions that can be answered, the surest first, the share of these answers that is right.
pub fn precision_curve(outcomes: &[&Outcome]) -> Vec<(f64, f64)> {
    let mut sorted = outcomes.to_vec();
    sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let mut right = 0;
    let mut curve = Vec::new();
    for (i, outcome) in sorted.iter().enumerate() {
        right += outcome.is_top() as usize;
        let tied = sorted
            .get(i + 1)
            .is_some_and(|next| next.confidence == outcome.confidence);
        if !tied {
            let answered = (i + 1) as f64;
            curve.push((answered / sorted.len() as f64, right as f64 / answered));
        }
    }
    curve
}

/// The probability that an answerable question gets a greater confidence than one that no entry answers.
pub fn auroc(answerable: &[f32], others: &[f32]) -> Option<f64> {
    if answerable.is_empty() || others.is_empty() {
        return None;
    }
    let mut others = others.to_vec();
    others.sort_by(f32::total_cmp);
    let wins = answerable.iter().map(|confidence| {
        let below = others.partition_point(|other| other < confidence);
        let upto = others.partition_point(|other| other <= confidence);
        (below + upto) as f64 / 2.0
    });
    Some(wins.sum::<f64>() / answerable.len() as f64 / others.len() as f64)
}

/// The mean distance of confidence and share of right first entries, over the bins of [`bins`].
pub fn calibration_error(outcomes: &[&Outcome]) -> f64 {
    let distances = bins(outcomes)
        .into_iter()
        .map(|bin| (bin.confidence - bin.right).abs() * bin.count as f64);
    distances.sum::<f64>() / outcomes.len().max(1) as f64
}

/// Questions of which the knowledge base was about as sure.
pub struct Bin {
    pub count: usize,
    /// The mean confidence.
    pub confidence: f64,
    /// The share of right first entries.
    pub right: f64,
}

/// Ten bins with as many questions each, the least sure first.
pub fn bins(outcomes: &[&Outcome]) -> Vec<Bin> {
    let mut sorted = outcomes.to_vec();
    sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let bin = |number: usize| {
        let bin = &sorted[number * sorted.len() / 10..(number + 1) * sorted.len() / 10];
        Bin {
            count: bin.len(),
            confidence: mean(bin.iter().map(|o| f64::from(o.confidence))),
            right: share(bin.iter().map(|o| o.is_top())),
        }
    };
    (0..10).map(bin).filter(|bin| bin.count > 0).collect()
}

/// Between which shares the truth lies in 95 of 100 cases, when `right` of `count` were right (Wilson's interval).
pub fn interval(right: f64, count: usize) -> (f64, f64) {
    let (n, z) = (count.max(1) as f64, 1.96);
    let middle = (right + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (right * (1.0 - right) / n + z * z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

pub fn share(values: impl Iterator<Item = bool>) -> f64 {
    mean(values.map(|value| f64::from(u8::from(value))))
}

pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}
