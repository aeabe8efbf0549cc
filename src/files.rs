//! Bytes that are kept outside of the database: in a folder, or in a bucket of an S3 service.
//!
//! What a file is, who may see it and when it goes is decided by the rooms that keep one here. A name
//! is made by the program and never by a caller.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt, RetryConfig};

use crate::core::parse_error::ParseError;
use crate::private;

/// Bytes of one part of an upload: the least that S3 takes, but for the last part.
const PART: usize = 5 * 1024 * 1024;

/// How long a failed request to an S3 service is tried again. Somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where bytes are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what names in it begin with.
    S3 {
        /// The bucket.
        bucket: String,
        /// What every name begins with; may be empty.
        prefix: String,
    },
}

impl FromStr for Location {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || {
            ParseError::new(
                "invalid_location",
                "documents are kept in a folder, such as /var/lib/twincity/documents, or in \
                 s3://BUCKET/PREFIX",
            )
        };
        if let Some(place) = text.strip_prefix("s3://") {
            let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
            let prefix = prefix.trim_matches('/');
            let right = (1..=63).contains(&bucket.len())
                && bucket.chars().all(plain)
                && Path::parse(prefix).is_ok();
            let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
            return right
                .then_some(Self::S3 { bucket, prefix })
                .ok_or_else(wrong);
        }
        let path = text.strip_prefix("file://").unwrap_or(text);
        if path.is_empty() || path.contains("://") {
            return Err(wrong());
        }
        Ok(Self::Folder(PathBuf::from(path)))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// Why bytes can't be had or kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They are not where they should be.
    #[error("{0} is not there")]
    Missing(String),
    /// The place can't be reached or used: try again later.
    #[error("{0}")]
    Unavailable(String),
}

impl Error {
    fn of(error: &object_store::Error, name: &Path) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing(name.to_string()),
            error => Self::Unavailable(error.to_string()),
        }
    }
}

/// Names of files, each with the time it was written.
pub type Names = BoxStream<'static, Result<(String, DateTime<Utc>), Error>>;

/// The place where bytes are kept. Cheap to clone; opened when it is first used.
#[derive(Clone)]
pub struct Files {
    location: Location,
    endpoint: Option<String>,
    opened: Arc<Mutex<Option<Arc<dyn ObjectStore>>>>,
}

impl Files {
    /// A place; `endpoint` is where an S3 service other than Amazon's is reached.
    pub fn new(location: Location, endpoint: Option<String>) -> Self {
        Self {
            location,
            endpoint,
            opened: Arc::default(),
        }
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Makes the folder, or the client of the S3 service, unless that was done before.
    pub fn open(&self) -> Result<Arc<dyn ObjectStore>, Error> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = opened.as_ref() {
            return Ok(Arc::clone(store));
        }
        let store = self.connect()?;
        *opened = Some(Arc::clone(&store));
        Ok(store)
    }

    /// [`Self::open`], and whether a file can be made in the folder: told at the start, not to whoever uploads.
    pub fn try_out(&self) -> Result<(), Error> {
        self.open()?;
        if let Location::Folder(folder) = &self.location {
            tempfile::tempfile_in(folder).map_err(|error| self.unusable(error))?;
        }
        Ok(())
    }

    fn unusable(&self, error: impl fmt::Display) -> Error {
        let location = &self.location;
        Error::Unavailable(format!("documents can't be kept in {location}: {error}"))
    }

