//! Commands that end by themselves.

use crate::support::{Shell, text};

#[test]
fn openapi_prints_the_committed_document() {
    let printed = Shell::new().prints(&["openapi"]);
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(printed == committed, "openapi/openapi.json is stale");
}

#[test]
fn migrations_go_up_and_down() {
    let shell = Shell::new();
    let applied = shell.prints(&["migrate", "up"]);
    let status = shell.prints(&["migrate", "status"]);
    assert!(
        !status.is_empty() && status.lines().all(|line| line.starts_with("applied  ")),
        "{status}"
    );
    assert_eq!(applied.lines().count(), status.lines().count());
    assert_eq!(shell.prints(&["migrate", "up"]), "nothing to apply\n");
    let last = status.lines().last().unwrap().replace("applied  ", "");
    assert_eq!(
        shell.prints(&["migrate", "down"]),
        format!("reverted {last}\n")
    );
    let status = shell.prints(&["migrate", "status"]);
    assert_eq!(status.matches("pending").count(), 1, "{status}");
}

/// `user add` with these arguments and this on standard input: exit code and output.
fn add_user(shell: &Shell, more: &[&str], password: &str) -> (Option<i32>, String) {
    use std::io::Write;
    use std::process::Stdio;
    let arguments = [&["user", "add", "--name", "A. Member"], more].concat();
    let mut child = shell
        .command(&arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
    let output = child.wait_with_output().unwrap();
    let told = text(&output.stdout) + &text(&output.stderr);
    assert!(!told.contains(password), "{told}");
    (output.status.code(), told)
}

#[test]
fn a_user_is_added_listed_and_locked_out() {
    let shell = Shell::new();
    shell.prints(&["migrate", "up"]);
    let admin = ["--role", "admin", "--email", "Admin@example.org"];
    let (code, told) = add_user(&shell, &admin, "short");
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("12 to 200"), "{told}");
    let (code, id) = add_user(&shell, &admin, "correct horse battery");
    assert_eq!(code, Some(0), "{id}");
    let (code, told) = add_user(&shell, &admin, "correct horse battery");
    assert_eq!(code, Some(1), "{told}");
    let editor = ["--role", "editor", "--email", "editor@example.org"];
    let (code, told) = add_user(&shell, &editor, "correct horse battery");
    assert_eq!(code, Some(2), "{told}");
    let listed = shell.prints(&["user", "list"]);
    let row = format!("{}\tactive\tadmin\tadmin@example.org\tA. Member", id.trim());
    assert_eq!(listed.lines().nth(1), Some(row.as_str()), "{listed}");
    shell.prints(&["user", "disable", "admin@example.org"]);
    assert!(shell.prints(&["user", "list"]).contains("\tdisabled\t"));
    shell.fails(&["user", "disable", id.trim()], 1);
}

#[test]
fn a_key_is_made_listed_and_revoked() {
    let shell = Shell::new();
    let refused = shell.fails(&["key", "list"], 1);
    assert!(refused.contains("migrate up"), "{refused}");
    shell.prints(&["migrate", "up"]);
    let made = shell.prints(&[
        "key",
        "create",
        "--role",
        "admin",
        "--name",
        "first",
        "--expires",
        "P90D",
    ]);
    let (id, secret) = made.trim_end().split_once('\n').unwrap();
    assert!(
        id.starts_with("key_") && secret.starts_with("tck_"),
        "{made}"
    );
    let list = shell.prints(&["key", "list"]);
    let row = list.lines().find(|line| line.starts_with(id)).unwrap();
    assert!(
        row.contains("\tadmin\t-\tvalid\t") && row.ends_with("\tfirst"),
        "{row}"
    );
    assert!(!list.contains(secret), "a secret is shown once");
    assert_eq!(
        shell.prints(&["key", "revoke", id]),
        format!("revoked {id}\n")
    );
    assert!(shell.prints(&["key", "list"]).contains("\trevoked\t"));
    shell.fails(&["key", "revoke", id], 1);
}

#[test]
fn a_key_that_makes_no_sense_is_refused() {
    let shell = Shell::new();
    shell.prints(&["migrate", "up"]);
    for (arguments, code, says) in [
        (vec!["--role", "king"], 2, "--role"),
        (vec!["--role", "editor"], 2, "--organisation"),
        (
            vec!["--role", "editor", "--organisation", "ptn_0000000000"],
            1,
            "no partner",
        ),
        (
            vec!["--role", "editor", "--organisation", "agr_0000000000"],
            1,
            "no partner",
        ),
        (
            vec!["--role", "admin", "--expires", "2001-01-01"],
            2,
            "future",
        ),
        (vec!["--role", "admin", "--expires", "soon"], 2, "--expires"),
        (vec!["--role", "admin", "--name", " "], 2, "--name"),
        (vec![], 2, "required"),
    ] {
        let error = shell.fails(&[&["key", "create"], arguments.as_slice()].concat(), code);
        assert!(error.contains(says), "{arguments:?}: {error}");
    }
    assert_eq!(shell.prints(&["key", "list"]).lines().count(), 1);
}

