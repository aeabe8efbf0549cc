//! A folder and a database of its own for every test.

use std::process::{Command, Output};

use tempfile::TempDir;

/// Where the binary runs.
pub struct Shell {
    folder: TempDir,
}

impl Shell {
    /// An empty folder.
    pub fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The binary with these arguments, on this folder's database, and with no settings of ours.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_twincity"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TWINCITY_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).args(arguments);
        // Whoever else uses this machine may listen where a registry does.
        command.env("TWINCITY_BIND", "127.0.0.1:0");
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What it prints when it succeeds.
    #[track_caller]
    pub fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = text(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        text(&output.stdout)
    }

    /// The one line it fails with.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert_eq!(error.lines().count(), 1, "{arguments:?}: {error}");
        assert!(error.starts_with("error: "), "{error}");
        error
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

/// Output as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
