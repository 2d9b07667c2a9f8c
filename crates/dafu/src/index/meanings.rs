use std::io::Write;
use std::ops::Range;

use rayon::prelude::*;
use tantivy::directory::OwnedBytes;

use super::files::{MEANINGS, cut_off};
use super::forward::{read_u32, write_u32};
use super::sketches::Sketches;
use super::top::Top;
use crate::error::Result;

/// The meanings of all phrasings and entries, as vectors.
///
/// What an encoder makes of a text is centred on the mean of all phrasings and whitened by the covariance of phrasings
/// around the mean of their own entry, shrunk half-way to the identity: directions in which the phrasings of one entry
/// differ anyway count less. See `docs/ranking.md`.
///
/// The file, little-endian: the number of phrasings P, of entries E and the length D of a vector (`u32`); the mean (D
/// `f32`); the lower triangle of the whitening matrix, column by column (`f32`); P + E scales (`f32`); P + E rows of D `i8`,
/// first those of phrasings, then those of the entries' centres. A scale times its row is a unit vector.
#[derive(Debug, Clone)]
pub(crate) struct Meanings {
    bytes: OwnedBytes,
    rows: usize,
    phrasings: usize,
    dimensions: usize,
    whole: Whole,
    /// Of the entries' centres.
    sketches: Sketches,
}

/// A question's meaning, ready to be compared: a unit vector.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    quantised: Quantised,
}

/// Numbers in eight bits, and what they are multiplied by.
#[derive(Debug, Clone, Default)]
pub(super) struct Quantised {
    pub(super) row: Vec<i8>,
    pub(super) scale: f32,
}

impl Meanings {
    pub(super) fn open(bytes: OwnedBytes) -> Result<Self> {
        let cut = || cut_off(MEANINGS);
        if bytes.len() < HEADER {
            return Err(cut());
        }
        let [phrasings, entries, dimensions] = [0, 4, 8].map(|at| read_u32(&bytes, at) as usize);
        let rows = phrasings as u64 + entries as u64;
        let triangle = dimensions as u64 * (dimensions as u64 + 1) / 2;
        let size = HEADER as u64 + 4 * (dimensions as u64 + triangle + rows) + rows * dimensions as u64;
        if dimensions > MOST_DIMENSIONS || bytes.len() as u64 != size {
            return Err(cut());
        }
        let floats = |first: usize, len: usize| {
            (0..len)
                .map(|i| f32::from_bits(read_u32(&bytes, HEADER + 4 * (first + i))))
                .collect()
        };
        let centres = bytes.get(size as usize - entries * dimensions..).unwrap_or(&[]);
        Ok(Self {
            rows: rows as usize,
            phrasings,
            dimensions,
            whole: Whole {
                mean: floats(0, dimensions),
                whitening: floats(dimensions, triangle as usize),
            },
            sketches: Sketches::of(centres.chunks_exact(dimensions.max(1)), dimensions),
            bytes,
        })
    }

    /// Writes the file. `encode` makes the unit vector of a phrasing, and is asked once for each; `runs` are the phrasings of
    /// each entry.
    ///
    /// Of most phrasings, the vectors are kept as they stand in the file alone: as encoded, those of a million would take a
    /// gigabyte.
    pub(super) fn write(
        out: &mut dyn Write,
        encode: impl Fn(u32, &mut [f32]) + Sync,
        dimensions: usize,
        runs: &[Range<u32>],
    ) -> std::io::Result<()> {
        let encode_run = |run: &Range<u32>| {
            let mut rows = vec![0.0; run.len() * dimensions];
            let own = run.clone().zip(rows.chunks_exact_mut(dimensions));
            own.for_each(|(phrasing, row)| encode(phrasing, row));
            rows
        };
        // The phrasings of some entries tell as much as all.
        let phrasings: usize = runs.iter().map(|run| run.len()).sum();
        let step = phrasings.div_ceil(SAMPLED_ROWS).max(1);
        let sample: Vec<Vec<f32>> = runs.par_iter().step_by(step).map(encode_run).collect();
        let whole = Whole::of(&sample, dimensions);
        let place_run = |(entry, run): (usize, &Range<u32>)| {
            let mut rows = match entry.is_multiple_of(step) {
                true => sample[entry / step].clone(),
                false => encode_run(run),
            };
            let placed = rows.chunks_exact_mut(dimensions).map(|row| whole.place(row));
            placed.collect::<Vec<_>>()
        };
        let rows = runs.par_iter().enumerate().flat_map_iter(place_run).collect();
        whole.write(out, rows, dimensions, runs)
    }

