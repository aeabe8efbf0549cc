//! `serve`, from the first line to SIGTERM.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::support::Shell;

/// A server that is killed when the test fails before it stops it.
pub struct Server {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
}

impl Server {
    pub fn start(shell: &Shell, arguments: &[&str]) -> Self {
        Self::with(shell, arguments, &[])
    }

    /// With these environment variables.
    pub fn with(shell: &Shell, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let command = shell.command(&[&["serve", "--bind", "127.0.0.1:0"], arguments].concat());
        Self::spawned(command, variables)
    }

    /// In a shell that has done this before, such as setting a limit.
    pub fn within(shell: &Shell, first: &str, arguments: &[&str]) -> Self {
        let inner = shell.command(&[&["serve", "--bind", "127.0.0.1:0"], arguments].concat());
        let mut command = Command::new("sh");
        command
            .arg("-c")
            .arg(format!("{first}; exec \"$0\" \"$@\""))
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(inner.get_current_dir().unwrap());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Self::spawned(command, &[])
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn spawned(mut command: Command, variables: &[(&str, &str)]) -> Self {
        let mut child = command
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let out = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, out }
    }

    /// Lines until the one that says where it listens, and that address.
    pub fn listening(&mut self) -> (Vec<String>, String) {
        let mut before = Vec::new();
        loop {
            let line = self
                .out
                .next()
                .expect("the server listens before it ends")
                .unwrap();
            match line.strip_prefix("listening on http://") {
                Some(address) => return (before, address.to_owned()),
                None => before.push(line),
            }
        }
    }

    /// How it ends when it is asked to with this signal.
    pub fn stopped_by(&mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends a request and returns the whole answer.
pub fn send(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

pub fn get(address: &str, path: &str) -> String {
    send(
        address,
        &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"),
    )
}

#[test]
fn every_request_is_a_line_of_the_log_in_its_order_when_the_server_has_stopped() {
    let shell = Shell::new();
    let mut server = Server::within(&shell, "exec 2>log", &[]);
    let (_, address) = server.listening();
    let asked: Vec<String> = (0..300).map(|n| format!("request-{n}")).collect();
    let requests = asked.iter().map(|id| {
        format!("GET /health/live HTTP/1.1\r\nHost: {address}\r\nX-Request-Id: {id}\r\n\r\n")
    });
    let last = format!("GET /nope HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let answers = send(&address, &(requests.collect::<String>() + &last));
    assert_eq!(answers.matches("HTTP/1.1 200 ").count(), asked.len());
    assert_eq!(server.stopped_by("-TERM"), Some(0));
    let log = std::fs::read_to_string(shell.path("log")).unwrap();
    let logged = log.lines().filter_map(|line| {
        let (_, id) = line.split_once("request_id=\"request-")?;
        Some(format!("request-{}", id.trim_end_matches('"')))
    });
    assert_eq!(logged.collect::<Vec<_>>(), asked, "{log}");
    assert!(log.contains("path=\"/nope\" status=404"), "{log}");
}

#[test]
fn the_server_starts_answers_and_stops_when_told() {
    let shell = Shell::new();
    let mut server = Server::start(&shell, &[]);
    let (_, address) = server.listening();
    assert_eq!(
        shell.prints(&["healthcheck", "--bind", &address]),
        "ready\n"
    );
    let everywhere = address.replace("127.0.0.1", "0.0.0.0");
    shell.prints(&["healthcheck", "--bind", &everywhere]);
    assert!(get(&address, "/api/v1/sources").starts_with("HTTP/1.1 200 "));
    assert_eq!(server.stopped_by("-TERM"), Some(0));
    let error = shell.fails(&["healthcheck", "--bind", &address], 1);
    assert!(error.contains("does not answer"), "{error}");
}

#[test]
fn the_demo_prints_one_key_on_an_empty_database_only() {
    let shell = Shell::new();
    let mut server = Server::start(&shell, &["--demo"]);
    let (lines, address) = server.listening();
    let keys: Vec<&String> = lines.iter().filter(|line| line.contains("tck_")).collect();
    assert_eq!(keys.len(), 1, "{lines:?}");
    let key = keys[0].strip_prefix("demo admin key: ").unwrap();
    let body = r#"{"kind":"press","title":"Gazeta"}"#;
    let made = send(
        &address,
        &format!(
            "POST /api/v1/sources HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    let location = made
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap();
    assert_eq!(server.stopped_by("-INT"), Some(0));

    let mut again = Server::start(&shell, &["--demo"]);
    let (lines, address) = again.listening();
    assert!(!lines.iter().any(|line| line.contains("tck_")), "{lines:?}");
    assert!(
        lines.iter().any(|line| line.contains("no key is made")),
        "{lines:?}"
    );
    assert!(get(&address, location).starts_with("HTTP/1.1 200 "));
    assert_eq!(again.stopped_by("-TERM"), Some(0));
}

#[test]
fn a_port_that_is_taken_is_told_in_one_line() {
    let shell = Shell::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = shell.run(&["serve", "--bind", &address, "--log", "off"]);
    let error = crate::support::text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        error.starts_with("error: ") && error.contains(&address) && error.lines().count() == 1,
        "{error}"
    );
}
