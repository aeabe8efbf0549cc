//! The rows of a workbook.

mod merged;

use std::{io::Cursor, vec};

use calamine::{Data, DataRef, ExcelDateTime, Ods, Reader, SheetType, SheetVisible, Style, Xlsx};
use chrono::NaiveDate;
use csv::ByteRecord;

use self::merged::Merged;
use super::{
    error::ReadError,
    header::{Header, Search},
    ods_dates::{Grain, OdsDates},
    ruby,
    unpack::{self, Book, Merge},
};
use crate::core::text::nfc;

/// What the rows of a sheet may take in memory: six times a list of 67,000 links of the whole world.
const LARGEST_SHEET: usize = 48 * 1024 * 1024;
/// What a row takes besides its cells.
const ROW: usize = 128;
/// What a cell takes besides its text.
const CELL: usize = size_of::<u32>();

/// A row as it is kept.
#[derive(Debug)]
pub(super) struct Packed {
    /// Its number in the sheet, from 1.
    number: u64,
    text: Box<str>,
    /// Where each cell ends in the text.
    ends: Box<[u32]>,
}

/// The rows of a sheet.
pub(super) type SheetRows = vec::IntoIter<Packed>;

impl Packed {
    /// The row with its number.
    pub(super) fn record(self) -> (u64, ByteRecord) {
        let mut record = ByteRecord::with_capacity(self.text.len(), self.ends.len());
        let mut begin = 0;
        for end in self.ends {
            let end = usize::try_from(end).unwrap_or(usize::MAX);
            record.push_field(self.text.as_bytes().get(begin..end).unwrap_or_default());
            begin = end;
        }
        (self.number, record)
    }
}

/// The rows with text of one sheet of a workbook below its header, as wide as it.
///
/// The sheet is the one of this name, or of this number where none has that name, or the first that
/// is not hidden.
pub(super) fn rows(
    bytes: Vec<u8>,
    sheet: Option<&str>,
    search: Search,
) -> Result<(Header, SheetRows), ReadError> {
    match unpack::check(&bytes)? {
        Book::Xlsx => xlsx(bytes, sheet, search),
        Book::Ods(dates, merges) => ods(bytes, sheet, search, &dates, merges),
    }
}

fn xlsx(
    bytes: Vec<u8>,
    sheet: Option<&str>,
    mut search: Search,
) -> Result<(Header, SheetRows), ReadError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    // Workbooks of an old Macintosh number their days from another one, which cells of dates need not be asked for.
    let macintosh = book
        .has_1904_epoch()
        .then(|| NaiveDate::from_ymd_opt(1904, 1, 1));
    search.count_from(macintosh.flatten());
    let name = choose(book.sheets_metadata(), sheet)?;
    let mut formulas = book.worksheet_cells_reader(&name).map_err(damaged)?;
    while let Some(cell) = formulas
        .next_cell_with_formula_metadata()
        .map_err(damaged)?
    {
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            return Err(uncomputed(cell.pos));
        }
    }
    drop(formulas);
    let merges = book.merge_cells_by_sheet_name(&name).map_err(damaged)?;
    let merges = merges.iter().map(|merge| Merge {
        table: 0,
        row: merge.start.0,
        last: merge.end.0,
        column: merge.start.1,
    });
    let mut rows = Rows::new(search, Merged::new(merges.collect()));
    let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
    let grains: Vec<Grain> = cells.styles().iter().map(grain_of).collect();
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
        let grain = grains.get(style).copied().unwrap_or_default();
        let text = match cell.get_value() {
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::DateTime(time) => moment(time, grain),
            value => shown(&Data::from(value.clone()), grain),
        };
        let (row, column) = cell.get_position();
        rows.cell(row, column, text)?;
    }
    rows.finish()
}

