//! The HTTP server: every room's routes, the order of the layers in front of them, limits, and how it
//! stops.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_service::{IntoServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::Error;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data, PayloadConfig};
use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::timeout;
use utoipa::openapi::OpenApi;

use crate::access::oidc::Verifier;
use crate::access::{Hasher, Identities, Throttle, authenticate};
use crate::app::App;
use crate::cache::Caches;
use crate::http::extract::body::MAX_BODY;
use crate::http::fallback::{RouteIndex, fallback};
use crate::http::middleware::{
    RateLimiter, cors, envelope, head, keep_answers, negotiation, problems, rate_limit,
    remove_mark, skip_small_bodies,
};
use crate::http::openapi;
use crate::http::problem::Problem;
use crate::http::routes::{Routes, described};
use crate::http::wire::{Connections, Guarded, HEAD, Limits, bodies, while_awaited};
use crate::jobs::{Handlers, worker};
use crate::notify::mail::Mailer;
use crate::pages::{self, problem_pages};
use crate::service::{self, daily, document::Document};
use crate::{
    access, activities, agreements, changes, evidence, exchange, explore, kinds, networks, notify,
    partners, redactions, subscriptions, suggestions,
};

/// Blocking threads a worker: more of them halve the throughput of `SQLite` (docs/performance.md).
const BLOCKING_THREADS: usize = 2;

/// How long a connection is kept between two requests, unless its place is needed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How often the log is told of the caches.
const LOG_USES: Duration = Duration::from_hours(1);

/// How long a caller may still send what nobody reads, before the connection is closed.
const LEAVE: Duration = Duration::from_secs(2);

/// For how many milliseconds a connection that nothing is worked on for may be quiet while the server
/// stops: what it was sent has arrived by then.
const QUIET_AT_THE_END: u64 = 1000;

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
        .configure(kinds::configure)
        .configure(explore::configure)
        .configure(suggestions::configure)
        .configure(subscriptions::configure)
        .configure(redactions::configure)
        .configure(exchange::configure)
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
        routes: Data::new(RouteIndex::new(
            &collected,
            &[service::PAGES, pages::PAGES].concat(),
        )),
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
    hasher: Data<Hasher>,
    identities: Data<Identities>,
}

impl Server {
    /// Prepares what all workers share: the document, the table of routes, the limits.
    pub fn new(app: App) -> Self {
        service::feed::install();
        if let Err(error) = app.db.watch() {
            tracing::warn!(%error, "no answers are kept");
        }
        let limiter = RateLimiter::per_minute(
            app.config.rate_limit,
            app.config.export_rate_limit,
            app.config.trusted_proxies.clone(),
        );
        Self {
            document: Data::clone(&CONTRACT.document),
            routes: Data::clone(&CONTRACT.routes),
            limiter: Data::new(limiter),
            throttle: Data::new(Throttle::default()),
            hasher: Data::new(Hasher::default()),
            identities: Data::new(identities(&app)),
            app: Data::new(app),
        }
    }

    /// What hashes passwords, for tests that count.
    pub fn hasher(&self) -> Data<Hasher> {
        Data::clone(&self.hasher)
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
            .app_data(Data::clone(&self.hasher))
            .app_data(Data::clone(&self.identities))
            .app_data(PayloadConfig::new(MAX_BODY))
            .configure(|application| configure(&mut Routes::of(application)))
            .configure(service::pages)
            .configure(pages::configure)
            .default_service(web::to(fallback))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(skip_small_bodies))
            .wrap(Compress::default())
            .wrap(from_fn(remove_mark))
            .wrap(from_fn(head))
            .wrap(from_fn(bodies))
            .wrap(from_fn(keep_answers))
            .wrap(from_fn(negotiation))
            .wrap(from_fn(while_awaited))
            .wrap(from_fn(rate_limit))
            .wrap(cors)
            .wrap(from_fn(problems))
            .wrap(from_fn(problem_pages))
            .wrap(from_fn(envelope))
    }
}

/// Takes the address the registry is reached at; nobody is answered before [`serve`].
pub fn listen(bind: SocketAddr) -> io::Result<TcpListener> {
    TcpListener::bind(bind)
}

