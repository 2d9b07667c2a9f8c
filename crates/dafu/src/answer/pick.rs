use super::options::AskOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Index, Kind};
use crate::model::{Answer, AnswerBody, Audience, Conditions, Entry, StandardAnswer};

/// Picks the answer of an entry for a caller: of those whose conditions the caller meets, the one with most of them,
/// and of equal ones the first.
pub(super) fn pick<'e>(entry: &'e Entry, options: &AskOptions) -> Option<&'e Answer> {
    let mut best: Option<(usize, &Answer)> = None;
    for answer in &entry.answers {
        let Some(met) = met(&answer.when, options) else {
            continue;
        };
        if best.is_none_or(|(most, _)| met > most) {
            best = Some((met, answer));
        }
    }
    best.map(|(_, answer)| answer)
}

/// The text of an answer.
pub(super) fn text_of(index: &Index, answer: &Answer) -> Result<String> {
    let id = match &answer.body {
        AnswerBody::Text(text) => return Ok(text.as_str().to_owned()),
        AnswerBody::Standard(id) => id,
    };
    let missing = || {
        Error::new(
            ErrorKind::Corrupt,
            format!("standard answer `{id}` is not in the index"),
        )
    };
    let number = index.number(Kind::StandardAnswer, id.as_str())?.ok_or_else(missing)?;
    let standard: StandardAnswer = serde_json::from_slice(index.item(Kind::StandardAnswer, number))
        .map_err(|e| Error::from_source(ErrorKind::Corrupt, format!("standard answer `{id}`"), e))?;
    Ok(standard.text.as_str().to_owned())
}

/// Whether something for these audiences is for a customer or for an agent; an empty list is for everybody.
fn is_for(audiences: &[Audience], who: Audience) -> bool {
    audiences.is_empty() || audiences.contains(&who)
}

/// How many kinds of conditions the caller meets; none if one is not met.
fn met(when: &Conditions, options: &AskOptions) -> Option<usize> {
    let audience = options.audience.unwrap_or(Audience::Customer);
    let channel = when.channels.is_empty() || options.channel.as_ref().is_some_and(|c| when.channels.contains(c));
    let locale = when.locales.is_empty() || options.locale.as_ref().is_some_and(|l| when.locales.contains(l));
    let lists = [
        when.channels.is_empty(),
        when.audiences.is_empty(),
        when.locales.is_empty(),
    ];
    (channel && locale && is_for(&when.audiences, audience)).then(|| lists.iter().filter(|empty| !**empty).count())
}
