//! Files and folders that are for their owner alone.

use std::path::Path;

/// Takes from everybody but the owner what they may do with a file or folder, if there is one: the mode
/// becomes `most` or less. Where that can't be done, the log says so.
#[cfg(unix)]
pub fn keep(path: &Path, most: u32) {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(found) = metadata(path) else {
        return;
    };
    let mode = found.permissions().mode() & 0o7777;
    if mode | 0o700 == 0o700 {
        return;
    }
    if let Err(error) = set_permissions(path, Permissions::from_mode(mode & most)) {
        tracing::warn!(path = %path.display(), %error, "others may read this; take the right from them");
    }
}

/// Where rights are kept otherwise, there is nothing to take.
#[cfg(not(unix))]
pub fn keep(_path: &Path, _most: u32) {}
