//! Spreadsheets of links: CSV in, checked rows out, nothing looked up in the registry.
//!
//! A [`Mapping`] says which column of the file holds which [`Target`]; a [`LinkReader`] opens the
//! file, whatever its delimiter and line ends, and gives one [`Row`] after another: a [`LinkRow`]
//! whose values are right, or every [`BadRow`] that says why not. It keeps one row in memory.
//!
//! Which partners of the registry the two ends are, and whether the link is there already, is asked
//! by whoever writes the rows.

mod cell;
mod layout;
mod lines;
mod mapping;
mod parse;
mod reader;
mod row;
mod target;

#[cfg(test)]
mod tests;

pub use mapping::Mapping;
pub use reader::{LinkReader, ReadError, Row};
pub use row::{BadRow, End, EndKey, LinkKey, LinkRow, NEAR_KM};
pub use target::{EndField, Side, Target};
