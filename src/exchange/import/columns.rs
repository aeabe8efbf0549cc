//! What is wrong with a row, told in the words of its file.

use std::io::Read;

use super::differences::Cell;
use crate::core::edtf::Edtf;
use crate::core::ids::PublicId;
use crate::exchange::links::{BadRow, End, EndField, LinkReader, LinkRow, Side, Target};
use crate::http::problem::Problem;

/// The file's own names of its columns.
#[derive(Debug)]
pub(super) struct Columns {
    ends: [String; 2],
    countries: [String; 2],
    agreement_id: String,
    instrument: String,
    relationship: String,
    signed_on: String,
    ended_on: String,
    note: String,
}

impl Columns {
    pub(super) fn of<R: Read>(reader: &LinkReader<R>) -> Self {
        let country = |side| reader.column(Target::End(side, EndField::Country));
        Self {
            ends: [Side::A, Side::B].map(|side| reader.naming_column(side)),
            countries: [Side::A, Side::B].map(country),
            agreement_id: reader.column(Target::AgreementId),
            instrument: reader.column(Target::Instrument),
            relationship: reader.column(Target::Relationship),
            signed_on: reader.column(Target::SignedOn),
            ended_on: reader.column(Target::EndedOn),
            note: reader.column(Target::Note),
        }
    }

    /// What an end lacks to become a partner, when all rows are asked.
    pub(super) fn unknown(&self, line: u64, side: Side, end: &End, all: &End) -> Option<BadRow> {
        let identifiers: Vec<String> = end.identifiers.iter().map(ToString::to_string).collect();
        let known_as = identifiers.join(", ");
        let lacking = match (&all.name, all.country) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => "country",
            (None, _) => "name",
        };
        let reason = format!(
            "a name and a country are needed, and the {lacking} is missing: no partner has this \
             identifier, {known_as}"
        );
        let mut fault = self.end_fault(line, side, end, reason);
        if lacking == "country" {
            let [a, b] = &self.countries;
            fault.column.clone_from(if side == Side::A { a } else { b });
        }
        Some(fault)
    }

    /// A fault of the cell that names an end.
    pub(super) fn end_fault(&self, line: u64, side: Side, end: &End, reason: String) -> BadRow {
        let [a, b] = &self.ends;
        let identifier = || end.identifiers.first().map(ToString::to_string);
        BadRow {
            line,
            column: if side == Side::A { a } else { b }.clone(),
            value: end.name.clone().or_else(identifier),
            reason,
        }
    }

    /// A letter of cars in a column of codes.
    pub(super) fn lone_letter(&self, line: u64, side: Side, letter: char) -> BadRow {
        let [a, b] = &self.countries;
        BadRow {
            line,
            column: if side == Side::A { a } else { b }.clone(),
            value: Some(letter.to_string()),
            reason: format!(
                "other cells of this column are codes of ISO 3166-1, of which none has one letter: write the code, or \
                 say under [values.\"{side}.country\"] in the mapping which country is meant by \"{letter}\""
            ),
        }
    }

    /// What the registry refuses, cell by cell.
    pub(super) fn of_problem(&self, row: &LinkRow, problem: &Problem) -> Vec<BadRow> {
        let mut faults: Vec<BadRow> = Vec::new();
        for error in problem.errors() {
            let pointer = error.pointer.as_deref().unwrap_or_default();
            let (column, value) = match pointer {
                "/instrument" => (
                    &self.instrument,
                    row.instrument.as_ref().map(ToString::to_string),
                ),
                "/signed_on" | "/events/0/effective_on" => (
                    &self.signed_on,
                    row.signed_on.as_ref().map(ToString::to_string),
                ),
                "/events/1/effective_on" => (
                    &self.ended_on,
                    row.ended_on.as_ref().map(ToString::to_string),
                ),
                _ => continue,
            };
            faults.push(BadRow {
                line: row.line,
                column: column.clone(),
                value,
                reason: error.message.clone(),
            });
        }
        if faults.is_empty() {
            faults.push(self.end_fault(row.line, Side::A, &row.a, problem.to_string()));
        }
        faults
    }

    /// A row says that a tie has ended, and the agreement that it matches stands.
    pub(super) fn still_stands(&self, row: &LinkRow, id: &PublicId) -> BadRow {
        BadRow {
            line: row.line,
            column: self.ended_on.clone(),
            value: row.ended_on.as_ref().map(ToString::to_string),
            reason: format!("{id} matches and stands: record its end there if it has ended"),
        }
    }

    /// What an export says otherwise than the registry, which stays as it is.
    pub(super) fn differs(&self, row: &LinkRow, cell: Cell, says: Option<&str>) -> BadRow {
        let side = |side: Side, of: &[String; 2]| {
            let [a, b] = of;
            if side == Side::A { a } else { b }.clone()
        };
        let end = |side: Side| if side == Side::A { &row.a } else { &row.b };
        let date = |date: &Option<Edtf>| date.as_ref().map(ToString::to_string);
        let (column, value) = match cell {
            Cell::AgreementId => (
                self.agreement_id.clone(),
                row.agreement_id.as_ref().map(ToString::to_string),
            ),
            Cell::Name(at) => (side(at, &self.ends), end(at).name.clone()),
            Cell::Country(at) => (
                side(at, &self.countries),
                end(at).country.as_ref().map(ToString::to_string),
            ),
            Cell::Instrument => (
                self.instrument.clone(),
                row.instrument.as_ref().map(ToString::to_string),
            ),
            Cell::Relationship => (
                self.relationship.clone(),
                Some(row.relationship.to_string()),
            ),
            Cell::SignedOn => (self.signed_on.clone(), date(&row.signed_on)),
            Cell::EndedOn => (self.ended_on.clone(), date(&row.ended_on)),
            Cell::Note => (self.note.clone(), row.note.clone()),
        };
        let reason = match says {
            Some(says) => format!("the registry has {says}, which this doesn't change"),
            None => {
                "the registry has no agreement of this id, so the id was not looked at".to_owned()
            }
        };
        BadRow {
            line: row.line,
            column,
            value,
            reason,
        }
    }
}
