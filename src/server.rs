//! The HTTP server: every room's routes, the order of the layers in front of them, limits, and how it
//! stops.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{Error, HttpServer};
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::timeout;
use utoipa::openapi::OpenApi;

use crate::access::oidc::Verifier;
use crate::access::{SingleSignOn, Throttle, gate};
use crate::app::App;
use crate::http::extract::body::MAX_BODY;
use crate::http::fallback::{RouteIndex, fallback};
use crate::http::middleware::{
    RateLimiter, access_log, cors, head, leave_small, mark_gone, negotiation, problems, rate_limit,
    request_id, security_headers,
};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::http::routes::{Routes, described};
use crate::jobs::{Handlers, worker};
use crate::notify::mail::Mailer;
use crate::service::{self, daily, document::Document};
use crate::{
    access, activities, agreements, changes, curation, evidence, explore, networks, notify,
    partners, redactions, suggestions,
};

/// Blocking threads a worker: more of them halve the throughput of `SQLite` (docs/performance.md).
const BLOCKING_THREADS: usize = 2;

/// How long a quiet connection is kept. Stopping waits for these too.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Seconds that running requests, and jobs beside them, have to finish once the server is asked to stop.
const GRACE: u64 = 30;

/// Every route of the registry: one line a room, in the order the document shows them.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .configure(partners::configure)
        .configure(agreements::configure)
        .configure(networks::configure)
        .configure(activities::configure)
        .configure(evidence::configure)
        .configure(curation::configure)
        .configure(explore::configure)
        .configure(suggestions::configure)
        .configure(redactions::configure)
        .configure(changes::configure)
        .configure(access::configure)
        .configure(service::configure);
}

/// The routes as they were collected, before [`openapi::finished`] adds what they share.
pub fn document() -> OpenApi {
    described(openapi::base(), configure)
}

/// What follows from the routes alone.
struct Contract {
    document: Data<Document>,
    routes: Data<RouteIndex>,
}

/// Collected once a process: it takes longer than everything else that a start does.
static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let collected = document();
    Contract {
        document: Data::new(Document::new(&collected)),
        routes: Data::new(RouteIndex::new(&collected, service::PAGES)),
    }
});

/// What every worker's application shares.
#[derive(Clone)]
pub struct Server {
    app: Data<App>,
    document: Data<Document>,
    routes: Data<RouteIndex>,
    limiter: Data<RateLimiter>,
    throttle: Data<Throttle>,
    single_sign_on: Data<SingleSignOn>,
}

impl Server {
    /// Prepares what all workers share: the document, the table of routes, the limits.
    pub fn new(app: App) -> Self {
        let limiter =
            RateLimiter::per_minute(app.config.rate_limit, app.config.trusted_proxies.clone());
        Self {
            document: Data::clone(&CONTRACT.document),
            routes: Data::clone(&CONTRACT.routes),
            limiter: Data::new(limiter),
            throttle: Data::new(Throttle::default()),
            single_sign_on: Data::new(single_sign_on(&app)),
            app: Data::new(app),
        }
    }

    /// One worker's application: the same for the server and for tests.
    pub fn app(
        &self,
    ) -> actix_web::App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
        > + use<>,
    > {
        let cors = cors(&self.app.config.cors_origins);
        // The layer that is added last sees a request first.
        actix_web::App::new()
            .app_data(Data::clone(&self.app))
            .app_data(Data::clone(&self.document))
            .app_data(Data::clone(&self.routes))
            .app_data(Data::clone(&self.limiter))
            .app_data(Data::clone(&self.throttle))
            .app_data(Data::clone(&self.single_sign_on))
            .app_data(PayloadConfig::new(MAX_BODY))
            .configure(|application| configure(&mut Routes::of(application)))
            .configure(service::pages)
            .default_service(web::to(fallback))
            .wrap(from_fn(gate))
            .wrap(from_fn(leave_small))
            .wrap(Compress::default())
            .wrap(from_fn(mark_gone))
            .wrap(from_fn(head))
            .wrap(from_fn(negotiation))
            .wrap(from_fn(rate_limit))
            .wrap(cors)
            .wrap(from_fn(problems))
            .wrap(from_fn(security_headers))
            .wrap(from_fn(access_log))
            .wrap(from_fn(request_id))
    }
}

/// Serves until `stop` is done, then lets running requests finish; `listening` is told the addresses.
pub async fn serve(
    app: App,
    listening: impl FnOnce(&[SocketAddr]),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let (bind, workers) = (app.config.bind, app.config.workers());
    let handlers = handlers(&app)?;
    let shared = Server::new(app.clone());
    let server = HttpServer::new(move || shared.app())
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING_THREADS)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(GRACE)
        // actix breaks off running requests on SIGINT; both signals let them finish here.
        .disable_signals()
        .bind(bind)?;
    let (stopping, stopped) = watch::channel(false);
    let stopped = || {
        let mut stopped = stopped.clone();
        async move { drop(stopped.wait_for(|stopped| *stopped).await) }
    };
    let beside = join_all([
        actix_web::rt::spawn(warm(app.clone())),
        actix_web::rt::spawn(worker::run(app.clone(), handlers, stopped())),
        actix_web::rt::spawn(daily::run(app, stopped())),
    ]);
    listening(&server.addrs());
    let server = server.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    stop.await;
    stopping.send_replace(true);
    handle.stop(true).await;
    // What is being sent is sent.
    if timeout(Duration::from_secs(GRACE), beside).await.is_err() {
        tracing::warn!("work beside the requests did not end in time");
    }
    running.await.map_err(io::Error::other)?
}

/// The identity provider of the settings. Those were looked at when the program started.
fn single_sign_on(app: &App) -> SingleSignOn {
    SingleSignOn(Verifier::new(&app.config.oidc).unwrap_or_else(|wrong| {
        tracing::error!(%wrong, "single sign-on is off");
        None
    }))
}

/// What there is to do for each kind of job.
pub fn handlers(app: &App) -> io::Result<Handlers> {
    let mailer = Mailer::new(&app.config).map_err(io::Error::other)?;
    let handlers = access::passwords::letters::handle(Handlers::default());
    Ok(notify::mail::handle(handlers, mailer))
}

/// Reads the names into memory, so that the first search does not wait for them.
async fn warm(app: App) {
    let index = Arc::clone(&app.index);
    // Without the limits of requests: of a large registry this may take its time.
    let warmed = web::block(move || {
        app.db
            .read_blocking(|conn| -> Result<_, Problem> { Ok(index.warm(conn)?) })
    })
    .await;
    if let Ok(Err(problem)) = warmed {
        tracing::warn!(%problem, "the names could not be read ahead");
    }
}

/// Done when the process is asked to stop: SIGTERM, or Ctrl-C.
pub async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! { _ = interrupted => {}, _ = terminated.recv() => {} }
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM can't be waited for");
                drop(interrupted.await);
            }
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
