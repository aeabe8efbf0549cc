//! Encodings that nobody should be told to read a file in.

use encoding_rs::{Encoding, ISO_8859_2, WINDOWS_1250};

use super::*;

const HEADER: &[u8] = b"a.name,a.country,b.name,b.country\n";

fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy);
    [HEADER, &bytes].concat()
}

/// Every row of a file in an encoding.
fn read_as(file: &[u8], label: &str) -> Result<Vec<Row>, ReadError> {
    let reading = Reading::default().with_encoding(label).unwrap();
    LinkReader::open_as(file, Mapping::default(), &reading)?.collect()
}

#[test]
fn old_encodings_of_dos_and_macintosh_are_not_taken_for_those_of_windows() {
    for (what, rows) in [
        (
            "cp852",
            b"Gda\xe4sk,PL,G\x94teborg,SE\nBia\x88ystok,PL,\x9d\xa2d\xab,PL\n".as_slice(),
        ),
        ("cp850", b"K\x94ln,DE,Paris,FR\n"),
        ("Mac Roman", b"M\x9fnchen,DE,Paris,FR\n"),
        ("Mac CE", b"Gda\xc4sk,PL,G\x9ateborg,SE\n"),
        (
            "cp437",
            b"J\x84rvenp\x84\x84,FI,M\x81nchen,DE\nK\x94ln,DE,\x99rebro,SE\n",
        ),
    ] {
        let message = refusal([HEADER, rows].concat(), Mapping::default());
        assert!(
            message.contains("an old DOS or Macintosh encoding: save it as UTF-8"),
            "{what}: {message}"
        );
        assert!(!message.contains("--encoding"), "{what}: {message}");
    }
}

#[test]
fn control_characters_in_place_of_letters_refuse_the_file() {
    let rows = "Białystok,PL,Żary,PL\nŚwidnica,PL,Łódź,PL\nKraków,PL,Wrocław,PL\n";
    let file = encoded(rows, WINDOWS_1250);
    let message = read_as(&file, "iso-8859-2").unwrap_err().to_string();
    assert_eq!(
        message,
        "line 3: the file is not ISO-8859-2; it seems to be windows-1250: read it with --encoding \
         windows-1250, or save it as UTF-8"
    );
    assert_eq!(read_as(&file, "windows-1250").unwrap().len(), 3);
    let file = encoded(rows, ISO_8859_2);
    assert_eq!(read_as(&file, "iso-8859-2").unwrap().len(), 3);
    // Bytes that windows-1252 doesn't have, in a file of DOS.
    let file = [HEADER, b"M\x81nchen,DE,K\x94ln,DE\n"].concat();
    let message = read_as(&file, "windows-1252").unwrap_err().to_string();
    assert!(
        message.starts_with("line 2: the file is not windows-1252")
            && !message.contains("--encoding"),
        "{message}"
    );
    // A text that was converted wrongly before.
    let file = "a.name,a.country,b.name,b.country\nŁódź,PL,\u{8c}widnica,PL\n";
    let told = faults(read(file).remove(0));
    assert!(told[0].1.contains("U+008C can't be seen"), "{told:?}");
}

#[test]
fn control_characters_are_found_far_below_too() {
    let mut file = HEADER.to_vec();
    for number in 0..5000 {
        file.extend(format!("P {number},PL,O {number},NL\r\n").bytes());
    }
    file.extend(b"\xa3\xf3d\x9f,PL,\x8cwidnica,PL\n");
    let message = read_as(&file, "iso-8859-2").unwrap_err().to_string();
    assert!(message.starts_with("line 5002: "), "{message}");
}
