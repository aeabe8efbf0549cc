//! From the bytes of a file to one row after another.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{Chain, Cursor, Read},
    num::NonZero,
    panic::resume_unwind,
    thread,
};

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8};

use super::{
    columns::{EndField, Target},
    decode::{Decoded, SEPARATOR},
    error::ReadError,
    header::{Header, Layout, Search},
    mapping::Mapping,
    parse,
    reading::Reading,
    row::{BadRow, LinkRow},
    separator::{first_line, guess},
    sheet::{self, Packed, SheetRows},
    sniff::{self, Sort},
    unpack::LARGEST_FILE,
    wiki,
};
use crate::core::text::nfc;

/// How much of a file is looked at to find what it is and how it is separated.
const HEAD: u64 = 64 * 1024;
/// The longest row; what is longer and goes over many lines has a quote that was never closed.
const LONGEST_ROW: usize = 1024 * 1024;
/// How many cells a quoted one with bars may be cut into.
const MOST_JOINED: usize = 64;
/// How many records are read together.
const TOGETHER: usize = 4096;
/// Bytes of records after which no more are read together: few are as long as a row may be, but all could be.
const BYTES_TOGETHER: usize = 16 * 1024 * 1024;
/// As many records as are worth a thread of their own.
const WORTH_A_THREAD: usize = 256;
/// An input from its first byte on, although its head has been looked at.
type Rewound<R> = Chain<Cursor<Vec<u8>>, R>;

/// A row of a file: a link, or all that is wrong with it.
pub type Row = Result<LinkRow, Vec<BadRow>>;

/// Reads the links of a file, one row at a time.
///
/// The file is text with separated cells, or a workbook (XLSX, ODS). Text is UTF-8 or UTF-16 unless
/// its encoding is given; its separator is what its first line `sep=;` says or what its header has
/// most of; its lines end with LF, CRLF or CR. The first of the first rows that has all columns which
/// the mapping names is the header; a title may stand above it. Rows without any text are skipped.
/// After an error there are no more rows.
#[derive(Debug)]
pub struct LinkReader<R: Read> {
    rows: Rows<R>,
    header: Header,
    ready: VecDeque<Row>,
    /// What ended the file before its end.
    fault: Option<ReadError>,
    without_partner: u64,
    /// Whether all records have been read that can be.
    ended: bool,
}

/// Where rows come from.
#[derive(Debug)]
enum Rows<R> {
    Text(Box<Records<R>>),
    Sheet(SheetRows),
}

impl<R: Read> LinkReader<R> {
    /// Opens a file and finds the columns of the mapping in its header.
    pub fn open(input: R, mapping: Mapping) -> Result<Self, ReadError> {
        Self::open_as(input, mapping, &Reading::default())
    }

