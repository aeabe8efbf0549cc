//! Where documents are kept: folders and buckets.

mod s3;

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::serving::Server;
use crate::support::Shell;
use s3::Service;

const BOUNDARY: &str = "----between-the-parts";

/// Sends a request with these further header lines and this body; status and head, and the body.
fn send(address: &str, line: &str, headers: &str, body: &[u8]) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = memchr::memmem::find(&answer, b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap(), body)
}

/// Sends this PDF in, with a further field.
fn upload(address: &str, key: &str, bytes: &[u8], (name, value): (&str, &str)) -> String {
    let mut form = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
        .into_bytes();
    form.extend_from_slice(bytes);
    for (name, value) in [("kind", "report"), (name, value)] {
        let part = format!(
            "\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}"
        );
        form.extend_from_slice(part.as_bytes());
    }
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let headers = format!(
        "Authorization: Bearer {key}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    );
    send(address, "POST /api/v1/documents", &headers, &form).0
}

/// What a form of this length is answered with before any of it has come.
fn announced(address: &str, key: &str, length: usize) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/documents HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The path of what was made.
#[track_caller]
fn made(head: &str) -> String {
    assert!(head.starts_with("HTTP/1.1 201 "), "{head}");
    head.lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap()
        .to_owned()
}

fn key(shell: &Shell) -> String {
    let made = shell.prints(&["key", "create", "--role", "registrar", "--name", "test"]);
    let key = made
        .split_whitespace()
        .find(|word| word.starts_with("tck_"));
    key.unwrap().to_owned()
}

fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.extend((bytes.len()..length).map(|at| u8::try_from(at % 251).unwrap()));
    bytes
}

#[test]
fn documents_are_kept_in_a_bucket_whole_or_in_parts() {
    let (shell, service) = (Shell::new(), Service::start());
    let variables = [
        ("AWS_ACCESS_KEY_ID", "tester"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-central-1"),
        ("TWINCITY_DOCUMENTS", "s3://papers/city"),
        ("TWINCITY_S3_ENDPOINT", service.endpoint.as_str()),
    ];
    let mut server = Server::with(&shell, &[], &variables);
    let (_, address) = server.listening();
    let key = key(&shell);
    // One request, and parts of 5 MiB.
    for bytes in [pdf(1000), pdf(12 * 1024 * 1024)] {
        let path = made(&upload(&address, &key, &bytes, ("title", "Report")));
        let id = path.rsplit('/').next().unwrap();
        let name = format!("/papers/city/{}/{id}", id.get(4..6).unwrap());
        assert!(service.look(|held| held.objects[&name] == bytes && held.parts.is_empty()));
        let content = format!("GET {path}/content");
        let (head, body) = send(&address, &content, "", b"");
        assert!(head.starts_with("HTTP/1.1 200 ") && body == bytes, "{head}");
        let (head, body) = send(&address, &content, "Range: bytes=5-8\r\n", b"");
        assert!(head.starts_with("HTTP/1.1 206 "), "{head}");
        assert_eq!(body, &bytes[5..9]);
    }
    // What comes to nothing is removed, or never sent.
    let lost = ("agreement_id", "agr_0000000000");
    let head = upload(&address, &key, &pdf(1000), lost);
    assert!(head.starts_with("HTTP/1.1 422 "), "{head}");
    assert!(announced(&address, &key, 30_000_000).starts_with("HTTP/1.1 413 "));
    service.look(|held| {
        assert_eq!(held.objects.len(), 2);
        assert!(held.requests.iter().any(|line| line.starts_with("DELETE ")));
        assert!(!held.unsigned);
        held.objects.clear();
    });
    let (head, body) = send(&address, "GET /api/v1/documents", "", b"");
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(!String::from_utf8(body).unwrap().contains("secret"));
    assert_eq!(server.stopped_by("-TERM"), Some(0));
}

#[test]
fn a_bucket_that_does_not_answer_is_told_and_nothing_is_recorded() {
    let shell = Shell::new();
    // A port on which nobody listens any more.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let variables = [
        ("AWS_ACCESS_KEY_ID", "tester"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("TWINCITY_DOCUMENTS", "s3://papers"),
        ("TWINCITY_S3_ENDPOINT", endpoint.as_str()),
    ];
    let mut server = Server::with(&shell, &[], &variables);
    let (_, address) = server.listening();
    let head = upload(&address, &key(&shell), &pdf(1000), ("title", "x"));
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    let (_, body) = send(&address, "GET /api/v1/documents", "", b"");
    assert!(String::from_utf8(body).unwrap().contains("\"data\":[]"));
    assert_eq!(server.stopped_by("-TERM"), Some(0));
}

#[test]
fn documents_lie_beside_the_database_unless_something_else_is_said() {
    let shell = Shell::new();
    for (arguments, folder) in [
        ([].as_slice(), "documents"),
        (&["--documents", "papers"], "papers"),
    ] {
        let mut server = Server::start(&shell, arguments);
        let (_, address) = server.listening();
        let path = made(&upload(&address, &key(&shell), &pdf(100), ("title", "x")));
        let id = path.rsplit('/').next().unwrap();
        let file = shell.path(&format!("{folder}/{}/{id}", id.get(4..6).unwrap()));
        assert_eq!(std::fs::read(file).unwrap(), pdf(100));
        assert_eq!(server.stopped_by("-TERM"), Some(0));
    }
}

#[test]
fn a_place_that_can_not_be_used_is_told_at_the_start() {
    let shell = Shell::new();
    for place in ["https://example.org/papers", "s3://", ""] {
        let error = shell.fails(&["serve", "--documents", place], 2);
        assert!(
            error.contains("--documents") && error.contains("s3://BUCKET"),
            "{error}"
        );
    }
    std::fs::write(shell.path("file"), "").unwrap();
    let arguments = ["serve", "--log", "off", "--documents", "file/documents"];
    let error = shell.fails(&arguments, 2);
    assert!(error.contains("file/documents"), "{error}");
    // A folder in which nobody can make a file.
    if cfg!(target_os = "linux") {
        let arguments = ["serve", "--log", "off", "--documents", "/proc/self/task"];
        let error = shell.fails(&arguments, 2);
        assert!(error.contains("/proc/self/task"), "{error}");
    }
    let wrong = ["serve", "--s3-endpoint", "example.org"];
    assert!(shell.fails(&wrong, 2).contains("--s3-endpoint"));
}