fn ods(
    bytes: Vec<u8>,
    sheet: Option<&str>,
    mut search: Search,
    dates: &OdsDates,
    mut merges: Vec<Merge>,
) -> Result<(Header, SheetRows), ReadError> {
    let bytes = if dates.has_readings {
        ruby::without(&bytes)?
    } else {
        bytes
    };
    let mut book = Ods::new(Cursor::new(bytes)).map_err(damaged)?;
    let name = choose(book.sheets_metadata(), sheet)?;
    let tables = book.sheets_metadata().iter();
    let table = tables.take_while(|sheet| sheet.name != name).count();
    let range = book.worksheet_range(&name).map_err(damaged)?;
    let formulas = book.worksheet_formula(&name).map_err(damaged)?;
    drop(book);
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, formula) in formulas.used_cells() {
        let at = (place(row, top), place(column, left));
        if !formula.is_empty() && matches!(range.get_value(at), None | Some(Data::Empty)) {
            return Err(uncomputed(at));
        }
    }
    merges.retain(|merge| usize::try_from(merge.table) == Ok(table));
    search.count_from(dates.zero);
    let mut rows = Rows::new(search, Merged::new(merges));
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let (row, column) = (place(row, top), place(column, left));
        let grain = dates.grain(table, row, column);
        rows.cell(row, column, shown(value, grain))?;
    }
    rows.finish()
}

/// Where a row or a column of a range stands in its sheet.
fn place(offset: usize, first: u32) -> u32 {
    u32::try_from(offset)
        .unwrap_or(u32::MAX)
        .saturating_add(first)
}

fn damaged(error: impl std::fmt::Display) -> ReadError {
    ReadError::Format(format!("the workbook can't be read: {error}"))
}

/// A formula whose value is not in the file, as programs write it that compute nothing.
fn uncomputed((row, column): (u32, u32)) -> ReadError {
    let (row, column) = (row + 1, column + 1);
    ReadError::Format(format!(
        "the workbook has a formula in row {row}, column {column}, whose value nobody has computed: open it in a \
         spreadsheet program and save it"
    ))
}

fn choose(sheets: &[calamine::Sheet], wanted: Option<&str>) -> Result<String, ReadError> {
    let tables: Vec<&calamine::Sheet> = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .collect();
    let found = match wanted.map(str::trim) {
        None => tables
            .iter()
            .find(|sheet| sheet.visible == SheetVisible::Visible)
            .or(tables.first()),
        Some(wanted) => {
            let lower = wanted.to_lowercase();
            let number: Option<usize> = wanted.parse().ok();
            tables
                .iter()
                .find(|sheet| sheet.name == wanted)
                .or_else(|| {
                    tables
                        .iter()
                        .find(|sheet| sheet.name.to_lowercase() == lower)
                })
                .or_else(|| tables.get(number?.checked_sub(1)?))
        }
    };
    found.map(|sheet| sheet.name.clone()).ok_or_else(|| {
        let names: Vec<_> = tables
            .iter()
            .map(|sheet| format!("“{}”", sheet.name))
            .collect();
        ReadError::Format(format!(
            "the workbook has no sheet “{}”; its sheets are {}",
            wanted.unwrap_or_default(),
            names.join(", ")
        ))
    })
}

/// By the letters of the format that are no literal text: `yyyy` shows a year.
fn grain_of(style: &Style) -> Grain {
    let Some(format) = &style.number_format else {
        return Grain::Day;
    };
    let (mut letters, mut quoted, mut skip) = (String::new(), None, false);
    for c in format.format_code.to_lowercase().chars() {
        match (quoted, c) {
            _ if skip => skip = false,
            (Some(end), c) if c == end => quoted = None,
            (Some(_), _) => {}
            (None, '"') => quoted = Some('"'),
            (None, '[') => quoted = Some(']'),
            (None, '\\') => skip = true,
            (None, ';') => break,
            (None, c) => letters.push(c),
        }
    }
    if letters.trim() == "general" {
        return Grain::Day;
    }
    Grain::of_letters(&letters)
}

