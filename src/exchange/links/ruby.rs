//! Readings above the signs of a text, as Japanese sheets have them: they are no part of it, and the reader of
//! workbooks would put them there.

use std::io::{self, Cursor, Read, Write};

use memchr::memmem;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The part of an ODS file that holds its sheets.
const CONTENT: &str = "content.xml";
/// How the element of a reading begins and ends.
const BEGIN: &[u8] = b"<text:ruby-text";
const END: &[u8] = b"</text:ruby-text>";

/// The same ODS file without readings.
pub(super) fn without(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index)?;
        if part.name()? != CONTENT {
            out.raw_copy_file(part)?;
            continue;
        }
        drop(part);
        out.start_file(CONTENT, SimpleFileOptions::default())?;
        copy(archive.by_index(index)?, &mut out)?;
    }
    Ok(out.finish()?.into_inner())
}

/// Copies XML without its readings, however it is cut when it is read.
fn copy(mut from: impl Read, mut to: impl Write) -> io::Result<()> {
    let mut chunk = vec![0; 64 * 1024];
    let mut text: Vec<u8> = Vec::new();
    let mut hidden = false;
    loop {
        let read = from.read(&mut chunk)?;
        text.extend(chunk.iter().take(read));
        while let Some(at) = memmem::find(&text, if hidden { END } else { BEGIN }) {
            let rest = text.get(at..).unwrap_or_default();
            let Some(end) = memchr::memchr(b'>', rest) else {
                break;
            };
            if !hidden {
                to.write_all(text.get(..at).unwrap_or_default())?;
            }
            let empty = rest.get(..end).is_some_and(|tag| tag.ends_with(b"/"));
            hidden = !hidden && !empty;
            text.drain(..=at + end);
        }
        if read == 0 {
            return if hidden { Ok(()) } else { to.write_all(&text) };
        }
        // A tag may go on in what is read next.
        let open = memchr::memrchr(b'<', &text).unwrap_or(text.len());
        if !hidden {
            to.write_all(text.get(..open).unwrap_or_default())?;
        }
        text.drain(..open);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_taken_out_wherever_the_text_is_cut() {
        let text = "<p><text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text \
                    text:style-name=\"R\">とう<b/>きょう</text:ruby-text></text:ruby><text:ruby-text/>都</p>";
        let plain = "<p><text:ruby><text:ruby-base>東京</text:ruby-base></text:ruby>都</p>";
        for cut in 0..text.len() {
            let (before, after) = text.as_bytes().split_at(cut);
            let mut out = Vec::new();
            copy(before.chain(after), &mut out).unwrap();
            assert_eq!(str::from_utf8(&out).unwrap(), plain, "{cut}");
        }
    }
}
