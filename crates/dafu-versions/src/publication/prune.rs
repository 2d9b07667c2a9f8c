use std::collections::HashSet;
use std::fs::{File, TryLockError};

use serde::Serialize;

use super::generation::{RECORD, read_record};
use super::{Publication, read_folder};
use crate::error::{Error, Result};

/// Which generations stay when others are removed. What a channel serves stays in any case, what is in use by a reader on
/// this machine, and what a generation that stays was built upon.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PruneRule {
    /// How many generations of each channel stay, those last served first, the present one included: 5 by default.
    /// With 1 nothing is left to roll back to.
    pub keep_last: usize,
    /// Generations that stay in any case, by name.
    pub keep: Vec<String>,
}

/// What pruning has done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Pruned {
    /// The generations that were removed, by name.
    pub removed: Vec<String>,
    /// Those that would have been removed, but are in use: by a channel or by a reader.
    pub in_use: Vec<String>,
}

impl Default for PruneRule {
    fn default() -> Self {
        Self {
            keep_last: 5,
            keep: Vec::new(),
        }
    }
}

impl Publication {
    /// Removes generations that the rule does not keep, and what interrupted publishes have left over.
    ///
    /// # Errors
    ///
    /// [`Busy`](crate::ErrorKind::Busy) when another process writes for too long,
    /// [`Corrupt`](crate::ErrorKind::Corrupt) when it cannot be told what a channel serves: then nothing is removed.
    pub fn prune(&self, rule: &PruneRule) -> Result<Pruned> {
        let _lock = self.lock()?;
        self.clean_up()?;
        let kept = self.kept(rule)?;
        // What the disk has as CURRENT must not be older than what was read, or it could name what is removed below.
        self.sync_folder(self.folder())?;
        let mut pruned = Pruned::default();
        for item in read_folder(&self.generations_folder())? {
            if kept.contains(&item.name) {
                continue;
            }
            match self.remove_unused(&item.name)? {
                true => pruned.removed.push(item.name),
                false => pruned.in_use.push(item.name),
            }
        }
        Ok(pruned)
    }

    fn kept(&self, rule: &PruneRule) -> Result<HashSet<String>> {
        let mut kept: HashSet<String> = rule.keep.iter().cloned().collect();
        for channel in self.channels()? {
            let mut last: Vec<String> = Vec::new();
            for served in self.switches(&channel)? {
                if !last.contains(&served.generation) {
                    last.push(served.generation);
                }
            }
            kept.extend(last.into_iter().take(rule.keep_last.max(1)));
        }
        // The next generation is built upon the basis of what serves.
        let records = kept.iter().map(|name| read_record(&self.generation_folder(name)));
        let bases: Vec<String> = records.flatten().map(|record| record.basis().to_owned()).collect();
        kept.extend(bases);
        Ok(kept)
    }

    /// Removes a generation unless a reader has it open.
    fn remove_unused(&self, name: &str) -> Result<bool> {
        let folder = self.generation_folder(name);
        let path = folder.join(RECORD);
        // Held until it is gone. One without the file was never whole, and nobody can have it open.
        let lock = File::open(&path).ok();
        match lock.as_ref().map(File::try_lock) {
            Some(Err(TryLockError::WouldBlock)) => return Ok(false),
            Some(Err(TryLockError::Error(e))) => return Err(Error::io(&path, "locking", e)),
            Some(Ok(())) | None => {}
        }
        // Out of sight first, so that no half of it ever stands among the generations.
        let gone = self.work_folder().join(name);
        self.rename(&folder, &gone)?;
        self.sync_folder(&self.generations_folder())?;
        self.remove(&gone)?;
        Ok(true)
    }
}