    /// Writes the file of other phrasings, with the mean and the whitening of these. `rows` are [placed](Self::place) by
    /// them.
    pub(super) fn write_upon(
        &self,
        out: &mut dyn Write,
        rows: Vec<Quantised>,
        runs: &[Range<u32>],
    ) -> std::io::Result<()> {
        self.whole.write(out, rows, self.dimensions, runs)
    }

    /// What stands in the file for a text that an encoder made this vector of.
    pub(super) fn place(&self, mut encoded: Vec<f32>) -> Quantised {
        self.whole.place(&mut encoded)
    }

    /// What stands in the file for a phrasing.
    pub(super) fn quantised(&self, phrasing: u32) -> Quantised {
        let (row, scale) = self.of(phrasing);
        Quantised {
            row: row.iter().map(|x| *x as i8).collect(),
            scale,
        }
    }

    /// The meaning of a question that an encoder made a vector of; none for one without a known word.
    pub(crate) fn meaning(&self, encoded: Vec<f32>) -> Option<Meaning> {
        if encoded.len() != self.dimensions || encoded.iter().all(|x| *x == 0.0) {
            return None;
        }
        Some(Meaning {
            quantised: self.place(encoded),
        })
    }

    /// The cosine of a question and the nearest of some phrasings in a row, in -1..=1.
    pub(crate) fn of_phrasings(&self, meaning: &Meaning, phrasings: Range<u32>) -> f32 {
        pulp::Arch::new().dispatch(Nearest {
            meanings: self,
            meaning,
            rows: phrasings.start as usize..phrasings.end as usize,
        })
    }

    /// The cosine of a question and the centre of an entry's phrasings, in -1..=1.
    pub(crate) fn of_entry(&self, meaning: &Meaning, entry: u32) -> f32 {
        let row = self.phrasings + entry as usize;
        pulp::Arch::new().dispatch(Nearest {
            meanings: self,
            meaning,
            rows: row..row + 1,
        })
    }

    /// The entries, in ascending order, whose centres are nearest to a question: of those with the nearest sketches the
    /// `most` with the greatest cosines.
    pub(super) fn nearest_entries(&self, meaning: &Meaning, most: usize) -> Vec<u32> {
        let mut nearest = Top::new(most);
        for entry in self.sketches.nearest(&meaning.quantised.row, SKETCHED * most) {
            nearest.push(self.of_entry(meaning, entry), entry, ());
        }
        let mut nearest: Vec<u32> = nearest.into_sorted().into_iter().map(|(entry, ())| entry).collect();
        nearest.sort_unstable();
        nearest
    }

    /// The vector of a phrasing: a row and its scale.
    pub(crate) fn of(&self, phrasing: u32) -> (&[u8], f32) {
        self.row(phrasing as usize)
    }

    pub(crate) fn dimensions(&self) -> usize {
        self.dimensions
    }

    pub(super) fn phrasings(&self) -> usize {
        self.phrasings
    }

    pub(super) fn entries(&self) -> usize {
        self.rows - self.phrasings
    }

    #[inline(always)]
    fn row(&self, row: usize) -> (&[u8], f32) {
        let scales = HEADER + 4 * (self.whole.mean.len() + self.whole.whitening.len());
        let first = scales + 4 * self.rows + row * self.dimensions;
        let scale = f32::from_bits(read_u32(&self.bytes, scales + 4 * row));
        (self.bytes.get(first..first + self.dimensions).unwrap_or(&[]), scale)
    }
}

