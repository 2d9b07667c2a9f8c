//! Writing content so that [`import`](crate::import) gives back the same.

mod csv_tables;
mod json_lines;
