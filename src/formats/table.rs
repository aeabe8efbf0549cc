//! Rows as CSV, or as a sheet of a workbook.

use std::borrow::Cow;
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::formula;

/// Rows that a sheet of a workbook holds, the header among them.
const MOST_ROWS: u32 = 1_048_576;

/// UTF-16 units of text that a cell of a workbook holds.
const LONGEST_TEXT: usize = 32_767;

/// What stands at the end of a text that is longer.
const CUT: &str = " […: a cell holds no more]";

/// A table on its way; a table with no rows has its header.
pub struct Table<W: Write + Send> {
    out: Out<W>,
    rows: u64,
}

enum Out<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Book(Box<Book<W>>),
}

/// A workbook on its way; its rows are on the disk until it is put together.
struct Book<W> {
    out: W,
    book: Workbook,
    name: &'static str,
    header: Vec<&'static str>,
    /// Which sheet is written to, and the row that comes next.
    at: (usize, u32),
    /// Rows of a sheet.
    most: u32,
}

impl<W: Write + Send> Table<W> {
    /// Comma-separated values (RFC 4180); with `bom`, a mark in front by which spreadsheets know UTF-8.
    pub fn csv(mut out: W, bom: bool, header: &[&'static str]) -> io::Result<Self> {
        if bom {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        csv.write_record(header)?;
        Ok(Self {
            out: Out::Csv(Box::new(csv)),
            rows: 0,
        })
    }

    /// A workbook whose sheet has this name; `now` is when it was made.
    pub fn book(
        out: W,
        name: &'static str,
        now: DateTime<Utc>,
        header: Vec<&'static str>,
    ) -> io::Result<Self> {
        let mut book = Workbook::new();
        let made = ExcelDateTime::from_timestamp(now.timestamp()).map_err(io::Error::other)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let mut book = Book {
            out,
            book,
            name,
            header,
            at: (0, 0),
            most: MOST_ROWS,
        };
        book.add_sheet(0).map_err(io::Error::other)?;
        Ok(Self {
            out: Out::Book(Box::new(book)),
            rows: 0,
        })
    }

    /// Writes a row; null is a blank cell.
    pub fn row<'v>(&mut self, cells: impl Iterator<Item = Cow<'v, Value>>) -> io::Result<()> {
        self.rows += 1;
        match &mut self.out {
            Out::Csv(csv) => {
                for value in cells {
                    csv.write_field(cell(&value).as_bytes())?;
                }
                csv.write_record(None::<&[u8]>)?;
                Ok(())
            }
            Out::Book(book) => book.row(cells).map_err(io::Error::other),
        }
    }

    /// What it was written to, and how many rows there are.
    pub fn finish(self) -> io::Result<(W, u64)> {
        let out = match self.out {
            Out::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Out::Book(book) => {
                let Book {
                    mut out, mut book, ..
                } = *book;
                book.save_to_writer(&mut out).map_err(io::Error::other)?;
                out
            }
        };
        Ok((out, self.rows))
    }
}

/// A value as it stands in a cell of CSV.
pub fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => formula::defused(text),
        value => Cow::Owned(value.to_string()),
    }
}

impl<W> Book<W> {
    /// Begins a sheet with the header, which stays in scope.
    fn add_sheet(&mut self, number: usize) -> Result<(), XlsxError> {
        let name = match number {
            0 => self.name.to_owned(),
            more => format!("{} ({})", self.name, more + 1),
        };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        let mut sheet = sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&self.header) {
            sheet = sheet.write_string(0, column, *name)?;
        }
        self.at = (number, 1);
        Ok(())
    }

    fn row<'v>(&mut self, cells: impl Iterator<Item = Cow<'v, Value>>) -> Result<(), XlsxError> {
        if self.at.1 >= self.most {
            self.add_sheet(self.at.0 + 1)?;
        }
        let (sheet, row) = self.at;
        let sheet = self.book.worksheet_from_index(sheet)?;
        for (column, value) in (0..).zip(cells) {
            write(sheet, (row, column), &value)?;
        }
        self.at.1 += 1;
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, at: (u32, u16), value: &Value) -> Result<(), XlsxError> {
    let (row, column) = at;
    match value {
        Value::Null => return Ok(()),
        // Text is text in a workbook, whatever it begins with.
        Value::String(text) => sheet.write_string(row, column, fitting(text))?,
        Value::Bool(value) => sheet.write_boolean(row, column, *value)?,
        Value::Number(number) => match number.as_f64() {
            Some(number) => sheet.write_number(row, column, number)?,
            None => sheet.write_string(row, column, number.to_string())?,
        },
        value => sheet.write_string(row, column, fitting(&value.to_string()))?,
    };
    Ok(())
}

