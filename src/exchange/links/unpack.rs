//! How large a workbook is when it is unpacked, before anything of it is kept.
//!
//! Every part is unpacked once and thrown away, because what an archive says of itself need not be
//! true. Counted is also what small text becomes in memory: repeated rows and cells, styles, and the
//! number of strings that a table of strings announces.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use super::error::ReadError;
use super::ods_dates::{Block, OdsDates, attribute};

/// The largest file.
pub(super) const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// All parts together.
const TOTAL: u64 = 256 * 1024 * 1024;
/// What is kept of the one part of an ODS file: its texts, without most of the tags around them.
const TEXTS: u64 = 48 * 1024 * 1024;
/// The table of strings, with what each of them takes besides its text.
const STRINGS: u64 = 32 * 1024 * 1024;
/// What a string takes besides its text.
const STRING: u64 = 48;
/// The longest text or tag: a cell holds no more than 32,767 characters.
const RUN: usize = 1024 * 1024;
/// Any other part that is read but for the sheets.
const PART: u64 = 8 * 1024 * 1024;
/// More of one part than this must be worth its bytes.
const SMALL: u64 = 8 * 1024 * 1024;
/// How often a part may be larger than it is packed.
const RATIO: u64 = 300;
/// Parts of an archive.
const PARTS: usize = 5_000;
/// Cells of an ODS sheet, those that are repeated included.
const CELLS: u64 = 1_500_000;
/// Empty cells that stand before others in the rows of an ODS file: the reader makes each of them.
const EMPTIES: u64 = 2_000_000;
/// Merged cells that are several rows high: a sheet of links has no more rows.
const MERGES: usize = 250_000;
/// Formats of cells: more than any spreadsheet writes.
const FORMATS: u64 = 70_000;

/// What an archive holds.
#[derive(Debug)]
pub(super) enum Book {
    Xlsx,
    /// How much of its dates it shows, and its merged cells.
    Ods(Box<OdsDates>, Vec<Merge>),
}

/// A merged cell that is several rows high.
#[derive(Debug, Clone, Copy)]
pub(super) struct Merge {
    /// The number of its table from 0; a workbook's own reader gives those of one sheet.
    pub(super) table: u32,
    /// Its first and its last row, from 0.
    pub(super) row: u32,
    pub(super) last: u32,
    /// Its first column, from 0.
    pub(super) column: u32,
}

/// Unpacks every part of an archive for its size alone; which workbook it is.
pub(super) fn check(bytes: &[u8]) -> Result<Book, ReadError> {
    if memmem::find_iter(bytes, b"PK\x01\x02").nth(PARTS).is_some() {
        return Err(too_large());
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut book = None;
    let mut other = "a ZIP archive: unpack it first";
    let mut total = 0;
    let mut dates = OdsDates::default();
    let mut merges = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(damaged)?;
        if part.encrypted() {
            return Err(ReadError::format(
                "the file has a password: save it without one",
            ));
        }
        let name = part.name().map_err(damaged)?.to_lowercase();
        let packed = part.compressed_size();
        let mut sizes = Sizes::of(&name);
        let mut first = Vec::new();
        let mut chunk = vec![0; 64 * 1024];
        let mut size = 0;
        loop {
            let read = part.read(&mut chunk).map_err(damaged)?;
            if read == 0 {
                break;
            }
            let text = chunk.get(..read).unwrap_or_default();
            size += u64::try_from(read).unwrap_or(u64::MAX);
            total += u64::try_from(read).unwrap_or(u64::MAX);
            let bomb = size > SMALL && size / RATIO > packed;
            if bomb || total > TOTAL || size > sizes.longest || !sizes.count(text) {
                return Err(too_large());
            }
            if first.len() < 128 {
                first.extend(text.iter().take(128));
            }
        }
        if sizes.crooked {
            return Err(ReadError::format(
                "the workbook has merged cells that end before they begin: save it anew",
            ));
        }
        match name.as_str() {
            "xl/workbook.xml" | "/xl/workbook.xml" => book = Some(Book::Xlsx),
            "mimetype" if first == b"application/vnd.oasis.opendocument.spreadsheet" => {
                book = Some(Book::Ods(Box::default(), Vec::new()));
            }
            "mimetype" if first.starts_with(b"application/vnd.oasis.opendocument") => {
                other = "an OpenDocument file without a table: save the table as .ods";
            }
            "content.xml" => (dates, merges) = (sizes.dates, sizes.merges),
            "xl/workbook.bin" => other = "a binary Excel workbook (.xlsb): save it as .xlsx",
            "word/document.xml" => other = "a Word document: save its table as .xlsx or CSV",
            "ppt/presentation.xml" => other = "a presentation: save its table as .xlsx or CSV",
            _ => {}
        }
    }
    match book {
        Some(Book::Ods(..)) => Ok(Book::Ods(Box::new(dates), merges)),
        Some(Book::Xlsx) => Ok(Book::Xlsx),
        None => Err(ReadError::format(format!("the file is {other}"))),
    }
}

