//! A write by someone who is known.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, web};

use super::Actor;
use crate::app::App;
use crate::changes::Ctx;
use crate::core::ids::PublicId;
use crate::db::{DbConn, once};
use crate::http::code::Code;
use crate::http::extract::{DryRun, IfMatch, JsonBody, Query, WriteRequest};
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::{self, Work, Written};

/// What a handler that writes takes from a request, besides address and body.
pub struct Write {
    /// What all handlers share.
    pub app: web::Data<App>,
    /// Who writes.
    pub actor: Actor,
    /// Precondition, idempotency key and dry run.
    pub request: WriteRequest,
}

/// A write with a JSON body, which may be only tried (`dry_run`).
pub struct JsonWrite {
    /// Who writes what.
    pub write: Write,
    /// What was sent.
    pub body: JsonBody,
}

/// A write inside its transaction.
#[derive(Debug, Clone)]
pub struct Writing {
    /// Who writes.
    pub actor: Actor,
    /// In which role, and where the record stands afterwards.
    pub ctx: Ctx,
    /// The version that the writer has read.
    pub if_match: IfMatch,
}

/// What a handler does inside its transaction, as often as it takes.
type Repeatable = dyn Fn(&mut DbConn, &mut Writing) -> Result<Written, Problem> + Send;

impl Writing {
    /// [`access::may_edit`](super::may_edit) for whoever writes.
    pub fn may_edit(&mut self, conn: &mut DbConn, id: &PublicId) -> Result<(), Problem> {
        super::may_edit(conn, &mut self.ctx, id)
    }
}

impl Write {
    /// The context of the write, before it is known in which role it is made.
    pub fn ctx(&self) -> Ctx {
        self.actor.ctx(self.app.now(), &self.request)
    }

    /// Runs `f` in one write transaction and answers with what it returns. It may run again after it was undone
    /// ([`Db::write_repeatable`](crate::db::Db::write_repeatable)).
    pub async fn run(
        self,
        f: impl Fn(&mut DbConn, &mut Writing) -> Result<Written, Problem> + Send + 'static,
    ) -> HttpResult {
        self.run_repeatable(String::new(), Box::new(f)).await
    }

    /// Boxed, so that what surrounds every write is compiled once.
    async fn run_repeatable(self, body_hash: String, f: Box<Repeatable>) -> HttpResult {
        let writing = self.writing();
        let caller = self.actor.name();
        let work: Work = Box::new(move |conn: &mut DbConn| f(conn, &mut writing.clone()));
        write::execute(&self.app, &self.request, caller, body_hash, (work, true)).await
    }

    /// [`run`](Self::run) for what runs only once, with the digest of what was sent, which binds the idempotency
    /// key.
    pub async fn run_once(
        self,
        body_hash: String,
        f: impl FnOnce(&mut DbConn, &mut Writing) -> Result<Written, Problem> + Send + 'static,
    ) -> HttpResult {
        let mut writing = self.writing();
        let caller = self.actor.name();
        let work = once(move |conn: &mut DbConn| f(conn, &mut writing));
        let work: Work = Box::new(work);
        write::execute(&self.app, &self.request, caller, body_hash, (work, false)).await
    }

    fn writing(&self) -> Writing {
        Writing {
            ctx: self.ctx(),
            if_match: self.request.if_match.clone(),
            actor: self.actor.clone(),
        }
    }
}

impl JsonWrite {
    /// [`Write::run`], with the body, whose bytes bind the idempotency key.
    pub async fn run(
        self,
        f: impl Fn(&mut DbConn, &mut Writing, &JsonBody) -> Result<Written, Problem> + Send + 'static,
    ) -> HttpResult {
        let Self { write, body } = self;
        let hash = body.hash();
        let f = move |conn: &mut DbConn, writing: &mut Writing| f(conn, writing, &body);
        write.run_repeatable(hash, Box::new(f)).await
    }
}

impl FromRequest for JsonWrite {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parts = <(Write, Query<DryRun>, JsonBody)>::from_request(req, payload);
        Box::pin(async move {
            let (write, _, body) = parts.await?;
            Ok(Self { write, body })
        })
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