    fn connect(&self) -> Result<Arc<dyn ObjectStore>, Error> {
        match &self.location {
            Location::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| self.unusable(error))?;
                private::keep(folder, 0o700);
                let store = LocalFileSystem::new_with_prefix(folder)
                    .map_err(|error| self.unusable(error))?
                    // The row that names a file is on the disk when its write is answered; so is the file.
                    .with_fsync(true);
                Ok(Arc::new(store))
            }
            Location::S3 { bucket, prefix } => {
                let mut builder = AmazonS3Builder::from_env()
                    .with_bucket_name(bucket)
                    // One file at a time is removed, which every service can.
                    .with_disable_bulk_delete(true)
                    .with_retry(RetryConfig {
                        max_retries: 3,
                        retry_timeout: PATIENCE,
                        ..RetryConfig::default()
                    });
                if let Some(endpoint) = &self.endpoint {
                    builder = builder
                        .with_allow_http(endpoint.starts_with("http://"))
                        .with_endpoint(endpoint);
                }
                let store = builder.build().map_err(|error| self.unusable(error))?;
                Ok(if prefix.is_empty() {
                    Arc::new(store)
                } else {
                    Arc::new(PrefixStore::new(store, prefix.as_str()))
                })
            }
        }
    }

    /// Begins to write a file: what is put into it is not there before [`Upload::finish`].
    pub fn upload(&self, name: &str) -> Result<Upload, Error> {
        let path = Path::from(name);
        let writer = BufWriter::with_capacity(self.open()?, path.clone(), PART)
            // Parts of one upload wait for each other: a slow service must not fill the memory.
            .with_max_concurrency(2);
        Ok(Upload {
            path,
            writer: Some(writer),
        })
    }

    /// The bytes of a file, or a range of them.
    pub async fn read(
        &self,
        name: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        let path = Path::from(name);
        let options = GetOptions::new().with_range(Some(range));
        let found = self
            .open()?
            .get_opts(&path, options)
            .await
            .map_err(|error| Error::of(&error, &path))?;
        Ok(found
            .into_stream()
            .map(move |chunk| chunk.map_err(|error| Error::of(&error, &path)))
            .boxed())
    }

    /// The names of all files, each with the time it was written. None when there is no place yet.
    pub fn names(&self) -> Result<Names, Error> {
        if let Location::Folder(folder) = &self.location
            && !folder.exists()
        {
            return Ok(futures_util::stream::empty().boxed());
        }
        let found = self.open()?.list(None);
        Ok(found
            .map(|file| {
                file.map(|file| (file.location.to_string(), file.last_modified))
                    .map_err(|error| Error::of(&error, &Path::default()))
            })
            .boxed())
    }

    /// Removes a file; one that is not there is removed already.
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        let path = Path::from(name);
        match self.open()?.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::of(&error, &path)),
        }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Files").field(&self.location).finish()
    }
}

/// A file that is being written. Dropped unfinished, nothing of it stays.
#[derive(Debug)]
pub struct Upload {
    path: Path,
    writer: Option<BufWriter>,
}

impl Upload {
    /// Appends bytes.
    pub async fn put(&mut self, bytes: Bytes) -> Result<(), Error> {
        let Some(writer) = &mut self.writer else {
            return Err(Error::Unavailable("the upload has ended".to_owned()));
        };
        writer
            .put(bytes)
            .await
            .map_err(|error| Error::of(&error, &self.path))
    }

    /// Makes the file appear, whole.
    pub async fn finish(mut self) -> Result<(), Error> {
        use tokio::io::AsyncWriteExt;
        let Some(mut writer) = self.writer.take() else {
            return Ok(());
        };
        writer
            .shutdown()
            .await
            .map_err(|error| Error::Unavailable(error.to_string()))
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Parts that an S3 service holds already are given back, whatever broke the upload off.
        if let Some(mut writer) = self.writer.take()
            && tokio::runtime::Handle::try_current().is_ok()
        {
            actix_web::rt::spawn(async move {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "parts of a broken-off upload could not be removed");
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_folder_or_a_bucket() {
        let folder = |path: &str| Location::Folder(PathBuf::from(path));
        let s3 = |bucket: &str, prefix: &str| Location::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        for (text, location) in [
            ("documents", Some(folder("documents"))),
            ("file:///var/documents", Some(folder("/var/documents"))),
            ("s3://papers", Some(s3("papers", ""))),
            ("s3://papers/city/docs/", Some(s3("papers", "city/docs"))),
            ("s3://", None),
            ("s3://a b/c", None),
            ("s3://papers/a//b", None),
            ("https://example.org/papers", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), location, "{text}");
        }
    }
}
