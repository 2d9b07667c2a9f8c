use super::examples::Examples;

/// The examples of one entry in the dual problem, side by side: in a large knowledge base they lie so far apart that to
/// fetch them anew in every round takes longer than to count.
pub(super) struct Points {
    pub(super) all: Vec<Point>,
    /// The terms of the points, each by its place in the two lists below.
    terms: Vec<u32>,
    /// The meanings of the points, a row each.
    rows: Vec<u8>,
    dimensions: usize,
    /// Which term of the examples each is.
    pub(super) terms_of_examples: Vec<u32>,
    /// The square of the weight of each.
    pub(super) squares: Vec<f32>,
    /// For each term of the examples its place: [`NOWHERE`] between entries.
    places: Vec<u32>,
}

/// An example, and its dual variable.
pub(super) struct Point {
    /// 1 for the entry's own, -1 for rivals.
    pub(super) side: f32,
    pub(super) alpha: f32,
    /// x · x, without the bias.
    pub(super) square: f32,
    pub(super) inverse_norm: f32,
    /// By which the row of its meaning is multiplied.
    pub(super) scale: f32,
    number: u32,
    /// Where its terms begin and end.
    terms: [u32; 2],
}

impl Points {
    pub(super) fn new(examples: &Examples<'_>) -> Self {
        Self {
            all: Vec::new(),
            terms: Vec::new(),
            rows: Vec::new(),
            dimensions: examples.dimensions(),
            terms_of_examples: Vec::new(),
            squares: Vec::new(),
            places: vec![NOWHERE; examples.names.len()],
        }
    }

    /// Takes the examples of another entry.
    pub(super) fn take(&mut self, examples: &Examples<'_>, own: &[u32], rivals: &[u32]) {
        for term in self.terms_of_examples.drain(..) {
            self.places[term as usize] = NOWHERE;
        }
        self.squares.clear();
        self.terms.clear();
        self.rows.clear();
        self.all.clear();
        for phrasing in own {
            self.push(examples, *phrasing, 1.0);
        }
        for phrasing in rivals {
            self.push(examples, *phrasing, -1.0);
        }
    }

    fn push(&mut self, examples: &Examples<'_>, phrasing: u32, side: f32) {
        let start = self.terms.len() as u32;
        for &term in examples.terms(phrasing) {
            let place = &mut self.places[term as usize];
            if *place == NOWHERE {
                *place = self.squares.len() as u32;
                self.terms_of_examples.push(term);
                self.squares.push(examples.weights[term as usize].powi(2));
            }
            self.terms.push(*place);
        }
        let inverse_norm = examples.inverse_norm(phrasing);
        let mut square = if inverse_norm > 0.0 { 1.0 } else { 0.0 };
        let mut scale = 0.0;
        if let Some((row, scale_of_row)) = examples.meaning(phrasing) {
            let of_row: i32 = row.iter().map(|x| i32::from(*x as i8).pow(2)).sum();
            square += of_row as f32 * scale_of_row * scale_of_row;
            scale = scale_of_row;
            self.rows.extend_from_slice(row);
        }
        self.all.push(Point {
            side,
            alpha: 0.0,
            square,
            inverse_norm,
            scale,
            number: self.all.len() as u32,
            terms: [start, self.terms.len() as u32],
        });
    }

    #[inline(always)]
    pub(super) fn terms_of(&self, point: &Point) -> &[u32] {
        let [start, end] = point.terms;
        &self.terms[start as usize..end as usize]
    }

    /// The meaning of a point, of the length of all meanings.
    #[inline(always)]
    pub(super) fn row_of(&self, point: &Point) -> &[u8] {
        let first = point.number as usize * self.dimensions;
        &self.rows[first..first + self.dimensions]
    }
}

const NOWHERE: u32 = u32::MAX;
