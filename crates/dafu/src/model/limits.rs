/// How much content one knowledge base may hold.
///
/// The limits stand far above what editors write by hand. They are there so that a damaged or hostile file ends in a
/// clear error instead of using up the machine's memory.
///
/// ```
/// use dafu::Limits;
///
/// assert_eq!(Limits::ENTRIES, 1_000_000);
/// assert_eq!(Limits::SIMILAR_PER_ENTRY, 1_000);
/// ```
#[derive(Debug)]
pub enum Limits {}

impl Limits {
    /// Characters of a question: a longer one is not answered.
    pub const QUESTION_CHARS: usize = 1_000;
    /// Entries, and likewise standard answers, and templates.
    pub const ENTRIES: usize = 1_000_000;
    /// Questions and similar questions of all entries together.
    pub const PHRASINGS: usize = 2_000_000;
    /// Similar questions of one entry, and likewise excluded ones.
    pub const SIMILAR_PER_ENTRY: usize = 1_000;
    /// Answers of one entry, and likewise wordings and slots of one template.
    pub const ANSWERS_PER_ENTRY: usize = 100;
    /// Items of any other list: tags, channels, related entries, follow-up questions, metadata.
    pub const LIST: usize = 1_000;
    /// Slots written in one wording, so that a short template cannot grow into a huge reply.
    pub const SLOTS_PER_WORDING: usize = 100;
    /// Synonym groups, and likewise dictionary words, stop words and handover phrases.
    pub const SETTINGS: usize = 1_000_000;
    /// Bytes of one imported file.
    pub const FILE_BYTES: u64 = 1 << 30;
    /// Bytes of a workbook (.xlsx); unpacked it may have [`FILE_BYTES`](Self::FILE_BYTES).
    pub const WORKBOOK_BYTES: u64 = 256 << 20;
    /// Characters of one cell of a workbook, counted in UTF-16 units as spreadsheet programs do.
    pub const CELL_UNITS: usize = 32_767;
    /// Columns of a CSV table, and of a sheet of a workbook.
    pub const CSV_COLUMNS: usize = 2_000;
}
