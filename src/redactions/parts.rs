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
use crate::db::{DbConn, Json, columns_of};
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
    let cited: Vec<PublicId> = citations::table
        .filter(citations::record.eq(record))
        .order(citations::id)
        .select(citations::public_id)
        .load(conn)?;
    for id in &cited {
        places += in_citation(conn, by, id)?;
    }
    let mut own = BTreeSet::from_iter(cited);
    for row in documents_of(conn, record)? {
        places += in_document(conn, by, &row, logs)?;
    }
    if record.kind() == Kind::Partner {
        let relations: Vec<RelationRow> = partner_relations::table
            .filter(partner_relations::from_id.eq(key))
            .order(partner_relations::id)
            .select(columns_of::<RelationRow>())
            .load(conn)?;
        for row in relations {
            own.insert(row.public_id.clone());
            let (note, named) = blanked(row.note.as_deref(), by.persons);
            if named > 0 {
                relations::redact(conn, by.ctx, row, note, by.reason)?;
            }
            places += named;
        }
    }
    for id in logged(conn, record, own)? {
        let members = match record.kind() {
            Kind::Source => Members::Only(SOURCE),
            _ => own_members(&id),
        };
        places += logs.note(conn, (&id, members), by.persons)?;
    }
    Ok(places)
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
/// nothing else is left. A merger may have moved those that are its `own` now here: they are logged with the
/// other partner alone.
fn logged(
    conn: &mut DbConn,
    record: &PublicId,
    mut own: BTreeSet<PublicId>,
) -> QueryResult<BTreeSet<PublicId>> {
    if record.kind() == Kind::Contact {
        return Ok(BTreeSet::new());
    }
    let named = log::table
        .filter(log::entity.eq_any([Entity::Citation, Entity::Relation]))
        .filter(log::patch.like(format!("%\"{record}\"%")))
        .select(log::record)
        .distinct()
        .load::<PublicId>(conn)?;
    // A record has few of them; a source may have thousands.
    if record.kind() == Kind::Source {
        return Ok(BTreeSet::from_iter(named));
    }
    for id in named {
        if owner(conn, &id)?.as_ref() == Some(record) {
            own.insert(id);
        }
    }
    Ok(own)
}

/// The documents of a record and of its events, whatever their state.
fn documents_of(conn: &mut DbConn, record: &PublicId) -> QueryResult<Vec<DocumentRow>> {
    let papers = records::papers(conn, record)?;
    documents::table
        .filter(documents::public_id.eq_any(papers))
        .order(documents::id)
        .select(columns_of::<DocumentRow>())
        .load(conn)
}

fn in_document(
    conn: &mut DbConn,
    by: By<'_>,
    row: &DocumentRow,
    logs: &mut Logs,
) -> Result<usize, Problem> {
    let (title, titled) = blanked(row.fields.title.as_deref(), by.persons);
    let (withdrawn_reason, withdrawn) = blanked(row.withdrawn_reason.as_deref(), by.persons);
    // A file with half a name would be a riddle: it goes by its id instead. Half an address leads nowhere.
    let unnamed = |text: &Option<String>| {
        let text = text.clone();
        text.filter(|text| !by.persons.iter().any(|it| it.stands_in(text)))
    };
    let (file_name, external_url) = (
        unnamed(&row.held.file_name),
        unnamed(&row.fields.external_url),
    );
    let places = titled
        + withdrawn
        + usize::from(file_name != row.held.file_name)
        + usize::from(external_url != row.fields.external_url)
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
    let (stated_value, stated) = blanked(before.stated_value.as_deref(), by.persons);
    let (quote, quoted) = blanked(before.quote.as_deref(), by.persons);
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
    let was = respond::to_value(&before.view(&source))?;
    let is = respond::to_value(&after.view(&source))?;
    let change = Change::of(Entity::Citation, (id, after.version), Some(&was), &is);
    let change = change.with_op(ChangeOp::Redacted, Some(by.reason));
    changes::record(conn, by.ctx, &change)?;
    history::forget(conn, id, by.persons)?;
    Ok(places)
}
