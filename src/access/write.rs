//! A write by someone who is known.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};

use super::Actor;
use crate::app::App;
use crate::changes::Ctx;
use crate::db::DbConn;
use crate::http::code::Code;
use crate::http::extract::{IfMatch, WriteRequest};
use crate::http::problem::Problem;
use crate::http::write::{self, Written};

/// What a handler that writes takes from a request, besides address and body.
pub struct Write {
    app: web::Data<App>,
    actor: Actor,
    request: WriteRequest,
}

/// A write inside its transaction.
#[derive(Debug)]
pub struct Writing {
    /// Who writes.
    pub actor: Actor,
    /// In which role, and where the record stands afterwards.
    pub ctx: Ctx,
    /// The version that the writer has read.
    pub if_match: IfMatch,
}

impl Write {
    /// Runs `f` in one write transaction and answers with what it returns; `body_hash` binds the
    /// idempotency key.
    pub async fn run(
        self,
        body_hash: String,
        f: impl FnOnce(&mut DbConn, &mut Writing) -> Result<Written, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let Self {
            app,
            actor,
            request,
        } = self;
        let mut writing = Writing {
            ctx: actor.ctx(&app, &request),
            if_match: request.if_match.clone(),
            actor: actor.clone(),
        };
        let dry_run = request.dry_run;
        write::execute(&app, &request, &actor, body_hash, dry_run, move |conn| {
            f(conn, &mut writing)
        })
        .await
    }
}

impl FromRequest for Write {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = |payload: &mut Payload| {
            let app = req.app_data::<web::Data<App>>().cloned();
            Ok(Self {
                app: app.ok_or_else(|| Problem::new(Code::Internal))?,
                actor: Actor::from_request(req, payload).into_inner()?,
                request: WriteRequest::from_request(req, payload).into_inner()?,
            })
        };
        ready(read(payload))
    }
}
