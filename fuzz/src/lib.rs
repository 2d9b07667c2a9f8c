//! What must hold for all inputs, as plain functions: the fuzz targets call them, and a test calls them with every input
//! that once went wrong.

mod analyse_and_ask;
mod bundle;
mod c_calls;
mod import;
mod manifest;
mod operations;
mod templates;

pub use analyse_and_ask::analyse_and_ask;
pub use bundle::bundle;
pub use c_calls::c_calls;
pub use import::import;
pub use manifest::manifest;
pub use operations::operations;
pub use templates::templates;