/// The greatest cosine of a question and some rows, for the vectors that the processor has. Plain loops: what a closure
/// says inside of it would be compiled for any processor.
struct Nearest<'a> {
    meanings: &'a Meanings,
    meaning: &'a Meaning,
    rows: Range<usize>,
}

impl pulp::WithSimd for Nearest<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> f32 {
        let mut nearest = -1.0;
        for row in self.rows {
            let (row, scale) = self.meanings.row(row);
            let cosine = scale * self.meaning.product(row);
            if cosine > nearest {
                nearest = cosine;
            }
        }
        nearest
    }
}

/// The product with one row, in the same way.
struct Product<'a> {
    meaning: &'a Meaning,
    row: &'a [u8],
}

impl pulp::WithSimd for Product<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> f32 {
        self.meaning.product(self.row)
    }
}

/// What is the same for all rows of a file.
#[derive(Debug, Clone)]
struct Whole {
    mean: Vec<f32>,
    whitening: Vec<f32>,
}

impl Whole {
    /// The mean of rows, and the whitening of what is centred on it.
    fn of(runs: &[Vec<f32>], dimensions: usize) -> Self {
        let mean = mean(runs, dimensions);
        let mut centred = runs.to_vec();
        let rows = centred
            .par_iter_mut()
            .flat_map_iter(|rows| rows.chunks_exact_mut(dimensions));
        rows.for_each(|row| centre(row, &mean));
        let whitening = whitening(&centred, dimensions);
        Self { mean, whitening }
    }

    /// A row, centred, whitened and in eight bits.
    fn place(&self, row: &mut [f32]) -> Quantised {
        centre(row, &self.mean);
        Quantised::new(&whiten(&self.whitening, row))
    }

    fn write(
        &self,
        out: &mut dyn Write,
        rows: Vec<Quantised>,
        dimensions: usize,
        runs: &[Range<u32>],
    ) -> std::io::Result<()> {
        let centres: Vec<Quantised> = runs
            .par_iter()
            .map(|run| {
                let mut centre = vec![0.0; dimensions];
                for row in &rows[run.start as usize..run.end as usize] {
                    let add = centre.iter_mut().zip(&row.row);
                    add.for_each(|(sum, x)| *sum += row.scale * f32::from(*x));
                }
                make_unit(&mut centre);
                Quantised::new(&centre)
            })
            .collect();
        let phrasings = rows.len() as u32;
        write_u32(out, [phrasings, runs.len() as u32, dimensions as u32].into_iter())?;
        write_u32(out, self.mean.iter().chain(&self.whitening).map(|x| x.to_bits()))?;
        let all = || rows.iter().chain(&centres);
        write_u32(out, all().map(|row| row.scale.to_bits()))?;
        for row in all() {
            let bytes: Vec<u8> = row.row.iter().map(|x| *x as u8).collect();
            out.write_all(&bytes)?;
        }
        Ok(())
    }
}

impl Meaning {
    /// The product with a row of bytes.
    pub(super) fn dot(&self, row: &[u8]) -> f32 {
        pulp::Arch::new().dispatch(Product { meaning: self, row })
    }

    /// The same, as a part of what is dispatched already.
    #[inline(always)]
    fn product(&self, row: &[u8]) -> f32 {
        let mut sum = 0;
        for (a, b) in self.quantised.row.iter().zip(row) {
            sum += i32::from(*a) * i32::from(*b as i8);
        }
        self.quantised.scale * sum as f32
    }
}

impl Quantised {
    pub(super) fn new(row: &[f32]) -> Self {
        let most = row.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        if most == 0.0 {
            return Self {
                row: vec![0; row.len()],
                scale: 0.0,
            };
        }
        let scale = most / 127.0;
        Self {
            row: row.iter().map(|x| (x / scale).round() as i8).collect(),
            scale,
        }
    }
}

