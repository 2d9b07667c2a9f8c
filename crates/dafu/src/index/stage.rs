/// What a build does next, told to [`BuildOptions::progress`](crate::BuildOptions::progress).
///
/// A build indexes, learns and writes. One that fits weights to its content goes before it through the first two with
/// what is left when some phrasings are held out: `Indexing`, `Learning`, `Fitting`, `Indexing`, `Learning`, `Writing`.
/// One [upon a basis](crate::BuildOptions::basis) does not fit, one in memory does not write, and where there is nothing
/// new to learn none learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BuildStage {
    /// All texts are analysed, indexed and given their meanings.
    Indexing,
    /// Entries learn from their phrasings: this takes longest.
    Learning,
    /// The phrasings that were held out are asked, and the weights are fitted to what comes out.
    Fitting,
    /// The last file is written, all are hashed, and the folder is put in its place.
    Writing,
}

/// Who is told of each stage, as it begins.
pub(super) type Progress = dyn Fn(BuildStage) + Send + Sync;
