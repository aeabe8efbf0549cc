//! A registry to test against, and callers of every role.

mod answer;
mod clock;
pub mod database;
mod documented;
pub mod fixture;
pub mod follower;
pub mod generated;
mod held;
pub mod live;
pub mod people;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::test::{self, TestRequest};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use twincity::access::Hasher;
use twincity::access::keys::store::{self as keys, NewKey};
use twincity::app::App;
use twincity::cache::Caches;
use twincity::config::ServeConfig;
use twincity::core::ids::PublicId;
use twincity::core::vocabulary::record::Role;
use twincity::db::{Db, DbConn, ReadLimits};
use twincity::files::Location;
use twincity::http::problem::Problem;
use twincity::server::Server;

pub use answer::Answer;
use clock::FixedClock;
use database::TestDatabase;

type Call = Box<dyn Fn(TestRequest) -> Answering>;
type Answering = Pin<Box<dyn Future<Output = ServiceResponse>>>;

/// When every test begins.
pub fn start_of_time() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// A running registry of its own, without a socket.
pub struct TestApp {
    call: Call,
    /// The same registry without anything that is kept of answers, made when it is first asked.
    anew: OnceCell<Call>,
    /// Its inside, for what can't be done over HTTP.
    pub app: App,
    /// Its time.
    pub clock: Arc<FixedClock>,
    /// Where its documents are.
    pub documents: TempDir,
    /// What hashes its passwords.
    pub hasher: Data<Hasher>,
    // Dropped last: everything that uses it comes first.
    database: TestDatabase,
}

impl TestApp {
    /// A registry with an empty database, at noon of 24 November 2026.
    pub async fn new() -> Self {
        Self::with(ServeConfig::default()).await
    }

    /// A registry with these settings.
    pub async fn with(config: ServeConfig) -> Self {
        Self::on(TestDatabase::new(), database::folder(), config).await
    }

    /// A registry that keeps no answers, for tests that count statements.
    pub async fn without_caches() -> Self {
        Self::with(ServeConfig {
            response_cache_mb: 0,
            fragment_cache_mb: 0,
            ..ServeConfig::default()
        })
        .await
    }

    /// A registry whose reads have these limits.
    pub async fn reading(reads: ReadLimits) -> Self {
        let database = TestDatabase::new();
        let db = database.reading(reads);
        Self::made(database, db, database::folder(), ServeConfig::default()).await
    }

    /// A registry on this database, with its documents in this folder.
    pub async fn on(database: TestDatabase, documents: TempDir, config: ServeConfig) -> Self {
        let db = database.open();
        Self::made(database, db, documents, config).await
    }

    async fn made(
        database: TestDatabase,
        db: Db,
        documents: TempDir,
        mut config: ServeConfig,
    ) -> Self {
        config
            .documents
            .get_or_insert_with(|| Location::Folder(documents.path().to_owned()));
        let clock = Arc::new(FixedClock::new(start_of_time()));
        let app = App::new(config, db, Arc::<FixedClock>::clone(&clock));
        let server = Server::new(app.clone());
        let hasher = server.hasher();
        let call = call(&server).await;
        Self {
            call,
            anew: OnceCell::new(),
            app,
            clock,
            documents,
            hasher,
            database,
        }
    }

    /// What `path` would answer to nobody in particular if nothing were kept.
    pub async fn get_anew(&self, path: &str) -> Answer {
        let anew = self.anew.get_or_init(|| async {
            let app = App {
                caches: Arc::new(Caches::new(0, 0)),
                ..self.app.clone()
            };
            call(&Server::new(app)).await
        });
        let request = TestRequest::get().uri(path);
        Answer::read((anew.await)(request).await).await
    }

    /// Another instance on the same database, with the same clock.
    pub fn another_instance(&self) -> App {
        App::new(
            (*self.app.config).clone(),
            self.database.open(),
            Arc::<FixedClock>::clone(&self.clock),
        )
    }