/// A date as far as its cell shows it, with the time where there is one.
fn moment(time: &ExcelDateTime, grain: Grain) -> String {
    if time.is_duration() || time.as_f64() < 1.0 {
        return number(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match grain {
        Grain::Year => format!("{year:04}"),
        Grain::Month => format!("{year:04}-{month:02}"),
        // No date, and said so where one is read.
        Grain::WithoutYear => format!("--{month:02}-{day:02}"),
        Grain::Day if (hour, minute, second) == (0, 0, 0) => {
            format!("{year:04}-{month:02}-{day:02}")
        }
        Grain::Day => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

fn shown(value: &Data, grain: Grain) -> String {
    match value {
        Data::Int(number) => number.to_string(),
        Data::Float(value) => number(*value),
        Data::DateTimeIso(day) => {
            let shown = match grain {
                Grain::Year => day.get(..4),
                Grain::Month => day.get(..7),
                Grain::WithoutYear => return format!("-{}", day.get(4..10).unwrap_or(day)),
                Grain::Day => None,
            };
            shown.unwrap_or(day).to_owned()
        }
        Data::String(text) | Data::DurationIso(text) => text.clone(),
        Data::DateTime(time) => moment(time, grain),
        Data::Error(error) => error.to_string(),
        // No column of links is true or false.
        Data::Bool(_) | Data::Empty => String::new(),
    }
}

/// A whole number without a point: years and identifiers are stored as fractions, too.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{:.0}", value + 0.0)
    } else {
        value.to_string()
    }
}

/// The rows read so far.
struct Rows {
    search: Search,
    header: Option<Header>,
    merged: Merged,
    done: Vec<Packed>,
    width: usize,
    row: u32,
    cells: Vec<String>,
    taken: usize,
}

impl Rows {
    fn new(search: Search, merged: Merged) -> Self {
        Self {
            search,
            header: None,
            merged,
            done: Vec::new(),
            width: 0,
            row: 0,
            cells: Vec::new(),
            taken: 0,
        }
    }

    fn cell(&mut self, row: u32, column: u32, text: String) -> Result<(), ReadError> {
        if row < self.row {
            let what = "the rows of the sheet are out of order: save it anew";
            return Err(ReadError::format(what));
        }
        if row > self.row {
            self.end_row()?;
            self.row = row;
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        // What stands beside the table is not of it.
        let beside = self.width > 0 && column >= self.width;
        if text.is_empty() || beside || column >= 16_384 {
            return Ok(());
        }
        self.taken = self.taken.saturating_add(text.len());
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(column) {
            *cell = text;
        }
        self.bounded()
    }

    fn end_row(&mut self) -> Result<(), ReadError> {
        let mut cells = std::mem::take(&mut self.cells);
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        let copied = self.merged.fill(self.row, &mut cells);
        self.taken = self.taken.saturating_add(copied);
        let number = u64::from(self.row) + 1;
        if self.header.is_none() {
            let names = cells.iter().map(|cell| nfc(cell)).collect();
            self.header = self.search.offer(number, names)?;
            if self.header.is_some() {
                self.merged.close();
                self.width = cells.len();
            }
            return self.bounded();
        }
        cells.resize(self.width, String::new());
        let taken = self.width.saturating_mul(CELL).saturating_add(ROW);
        self.taken = self.taken.saturating_add(taken);
        let mut end = 0;
        let ends = cells.iter().map(|cell| {
            end = u32::saturating_add(end, u32::try_from(cell.len()).unwrap_or(u32::MAX));
            end
        });
        self.done.push(Packed {
            number,
            ends: ends.collect(),
            text: cells.concat().into_boxed_str(),
        });
        self.bounded()
    }

    fn bounded(&self) -> Result<(), ReadError> {
        if self.taken > LARGEST_SHEET {
            let what = "the sheet holds too much text to be read at once: save it as CSV";
            return Err(ReadError::format(what));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(Header, SheetRows), ReadError> {
        self.end_row()?;
        let Some(header) = self.header else {
            let empty = || ReadError::format("the sheet is empty: it has no header");
            return Err(self.search.failed().unwrap_or_else(empty));
        };
        Ok((header, self.done.into_iter()))
    }
}
