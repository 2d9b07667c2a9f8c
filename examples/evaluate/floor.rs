//! Floors: figures that must not be lower.

use std::str::FromStr;

use serde_json::Value;

/// A figure, by its name in the JSON object (`kept.drop`: one inside another), and the least that it may be.
#[derive(Debug, PartialEq)]
pub struct Floor {
    figure: String,
    least: f64,
}

impl FromStr for Floor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let floor = text.split_once('=').and_then(|(figure, least)| {
            Some(Self {
                figure: figure.to_owned(),
                least: least.parse().ok().filter(|least: &f64| least.is_finite())?,
            })
        });
        floor.ok_or_else(|| format!("`{text}` is no floor; write it as `told_right=0.9`"))
    }
}

/// Checks all floors.
///
/// # Errors
///
/// When figures are lower than their floors, or there are no such figures: the message names all of them.
pub fn check(floors: &[Floor], figures: &Value) -> Result<(), String> {
    let missed: Vec<String> = floors.iter().filter_map(|floor| missed(floor, figures)).collect();
    if missed.is_empty() {
        Ok(())
    } else {
        Err(missed.join("; "))
    }
}

fn missed(Floor { figure, least }: &Floor, figures: &Value) -> Option<String> {
    let value = figure.split('.').try_fold(figures, |value, name| value.get(name));
    match value.and_then(Value::as_f64) {
        None => Some(format!(
            "there is no figure `{figure}` to compare with its floor {least}"
        )),
        Some(value) if value < *least => {
            let by = least - value;
            Some(format!(
                "{figure} is {value:.4}, which is {by:.4} under its floor {least}"
            ))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_which_figure_missed_by_how_much() {
        let floors = [
            "top1=0.5",
            "entries=3",
            "auroc=0.9",
            "mrr10=0.25",
            "kept.drop=0.9",
            "kept.swap=0.9",
        ]
        .map(|floor| floor.parse().unwrap());
        let figures =
            serde_json::json!({"top1": 0.4712, "entries": 3, "auroc": null, "mrr10": 0.25, "kept": {"drop": 0.85}});
        assert_eq!(
            check(&floors, &figures).unwrap_err(),
            "top1 is 0.4712, which is 0.0288 under its floor 0.5; there is no figure `auroc` to compare with its floor 0.9; \
             kept.drop is 0.8500, which is 0.0500 under its floor 0.9; there is no figure `kept.swap` to compare with its floor 0.9"
        );
        assert_eq!(check(&floors[1..2], &figures), Ok(()));
    }

    #[test]
    fn a_floor_is_a_name_and_a_number() {
        for text in ["top1", "top1=", "top1=much", "top1=NaN"] {
            assert!(text.parse::<Floor>().is_err(), "{text}");
        }
    }
}
