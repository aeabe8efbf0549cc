//! Records on their way into an answer, in whichever format.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Represent;
use super::asked::Asked;
use super::column::Column;
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
    fields: Fields,
    lang: Option<LanguageTag>,
}

enum Out<W: Write + Send> {
    Table(Table<W>, Vec<&'static Column>),
    Lines(W),
}

impl<W: Write + Send> Writer<W> {
    /// Nothing so far of records that are shown as `V`.
    pub(super) fn new<V: Represent>(
        out: W,
        format: Format,
        asked: &Asked,
        fields: Fields,
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let columns = V::COLUMNS.iter();
        let columns: Vec<&Column> = columns
            .filter(|column| fields.has(column.member()))
            .collect();
        let header = columns.iter().map(|column| column.name).collect::<Vec<_>>();
        let out = match format {
            Format::Csv => {
                Table::csv(out, asked.bom, &header).map(|table| Out::Table(table, columns))
            }
            Format::Xlsx => Table::book(out, asked.collection, now, header)
                .map(|table| Out::Table(table, columns)),
            _ => Ok(Out::Lines(out)),
        };
        Ok(Self {
            out: out.map_err(|error| failed(&error))?,
            fields,
            lang: asked.lang.clone(),
        })
    }

    /// Adds records.
    pub fn add<V: Represent>(&mut self, _: &mut DbConn, views: &[V]) -> Result<(), Problem> {
        for view in views {
            let record = to_value(view)?;
            self.record(record).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    fn record(&mut self, record: Value) -> io::Result<()> {
        let lang = self.lang.as_ref();
        match &mut self.out {
            Out::Table(table, columns) => {
                table.row(columns.iter().map(|column| column.cell(&record, lang)))
            }
            Out::Lines(out) => {
                serde_json::to_writer(&mut *out, &self.fields.of(record))?;
                out.write_all(b"\n")
            }
        }
    }

    /// The end; what it was written to.
    pub(super) fn finish(self) -> Result<W, Problem> {
        match self.out {
            Out::Table(table, _) => table.finish().map(|(out, _)| out),
            Out::Lines(out) => Ok(out),
        }
        .map_err(|error| failed(&error))
    }
}
