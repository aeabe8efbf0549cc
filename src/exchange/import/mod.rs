//! Links into the registry: which partners the ends of a row are, whether the tie is known, and what
//! is recorded of it.
//!
//! The whole file is one write transaction. What is known is read into memory once, so that a row
//! costs the statements of what it records and few others. Rows one of whose ends can be known only
//! by an identifier wait until all others are read: the order of a file makes no difference.

mod agreements;
mod columns;
mod partners;
mod report;
mod summary;

use std::io::Read;

use agreements::{Ties, Used};
use columns::Columns;
use partners::{Found, Partners};
pub use report::{Ended, Report};

use crate::changes::Ctx;
use crate::db::{self, DbConn};
use crate::exchange::links::{End, LinkReader, LinkRow, Side};
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
        columns: Columns::of(&reader),
        partners: Partners::load(conn)?,
        ties: Ties::load(conn, options.title.clone(), ctx.today())?,
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
    run.waited(conn, ctx, waiting)?;
    let mut report = run.report;
    // Those that waited come in their turn.
    report.faults.sort_by_key(|fault| fault.line);
    if options.dry_run || (report.rejected > 0 && !options.skip_bad) {
        return Err(Ended::NothingKept(Box::new(report)));
    }
    Ok(report)
}

/// What is known while a file is read.
struct Run {
    columns: Columns,
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

    /// Uses the rows that waited: again and again as long as one of them makes another one's partner
    /// known. Those that wait for nobody are rejected.
    fn waited(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        mut waiting: Vec<LinkRow>,
    ) -> Result<(), Ended> {
        loop {
            let before = waiting.len();
            let (still, ready): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|row| self.must_wait(row));
            for row in ready {
                self.row(conn, ctx, &row)?;
            }
            waiting = still;
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
        for row in waiting {
            self.row(conn, ctx, &row)?;
        }
        Ok(())
    }

    /// Uses one row, or rejects it with its reasons.
    fn row(&mut self, conn: &mut DbConn, ctx: &Ctx, row: &LinkRow) -> Result<(), Ended> {
        let [a_id, b_id] = row.end_ids.each_ref().map(Option::as_ref);
        let find = |id, end| {
            let known = self.partners.with_id(id);
            known.unwrap_or_else(|| self.partners.find(end))
        };
        let (a, b) = (find(a_id, &row.a), find(b_id, &row.b));
        let mut faults = Vec::new();
        for (side, end, found) in [(Side::A, &row.a, &a), (Side::B, &row.b, &b)] {
            faults.extend(self.columns.unusable(row.line, side, end, found));
        }
        if let (Found::One(a), Found::One(b)) = (&a, &b)
            && a == b
        {
            let reason = "both ends are the same partner".to_owned();
            faults.push(self.columns.end_fault(row.line, Side::B, &row.b, reason));
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
                self.keep(row, ends, used);
                Ok(())
            }
            Err(problem) if is_of_the_row(&problem) => {
                // A source that the row recorded is gone again.
                self.ties.forget_sources();
                self.report.reject(self.columns.of_problem(row, &problem));
                Ok(())
            }
            Err(problem) => Err(problem.into()),
        }
    }

    /// Remembers what a row did, for the rows that follow.
    fn keep(&mut self, row: &LinkRow, ends: [(&End, Option<usize>); 2], used: Used) {
        for (end, index) in ends {
            if let Some(index) = index {
                self.partners.learn(index, end);
            }
        }
        let fresh = ends.iter().filter(|(_, index)| index.is_none());
        for (partner, (end, _)) in used.new_partners.into_iter().zip(fresh) {
            self.partners.add(partner, vec![end.folded_name()]);
            self.report.partners_created += 1;
        }
        if let Some(id) = used.stands {
            self.report
                .remarks
                .push(self.columns.still_stands(row, &id));
        }
        self.ties.keep(used.tie, &mut self.report);
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
