//! Lines of the log on their way to standard error, those of a moment together: written one by one, each would cost
//! more than the answer that it tells of.

use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// For how long lines are gathered once some have been written.
const MOMENT: Duration = Duration::from_millis(10);

/// Bytes that may wait; whoever adds more writes them out.
const FULL: usize = 256 * 1024;

static LINES: Lines = Lines {
    waiting: Mutex::new(Vec::new()),
    some: Condvar::new(),
    out: Mutex::new(()),
};

struct Lines {
    waiting: Mutex<Vec<u8>>,
    /// Told when there is a first line.
    some: Condvar,
    /// Held by whoever writes, so that lines stay in their order.
    out: Mutex<()>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lines {
    fn add(&self, line: &[u8]) {
        let mut waiting = locked(&self.waiting);
        let is_first = waiting.is_empty();
        waiting.extend_from_slice(line);
        let is_full = waiting.len() >= FULL;
        drop(waiting);
        if is_full {
            self.write();
        } else if is_first {
            self.some.notify_one();
        }
    }

    /// Writes out what waits. When standard error is closed there is nobody to tell: a failure that the library heard
    /// of would be printed there too, and end the request in a panic.
    fn write(&self) {
        let _out = locked(&self.out);
        let lines = std::mem::take(&mut *locked(&self.waiting));
        drop(io::stderr().write_all(&lines));
    }

    fn wait(&self) {
        let waiting = locked(&self.waiting);
        drop(self.some.wait_while(waiting, |lines| lines.is_empty()));
    }
}

/// Writes out what waits: before the process ends, and before something else is written.
pub fn flush() {
    LINES.write();
}

/// Writes lines a moment after they were logged, and warnings and errors at once.
#[derive(Debug)]
pub struct Together {
    /// Whether somebody writes out what waits.
    gathers: bool,
}

impl Together {
    pub fn start() -> Self {
        let writer = thread::Builder::new().name("twincity-log".to_owned());
        let started = writer.spawn(|| {
            loop {
                LINES.wait();
                flush();
                thread::sleep(MOMENT);
            }
        });
        Self {
            gathers: started.is_ok(),
        }
    }
}

/// Takes one line.
#[derive(Debug)]
pub struct Line {
    at_once: bool,
}

impl<'a> MakeWriter<'a> for Together {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { at_once: true }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line {
        Line {
            at_once: !self.gathers || *meta.level() <= Level::WARN,
        }
    }
}

impl Write for Line {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        LINES.add(line);
        if self.at_once {
            LINES.write();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        LINES.write();
        Ok(())
    }
}