/// The unit vector from the mean to a row.
fn centre(row: &mut [f32], mean: &[f32]) {
    row.iter_mut().zip(mean).for_each(|(x, mean)| *x -= mean);
    make_unit(row);
}

/// The mean of the rows of all runs, summed up in their order.
fn mean(runs: &[Vec<f32>], dimensions: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64; dimensions];
    let mut count = 0_u32;
    for row in runs.iter().flat_map(|rows| rows.chunks_exact(dimensions)) {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += f64::from(*x));
        count += 1;
    }
    let count = f64::from(count.max(1));
    sums.into_iter().map(|sum| (sum / count) as f32).collect()
}

/// The lower triangle of L⁻¹, column by column, where L Lᵀ is the covariance of rows around the mean of their run,
/// shrunk half-way to the identity: L⁻¹ x · L⁻¹ y = xᵀ C⁻¹ y, as for the symmetric square root.
fn whitening(runs: &[Vec<f32>], d: usize) -> Vec<f32> {
    let several: Vec<&Vec<f32>> = runs.iter().filter(|rows| rows.len() > d).collect();
    let partial = several.par_chunks(64).map(|runs| scatter(runs, d));
    let partials: Vec<(Vec<f32>, usize)> = partial.collect();
    let mut covariance = vec![0.0_f64; d * d];
    let mut count = 0;
    for (sums, rows) in partials {
        covariance
            .iter_mut()
            .zip(sums)
            .for_each(|(sum, x)| *sum += f64::from(x));
        count += rows;
    }
    if count == 0 {
        return (0..d)
            .flat_map(|j| (j..d).map(move |i| if i == j { 1.0 } else { 0.0 }))
            .collect();
    }
    let trace: f64 = (0..d).map(|i| covariance[i * d + i]).sum();
    for i in 0..d {
        for j in 0..d {
            let mut shrunk = (1.0 - SHRINK) * covariance[i * d + j];
            if i == j {
                shrunk += SHRINK * trace / d as f64 + 1e-9 * count as f64;
            }
            covariance[i * d + j] = shrunk / count as f64;
        }
    }
    inverse_triangle(&covariance, d)
}

/// Σ (x - mean)(x - mean)ᵀ over the rows of some runs: the lower triangle of a square matrix, and how many rows.
fn scatter(runs: &[&Vec<f32>], d: usize) -> (Vec<f32>, usize) {
    let mut sums = vec![0.0_f32; d * d];
    let mut count = 0;
    for rows in runs {
        let mean = mean(std::slice::from_ref(*rows), d);
        for row in rows.chunks_exact(d) {
            let apart: Vec<f32> = row.iter().zip(&mean).map(|(x, mean)| x - mean).collect();
            for (i, a) in apart.iter().enumerate() {
                let line = &mut sums[i * d..=i * d + i];
                line.iter_mut().zip(&apart).for_each(|(sum, b)| *sum += a * b);
            }
            count += 1;
        }
    }
    (sums, count)
}

/// L⁻¹ of the Cholesky decomposition of a positive definite matrix, of which the lower triangle is read: the columns of
/// its own lower triangle.
fn inverse_triangle(matrix: &[f64], d: usize) -> Vec<f32> {
    let mut l = vec![0.0_f64; d * d];
    for i in 0..d {
        for j in 0..=i {
            let (above, below) = l.split_at(i * d);
            let row_j = if j < i { &above[j * d..j * d + j] } else { &below[..j] };
            let sum: f64 = matrix[i * d + j] - below[..j].iter().zip(row_j).map(|(a, b)| a * b).sum::<f64>();
            l[i * d + j] = if i == j {
                sum.max(1e-12).sqrt()
            } else {
                sum / l[j * d + j]
            };
        }
    }
    let mut inverse = vec![0.0_f64; d * d];
    for j in 0..d {
        inverse[j * d + j] = 1.0 / l[j * d + j];
        for i in j + 1..d {
            let sum: f64 = (j..i).map(|k| l[i * d + k] * inverse[k * d + j]).sum();
            inverse[i * d + j] = -sum / l[i * d + i];
        }
    }
    (0..d)
        .flat_map(|j| (j..d).map(move |i| (i, j)))
        .map(|(i, j)| inverse[i * d + j] as f32)
        .collect()
}

