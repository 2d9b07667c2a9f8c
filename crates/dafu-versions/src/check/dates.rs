use dafu::{Date, Timestamp};

use super::{Finding, FindingCode};
use crate::item::{Item, ItemKey};

/// Entries that are out of their validity or soon will be, and what somebody should have read again.
pub(super) fn check(items: &[(ItemKey, Item)], now: i64, expiring_days: u32) -> Vec<Finding> {
    let soon = now.saturating_add(i64::from(expiring_days) * DAY);
    let mut findings = Vec::new();
    for (key, item) in items {
        let review_by = match item {
            Item::Entry(entry) => {
                if entry.enabled {
                    let finding = |(code, message)| Finding::new(code, message).of(key).field("valid");
                    findings.extend(validity(&entry.valid, now, soon).map(finding));
                }
                entry.review_by
            }
            Item::StandardAnswer(answer) => answer.review_by,
            _ => None,
        };
        if let Some(day) = review_by.filter(|day| is_over(*day, now)) {
            let message = format!("it should have been read again by {day}");
            findings.push(
                Finding::new(FindingCode::ReviewOverdue, message)
                    .of(key)
                    .field("review_by"),
            );
        }
    }
    findings
}

fn validity(valid: &dafu::Validity, now: i64, soon: i64) -> Option<(FindingCode, String)> {
    let (from, until) = (valid.from(), valid.until());
    if let Some(until) = until.filter(|_| valid.is_over(now)) {
        Some((FindingCode::Expired, format!("it was valid until {until}")))
    } else if let Some(from) = from.filter(|_| valid.is_ahead(now)) {
        Some((FindingCode::NotYetValid, format!("it is valid from {from} on")))
    } else {
        let until = until.filter(|until| until.unix_seconds() <= soon)?;
        Some((FindingCode::Expiring, format!("it is valid until {until} only")))
    }
}

/// Says whether a day is over in China, where editors work.
fn is_over(day: Date, now: i64) -> bool {
    Timestamp::try_from(day.to_string().as_str()).is_ok_and(|start| start.unix_seconds() + DAY <= now)
}

const DAY: i64 = 86_400;
