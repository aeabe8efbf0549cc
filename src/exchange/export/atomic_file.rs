//! A file that gets its name when all of it is written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempPath;

use super::{Error, FileEntry, absent, file_error};

/// A file on its way: written beside its place under another name, counted and hashed.
#[derive(Debug)]
pub(super) struct Draft {
    out: BufWriter<File>,
    digest: Sha256,
    bytes: u64,
    target: PathBuf,
    temporary: TempPath,
}

/// A file that is whole and waits for its name.
#[derive(Debug)]
pub(super) struct Finished {
    target: PathBuf,
    temporary: TempPath,
    /// What a manifest says of it.
    pub(super) entry: FileEntry,
}

impl Draft {
    /// Begins a file beside its place, so that naming it moves no bytes.
    pub(super) fn create(target: &Path) -> Result<Self, Error> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let temporary = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let file = File::create_new(&temporary).map_err(file_error(target))?;
        let temporary = TempPath::try_from_path(temporary).map_err(file_error(target))?;
        Ok(Self {
            out: BufWriter::new(file),
            digest: Sha256::new(),
            bytes: 0,
            target: target.to_owned(),
            temporary,
        })
    }

    /// Ends the file of so many records: it is on the disk.
    pub(super) fn finish(mut self, records: u64) -> Result<Finished, Error> {
        let kept = self.out.flush();
        let kept = kept.and_then(|()| self.out.get_ref().sync_all());
        kept.map_err(file_error(&self.target))?;
        let mut sha256 = String::with_capacity(64);
        for byte in self.digest.finalize() {
            sha256.push_str(&format!("{byte:02x}"));
        }
        let name = self.target.file_name().unwrap_or_default();
        let entry = FileEntry {
            name: name.to_string_lossy().into_owned(),
            records,
            bytes: self.bytes,
            sha256,
        };
        Ok(Finished {
            target: self.target,
            temporary: self.temporary,
            entry,
        })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write_all(bytes)?;
        self.digest.update(bytes);
        self.bytes += u64::try_from(bytes.len()).unwrap_or_default();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Finished {
    /// Gives it its name; with `force` also when another file has it.
    pub(super) fn publish(self, force: bool) -> Result<(), Error> {
        if !force {
            absent(&self.target)?;
        }
        let named = self.temporary.persist(&self.target);
        named.map_err(|failed| file_error(&self.target)(failed.error))
    }
}
