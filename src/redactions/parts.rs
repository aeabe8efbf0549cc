//! What hangs on a record and is a record of its own: its citations, its documents and, of a partner, its
//! relations.

use std::collections::BTreeSet;

use diesel::prelude::*;
use serde_json::Value;

use super::history::{self, Logs, blanked};
use crate::changes::{self, Change, Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::person::{Members, Person};
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::schema::{changes as log, citations, documents, partner_relations, partners};
use crate::db::{DbConn, Json};
use crate::evidence::citations::store::{self, CitationRow};
use crate::evidence::documents::record as document;
use crate::evidence::documents::store::{DocumentRow, DocumentTexts};
use crate::http::problem::Problem;
use crate::http::respond;
use crate::partners::relations::{self, RelationRow};
use crate::{change_row, versioned};

/// Who is taken out, and under what.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) persons: &'a [Person],
    pub(super) reason: &'a str,
}

/// Takes these persons out of everything that hangs on the record, each with its own change, and notes the logs that
/// name them; in how many places they stood.
pub(super) fn erase(
    conn: &mut DbConn,
    by: By<'_>,
    (record, key): (&PublicId, i64),
    logs: &mut Logs,
) -> Result<usize, Problem> {
    let mut places = 0;
    for id in citations_of(conn, record)? {
        places += in_citation(conn, by, &id)?;
    }
    for row in documents_of(conn, record)? {
        places += in_document(conn, by, &row, logs)?;
    }
    if record.kind() == Kind::Partner {
        let relations: Vec<RelationRow> = partner_relations::table
            .filter(partner_relations::from_id.eq(key))
            .order(partner_relations::id)
            .select(RelationRow::as_select())
            .load(conn)?;
        for row in relations {
            places += in_relation(conn, by, row)?;
        }
    }
    for id in logged(conn, record, key)? {
        let members = if record.kind() == Kind::Source {
            Members::Only(SOURCE)
        } else {
            own_members(&id)
        };
        places += logs.note(conn, (&id, members), by.persons)?;
    }
    Ok(places)
}

