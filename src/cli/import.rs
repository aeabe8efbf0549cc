//! `twincity import`.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CliError, line};
use crate::changes::Ctx;
use crate::config::DatabaseConfig;
use crate::core::clock::{Clock, SystemClock};
use crate::core::vocabulary::record::Role;
use crate::db::{Db, migrations};
use crate::exchange::import::{self, Ended, Options, Report};
use crate::exchange::links::{LinkReader, Mapping, Reading};
use crate::formats::formula;
use crate::service::{feed, recompute};

#[derive(Debug, Args)]
pub(super) struct Import {
    /// A file of links (CSV, XLSX or ODS), one row a link; - for standard input
    file: PathBuf,
    /// A TOML file that says which column holds what, in its tables columns, set and values.TARGET,
    /// and above them how cells are written: dates, split, missing, markup
    #[arg(long, value_name = "FILE", env = "TWINCITY_MAPPING")]
    mapping: Option<PathBuf>,
    /// Read a target from a column of another name, such as a.name=city; repeatable
    #[arg(long, value_name = "TARGET=COLUMN")]
    map: Vec<String>,
    /// Give a target one value in every row where no column does; repeatable
    #[arg(long, value_name = "TARGET=VALUE")]
    set: Vec<String>,
    /// The encoding of a text file that is not UTF-8, such as windows-1252 (any WHATWG label)
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// The one character between the cells of a text file, or tab; by default seen in the header
    #[arg(long, value_name = "CHARACTER", allow_hyphen_values = true)]
    separator: Option<String>,
    /// The sheet of a workbook, by its name or its number from 1; by default the first
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// Write every fault and remark into a CSV file: line, column, value and reason
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Leave out the rows that can't be used instead of refusing the whole file
    #[arg(long)]
    skip_bad: bool,
    /// Refuse rows with a new partner whose name looks like another one's of its country
    #[arg(long)]
    strict_names: bool,
    /// Say what would happen and keep nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub(super) fn run(self, database: &DatabaseConfig) -> Result<(), CliError> {
        let mapping = self.mapping()?;
        let (input, bar) = open(&self.file)?;
        let reading = self.reading()?;
        let reader = LinkReader::open_as(bar.wrap_read(input), mapping, &reading)
            .map_err(|error| CliError::usage(format!("{}: {error}", self.file.display())))?;
        let ignored: Vec<String> = reader.ignored_columns().map(str::to_owned).collect();
        let db = Db::open(&database.options())?;
        migrations::up(&db)?;
        recompute::run(&db, SystemClock.now(), line)?;
        // In a new database at once, while there is nothing to compare: the next start would compare all.
        feed::catch_up(&db, SystemClock.now())?;
        let ctx = Ctx::system(Role::Registrar, SystemClock.now());
        let options = Options {
            skip_bad: self.skip_bad,
            dry_run: self.dry_run,
            strict_names: self.strict_names,
            title: title(&self.file),
        };
        let ended = db.write_unbatched(move |conn| import::import(conn, &ctx, reader, &options));
        bar.finish_and_clear();
        if !ignored.is_empty() {
            line(&format!(
                "columns that nothing is read from: {}",
                ignored.join(", ")
            ))?;
        }
        self.tell(ended)
    }

    fn reading(&self) -> Result<Reading, CliError> {
        let mut reading = Reading::default();
        if let Some(label) = &self.encoding {
            reading = reading
                .with_encoding(label)
                .map_err(|error| CliError::usage(format!("--encoding: {error}")))?;
        }
        if let Some(separator) = &self.separator {
            reading = reading
                .with_separator(separator)
                .map_err(|error| CliError::usage(format!("--separator: {error}")))?;
        }
        Ok(match &self.sheet {
            Some(sheet) => reading.with_sheet(sheet),
            None => reading,
        })
    }

    fn mapping(&self) -> Result<Mapping, CliError> {
        let mut mapping = match &self.mapping {
            None => Mapping::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| {
                    CliError::usage(format!("{} can't be read: {error}", path.display()))
                })?;
                Mapping::from_toml(&text)
                    .map_err(|error| CliError::usage(format!("{}: {error}", path.display())))?
            }
        };
        for assignment in &self.map {
            mapping = mapping
                .with_map(assignment)
                .map_err(|error| CliError::usage(format!("--map {assignment}: {error}")))?;
        }
        for assignment in &self.set {
            mapping = mapping
                .with_set(assignment)
                .map_err(|error| CliError::usage(format!("--set {assignment}: {error}")))?;
        }
        Ok(mapping)
    }

    fn report(&self, report: &Report) -> Result<(), CliError> {
        if let Some(path) = &self.faults {
            write_faults(path, report)?;
        }
        for fault in report.told() {
            line(&fault)?;
        }
        for remark in report.to_do() {
            line(&format!("to do: {remark}"))?;
        }
        line(&report.summary())
    }

    fn tell(&self, ended: Result<Report, Ended>) -> Result<(), CliError> {
        match ended {
            Ok(report) => self.report(&report),
            Err(Ended::NothingKept(report)) => {
                self.report(&report)?;
                line("nothing was kept")?;
                if report.rejected > 0 && !self.skip_bad {
                    return Err(CliError::usage(format!(
                        "{} rows can't be used; correct them, or leave them out with --skip-bad",
                        report.rejected
                    )));
                }
                Ok(())
            }
            Err(Ended::Unreadable(error)) => Err(CliError::usage(format!(
                "{}: {error}; nothing was kept",
                self.file.display()
            ))),
            Err(Ended::Problem(problem)) => {
                Err(CliError::failed(format!("{problem}; nothing was kept")))
            }
        }
    }
}

/// Every fault of a report as a table.
fn write_faults(path: &Path, report: &Report) -> Result<(), CliError> {
    let written = csv::Writer::from_path(path).and_then(|mut table| {
        table.write_record(["line", "column", "value", "reason"])?;
        for fault in report.faults.iter().chain(&report.remarks) {
            let (line, value) = (fault.line.to_string(), fault.value.as_deref());
            let cells = [
                &line,
                &fault.column,
                value.unwrap_or_default(),
                &fault.reason,
            ];
            let cells = cells.map(formula::defused);
            table.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
        }
        Ok(table.flush()?)
    });
    written
        .map_err(|error| CliError::failed(format!("{} can't be written: {error}", path.display())))
}

/// The file, and a bar that shows on a terminal how much of it has been read.
fn open(path: &Path) -> Result<(Box<dyn Read + Send>, ProgressBar), CliError> {
    if path == Path::new("-") {
        return Ok((Box::new(std::io::stdin()), ProgressBar::hidden()));
    }
    let file = File::open(path)
        .map_err(|error| CliError::usage(format!("{} can't be read: {error}", path.display())))?;
    let bar = match file.metadata() {
        Ok(metadata) if std::io::stderr().is_terminal() => ProgressBar::new(metadata.len()),
        _ => ProgressBar::hidden(),
    };
    let bar = match ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    };
    Ok((Box::new(file), bar))
}

/// What the source is called where a row does not say: the file's name.
fn title(path: &Path) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    match name {
        Some(name) if name != "-" => format!("Import of {name}"),
        _ => "Import".to_owned(),
    }
}
