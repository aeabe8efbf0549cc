//! A mail server on this machine.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use mailin_embedded::{Handler, Response, Server, SslConfig, response};
use tokio::sync::oneshot;
use twincity::config::{MailConfig, ServeConfig};

use crate::support::TestApp;

/// What the server has seen and how it answers.
#[derive(Default)]
struct State {
    /// Whole messages with their recipients.
    received: Vec<(Vec<String>, Vec<u8>)>,
    /// The answer to a recipient, when it is not accepted.
    refuses: Option<u16>,
    /// Told when the next message has come.
    waiting: Option<oneshot::Sender<()>>,
}

/// A mail server; its threads end with the process.
pub struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

/// One session.
#[derive(Clone)]
struct Session {
    state: Arc<Mutex<State>>,
    to: Vec<String>,
    data: Vec<u8>,
}

impl Handler for Session {
    fn rcpt(&mut self, to: &str) -> Response {
        if let Some(code) = self.state.lock().unwrap().refuses {
            // As servers do: with the address.
            return Response::custom(code, format!("{to} is not wanted here"));
        }
        self.to.push(to.to_owned());
        response::OK
    }

    fn data(&mut self, part: &[u8]) -> std::io::Result<()> {
        self.data.extend_from_slice(part);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let message = (std::mem::take(&mut self.to), std::mem::take(&mut self.data));
        let mut state = self.state.lock().unwrap();
        state.received.push(message);
        if let Some(waiting) = state.waiting.take() {
            // The test may have ended.
            let _nobody_waits = waiting.send(());
        }
        response::OK
    }
}

impl MailServer {
    /// Starts one on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        let session = Session {
            state: Arc::clone(&state),
            to: Vec::new(),
            data: Vec::new(),
        };
        std::thread::spawn(move || {
            let mut server = Server::new(session);
            server
                .with_name("localhost")
                // Connections are kept for the next mail, and each takes a thread.
                .with_num_threads(32)
                .with_ssl(SslConfig::None)
                .unwrap()
                .with_tcp_listener(listener);
            drop(server.serve());
        });
        Self { port, state }
    }

    /// A registry that sends its mails to it, with these further words in the address.
    pub async fn registry(&self, query: &str) -> TestApp {
        TestApp::with(self.settings(query)).await
    }

    /// The settings of such a registry.
    pub fn settings(&self, query: &str) -> ServeConfig {
        settings(&format!("smtp://127.0.0.1:{}{query}", self.port))
    }

    /// From now on recipients are answered with this code; with none they are accepted.
    pub fn refuse(&self, code: Option<u16>) {
        self.state.lock().unwrap().refuses = code;
    }

    /// Done when the next message has come.
    pub fn next(&self) -> oneshot::Receiver<()> {
        let (tell, told) = oneshot::channel();
        self.state.lock().unwrap().waiting = Some(tell);
        told
    }

    /// What has come so far: recipients and messages.
    pub fn received(&self) -> Vec<(Vec<String>, Vec<u8>)> {
        self.state.lock().unwrap().received.clone()
    }
}

/// A registry that sends its mails to the server of this address.
pub async fn registry(url: &str) -> TestApp {
    TestApp::with(settings(url)).await
}

fn settings(url: &str) -> ServeConfig {
    let mail = MailConfig {
        smtp: Some(url.parse().unwrap()),
        from: "Rejestr miast <rejestr@registry.example>".parse().unwrap(),
        ..MailConfig::default()
    };
    ServeConfig {
        public_url: Some("https://registry.example".to_owned()),
        mail,
        ..ServeConfig::default()
    }
}
