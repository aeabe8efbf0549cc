//! `POST /documents`: bytes first, then the row; when the row does not come about, the bytes go again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, post, web};

use super::form;
use super::owner;
use super::record::{self, Document};
use super::rules::{self, Sent};
use super::store;
use super::types::{DocumentForm, DocumentIn, DocumentView};
use super::upload;
use crate::access::{self, Creating, Write, Writing};
use crate::app::App;
use crate::core::digest;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::files::Upload;
use crate::http::code::Code;
use crate::http::extract::{DryRun, JsonBody, Query};
use crate::http::problem::{HttpResult, Problem};
use crate::http::write::Written;
use crate::records::Record as _;

/// Record a document
///
/// A form with a `file` of at most 20 MiB, or JSON with the address of a document that is held
/// elsewhere. With `replaces` it is a new version: the old one stays readable and names the new one.
#[utoipa::path(tag = "documents", params(DryRun),
    request_body(content((DocumentForm = "multipart/form-data"), (DocumentIn = "application/json"))),
    responses((status = 201, description = "The document as recorded", body = DocumentView)))]
#[post("/api/v1/documents")]
pub async fn create_document(
    write: Write,
    _: Query<DryRun>,
    http: HttpRequest,
    payload: web::Payload,
) -> HttpResult {
    let id = PublicId::random(Kind::Document);
    let ctx = write.ctx();
    // Whoever may record nothing sends nothing.
    let mut asked = ctx.clone();
    write
        .app
        .db
        .read(move |conn| access::may_create(conn, &mut asked, Creating::Open))
        .await?;
    let (input, sent, upload) = match http.content_type().to_ascii_lowercase().as_str() {
        "application/json" => {
            let mut payload = payload.into_inner();
            let body = JsonBody::from_request(&http, &mut payload).await?;
            (body.read()?, Sent::Nothing, None)
        }
        "multipart/form-data" => form::read(&write, (&ctx, &id), &http, payload).await?,
        _ => {
            return Err(Problem::new(Code::UnsupportedMediaType)
                .detail("the Content-Type must be multipart/form-data or application/json")
                .header(header::ACCEPT, "multipart/form-data, application/json"));
        }
    };
    let keeping = Keeping { id, input, sent };
    // On its own feet: a caller who goes away now must not leave bytes without a row behind.
    actix_web::rt::spawn(keeping.keep(write, upload))
        .await
        .map_err(|_panicked| Problem::new(Code::Internal))?
}

/// A document whose bytes have come and whose row has not.
struct Keeping {
    id: PublicId,
    input: DocumentIn,
    sent: Sent,
}

impl Keeping {
    async fn keep(self, write: Write, upload: Option<Box<Upload>>) -> HttpResult {
        let (app, id) = (write.app.clone(), self.id.clone());
        let stored = upload.is_some();
        if let Some(upload) = upload
            && let Err(error) = upload.finish().await
        {
            remove(&app, &id).await;
            return Err(error.into());
        }
        let written = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&written);
        let answer = write
            .run_once(self.hash(), move |conn, writing| {
                let answer = self.record(conn, writing)?;
                told.store(true, Ordering::SeqCst);
                Ok(answer)
            })
            .await;
        // The answer kept for an idempotency key is one without this write.
        if stored && !(answer.is_ok() && written.load(Ordering::SeqCst)) {
            discard(&app, &id).await;
        }
        answer
    }

    fn record(self, conn: &mut DbConn, writing: &mut Writing) -> Result<Written, Problem> {
        let mut issues = Issues::default();
        let attached = owner::resolve(conn, &mut writing.ctx, &self.input, &mut issues)?;
        let mut ctx = writing.ctx.for_creation(self.input.record_state.as_ref());
        if attached.to_draft {
            ctx.state = RecordState::Draft;
        }
        let new = rules::new(self.input, self.sent, attached, &mut issues);
        let new = issues.finish(new)?;
        let row = record::create(conn, &ctx, &self.id, &new)?;
        let body = Document::item(conn, &ctx, &row)?;
        let location = format!("/api/v1/documents/{}", row.public_id);
        Ok(Written::created(body, row.etag(), location))
    }

    /// What an idempotency key is bound to: everything that was said, and the bytes.
    fn hash(&self) -> String {
        let mut all = serde_json::to_string(&self.input).unwrap_or_default();
        if let Sent::File(held) = &self.sent {
            all.push_str(held.sha256.as_deref().unwrap_or_default());
            all.push_str(held.file_name.as_deref().unwrap_or_default());
        }
        digest::sha256(all.as_bytes())
    }
}

/// Removes the bytes unless the row is there after all: the answer of a commit can get lost. Where
/// that can't be found out the bytes stay: some too many do no harm, a row without them does.
async fn discard(app: &App, id: &PublicId) {
    let asked = id.clone();
    let there = app
        .db
        .read(move |conn| -> Result<_, Problem> { Ok(store::find(conn, &asked)?.is_some()) })
        .await;
    match there {
        Ok(false) => remove(app, id).await,
        Ok(true) => {}
        Err(problem) => {
            tracing::warn!(%id, %problem, "the bytes of a document that may not exist are kept");
        }
    }
}

async fn remove(app: &App, id: &PublicId) {
    if let Err(error) = app.files.remove(&upload::key(id)).await {
        tracing::warn!(%id, %error, "the bytes of a document that does not exist could not be removed");
    }
}
