//! Names that files come with: shown and offered for saving, never used as a path.

use crate::core::text;

/// Most bytes of a name: what common file systems take, with room for a number that a browser adds.
const MAX_BYTES: usize = 200;

/// The last part of the name, without characters that hide, reorder or steer. Nothing when nothing
/// is left.
pub fn cleaned(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .collect();
    let kept = text::nfc(&kept.replace(['<', '>', ':', '"', '|', '?', '*'], "_"));
    let kept = shortened(kept.trim_matches(['.', ' ']));
    (!kept.is_empty()).then_some(kept)
}

/// The ending behind the last dot, in lower case. What stands behind the dots of a date, or is longer
/// than endings are, is none.
pub fn ending(name: &str) -> Option<String> {
    let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let fits = (1..=8).contains(&ending.len())
        && ending.chars().all(|c| c.is_ascii_alphanumeric())
        && ending.chars().any(|c| c.is_ascii_alphabetic());
    fits.then_some(ending)
}

/// Marks that change the direction of text, and characters that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Cut in the middle, so that the ending stays.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let tail = ending(name).map_or_else(String::new, |ending| format!(".{ending}"));
    let (kept, _) = name.split_at(name.floor_char_boundary(MAX_BYTES - tail.len()));
    format!("{kept}{tail}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_no_path_and_hides_nothing() {
        for (name, kept) in [
            ("agreement.pdf", Some("agreement.pdf")),
            ("Umowa  o współpracy.pdf", Some("Umowa o współpracy.pdf")),
            ("../../etc/passwd", Some("passwd")),
            (r"..\..\windows\system.ini", Some("system.ini")),
            (r"C:\Users\jan\umowa.docx", Some("umowa.docx")),
            ("/etc/", None),
            ("..", None),
            (".htaccess", Some("htaccess")),
            ("a\u{0}b\r\n.pdf", Some("ab.pdf")),
            ("annexe\u{202e}fdp.exe", Some("annexefdp.exe")),
            ("a\"b;c.pdf", Some("a_b;c.pdf")),
            ("", None),
        ] {
            assert_eq!(cleaned(name).as_deref(), kept, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = cleaned(&format!("{}.PDF", "ł".repeat(400))).unwrap();
        assert!(name.len() <= MAX_BYTES && name.ends_with("ł.pdf"), "{name}");
    }

    proptest! {
        #[test]
        fn any_name_ends_harmless(name in any::<String>()) {
            if let Some(name) = cleaned(&name) {
                prop_assert!(!name.is_empty() && name.len() <= MAX_BYTES);
                prop_assert!(!name.contains(['/', '\\', '\0', '"']) && !name.starts_with('.'));
                prop_assert!(!name.chars().any(|c| c.is_control() || is_invisible(c)));
                prop_assert_eq!(cleaned(&name), Some(name));
            }
        }
    }
}
