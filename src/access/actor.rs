//! Someone who is known: by a session, a key, or a token of the city's identity provider.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::{DateTime, Utc};

use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::{KeyScope, Role};
use crate::http::code::Code;
use crate::http::extract::{Viewer, WriteRequest};
use crate::http::problem::Problem;

/// A known caller and what they may act as.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The roles, the strongest first; never empty.
    pub grants: Vec<Author>,
    /// Who it is: a user, or a key that belongs to none.
    pub person: Option<PublicId>,
    /// The key, when the caller has come with one.
    pub key: Option<PublicId>,
    /// The session, when the caller has come with one.
    pub session: Option<PublicId>,
    /// What a limited key may be used for.
    pub scopes: Option<Vec<KeyScope>>,
}

impl Actor {
    /// What idempotency keys are bound to.
    pub fn name(&self) -> &str {
        self.key
            .as_ref()
            .or(self.person.as_ref())
            .map_or("command-line", PublicId::as_str)
    }

    /// What the caller may see.
    pub fn viewer(&self) -> Viewer {
        Viewer::new(self.grants.clone())
    }

    /// The grant that opens all records, if there is one.
    pub fn everywhere(&self) -> Option<&Author> {
        self.grants
            .iter()
            .find(|grant| matches!(grant.role(), Role::Registrar | Role::Admin))
    }

    /// Whether the caller may do what needs this scope.
    pub fn has_scope(&self, scope: Option<KeyScope>) -> bool {
        match (&self.scopes, scope) {
            (Some(held), Some(scope)) => held.contains(&scope),
            _ => true,
        }
    }

    /// The context of a write, before it is known in which role it is made.
    pub fn ctx(&self, now: DateTime<Utc>, request: &WriteRequest) -> Ctx {
        let nobodys = Ctx::system(Role::Editor, now);
        let strongest = self.grants.first().cloned();
        Ctx {
            author: strongest.unwrap_or(nobodys.author),
            person: self.person.clone(),
            key: self.key.clone(),
            dry_run: request.dry_run,
            viewer: self.viewer(),
            request_id: request.request_id.clone(),
            ..nobodys
        }
    }
}

/// Whether one of these grants is at least as strong, and as wide, as `wanted`.
pub(super) fn covers(grants: &[Author], wanted: &Author) -> bool {
    grants.iter().any(|grant| {
        grant.role() >= wanted.role()
            && (matches!(grant.role(), Role::Registrar | Role::Admin)
                || grant.organisation() == wanted.organisation())
    })
}

impl FromRequest for Actor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(req.extensions().get::<Self>().cloned().ok_or_else(|| {
            Problem::new(Code::Unauthenticated).detail("send Authorization: Bearer with a token")
        }))
    }
}
