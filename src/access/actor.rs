//! The one who writes: read from `Authorization: Bearer tck_…`.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};

use super::keys::{self, Key};
use crate::app::App;
use crate::changes::Ctx;
use crate::core::author::Author;
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::Role;
use crate::http::code::Code;
use crate::http::extract::WriteRequest;
use crate::http::problem::Problem;
use crate::http::write::Caller;

/// Someone with a valid key.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The role and office.
    pub author: Author,
    /// The key; none on the command line.
    pub key: Option<PublicId>,
}

impl Actor {
    /// The command line: whoever can open the database may do everything.
    pub fn command_line() -> Self {
        Self {
            author: Author::new(Role::Admin, None),
            key: None,
        }
    }

    /// The context of a write.
    pub fn ctx(&self, app: &App, request: &WriteRequest) -> Ctx {
        Ctx {
            author: self.author.clone(),
            key: self.key.clone(),
            now: app.now(),
            request_id: request.request_id.clone(),
        }
    }
}

impl Caller for Actor {
    fn name(&self) -> &str {
        self.key.as_ref().map_or("command-line", PublicId::as_str)
    }
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated).detail(detail)
}

/// The secret of `Authorization: Bearer …`.
fn bearer(req: &HttpRequest) -> Result<String, Problem> {
    let value = req
        .headers()
        .get(header::AUTHORIZATION)
        .ok_or_else(|| unauthenticated("send Authorization: Bearer with an API key"))?;
    value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim().to_owned())
        .ok_or_else(|| unauthenticated("Authorization must be Bearer and an API key"))
}

async fn authenticate(app: web::Data<App>, secret: String) -> Result<Actor, Problem> {
    let now = app.now();
    let hash = keys::hash(&secret);
    let key = app
        .db
        .read(move |conn| -> Result<Option<Key>, Problem> { Ok(keys::find(conn, &hash)?) })
        .await?
        .filter(|key| key.is_valid_at(now))
        .ok_or_else(|| unauthenticated("the key is unknown, expired or revoked"))?;
    if key.use_is_worth_noting(now) {
        let id = key.id;
        let noted = app
            .db
            .write(move |conn| -> Result<(), Problem> { Ok(keys::note_use(conn, id, now)?) })
            .await;
        if let Err(problem) = noted {
            tracing::warn!(%problem, "the use of a key could not be noted");
        }
    }
    Ok(Actor {
        author: Author::new(key.role, key.organisation),
        key: Some(key.public_id),
    })
}

impl FromRequest for Actor {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = req.app_data::<web::Data<App>>().cloned();
        let secret = bearer(req);
        Box::pin(async move {
            let app = app.ok_or_else(|| Problem::new(Code::Internal))?;
            authenticate(app, secret?).await
        })
    }
}