fn citations_of(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<PublicId>> {
    citations::table
        .filter(citations::record.eq(record))
        .order(citations::id)
        .select(citations::public_id)
        .load(conn)
}

/// Where citations and relations show their source.
const SOURCE: &str = "source";

/// What the log of this id says of it: a citation and a relation show a source as well, which is redacted by itself.
pub(super) fn own_members(id: &PublicId) -> Members {
    match id.kind() {
        Kind::Citation | Kind::Relation => Members::But(SOURCE),
        _ => Members::All,
    }
}

/// The record that what is logged under this id belongs to: itself, unless it is a part of another one.
pub(super) fn owner(conn: &mut DbConn, id: &PublicId) -> QueryResult<Option<PublicId>> {
    // A merger has moved what the log says to be of the other partner.
    let (now, place): (Option<PublicId>, _) = match id.kind() {
        Kind::Document => return records::of_document(conn, id),
        Kind::Citation => {
            let own = citations::table.filter(citations::public_id.eq(id));
            let record = own.select(citations::record).first(conn).optional()?;
            (record, "/0/value/record_id")
        }
        Kind::Relation => {
            let own = partner_relations::table.filter(partner_relations::public_id.eq(id));
            let from = partners::id.eq_any(own.select(partner_relations::from_id));
            let partner = partners::table.filter(from).select(partners::public_id);
            (partner.first(conn).optional()?, "/0/value/from/id")
        }
        _ => return Ok(Some(id.clone())),
    };
    if now.is_some() {
        return Ok(now);
    }
    // The first entry adds it as a whole.
    let first: Option<Json<Value>> = log::table
        .filter(log::record.eq(id))
        .order(log::seq)
        .select(log::patch)
        .first(conn)
        .optional()?;
    let first = first.map_or(Value::Null, |Json(patch)| patch);
    let named = first.pointer(place).and_then(Value::as_str);
    Ok(named.and_then(|id| id.parse().ok()))
}

/// The citations and relations of a record, or from a source, that the log knows: of those that were removed,
/// nothing else is left.
fn logged(conn: &mut DbConn, record: &PublicId, key: i64) -> QueryResult<Vec<PublicId>> {
    if record.kind() == Kind::Contact {
        return Ok(Vec::new());
    }
    let named: Vec<PublicId> = log::table
        .filter(log::entity.eq_any([Entity::Citation, Entity::Relation]))
        .filter(log::patch.like(format!("%\"{record}\"%")))
        .select(log::record)
        .distinct()
        .load(conn)?;
    // A record has few of them; a source may have thousands.
    if record.kind() == Kind::Source {
        return Ok(named);
    }
    // Those that a merger has moved here may be logged with the other partner alone.
    let mut own = BTreeSet::from_iter(citations_of(conn, record)?);
    if record.kind() == Kind::Partner {
        let relations: Vec<PublicId> = partner_relations::table
            .filter(partner_relations::from_id.eq(key))
            .select(partner_relations::public_id)
            .load(conn)?;
        own.extend(relations);
    }
    for id in named {
        if owner(conn, &id)?.as_ref() == Some(record) {
            own.insert(id);
        }
    }
    Ok(own.into_iter().collect())
}

fn in_relation(conn: &mut DbConn, by: By<'_>, row: RelationRow) -> Result<usize, Problem> {
    let (note, places) = blanked(row.note.as_ref(), by.persons);
    if places > 0 {
        relations::redact(conn, by.ctx, row, note, by.reason)?;
    }
    Ok(places)
}

/// The documents of a record and of its events, whatever their state.
fn documents_of(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<DocumentRow>> {
    let papers = records::papers(conn, record)?;
    documents::table
        .filter(documents::public_id.eq_any(papers))
        .order(documents::id)
        .select(DocumentRow::as_select())
        .load(conn)
}

fn in_document(
    conn: &mut DbConn,
    by: By<'_>,
    row: &DocumentRow,
    logs: &mut Logs,
) -> Result<usize, Problem> {
    let (title, titled) = blanked(row.title.as_ref(), by.persons);
    let (withdrawn_reason, withdrawn) = blanked(row.withdrawn_reason.as_ref(), by.persons);
    // A file with half a name would be a riddle: it goes by its id instead. Half an address leads nowhere.
    let unnamed = |text: &Option<String>| {
        let text = text.clone();
        text.filter(|text| !by.persons.iter().any(|it| it.stands_in(text)))
    };
    let (file_name, external_url) = (unnamed(&row.file_name), unnamed(&row.external_url));
    let places = titled
        + withdrawn
        + usize::from(file_name != row.file_name)
        + usize::from(external_url != row.external_url)
        + logs.note(conn, (&row.public_id, Members::All), by.persons)?;
    if places == 0 {
        return Ok(0);
    }
    let left = DocumentTexts {
        title,
        file_name,
        external_url,
        withdrawn_reason,
    };
    let ctx = by.ctx.with_state(row.record_state);
    document::redact(conn, &ctx, row, &left, by.reason)?.ok_or_else(Problem::overtaken)?;
    history::forget(conn, &row.public_id, by.persons)?;
    Ok(places)
}

fn in_citation(conn: &mut DbConn, by: By<'_>, id: &PublicId) -> Result<usize, Problem> {
    let Some((before, source)) = store::find(conn, id)? else {
        return Ok(0);
    };
    let (stated_value, stated) = blanked(before.stated_value.as_ref(), by.persons);
    let (quote, quoted) = blanked(before.quote.as_ref(), by.persons);
    let places = stated + quoted;
    if places == 0 {
        return Ok(0);
    }
    let columns = (
        versioned!(citations, before.version, by.ctx),
        citations::stated_value.eq(stated_value),
        citations::quote.eq(quote),
    );
    let after = change_row!(citations => CitationRow, conn, before, columns)?;
    let after = after.ok_or(diesel::NotFound)?;
    let (was, is) = (before.view(&source), after.view(&source));
    let (was, is) = (respond::to_value(&was)?, respond::to_value(&is)?);
    let change = Change {
        op: ChangeOp::Redacted,
        reason: Some(by.reason),
        ..Change::of(Entity::Citation, (id, after.version), Some(&was), &is)
    };
    changes::record(conn, by.ctx, &change)?;
    history::forget(conn, id, by.persons)?;
    Ok(places)
}
