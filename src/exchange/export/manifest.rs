//! What a folder of records holds, and of which state of the registry.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use crate::core::clock;

/// The name of the file.
pub(super) const NAME: &str = "manifest.json";

/// What those who use the files have to know about rights in them.
const LICENCE: &str = "the facts carry their sources; citations say which source states what, and \
                       sources say under which licence, where that is known";

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileEntry {
    /// Its name.
    pub name: String,
    /// How many records it holds.
    pub records: u64,
    /// How long it is.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The manifest as a text that people can read, too.
pub(super) fn text(revision: i64, now: DateTime<Utc>, files: &[FileEntry]) -> String {
    let manifest = json!({
        "registry": "twincity",
        "version": env!("CARGO_PKG_VERSION"),
        "revision": revision,
        "exported_at": clock::text(now),
        "licence": LICENCE,
        "files": files,
    });
    format!("{manifest:#}\n")
}
