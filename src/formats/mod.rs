//! Records in other formats than JSON: what of them stands in a table, on a map and in a graph, and how an
//! answer is made of it.
//!
//! A kind of record says in [`Represent`] what it is in each; nothing here knows a partner. The formats
//! themselves, with their names and media types, are listed in [`crate::http::format`]. Whoever asks, an
//! answer holds what nobody in particular may see, and no names of persons.

pub mod answer;
mod arc;
mod asked;
mod column;
pub mod formula;
mod geo;
mod graph;
mod spool;
pub mod table;
mod writer;

use diesel::QueryResult;
use serde::Serialize;

use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::db::DbConn;

pub use answer::{item, list};
pub use asked::Asked;
pub use column::{Column, Of};
pub use geo::Shape;
pub use graph::{Graph, Node, Object, linked_data};
pub use writer::Writer;

/// What a record is in other formats than JSON.
pub trait Represent: Serialize {
    /// The columns of its tables, in their order; none for what is not had as one.
    const COLUMNS: &'static [Column] = &[];

    /// Its id.
    fn public_id(&self) -> &PublicId;

    /// What it is called, in this language where it can be.
    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        None
    }

    /// Where these records are, each in its place.
    fn shapes(_: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>>
    where
        Self: Sized,
    {
        Ok(views.iter().map(|_| Shape::default()).collect())
    }

    /// Says what it is about, and where that is from.
    fn describe(&self, _: &mut Graph) {}
}
