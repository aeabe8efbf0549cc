//! What is wrong with a row, told in the words of its file.

use std::collections::BTreeMap;

use crate::core::ids::PublicId;
use crate::exchange::links::{BadRow, End, EndField, LinkRow, Side, Target};
use crate::http::problem::Problem;

/// The file's own names of its columns; that of a name is the one which names the end.
#[derive(Debug)]
pub(super) struct Columns(pub(super) BTreeMap<Target, String>);

impl Columns {
    fn column(&self, target: Target) -> String {
        self.0.get(&target).cloned().unwrap_or_default()
    }

    /// What there is to say of a cell.
    fn told(&self, row: &LinkRow, target: Target, reason: String) -> BadRow {
        BadRow {
            line: row.line,
            column: self.column(target),
            value: value(row, target),
            reason,
        }
    }

    /// A fault of the cell that names an end.
    pub(super) fn end_fault(&self, row: &LinkRow, side: Side, reason: String) -> BadRow {
        self.told(row, Target::End(side, EndField::Name), reason)
    }

    /// What an end lacks to become a partner, when all rows are asked.
    pub(super) fn unknown(&self, row: &LinkRow, side: Side, all: &End) -> Option<BadRow> {
        let (lacking, field) = match (&all.name, all.country) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => ("country", EndField::Country),
            (None, _) => ("name", EndField::Name),
        };
        let identifiers = side.of(row.ends()).identifiers.iter();
        let known_as: Vec<String> = identifiers.map(ToString::to_string).collect();
        let reason = format!(
            "a name and a country are needed, and the {lacking} is missing: no partner has this \
             identifier, {}",
            known_as.join(", ")
        );
        Some(BadRow {
            column: self.column(Target::End(side, field)),
            ..self.end_fault(row, side, reason)
        })
    }

    /// A letter of cars in a column of codes.
    pub(super) fn lone_letter(&self, row: &LinkRow, side: Side, letter: char) -> BadRow {
        let reason = format!(
            "other cells of this column are codes of ISO 3166-1, of which none has one letter: write the code, or \
             say under [values.\"{side}.country\"] in the mapping which country is meant by \"{letter}\""
        );
        BadRow {
            value: Some(letter.to_string()),
            ..self.told(row, Target::End(side, EndField::Country), reason)
        }
    }

    /// What the registry refuses, cell by cell.
    pub(super) fn of_problem(&self, row: &LinkRow, problem: &Problem) -> Vec<BadRow> {
        let told = problem.errors().iter().filter_map(|error| {
            let target = match error.pointer.as_deref()? {
                "/instrument" => Target::Instrument,
                "/signed_on" | "/events/0/effective_on" => Target::SignedOn,
                "/events/1/effective_on" => Target::EndedOn,
                _ => return None,
            };
            Some(self.told(row, target, error.message.clone()))
        });
        let mut faults: Vec<BadRow> = told.collect();
        if faults.is_empty() {
            faults.push(self.end_fault(row, Side::A, problem.to_string()));
        }
        faults
    }

    /// A row says that a tie has ended, and the agreement that it matches stands.
    pub(super) fn still_stands(&self, row: &LinkRow, id: &PublicId) -> BadRow {
        let reason = format!("{id} matches and stands: record its end there if it has ended");
        self.told(row, Target::EndedOn, reason)
    }

    /// What an export says otherwise than the registry, which stays as it is.
    pub(super) fn differs(&self, row: &LinkRow, target: Target, says: Option<&str>) -> BadRow {
        let reason = match says {
            Some(says) => format!("the registry has {says}, which this doesn't change"),
            None => {
                "the registry has no agreement of this id, so the id was not looked at".to_owned()
            }
        };
        self.told(row, target, reason)
    }
}

/// What a row says of a target; of the name of an end that has none its first identifier.
fn value(row: &LinkRow, target: Target) -> Option<String> {
    fn text(value: Option<&impl ToString>) -> Option<String> {
        value.map(ToString::to_string)
    }
    match target {
        Target::End(side, EndField::Name) => {
            let end = side.of(row.ends());
            end.name.clone().or_else(|| text(end.identifiers.first()))
        }
        Target::End(side, EndField::Country) => text(side.of(row.ends()).country.as_ref()),
        Target::AgreementId => text(row.agreement_id.as_ref()),
        Target::Instrument => text(row.instrument.as_ref()),
        Target::Relationship => Some(row.relationship.to_string()),
        Target::SignedOn => text(row.signed_on.as_ref()),
        Target::EndedOn => text(row.ended_on.as_ref()),
        Target::Note => row.note.clone(),
        _ => None,
    }
}
