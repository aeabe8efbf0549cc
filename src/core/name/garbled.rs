//! Letters that were taken for others.

/// Letters that were taken for others on their way here.
pub(super) fn garbled(name: &str) -> Option<String> {
    if name.is_ascii() {
        return escaped(name);
    }
    let utf_8 = latin(name).or_else(|| {
        // `РњРѕСЃРєРІР°` and `M√ºnchen`. Some real words of one letter are UTF-8, too, and dashes and
        // quotation marks before a capital letter in Mac Roman, as in "L’Étoile".
        let name: &str = &name.replace(['–', '—', '“', '”', '‘', '’'], " ");
        let others = [(encoding_rs::WINDOWS_1251, 2), (encoding_rs::MACINTOSH, 1)];
        others.into_iter().find_map(|(encoding, least)| {
            let (bytes, _, lost) = encoding.encode(name);
            let meant = std::str::from_utf8(&bytes).ok().filter(|_| !lost)?;
            let letters = meant.chars().filter(|c| !c.is_ascii() && c.is_alphabetic());
            (letters.count() >= least).then(|| misread(meant))
        })
    });
    let meant = utf_8.or_else(|| lost_letter(name));
    let is_other = || is_of_another_alphabet(name) || name.split(' ').any(is_swapped);
    meant.or_else(|| is_other().then(|| ANOTHER.to_owned()))
}

/// Signs that stand within words, and some of them before words, only where an encoding for western Europe has them and
/// another one a letter: `Wroc³aw`, `£ódŸ`, `®ilina`.
const SIGNS: &str = "¡¢²³¹€™‰№£¤¥¦©¬®¯±¶¼¾¿";
const BEFORE_WORDS: &str = "£¤¥¦©¬®¯±¶¼¾¿";

/// A sign where a letter was.
fn lost_letter(name: &str) -> Option<String> {
    let chars: Vec<char> = name.chars().collect();
    let at = |place: usize| chars.get(place).copied().unwrap_or(' ');
    let is_lost = |(place, c): &(usize, char)| {
        let before = if *place == 0 { ' ' } else { at(place - 1) };
        let after = at(place + 1);
        let within = before.is_alphabetic() && after.is_alphabetic();
        match c {
            // DOS has letters where Windows has quotation marks: J„mtland. In Mar”yanivka one is a letter itself. The
            // letters that a power stands for are small: C³S and H²O are names.
            '‚' | '„' | '¹' | '²' | '³' => within && after.is_lowercase(),
            'Ÿ' => before.is_lowercase() || (before.is_alphabetic() && after.is_lowercase()),
            c if before == ' ' => BEFORE_WORDS.contains(*c) && after.is_alphabetic(),
            c => SIGNS.contains(*c) && within,
        }
    };
    let (_, sign) = chars.iter().copied().enumerate().find(is_lost)?;
    let rule = format!("{sign} stands where a letter was: it seems to be read in a wrong encoding");
    Some(rule)
}

/// What is wrong with letters of which none can be trusted.
const ANOTHER: &str = "this seems to be another alphabet, read in a wrong encoding";

/// Whether all letters, three or more, are those of western Europe with accents: `Ìîñêâà` is Москва in windows-1251.
fn is_of_another_alphabet(name: &str) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    letters().count() > 2 && letters().all(|c| ('\u{a0}'..='\u{ff}').contains(&c))
}

/// Whether a Cyrillic word has its small letters where capitals belong: KOI8 and windows-1251 have them in each other's
/// places.
fn is_swapped(word: &str) -> bool {
    let mut letters = word.chars();
    let is_cyrillic = word.chars().all(|c| ('\u{400}'..='\u{4ff}').contains(&c));
    let begins_small = letters.next().is_some_and(char::is_lowercase);
    is_cyrillic && begins_small && letters.clone().count() > 1 && letters.all(char::is_uppercase)
}

fn misread(meant: &str) -> String {
    format!("this seems to be “{meant}”, read in a wrong encoding")
}

/// Letters that are still written as addresses or programs write them: `M%C3%BCnchen`, `Besan\u00e7on`.
fn escaped(name: &str) -> Option<String> {
    let hex = |text: &str, digits: usize| {
        let digits = text.get(..digits);
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let percent = name
        .match_indices('%')
        .filter(|(at, _)| name.get(at + 1..).is_some_and(|rest| hex(rest, 2)));
    let mut program = name.match_indices("\\u");
    let is_escaped = percent.count() > 1
        || program.any(|(at, _)| name.get(at + 2..).is_some_and(|rest| hex(rest, 4)));
    is_escaped.then(|| "letters are escaped in it, as in an address or a program".to_owned())
}

/// UTF-8 that was taken for Windows-1252: `MÃ¼nchen`.
fn latin(name: &str) -> Option<String> {
    let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(name);
    let meant = std::str::from_utf8(&bytes).ok().filter(|_| !lost)?;
    // A capital letter before a dash or a quotation mark, as in "ANDRÉ–NORD", is no sign of it; dots inside a
    // word, as in "Ã…rhus", are.
    let dash = |byte: u8| matches!(byte, 0x91..=0x97);
    let dots_inside = |end: usize| bytes.get(end + 1).is_some_and(u8::is_ascii_lowercase);
    let mut letters = meant.char_indices().filter(|(_, c)| !c.is_ascii());
    let sign = |(at, c): (usize, char)| {
        let end = at + c.len_utf8() - 1;
        let last = bytes.get(end);
        last.is_some_and(|byte| !dash(*byte) && (*byte != 0x85 || dots_inside(end)))
    };
    letters.any(sign).then(|| misread(meant))
}
