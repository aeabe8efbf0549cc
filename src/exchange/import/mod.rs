//! Links into the registry: which partners the ends of a row are, whether the tie is known, and what
//! is recorded of it.
//!
//! The whole file is one write transaction. It is read before anything is recorded, and so is what the
//! registry knows: who the ends of its rows are follows from all of them together, and the order of
//! the rows makes no difference.

mod agreements;
mod columns;
mod combine;
mod differences;
mod identity;
mod near;
mod order;
mod partners;
mod postcodes;
mod report;
mod summary;

use std::collections::{HashMap, HashSet};
use std::io::Read;

use agreements::{Ties, Used};
use columns::Columns;
use identity::{Entity, Identities, Identity};
use near::Other;
use partners::{Known, Partners};
use postcodes::Postcodes;
pub use report::{Ended, Report};

use crate::changes::{self, Ctx};
use crate::core::name::{self, Likeness};
use crate::core::vocabulary::Code as _;
use crate::db::DbConn;
use crate::exchange::links::{
    BadRow, CountrySign, End, KindSaid, LinkReader, LinkRow, Side, Target,
};
use crate::http::code::Code;
use crate::http::problem::Problem;

/// How a file is imported.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether rows that can't be used are left out instead of refusing the whole file.
    pub skip_bad: bool,
    /// Whether nothing is kept.
    pub dry_run: bool,
    /// Whether rows are refused whose names look like those of other partners.
    pub strict_names: bool,
    /// What the source is called where a row does not say.
    pub title: String,
}

/// Imports a file inside one write transaction, which is undone when nothing is to be kept.
pub fn import<R: Read>(
    conn: &mut DbConn,
    ctx: &Ctx,
    mut reader: LinkReader<R>,
    options: &Options,
) -> Result<Report, Ended> {
    let mut run = Run {
        columns: Columns(reader.columns()),
        partners: Partners::load(conn)?,
        ties: Ties::load(conn, options.title.clone(), ctx.today())?,
        report: Report::default(),
    };
    let mut rows: Vec<LinkRow> = Vec::new();
    for row in reader.by_ref() {
        run.report.rows += 1;
        match row? {
            Ok(mut row) => {
                run.report.remarks.append(&mut row.left_out);
                rows.push(row);
            }
            Err(faults) => run.report.reject(faults),
        }
    }
    run.report.without_partner = reader.without_partner();
    run.report.above_header = reader.rows_above_header();
    run.one_sort_of_codes(&mut rows);
    run.only_told_by_postcode(&mut rows);
    let Identities { mut entities, of } = identity::resolve(&run.partners, &rows);
    let mut usable = run.usable(&rows, &entities, of);
    run.look_alikes(&mut usable, &entities, options.strict_names);
    run.other_kinds(&usable, &entities);
    run.found_by_name(&usable, &entities);
    usable.sort_by_cached_key(|(row, ends)| order::of(row, *ends));
    for about_one in
        usable.chunk_by(|(_, [a, b]), (_, other)| other.contains(a) && other.contains(b))
    {
        run.tie(conn, ctx, about_one, &mut entities)?;
    }
    let mut report = run.report;
    // Rows are not recorded in the order of the file.
    report.faults.sort_by_key(|fault| fault.line);
    report.remarks.sort_by_key(|remark| remark.line);
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

/// A row and which partners its ends are.
type Resolved<'r> = (&'r LinkRow, [usize; 2]);

impl Run {
    /// Rejects rows with a letter that cars have where other cells of its column are codes: it may be a slip.
    fn one_sort_of_codes(&mut self, rows: &mut Vec<LinkRow>) {
        let ends = rows.iter().flat_map(|row| Side::each(row.ends()));
        let coded = ends.filter(|(_, end)| end.country_sign == Some(CountrySign::Code));
        let coded: HashSet<Side> = coded.map(|(side, _)| side).collect();
        self.reject(rows, |columns, row, side, end| match end.country_sign {
            Some(CountrySign::Letter(letter)) if coded.contains(&side) => {
                Some(columns.lone_letter(row, side, letter))
            }
            _ => None,
        });
    }

    /// Rejects rows whose ends are namesakes or one city, and only their postcodes would say which.
    fn only_told_by_postcode(&mut self, rows: &mut Vec<LinkRow>) {
        let postcodes = Postcodes::of(rows);
        self.reject(rows, |columns, row, side, end| {
            Some(columns.end_fault(row, side, postcodes.fault(end)?))
        });
    }

