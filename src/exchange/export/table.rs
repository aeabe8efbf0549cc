//! Rows as CSV or JSON Lines.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

use super::Format;

/// Rows of one kind on their way into a file.
#[derive(Debug)]
pub(super) struct Table<W: Write> {
    out: Out<W>,
    columns: &'static [&'static str],
    rows: u64,
}

#[derive(Debug)]
enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Lines(W),
}

impl<W: Write> Table<W> {
    /// An empty table; a file of CSV has its header even if no row comes.
    pub(super) fn new(out: W, format: Format, columns: &'static [&'static str]) -> Self {
        let out = match format {
            Format::Csv => Out::Csv(Box::new(csv::Writer::from_writer(out))),
            Format::Jsonl => Out::Lines(out),
        };
        Self {
            out,
            columns,
            rows: 0,
        }
    }

    /// Writes an object; members that are missing are blank cells.
    pub(super) fn row(&mut self, row: &Value) -> io::Result<()> {
        self.begin()?;
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
        }
        Ok(())
    }

    /// What it was written to, and how many rows there are.
    pub(super) fn finish(mut self) -> io::Result<(W, u64)> {
        self.begin()?;
        let out = match self.out {
            Out::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Out::Lines(out) => out,
        };
        Ok((out, self.rows))
    }

    fn begin(&mut self) -> io::Result<()> {
        match &mut self.out {
            Out::Csv(csv) if self.rows == 0 => Ok(csv.write_record(self.columns)?),
            Out::Csv(_) | Out::Lines(_) => Ok(()),
        }
    }
}

/// A value as it stands in a cell.
fn cell(value: Option<&Value>) -> Cow<'_, str> {
    match value {
        None | Some(Value::Null) => Cow::Borrowed(""),
        Some(Value::String(text)) if is_formula(text) => Cow::Owned(format!("'{text}")),
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(value) => Cow::Owned(value.to_string()),
    }
}

/// Whether a spreadsheet would compute the text instead of showing it.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text)
}

/// Whether it is a plain number, such as `-12.5`.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn csv(rows: &[Value]) -> String {
        let mut table = Table::new(Vec::new(), Format::Csv, &["id", "text", "more"]);
        for row in rows {
            table.row(row).unwrap();
        }
        String::from_utf8(table.finish().unwrap().0).unwrap()
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
        let mut table = Table::new(Vec::new(), Format::Jsonl, &["id"]);
        table.row(&json!({"id": "=1\n", "x": 2})).unwrap();
        let (bytes, rows) = table.finish().unwrap();
        assert_eq!(
            (bytes.as_slice(), rows),
            (b"{\"id\":\"=1\\n\",\"x\":2}\n".as_slice(), 1)
        );
    }

    #[test]
    fn what_a_spreadsheet_would_compute_is_defused() {
        for text in [
            "=1+1",
            "+48 85 869 60 00",
            "+5",
            "-",
            "-a",
            "--1",
            "-1-1",
            "-.5",
            "-1.",
            "-1.2.3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
        ] {
            assert_eq!(cell(Some(&json!(text))), format!("'{text}"));
        }
        for text in [
            "", "-12.5", "-3", "12", "a=1", "Łódź", "1992-06", "'=1", "[..2024]",
        ] {
            assert_eq!(cell(Some(&json!(text))), text);
        }
        assert_eq!(cell(Some(&json!(-12.5))), "-12.5");
    }
}