fn damaged<E>(_: E) -> ReadError {
    ReadError::format("the file is a damaged archive: save it anew")
}

fn too_large() -> ReadError {
    ReadError::format(
        "the workbook is too large when it is unpacked: save the sheet of the links alone, or as CSV",
    )
}

/// What is counted of one part.
#[derive(Default)]
struct Sizes {
    longest: u64,
    kind: Kind,
    size: u64,
    run: usize,
    strings: u64,
    tag: Vec<u8>,
    /// How long the whole tag is.
    length: u64,
    inside: bool,
    /// Bytes of texts, and of tags that have some.
    texts: u64,
    rows: u64,
    repeats: u64,
    width: u64,
    widest: u64,
    formats: u64,
    cells: u64,
    /// The empty cells before the next one of a row, and those before others so far.
    gap: u64,
    empties: u64,
    dates: OdsDates,
    merges: Vec<Merge>,
    /// How many merged cells an XLSX sheet has, and whether one of them ends before it begins.
    merged: usize,
    crooked: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    Strings,
    Styles,
    Content,
    Sheet,
    #[default]
    Other,
}

/// How much of a tag is kept to look at it.
const TAG: usize = 4096;

impl Sizes {
    fn of(name: &str) -> Self {
        let has = |folder: &str| name.contains(folder);
        let (kind, longest) = match name {
            _ if name.ends_with("sharedstrings.xml") => (Kind::Strings, STRINGS),
            "content.xml" => (Kind::Content, TOTAL),
            _ if name.ends_with("styles.xml") => (Kind::Styles, PART),
            _ if has("worksheets/") => (Kind::Sheet, TOTAL),
            _ if has("media/") || has("pictures/") || has("thumbnails/") => (Kind::Other, TOTAL),
            _ => (Kind::Other, PART),
        };
        Self {
            longest,
            kind,
            ..Self::default()
        }
    }

    /// Counts what the next bytes of the part stand for; whether it is still within the limits.
    fn count(&mut self, bytes: &[u8]) -> bool {
        if self.kind == Kind::Other {
            return true;
        }
        self.size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if !self.runs(bytes) {
            return false;
        }
        if self.kind == Kind::Sheet {
            return self.merged(bytes);
        }
        for byte in bytes {
            match byte {
                b'<' => {
                    self.inside = true;
                    self.length = 0;
                    self.tag.clear();
                }
                b'>' if self.inside => {
                    self.inside = false;
                    if !self.tag() {
                        return false;
                    }
                }
                _ if self.inside => {
                    self.length += 1;
                    if self.tag.len() < TAG {
                        self.tag.push(*byte);
                    }
                }
                _ => {
                    self.texts += 1;
                    self.dates.text(*byte);
                }
            }
        }
        true
    }

    /// Whether no text and no tag goes on for too long: it is read as one.
    fn runs(&mut self, bytes: &[u8]) -> bool {
        let mut begin = 0;
        for at in memchr::memchr2_iter(b'<', b'>', bytes) {
            if self.run + (at - begin) > RUN {
                return false;
            }
            (self.run, begin) = (0, at);
        }
        self.run += bytes.len() - begin;
        self.run <= RUN
    }

