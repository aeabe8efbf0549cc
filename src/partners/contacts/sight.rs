//! Who sees which contacts of a partner.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use diesel::prelude::*;

use crate::access::Actor;
use crate::core::vocabulary::partner::ContactVisibility;
use crate::core::vocabulary::record::Role;
use crate::db::DbConn;
use crate::db::schema::partners;
use crate::http::problem::Problem;

/// Whoever reads: nobody in particular, or somebody with a key. A wrong key is 401, not nobody.
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
        Box::pin(async move { actor.await.map(|actor| Self(Some(actor))) })
    }
}

/// What somebody sees of the contacts of some partners.
#[derive(Debug, Clone)]
pub struct Sight {
    staff: bool,
    everything: bool,
    /// The partners (internal keys) that are the reader's own, or hosted by it.
    own: HashSet<i64>,
}

impl Sight {
    /// Whether a contact of this visibility, of this partner (internal key), is seen.
    pub fn sees(&self, visibility: ContactVisibility, partner: i64) -> bool {
        match visibility {
            ContactVisibility::Public => true,
            ContactVisibility::Registered => self.staff,
            ContactVisibility::Internal => self.everything || self.own.contains(&partner),
        }
    }

    /// The visibilities of those contacts of this partner that are seen.
    pub fn of(&self, partner: i64) -> Vec<ContactVisibility> {
        use crate::core::vocabulary::Code as _;
        let all = ContactVisibility::all().iter().copied();
        all.filter(|visibility| self.sees(*visibility, partner))
            .collect()
    }
}

/// What this reader sees of the contacts of these partners: public ones are for everyone, registered
/// ones for whoever has a key, internal ones for the office of the partner or of its host, for
/// registrars and administrators.
pub fn sight(conn: &mut DbConn, reader: Option<&Actor>, those: &[i64]) -> QueryResult<Sight> {
    let Some(actor) = reader else {
        return Ok(Sight {
            staff: false,
            everything: false,
            own: HashSet::new(),
        });
    };
    let everything = matches!(actor.author.role(), Role::Registrar | Role::Admin);
    let own: Option<i64> = match actor.author.organisation() {
        Some(office) if !everything => partners::table
            .filter(partners::public_id.eq(office))
            .select(partners::id)
            .first(conn)
            .optional()?,
        _ => None,
    };
    let own: Vec<i64> = match own {
        Some(own) => partners::table
            .filter(partners::id.eq_any(those))
            .filter(partners::id.eq(own).or(partners::host_id.eq(own)))
            .select(partners::id)
            .load(conn)?,
        None => Vec::new(),
    };
    Ok(Sight {
        staff: true,
        everything,
        own: own.into_iter().collect(),
    })
}
