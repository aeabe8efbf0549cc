//! The registry as files: every published record, or the links that `twincity import` reads.
//!
//! An export reads one state of the registry, in pages of [`PAGE`] rows by their internal keys, so
//! that neither its size nor who writes meanwhile matters. A file gets its name when all of the
//! export is written; until then nothing with that name is touched. No file holds names of persons.

mod atomic_file;
mod collections;
mod links;
mod manifest;
pub mod read;
mod relations;
mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use clap::ValueEnum as _;
use diesel::QueryResult;
use serde_json::Value;

use crate::changes;
use crate::db::{self, Db, DbConn};
use atomic_file::Draft;
use collections::{COLLECTIONS, Collection};
pub use manifest::FileEntry;
use table::Table;

/// Rows read at once.
const PAGE: i64 = 500;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// A table with a header; nested values as JSON in their cell.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// A workbook with one sheet.
    Xlsx,
}

impl Format {
    /// How names of such files end, without the dot.
    pub fn extension(self) -> &'static str {
        self.into()
    }

    /// The format that a file's name asks for.
    pub fn of(path: &Path) -> Option<Self> {
        Self::from_str(path.extension()?.to_str()?, true).ok()
    }
}

/// How an export is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How records are written.
    pub format: Format,
    /// Whether files that are there already are replaced.
    pub force: bool,
    /// Whether CSV begins with a mark (BOM).
    pub bom: bool,
    /// The time of the export.
    pub now: DateTime<Utc>,
}

/// Why an export came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database can't be asked.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// A query failed.
    #[error("a query failed: {0}")]
    Query(#[from] diesel::result::Error),
    /// A file is there that would be overwritten.
    #[error("{} is already there; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// A file or folder can't be written.
    #[error("{} can't be written: {error}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The stream can't be written.
    #[error("can't write the output: {0}")]
    Stream(io::Error),
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> Error {
    move |error| Error::File {
        path: path.to_owned(),
        error,
    }
}

/// A page of rows in the order of their keys, and the key of the last one; `None` behind the end.
type Page = Option<(Vec<Value>, i64)>;

/// Reads the page behind a key.
type Read = fn(&mut DbConn, i64, NaiveDate) -> QueryResult<Page>;

/// Writes every published record into a folder, a file a collection, and a manifest beside them.
///
/// Which files were written, in their order.
pub fn records(db: &Db, folder: &Path, options: Options) -> Result<Vec<FileEntry>, Error> {
    let manifest = folder.join(manifest::NAME);
    let target = |name: &str| folder.join(format!("{name}.{}", options.format.extension()));
    if !options.force {
        let files = COLLECTIONS.iter().map(|collection| target(collection.name));
        files
            .chain([manifest.clone()])
            .try_for_each(|path| absent(&path))?;
    }
    std::fs::create_dir_all(folder).map_err(file_error(folder))?;
    let (revision, written) = db.read_blocking(|conn| -> Result<_, Error> {
        // The first query fixes the state that all the others see.
        let revision = changes::revision(conn)?;
        let mut written = Vec::with_capacity(COLLECTIONS.len());
        for collection in COLLECTIONS {
            let path = target(collection.name);
            let draft = Draft::create(&path)?;
            let Collection { columns, read, .. } = *collection;
            let (draft, records) = fill(conn, draft, columns, read, options, file_error(&path))?;
            written.push(draft.finish(records)?);
        }
        Ok((revision, written))
    })?;
    let entries: Vec<FileEntry> = written.iter().map(|file| file.entry.clone()).collect();
    let mut draft = Draft::create(&manifest)?;
    draft
        .write_all(manifest::text(revision, options.now, &entries).as_bytes())
        .map_err(file_error(&manifest))?;
    let last = draft.finish(0)?;
    // A manifest is there when all that it names is there, and then only.
    if options.force && manifest.exists() {
        std::fs::remove_file(&manifest).map_err(file_error(&manifest))?;
    }
    for file in written.into_iter().chain([last]) {
        file.publish(options.force)?;
    }
    Ok(entries)
}

/// Writes the links into a file; how many there are.
pub fn links(db: &Db, path: &Path, options: Options) -> Result<u64, Error> {
    if !options.force {
        absent(path)?;
    }
    let draft = Draft::create(path)?;
    let (draft, records) =
        db.read_blocking(|conn| all_links(conn, draft, options, file_error(path)))?;
    draft.finish(records)?.publish(options.force)?;
    Ok(records)
}

/// Writes the links into a stream, such as standard output; how many there are.
pub fn stream(db: &Db, out: impl Write + Send, options: Options) -> Result<u64, Error> {
    let (mut out, records) =
        db.read_blocking(|conn| all_links(conn, out, options, Error::Stream))?;
    out.flush().map_err(Error::Stream)?;
    Ok(records)
}

fn all_links<W: Write + Send>(
    conn: &mut DbConn,
    out: W,
    options: Options,
    failed: impl Fn(io::Error) -> Error,
) -> Result<(W, u64), Error> {
    let read = |conn: &mut DbConn, after, today| links::read(conn, None, after, today);
    let columns: Vec<&str> = links::columns().collect();
    fill(conn, out, columns, read, options, failed)
}

/// Writes page after page as a table; what it is written to, and how many rows there are.
fn fill<W: Write + Send>(
    conn: &mut DbConn,
    out: W,
    columns: impl Into<Vec<&'static str>>,
    read: Read,
    options: Options,
    failed: impl Fn(io::Error) -> Error,
) -> Result<(W, u64), Error> {
    let mut table = Table::new(out, options, columns.into()).map_err(&failed)?;
    let mut after = 0;
    while let Some((rows, last)) = read(conn, after, options.now.date_naive())? {
        for row in &rows {
            table.row(row).map_err(&failed)?;
        }
        after = last;
    }
    table.finish().map_err(failed)
}

fn absent(path: &Path) -> Result<(), Error> {
    // A link that leads nowhere would be replaced, too.
    match path.symlink_metadata() {
        Ok(_) => Err(Error::Exists(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(file_error(path)(error)),
    }
}
