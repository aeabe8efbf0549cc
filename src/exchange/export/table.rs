//! Rows as CSV, JSON Lines or a sheet of a workbook.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::{Format, Options};
use crate::formats::table;

/// Rows of one kind on their way into a file.
pub(super) struct Table<W: Write + Send> {
    out: Out<W>,
    columns: Vec<&'static str>,
}

enum Out<W: Write + Send> {
    Table(table::Table<W>),
    /// With the number of lines.
    Lines(W, u64),
}

impl<W: Write + Send> Table<W> {
    /// An empty table; a file with a header has it even if no row comes.
    pub(super) fn new(
        out: W,
        options: Options,
        columns: impl IntoIterator<Item = &'static str>,
    ) -> io::Result<Self> {
        let columns: Vec<&'static str> = columns.into_iter().collect();
        let out = match options.format {
            Format::Csv => Out::Table(table::Table::csv(out, options.bom, &columns)?),
            Format::Jsonl => Out::Lines(out, 0),
            Format::Xlsx => {
                let header = columns.clone();
                Out::Table(table::Table::book(out, "links", options.now, header)?)
            }
        };
        Ok(Self { out, columns })
    }

    /// Writes an object; members that are missing are blank cells.
    pub(super) fn row(&mut self, row: &Value) -> io::Result<()> {
        match &mut self.out {
            Out::Table(table) => {
                let cells = self.columns.iter().map(|column| row.get(*column));
                table.row(cells.map(|cell| cell.map_or(Cow::Owned(Value::Null), Cow::Borrowed)))
            }
            Out::Lines(out, lines) => {
                *lines += 1;
                let mut line = serde_json::to_vec(row)?;
                line.push(b'\n');
                out.write_all(&line)
            }
        }
    }

    /// What it was written to, and how many rows there are.
    pub(super) fn finish(self) -> io::Result<(W, u64)> {
        match self.out {
            Out::Table(table) => table.finish(),
            Out::Lines(out, lines) => Ok((out, lines)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn options(format: Format) -> Options {
        Options {
            format,
            force: false,
            bom: false,
            now: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_row_has_the_members_that_are_columns() {
        let mut table = Table::new(Vec::new(), options(Format::Csv), ["id", "text"]).unwrap();
        table.row(&json!({"text": "=1", "unknown": 2})).unwrap();
        assert_eq!(
            table.finish().unwrap(),
            (b"id,text\r\n,'=1\r\n".to_vec(), 1)
        );
    }

    #[test]
    fn a_line_is_an_object() {
        let mut table = Table::new(Vec::new(), options(Format::Jsonl), ["id"]).unwrap();
        table.row(&json!({"id": "=1\n", "x": 2})).unwrap();
        let (bytes, rows) = table.finish().unwrap();
        assert_eq!(
            (bytes.as_slice(), rows),
            (b"{\"id\":\"=1\\n\",\"x\":2}\n".as_slice(), 1)
        );
    }
}
