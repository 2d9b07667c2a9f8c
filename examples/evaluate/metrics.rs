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
    pub kind: Option<String>,
}

impl Outcome {
    fn is_top(&self) -> bool {
        self.place == Some(0)
    }
}

/// The share of answerable questions whose right entry is among the first `places`.
pub fn top(outcomes: &[Outcome], places: usize) -> f64 {
    mean(
        outcomes
            .iter()
            .filter(|o| o.answerable)
            .map(|o| o.place.is_some_and(|place| place < places) as u8 as f64),
    )
}

/// The mean of one over the place of the right entry, 0 past the tenth.
pub fn mrr(outcomes: &[Outcome]) -> f64 {
    mean(
        outcomes
            .iter()
            .filter(|o| o.answerable)
            .map(|o| o.place.map_or(0.0, |place| 1.0 / (place + 1) as f64)),
    )
}

/// The share of questions whose decision is right, those that no entry answers included.
pub fn told_right(outcomes: &[Outcome]) -> f64 {
    mean(outcomes.iter().map(|o| o.told_right as u8 as f64))
}

/// The greatest share of questions that can be answered, the surest first, with `precision` of the answers right.
pub fn answered_at(outcomes: &[Outcome], precision: f64) -> f64 {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    let (mut right, mut best) = (0, 0);
    for (i, outcome) in sorted.iter().enumerate() {
        right += outcome.is_top() as usize;
        let tied = sorted
            .get(i + 1)
            .is_some_and(|next| next.confidence == outcome.confidence);
        if !tied && right as f64 >= precision * (i + 1) as f64 {
            best = i + 1;
        }
    }
    best as f64 / outcomes.len().max(1) as f64
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

/// The mean distance of confidence and share of right first entries, over ten bins with as many questions each.
pub fn calibration_error(outcomes: &[Outcome]) -> f64 {
    let mut sorted: Vec<&Outcome> = outcomes.iter().collect();
    sorted.sort_by(|a, b| a.confidence.total_cmp(&b.confidence));
    let distances = (0..10).map(|bin| {
        let bin = &sorted[bin * sorted.len() / 10..(bin + 1) * sorted.len() / 10];
        let gap = mean(bin.iter().map(|o| f64::from(o.confidence))) - mean(bin.iter().map(|o| o.is_top() as u8 as f64));
        gap.abs() * bin.len() as f64
    });
    distances.sum::<f64>() / sorted.len().max(1) as f64
}

pub fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}
