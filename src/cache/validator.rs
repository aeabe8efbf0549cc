//! What tells two representations of the same address apart (RFC 9110, 8.8).

use chrono::{DateTime, Utc};

/// What identifies a representation.
#[derive(Debug, Clone)]
pub struct Validator {
    /// The entity tag with its quotes.
    pub etag: String,
    /// When the record last changed.
    pub modified: Option<DateTime<Utc>>,
    /// Whether that time tells representations apart: not when parts of other records are shown.
    pub dated: bool,
}

impl Validator {
    /// `"<version>"`: a record whose representation depends on itself alone.
    pub fn version(version: i32, modified: DateTime<Utc>) -> Self {
        Self {
            modified: Some(modified),
            dated: true,
            ..Self::fixed(format!("\"{version}\""))
        }
    }

    /// `"<version>-<rev>"`: a record that shows parts of others; `rev` is the registry revision at
    /// which its representation last changed.
    pub fn version_rev(version: i32, rev: i64, modified: DateTime<Utc>) -> Self {
        Self {
            modified: Some(modified),
            ..Self::fixed(format!("\"{version}-{rev}\""))
        }
    }

    /// The same for a reader who is shown parts that others do not see, at this revision of them.
    #[must_use]
    pub fn beside(mut self, seen: Option<i64>) -> Self {
        if let Some(seen) = seen {
            let tag = self.etag.trim_end_matches('"');
            self.etag = format!("{tag}-{seen}\"");
        }
        self
    }

    /// Something that changes with the program only.
    pub fn fixed(etag: impl Into<String>) -> Self {
        Self {
            etag: etag.into(),
            modified: None,
            dated: false,
        }
    }

    /// The registry as a whole at this revision.
    pub fn revision(revision: i64) -> Self {
        Self::fixed(format!("W/\"{revision}\""))
    }

    /// The same in another format: whoever holds the JSON does not hold this.
    #[must_use]
    pub fn in_format(mut self, name: &str) -> Self {
        let tag = self.etag.trim_end_matches('"');
        self.etag = format!("{tag}.{name}\"");
        // The time is that of the record, whatever the format.
        self.dated = false;
        self
    }
}
