use crate::lookup::{Lookup, read_u32, runs};

/// A table of vectors, read in place.
///
/// The file, little-endian: `dafuvec1`; the numbers of units N, of dimensions D, of slots S and of text bytes B (`u32`);
/// the BLAKE3 hash of what follows (32 bytes); S slots (`u16`: the number of a unit + 1, or 0); where the text of each
/// unit ends (N `u32`); the texts (B bytes); N scales (`f32`); N rows of D `i8`. A scale times its row is a unit's vector.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    lookup: Lookup,
    scales: &'static [u8],
    rows: &'static [u8],
    dimensions: usize,
    hash: &'static [u8],
}

impl Table {
    /// Returns the table that the crate ships. Nothing is copied, and nothing read before it is needed.
    pub const fn shipped() -> Self {
        Self::parse(SHIPPED)
    }

    const fn parse(file: &'static [u8]) -> Self {
        assert!(file.len() > HEADER, "the table is whole");
        let units = read_u32(file, 8) as usize;
        let dimensions = read_u32(file, 12) as usize;
        let slots = read_u32(file, 16) as usize;
        let text = read_u32(file, 20) as usize;
        let (header, rest) = file.split_at(HEADER);
        let (slots, rest) = rest.split_at(2 * slots);
        let (ends, rest) = rest.split_at(4 * units);
        let (text, rest) = rest.split_at(text);
        let (scales, rows) = rest.split_at(4 * units);
        assert!(rows.len() == units * dimensions, "the table is whole");
        Self {
            lookup: Lookup { slots, ends, text },
            scales,
            rows,
            dimensions,
            hash: header.split_at(24).1,
        }
    }

    /// Returns the length of a vector: 256.
    pub const fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Returns how many units have a vector.
    pub const fn units(&self) -> usize {
        self.scales.len() / 4
    }

    /// Returns the BLAKE3 hash of the table: another one whenever some vector is another.
    pub fn fingerprint(&self) -> String {
        self.hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Adds the vectors of all units of a text to `vector`, makes a unit vector of the sum, and returns how many units
    /// there were. `vector` stays as it is when there were none.
    ///
    /// The text is to be in simplified characters and lower case. Units are all words and runs of up to six ideographs
    /// that the table has, wherever they occur, also inside each other; and whole Latin words. Of a text, the first 256
    /// characters count.
    ///
    /// # Panics
    ///
    /// If `vector` is not [`dimensions`](Self::dimensions) long.
    pub fn encode(&self, text: &str, vector: &mut [f32]) -> usize {
        assert_eq!(vector.len(), self.dimensions, "the length of a vector");
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
        let mut count = 0;
        runs(&text[..end], |run| {
            self.lookup.each(run, |unit| {
                count += 1;
                self.add(unit, vector);
            });
        });
        if count > 0 {
            make_unit(vector);
        }
        count
    }

    fn add(&self, unit: usize, vector: &mut [f32]) {
        let scale = f32::from_bits(read_u32(self.scales, 4 * unit));
        let row = &self.rows[unit * self.dimensions..(unit + 1) * self.dimensions];
        let sum = vector.iter_mut().zip(row);
        sum.for_each(|(sum, x)| *sum += scale * f32::from(*x as i8));
    }
}

fn make_unit(vector: &mut [f32]) {
    // In lanes whose sums are added at the end: the same on every machine, and fast on most.
    let mut lanes = [0.0_f32; 16];
    let chunks = vector.as_chunks::<16>();
    for chunk in chunks.0 {
        for i in 0..16 {
            lanes[i] += chunk[i] * chunk[i];
        }
    }
    let square = lanes.iter().sum::<f32>() + chunks.1.iter().map(|x| x * x).sum::<f32>();
    if square > 0.0 {
        let inverse = 1.0 / square.sqrt();
        vector.iter_mut().for_each(|x| *x *= inverse);
    }
}

static SHIPPED: &[u8] = include_bytes!("../data/table.bin");

const HEADER: usize = 56;

/// How many characters of a text count: longer ones tell no more what they mean.
const LONGEST: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vector(text: &str) -> Vec<f32> {
        let table = Table::shipped();
        let mut vector = vec![0.0; table.dimensions()];
        table.encode(text, &mut vector);
        vector
    }

    #[test]
    fn the_table_is_what_was_packed() {
        assert_eq!(&SHIPPED[..8], b"dafuvec1");
        let hash = blake3::hash(&SHIPPED[HEADER..]).to_hex();
        assert_eq!(Table::shipped().fingerprint(), hash.as_str());
    }

    #[test]
    fn what_means_the_same_is_near() {
        let cosine = |a: &str, b: &str| vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum::<f32>();
        assert!(cosine("快递到哪了", "查一下物流") > cosine("快递到哪了", "怎么开发票"));
        assert!(cosine("衣服大了想换小一码", "换尺码") > cosine("衣服大了想换小一码", "会员积分"));
    }

    #[test]
    fn a_text_without_known_units_has_no_vector() {
        for text in ["", "…？！", "zzzzqqqq", "123"] {
            assert!(vector(text).iter().all(|x| *x == 0.0), "{text}");
        }
    }

    proptest! {
        #[test]
        fn vectors_are_unit_vectors(text in "\\PC{0,40}") {
            let square: f32 = vector(&text).iter().map(|x| x * x).sum();
            prop_assert!(square == 0.0 || (square - 1.0).abs() < 1e-3);
        }
    }
}