/// As much of a text as a cell holds, and a word that there is more.
fn fitting(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return Cow::Borrowed(text);
    }
    let mut left = LONGEST_TEXT - CUT.chars().count();
    let kept = text.chars().take_while(|c| {
        let fits = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    Cow::Owned(kept.chain(CUT.chars()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn csv(rows: &[Value]) -> String {
        let header = ["id", "text", "more"];
        let mut table = Table::csv(Vec::new(), false, &header).unwrap();
        for row in rows {
            let cells = header.iter().map(|name| row.get(name));
            let cells = cells.map(|cell| cell.map_or(Cow::Owned(Value::Null), Cow::Borrowed));
            table.row(cells).unwrap();
        }
        String::from_utf8(table.finish().unwrap().0).unwrap()
    }

    #[test]
    fn a_mark_stands_before_the_header_when_it_is_asked_for() {
        let table = Table::csv(Vec::new(), true, &["id"]).unwrap();
        assert_eq!(table.finish().unwrap().0, b"\xef\xbb\xbfid\r\n");
    }

    #[test]
    fn a_table_has_its_header_with_rows_and_without() {
        assert_eq!(csv(&[]), "id,text,more\r\n");
        assert_eq!(
            csv(&[json!({"text": "a, \"b\"\nc", "id": 1, "unknown": 2})]),
            "id,text,more\r\n1,\"a, \"\"b\"\"\nc\",\r\n"
        );
        assert_eq!(csv(&[json!({}), json!({})]).lines().count(), 3);
    }

    #[test]
    fn nested_values_are_json_in_their_cell() {
        assert_eq!(
            csv(&[json!({"id": true, "text": [1, {"a": "b"}], "more": null})]),
            "id,text,more\r\ntrue,\"[1,{\"\"a\"\":\"\"b\"\"}]\",\r\n"
        );
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_defused() {
        assert_eq!(cell(&json!("=1+1")), "'=1+1");
        assert_eq!(cell(&json!("'s-Hertogenbosch")), "'s-Hertogenbosch");
        assert_eq!(cell(&json!(-12.5)), "-12.5");
    }

    #[test]
    fn a_text_that_is_too_long_for_a_cell_says_so() {
        let long = "ł🌍".repeat(20_000);
        let cut = fitting(&long);
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() <= LONGEST_TEXT);
        assert_eq!(fitting("ł"), "ł");
    }

    #[test]
    fn what_a_sheet_does_not_hold_stands_on_another_one() {
        let now = "2026-11-28T00:00:00Z".parse().unwrap();
        let mut table = Table::book(Vec::new(), "list", now, vec!["id"]).unwrap();
        if let Out::Book(book) = &mut table.out {
            book.most = 3;
        }
        for number in 0..5 {
            table.row([Cow::Owned(json!(number))].into_iter()).unwrap();
        }
        let (bytes, rows) = table.finish().unwrap();
        assert_eq!(rows, 5);
        let mut book: calamine::Xlsx<_> = calamine::Reader::new(io::Cursor::new(bytes)).unwrap();
        let sheets = calamine::Reader::worksheets(&mut book);
        let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["list", "list (2)", "list (3)"]);
        let heights: Vec<usize> = sheets.iter().map(|(_, range)| range.height()).collect();
        assert_eq!(heights, [3, 3, 2]);
    }
}