    /// Rejects rows of whose ends any has a fault.
    fn reject(
        &mut self,
        rows: &mut Vec<LinkRow>,
        fault: impl Fn(&Columns, &LinkRow, Side, &End) -> Option<BadRow>,
    ) {
        rows.retain(|row| {
            let ends = Side::each(row.ends()).into_iter();
            let faults = ends.filter_map(|(side, end)| fault(&self.columns, row, side, end));
            self.report.is_faultless(faults.collect())
        });
    }

    /// What the rows about two partners say together, if no tie of theirs is known and none of the rows contradicts
    /// another: what is recorded does not hang on which of them comes first.
    fn whole(&self, about_one: &[Resolved<'_>], entities: &[Entity]) -> Option<LinkRow> {
        let (_, ends) = about_one.first()?;
        let keys = ends.map(|at| Some(self.partners.get(entities.get(at)?.partner?)?.who.key));
        if let [Some(a), Some(b)] = keys
            && self.ties.knows(vec![a, b])
        {
            return None;
        }
        let rows: Vec<&LinkRow> = about_one.iter().map(|(row, _)| *row).collect();
        combine::of(&rows)
    }

    /// The rows both of whose ends are somebody; the others are rejected with their reasons.
    fn usable<'r>(
        &mut self,
        rows: &'r [LinkRow],
        entities: &[Entity],
        of: Vec<[Identity; 2]>,
    ) -> Vec<Resolved<'r>> {
        let mut usable = Vec::with_capacity(rows.len());
        for (row, ends) in rows.iter().zip(of) {
            let mut faults = Vec::new();
            for (side, who) in Side::each(ends.each_ref()) {
                faults.extend(match who {
                    Identity::Unclear(reason) => {
                        Some(self.columns.end_fault(row, side, reason.clone()))
                    }
                    Identity::Entity(at) => entities
                        .get(*at)
                        .filter(|entity| entity.partner.is_none())
                        .and_then(|entity| self.columns.unknown(row, side, &entity.end)),
                });
            }
            let [Identity::Entity(a), Identity::Entity(b)] = ends else {
                self.report.reject(faults);
                continue;
            };
            if a == b {
                let reason = "both ends are the same partner".to_owned();
                faults.push(self.columns.end_fault(row, Side::B, reason));
            }
            if self.report.is_faultless(faults) {
                usable.push((row, [a, b]));
            }
        }
        usable
    }

    /// Tells of new partners that look like others; when names must not, their rows are rejected.
    fn look_alikes(&mut self, usable: &mut Vec<Resolved<'_>>, entities: &[Entity], strict: bool) {
        let used: HashSet<usize> = usable.iter().flat_map(|(_, ends)| *ends).collect();
        let alike = near::alike(&self.partners, entities, &used);
        // Rows stand in the order of the file here: the first one that speaks of a partner counts.
        let lines = usable.iter().rev();
        let lines = lines.flat_map(|(row, ends)| ends.map(|at| (at, row.line)));
        let first: HashMap<usize, u64> = lines.collect();
        // What only sounds alike is told, and never refused.
        let reasons: HashMap<usize, (String, bool)> = alike
            .into_iter()
            .map(|(new, other, likeness)| {
                let other = match other {
                    Other::Known(at) => self.partners.get(at).map(|known| {
                        let partner = &known.who.partner;
                        format!("{} ({})", partner.name, partner.id)
                    }),
                    Other::New(at) => entities.get(at).map(|entity| {
                        let name = entity.end.name.as_deref().unwrap_or_default();
                        let line = first.get(&at).copied().unwrap_or_default();
                        format!("{name} of line {line}")
                    }),
                };
                let other = other.unwrap_or_default();
                let reason = format!(
                    "looks like {other}; if it is the same partner, write its name the same way or \
                     give an identifier of both"
                );
                let refuses = strict && likeness == Likeness::Spelling;
                (new, (reason, refuses))
            })
            .collect();
        let mut told: HashSet<usize> = HashSet::new();
        usable.retain(|(row, ends)| {
            let mut faults = Vec::new();
            for (side, at) in Side::each(*ends) {
                let Some((reason, refuses)) = reasons.get(&at) else {
                    continue;
                };
                let said = || self.columns.end_fault(row, side, reason.clone());
                if *refuses {
                    faults.push(said());
                } else if told.insert(at) {
                    self.report.remarks.push(said());
                }
            }
            self.report.is_faultless(faults)
        });
    }

    /// Tells of cities that are meant although the kind set for the whole file is an institution's.
    fn other_kinds(&mut self, usable: &[Resolved<'_>], entities: &[Entity]) {
        let mut told: HashSet<usize> = HashSet::new();
        for (row, ends) in usable {
            for (side, at) in Side::each(*ends) {
                let end = side.of(row.ends());
                let set = end.kind_said == KindSaid::File && end.kind.is_institution();
                let known = entities.get(at).map(|entity| entity.end.kind);
                let other = known.filter(|kind| set && !kind.is_institution());
                if let Some(known) = other.filter(|_| told.insert(at)) {
                    let reason = format!(
                        "is known as {}; if the file means a {} of this name, say its kind in the row",
                        known.code(),
                        end.kind.code()
                    );
                    let remark = self.columns.end_fault(row, side, reason);
                    self.report.remarks.push(remark);
                }
            }
        }
    }

    /// Tells of partners of the registry that are found by their names alone although rows say more of them: they may
    /// be namesakes.
    fn found_by_name(&mut self, usable: &[Resolved<'_>], entities: &[Entity]) {
        let mut told: HashSet<(usize, &str)> = HashSet::new();
        for (row, ends) in usable.iter().filter(|(row, _)| row.agreement_id.is_none()) {
            for (side, at) in Side::each(*ends) {
                let end = side.of(row.ends());
                let is_named = side.of(row.end_ids.each_ref()).is_none();
                let Some(more) = end.beyond_the_name().filter(|_| is_named) else {
                    continue;
                };
                let named = |entity: &&Entity| {
                    entity.end.identifiers.is_empty() && entity.end.point.is_none()
                };
                let partner = entities
                    .get(at)
                    .filter(named)
                    .and_then(|entity| entity.partner);
                let known = partner.and_then(|partner| self.partners.get(partner));
                let key = end.full_key().unwrap_or_else(|| name::key(more));
                let bears = |known: &Known| known.name_keys().contains(&key);
                if known.is_some_and(|known| !bears(known)) && told.insert((at, more)) {
                    let reason = format!(
                        "this partner was found by its name alone and may be another one of that name: {more} was \
                         not compared, which an identifier would be"
                    );
                    let remark = self.columns.end_fault(row, side, reason);
                    self.report.remarks.push(remark);
                }
            }
        }
    }

    /// Records the rows about two partners: together, or else one by one, each of which may be rejected with its
    /// reasons.
    fn tie(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        rows: &[Resolved<'_>],
        entities: &mut [Entity],
    ) -> Result<(), Ended> {
        let mut left = rows;
        if let Some(whole) = self.whole(rows, entities)
            && let Some(((_, ends), others)) = rows.split_first()
            && self.row(conn, ctx, &whole, entities, *ends)?.is_none()
        {
            left = others;
        }
        for (row, ends) in left {
            if let Some(problem) = self.row(conn, ctx, row, entities, *ends)? {
                self.report.reject(self.columns.of_problem(row, &problem));
            }
        }
        Ok(())
    }

    /// Records one row; else what is wrong with it.
    fn row(
        &mut self,
        conn: &mut DbConn,
        ctx: &Ctx,
        row: &LinkRow,
        entities: &mut [Entity],
        ends: [usize; 2],
    ) -> Result<Option<Problem>, Ended> {
        let used = {
            let [Some(a), Some(b)] = ends.map(|at| entities.get(at)) else {
                return Err(Problem::new(Code::Internal).into());
            };
            let those = [(&a.end, a.partner), (&b.end, b.partner)];
            let (partners, ties) = (&self.partners, &mut self.ties);
            changes::savepoint(conn, |conn| ties.record(conn, ctx, partners, row, those))
        };
        match used {
            Ok(used) => {
                self.keep(row, entities, ends, used);
                Ok(None)
            }
            Err(problem) if is_of_the_row(&problem) => {
                // A source that the row recorded is gone again.
                self.ties.forget_sources();
                Ok(Some(problem))
            }
            Err(problem) => Err(problem.into()),
        }
    }

    /// Remembers what a row did, for the rows that follow.
    fn keep(&mut self, row: &LinkRow, entities: &mut [Entity], ends: [usize; 2], used: Used) {
        let mut fresh = used.new_partners.into_iter();
        for at in ends {
            if let Some(entity) = entities.get_mut(at).filter(|one| one.partner.is_none()) {
                entity.partner = fresh.next().map(|partner| self.partners.add(partner));
                self.report.partners_created += 1;
            }
        }
        if let Some(id) = &used.stands {
            self.report.remarks.push(self.columns.still_stands(row, id));
        }
        for (cell, says) in used.differences {
            // That it has ended and stands is told already.
            if cell != Target::EndedOn || used.stands.is_none() {
                let remark = self.columns.differs(row, cell, says.as_deref());
                self.report.remarks.push(remark);
            }
        }
        self.ties.keep(used.tie, &mut self.report);
    }
}

/// Whether the row is at fault, and not the registry.
fn is_of_the_row(problem: &Problem) -> bool {
    !matches!(problem.code(), Code::Internal | Code::Unavailable)
}