    /// [`open`](Self::open) for a file of which more is known.
    pub fn open_as(mut input: R, mapping: Mapping, reading: &Reading) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        input.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(ReadError::format("the file is empty"));
        }
        match sniff::look(&head) {
            Sort::Zip => Self::open_workbook(head, input, mapping, reading),
            Sort::Text(seen, mark) => {
                let start = Cursor::new(head);
                Self::open_text(start, input, mapping, reading, seen, mark)
            }
            // Whoever names an encoding knows better.
            Sort::Escaped(..) if reading.encoding.is_some() => {
                Self::open_text(Cursor::new(head), input, mapping, reading, None, 0)
            }
            Sort::Escaped(what, label) => {
                let read = label.map_or_else(String::new, |label| {
                    format!("read it with --encoding {label}, or ")
                });
                Err(ReadError::Format(format!(
                    "the file is not UTF-8; it seems to be {what}: {read}save it as UTF-8"
                )))
            }
            Sort::Other(what) => Err(ReadError::Format(what)),
        }
    }

    fn open_workbook(
        mut bytes: Vec<u8>,
        input: R,
        mapping: Mapping,
        reading: &Reading,
    ) -> Result<Self, ReadError> {
        if reading.encoding.is_some() || reading.separator.is_some() {
            let what = "the file is a workbook: an encoding or a separator is for text files";
            return Err(ReadError::format(what));
        }
        input.take(LARGEST_FILE).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST_FILE {
            return Err(ReadError::format(
                "the workbook is larger than 32 MiB: save the sheet of the links as CSV",
            ));
        }
        let search = Search::new(mapping, false);
        let (header, rows) = sheet::rows(bytes, reading.sheet.as_deref(), search)?;
        Ok(Self::new(Rows::Sheet(rows), header))
    }

    fn open_text(
        mut start: Cursor<Vec<u8>>,
        input: R,
        mapping: Mapping,
        reading: &Reading,
        seen: Option<&'static Encoding>,
        mark: usize,
    ) -> Result<Self, ReadError> {
        if reading.sheet.is_some() {
            let what = "the file is text: a sheet can be chosen in a workbook only";
            return Err(ReadError::format(what));
        }
        let text = start.get_ref().get(mark..).unwrap_or_default();
        let encoding = seen.or(reading.encoding).unwrap_or(UTF_8);
        // Two bytes of another encoding may be a letter of UTF-8, too, and some letters one after another are not.
        let least = if encoding.is_single_byte() { 1 } else { 5 };
        if seen.is_none() && encoding != UTF_8 && is_utf_8_beyond_ascii(text, least) {
            return Err(ReadError::format(format!(
                "the file is UTF-8 and not {}: leave the encoding out",
                encoding.name()
            )));
        }
        let (shown, _) = encoding.decode_without_bom_handling(text);
        let (announced, header) = first_line(&shown);
        let separator = reading
            .separator
            .or(announced)
            .unwrap_or_else(|| guess(header, &mapping));
        let bars = separator == '|';
        // Between bars a quotation mark is a sign like others, but where cells go over lines.
        let quoting = !bars || has_cells_over_lines(header);
        start.set_position(u64::try_from(mark).unwrap_or_default());
        let ascii = u8::try_from(separator).ok().filter(u8::is_ascii);
        let swapped = ascii.is_none().then_some(separator);
        let text = Decoded::new(start.chain(input), encoding, swapped);
        let csv = ReaderBuilder::new()
            .delimiter(ascii.unwrap_or(SEPARATOR))
            .quoting(quoting)
            .has_headers(false)
            // Rows of another width are counted and reported with the others.
            .flexible(true)
            .from_reader(text);
        let mut records = Records {
            csv,
            record: ByteRecord::new(),
            headers: Vec::new(),
            bars,
            quoting,
            wiki: mapping.is_wiki,
        };
        if announced.is_some() {
            records.advance()?;
        }
        let header = records.header(Search::new(mapping, true))?;
        Ok(Self::new(Rows::Text(Box::new(records)), header))
    }

    fn new(rows: Rows<R>, header: Header) -> Self {
        Self {
            rows,
            header,
            ready: VecDeque::new(),
            fault: None,
            without_partner: 0,
            ended: false,
        }
    }

    /// The columns that nothing is read from, so that a misspelt one can be noticed.
    pub fn ignored_columns(&self) -> impl Iterator<Item = &str> {
        Layout::ignored(&self.header.layouts)
    }

    /// How many rows with text stand above the header, such as a title, and are not read.
    pub fn rows_above_header(&self) -> u64 {
        self.header.above
    }

    /// How many rows named no partner in any of several columns: of all once all are taken, since they are read ahead.
    pub fn without_partner(&self) -> u64 {
        self.without_partner
    }

    /// The file's names of its columns, or ours where it doesn't have them; for a name of an end that it lacks that of
    /// an identifier.
    pub fn columns(&self) -> BTreeMap<Target, String> {
        let Some(layout) = self.header.layouts.first() else {
            return BTreeMap::new();
        };
        let naming = |target| match target {
            Target::End(side, EndField::Name) => layout.naming(side),
            target => target,
        };
        let all = Target::all().map(|target| (target, layout.column(naming(target))));
        all.collect()
    }

    /// Reads the next records and what they say.
    fn read_ahead(&mut self) {
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < TOGETHER && bytes < BYTES_TOGETHER && !self.ended {
            match self.rows.next_record() {
                Ok(Some((line, record))) => {
                    bytes += record.as_slice().len();
                    records.push((line, record));
                }
                // A fault comes behind the rows before it.
                end => (self.ended, self.fault) = (true, end.err()),
            }
        }
        for rows in parsed(&records, &self.header.layouts) {
            self.without_partner += u64::from(rows.is_empty());
            self.ready.extend(rows);
        }
    }
}

