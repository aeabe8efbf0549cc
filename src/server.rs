//! The HTTP server: every room's routes, the order of the layers in front of them, limits, and how it
//! stops.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{Error, HttpServer};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Throttle, gate};
use crate::app::App;
use crate::changes::Ctx;
use crate::core::vocabulary::record::Role;
use crate::http::extract::body::MAX_BODY;
use crate::http::fallback::{RouteIndex, fallback};
use crate::http::middleware::{
    RateLimiter, access_log, cors, head, leave_small, mark_gone, negotiation, problems, rate_limit,
    request_id, security_headers,
};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::service::{self, document::Document};
use crate::{
    access, activities, agreements, changes, evidence, explore, networks, partners, redactions,
    suggestions,
};

/// Blocking threads a worker: more of them halve the throughput of `SQLite` (docs/performance.md).
const BLOCKING_THREADS: usize = 2;

/// How long a quiet connection is kept. Stopping waits for these too.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How often what time brings about is looked for.
const UPKEEP: Duration = Duration::from_hours(1);

/// Seconds that running requests have to finish once the server is asked to stop.
const GRACE: u64 = 30;

/// Every route of the registry: one line a room, in the order the document shows them.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .configure(partners::configure)
        .configure(agreements::configure)
        .configure(networks::configure)
        .configure(activities::configure)
        .configure(evidence::configure)
        .configure(explore::configure)
        .configure(suggestions::configure)
        .configure(redactions::configure)
        .configure(changes::configure)
        .configure(access::configure)
        .configure(service::configure);
}

/// The routes as they were collected, before [`openapi::finished`] adds what they share.
pub fn document() -> OpenApi {
    let (_, document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(openapi::base())
        .configure(configure)
        .split_for_parts();
    document
}

/// What every worker's application shares.
#[derive(Clone)]
pub struct Server {
    app: Data<App>,
    document: Data<Document>,
    routes: Data<RouteIndex>,
    limiter: Data<RateLimiter>,
    throttle: Data<Throttle>,
}

impl Server {
    /// Prepares the document, the table of routes and the limits once for all workers.
    pub fn new(app: App) -> Self {
        let collected = document();
        let limiter =
            RateLimiter::per_minute(app.config.rate_limit, app.config.trusted_proxies.clone());
        Self {
            document: Data::new(Document::new(&collected)),
            routes: Data::new(RouteIndex::new(&collected, service::PAGES)),
            limiter: Data::new(limiter),
            throttle: Data::new(Throttle::default()),
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
            .app_data(PayloadConfig::new(MAX_BODY))
            .into_utoipa_app()
            .configure(configure)
            .into_app()
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
    let upkeep = actix_web::rt::spawn(upkeep(app.clone()));
    let shared = Server::new(app);
    let server = HttpServer::new(move || shared.app())
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING_THREADS)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(GRACE)
        // actix breaks off running requests on SIGINT; both signals let them finish here.
        .disable_signals()
        .bind(bind)?;
    listening(&server.addrs());
    let server = server.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    stop.await;
    upkeep.abort();
    handle.stop(true).await;
    running.await.map_err(io::Error::other)?
}

/// What goes on beside the requests: names are read into memory at once, and every hour whatever time
/// alone brings about is recorded.
async fn upkeep(app: App) {
    let index = Arc::clone(&app.index);
    let warmed = app
        .db
        .read(move |conn| -> Result<_, Problem> { Ok(index.warm(conn)?) })
        .await;
    if let Err(problem) = warmed {
        tracing::warn!(%problem, "the names could not be read ahead");
    }
    loop {
        let ctx = Ctx::system(Role::Registrar, app.now());
        match app
            .db
            .write(move |conn| agreements::due::bring_up_to_date(conn, &ctx))
            .await
        {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "agreements whose recorded end has come"),
            Err(problem) => tracing::warn!(%problem, "ends that have come could not be recorded"),
        }
        let ctx = Ctx::system(Role::Registrar, app.now());
        match app
            .db
            .write(move |conn| -> Result<_, Problem> {
                Ok(partners::contacts::retire(conn, &ctx, ctx.today())?)
            })
            .await
        {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "personal contacts whose consent has ended"),
            Err(problem) => tracing::warn!(%problem, "contacts could not be retired"),
        }
        tokio::time::sleep(UPKEEP).await;
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
