//! Records on their way into an answer, in whichever format.

use std::io::Write;

use chrono::{DateTime, Utc};

use super::Represent;
use super::asked::Asked;
use super::column::Column;
use super::geo::Map;
use super::graph::{Graph, JsonLd, Turtle};
use super::spool::failed;
use super::table::Table;
use crate::core::language::LanguageTag;
use crate::db::DbConn;
use crate::http::format::Format;
use crate::http::problem::Problem;
use crate::http::respond::{Fields, to_value};

/// Records on their way.
pub struct Writer<W: Write + Send> {
    out: Out<W>,
    columns: Vec<&'static Column>,
    fields: Fields,
    lang: Option<LanguageTag>,
}

enum Out<W: Write + Send> {
    Table(Table<W>),
    Lines(W),
    Map(Map<W>),
    JsonLd(Graph, JsonLd<W>),
    Turtle(Graph, Box<Turtle<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Nothing so far of records that are shown as `V`; `base` is where the registry is reached.
    pub(super) fn new<V: Represent>(
        out: W,
        format: Format,
        asked: &Asked,
        fields: Fields,
        (base, now): (&str, DateTime<Utc>),
    ) -> Result<Self, Problem> {
        let columns = V::COLUMNS.iter();
        let columns: Vec<&Column> = columns
            .filter(|column| fields.has(column.member()))
            .collect();
        let header = || columns.iter().map(|column| column.name).collect::<Vec<_>>();
        let graph = Graph::new(base);
        let out = match format {
            Format::Csv => Table::csv(out, asked.bom, &header()).map(Out::Table),
            Format::Xlsx => Table::book(out, asked.collection, now, header()).map(Out::Table),
            Format::GeoJson => Map::new(out).map(Out::Map),
            Format::JsonLd => JsonLd::new(out).map(|out| Out::JsonLd(graph, out)),
            Format::Turtle => Turtle::new(out).map(|out| Out::Turtle(graph, Box::new(out))),
            Format::Ndjson | Format::Json | Format::Atom | Format::Calendar => Ok(Out::Lines(out)),
        };
        Ok(Self {
            out: out.map_err(|error| failed(&error))?,
            columns,
            fields,
            lang: asked.lang.clone(),
        })
    }

    /// Adds records.
    pub fn add<V: Represent>(&mut self, conn: &mut DbConn, views: &[V]) -> Result<(), Problem> {
        let shapes = match &self.out {
            Out::Map(_) => V::shapes(conn, views)?,
            _ => Vec::new(),
        };
        let mut shapes = shapes.into_iter();
        let (columns, lang) = (self.columns.iter(), self.lang.as_ref());
        for view in views {
            let added = match &mut self.out {
                Out::Table(table) => {
                    let record = to_value(view)?;
                    table.row(columns.clone().map(|column| column.cell(&record, lang)))
                }
                Out::Lines(out) => {
                    let record = self.fields.of(to_value(view)?);
                    let written = serde_json::to_writer(&mut *out, &record);
                    written
                        .map_err(Into::into)
                        .and_then(|()| out.write_all(b"\n"))
                }
                // With what stands in its columns.
                Out::Map(map) => {
                    let record = to_value(view)?;
                    let cells = columns.clone().map(|column| {
                        let cell = column.cell(&record, lang).into_owned();
                        (column.name.to_owned(), cell)
                    });
                    let properties = cells.filter(|(_, cell)| !cell.is_null()).collect();
                    let (id, name) = (view.public_id().as_str(), view.name(lang));
                    let shape = shapes.next().unwrap_or_default();
                    map.add(id, name.as_deref(), &shape, properties)
                }
                Out::JsonLd(graph, out) => out.add(&graph.of(view)),
                Out::Turtle(graph, out) => out.add(&graph.of(view)),
            };
            added.map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// The end; what it was written to.
    pub(super) fn finish(self) -> Result<W, Problem> {
        match self.out {
            Out::Table(table) => table.finish().map(|(out, _)| out),
            Out::Lines(out) => Ok(out),
            Out::Map(map) => map.finish(),
            Out::JsonLd(mut graph, mut out) => {
                let explained = out.add(&graph.explained());
                explained.and_then(|()| out.finish())
            }
            Out::Turtle(mut graph, mut out) => {
                let explained = out.add(&graph.explained());
                explained.and_then(|()| out.finish())
            }
        }
        .map_err(|error| failed(&error))
    }
}
