/// The signs of vectors, a bit a dimension, by which the vectors near another are found.
///
/// Two vectors at an angle α differ in the sign of about α / π of their dimensions (Charikar, *Similarity estimation
/// techniques from rounding algorithms*, STOC 2002), and to count where they differ takes a few instructions: looking
/// through all sketches costs less than asking a graph of neighbours would, up to hundreds of thousands of them.
#[derive(Debug, Clone)]
pub(super) struct Sketches {
    /// For each vector so many words.
    words: usize,
    bits: Vec<u64>,
}

impl Sketches {
    /// The sketches of rows, each of so many bytes that are `i8`.
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r [u8]>, dimensions: usize) -> Self {
        let mut bits = Vec::new();
        rows.for_each(|row| sketch(row.iter().map(|x| *x as i8), &mut bits));
        Self {
            words: dimensions.div_ceil(64),
            bits,
        }
    }

    /// The numbers of `most` vectors whose sketches differ least from that of a row, in ascending order; of those that
    /// differ as much, the first.
    pub(super) fn nearest(&self, row: &[i8], most: usize) -> Vec<u32> {
        let mut sketch_of_row = Vec::with_capacity(self.words);
        sketch(row.iter().copied(), &mut sketch_of_row);
        let differing = pulp::Arch::new().dispatch(Scan {
            sketches: self,
            row: &sketch_of_row,
        });
        // How many differ in so many signs: what is counted need not be sorted.
        let mut counts = vec![0; 64 * self.words + 1];
        differing.iter().for_each(|signs| counts[*signs as usize] += 1);
        let (mut left, mut last) = (most, 0);
        while last < counts.len() && counts[last] <= left {
            left -= counts[last];
            last += 1;
        }
        let mut nearest = Vec::with_capacity(most);
        for (number, signs) in (0..).zip(differing) {
            let signs = signs as usize;
            if signs < last || (signs == last && left > 0) {
                left -= usize::from(signs == last);
                nearest.push(number);
            }
        }
        nearest
    }
}

/// Adds the signs of a row, a bit each.
fn sketch(row: impl Iterator<Item = i8>, bits: &mut Vec<u64>) {
    for (i, x) in row.enumerate() {
        if i.is_multiple_of(64) {
            bits.push(0);
        }
        if let Some(word) = bits.last_mut() {
            *word |= u64::from(x > 0) << (i % 64);
        }
    }
}

/// In how many signs a sketch differs from each other one, with the instructions that the processor has.
struct Scan<'s> {
    sketches: &'s Sketches,
    row: &'s [u64],
}

impl pulp::WithSimd for Scan<'_> {
    type Output = Vec<u32>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<u32> {
        let words = self.sketches.words.max(1);
        let mut signs = Vec::with_capacity(self.sketches.bits.len() / words);
        // The length that dafu's own vectors have, known to the compiler, is several times as fast.
        let same_length: Option<&[u64; 4]> = self.row.try_into().ok();
        match same_length {
            Some(row) => {
                for sketch in self.sketches.bits.as_chunks::<4>().0 {
                    signs.push(differing(row, sketch));
                }
            }
            None => {
                for sketch in self.sketches.bits.chunks_exact(words) {
                    signs.push(differing(self.row, sketch));
                }
            }
        }
        signs
    }
}

#[inline(always)]
fn differing(a: &[u64], b: &[u64]) -> u32 {
    let mut bits = 0;
    for (a, b) in a.iter().zip(b) {
        bits += (a ^ b).count_ones();
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_by_their_signs() {
        for dimensions in [5, 64, 256, 300] {
            // Row i has its first i dimensions below 0.
            let rows: Vec<Vec<u8>> = (0..dimensions)
                .map(|i| (0..dimensions).map(|j| if j < i { -5_i8 } else { 5 } as u8).collect())
                .collect();
            let sketches = Sketches::of(rows.iter().map(Vec::as_slice), dimensions);
            let asked: Vec<i8> = rows[2].iter().map(|x| *x as i8).collect();
            assert_eq!(sketches.nearest(&asked, 3), [1, 2, 3]);
            // Row 0 differs as row 4 does.
            assert_eq!(sketches.nearest(&asked, 4), [0, 1, 2, 3]);
            assert_eq!(sketches.nearest(&asked, 1_000).len(), dimensions);
        }
    }

    #[test]
    fn none_of_none() {
        assert!(Sketches::of(std::iter::empty(), 256).nearest(&[1; 256], 8).is_empty());
        assert!(Sketches::of(std::iter::empty(), 0).nearest(&[], 8).is_empty());
    }
}
