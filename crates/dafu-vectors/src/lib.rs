//! Meaning vectors for short Chinese texts: a table of 38,000 words, characters and frequent runs of characters, 256
//! numbers each, in eight bits.
//!
//! A text's vector is the unit vector along the sum of the rows of all units that occur in it: a microsecond's work, in
//! the caller's process, without a model to download. The table was distilled from the sentence encoder
//! multilingual-e5-small; `README.md` is its model card.
//!
//! ```
//! let table = dafu_vectors::Table::shipped();
//! let vector = |text: &str| {
//!     let mut vector = vec![0.0; table.dimensions()];
//!     table.encode(text, &mut vector);
//!     vector
//! };
//! let cosine = |a: &str, b: &str| vector(a).iter().zip(vector(b)).map(|(a, b)| a * b).sum::<f32>();
//! assert!(cosine("钱什么时候退回来", "退款多久到账") > cosine("钱什么时候退回来", "怎么修改收货地址"));
//! ```

mod lookup;
mod table;

pub use table::Table;
