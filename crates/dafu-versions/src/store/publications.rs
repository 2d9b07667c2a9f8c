//! What the store knows of publications: which version was published as which generation, and what was interrupted.

use std::path::Path;

use serde_json::json;

use super::Store;
use super::audit::record;
use super::drafts::check_text;
use crate::error::Result;
use crate::publication::{Served, now};

/// A switch of a channel that has been written down, and is about to happen.
pub(crate) struct Begun {
    pub number: i64,
}

/// What is about to happen to a channel.
pub(crate) struct Intent<'i> {
    pub folder: &'i Path,
    pub channel: &'i str,
    pub generation: &'i str,
    pub version: u64,
    pub who: &'i str,
    /// `publish` or `roll back`.
    pub what: &'i str,
    pub override_reason: Option<&'i str>,
}

impl Store {
    /// Writes down that a channel is about to be switched.
    pub(crate) fn begin_switch(&self, intent: &Intent<'_>) -> Result<Begun> {
        let Intent {
            folder,
            channel,
            generation,
            version,
            who,
            what,
            override_reason,
        } = intent;
        let (folder, who) = (folder_text(folder), check_text("name of the editor", who)?);
        self.write(|rows| {
            let sql = "INSERT INTO publications (folder, channel, generation, version, who, time, state)
                       VALUES (?, ?, ?, ?, ?, ?, 'begun')";
            let version_number = i64::try_from(*version).unwrap_or(i64::MAX);
            rows.execute(sql, (&folder, channel, generation, version_number, who, now()))?;
            let begun = Begun {
                number: rows.last_number(),
            };
            let details = json!({"folder": folder, "channel": channel, "generation": generation, "version": version,
                                 "override": override_reason});
            record(rows, who, &format!("begin {what}"), &details)?;
            Ok(begun)
        })
    }

    /// Writes down that it has happened.
    pub(crate) fn finish_switch(&self, begun: &Begun, intent: &Intent<'_>, served: &Served) -> Result<()> {
        self.write(|rows| {
            let sql = "UPDATE publications SET state = 'done', switch = ? WHERE number = ?";
            rows.execute(sql, (i64::try_from(served.number).unwrap_or(i64::MAX), begun.number))?;
            let details = json!({"channel": intent.channel, "generation": served.generation, "version": served.version,
                                 "switch": served.number});
            record(rows, intent.who, intent.what, &details)
        })
    }

    /// Settles what was interrupted in a publication, by what its channels say.
    pub(crate) fn settle_switches(&self, folder: &Path, switches: impl Fn(&str) -> Result<Vec<Served>>) -> Result<()> {
        let folder = folder_text(folder);
        let sql =
            "SELECT number, channel, generation, version, who FROM publications WHERE folder = ? AND state = 'begun'";
        let begun: Vec<(i64, String, String, u64, String)> = self.read(|rows| {
            rows.all(sql, [&folder], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })
        })?;
        for (number, channel, generation, version, who) in begun {
            // A switch that the store knows as another's cannot be this one.
            let sql = "SELECT 1 FROM publications WHERE folder = ? AND channel = ? AND switch = ?";
            let mut happened = None;
            for served in switches(&channel)? {
                let fits = (served.generation.as_str(), served.version) == (generation.as_str(), version);
                let switch = i64::try_from(served.number).unwrap_or(i64::MAX);
                if fits && !self.read(|rows| rows.exists(sql, (&folder, &channel, switch)))? {
                    happened = Some(switch);
                    break;
                }
            }
            let state = match happened {
                Some(_) => "done",
                None => "abandoned",
            };
            self.write(|rows| {
                let sql = "UPDATE publications SET state = ?, switch = ? WHERE number = ? AND state = 'begun'";
                rows.execute(sql, (state, happened, number))?;
                let details =
                    json!({"channel": channel, "generation": generation, "version": version, "outcome": state});
                record(rows, &who, "settle interrupted switch", &details)
            })?;
        }
        Ok(())
    }

    /// Returns the generations in a publication that labelled versions were published as.
    pub(crate) fn labelled_generations(&self, folder: &Path) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT generation FROM publications JOIN labels USING (version) WHERE folder = ?";
        self.read(|rows| rows.all(sql, [folder_text(folder)], |row| row.get(0)))
    }
}

/// The same folder has one text, by whatever way it was named.
fn folder_text(folder: &Path) -> String {
    let absolute = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    absolute.to_string_lossy().into_owned()
}
