//! Records in other formats than JSON: what of them stands in a table, on a map and in a graph, and how an
//! answer is made of it.
//!
//! A kind of record says in [`Represent`] what it is in each; nothing here knows a partner. The formats
//! themselves, with their names and media types, are listed in [`crate::http::format`]. Whoever asks, an
//! answer holds what nobody in particular may see, and no names of persons.

pub mod answer;
mod asked;
mod column;
pub mod formula;
mod spool;
pub mod table;
mod writer;

use serde::Serialize;

use crate::core::ids::PublicId;

pub use answer::{item, list};
pub use asked::Asked;
pub use column::Column;
pub use writer::Writer;

/// What a record is in other formats than JSON.
pub trait Represent: Serialize {
    /// The columns of its tables, in their order; none for what is not had as one.
    const COLUMNS: &'static [Column] = &[];

    /// Its id.
    fn public_id(&self) -> &PublicId;
}