    /// Counts the merged cells of an XLSX sheet, none of whose other tags is of interest.
    fn merged(&mut self, bytes: &[u8]) -> bool {
        let mut text = std::mem::take(&mut self.tag);
        text.extend_from_slice(bytes);
        // A name, or a tag, may go on in the next bytes.
        let mut rest = text.len().saturating_sub(MERGE.len() - 1);
        for at in memmem::find_iter(&text, MERGE) {
            let tag = text.get(at..).unwrap_or_default();
            let tag = tag.get(..TAG).unwrap_or(tag);
            let Some(end) = memchr::memchr(b'>', tag) else {
                if tag.len() < TAG {
                    rest = rest.min(at);
                }
                continue;
            };
            let tag = String::from_utf8_lossy(tag.get(..end).unwrap_or_default());
            let rest = tag.get(MERGE.len()..).unwrap_or_default();
            if rest.starts_with(char::is_whitespace) {
                self.merged += 1;
                self.crooked |= attribute(rest, "ref").is_some_and(is_crooked);
            }
        }
        self.tag = text.split_off(rest);
        self.merged <= MERGES
    }

    fn tag(&mut self) -> bool {
        let tag = String::from_utf8_lossy(&self.tag).into_owned();
        let name = tag
            .split(|c: char| c.is_whitespace() || c == '/')
            .next()
            .unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        match self.kind {
            Kind::Strings => {
                self.strings += u64::from(local == "si");
                // Room is made for as many strings as are announced.
                let announced =
                    || number(&tag, "uniqueCount").is_none_or(|n| n <= STRINGS / STRING);
                let taken = self
                    .size
                    .saturating_add(self.strings.saturating_mul(STRING));
                taken <= STRINGS && (local != "sst" || announced())
            }
            Kind::Styles => {
                self.formats += u64::from(local == "xf");
                self.formats <= FORMATS
            }
            Kind::Content => {
                let has_text = tag.contains("string-value") || tag.contains("formula");
                if has_text || self.tag.len() == TAG {
                    self.texts = self.texts.saturating_add(self.length);
                }
                self.dates.tag(&tag, local);
                self.texts <= TEXTS && self.table(&tag, local)
            }
            Kind::Sheet | Kind::Other => true,
        }
    }

    /// Cells of a row count up to the last that is not empty, rows up to the last that has one.
    fn table(&mut self, tag: &str, local: &str) -> bool {
        match local {
            "table-row" => {
                self.rows = self.rows.saturating_add(self.repeats);
                self.repeats = number(tag, "number-rows-repeated").unwrap_or(1);
                self.width = 0;
                self.gap = 0;
            }
            "table-cell" | "covered-table-cell" => {
                let repeats = number(tag, "number-columns-repeated")
                    .unwrap_or(1)
                    .min(16_384);
                let at = Block {
                    row: self.rows,
                    rows: self.repeats,
                    column: self.width,
                    columns: repeats,
                    ..Block::default()
                };
                self.dates.cell(tag, at);
                if !self.merge(tag, &at) {
                    return false;
                }
                self.width = self.width.saturating_add(repeats);
                self.empties = self.empties.saturating_add(std::mem::take(&mut self.gap));
                // A value is an attribute, which may stand where nobody looks. Whether an empty
                // cell is one tag or two says nothing.
                let cut = self.tag.len() == TAG;
                if cut || tag.contains("office:") || tag.contains("formula") {
                    self.widest = self.widest.max(self.width);
                    self.cells = self.cells.saturating_add(repeats);
                    let rows = self.rows.saturating_add(self.repeats);
                    let fits = rows.saturating_mul(self.widest) <= CELLS;
                    return fits && self.cells <= CELLS && self.empties <= EMPTIES;
                }
                self.gap = repeats;
                return self.empties <= EMPTIES;
            }
            "table" => {
                (self.rows, self.repeats, self.width, self.widest) = (0, 0, 0, 0);
            }
            _ => {}
        }
        true
    }

    /// Keeps where a cell stands that is several rows high; whether there are not too many.
    fn merge(&mut self, tag: &str, at: &Block) -> bool {
        let rows = number(tag, "number-rows-spanned").unwrap_or(1);
        if rows < 2 {
            return true;
        }
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        for column in at.column..at.column.saturating_add(at.columns) {
            if self.merges.len() >= MERGES {
                return false;
            }
            self.merges.push(Merge {
                table: short(self.dates.tables.saturating_sub(1)),
                row: short(at.row),
                last: short(at.row.saturating_add(rows - 1)),
                column: short(column),
            });
        }
        true
    }
}

