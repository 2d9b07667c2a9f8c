//! Where a knowledge base handle gets its answers from.

use std::ops::Deref;
use std::sync::Arc;

use dafu::KnowledgeBase;
use dafu_versions::{Generation, Live};

/// What stands behind a handle.
pub(crate) enum Source {
    /// One knowledge base for good.
    Fixed(Arc<KnowledgeBase>),
    /// What a channel serves.
    Live(Live),
    /// A generation that a channel has served, for good.
    Pinned(Arc<Generation>),
}

/// What answers one call; it stays the same for the whole call.
pub(crate) enum Current<'a> {
    Fixed(&'a KnowledgeBase),
    Served(Arc<Generation>),
}

impl Source {
    /// What answers this call. The one read on the way of a question, without a lock.
    pub(crate) fn current(&self) -> Current<'_> {
        match self {
            Self::Fixed(kb) => Current::Fixed(kb),
            Self::Live(live) => Current::Served(live.current()),
            Self::Pinned(generation) => Current::Served(Arc::clone(generation)),
        }
    }

    /// What answers now, for good.
    pub(crate) fn pinned(&self) -> Self {
        match self {
            Self::Fixed(kb) => Self::Fixed(Arc::clone(kb)),
            Self::Live(live) => Self::Pinned(live.current()),
            Self::Pinned(generation) => Self::Pinned(Arc::clone(generation)),
        }
    }
}

impl Current<'_> {
    /// The number of its generation; 0 for none.
    pub(crate) fn generation(&self) -> u64 {
        match self {
            Self::Fixed(_) => 0,
            Self::Served(generation) => generation.number(),
        }
    }
}

impl Deref for Current<'_> {
    type Target = KnowledgeBase;

    fn deref(&self) -> &KnowledgeBase {
        match self {
            Self::Fixed(kb) => kb,
            Self::Served(generation) => generation.knowledge_base(),
        }
    }
}
