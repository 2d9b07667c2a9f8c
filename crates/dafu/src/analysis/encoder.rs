use std::sync::Arc;

/// Makes vectors of texts, so that texts of like meaning have like vectors.
///
/// dafu's own is in the crate `dafu-vectors` (feature `vectors`, on by default); a caller with a larger model brings
/// it in [`BuildOptions::encoder`](crate::BuildOptions::encoder), and again when the index is opened.
///
/// ```
/// use std::sync::Arc;
/// use dafu::{AskOptions, BuildOptions, Content, Encoder, KnowledgeBase};
///
/// /// Knows but one thing of a text: whether it is about money.
/// struct Money;
///
/// impl Encoder for Money {
///     fn name(&self) -> &str {
///         "money"
///     }
///     fn dimensions(&self) -> usize {
///         2
///     }
///     fn fingerprint(&self) -> String {
///         "money 1".to_owned()
///     }
///     fn encode(&self, text: &str, vector: &mut [f32]) {
///         vector[usize::from(text.contains(['钱', '款']))] = 1.0;
///     }
/// }
///
/// let content = Content::from_jsonl(r#"{"id":"refund","question":"退款多久到账？"}"#.as_bytes())?;
/// let mut options = BuildOptions::default();
/// options.encoder = Some(Arc::new(Money));
/// let kb = KnowledgeBase::with_options(&content, &options)?;
/// assert_eq!(kb.statistics().encoder.as_deref(), Some("money"));
/// # Ok::<(), dafu::Error>(())
/// ```
pub trait Encoder: Send + Sync {
    /// Returns what people call it.
    fn name(&self) -> &str;

    /// Returns the length of its vectors: 1 to 4096.
    fn dimensions(&self) -> usize;

    /// Returns what changes whenever it makes another vector of some text: an index remembers it, and is not opened
    /// with another encoder.
    fn fingerprint(&self) -> String;

    /// Makes the vector of a text: fills `vector`, which has [`dimensions`](Self::dimensions) zeros, with a unit
    /// vector, or leaves it as it is for a text of which it knows nothing.
    ///
    /// The text is normalised: simplified characters, lower case, half width, numerals as digits.
    fn encode(&self, text: &str, vector: &mut [f32]);
}

/// The encoder that dafu brings; none without the feature `vectors`.
pub(crate) fn built_in_encoder() -> Option<Arc<dyn Encoder>> {
    #[cfg(feature = "vectors")]
    return Some(Arc::new(dafu_vectors::Table::shipped()));
    #[cfg(not(feature = "vectors"))]
    return None;
}

#[cfg(feature = "vectors")]
impl Encoder for dafu_vectors::Table {
    fn name(&self) -> &str {
        concat!("dafu-vectors ", env!("CARGO_PKG_VERSION"))
    }

    fn dimensions(&self) -> usize {
        self.dimensions()
    }

    fn fingerprint(&self) -> String {
        self.fingerprint()
    }

    fn encode(&self, text: &str, vector: &mut [f32]) {
        self.encode(text, vector);
    }
}
