//! What hangs on a record and is a record of its own: its citations and its documents.

use diesel::prelude::*;

use super::history::{self, blanked};
use crate::changes::{self, Change, Ctx, records};
use crate::core::ids::{Kind, PublicId};
use crate::core::person::Person;
use crate::core::vocabulary::record::{ChangeOp, Entity};
use crate::db::DbConn;
use crate::db::schema::{citations, documents};
use crate::evidence::citations::store::{self, CitationRow};
use crate::evidence::documents::record as document;
use crate::evidence::documents::store::{DocumentRow, DocumentTexts};
use crate::http::problem::Problem;
use crate::http::respond;
use crate::{change_row, versioned};

/// Takes these persons out of everything that hangs on the record, each with its own change; in how
/// many places they stood.
pub(super) fn erase(
    conn: &mut DbConn,
    ctx: &Ctx,
    record: &PublicId,
    key: i64,
    persons: &[Person],
    reason: &str,
) -> Result<usize, Problem> {
    let those: Vec<PublicId> = citations::table
        .filter(citations::record.eq(record))
        .order(citations::id)
        .select(citations::public_id)
        .load(conn)?;
    let mut places = 0;
    for id in those {
        places += in_citation(conn, ctx, &id, persons, reason)?;
    }
    // What was logged of a citation shows its source.
    if record.kind() == Kind::Source {
        let citing: Vec<PublicId> = citations::table
            .filter(citations::source_id.eq(key))
            .order(citations::id)
            .select(citations::public_id)
            .load(conn)?;
        for id in citing {
            places += history::erase(conn, &id, persons)?;
            history::forget(conn, &id, persons)?;
        }
    }
    for row in documents_of(conn, record)? {
        places += in_document(conn, ctx, &row, persons, reason)?;
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
    ctx: &Ctx,
    row: &DocumentRow,
    persons: &[Person],
    reason: &str,
) -> Result<usize, Problem> {
    let (title, titled) = blanked(row.title.as_ref(), persons);
    let (withdrawn_reason, withdrawn) = blanked(row.withdrawn_reason.as_ref(), persons);
    // A file with half a name would be a riddle: it goes by its id instead. Half an address leads nowhere.
    let unnamed = |text: &Option<String>| {
        let text = text.clone();
        text.filter(|text| !persons.iter().any(|it| it.stands_in(text)))
    };
    let (file_name, external_url) = (unnamed(&row.file_name), unnamed(&row.external_url));
    let places = titled
        + withdrawn
        + usize::from(file_name != row.file_name)
        + usize::from(external_url != row.external_url)
        + history::erase(conn, &row.public_id, persons)?;
    if places == 0 {
        return Ok(0);
    }
    let left = DocumentTexts {
        title,
        file_name,
        external_url,
        withdrawn_reason,
    };
    let ctx = ctx.with_state(row.record_state);
    document::redact(conn, &ctx, row, &left, reason)?.ok_or_else(Problem::overtaken)?;
    history::forget(conn, &row.public_id, persons)?;
    Ok(places)
}

fn in_citation(
    conn: &mut DbConn,
    ctx: &Ctx,
    id: &PublicId,
    persons: &[Person],
    reason: &str,
) -> Result<usize, Problem> {
    let Some((before, source)) = store::find(conn, id)? else {
        return Ok(0);
    };
    let (stated_value, stated) = blanked(before.stated_value.as_ref(), persons);
    let (quote, quoted) = blanked(before.quote.as_ref(), persons);
    let places = stated + quoted + history::erase(conn, id, persons)?;
    if places == 0 {
        return Ok(0);
    }
    let columns = (
        versioned!(citations, before.version, ctx),
        citations::stated_value.eq(stated_value),
        citations::quote.eq(quote),
    );
    let after = change_row!(citations => CitationRow, conn, before, columns)?;
    let after = after.ok_or(diesel::NotFound)?;
    let (was, is) = (before.view(&source), after.view(&source));
    let (was, is) = (respond::to_value(&was)?, respond::to_value(&is)?);
    let change = Change {
        op: ChangeOp::Redacted,
        reason: Some(reason),
        ..Change::of(Entity::Citation, (id, after.version), Some(&was), &is)
    };
    changes::record(conn, ctx, &change)?;
    history::forget(conn, id, persons)?;
    Ok(places)
}
