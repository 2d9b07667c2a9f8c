//! The small files that say which generation a channel serves.

use std::fs;
use std::io;
use std::path::Path;

use dafu::ErrorKind;
use serde::{Deserialize, Serialize};

use super::generation::is_name;
use crate::error::{Error, Result};
use crate::sealed::{seal, unseal};

/// What a channel serves, or has served: a generation, from one switch to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Served {
    /// The number of the switch in its channel, from 1: it grows with every publish and every roll back.
    pub number: u64,
    /// The name of the generation.
    pub generation: String,
    /// The version of the content, as its publisher numbers them; 0 for none.
    pub version: u64,
    /// When it was switched to, in seconds since 1970-01-01T00:00:00Z, by the clock of the publisher.
    pub time: i64,
    /// The number of the switch that a roll back takes up again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
}

/// The content of such a file: the last switches of a channel, the newest last. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Current {
    format: u32,
    switches: Vec<Served>,
}

impl Current {
    /// Reads the file of a channel; `None` if it has not served anything yet.
    pub fn read(publication: &Path, channel: &str) -> Result<Option<Self>> {
        let path = publication.join(file_name(channel)?);
        match fs::read(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(Error::io(&path, "reading", e)),
            Ok(bytes) => Self::parse(&bytes)
                .map(Some)
                .map_err(|e| e.context(format!("`{}`", path.display()))),
        }
    }

    /// Reads the bytes of a file.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let current: Self = unseal(bytes, FORMAT).map_err(|error| match error.kind() {
            ErrorKind::Corrupt => Error::new(ErrorKind::Corrupt, format!("it is damaged; {REMEDY}")),
            _ => error,
        })?;
        let names = current.switches.iter().all(|served| is_name(&served.generation));
        let order = current.switches.windows(2).all(|two| two[0].number < two[1].number);
        if current.switches.is_empty() || !names || !order {
            return Err(Error::new(ErrorKind::Corrupt, format!("it makes no sense; {REMEDY}")));
        }
        Ok(current)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        seal(self)
    }

    /// Returns what is served now.
    pub fn serving(&self) -> &Served {
        self.switches.last().expect("there is at least one switch")
    }

    /// Returns the last switches, the newest last.
    pub fn switches(&self) -> &[Served] {
        &self.switches
    }

    /// Returns the file after a switch to a generation.
    pub fn switched(before: Option<&Self>, generation: &str, version: u64, time: i64) -> Self {
        let last = before.map(Self::serving);
        let served = Served {
            number: last.map_or(0, |last| last.number) + 1,
            generation: generation.to_owned(),
            version,
            time,
            before: last.map(|last| last.number),
        };
        Self::with(before, served)
    }

    /// Returns the file after a roll back to an earlier switch, whose generation and version are taken up again.
    pub fn rolled_back(&self, to: &Served, time: i64) -> Self {
        let served = Served {
            number: self.serving().number + 1,
            time,
            ..to.clone()
        };
        Self::with(Some(self), served)
    }

    /// Returns the switch with a number, if the file still has it.
    pub fn find(&self, number: u64) -> Option<&Served> {
        self.switches.iter().find(|served| served.number == number)
    }

    fn with(before: Option<&Self>, served: Served) -> Self {
        let mut switches = before.map_or_else(Vec::new, |before| before.switches.clone());
        switches.push(served);
        let too_many = switches.len().saturating_sub(KEPT);
        switches.drain(..too_many);
        Self {
            format: FORMAT,
            switches,
        }
    }
}

/// Returns the name of the file of a channel.
pub(crate) fn file_name(channel: &str) -> Result<String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if channel.is_empty() || channel.len() > 32 || !channel.chars().all(fits) {
        let shown: String = channel.chars().take(40).collect();
        let message = format!("`{shown}` cannot name a channel of publication; use 1 to 32 of a-z, 0-9, `-` and `_`");
        return Err(Error::new(ErrorKind::InvalidInput, message));
    }
    Ok(match channel {
        LIVE => CURRENT.to_owned(),
        channel => format!("{CURRENT}.{channel}"),
    })
}

/// Returns the channel whose file has this name.
pub(crate) fn channel_of(file: &str) -> Option<&str> {
    let channel = match file.strip_prefix(CURRENT)? {
        "" => LIVE,
        rest => rest.strip_prefix('.').filter(|channel| *channel != LIVE)?,
    };
    file_name(channel).is_ok().then_some(channel)
}

/// The channel that chat systems follow unless they are told otherwise.
pub(crate) const LIVE: &str = "live";

const CURRENT: &str = "CURRENT";

const FORMAT: u32 = 1;

/// How many switches a file remembers: it is read again at every reload, so it stays small.
const KEPT: usize = 64;

const REMEDY: &str = "publish again, or restore it from a copy";

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    #[test]
    fn rolling_back_twice_walks_back() {
        let first = Current::switched(None, A, 1, 100);
        let second = Current::switched(Some(&first), B, 2, 200);
        let third = Current::switched(Some(&second), A, 3, 300);
        let back = third.rolled_back(third.find(third.serving().before.unwrap()).unwrap(), 400);
        assert_eq!((back.serving().number, back.serving().version), (4, 2));
        let back = back.rolled_back(back.find(back.serving().before.unwrap()).unwrap(), 500);
        assert_eq!(
            (back.serving().number, back.serving().version, back.serving().before),
            (5, 1, None)
        );
        assert_eq!(Current::parse(&back.to_bytes()).unwrap(), back);
    }

    #[test]
    fn remembers_a_bounded_number_of_switches() {
        let mut current = Current::switched(None, A, 1, 0);
        for version in 2..200 {
            current = Current::switched(Some(&current), B, version, 0);
        }
        assert_eq!((current.switches().len(), current.serving().number), (KEPT, 199));
    }

    #[test]
    fn channels_have_plain_names() {
        assert_eq!(file_name("live").unwrap(), "CURRENT");
        assert_eq!(file_name("test").unwrap(), "CURRENT.test");
        for channel in ["", "../x", "Test", "测试", "a b", &"x".repeat(33)] {
            assert_eq!(file_name(channel).unwrap_err().kind(), ErrorKind::InvalidInput);
        }
        for (file, channel) in [
            ("CURRENT", Some("live")),
            ("CURRENT.test", Some("test")),
            ("CURRENT.live", None),
            ("CURRENTx", None),
        ] {
            assert_eq!(channel_of(file), channel);
        }
    }

    #[test]
    fn names_that_climb_are_refused() {
        let mut current = Current::switched(None, A, 1, 100);
        current.switches[0].generation = "../../etc".to_owned();
        assert_eq!(
            Current::parse(&current.to_bytes()).unwrap_err().kind(),
            ErrorKind::Corrupt
        );
    }
}
