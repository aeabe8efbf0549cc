//! Rows as CSV, JSON Lines or a sheet of a workbook.

use std::borrow::Cow;
use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use serde_json::Value;

use super::{Format, Options};
use crate::exchange::formula;

/// Rows of one kind on their way into a file.
pub(super) struct Table<W: Write> {
    out: Out<W>,
    columns: &'static [&'static str],
    rows: u64,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Lines(W),
    Sheet(Box<Sheet<W>>),
}

/// A workbook on its way; its rows are on the disk until it is put together.
struct Sheet<W> {
    out: W,
    book: Workbook,
}

impl<W: Write> Table<W> {
    /// An empty table; a file with a header has it even if no row comes.
    pub(super) fn new(
        mut out: W,
        options: Options,
        columns: &'static [&'static str],
    ) -> io::Result<Self> {
        let out = match options.format {
            Format::Csv => {
                if options.bom {
                    out.write_all("\u{feff}".as_bytes())?;
                }
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(columns)?;
                Out::Csv(Box::new(csv))
            }
            Format::Jsonl => Out::Lines(out),
            Format::Xlsx => {
                let mut book = Workbook::new();
                let made = ExcelDateTime::from_timestamp(options.now.timestamp());
                let made = made.map_err(io::Error::other)?;
                book.set_properties(&DocProperties::new().set_creation_datetime(&made));
                let sheet = book.add_worksheet_with_constant_memory();
                let sheet = sheet.and_then(|sheet| sheet.set_name("links"));
                let mut sheet = sheet.map_err(io::Error::other)?;
                for (column, name) in (0..).zip(columns) {
                    sheet = sheet
                        .write_string(0, column, *name)
                        .map_err(io::Error::other)?;
                }
                Out::Sheet(Box::new(Sheet { out, book }))
            }
        };
        Ok(Self {
            out,
            columns,
            rows: 0,
        })
    }

    /// Writes an object; members that are missing are blank cells.
    pub(super) fn row(&mut self, row: &Value) -> io::Result<()> {
        self.rows += 1;
        match &mut self.out {
            Out::Csv(csv) => {
                for column in self.columns {
                    csv.write_field(cell(row.get(column)).as_bytes())?;
                }
                csv.write_record(None::<&[u8]>)?;
            }
            Out::Lines(out) => {
                let mut line = serde_json::to_vec(row)?;
                line.push(b'\n');
                out.write_all(&line)?;
            }
            Out::Sheet(sheet) => {
                let at = u32::try_from(self.rows).map_err(io::Error::other)?;
                let sheet = sheet
                    .book
                    .worksheet_from_index(0)
                    .map_err(io::Error::other)?;
                for (column, name) in (0..).zip(self.columns) {
                    let written = match row.get(name) {
                        None | Some(Value::Null) => continue,
                        // Text is text in a workbook, whatever it begins with.
                        Some(Value::String(text)) => sheet.write_string(at, column, text),
                        Some(Value::Number(number)) => match number.as_f64() {
                            Some(number) => sheet.write_number(at, column, number),
                            None => sheet.write_string(at, column, number.to_string()),
                        },
                        Some(value) => sheet.write_string(at, column, value.to_string()),
                    };
                    written.map_err(io::Error::other)?;
                }
            }
        }
        Ok(())
    }

    /// What it was written to, and how many rows there are.
    pub(super) fn finish(self) -> io::Result<(W, u64)> {
        let out = match self.out {
            Out::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Out::Lines(out) => out,
            Out::Sheet(sheet) => {
                let Sheet { mut out, mut book } = *sheet;
                let bytes = book.save_to_buffer().map_err(io::Error::other)?;
                out.write_all(&bytes)?;
                out
            }
        };
        Ok((out, self.rows))
    }
}

/// A value as it stands in a cell.
fn cell(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) => formula::defused(text),
        Some(value) => Cow::Owned(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn options(format: Format, bom: bool) -> Options {
        Options {
            format,
            force: false,
            bom,
            now: chrono::DateTime::UNIX_EPOCH,
        }
    }

    fn csv(rows: &[Value]) -> String {
        let options = options(Format::Csv, false);
        let mut table = Table::new(Vec::new(), options, &["id", "text", "more"]).unwrap();
        for row in rows {
            table.row(row).unwrap();
        }
        String::from_utf8(table.finish().unwrap().0).unwrap()
    }

    #[test]
    fn a_mark_stands_before_the_header_when_it_is_asked_for() {
        let table = Table::new(Vec::new(), options(Format::Csv, true), &["id"]).unwrap();
        assert_eq!(table.finish().unwrap().0, b"\xef\xbb\xbfid\n");
    }

    #[test]
    fn a_table_has_its_header_with_rows_and_without() {
        assert_eq!(csv(&[]), "id,text,more\n");
        assert_eq!(
            csv(&[json!({"text": "a, \"b\"\nc", "id": 1, "unknown": 2})]),
            "id,text,more\n1,\"a, \"\"b\"\"\nc\",\n"
        );
        assert_eq!(csv(&[json!({}), json!({})]).lines().count(), 3);
    }

    #[test]
    fn nested_values_are_json_in_their_cell() {
        assert_eq!(
            csv(&[json!({"id": true, "text": [1, {"a": "b"}], "more": null})]),
            "id,text,more\ntrue,\"[1,{\"\"a\"\":\"\"b\"\"}]\",\n"
        );
    }

    #[test]
    fn a_line_is_an_object() {
        let mut table = Table::new(Vec::new(), options(Format::Jsonl, false), &["id"]).unwrap();
        table.row(&json!({"id": "=1\n", "x": 2})).unwrap();
        let (bytes, rows) = table.finish().unwrap();
        assert_eq!(
            (bytes.as_slice(), rows),
            (b"{\"id\":\"=1\\n\",\"x\":2}\n".as_slice(), 1)
        );
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_defused() {
        assert_eq!(cell(Some(&json!("=1+1"))), "'=1+1");
        assert_eq!(cell(Some(&json!("'s-Hertogenbosch"))), "'s-Hertogenbosch");
        assert_eq!(cell(Some(&json!(-12.5))), "-12.5");
    }
}
