//! From the bytes of a text file to UTF-8, or to the encoding it seems to have.

mod mojibake;

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use self::mojibake::Seems;

/// Bytes read at once.
const CHUNK: usize = 16 * 1024;
/// How much behind a fault is looked at to tell the encoding.
const EVIDENCE: u64 = 256 * 1024;
/// How much before it.
const BEFORE: usize = 64;
/// Stands for a separator that is no ASCII character.
pub(super) const SEPARATOR: u8 = 0x1f;

/// The bytes of a file as UTF-8, a chunk at a time; an error where they are none.
#[derive(Debug)]
pub(super) struct Decoded<R> {
    input: R,
    decoder: Decoded8,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
    line: u64,
    last: u8,
    beyond_ascii: bool,
    /// The separator of the file, where it is no ASCII character.
    swapped: Option<char>,
    fault: Option<Misread>,
}

/// A decoder that can be shown.
struct Decoded8(Decoder, &'static Encoding);

impl std::fmt::Debug for Decoded8 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.1.name())
    }
}

/// Bytes that are no text in the encoding, or that are signs which no text has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Misread {
    line: u64,
    read_as: &'static Encoding,
    seems: Seems,
    mixed: bool,
}

impl std::fmt::Display for Misread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, .. } = self;
        let read_as = self.read_as.name();
        let seems = match self.seems {
            Seems::Encoding(encoding) => encoding.name(),
            Seems::Old => "in an old DOS or Macintosh encoding",
            Seems::Unknown => "in another one",
        };
        if self.mixed {
            return write!(
                f,
                "line {line}: the file is {read_as} before this line and seems to be {seems} here: \
                 save all of it as UTF-8"
            );
        }
        match self.seems {
            Seems::Encoding(encoding) => write!(
                f,
                "line {line}: the file is not {read_as}; it seems to be {seems}: read it with \
                 --encoding {}, or save it as UTF-8",
                encoding.name().to_ascii_lowercase()
            ),
            Seems::Old => write!(
                f,
                "line {line}: the file is not {read_as}; it seems to be {seems}: save it as UTF-8"
            ),
            Seems::Unknown => write!(
                f,
                "line {line}: the file is not {read_as}: save it as UTF-8"
            ),
        }
    }
}

/// Where the first control character from U+0080 to U+009F stands in a text: no text of eight bits has one, but
/// another encoding has letters there. What Unicode says itself is for the rules of cells.
fn control_in(text: &[u8], encoding: &'static Encoding) -> Option<usize> {
    if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) {
        return None;
    }
    memchr::memchr_iter(0xc2, text).find(|at| {
        let second = text.get(at + 1);
        second.is_some_and(|second| (0x80..=0x9f).contains(second))
    })
}

impl<R: Read> Decoded<R> {
    /// Reads text in an encoding, from behind its mark on.
    pub(super) fn new(input: R, encoding: &'static Encoding, swapped: Option<char>) -> Self {
        Self {
            input,
            decoder: Decoded8(encoding.new_decoder_without_bom_handling(), encoding),
            raw: vec![0; CHUNK],
            text: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            last: b'\n',
            beyond_ascii: false,
            swapped,
            fault: None,
        }
    }

    /// What could not be read.
    pub(super) fn fault(&self) -> Option<&Misread> {
        self.fault.as_ref()
    }

    /// Reads and decodes the next bytes.
    fn advance(&mut self) -> io::Result<()> {
        let read = loop {
            match self.input.read(&mut self.raw) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let bytes = self.raw.get(..read).unwrap_or_default();
        let Decoded8(decoder, encoding) = &mut self.decoder;
        let longest = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        self.text.resize(longest.unwrap_or(CHUNK * 4), 0);
        let (result, taken, given) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, read == 0);
        self.text.truncate(given);
        self.at = 0;
        self.ended = read == 0;
        self.beyond_ascii |= !self.text.is_ascii();
        let encoding = *encoding;
        let control = control_in(&self.text, encoding);
        for byte in self.text.iter().take(control.unwrap_or(given)) {
            let completes_crlf = *byte == b'\n' && self.last == b'\r';
            self.line += u64::from(matches!(byte, b'\n' | b'\r') && !completes_crlf);
            self.last = *byte;
        }
        if control.is_some() || matches!(result, DecoderResult::Malformed(..)) {
            let from = if control.is_some() {
                0
            } else {
                taken.saturating_sub(BEFORE)
            };
            let mut evidence = bytes.get(from..).unwrap_or_default().to_vec();
            self.input
                .by_ref()
                .take(EVIDENCE)
                .read_to_end(&mut evidence)?;
            let mixed = control.is_none() && self.beyond_ascii && encoding == UTF_8;
            self.fault = Some(Misread {
                line: self.line,
                read_as: encoding,
                seems: Seems::guess(&evidence, encoding, mixed),
                mixed,
            });
            self.ended = true;
        }
        if let (Some(separator), Ok(text)) = (self.swapped, str::from_utf8(&self.text)) {
            let stand_in = char::from(SEPARATOR);
            let text = text
                .replace(stand_in, " ")
                .replace(separator, &stand_in.to_string());
            self.text = text.into_bytes();
        }
        Ok(())
    }
}

impl<R: Read> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.text.len() {
            if let Some(fault) = &self.fault {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    fault.to_string(),
                ));
            }
            if self.ended {
                return Ok(&[]);
            }
            self.advance()?;
        }
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.text.len().min(self.at + amount);
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(out)?;
        self.consume(taken);
        Ok(taken)
    }
}