/// How the tag of a merged cell of an XLSX sheet begins.
const MERGE: &[u8] = b"mergeCell";

/// Whether a reference such as `A2:A4` ends before it begins, which the reader of workbooks can't bear.
fn is_crooked(reference: &str) -> bool {
    let place = |corner: &str| {
        let letters = corner.trim_end_matches(|c: char| c.is_ascii_digit());
        let row: u64 = corner.get(letters.len()..)?.parse().ok()?;
        Some((letters.len(), letters.to_ascii_uppercase(), row))
    };
    let Some((first, last)) = reference.split_once(':') else {
        return false;
    };
    match (place(first), place(last)) {
        (Some((long, left, top)), Some((longer, right, bottom))) => {
            bottom < top || (longer, right) < (long, left)
        }
        _ => true,
    }
}

/// The number in an attribute; one that is no number stands for too many.
fn number(tag: &str, name: &str) -> Option<u64> {
    Some(attribute(tag, name)?.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether so many chunks of 1,000 cells are within the limits, each cell with an attribute and a text.
    fn holds(chunks: usize, (name, long): (&str, usize), text: &str) -> bool {
        let attribute = format!("{name}=\"{}\"", "s".repeat(long));
        let cell =
            format!("<table:table-cell {attribute}><text:p>{text}</text:p></table:table-cell>");
        let row = format!("<table:table-row>{cell}</table:table-row>");
        let chunk = row.repeat(1000);
        let mut sizes = Sizes::of("content.xml");
        (0..chunks).all(|_| sizes.count(chunk.as_bytes()))
    }

    #[test]
    fn empty_cells_before_others_count_however_they_are_written() {
        for empty in [
            "<table:table-cell table:number-columns-repeated=\"16000\"/>",
            "<table:table-cell table:number-columns-repeated=\"16000\"></table:table-cell>",
        ] {
            let row = |cells: usize| {
                let cells = empty.repeat(cells);
                format!("<table:table-row>{cells}</table:table-row>").repeat(200)
            };
            let mut sizes = Sizes::of("content.xml");
            // The last ones of a row are never made.
            assert!(sizes.count(row(1).repeat(10).as_bytes()), "{empty}");
            assert!(!sizes.count(row(2).as_bytes()), "{empty}");
        }
    }

    #[test]
    fn merged_cells_are_counted_wherever_a_sheet_is_cut() {
        let sheet =
            b"<c/></sheetData><mergeCells><mergeCell ref=\"A2:A4\"/><x:mergeCell ref='Z9:AA10'/>\
                      </mergeCells></worksheet>";
        for cut in 0..sheet.len() {
            let (before, after) = sheet.split_at(cut);
            let mut sizes = Sizes::of("xl/worksheets/sheet1.xml");
            assert!(sizes.count(before) && sizes.count(after));
            assert_eq!((sizes.merged, sizes.crooked), (2, false), "{cut}");
        }
        let merge = "<mergeCell ref=\"A2:A4\"/>".repeat(MERGES + 1);
        assert!(!Sizes::of("xl/worksheets/sheet1.xml").count(merge.as_bytes()));
        for (reference, crooked) in [
            ("A4:A2", true),
            ("AA1:B2", true),
            ("A:A", true),
            ("A2", false),
            ("B2:AA9", false),
        ] {
            assert_eq!(is_crooked(reference), crooked, "{reference}");
        }
    }

    #[test]
    fn of_an_opendocument_sheet_its_texts_count_and_not_what_stands_around_them() {
        let texts = usize::try_from(TEXTS).unwrap();
        let chunks = texts / 3_000_000 + 1;
        assert!(holds(chunks, ("table:style-name", 3000), "x"));
        assert!(!holds(chunks, ("office:string-value", 3000), ""));
        assert!(!holds(chunks, ("table:formula", 3000), ""));
        assert!(!holds(chunks, ("x", 1), &"x".repeat(3000)));
        // A long tag may hold one where nobody looks.
        assert!(!holds(
            texts / 5_000_000 + 1,
            ("table:style-name", 5000),
            "x"
        ));
    }
}
