//! From the bytes of a text file to UTF-8 with one sort of line end, or to the encoding it seems to have.

mod mojibake;

use std::io::{self, Read};

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

/// The bytes of a file as UTF-8, a chunk at a time; an error where they are none. All lines end with LF: CRLF and CR
/// become one, a last line gets one.
///
/// The CSV reader then counts lines rightly (it loses count between CR and LF), and the end of the
/// file is never the end of a row. A row whose quote is never closed would be the rest of the file,
/// however long, so the text ends when the [budget](Self::budget) is spent.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
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
    /// What could not be read.
    pub(super) fault: Option<String>,
    /// How many more bytes may be read.
    pub(super) budget: usize,
    /// Whether the text was ended because more was asked for than the budget allows.
    pub(super) spent: bool,
    /// Whether the reader has been told that nothing is left.
    pub(super) told_end: bool,
}

/// A decoder that can be shown.
struct Decoded8(Decoder);

impl std::fmt::Debug for Decoded8 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.encoding().name())
    }
}

/// What is wrong with bytes that are no text in the encoding, or that are signs which no text has.
fn misread(line: u64, read_as: &'static Encoding, seems: Seems, mixed: bool) -> String {
    let read_as = read_as.name();
    let name = match seems {
        Seems::Encoding(encoding) => encoding.name(),
        Seems::Old => "in an old DOS or Macintosh encoding",
        Seems::Unknown => "in another one",
    };
    if mixed {
        return format!(
            "line {line}: the file is {read_as} before this line and seems to be {name} here: save all of it as UTF-8"
        );
    }
    let advice = match seems {
        Seems::Encoding(_) => {
            let label = name.to_ascii_lowercase();
            format!("; it seems to be {name}: read it with --encoding {label}, or save it as UTF-8")
        }
        Seems::Old => format!("; it seems to be {name}: save it as UTF-8"),
        Seems::Unknown => ": save it as UTF-8".to_owned(),
    };
    format!("line {line}: the file is not {read_as}{advice}")
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
            decoder: Decoded8(encoding.new_decoder_without_bom_handling()),
            raw: vec![0; CHUNK],
            text: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            last: b'\n',
            beyond_ascii: false,
            swapped,
            fault: None,
            budget: 0,
            spent: false,
            told_end: false,
        }
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
        let Decoded8(decoder) = &mut self.decoder;
        let encoding = decoder.encoding();
        let longest = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        self.text.resize(longest.unwrap_or(CHUNK * 4), 0);
        let (result, taken, given) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, read == 0);
        self.text.truncate(given);
        self.at = 0;
        self.ended = read == 0;
        self.beyond_ascii |= !self.text.is_ascii();
        self.text.retain_mut(|byte| {
            let completes_crlf = *byte == b'\n' && self.last == b'\r';
            self.last = *byte;
            if *byte == b'\r' {
                *byte = b'\n';
            }
            !completes_crlf
        });
        let control = control_in(&self.text, encoding);
        let seen = self.text.iter().take(control.unwrap_or(self.text.len()));
        self.line += seen.map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
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
            let seems = Seems::guess(&evidence, encoding, mixed);
            self.fault = Some(misread(self.line, encoding, seems, mixed));
            self.ended = true;
        } else if self.ended && !matches!(self.last, b'\n' | b'\r') {
            self.text.push(b'\n');
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

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() || self.told_end {
            return Ok(0);
        }
        if self.budget == 0 {
            self.spent = true;
            return Ok(0);
        }
        while self.at >= self.text.len() {
            if let Some(fault) = &self.fault {
                return Err(io::Error::new(io::ErrorKind::InvalidData, fault.clone()));
            }
            if self.ended {
                self.told_end = true;
                return Ok(0);
            }
            self.advance()?;
        }
        let given = self.text.get(self.at..).unwrap_or_default().read(out)?;
        self.at += given;
        self.budget = self.budget.saturating_sub(given);
        Ok(given)
    }
}
