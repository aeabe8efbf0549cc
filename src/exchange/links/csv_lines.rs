//! The bytes of a file with one sort of line end, and no more of them than a row may have.

use std::io::{self, BufRead, Read};

/// Reads text whose lines all end with LF: CRLF and CR become one, a last line gets one.
///
/// The CSV reader then counts lines rightly (it loses count between CR and LF), and the end of the
/// file is never the end of a row. A row whose quote is never closed would be the rest of the file,
/// however long, so the text ends when the [budget](Self::allow) is spent.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: R,
    budget: usize,
    last: u8,
    ended: bool,
    spent: bool,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            budget: 0,
            last: b'\n',
            ended: false,
            spent: false,
        }
    }

    /// Lets so many more bytes be read.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.budget = bytes;
    }

    /// Whether the text was ended because more was asked for than allowed.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }

    /// Where the bytes come from.
    pub(super) fn input(&self) -> &R {
        &self.input
    }

    /// Whether the reader has been told that nothing is left.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Copies what is buffered; how many bytes were taken and how many were given.
    fn copy(&mut self, out: &mut [u8]) -> io::Result<(usize, usize)> {
        let room = out.len();
        let mut slots = out.iter_mut();
        let (mut taken, mut given) = (0, 0);
        for &byte in self.input.fill_buf()?.iter().take(room) {
            let completes_crlf = byte == b'\n' && self.last == b'\r';
            self.last = byte;
            taken += 1;
            if completes_crlf {
                continue;
            }
            if let Some(slot) = slots.next() {
                *slot = if byte == b'\r' { b'\n' } else { byte };
                given += 1;
            }
        }
        self.input.consume(taken);
        Ok((taken, given))
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.ended {
            return Ok(0);
        }
        if self.budget == 0 {
            self.spent = true;
            return Ok(0);
        }
        loop {
            let (taken, given) = self.copy(out)?;
            if given > 0 {
                self.budget = self.budget.saturating_sub(given);
                return Ok(given);
            }
            if taken > 0 {
                continue;
            }
            if matches!(self.last, b'\n' | b'\r') {
                self.ended = true;
                return Ok(0);
            }
            self.last = b'\n';
            return Ok(out.iter_mut().take(1).map(|slot| *slot = b'\n').count());
        }
    }
}
