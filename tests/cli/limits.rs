//! What holds of the whole process: connections, memory, and who may read its files.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::serving::{Server, get, send};
use crate::support::{Shell, text};

/// Lets this process have as many files as it may, for it is the caller of all these connections.
fn many_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: now.maximum.map(|most| most.min(65_536)).or(Some(65_536)),
        maximum: now.maximum,
    };
    setrlimit(Resource::Nofile, most).unwrap();
}

/// The status line of `/health/ready`, asked with little patience.
fn ready(address: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let request =
        format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn connections_that_never_finish_leave_the_registry_answering_and_stopping() {
    many_files();
    let shell = Shell::new();
    let mut server = Server::within(&shell, "ulimit -n 1024", &["--workers", "2"]);
    let (_, address) = server.listening();
    for unfinished in [
        "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
        "POST /api/v1/suggestions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        "GET /api/v1/partners HTTP/1.1\r\nHost: ",
        "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
        "",
    ] {
        let mut open = Vec::new();
        for _ in 0..1100 {
            let mut stream = TcpStream::connect(&address).unwrap();
            // Those that made room already have been closed.
            drop(stream.write_all(unfinished.as_bytes()));
            open.push(stream);
        }
        for _ in 0..3 {
            assert_eq!(ready(&address), "HTTP/1.1 200 OK", "{unfinished:?}");
        }
    }
    let mut open = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .write_all(b"POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
            .unwrap();
        open.push(stream);
    }
    assert_eq!(ready(&address), "HTTP/1.1 200 OK");
    let asked = Instant::now();
    assert_eq!(server.stopped_by("-TERM"), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(8),
        "{:?}",
        asked.elapsed()
    );
}

/// The most memory the process has had, in bytes.
#[cfg(target_os = "linux")]
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.split_whitespace()
        .next()
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn no_request_makes_the_process_large() {
    let shell = Shell::new();
    shell.prints(&["migrate", "up"]);
    let made = shell.prints(&["key", "create", "--role", "admin"]);
    let key = made.lines().nth(1).unwrap();
    let mut server = Server::start(&shell, &["--workers", "1"]);
    let (_, address) = server.listening();
    let post = |path: &str, headers: &str, body: &[u8]| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // It may be refused before it has all come.
        drop(stream.write_all(body));
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    };
    let json = "Content-Type: application/json\r\n";
    // What every process needs once: threads, statements, a first hash.
    for path in [
        "/api/v1/partners",
        "/api/v1/sessions",
        "/api/v1/suggestions",
    ] {
        post(
            path,
            json,
            b"{\"email\":\"a@example.org\",\"password\":\"x\"}",
        );
    }
    let before = peak(server.id());
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..200 {
        bomb.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let packed = format!("{json}Content-Encoding: gzip\r\n");
    assert!(post("/api/v1/sessions", &packed, &bomb).contains(" 415 "));
    let form = "Content-Type: multipart/form-data; boundary=x\r\nContent-Encoding: gzip\r\n";
    assert!(post("/api/v1/documents", form, &bomb).contains(" 415 "));
    let faulty = format!(
        "[{}]",
        vec![
            format!(
                "{{\"kind\":\"x\",\"names\":[{}]}}",
                vec!["{\"name\":\"\"}"; 40].join(",")
            );
            500
        ]
        .join(",")
    );
    for body in [
        "[".repeat(2_000_000),
        format!("[{}]", vec!["{\"a\":1}"; 230_000].join(",")),
        format!("[{}]", vec!["{\"a\":1}"; 24_000].join(",")),
        format!("[{}]", vec!["1"; 1_000_000].join(",")),
        format!("{{\"{}\":1}}", "n".repeat(2_000_000)),
        format!(
            "{{\"email\":\"{0}\",\"password\":\"{0}\"}}",
            "p".repeat(1_000_000)
        ),
        faulty,
    ] {
        for path in ["/api/v1/partners", "/api/v1/agreements", "/api/v1/sessions"] {
            let answer = post(path, json, body.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
            assert!(answer.len() < 1_000_000);
        }
    }
    let form = "Content-Type: multipart/form-data; boundary=x\r\n";
    let part = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\na",
        "a".repeat(20_000_000)
    );
    assert!(post("/api/v1/documents", form, part.as_bytes()).contains(" 413 "));
    let grown = peak(server.id()).saturating_sub(before);
    assert!(grown < 40_000_000, "{grown}");
    assert_eq!(server.stopped_by("-TERM"), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn answers_that_nobody_takes_cost_little_memory() {
    let shell = Shell::new();
    let mut server = Server::start(&shell, &["--workers", "1"]);
    let (_, address) = server.listening();
    let asked = "GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(4);
    let whole = get(&address, "/openapi.json").len();
    let before = peak(server.id());
    let mut open = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(asked.as_bytes()).unwrap();
        // It has begun to come.
        stream.read_exact(&mut [0; 16]).unwrap();
        open.push(stream);
    }
    let grown = peak(server.id()).saturating_sub(before);
    assert!(grown < 40_000_000, "{grown}, of answers of {whole} bytes");
    assert_eq!(server.stopped_by("-TERM"), Some(0));
}

#[cfg(unix)]
fn mode(path: &str) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[test]
fn the_files_of_the_registry_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let shell = Shell::new();
    let mut server = Server::within(&shell, "umask 000", &["--demo"]);
    let (lines, address) = server.listening();
    let key = lines
        .iter()
        .find_map(|line| line.strip_prefix("demo admin key: "))
        .unwrap()
        .to_owned();
    let body = "--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nagreement_text\r\n--x\r\n\
                Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nUmowa\r\n--x--\r\n";
    let made = send(
        &address,
        &format!(
            "POST /api/v1/documents HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
    );
    assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
    for (name, most) in [
        ("twincity.db", 0o600),
        ("twincity.db-wal", 0o600),
        ("twincity.db-shm", 0o600),
        ("documents", 0o700),
    ] {
        assert_eq!(mode(&shell.path(name)), most, "{name}");
    }
    let mut folders = vec![shell.path("documents")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_str().unwrap().to_owned();
            assert_eq!(mode(&name) & 0o077, 0, "{name}");
            if path.is_dir() {
                folders.push(name);
            } else {
                files += 1;
            }
        }
    }
    assert_eq!(files, 1);
    assert_eq!(server.stopped_by("-TERM"), Some(0));
    let copy = shell.path("copy.db");
    shell.prints(&["backup", &copy]);
    assert_eq!(mode(&copy), 0o600);
    // What an earlier release left open is closed.
    let database = shell.path("twincity.db");
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    shell.prints(&["key", "list"]);
    assert_eq!(mode(&database), 0o600);
}

#[cfg(unix)]
#[test]
fn what_leaves_the_registry_as_files_is_for_its_owner_alone() {
    let shell = Shell::new();
    shell.prints(&["migrate", "up"]);
    let open = |arguments: &[&str]| {
        let mut line = vec![
            "-c",
            "umask 000; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_twincity"),
        ];
        line.extend(arguments);
        let mut shell_command = std::process::Command::new("sh");
        let done = shell_command
            .current_dir(shell.path("."))
            .args(line)
            .output();
        assert!(done.unwrap().status.success(), "{arguments:?}");
    };
    open(&["export", "out"]);
    open(&["export", "links.csv"]);
    let faulty = shell.path("faulty.csv");
    std::fs::write(
        &faulty,
        "a.name,a.country,b.name,b.country\nAlfa,PL,Beta,XX\n",
    )
    .unwrap();
    open(&[
        "import",
        "faulty.csv",
        "--skip-bad",
        "--faults",
        "faults.csv",
    ]);
    for (name, most) in [
        ("out", 0o700),
        ("out/partners.jsonl", 0o600),
        ("out/manifest.json", 0o600),
        ("links.csv", 0o600),
        ("faults.csv", 0o600),
    ] {
        assert_eq!(mode(&shell.path(name)), most, "{name}");
    }
}

