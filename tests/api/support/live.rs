//! The server on a real socket, for what only a connection shows.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt;
use tempfile::TempDir;
use tokio::sync::oneshot;
use twincity::app::App;
use twincity::config::ServeConfig;
use twincity::files::Location;
use twincity::server;

use super::clock::FixedClock;
use super::database::TestDatabase;
use super::start_of_time;

/// A server that listens on a free port of this machine.
pub struct Live {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: rt::task::JoinHandle<std::io::Result<()>>,
    /// Its inside, for what can't be done over HTTP.
    pub app: App,
    _documents: TempDir,
    _database: TestDatabase,
}

impl Live {
    /// Starts it.
    pub async fn start() -> Self {
        Self::with(ServeConfig::default()).await
    }

    /// Starts it with these settings.
    pub async fn with(config: ServeConfig) -> Self {
        let database = TestDatabase::new();
        let documents = super::database::folder();
        let bind = SocketAddr::from(([127, 0, 0, 1], 0));
        let config = ServeConfig {
            bind,
            workers: Some(1),
            documents: Some(Location::Folder(documents.path().to_owned())),
            ..config
        };
        let clock = Arc::new(FixedClock::new(start_of_time()));
        let app = App::new(config, database.open(), clock);
        let inside = app.clone();
        let (tell, told) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let listening = move |address: SocketAddr| tell.send(address).unwrap();
        let running = rt::spawn(server::serve(
            app,
            server::listen(bind).unwrap(),
            listening,
            async move { drop(stopped.await) },
        ));
        Self {
            address: told.await.unwrap(),
            stop,
            running,
            app: inside,
            _documents: documents,
            _database: database,
        }
    }

    /// Sends these bytes on a connection of their own; everything that comes back.
    pub fn raw(&self, request: &[u8]) -> String {
        raw(self.address, request)
    }

    /// A request without a body; head and body of the answer.
    pub fn request(&self, method: &str, target: &str, headers: &str) -> (String, String) {
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
        );
        let answer = self.raw(request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
        (head.to_ascii_lowercase(), body.to_owned())
    }

    /// Stops it; how it ended.
    pub async fn stop(self) -> std::io::Result<()> {
        self.stop.send(()).unwrap();
        self.running.await.unwrap()
    }
}

/// Sends these bytes to a server on a connection of their own; everything that comes back.
pub fn raw(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
