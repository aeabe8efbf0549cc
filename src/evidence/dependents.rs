//! What a record shows of its evidence: brought into step when a citation of it changes.

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::changes::{self, records, refresh};
use crate::core::ids::{Kind, PublicId};
use crate::core::vocabulary::evidence::{DocumentAccess, Rank, Stance};
use crate::core::vocabulary::record::{QualityFlag, RecordState};
use crate::db::condition::{Condition, published};
use crate::db::schema::{
    activities, agreements, citations, documents, lifecycle_events, memberships, networks, partners,
};
use crate::db::{DbConn, Json};
use crate::show_anew;

/// Gives the record a new representation, and an agreement its flag of conflicting sources. Called
/// before the change of the citation is logged.
pub(super) fn refresh(conn: &mut DbConn, record: &PublicId) -> QueryResult<()> {
    touch(conn, record)?;
    if record.kind() == Kind::Agreement {
        let contradicted = is_contradicted(conn, record)?;
        set_flag(conn, record, QualityFlag::ConflictingSources, contradicted)?;
    }
    Ok(())
}

/// Gives the record a new representation when the document is one that everyone may see, or was, or when
/// both are drafts of one office and will be published together, and an agreement its flag of missing
/// documents. Called before the change of the document is logged.
pub(super) fn refresh_documents(
    conn: &mut DbConn,
    record: &PublicId,
    public: bool,
) -> QueryResult<()> {
    if public || is_draft(conn, record)? {
        touch(conn, record)?;
    }
    if record.kind() == Kind::Agreement {
        let key: i64 = agreements::table
            .filter(agreements::public_id.eq(record))
            .select(agreements::id)
            .first(conn)?;
        let documented = is_documented(conn, key)?;
        set_flag(conn, record, QualityFlag::NoDocument, !documented)?;
    }
    Ok(())
}

/// Whether a document that everyone may see belongs to the agreement of this internal key. Others do
/// not count: the flag is public, and would tell of them.
pub fn is_documented(conn: &mut DbConn, agreement: i64) -> QueryResult<bool> {
    let found: Option<i64> = documents::table
        .filter(documents::agreement_id.eq(agreement))
        .filter(documents::access.eq(DocumentAccess::Public))
        .filter(Condition::new(published("documents")))
        .select(documents::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

fn is_draft(conn: &mut DbConn, record: &PublicId) -> QueryResult<bool> {
    let head = records::find(conn, record)?;
    Ok(head.is_some_and(|head| head.state == RecordState::Draft))
}

/// A source or a document shows no evidence of its own.
fn touch(conn: &mut DbConn, record: &PublicId) -> QueryResult<()> {
    if matches!(record.kind(), Kind::Source | Kind::Document) {
        return Ok(());
    }
    let rev = changes::next_revision(conn)?;
    refresh::shows_since(conn, record, rev)
}

/// Gives every record that cites this source a new representation. Called before the change of the
/// source is logged.
pub fn mark_citing_changed(conn: &mut DbConn, source: i64) -> QueryResult<()> {
    use citations as c;
    let rev = changes::next_revision(conn)?;
    macro_rules! citing {
        ($table:ident) => {
            $table::public_id.eq_any(c::table.filter(c::source_id.eq(source)).select(c::record))
        };
    }
    // What the events of a draft rest on is published along with it.
    macro_rules! told {
        ($table:ident, $of:ident) => {
            $table::record_state.eq(RecordState::Draft).and(
                $table::id.nullable().eq_any(
                    lifecycle_events::table
                        .filter(lifecycle_events::source_id.eq(source))
                        .select(lifecycle_events::$of),
                ),
            )
        };
    }
    show_anew!(conn, rev;
        agreements: citing!(agreements),
        networks: citing!(networks),
        memberships: citing!(memberships),
        activities: citing!(activities),
        partners: citing!(partners),
        agreements: told!(agreements, agreement_id),
        memberships: told!(memberships, membership_id),
    );
    Ok(())
}

/// Whether a source contradicts what others say of this record.
pub fn is_contradicted(conn: &mut DbConn, record: &PublicId) -> QueryResult<bool> {
    let contradicting = citations::table
        .filter(citations::record.eq(record))
        .filter(citations::stance.eq(Stance::Contradicts))
        .filter(citations::rank.ne(Rank::Deprecated));
    diesel::select(exists(contradicting)).get_result(conn)
}

fn set_flag(
    conn: &mut DbConn,
    record: &PublicId,
    flag: QualityFlag,
    holds: bool,
) -> QueryResult<()> {
    let mut flags: Json<Vec<QualityFlag>> = agreements::table
        .filter(agreements::public_id.eq(record))
        .select(agreements::quality_flags)
        .first(conn)?;
    if flags.contains(&flag) == holds {
        return Ok(());
    }
    flags.retain(|known| *known != flag);
    if holds {
        flags.push(flag);
        flags.sort_unstable();
    }
    diesel::update(agreements::table.filter(agreements::public_id.eq(record)))
        .set(agreements::quality_flags.eq(flags))
        .execute(conn)?;
    refresh::mark(record);
    Ok(())
}