#[test]
fn a_wrong_setting_is_refused_with_one_line_and_no_secret() {
    let shell = Shell::new();
    for arguments in [
        [
            "serve",
            "--database-url",
            "mysql://registry:s3cret@db.example/registry",
        ],
        ["serve", "--database-url", "sqlite::memory:"],
        ["serve", "--bind", "localhost"],
        ["serve", "--workers", "0"],
        ["serve", "--database-pool", "many"],
        ["serve", "--cors-origins", "*"],
        ["serve", "--public-url", "registry.example.org"],
        ["serve", "--trusted-proxies", "proxy"],
        ["serve", "--log", "twincity=loud"],
        ["serve", "--log", "debgu"],
        ["serve", "--operator-email", "office"],
        ["serve", "--log-format", "xml"],
        ["serve", "--colour", "red"],
        ["migrate", "sideways", "now"],
    ] {
        let error = shell.fails(&arguments, 2);
        assert!(!error.contains("s3cret"), "{error}");
    }
    for (arguments, says) in [
        (["serve", "--log-format", "xml"], "one of text, json"),
        (["serve", "--site-changed-on", "01.02.2026"], "2026-11-24"),
        (["serve", "--bind", "localhost:8080"], "[::1]:8080"),
        (["serve", "--trusted-proxies", "10.0.0.0/8"], "no networks"),
    ] {
        let error = shell.fails(&arguments, 2);
        assert!(
            error.contains(arguments[1]) && error.contains(says),
            "{error}"
        );
    }
    let wrong = "postgres://registry:s3cret@127.0.0.1:1/registry?connect_timeout=1";
    let error = shell.fails(&["serve", "--database-url", wrong], 1);
    assert!(
        error.contains("127.0.0.1:1/registry") && !error.contains("s3cret"),
        "{error}"
    );
    let error = shell.fails(&["serve", "--database-url", "sqlite:/no/such/folder/db"], 1);
    assert!(error.contains("/no/such/folder/db"), "{error}");
    // The environment counts as much as an option.
    let output = shell
        .command(&["serve"])
        .env("TWINCITY_BIND", "nowhere")
        .output()
        .unwrap();
    assert_eq!(
        (output.status.code(), text(&output.stderr).lines().count()),
        (Some(2), 1)
    );
}

#[test]
fn single_sign_on_is_configured_as_a_whole_or_not_at_all() {
    let shell = Shell::new();
    let issuer = ["--oidc-issuer", "https://id.example.org/realms/city"];
    let audience = ["--oidc-audience", "twincity"];
    for (arguments, reason) in [
        (vec!["--oidc-issuer", "http://id.example.org"], "https"),
        (vec!["--oidc-issuer", "id.example.org"], "https"),
        (issuer.to_vec(), "TWINCITY_OIDC_AUDIENCE"),
        (audience.to_vec(), "TWINCITY_OIDC_ISSUER"),
        ([issuer, audience].concat(), "TWINCITY_OIDC_ROLES"),
        (
            vec!["--oidc-jwks-url", "ftp://id.example.org/keys"],
            "https",
        ),
        (vec!["--oidc-roles", "registrar"], "GROUP=ROLE"),
        (vec!["--oidc-roles", "office=editor"], "editor@ptn_"),
        (vec!["--oidc-roles", "office=registrar,x=king"], "registrar"),
    ] {
        let error = shell.fails(&[&["serve"], &arguments[..]].concat(), 2);
        assert!(error.contains(reason), "{arguments:?}: {error}");
    }
}

#[test]
fn the_password_of_the_mail_server_is_neither_in_the_help_nor_in_an_error() {
    let shell = Shell::new();
    let with = |arguments: &[&str], url: &str| {
        let mut command = shell.command(arguments);
        let output = command.env("TWINCITY_SMTP_URL", url).output().unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, help, _) = with(&["serve", "--help"], "smtp://u:s3cret@mail.example");
    assert_eq!(code, Some(0));
    assert!(help.contains("TWINCITY_SMTP_URL") && !help.contains("s3cret"));
    let (code, _, error) = with(&["serve"], "smtp://u:s3cret@mail.example?tls=s3cret");
    assert_eq!((code, error.lines().count()), (Some(2), 1), "{error}");
    assert!(
        error.contains("tls=required") && !error.contains("s3cret"),
        "{error}"
    );
    let error = shell.fails(&["serve", "--mail-from", "nobody"], 2);
    assert!(error.contains("--mail-from"), "{error}");
}

#[test]
fn every_option_names_its_variable() {
    let help = Shell::new().prints(&["serve", "--help"]);
    for line in help
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("--"))
    {
        let option = line
            .split([' ', '<'])
            .next()
            .unwrap()
            .trim_start_matches("--");
        let variable = format!("TWINCITY_{}", option.replace('-', "_").to_ascii_uppercase());
        assert!(
            help.contains(&variable),
            "{option} has no variable {variable}"
        );
    }
    let version = Shell::new().prints(&["--version"]);
    assert_eq!(version, format!("twincity {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_backup_that_is_broken_off_leaves_nothing() {
    let shell = Shell::new();
    shell.prints(&["migrate", "up"]);
    let copy = shell.path("copies/copy.db");
    std::fs::create_dir(shell.path("copies")).unwrap();
    let inner = shell.command(&["backup", &copy]);
    // Files of 200 KiB, as on a disk that becomes full.
    let output = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 400; exec \"$0\" \"$@\""])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(inner.get_current_dir().unwrap())
        .output()
        .unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("copy.db can't be written"), "{error}");
    assert_eq!(std::fs::read_dir(shell.path("copies")).unwrap().count(), 0);
}

#[test]
fn a_backup_is_written_once() {
    let shell = Shell::new();
    let copy = shell.path("copy.db");
    assert!(shell.fails(&["backup", &copy], 1).contains("no database"));
    shell.prints(&["migrate", "up"]);
    shell.prints(&["key", "create", "--role", "admin"]);
    assert_eq!(shell.prints(&["backup", &copy]), format!("wrote {copy}\n"));
    assert!(shell.fails(&["backup", &copy], 1).contains("already there"));
    let list = shell.prints(&["key", "list", "--database-url", &format!("sqlite:{copy}")]);
    assert_eq!(list.lines().count(), 2);
    let postgres = "postgres://127.0.0.1/registry";
    assert!(
        shell
            .fails(&["backup", &copy, "--database-url", postgres], 1)
            .contains("pg_dump")
    );
}
