//! The tool `kb` as a person and a script meet it: the real binary, in a folder of its own.

// Helpers of tests unwrap, too, and clippy knows tests only.
#![allow(clippy::unwrap_used)]

mod commands;
mod imports;
mod kb;
mod terminal;
mod walk_through;
