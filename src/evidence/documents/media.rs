//! What a file is: read from its bytes as they come by, never from what is said of it.
//!
//! Of a container the names of its entries are read, and of a text of Office Open XML the one small
//! part that says what the others are; no more of it is unpacked.

mod macros;
#[cfg(test)]
mod tests;

use macros::Macros;
use memchr::memmem;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// Bytes at the beginning that are kept to look at: the first entries of a container are in them.
const HEAD: usize = 256 * 1024;

/// Bytes after which a file that can't be any of the types is given up.
const ENOUGH: usize = 4096;

/// The types of files the registry holds, by their media types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray, EnumString, IntoStaticStr)]
pub enum Media {
    /// PDF.
    #[strum(to_string = "application/pdf")]
    Pdf,
    /// A text of `OpenDocument`.
    #[strum(to_string = "application/vnd.oasis.opendocument.text")]
    Odt,
    /// A text of Office Open XML.
    #[strum(to_string = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")]
    Docx,
    /// PNG.
    #[strum(to_string = "image/png")]
    Png,
    /// JPEG.
    #[strum(to_string = "image/jpeg", serialize = "image/jpg")]
    Jpeg,
    /// Text in UTF-8.
    #[strum(to_string = "text/plain")]
    Text,
}

impl Media {
    /// The media type.
    pub fn essence(self) -> &'static str {
        self.into()
    }

    /// The type of this media type.
    pub fn of_essence(essence: &str) -> Option<Self> {
        essence.parse().ok()
    }

    /// The endings of its files, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Odt => &["odt"],
            Self::Docx => &["docx"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg", "jpe"],
            Self::Text => &["txt", "text"],
        }
    }

    /// The value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            other => other.essence(),
        }
    }

    /// Whether a browser shows it without running anything of it.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Pdf | Self::Png | Self::Jpeg)
    }
}

/// Looks at a file while it comes by.
#[derive(Debug, Default)]
pub struct Sniffer {
    head: Vec<u8>,
    text: Utf8,
    macros: Macros,
}

impl Sniffer {
    /// The next bytes; `false` when the file can't be any of the types.
    pub fn feed(&mut self, bytes: &[u8]) -> bool {
        let room = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend(bytes.iter().take(room));
        self.text.feed(bytes);
        if self.head.starts_with(ZIP) {
            self.macros.feed(bytes);
        }
        self.head.len() < ENOUGH
            || signature(&self.head).is_some()
            || self.head.starts_with(ZIP)
            || (!self.text.broken && !is_markup(&self.head))
    }

    /// What the whole file is; else what it seems to be.
    pub fn finish(&self) -> Result<Media, &'static str> {
        if let Some(media) = signature(&self.head) {
            return Ok(media);
        }
        if self.head.starts_with(ZIP) {
            let media = container(&self.head).ok_or("another kind of ZIP container")?;
            return if self.macros.finish() {
                Err("a document with macros or other programs in it")
            } else {
                Ok(media)
            };
        }
        if self.text.is_whole() && !is_markup(&self.head) {
            return Ok(Media::Text);
        }
        Err(if is_markup(&self.head) {
            "markup or a script"
        } else {
            infer::get(&self.head).map_or("of no known type", |found| found.mime_type())
        })
    }
}

/// How the files of some types begin.
const SIGNATURES: [(&[u8], Media); 3] = [
    (b"%PDF-", Media::Pdf),
    (b"\x89PNG\r\n\x1a\n", Media::Png),
    (b"\xff\xd8\xff", Media::Jpeg),
];

fn signature(head: &[u8]) -> Option<Media> {
    let mut known = SIGNATURES.iter();
    let found = known.find(|(begin, _)| head.starts_with(begin));
    found.map(|(_, media)| *media)
}

/// How a local header of a ZIP container begins.
const ZIP: &[u8] = b"PK\x03\x04";

/// One entry of a container: its name, how it is packed, and where its bytes begin.
struct Entry<'a> {
    name: &'a [u8],
    stored: bool,
    packed: usize,
    data: &'a [u8],
}

fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(width)?)?;
    let digits = bytes.iter().rev();
    Some(digits.fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
}

/// The entry whose local header begins here.
fn entry(bytes: &[u8]) -> Option<Entry<'_>> {
    if !bytes.starts_with(ZIP) {
        return None;
    }
    let (name_length, extra) = (number(bytes, 26, 2)?, number(bytes, 28, 2)?);
    Some(Entry {
        name: bytes.get(30..30 + name_length)?,
        stored: number(bytes, 8, 2)? == 0,
        packed: number(bytes, 18, 4)?,
        data: bytes.get(30 + name_length + extra..)?,
    })
}

/// Which of the known containers this is, by the names of its first entries.
fn container(head: &[u8]) -> Option<Media> {
    let first = entry(head)?;
    if first.name == b"mimetype" {
        // OpenDocument: the first entry holds the media type, as it is. Templates have a longer one.
        let said = first.data.get(..first.packed)?;
        return (first.stored && said == Media::Odt.essence().as_bytes()).then_some(Media::Odt);
    }
    let known: &[&[u8]] = &[b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/"];
    if !known.iter().any(|name| first.name.starts_with(name)) {
        return None;
    }
    let mut names = memmem::find_iter(head, ZIP)
        .filter_map(|at| head.get(at..).and_then(entry))
        .map(|entry| entry.name);
    // What comes first of these says what the container holds.
    names.find_map(|name| {
        if name.starts_with(b"word/") {
            Some(Some(Media::Docx))
        } else if name.starts_with(b"xl/") || name.starts_with(b"ppt/") {
            Some(None)
        } else {
            None
        }
    })?
}

/// Whether text begins like something a browser or a shell would run, or another reader would take
/// for a document of its own.
fn is_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if infer::text::is_shellscript(head) {
        return true;
    }
    let head = head.trim_ascii_start();
    if head.starts_with(b"{\\rtf") || head.starts_with(b"%!PS") {
        return true;
    }
    match head {
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'/' | b'%'),
        _ => false,
    }
}

/// Whether bytes that come in pieces are text in UTF-8 without control characters.
#[derive(Debug, Default)]
struct Utf8 {
    /// The beginning of a character whose end has not come.
    open: Vec<u8>,
    broken: bool,
}

impl Utf8 {
    fn feed(&mut self, bytes: &[u8]) {
        if self.broken {
            return;
        }
        // U+0080 to U+009F are controls too; in UTF-8 they are two bytes of which the first is 0xC2.
        let mut joined = std::mem::take(&mut self.open);
        let all: &[u8] = if joined.is_empty() {
            bytes
        } else {
            joined.extend_from_slice(bytes);
            &joined
        };
        let good = match std::str::from_utf8(all) {
            Ok(text) => text,
            Err(error) if error.error_len().is_some() => {
                self.broken = true;
                return;
            }
            Err(error) => {
                let (good, open) = all.split_at(error.valid_up_to());
                self.open = open.to_vec();
                std::str::from_utf8(good).unwrap_or_default()
            }
        };
        self.broken = good
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'));
    }

    /// Whether it is good and ends with a whole character.
    fn is_whole(&self) -> bool {
        !self.broken && self.open.is_empty()
    }
}
