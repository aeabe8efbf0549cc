//! The files of a database are for their owner alone.

use std::path::Path;

/// Makes the file, unless it is there, and takes from everybody else what they may do with it and with
/// those beside it. Where that can't be done, the log says so.
pub(super) fn database(path: &Path) {
    #[cfg(unix)]
    {
        use std::fs::OpenOptions;
        use std::os::unix::fs::OpenOptionsExt as _;
        // Made with its mode, so that nobody can open it in between. SQLite gives the files it makes
        // beside it the same one.
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        // What can't be made here is told when it is opened.
        drop(made);
        for beside in ["", "-wal", "-shm"] {
            let mut name = path.as_os_str().to_owned();
            name.push(beside);
            crate::private::keep(Path::new(&name), 0o600);
        }
    }
    #[cfg(not(unix))]
    drop(path);
}