    /// Somebody without a key.
    pub fn anonymous(&self) -> Caller<'_> {
        Caller {
            app: self,
            headers: Vec::new(),
        }
    }

    /// Somebody with this secret.
    pub fn with_key(&self, secret: &str) -> Caller<'_> {
        self.anonymous()
            .header("Authorization", &format!("Bearer {secret}"))
    }

    /// Somebody with a new key of this role and office.
    pub fn with_role(&self, role: Role, organisation: Option<&str>) -> Caller<'_> {
        let (_, secret) = self.key(role, organisation, None);
        self.with_key(&secret)
    }

    /// An administrator.
    pub fn as_admin(&self) -> Caller<'_> {
        self.with_role(Role::Admin, None)
    }

    /// A registrar, who edits all records.
    pub fn as_registrar(&self) -> Caller<'_> {
        self.with_role(Role::Registrar, None)
    }

    /// An editor of this partner's office.
    pub fn as_editor_of(&self, partner: &str) -> Caller<'_> {
        self.with_role(Role::Editor, Some(partner))
    }

    /// A new key: its id and its secret.
    pub fn key(
        &self,
        role: Role,
        organisation: Option<&str>,
        expires_at: Option<DateTime<Utc>>,
    ) -> (PublicId, String) {
        let organisation = organisation.map(|id| id.parse().unwrap());
        let new = NewKey {
            name: "test".to_owned(),
            role,
            organisation,
            expires_at,
            person: None,
            scopes: None,
        };
        let now = self.app.now();
        self.write(move |conn| -> Result<_, Problem> { Ok(keys::create(conn, &new, now)?) })
            .unwrap()
    }

    /// Writes into the database past the API, in one transaction.
    pub fn write<T, E>(
        &self,
        f: impl FnOnce(&mut DbConn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<twincity::db::Error> + Send + 'static,
    {
        // The test's own thread runs the application and must not wait.
        let db = self.app.db.clone();
        std::thread::spawn(move || db.write_blocking(f))
            .join()
            .unwrap()
    }

    /// GET by nobody in particular.
    pub async fn get(&self, path: &str) -> Answer {
        self.anonymous().get(path).await
    }

    /// Any request, as it is.
    pub async fn send(&self, request: TestRequest) -> Answer {
        let response = (self.call)(request).await;
        documented::check(&response);
        Answer::read(response).await
    }

    /// The number of the last change.
    pub async fn revision(&self) -> i64 {
        self.get("/health/ready").await.expect(200).json()["revision"]
            .as_i64()
            .unwrap()
    }
}

/// A registry's routes, with one that panics and one that fails as the framework's own code does.
pub async fn call(server: &Server) -> Call {
    let service = test::init_service(
        server
            .app()
            .route("/test/panic", actix_web::web::get().to(panics))
            .route("/test/number/{number}", actix_web::web::get().to(number)),
    )
    .await;
    let service = Rc::new(service);
    Box::new(move |request: TestRequest| -> Answering {
        let (service, request) = (Rc::clone(&service), request.to_request());
        Box::pin(async move { test::call_service(&*service, request).await })
    })
}

async fn panics() -> &'static str {
    panic!("on purpose")
}

async fn number(number: actix_web::web::Path<u32>) -> String {
    number.to_string()
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Caller<'a> {
    app: &'a TestApp,
    headers: Vec<(String, String)>,
}

impl Caller<'_> {
    /// With this header in every request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// POST of a JSON body.
    pub async fn post(&self, path: &str, body: impl Into<Value>) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body.into()))
            .await
    }

    /// PATCH of a JSON merge patch, for the version of this ETag.
    pub async fn patch(&self, path: &str, etag: &str, body: impl Into<Value>) -> Answer {
        self.send(
            TestRequest::patch()
                .uri(path)
                .insert_header(("If-Match", etag))
                .set_json(body.into()),
        )
        .await
    }

    /// DELETE of the version of this ETag.
    pub async fn delete(&self, path: &str, etag: &str) -> Answer {
        self.send(
            TestRequest::delete()
                .uri(path)
                .insert_header(("If-Match", etag)),
        )
        .await
    }

    /// Any request, with this caller's headers.
    pub async fn send(&self, mut request: TestRequest) -> Answer {
        for (name, value) in &self.headers {
            request = request.insert_header((name.as_str(), value.as_str()));
        }
        self.app.send(request).await
    }
}