/// Serves until `stop` is done, then lets running requests finish; `listening` is told the address.
pub async fn serve(
    app: App,
    listener: TcpListener,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let workers = app.config.workers();
    let address = listener.local_addr()?;
    let connections = Connections::new(Limits::new(
        app.config.connections_per_address,
        app.config.trusted_proxies.clone(),
    ));
    let handlers = handlers(&app)?;
    let shared = Server::new(app.clone());
    let db = app.db.clone();
    let builder = actix_server::Server::build();
    let graceful = builder.graceful_shutdown_signal();
    let guard = connections.clone();
    let builder = builder
        .workers(workers)
        .worker_max_blocking_threads(BLOCKING_THREADS)
        .max_concurrent_connections(connections.limits().with_leaving().div_ceil(workers).max(1))
        .shutdown_timeout(GRACE)
        // actix breaks off running requests on SIGINT; both signals let them finish here.
        .disable_signals()
        .listen("twincity", listener, move || {
            let (guard, graceful) = (guard.clone(), graceful.clone());
            let app = into_factory(shared.app()).map_err(|error: Error| error.error_response());
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let graceful = graceful.clone();
                    async move { graceful.notified().await }
                })
                .keep_alive(KEEP_ALIVE)
                .client_request_timeout(Duration::from_millis(HEAD))
                .client_disconnect_timeout(LEAVE)
                .local_addr(address)
                .on_connect_ext(|io: &Guarded, data| {
                    data.insert(Arc::clone(io.conn()));
                })
                .h1(map_config(app, |()| AppConfig::default()));
            fn_service(move |io: TcpStream| {
                let guard = guard.clone();
                async move {
                    let peer = io.peer_addr().ok();
                    let admitted = Guarded::admit(&guard, io).await;
                    let refused = || DispatchError::Io(io::ErrorKind::ConnectionRefused.into());
                    admitted.map(|io| (io, peer)).ok_or_else(refused)
                }
            })
            .and_then(http)
        })?;
    let (stopping, stopped) = watch::channel(false);
    let stopped = || {
        let mut stopped = stopped.clone();
        async move { drop(stopped.wait_for(|stopped| *stopped).await) }
    };
    let beside = join_all([
        actix_web::rt::spawn(warm(app.clone())),
        actix_web::rt::spawn(log_uses(Arc::clone(&app.caches), stopped())),
        actix_web::rt::spawn(worker::run(app.clone(), handlers, stopped())),
        actix_web::rt::spawn(subscriptions::worker::run(app.clone(), stopped())),
        actix_web::rt::spawn(daily::run(app, stopped())),
    ]);
    listening(address);
    let server = builder.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    stop.await;
    stopping.send_replace(true);
    let stop = handle.stop(true);
    tokio::pin!(stop);
    // Whoever is silent is not waited for.
    while timeout(Duration::from_millis(200), &mut stop)
        .await
        .is_err()
    {
        connections.end_quiet(QUIET_AT_THE_END);
    }
    // What is being sent is sent.
    if timeout(Duration::from_secs(GRACE), beside).await.is_err() {
        tracing::warn!("work beside the requests did not end in time");
    }
    let ended = running.await.map_err(io::Error::other)?;
    // What was erased must not stay in the log of a registry that is at rest.
    db.empty_log();
    ended
}

/// The application in the form the server takes it.
fn into_factory<A, S>(app: A) -> S
where
    A: IntoServiceFactory<S, actix_http::Request>,
    S: ServiceFactory<actix_http::Request>,
{
    app.into_factory()
}

/// Whom tokens name, with the identity provider of the settings. Those were looked at when the program started.
fn identities(app: &App) -> Identities {
    Identities::new(Verifier::new(&app.config.oidc).unwrap_or_else(|wrong| {
        tracing::error!(%wrong, "single sign-on is off");
        None
    }))
}

/// What there is to do for each kind of job.
pub fn handlers(app: &App) -> io::Result<Handlers> {
    let mailer = Mailer::new(&app.config).map_err(io::Error::other)?;
    let handlers = access::passwords::mails::handle(Handlers::default());
    let handlers = suggestions::unconfirmed::handle(subscriptions::handle(handlers));
    Ok(notify::mail::handle(handlers, mailer))
}

/// Reads the names into memory, orders the partners by them and counts the records, so that the first search and
/// the first pages do not wait for that.
async fn warm(app: App) {
    let (index, tally) = (Arc::clone(&app.index), Arc::clone(&app.tally));
    // Without the limits of requests: of a large registry this may take its time.
    let warmed = web::block(move || {
        app.db.read_blocking(|conn| -> Result<_, Problem> {
            index.warm(conn)?;
            pages::warm(conn, &index)?;
            Ok(tally.refresh(conn)?)
        })
    })
    .await;
    if let Ok(Err(problem)) = warmed {
        tracing::warn!(%problem, "the names could not be read ahead");
    }
}

/// Says in the log, once an hour and at the end, how often what is kept of answers could be used.
async fn log_uses(caches: Arc<Caches>, stopped: impl Future<Output = ()>) {
    tokio::pin!(stopped);
    while timeout(LOG_USES, &mut stopped).await.is_err() {
        caches.log();
    }
    caches.log();
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
