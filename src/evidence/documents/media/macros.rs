//! Whether a container holds programs: looked for in the names of all of its entries while they come
//! by, and in the one small part that says what the others are.

use std::io::Read;

use flate2::read::DeflateDecoder;
use memchr::memmem;

/// Bytes of a name that are looked at.
const NAME: usize = 512;

/// Bytes of a header in front of its name.
const HEADER: usize = 46;

/// The part of an Office Open XML container that says what all parts are.
const TYPES: &[u8] = b"[content_types].xml";

/// The part that says which template a text is opened with.
const SETTINGS: &[u8] = b"word/_rels/settings.xml.rels";

/// Most packed bytes of them, and most unpacked ones: real ones have a few thousand.
const PACKED: usize = 64 * 1024;
const UNPACKED: u64 = 1024 * 1024;

/// How often they may be there; a second one is for readers that look elsewhere.
const COPIES: usize = 4;

/// Looks for programs in a container that comes by.
#[derive(Debug, Default)]
pub(super) struct Macros {
    /// The last bytes, whose headers have not been read.
    window: Vec<u8>,
    copies: Vec<Copy>,
    found: bool,
}

#[derive(Debug)]
struct Copy {
    settings: bool,
    stored: bool,
    bytes: Vec<u8>,
}

impl Macros {
    /// The next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for copy in &mut self.copies {
            let room = PACKED.saturating_sub(copy.bytes.len());
            copy.bytes.extend(bytes.iter().take(room));
        }
        self.window.extend_from_slice(bytes);
        let whole = self.window.len().saturating_sub(HEADER + NAME);
        self.look(whole);
        self.window.drain(..whole);
    }

    /// Whether there are programs in it, once all has come.
    pub(super) fn finish(&self) -> bool {
        let mut rest = Self {
            window: self.window.clone(),
            ..Self::default()
        };
        rest.look(rest.window.len());
        self.found || rest.found || self.copies.iter().chain(&rest.copies).any(Copy::says_so)
    }

    /// Reads the headers that begin before `end`.
    fn look(&mut self, end: usize) {
        for at in memmem::find_iter(&self.window, b"PK").take_while(|at| *at < end) {
            let Some(bytes) = self.window.get(at..) else {
                continue;
            };
            let (method, length, begins) = if bytes.starts_with(b"PK\x03\x04") {
                (8, 26, 30)
            } else if bytes.starts_with(b"PK\x01\x02") {
                (10, 28, 46)
            } else {
                continue;
            };
            let Some(length) = super::number(bytes, length, 2) else {
                continue;
            };
            let name = bytes.get(begins..).unwrap_or_default();
            let name = name.get(..length.min(NAME)).unwrap_or(name);
            let name = name.to_ascii_lowercase();
            // What stands behind the end of such a name nobody has looked at. Packed bytes that look like
            // a header by chance hardly name a way of packing, too.
            let packed = matches!(super::number(bytes, method, 2), Some(0 | 8));
            self.found |= (packed && length > NAME) || is_program(&name);
            if (name == TYPES || name == SETTINGS) && begins == 30 && self.copies.len() < COPIES {
                let data = super::number(bytes, 28, 2)
                    .and_then(|extra| bytes.get(30 + length + extra..))
                    .unwrap_or_default();
                self.copies.push(Copy {
                    settings: name == SETTINGS,
                    stored: super::number(bytes, 8, 2) == Some(0),
                    bytes: data.iter().take(PACKED).copied().collect(),
                });
            }
        }
    }
}

impl Copy {
    /// Whether the part names programs among the others, whatever their files are called.
    fn says_so(&self) -> bool {
        let mut text = Vec::new();
        if self.stored {
            text.clone_from(&self.bytes);
        } else {
            // What can't be unpacked to its end is judged by what there is.
            let mut packed = DeflateDecoder::new(self.bytes.as_slice()).take(UNPACKED);
            drop(packed.read_to_end(&mut text));
        }
        // In UTF-16 every second byte is zero.
        text.retain(|byte| *byte != 0);
        let text = text.to_ascii_lowercase();
        let holds = |word: &[u8]| memmem::find(&text, word).is_some();
        if self.settings {
            // A template from elsewhere brings its programs along.
            let addresses: &[&[u8]] = &[
                b"target=\"http",
                b"target='http",
                b"target=\"\\\\",
                b"target='\\\\",
                b"&#",
            ];
            return holds(b"attachedtemplate") && addresses.iter().any(|address| holds(address));
        }
        // Letters written as numbers are for readers of XML only: no program writes types so.
        [
            &b"macroenabled"[..],
            b"vbaproject",
            b"vbadata",
            b"activex",
            b"&#",
        ]
        .iter()
        .any(|word| holds(word))
    }
}

/// Whether an entry of this name, in lower case, is a program, or belongs to one.
fn is_program(name: &[u8]) -> bool {
    let name: Vec<u8> = name
        .iter()
        .map(|byte| if *byte == b'\\' { b'/' } else { *byte })
        .collect();
    let holds = |part: &[u8]| memmem::find(&name, part).is_some();
    let folders: &[&[u8]] = &[
        b"basic/",
        b"scripts/",
        b"macros/",
        b"dialogs/",
        b"word/activex/",
    ];
    let endings: &[&[u8]] = &[
        b".docm", b".dotm", b".xlsm", b".xltm", b".xlam", b".pptm", b".potm", b".ppam", b".ppsm",
        b".vbs", b".js", b".jse", b".exe", b".dll", b".scr", b".com", b".bat", b".cmd", b".ps1",
        b".hta", b".jar", b".py", b".sh", b".vbe", b".wsf", b".wsh", b".lnk", b".msi", b".cpl",
        b".pif", b".reg", b".class", b".xlsb", b".xll", b".so", b".dylib",
    ];
    // Some systems do without dots and blanks at the end.
    let end = name.iter().rposition(|byte| !matches!(byte, b'.' | b' '));
    let name = name.get(..end.map_or(0, |end| end + 1)).unwrap_or_default();
    holds(b"vbaproject")
        || holds(b"vbadata")
        || folders.iter().any(|folder| name.starts_with(folder))
        || endings.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_known_by_the_names_of_entries() {
        for (name, program) in [
            ("word/vbaproject.bin", true),
            ("word/_rels/vbaproject.bin.rels", true),
            ("word\\vbadata.xml", true),
            ("basic/standard/module1.xml", true),
            ("scripts/python/x.py", true),
            ("word/embeddings/a.class", true),
            ("word/embeddings/a.exe. ", true),
            ("word/embeddings/book.xlsm", true),
            ("word/document.xml", false),
            ("word/embeddings/oleobject1.bin", false),
            ("word/media/basic/image.png", false),
            ("meta-inf/manifest.xml", false),
        ] {
            assert_eq!(is_program(name.as_bytes()), program, "{name}");
        }
    }
}
