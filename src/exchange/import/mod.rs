//! Links into the registry: which partners the ends of a row are, whether the tie is known, and what
//! is recorded of it.
//!
//! The whole file is one write transaction. What is known is read into memory once, so that a row
//! costs the statements of what it records and few others. Rows one of whose ends can be known only
//! by an identifier wait until all others are read: the order of a file makes no difference.

mod agreements;
mod partners;
mod report;

use std::io::Read;

use agreements::Ties;
use partners::{Found, Partners};
pub use report::{Ended, Report};

use crate::changes::Ctx;
use crate::db::{self, DbConn};
use crate::exchange::links::{BadRow, End, LinkReader, LinkRow};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// How a file is imported.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether rows that can't be used are left out instead of refusing the whole file.
    pub skip_bad: bool,
    /// Whether nothing is kept.
    pub dry_run: bool,
    /// What the source is called where a row does not say.
    pub title: String,
}

/// Imports a file inside one write transaction, which is undone when nothing is to be kept.
pub fn import<R: Read>(
    conn: &mut DbConn,
    ctx: &Ctx,
    reader: LinkReader<R>,
    options: &Options,
) -> Result<Report, Ended> {
    let mut run = Run {
        partners: Partners::load(conn)?,
        ties: Ties::load(conn, options.title.clone())?,
        report: Report::default(),
    };
    let mut waiting: Vec<LinkRow> = Vec::new();
    for row in reader {
        run.report.rows += 1;
        match row? {
            Ok(row) if run.must_wait(&row) => waiting.push(row),
            Ok(row) => run.row(conn, ctx, &row)?,
            Err(faults) => run.report.reject(faults),
        }
    }
    for row in waiting {
        run.row(conn, ctx, &row)?;
    }
    let report = run.report;
    if options.dry_run || (report.rejected > 0 && !options.skip_bad) {
        return Err(Ended::NothingKept(Box::new(report)));
    }
    Ok(report)
}

/// What is known while a file is read.
struct Run {
    partners: Partners,
    ties: Ties,
    report: Report,
}

impl Run {
    /// Whether an end can be found by its identifier only, and has not been yet.
    fn must_wait(&self, row: &LinkRow) -> bool {
        [&row.a, &row.b].into_iter().any(|end| {
            (end.name.is_none() || end.country.is_none())
                && matches!(self.partners.find(end), Found::Nobody)
        })
    }

    /// Uses one row, or rejects it with its reasons.
    fn row(&mut self, conn: &mut DbConn, ctx: &Ctx, row: &LinkRow) -> Result<(), Ended> {
        let (a, b) = (self.partners.find(&row.a), self.partners.find(&row.b));
        let mut faults = Vec::new();
        for (side, end, found) in [("a", &row.a, &a), ("b", &row.b, &b)] {
            faults.extend(unusable(row.line, side, end, found));
        }
        if let (Found::One(a), Found::One(b)) = (&a, &b)
            && a == b
        {
            faults.push(fault(
                row.line,
                "b.name",
                &row.b,
                "both ends are the same partner",
            ));
        }
        if !faults.is_empty() {
            self.report.reject(faults);
            return Ok(());
        }
        let ends = [(&row.a, known(&a)), (&row.b, known(&b))];
        let (partners, ties) = (&self.partners, &mut self.ties);
        let used = db::savepoint(conn, |conn| ties.record(conn, ctx, partners, row, ends));
        match used {
            Ok(used) => {
                for partner in used.new_partners {
                    self.partners.add(partner);
                    self.report.partners_created += 1;
                }
                self.ties.keep(used.tie, &mut self.report);
                Ok(())
            }
            Err(problem) if is_of_the_row(&problem) => {
                self.ties.forget_sources();
                let reason = problem.to_string();
                self.report
                    .reject(vec![fault(row.line, "", &row.a, &reason)]);
                Ok(())
            }
            Err(problem) => Err(problem.into()),
        }
    }
}

/// Whether the row is at fault, and not the registry.
fn is_of_the_row(problem: &Problem) -> bool {
    !matches!(problem.code(), Code::Internal | Code::Unavailable)
}

fn known(found: &Found) -> Option<usize> {
    match found {
        Found::One(index) => Some(*index),
        Found::Nobody | Found::Several(_) | Found::Contradiction => None,
    }
}

/// Why an end can't be used, if it can't.
fn unusable(line: u64, side: &str, end: &End, found: &Found) -> Option<BadRow> {
    let reason = match found {
        Found::One(_) => return None,
        Found::Nobody if end.name.is_some() && end.country.is_some() => return None,
        Found::Nobody => {
            "a name and a country are needed: no partner has this identifier".to_owned()
        }
        Found::Several(ids) => {
            format!(
                "several partners fit and nothing says which: {}",
                ids.join(", ")
            )
        }
        Found::Contradiction => "its identifiers belong to different partners".to_owned(),
    };
    Some(fault(line, &format!("{side}.name"), end, &reason))
}

fn fault(line: u64, column: &str, end: &End, reason: &str) -> BadRow {
    let value = end
        .name
        .clone()
        .or_else(|| end.identifiers.first().map(ToString::to_string));
    BadRow {
        line,
        column: column.to_owned(),
        value,
        reason: reason.to_owned(),
    }
}