#[test]
fn commands_that_need_a_database_make_none() {
    let shell = Shell::new();
    let copy = shell.path("copy.db");
    for arguments in [
        vec!["key", "list"],
        vec!["key", "create", "--role", "admin"],
        vec!["key", "revoke", "key_0000000000"],
        vec!["user", "list"],
        vec!["user", "disable", "a@example.org"],
        vec!["export", "out"],
        vec!["backup", &copy],
        vec!["migrate", "status"],
        vec!["migrate", "down"],
    ] {
        let told = shell.fails(&arguments, 1);
        assert!(told.contains("there is no database"), "{told}");
        let there: Vec<_> = std::fs::read_dir(shell.path("."))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert!(there.is_empty(), "{arguments:?}: {there:?}");
    }
    // Nor does a file that is no database become one.
    std::fs::write(shell.path("twincity.db"), "").unwrap();
    shell.fails(&["key", "list"], 1);
    assert_eq!(std::fs::read(shell.path("twincity.db")).unwrap(), b"");
}

#[test]
fn a_taken_port_is_told_before_a_database_is_made() {
    let shell = Shell::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = shell.run(&["serve", "--bind", &address, "--demo"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(!std::path::Path::new(&shell.path("twincity.db")).exists());
}

#[test]
fn a_caller_that_keeps_to_the_rules_is_served_beside_others() {
    let shell = Shell::new();
    let mut server = Server::start(&shell, &["--connections-per-address", "1"]);
    let (_, address) = server.listening();
    // Of this machine are proxies, and whoever looks after it.
    let _idle: Vec<TcpStream> = (0..10)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    assert!(get(&address, "/health/live").starts_with("HTTP/1.1 200 "));
    assert_eq!(server.stopped_by("-TERM"), Some(0));
}
