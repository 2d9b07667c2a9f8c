use std::borrow::Cow;

/// Says why a value of the content model cannot be made, and what to do about it.
///
/// ```
/// use dafu::Category;
///
/// let error = Category::try_from("售后//退货").unwrap_err();
/// assert_eq!(error.reason(), "the category `售后//退货` has an empty level");
/// assert_eq!(error.remedy(), "write it as `售后/退货`, with a name before and after each slash");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}; {remedy}")]
pub struct InvalidValue {
    reason: Cow<'static, str>,
    remedy: Cow<'static, str>,
}

impl InvalidValue {
    pub(crate) fn new(reason: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    /// Returns what is wrong: a part of a sentence in English.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns what to do about it: a part of a sentence in English.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }
}
