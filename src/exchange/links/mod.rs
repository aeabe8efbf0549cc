//! Spreadsheets of links: CSV, XLSX or ODS in, checked rows out, nothing looked up in the registry.
//!
//! A [`Mapping`] says which column of the file holds which [`Target`]; a [`LinkReader`] looks at what
//! the file is, opens it, whatever its encoding, separator and line ends, and gives one [`Row`] after
//! another: a [`LinkRow`] whose values are right, or every [`BadRow`] that says why not. Of text it
//! keeps one row in memory, of a workbook one sheet.
//!
//! Which partners of the registry the two ends are, and whether the link is there already, is asked
//! by whoever writes the rows.

mod beside;
mod columns;
mod date;
mod decode;
mod error;
mod header;
mod kinds;
mod lists;
mod mapping;
mod missing;
mod ods_dates;
mod parse;
mod parse_cell;
mod reader;
mod reading;
mod row;
mod ruby;
mod separator;
mod sheet;
mod sniff;
mod unpack;
mod wiki;

#[cfg(test)]
mod tests;

pub use columns::{EndField, Side, Target};
pub use error::ReadError;
pub use mapping::Mapping;
pub use reader::{LinkReader, Row};
pub use reading::Reading;
pub use row::{BadRow, CountrySign, End, KindSaid, LinkRow, are_far, covers, key_with_part};