impl<R: Read> Rows<R> {
    /// The next record with any text, and the line on which it begins.
    fn next_record(&mut self) -> Result<Option<(u64, ByteRecord)>, ReadError> {
        match self {
            Self::Sheet(rows) => Ok(rows.next().map(Packed::record)),
            Self::Text(records) => loop {
                match records.advance()? {
                    Some(line) if records.has_text() => {
                        return Ok(Some((line, records.copied())));
                    }
                    Some(_) => {}
                    None => return Ok(None),
                }
            },
        }
    }
}

/// What these records say, in their order: large files are shared out among the processors.
fn parsed(records: &[(u64, ByteRecord)], layouts: &[Layout]) -> Vec<Vec<Row>> {
    let parse = |some: &[(u64, ByteRecord)]| -> Vec<Vec<Row>> {
        let rows = some.iter();
        rows.map(|(line, record)| parse::rows(*line, record, layouts))
            .collect()
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let share = records.len().div_ceil(processors).max(WORTH_A_THREAD);
    if records.len() <= share {
        return parse(records);
    }
    thread::scope(|scope| {
        let begin = |some| {
            let begun = thread::Builder::new().spawn_scoped(scope, move || parse(some));
            // Where the system has no more threads to give, this one does the work.
            begun.map_err(|_refused| parse(some))
        };
        let begun: Vec<_> = records.chunks(share).map(begin).collect();
        let ended = begun.into_iter().map(|begun| match begun {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(rows) => rows,
        });
        ended.flatten().collect()
    })
}

impl<R: Read> Iterator for LinkReader<R> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Some(Ok(row));
            }
            if self.ended {
                return self.fault.take().map(Err);
            }
            self.read_ahead();
        }
    }
}

/// The records of a file and the lines on which they begin.
#[derive(Debug)]
struct Records<R> {
    csv: csv::Reader<Decoded<Rewound<R>>>,
    record: ByteRecord,
    headers: Vec<String>,
    /// Whether cells are separated by bars, as parts of wiki links are, too.
    bars: bool,
    quoting: bool,
    wiki: bool,
}

impl<R: Read> Records<R> {
    /// Reads the next record; the line on which it begins, or nothing at the end of the file.
    fn advance(&mut self) -> Result<Option<u64>, ReadError> {
        self.csv.get_mut().budget = LONGEST_ROW;
        let begin = self.csv.position().line();
        let read = self.csv.read_byte_record(&mut self.record);
        if let Some(fault) = &self.csv.get_ref().fault {
            // A fault of the file is no fault of rows: none of them is to be trusted.
            return Err(ReadError::Format(fault.clone()));
        }
        match read {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(ReadError::Io(error.into())),
        }
        if self.csv.get_ref().spent {
            // What goes on for many lines does so within a quote.
            if self.record.as_slice().contains(&b'\n') {
                return Err(self.quote(begin));
            }
            let what = format!("line {begin}: the row is longer than a row of links can be");
            return Err(ReadError::Format(what));
        }
        // The crate gives the line on which it began to look, which may be a blank one before the
        // row. The line on which it stopped, less the line ends of the row, is right.
        let bytes = self.record.as_slice().iter();
        let breaks: u64 = bytes.map(|byte| u64::from(*byte == b'\n')).sum();
        let line = self.csv.position().line().saturating_sub(breaks);
        if self.csv.get_ref().told_end {
            // Every line ends with LF, so only within quotes does a row meet the end of the file.
            return Err(self.quote(line));
        }
        if !self.quoting {
            self.unquote();
        }
        if self.bars && self.wiki {
            self.rejoin();
        }
        Ok(Some(line.saturating_sub(1)))
    }

    /// A copy of the record. Unlike its clone it has not the room that the longest record so far has needed.
    fn copied(&self) -> ByteRecord {
        let mut copy = ByteRecord::with_capacity(self.record.as_slice().len(), self.record.len());
        copy.extend(&self.record);
        copy
    }

    /// Reads up to the header.
    fn header(&mut self, mut search: Search) -> Result<Header, ReadError> {
        while let Some(line) = self.advance()? {
            if !self.has_text() {
                continue;
            }
            let names = names(&self.record)?;
            if let Some(header) = search.offer(line, names.clone())? {
                self.headers = names;
                return Ok(header);
            }
        }
        let empty = || ReadError::format("the file is empty: it has no header");
        Err(search.failed().unwrap_or_else(empty))
    }