/// The unit vector along W x, for the columns of the lower triangle of W.
fn whiten(triangle: &[f32], row: &[f32]) -> Vec<f32> {
    let mut out = pulp::Arch::new().dispatch(Whitening { triangle, row });
    make_unit(&mut out);
    out
}

/// W x, for the vectors that the processor has, as [`Nearest`].
struct Whitening<'a> {
    triangle: &'a [f32],
    row: &'a [f32],
}

impl pulp::WithSimd for Whitening<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<f32> {
        let mut out = vec![0.0; self.row.len()];
        let mut rest = self.triangle;
        // Column by column: all sums grow side by side, which processors do fast, and in the same order everywhere.
        for (j, x) in self.row.iter().enumerate() {
            let (column, next) = rest.split_at(self.row.len() - j);
            for (sum, w) in out[j..].iter_mut().zip(column) {
                *sum += w * x;
            }
            rest = next;
        }
        out
    }
}

/// The product of two vectors, in lanes whose sums are added at the end: the same on every machine, and fast on most.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (a, b) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.0.iter().zip(b.0) {
        for i in 0..16 {
            lanes[i] += a[i] * b[i];
        }
    }
    let rest: f32 = a.1.iter().zip(b.1).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f32>() + rest
}

fn make_unit(row: &mut [f32]) {
    let square = dot(row, row);
    if square > 0.0 {
        let inverse = 1.0 / square.sqrt();
        row.iter_mut().for_each(|x| *x *= inverse);
    }
}

/// How far the covariance is shrunk to the identity.
const SHRINK: f64 = 0.5;

/// For each entry that is wanted, so many sketches are looked at closely.
const SKETCHED: usize = 4;

/// From about how many rows the mean and the covariance are taken.
const SAMPLED_ROWS: usize = 20_000;

/// The longest vectors that an encoder may make.
pub(super) const MOST_DIMENSIONS: usize = 4_096;

const HEADER: usize = 12;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Some vector of a phrasing.
    fn encode(phrasing: u32, row: &mut [f32]) {
        (0..).zip(&mut *row).for_each(|(i, x): (u32, _)| {
            *x = ((phrasing / 3 * 7 + phrasing * (i + 1)) % 11) as f32 - 4.0;
        });
        make_unit(row);
    }

    #[test]
    fn each_phrasing_is_encoded_once_and_stands_in_its_place_whether_it_is_in_the_sample_or_not() {
        let phrasings = 3 * SAMPLED_ROWS as u32 + 1;
        let runs: Vec<Range<u32>> = (0..phrasings)
            .step_by(3)
            .map(|first| first..phrasings.min(first + 3))
            .collect();
        let times: Vec<AtomicU32> = (0..phrasings).map(|_| AtomicU32::new(0)).collect();
        let counted = |phrasing: u32, row: &mut [f32]| {
            times[phrasing as usize].fetch_add(1, Ordering::Relaxed);
            encode(phrasing, row);
        };
        let mut bytes = Vec::new();
        Meanings::write(&mut bytes, counted, 5, &runs).unwrap();
        assert!(times.iter().all(|times| times.load(Ordering::Relaxed) == 1));

        let meanings = Meanings::open(OwnedBytes::new(bytes)).unwrap();
        assert_eq!(
            (meanings.phrasings(), meanings.entries()),
            (phrasings as usize, runs.len())
        );
        for phrasing in 0..phrasings {
            let mut encoded = vec![0.0; 5];
            encode(phrasing, &mut encoded);
            let (placed, found) = (meanings.place(encoded), meanings.quantised(phrasing));
            assert_eq!(
                (placed.row, placed.scale),
                (found.row, found.scale),
                "of phrasing {phrasing}"
            );
        }
    }
}
