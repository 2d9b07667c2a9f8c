use serde::{Deserialize, Serialize};

use crate::model::{Date, InvalidValue};
use crate::quote::quote;

/// What a slot may be filled with.
///
/// ```
/// use dafu::SlotKind;
///
/// assert!(SlotKind::Money.accepts("¥29.90"));
/// assert!(SlotKind::Date.accepts("11月5日"));
/// assert!(!SlotKind::Date.accepts("下周二"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SlotKind {
    /// Up to 2,000 characters in one line, not only white space.
    Text,
    /// Digits with an optional sign and decimal point.
    Number,
    /// An amount with at most two decimals, optionally after `¥` or `￥`, or before `元`.
    Money,
    /// `2026-11-05`, `2026年11月5日` or `11月5日`.
    Date,
    /// 5 to 20 digits, `+`, `-`, spaces and parentheses, with a digit among them.
    Phone,
    /// An order number: 4 to 64 ASCII letters, digits, `-` and `_`.
    Order,
}

impl SlotKind {
    /// Returns the name used in files, such as `money`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Phone => "phone",
            Self::Order => "order",
        }
    }

    /// Returns the Chinese name, which files may have as well, such as 金额.
    pub fn in_chinese(self) -> &'static str {
        match self {
            Self::Text => "文本",
            Self::Number => "数字",
            Self::Money => "金额",
            Self::Date => "日期",
            Self::Phone => "电话",
            Self::Order => "订单号",
        }
    }

    /// Says whether a slot of this kind may be filled with `value`.
    pub fn accepts(self, value: &str) -> bool {
        if value.len() > 4 * MAX_VALUE_CHARS || value.chars().count() > MAX_VALUE_CHARS {
            return false;
        }
        match self {
            Self::Text => !value.trim().is_empty() && !value.contains(char::is_control),
            Self::Number => is_decimal(value.strip_prefix(['+', '-']).unwrap_or(value), usize::MAX),
            Self::Money => is_money(value),
            Self::Date => is_date(value),
            Self::Phone => is_phone(value),
            Self::Order => {
                (4..=64).contains(&value.len())
                    && value
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            }
        }
    }

    /// Returns what fits, for messages.
    pub(crate) fn expectation(self) -> &'static str {
        match self {
            Self::Text => "a text of 1 to 2000 characters in one line",
            Self::Number => "a number such as 3 or -1.5",
            Self::Money => "an amount such as 29.90 or ¥29.90",
            Self::Date => "a date such as 2026-11-05 or 11月5日",
            Self::Phone => "a phone number such as 13800000000",
            Self::Order => "an order number of 4 to 64 letters, digits, `-` and `_`",
        }
    }
}

impl TryFrom<&str> for SlotKind {
    type Error = InvalidValue;

    /// Reads the name used in files, or its Chinese name: 文本, 数字, 金额, 日期, 电话, 订单号.
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let text = text.trim();
        match text.to_ascii_lowercase().as_str() {
            "text" | "文本" => Ok(Self::Text),
            "number" | "数字" => Ok(Self::Number),
            "money" | "金额" => Ok(Self::Money),
            "date" | "日期" => Ok(Self::Date),
            "phone" | "电话" => Ok(Self::Phone),
            "order" | "订单号" => Ok(Self::Order),
            _ => Err(InvalidValue::new(
                format!("{} is not a kind of slot", quote(text)),
                "write text, number, money, date, phone or order",
            )),
        }
    }
}

fn is_decimal(text: &str, max_decimals: usize) -> bool {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    is_digits(whole) && is_digits(decimals) && decimals.len() <= max_decimals
}

fn is_money(text: &str) -> bool {
    let amount = text
        .strip_prefix(['¥', '￥'])
        .or_else(|| text.strip_suffix('元'))
        .unwrap_or(text);
    is_decimal(amount, 2)
}

fn is_date(text: &str) -> bool {
    let Some(rest) = text.strip_suffix('日') else {
        // `Date` also reads `2026/11/5`, which does not belong into a reply.
        return text.len() == 10 && !text.contains('/') && Date::try_from(text).is_ok();
    };
    let Some((month, day)) = rest.split_once('月') else {
        return false;
    };
    // A leap year stands in for the missing one, so that 2月29日 is a day.
    let (year, month) = month.split_once('年').unwrap_or(("2024", month));
    year.len() == 4 && [month, day].iter().all(|part| part.len() <= 2) && {
        Date::try_from(format!("{year}-{month}-{day}")).is_ok()
    }
}

fn is_phone(text: &str) -> bool {
    (5..=20).contains(&text.len())
        && text.bytes().any(|b| b.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b' ' | b'(' | b')'))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The longest value that a reply takes in.
const MAX_VALUE_CHARS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_fits() {
        use SlotKind::*;

        let long = "很".repeat(MAX_VALUE_CHARS);
        for (kind, good, bad) in [
            (Text, vec!["王女士", "a", &long], vec!["", " ", "a\nb", "\u{7}"]),
            (
                Number,
                vec!["3", "-1.5", "+007"],
                vec!["", "-", ".5", "5.", "1e3", "三", "1.2.3", "--1"],
            ),
            (
                Money,
                vec!["29.90", "¥29.9", "￥3", "29元"],
                vec!["", "¥", "29.901", "-3", "¥3元", "$3", "1,299"],
            ),
            (
                Date,
                vec!["2026-11-05", "2026年11月5日", "11月5日", "2月29日", "11月05日"],
                vec![
                    "",
                    "2026-11-5",
                    "2026/11/05",
                    "2026-02-29",
                    "2026年2月29日",
                    "13月1日",
                    "11月日",
                    "月日",
                    "年月日",
                    "下周二",
                ],
            ),
            (
                Phone,
                vec!["13800000000", "+86 (010) 8888-666"],
                vec!["", "1234", "+++++", "138000000001380000000", "一二三四五"],
            ),
            (
                Order,
                vec!["QH20261101001", "a-_1"],
                vec!["", "abc", "单号1234", "ab cd"],
            ),
        ] {
            for value in good {
                assert!(kind.accepts(value), "{kind:?} {value:?}");
            }
            for value in bad {
                assert!(!kind.accepts(value), "{kind:?} {value:?}");
            }
        }
        assert!(!Text.accepts(&"很".repeat(MAX_VALUE_CHARS + 1)));
        assert!(!Number.accepts(&"1".repeat(MAX_VALUE_CHARS + 1)));
    }
}
