//! The command line.

use std::process::ExitCode;

/// Faster than the system's with many small values on many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    twincity::cli::run()
}
