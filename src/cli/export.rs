//! `twincity export`.

use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, line, open_migrated};
use crate::config::DatabaseConfig;
use crate::core::clock::{Clock, SystemClock};
use crate::exchange::export::{self, Error, Format, Options};

#[derive(Debug, Args)]
#[command(after_help = "\
A folder gets a file each of sources, partners, relations, agreements (with their events), networks, \
memberships, activities and citations, and a manifest.json with the revision, the number of records \
and the SHA-256 of each file.

A file gets a row for each two parties of an agreement, with the columns that `twincity import` \
reads. Proposed, approved and abandoned agreements are not in it, nor parties that were only invited.

All of an export is one state of the registry. Names of persons are in none.")]
pub(super) struct Export {
    /// A folder for all published records; a file ending in .csv, .xlsx or .jsonl for the links; - for
    /// the links to standard output
    #[arg(value_name = "DIR|FILE")]
    target: PathBuf,
    /// By default JSON Lines for a folder, CSV for standard output, and what its name says for a file;
    /// a folder has CSV or JSON Lines
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Begin CSV with a mark (BOM), by which Excel knows that it is UTF-8
    #[arg(long)]
    bom: bool,
    /// Replace files that are there already
    #[arg(long)]
    force: bool,
}

/// Where an export goes.
enum Target<'a> {
    Folder(&'a Path),
    File(&'a Path),
    Stdout,
}

impl Export {
    pub(super) fn run(self, config: &DatabaseConfig) -> Result<(), CliError> {
        let (target, format) = self.target()?;
        let options = Options {
            format,
            force: self.force,
            bom: self.bom,
            now: SystemClock.now(),
        };
        let db = open_migrated(config)?;
        match target {
            Target::Folder(folder) => {
                for file in export::records(&db, folder, options)? {
                    let path = folder.join(&file.name);
                    line(&format!(
                        "wrote {}: {} records",
                        path.display(),
                        file.records
                    ))?;
                }
                Ok(())
            }
            Target::File(path) => {
                let links = export::links(&db, path, options)?;
                line(&format!("wrote {}: {links} links", path.display()))
            }
            Target::Stdout => {
                let out = BufWriter::new(io::stdout());
                match export::stream(&db, out, options) {
                    // Whoever reads has seen enough, such as `head`.
                    Err(Error::Stream(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                        Ok(())
                    }
                    ended => Ok(ended.map(drop)?),
                }
            }
        }
    }

    fn target(&self) -> Result<(Target<'_>, Format), CliError> {
        let path = self.target.as_path();
        let target = kind_of(path)?;
        let format = match &target {
            Target::Stdout => self.format.unwrap_or(Format::Csv),
            Target::Folder(_) => self.format.unwrap_or(Format::Jsonl),
            Target::File(path) => Format::of(path).unwrap_or(Format::Csv),
        };
        if matches!(target, Target::Folder(_)) && format == Format::Xlsx {
            return Err(CliError::usage(
                "a folder has CSV or JSON Lines, and no workbooks",
            ));
        }
        if let (Target::File(path), Some(said)) = (&target, self.format)
            && said != format
        {
            return Err(CliError::usage(format!(
                "{} does not end in .{}, as --format says",
                path.display(),
                said.extension()
            )));
        }
        if self.bom && format != Format::Csv {
            return Err(CliError::usage(
                "--bom is for CSV: other formats need no mark",
            ));
        }
        Ok((target, format))
    }
}

/// What a path asks for.
fn kind_of(path: &Path) -> Result<Target<'_>, CliError> {
    if path == Path::new("-") {
        return Ok(Target::Stdout);
    }
    let is_folder = path.is_dir() || path.to_string_lossy().ends_with(['/', '\\']);
    if is_folder {
        return Ok(Target::Folder(path));
    }
    if Format::of(path).is_some() {
        return Ok(Target::File(path));
    }
    if path.exists() {
        return Err(CliError::usage(format!(
            "{} is a file: name a folder, or a file ending in .csv, .xlsx or .jsonl",
            path.display()
        )));
    }
    // The number of a version or a day is no ending.
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    if ending.chars().any(char::is_alphabetic) {
        return Err(CliError::usage(format!(
            "nobody knows how to write a file ending in .{ending}: a file of links ends in .csv, \
             .xlsx or .jsonl, and a folder of that name in a slash"
        )));
    }
    Ok(Target::Folder(path))
}

impl From<Error> for CliError {
    fn from(error: Error) -> Self {
        Self::failed(error.to_string())
    }
}
