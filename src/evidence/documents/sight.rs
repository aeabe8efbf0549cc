//! Who may see which document: one condition, asked of lists, items, contents and embedded documents
//! alike.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use diesel::prelude::*;

use super::store::{self, DocumentRow};
use crate::access::Actor;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::db::condition::Condition;
use crate::db::schema::{documents, partners};
use crate::http::problem::Problem;

/// Whoever reads: somebody with a key, or nobody in particular. A key that does not work is 401: its
/// owner would take what is missing for not being there.
#[derive(Debug, Clone)]
pub struct Reader(pub Option<Actor>);

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !req.headers().contains_key(header::AUTHORIZATION) {
            return Box::pin(std::future::ready(Ok(Self(None))));
        }
        let actor = Actor::from_request(req, payload);
        Box::pin(async move { Ok(Self(Some(actor.await?))) })
    }
}

/// What somebody may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sight {
    /// What everybody may.
    #[default]
    Public,
    /// Also what this office has filed, and papers of the parties where it, or what it hosts, is one.
    Office {
        /// The office, as its partner's id.
        id: PublicId,
        /// The partner's internal key, while there is such a partner.
        key: Option<i64>,
    },
    /// Everything.
    All,
}

impl Sight {
    /// What this reader may see.
    pub fn of(conn: &mut DbConn, reader: &Reader) -> QueryResult<Self> {
        reader
            .0
            .as_ref()
            .map_or(Ok(Self::Public), |actor| {
                Self::of_author(conn, &actor.author)
            })
    }

    /// What somebody of this role and office may see.
    pub fn of_author(conn: &mut DbConn, author: &Author) -> QueryResult<Self> {
        match (author.role(), author.organisation()) {
            (Role::Registrar | Role::Admin, _) => Ok(Self::All),
            (Role::Editor | Role::Approver, None) => Ok(Self::Public),
            (Role::Editor | Role::Approver, Some(id)) => Ok(Self::Office {
                id: id.clone(),
                key: partners::table
                    .filter(partners::public_id.eq(id))
                    .select(partners::id)
                    .first(conn)
                    .optional()?,
            }),
        }
    }

    /// The rows of `documents` that may be seen.
    pub fn condition(&self) -> Condition {
        let (id, key) = match self {
            Self::All => return Condition::new("(1 = 1)"),
            Self::Public => return Condition::new("(documents.access = 'public')"),
            Self::Office { id, key } => (id, key),
        };
        let mut c = Condition::new("(documents.access = 'public' OR documents.office = ")
            .text(id.as_str());
        if let Some(key) = key {
            let own = |c: Condition| {
                c.integer(*key)
                    .sql(" OR p.host_id = ")
                    .integer(*key)
                    .sql(")")
            };
            c = c.sql(
                " OR (documents.access = 'parties' AND (documents.agreement_id IN (SELECT \
                 x.agreement_id FROM agreement_parties x JOIN partners p ON p.id = x.partner_id \
                 WHERE p.id = ",
            );
            c = own(c).sql(
                " OR documents.membership_id IN (SELECT x.id FROM memberships x JOIN partners p \
                 ON p.id = x.partner_id WHERE p.id = ",
            );
            c = own(c).sql(
                " OR documents.activity_id IN (SELECT x.activity_id FROM activity_participants x \
                 JOIN partners p ON p.id = x.partner_id WHERE p.id = ",
            );
            c = own(c).sql("))");
        }
        c.sql(")")
    }
}

/// Whether this document may be seen.
pub fn may_see(conn: &mut DbConn, sight: &Sight, row: &DocumentRow) -> QueryResult<bool> {
    let found: i64 = documents::table
        .filter(documents::id.eq(row.id))
        .filter(sight.condition())
        .count()
        .get_result(conn)?;
    Ok(found > 0)
}

/// Those of these documents that may be seen.
pub fn visible(
    conn: &mut DbConn,
    sight: &Sight,
    ids: &[PublicId],
) -> QueryResult<HashSet<PublicId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<PublicId> = documents::table
        .filter(documents::public_id.eq_any(ids))
        .filter(sight.condition())
        .select(documents::public_id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// The published document of this id: 404 when there is none that may be seen, 410 when it was
/// withdrawn.
pub fn find(conn: &mut DbConn, sight: &Sight, id: &PublicId) -> Result<DocumentRow, Problem> {
    let row = match store::find(conn, id)? {
        Some(row) if may_see(conn, sight, &row)? => row,
        _ => return Err(Problem::not_found("document")),
    };
    Problem::unless_published(row.record_state, row.withdrawn_reason.as_deref())?;
    Ok(row)
}
