use serde::{Deserialize, Serialize};

/// For whom an entry or answer is meant.
///
/// ```
/// use dafu::Audience;
///
/// assert_eq!(Audience::try_from("agent")?, Audience::Agent);
/// assert_eq!(Audience::try_from("顾客")?, Audience::Customer);
/// # Ok::<(), dafu::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Audience {
    /// People who ask for themselves.
    Customer,
    /// The shop's own staff, who may see more.
    Agent,
}

impl Audience {
    /// Returns the name used in files: `customer` or `agent`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
        }
    }
}

impl TryFrom<&str> for Audience {
    type Error = super::InvalidValue;

    /// Reads `customer`, `顾客`, `agent` or `客服`.
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let text = text.trim();
        match text.to_ascii_lowercase().as_str() {
            "customer" | "顾客" => Ok(Self::Customer),
            "agent" | "客服" => Ok(Self::Agent),
            _ => Err(super::InvalidValue::new(
                format!("{} is not an audience", crate::quote::quote(text)),
                "write `customer` (顾客) or `agent` (客服)",
            )),
        }
    }
}

impl std::fmt::Display for Audience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
