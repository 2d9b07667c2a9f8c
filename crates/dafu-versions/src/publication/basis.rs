use dafu::{BuildOptions, Content};

use super::generation::{Identity, OpenGeneration, read_record};
use super::{LIVE, Publication};
use crate::error::Result;

/// Which contents are built upon a generation that is there, their basis, so that but the changes cost time.
///
/// The basis is what the channel `live` serves, or what that was built upon itself: a generation that was built alone.
/// What it has learned stays as it is for all entries whose phrasings have not changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BasisRule {
    /// A content of fewer phrasings is built alone: 10,000 by default. That takes a few seconds at most.
    pub least_phrasings: usize,
    /// When more than one entry in so many is new, gone or has other phrasings than in the basis, the content is built
    /// alone, and is the next basis: 20 by default. With 0 every content is built alone.
    pub most_changed: usize,
}

impl Default for BasisRule {
    fn default() -> Self {
        Self {
            least_phrasings: 10_000,
            most_changed: 20,
        }
    }
}

impl Publication {
    /// Returns what a content is built of now, and how.
    pub(super) fn plan(&self, content: &Content) -> Result<(Identity, BuildOptions)> {
        let identity = Identity::of(content);
        let mut options = BuildOptions::default();
        if self.generation_folder(&identity.name()).exists() {
            return Ok((identity, options));
        }
        let Some(basis) = self.basis_for(content, &identity)? else {
            return Ok((identity, options));
        };
        let identity = identity.upon(&basis.record.name);
        options.basis = Some(basis.knowledge_base);
        Ok((identity, options))
    }

    /// Returns the basis of a content, if it is to have one. What cannot be read is none: the content is built alone then.
    fn basis_for(&self, content: &Content, identity: &Identity) -> Result<Option<OpenGeneration>> {
        let phrasings: usize = content.entries().iter().map(|entry| 1 + entry.similar.len()).sum();
        if phrasings < self.bases.least_phrasings || self.bases.most_changed == 0 {
            return Ok(None);
        }
        let Ok(Some(serving)) = self.serving(LIVE) else {
            return Ok(None);
        };
        let Ok(record) = read_record(&self.generation_folder(&serving.generation)) else {
            return Ok(None);
        };
        // All of it is compared with its checksums: a flipped bit must not find its way into another generation.
        let Ok(basis) = OpenGeneration::open(&self.generation_folder(record.basis())) else {
            return Ok(None);
        };
        if !identity.is_like(&basis.record) {
            return Ok(None);
        }
        let changed = basis.knowledge_base.entries_to_learn(content)?;
        let few = changed.is_some_and(|changed| changed * self.bases.most_changed <= content.entries().len());
        Ok(few.then_some(basis))
    }
}
