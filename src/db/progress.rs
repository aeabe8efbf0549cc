//! The one place with `unsafe`: every `SQLite` connection asks, now and then while it works, whether it
//! has to stop.
//!
//! Diesel has no call for `SQLite`'s progress handler and does not show its connection. So a function
//! of ours is registered with `SQLite` itself, which calls it for each connection that is opened from
//! then on; it installs a handler that gets no data and only looks at [`limit::must_end`] of the
//! thread that runs the statement.
#![expect(
    unsafe_code,
    reason = "the progress handler is part of SQLite's C interface only"
)]

use std::ffi::{c_char, c_int, c_void};
use std::ptr;
use std::sync::OnceLock;

use libsqlite3_sys as ffi;

use super::{Error, limit};

/// Instructions of `SQLite`'s machine between two questions: some tenths of a millisecond.
const INSTRUCTIONS: c_int = 5_000;

/// Has every connection that is opened from now on ask; once a process, however often it is called.
pub(super) fn install() -> Result<(), Error> {
    static REGISTERED: OnceLock<c_int> = OnceLock::new();
    // SAFETY: `sqlite3_auto_extension` may be called from any thread at any time; it keeps the pointer
    // for as long as the process lives, and a function lives as long. `arm` has the signature SQLite
    // calls it with.
    let code = *REGISTERED.get_or_init(|| unsafe { ffi::sqlite3_auto_extension(Some(arm)) });
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(Error::Internal(format!(
            "reads could not be limited in time: SQLite answered {code}"
        )))
    }
}

/// Called by `SQLite` for each connection it has opened, before anyone else has it.
unsafe extern "C" fn arm(
    connection: *mut ffi::sqlite3,
    _message: *mut *mut c_char,
    _routines: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite hands over an open connection that nobody else uses yet. The handler needs no
    // data, so there is nothing that could be gone when it is called.
    unsafe {
        ffi::sqlite3_progress_handler(connection, INSTRUCTIONS, Some(ask), ptr::null_mut());
    }
    ffi::SQLITE_OK
}

/// Called by `SQLite` on the thread that runs the statement; anything but 0 ends it. It does not touch
/// its argument, use the connection or panic.
unsafe extern "C" fn ask(_nothing: *mut c_void) -> c_int {
    c_int::from(limit::must_end())
}
