//! Rows as CSV, JSON Lines or a sheet of a workbook.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::{Format, Options};
use crate::formats::table;

/// Rows of one kind on their way into a file.
pub(super) enum Table<W: Write + Send> {
    /// With its columns.
    Cells(table::Table<W>, Vec<&'static str>),
    /// With the number of lines.
    Lines(W, u64),
}

impl<W: Write + Send> Table<W> {
    /// An empty table; a file with a header has it even if no row comes.
    pub(super) fn new(out: W, options: Options, columns: Vec<&'static str>) -> io::Result<Self> {
        let table = match options.format {
            Format::Csv => table::Table::csv(out, options.bom, &columns)?,
            Format::Jsonl => return Ok(Self::Lines(out, 0)),
            Format::Xlsx => table::Table::book(out, "links", options.now, columns.clone())?,
        };
        Ok(Self::Cells(table, columns))
    }

    /// Writes an object; members that are missing are blank cells.
    pub(super) fn row(&mut self, row: &Value) -> io::Result<()> {
        match self {
            Self::Cells(table, columns) => {
                let cells = columns.iter().map(|column| row.get(*column));
                table.row(cells.map(|cell| cell.map_or(Cow::Owned(Value::Null), Cow::Borrowed)))
            }
            Self::Lines(out, lines) => {
                *lines += 1;
                let mut line = serde_json::to_vec(row)?;
                line.push(b'\n');
                out.write_all(&line)
            }
        }
    }

    /// What it was written to, and how many rows there are.
    pub(super) fn finish(self) -> io::Result<(W, u64)> {
        match self {
            Self::Cells(table, _) => table.finish(),
            Self::Lines(out, lines) => Ok((out, lines)),
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
        let mut table = Table::new(Vec::new(), options(Format::Csv), vec!["id", "text"]).unwrap();
        table.row(&json!({"text": "=1", "unknown": 2})).unwrap();
        assert_eq!(
            table.finish().unwrap(),
            (b"id,text\r\n,'=1\r\n".to_vec(), 1)
        );
    }

    #[test]
    fn a_line_is_an_object() {
        let mut table = Table::new(Vec::new(), options(Format::Jsonl), vec!["id"]).unwrap();
        table.row(&json!({"id": "=1\n", "x": 2})).unwrap();
        let (bytes, rows) = table.finish().unwrap();
        assert_eq!(
            (bytes.as_slice(), rows),
            (b"{\"id\":\"=1\\n\",\"x\":2}\n".as_slice(), 1)
        );
    }
}
