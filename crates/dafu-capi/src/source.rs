//! Where a knowledge base handle gets its answers from.

use std::ops::Deref;

use dafu::KnowledgeBase;

/// What stands behind a handle.
pub(crate) enum Source {
    /// One knowledge base for good.
    Fixed(KnowledgeBase),
}

/// The knowledge base that answers one call; it stays the same for the whole call.
pub(crate) enum Current<'a> {
    Fixed(&'a KnowledgeBase),
}

impl Source {
    /// The knowledge base to answer from. The one read on the way of a question, without a lock.
    pub(crate) fn current(&self) -> Current<'_> {
        match self {
            Self::Fixed(kb) => Current::Fixed(kb),
        }
    }
}

impl Current<'_> {
    /// The number of its generation; 0 for none.
    pub(crate) fn generation(&self) -> u64 {
        match self {
            Self::Fixed(_) => 0,
        }
    }
}

impl Deref for Current<'_> {
    type Target = KnowledgeBase;

    fn deref(&self) -> &KnowledgeBase {
        match self {
            Self::Fixed(kb) => kb,
        }
    }
}
