use proptest::prelude::*;

use super::*;

fn sniffed(bytes: &[u8]) -> Result<Media, &'static str> {
    let mut sniffer = Sniffer::default();
    for piece in bytes.chunks(7) {
        if !sniffer.feed(piece) {
            assert!(sniffer.finish().is_err(), "given up too early");
        }
    }
    sniffer.finish()
}

/// A container of stored entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, data) in entries {
        bytes.extend_from_slice(ZIP);
        bytes.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&length);
        bytes.extend_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(data);
    }
    bytes
}

#[test]
fn a_type_is_read_from_the_content() {
    let odt = zip(&[
        ("mimetype", Media::Odt.essence().as_bytes()),
        ("content.xml", b"<x/>"),
    ]);
    let template = zip(&[(
        "mimetype",
        b"application/vnd.oasis.opendocument.text-template",
    )]);
    let docx = zip(&[
        ("[Content_Types].xml", b"<x/>"),
        ("_rels/.rels", b""),
        ("word/document.xml", b""),
    ]);
    let office = zip(&[
        ("_rels/.rels", b""),
        ("docProps/app.xml", b"x"),
        ("docProps/core.xml", b"x"),
        ("word/_rels/x", b""),
    ]);
    let sheet = zip(&[
        ("[Content_Types].xml", b""),
        ("xl/workbook.xml", b""),
        ("word/x", b""),
    ]);
    for (bytes, media) in [
        (b"%PDF-1.7\n%\xe2\xe3".as_slice(), Some(Media::Pdf)),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(Media::Png)),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Some(Media::Jpeg)),
        (&odt, Some(Media::Odt)),
        (&template, None),
        (&docx, Some(Media::Docx)),
        (&office, Some(Media::Docx)),
        (&sheet, None),
        (&zip(&[("bomb", b"x")]), None),
        (
            "\u{feff}Umowa\r\n\to współpracy\n".as_bytes(),
            Some(Media::Text),
        ),
        ("x <b>y</b> 1 < 2".as_bytes(), Some(Media::Text)),
        (b"<3 Bialystok", Some(Media::Text)),
        (b" \n<!doctype html><p>", None),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", None),
        (b"<script>alert(1)</script>", None),
        (b"<?php system($_GET[0]);", None),
        (b"#!/bin/sh\nrm -rf /", None),
        (b"{\\rtf1 x}", None),
        (b"MZ\x90\0\x03", None),
        (b"a\0b", None),
        (b"a\x1b[31mb", None),
        (b"caf\xe9", None),
        ("a\u{85}b".as_bytes(), None),
        (b"half a character \xc5", None),
        // A page that is a PDF as well, for readers that look further.
        (b"<html>%PDF-1.4", None),
    ] {
        assert_eq!(
            sniffed(bytes).ok(),
            media,
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn a_container_with_programs_is_refused_whatever_it_is_called() {
    let docx: &[(&str, &[u8])] = &[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<x/>"),
    ];
    let odt: &[(&str, &[u8])] = &[("mimetype", Media::Odt.essence().as_bytes())];
    let padding = vec![b'x'; 300 * 1024];
    let enabled = b"<Override ContentType=\"application/vnd.ms-office.vbaProject\"/>";
    let wide: Vec<u8> = enabled.iter().flat_map(|byte| [*byte, 0]).collect();
    let hidden = b"<Override ContentType=\"application/vnd.ms-word.document.macro&#x45;nabled\"/>";
    let template = b"<Relationship Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate\" \
        Target=\"http://example.org/x.dotm\" TargetMode=\"External\"/>";
    let long = format!("word/{}.exe", "n".repeat(600));
    for (base, name, data) in [
        (docx, long.as_str(), b"x".as_slice()),
        (docx, "[Content_Types].xml", hidden),
        (docx, "word/vbaProject.bin", b"x"),
        (docx, "word/VBAPROJECT.BIN", b"x"),
        (docx, "word/vbaData.xml", b"x"),
        (docx, "word/activeX/activeX1.bin", b"x"),
        (docx, "word/embeddings/x.docm", b"x"),
        (docx, "word/_rels/settings.xml.rels", template),
        // Whatever the program's own file is called, this part says what it is.
        (docx, "[Content_Types].xml", enabled),
        (docx, "[Content_Types].xml", &wide),
        (odt, "Basic/Standard/script-lb.xml", b"x"),
        (odt, "Scripts/python/x", b"x"),
    ] {
        // Far behind what is kept of the beginning, too.
        for between in [&b"x"[..], &padding] {
            let entries = [base, &[("word/media/image1.png", between), (name, data)]].concat();
            assert_eq!(
                sniffed(&zip(&entries)),
                Err("a document with macros or other programs in it"),
                "{name}"
            );
        }
        let entries = [base, &[("word/media/image1.png", &padding)]].concat();
        assert!(sniffed(&zip(&entries)).is_ok());
    }
}

#[test]
fn what_can_be_nothing_is_given_up_early() {
    let mut sniffer = Sniffer::default();
    assert!(!sniffer.feed(&[0; 8192]));
    let mut sniffer = Sniffer::default();
    assert!(!sniffer.feed(&b"<html> ".repeat(2000)));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), zipped in any::<bool>()) {
        let bytes = if zipped { [ZIP, &bytes].concat() } else { bytes };
        let _ = sniffed(&bytes);
    }

    #[test]
    fn text_is_text_however_it_is_cut(text in "[a-zżźćńółęąś東京\\n]{0,200}", at in 0_usize..600) {
        let bytes = text.as_bytes();
        let (a, b) = bytes.split_at(at.min(bytes.len()));
        let mut sniffer = Sniffer::default();
        sniffer.feed(a);
        sniffer.feed(b);
        prop_assert_eq!(sniffer.finish(), Ok(Media::Text));
    }
}