    /// Whether the record is neither blank nor a line that is drawn.
    fn has_text(&self) -> bool {
        let mut cells = self.record.iter();
        cells.any(|cell| !cell.trim_ascii().is_empty()) && !self.is_rule()
    }

    /// A quote that opens in the last cell of the record and takes the rest of the file with it.
    fn quote(&self, line: u64) -> ReadError {
        let place = self.record.len().saturating_sub(1);
        let column = self.headers.get(place).filter(|name| !name.is_empty());
        let column = column.cloned().unwrap_or_else(|| (place + 1).to_string());
        ReadError::Quote { line, column }
    }

    /// Takes the quotes off the cells that have them at both ends, bars inside or not.
    fn unquote(&mut self) {
        if !self.record.iter().any(|cell| cell.starts_with(b"\"")) {
            return;
        }
        let cells: Vec<&[u8]> = self.record.iter().collect();
        let (mut whole, mut rest) = (ByteRecord::new(), cells.as_slice());
        while let Some((first, after)) = rest.split_first() {
            let quoted = (1..=rest.len().min(MOST_JOINED)).find_map(|count| {
                let cells = rest.get(..count)?.join(&b'|');
                let inner = str::from_utf8(cells.strip_prefix(b"\"")?.strip_suffix(b"\"")?).ok()?;
                let inner = inner.replace("\"\"", "\0");
                (!inner.contains('"')).then(|| (count, inner.replace('\0', "\"")))
            });
            if let Some((count, cell)) = quoted {
                whole.push_field(cell.as_bytes());
                rest = rest.get(count..).unwrap_or_default();
            } else {
                whole.push_field(first);
                rest = after;
            }
        }
        self.record = whole;
    }

    /// Puts links such as `[[Lipik|the town]]` together again.
    fn rejoin(&mut self) {
        let open = |cell: &[u8]| str::from_utf8(cell).is_ok_and(wiki::is_open);
        if !self.record.iter().any(open) {
            return;
        }
        let mut whole: Vec<Vec<u8>> = Vec::new();
        for cell in &self.record {
            match whole.last_mut().filter(|last| open(last)) {
                Some(last) => {
                    last.push(b'|');
                    last.extend_from_slice(cell);
                }
                None => whole.push(cell.to_vec()),
            }
        }
        self.record = ByteRecord::from(whole);
    }

    /// Whether it is the line under the header of a table with bars.
    fn is_rule(&self) -> bool {
        let mut bytes = self.record.as_slice().iter();
        self.bars && bytes.all(|byte| matches!(byte, b'-' | b':' | b' ' | b'='))
    }
}

/// Whether the beginning of a file with bars has quoted cells with line ends in them, in rows that are
/// as wide as the header.
fn has_cells_over_lines(text: &str) -> bool {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(b'|').has_headers(false).flexible(true);
    let mut csv = builder.from_reader(text.as_bytes());
    let records = csv.byte_records().filter_map(Result::ok);
    // A title above the header is one cell.
    let is_title = |record: &ByteRecord| {
        let cells = record.iter().filter(|cell| !cell.trim_ascii().is_empty());
        cells.count() < 2
    };
    let mut records = records.skip_while(is_title);
    let Some(header) = records.next() else {
        return false;
    };
    let over_lines = |record: &ByteRecord| record.as_slice().contains(&b'\n');
    let mut over_lines = records.filter(over_lines).peekable();
    over_lines.peek().is_some() && over_lines.all(|record| record.len() == header.len())
}

/// The names of the columns.
fn names(record: &ByteRecord) -> Result<Vec<String>, ReadError> {
    let cells = record.iter();
    let names: Result<_, _> = cells.map(|cell| str::from_utf8(cell).map(nfc)).collect();
    names.map_err(|_not_utf8| ReadError::format("the header is no text"))
}

/// Whether a text is UTF-8 and has characters that make a difference.
fn is_utf_8_beyond_ascii(text: &[u8], least: usize) -> bool {
    let valid = match str::from_utf8(text) {
        Ok(text) => text,
        // The last character may be cut.
        Err(error) if error.error_len().is_none() => {
            let valid = text.get(..error.valid_up_to()).unwrap_or_default();
            str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let beyond = valid.chars().filter(|c| !c.is_ascii());
    beyond.take(least).count() == least
}
