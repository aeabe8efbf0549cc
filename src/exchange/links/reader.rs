//! From the bytes of a file to one row after another.

use std::io::{self, BufReader, Chain, Cursor, Read};

use csv::{ByteRecord, ReaderBuilder};

use super::{
    layout::Layout,
    lines::Lines,
    mapping::Mapping,
    parse,
    row::{BadRow, LinkRow},
    target::{Side, Target},
};
use crate::core::text::nfc;

/// How much of a file is looked at to find its delimiter.
const HEAD: u64 = 64 * 1024;
/// The longest row; a longer one has a quote that was never closed.
const LONGEST_ROW: usize = 1024 * 1024;

/// An input from its first byte on, although its head has been looked at.
type Rewound<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// A row of a file: a link, or all that is wrong with it.
pub type Row = Result<LinkRow, Vec<BadRow>>;

/// Why no more rows can be read from a file.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes could not be read.
    #[error("the file can't be read: {0}")]
    Io(#[from] io::Error),
    /// It is no CSV file in UTF-8.
    #[error("{0}")]
    Format(&'static str),
    /// Its columns don't fit the mapping; one line for each thing that is wrong.
    #[error("{0}")]
    Columns(String),
    /// What follows can't be told apart into rows.
    #[error("line {line}: a quote that opens in this row is never closed")]
    Quote {
        /// The line on which the row begins.
        line: u64,
    },
}

/// Reads the links of a CSV file, one row at a time.
///
/// The file is UTF-8 with or without BOM, its delimiter a comma, a semicolon or a tab, its lines end
/// with LF, CRLF or CR, and its first line names the columns. Rows without any text are skipped.
/// After an error there are no more rows.
#[derive(Debug)]
pub struct LinkReader<R: Read> {
    records: Records<R>,
    layout: Layout,
    ended: bool,
}

impl<R: Read> LinkReader<R> {
    /// Opens a file and finds the columns of the mapping in its header.
    pub fn open(mut input: R, mapping: Mapping) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        input.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            let reason = "the file is UTF-16: save it as CSV in UTF-8";
            return Err(ReadError::Format(reason));
        }
        let mut start = Cursor::new(head);
        if start.get_ref().starts_with(b"\xef\xbb\xbf") {
            start.set_position(3);
        }
        let delimiter = delimiter(start.get_ref());
        let csv = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            // Rows of another width are counted and reported with the others.
            .flexible(true)
            .from_reader(Lines::new(BufReader::new(start.chain(input))));
        let mut records = Records {
            csv,
            record: ByteRecord::new(),
        };
        if records.advance()?.is_none() {
            return Err(ReadError::Format("the file is empty: it has no header"));
        }
        let cells = records.record.iter();
        let headers: Result<_, _> = cells.map(|cell| str::from_utf8(cell).map(nfc)).collect();
        let headers = headers.map_err(|_not_utf8| {
            ReadError::Format("the header is not UTF-8: save the file as CSV in UTF-8")
        })?;
        Ok(Self {
            records,
            layout: Layout::resolve(headers, mapping).map_err(ReadError::Columns)?,
            ended: false,
        })
    }

    /// The columns that nothing is read from, so that a misspelt one can be noticed.
    pub fn ignored_columns(&self) -> impl Iterator<Item = &str> {
        self.layout.ignored()
    }

    /// The file's name of a target's column, or ours when the file doesn't have it.
    pub fn column(&self, target: Target) -> String {
        self.layout.column(target)
    }

    /// The file's name of the column that names an end, or identifies it.
    pub fn naming_column(&self, side: Side) -> String {
        self.layout.column(self.layout.naming(side))
    }

    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        while let Some(line) = self.records.advance()? {
            let record = &self.records.record;
            if record.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return Ok(Some(parse::row(line, record, &self.layout)));
            }
        }
        Ok(None)
    }
}

impl<R: Read> Iterator for LinkReader<R> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.next_row();
        self.ended = !matches!(row, Ok(Some(_)));
        row.transpose()
    }
}

/// The records of a file and the lines on which they begin.
#[derive(Debug)]
struct Records<R> {
    csv: csv::Reader<Lines<Rewound<R>>>,
    record: ByteRecord,
}

impl<R: Read> Records<R> {
    /// Reads the next record; the line on which it begins, or nothing at the end of the file.
    fn advance(&mut self) -> Result<Option<u64>, ReadError> {
        self.csv.get_mut().allow(LONGEST_ROW);
        let begin = self.csv.position().line();
        match self.csv.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(_) if self.csv.get_ref().is_spent() => {
                return Err(ReadError::Quote { line: begin });
            }
            Err(error) => return Err(ReadError::Io(error.into())),
        }
        // The crate gives the line on which it began to look, which may be a blank one before the
        // row. The line on which it stopped, less the line ends of the row, is right.
        let bytes = self.record.as_slice().iter();
        let breaks: u64 = bytes.map(|byte| u64::from(*byte == b'\n')).sum();
        let line = self.csv.position().line().saturating_sub(breaks);
        if self.csv.get_ref().has_ended() {
            // Every line ends with LF, so only within quotes does a row meet the end of the file.
            return Err(ReadError::Quote { line });
        }
        Ok(Some(line.saturating_sub(1)))
    }
}

/// The delimiter that the header has most of, outside quotes; a comma when it has none.
fn delimiter(text: &[u8]) -> u8 {
    let mut quoted = false;
    let (mut commas, mut semicolons, mut tabs) = (0, 0, 0);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    for byte in text.iter().skip_while(|byte| is_end(byte)) {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'\r' | b'\n' => break,
            b',' => commas += 1,
            b';' => semicolons += 1,
            b'\t' => tabs += 1,
            _ => {}
        }
    }
    if semicolons > commas && semicolons >= tabs {
        b';'
    } else if tabs > commas {
        b'\t'
    } else {
        b','
    }
}
