//! Names that look like one another.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::key::key;
use super::meant::meant;
use crate::core::text::{article, collapsed, fold, nfc, with_saint};

/// What people put before a name to say what it is the name of, word by word.
static BEFORE: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    const ALL: &str = "г|гр|м|город|горад|град|місто|مدينة|بلدية|δημος|община|општина|opstina|\
        bashkia|city of|town of|municipality of|commune of|ville de|commune de|comune di|\
        citta di|municipio de|ayuntamiento de|ajuntament de|stadt|hansestadt|landeshauptstadt|\
        gemeinde|gmina|miasto|mesto|obec|grad|opcina|comuna|municipiul";
    let kinds = ALL.split('|');
    kinds.map(|words| words.split(' ').collect()).collect()
});
/// What they put behind it.
const BEHIND: [&str; 5] = ["city", "kommune", "kommun", "municipality", "town"];

const DASHES: [&str; 3] = [" - ", " – ", " — "];

/// What Chinese, Japanese and Korean names of cities end with.
const CITY: [&str; 7] = ["特别市", "市", "都", "특별자치시", "특별시", "광역시", "시"];
/// Words for a saint, whole and cut: `San`, `Sta.`, `Sveti`.
const SAINTS: [&str; 22] = [
    "san", "sant", "santa", "santo", "sao", "sta", "sto", "sv", "sveti", "sveta", "svati", "svaty",
    "svata", "st", "ste", "saint", "sainte", "sankt", "sint", "sanct", "sfantu", "sf",
];
/// Words within a name that are left out as often as not: `Reggio nell'Emilia`, `Frankfurt am Main`.
const WITHIN: [&str; 45] = [
    "a", "am", "an", "auf", "b", "bei", "d", "da", "das", "de", "degli", "dei", "del", "della",
    "delle", "dello", "dem", "den", "der", "des", "di", "do", "dos", "du", "i", "im", "in", "l",
    "la", "le", "les", "na", "nad", "nel", "nell", "nella", "o", "ob", "of", "on", "sul", "sulla",
    "sur", "the", "upon",
];

/// All but the last word of a name, its last word, and whether that may be cut: `Frankfurt a. M.`
type Short = (String, String, bool);

/// A name and what stands beside it: `Wrocław (Breslau)`, `Bolzano/Bozen`, `Portland, Oregon`.
struct Parts {
    whole: BTreeSet<String>,
    /// How it sounds, and whether it is in Latin letters.
    sound: (String, bool),
    /// Its consonants, and whether they are of a script that writes others or none of its vowels.
    outline: Option<(String, bool)>,
    short: Option<Short>,
    beside: Option<(BTreeSet<String>, BTreeSet<String>, bool)>,
}

/// The keys under which names that look like one another meet: those of one name are looked for among the others'.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keys {
    /// Where the name is found.
    pub own: BTreeSet<String>,
    /// Where names are found that look like it.
    pub sought: BTreeSet<String>,
}

/// The keys under which names that look like this one meet: to be compared by [`likeness`].
pub fn near(name: &str) -> Keys {
    let parts = Parts::of(name);
    let mut own = parts.whole;
    let (sound, _) = parts.sound;
    own.extend(Some(format!("~{sound}")).filter(|key| key.len() > 3));
    own.extend(
        parts
            .short
            .and_then(|(base, last, _)| Some(format!("{base}.{}", last.chars().next()?))),
    );
    if let Some((base, other, _)) = parts.beside {
        own.extend(base);
        own.extend(other);
    }
    let mut sought = own.clone();
    if let Some((outline, eastern)) = parts.outline {
        let key = |eastern: bool| format!("{}{outline}", if eastern { '<' } else { '>' });
        own.insert(key(eastern));
        sought.insert(key(!eastern));
    }
    Keys { own, sought }
}

/// How two names are alike, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// They are spelt alike.
    Spelling,
    /// They sound alike, in two scripts.
    Sound,
    /// They have the same consonants, in two scripts: a hint at the most.
    Consonants,
}

/// Whether two names may well mean one partner, and how.
///
/// The digraphs of German and the Nordic languages, words for a saint, `Mount` and `Mt.`, articles,
/// `City of`, small words within, the last word cut, blanks and hyphens, a second name beside the
/// first and letters that look alike make no difference, nor does the script, if they sound alike. What tells namesakes apart
/// does: `Neustadt (Hessen)` and `Neustadt (Sachsen)`.
pub fn likeness(a: &str, b: &str) -> Option<Likeness> {
    let (a, b) = (Parts::of(a), Parts::of(b));
    if is_spelt_alike(&a, &b) {
        return Some(Likeness::Spelling);
    }
    if sound_alike(&a.sound, &b.sound) {
        return Some(Likeness::Sound);
    }
    let outlines = a.outline.zip(b.outline);
    let alike = outlines.is_some_and(|((a, east), (b, west))| east != west && a == b);
    alike.then_some(Likeness::Consonants)
}

fn is_spelt_alike(a: &Parts, b: &Parts) -> bool {
    if meet(&a.whole, &b.whole) || is_cut(a.short.as_ref(), b.short.as_ref()) {
        return true;
    }
    match (&a.beside, &b.beside) {
        (None, None) => false,
        (Some(parts), None) => one_of(parts, &b.whole),
        (None, Some(parts)) => one_of(parts, &a.whole),
        (Some((base, other, _)), Some((base_b, other_b, _))) => {
            (meet(base, base_b) && meet(other, other_b))
                || (meet(base, other_b) && meet(other, base_b))
        }
    }
}

/// The name without the part behind it, in brackets or after a dash, a slash between blanks or a comma, if this
/// holds for that part.
pub fn without_beside(name: &str, mut holds: impl FnMut(&str) -> bool) -> Option<&str> {
    let bracket = || {
        let open = name.strip_suffix([')', ']', '\u{ff09}'])?;
        open.rsplit_once(['(', '[', '\u{ff08}'])
    };
    let between = DASHES.iter().chain(&[" / "]);
    let between = between.filter_map(|sign| name.rsplit_once(*sign));
    let comma = name.rsplit_once([',', '\u{ff0c}', '،']);
    // What is cut within brackets is no name.
    let whole = |(base, _): &(&str, &str)| {
        let count = |signs: [char; 3]| base.matches(signs).count();
        count(['(', '[', '\u{ff08}']) == count([')', ']', '\u{ff09}'])
    };
    let mut all = bracket()
        .into_iter()
        .chain(between)
        .chain(comma)
        .filter(whole);
    let (base, _) =
        all.find(|(base, part)| base.chars().any(char::is_alphabetic) && holds(part.trim()))?;
    Some(base.trim())
}

fn one_of(parts: &(BTreeSet<String>, BTreeSet<String>, bool), whole: &BTreeSet<String>) -> bool {
    let (base, other, is_name) = parts;
    meet(base, whole) || (*is_name && meet(other, whole))
}

/// Whether one of two names is the other in Latin letters.
fn sound_alike((a, a_latin): &(String, bool), (b, b_latin): &(String, bool)) -> bool {
    a_latin != b_latin && a.len() > 2 && a == b
}

/// Whether the last word of one name is the beginning of the other's.
fn is_cut(a: Option<&Short>, b: Option<&Short>) -> bool {
    let (Some((a_base, a, a_cut)), Some((b_base, b, b_cut))) = (a, b) else {
        return false;
    };
    let cut = (*a_cut && b.starts_with(a.as_str())) || (*b_cut && a.starts_with(b.as_str()));
    a_base == b_base && cut
}

fn meet(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    !a.is_disjoint(b)
}

impl Parts {
    fn of(name: &str) -> Self {
        let beside = split(name).map(|(base, other, is_name)| (loose(base), loose(other), is_name));
        Self {
            whole: loose(name),
            sound: (sound(name), is_latin(name)),
            outline: outline(name),
            short: short(name),
            beside,
        }
    }
}

/// A name and the part beside it, which is a name itself unless a comma stands before it.
fn split(name: &str) -> Option<(&str, &str, bool)> {
    let bracket = name.split_once(['(', '[', '\u{ff08}']).map(|(base, rest)| {
        let inner = rest.split([')', ']', '\u{ff09}']).next();
        (base, inner.unwrap_or(rest))
    });
    let dash = || DASHES.iter().find_map(|dash| name.split_once(dash));
    let beside = bracket.or_else(|| name.split_once('/')).or_else(dash);
    let (base, other) = beside.or_else(|| name.split_once(", "))?;
    let named = |part: &str| part.chars().any(char::is_alphabetic);
    (named(base) && named(other)).then_some((base, other, beside.is_some()))
}

/// The spellings of a name without what may be left out of it, and those of the names that were probably meant.
fn loose(name: &str) -> BTreeSet<String> {
    let mut keys = loosely(name);
    keys.extend(meant(&key(name)).iter().flat_map(|other| loosely(other)));
    keys
}

/// One or two spellings of a name without what may be left out of it: with and without its article.
fn loosely(name: &str) -> BTreeSet<String> {
    let key = key(name);
    let words: Vec<&str> = key.split(' ').collect();
    let words = without_kind(&words);
    let spelt = spelt(name, words);
    let joined = |words: &[&str]| collapsed(&with_saint(words).concat());
    let mut keys = BTreeSet::from([joined(&spelt)]);
    if let Some(rest) = article(words) {
        keys.insert(joined(&self::spelt(name, rest)));
    }
    let city = CITY.iter().find_map(|city| key.strip_suffix(city));
    keys.extend(
        city.filter(|name| name.chars().count() > 1)
            .map(str::to_owned),
    );
    keys
}

/// The words of a name with one word for each saint and each mountain, and without small ones within.
fn spelt<'w>(name: &str, words: &[&'w str]) -> Vec<&'w str> {
    let last = words.len().saturating_sub(1);
    // "S. Giovanni", but not "King's Lynn".
    let is_cut = name.contains("S.") || name.contains("s.");
    let kept = words
        .iter()
        .enumerate()
        .filter(|(at, word)| *at == 0 || *at == last || !WITHIN.contains(word));
    kept.map(|(at, word)| match *word {
        word if at == last => word,
        word if SAINTS.contains(&word) => "st",
        "s" if is_cut => "st",
        "mount" => "mt",
        "fort" => "ft",
        word => word,
    })
    .collect()
}

/// All but the last word of a name, its last word, and whether that may be cut: one letter, or three
/// before a point.
fn short(name: &str) -> Option<Short> {
    let key = key(name);
    let words: Vec<&str> = key.split(' ').collect();
    let words = spelt(name, without_kind(&words));
    let (last, base) = words.split_last()?;
    let longest = if name.trim_end().ends_with('.') { 3 } else { 1 };
    let cut = last.chars().count() <= longest;
    let base = base.concat();
    (!base.is_empty() && base != "st").then(|| (base, (*last).to_owned(), cut))
}

fn is_latin(name: &str) -> bool {
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    letters.all(is_latin_letter)
}

fn is_latin_letter(c: char) -> bool {
    c < '\u{370}' || ('\u{1e00}'..'\u{1f00}').contains(&c)
}

/// How a name sounds, about: spellings of one sound in Latin letters are one.
fn sound(name: &str) -> String {
    // Letters with a caron are one in Cyrillic, and an eta is read as iota is.
    let caron = nfc(name)
        .replace(['š', 'Š'], "sh")
        .replace(['č', 'Č'], "ch")
        .replace(['ž', 'Ž'], "zh");
    let greek = key(&caron).replace('η', "ι");
    let words: Vec<&str> = greek.split(' ').collect();
    let folded = fold(&without_kind(&words).concat());
    let spelt = folded
        .replace("shch", "sch")
        .replace("kh", "h")
        .replace("ch", "h")
        .replace("ts", "c")
        .replace('w', "v")
        .replace(['y', 'j'], "i");
    let mut sound: Vec<char> = spelt.chars().filter(|c| *c != ' ').collect();
    sound.dedup();
    sound.into_iter().collect()
}

/// The consonants of a name in Latin letters, or of one in a script whose transliteration has other vowels (Arabic,
/// Hebrew, kana, Hangul and those of India), as far as both tell them apart: カウナス and كاوناس are Kaunas. There are at
/// least four of them, or three and the number of syllables, or too many are alike: ベルリン is Berlin and not Büren.
fn outline(name: &str) -> Option<(String, bool)> {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let mut letters = name.chars().filter(|c| c.is_alphabetic());
    let eastern = letters
        .clone()
        .all(|c| c >= '\u{590}' && !is_han(c) && !is_latin_letter(c));
    if !eastern && !letters.all(is_latin_letter) {
        return None;
    }
    // The transliteration has nothing for an alef.
    let key = key(name).replace(['\u{627}', '\u{5d0}'], "a");
    let words: Vec<&str> = key.split(' ').collect();
    let folded = fold(&without_kind(&words).concat());
    let (mut outline, mut vowels, mut syllables) = (String::new(), String::new(), 0);
    // Kana and Hangul write a vowel behind every consonant, which is mute where there is none.
    let is_syllable =
        |vowels: &str| !(vowels.is_empty() || eastern && matches!(vowels, "u" | "eu"));
    let mut before = ' ';
    let mut sounds = folded.chars().peekable();
    while let Some(c) = sounds.next() {
        let c = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y' => {
                vowels.push(c);
                before = c;
                continue;
            }
            'f' | 'h' | ' ' => continue,
            'v' => 'b',
            'c' | 'q' | 'g' => 'k',
            'z' | 'j' => 's',
            'm' if matches!(sounds.peek(), Some('b' | 'p')) => 'n',
            c => c,
        };
        syllables += usize::from(is_syllable(&vowels));
        vowels.clear();
        if before != c {
            outline.push(if c == 'l' { 'r' } else { c });
        }
        before = c;
    }
    syllables += usize::from(is_syllable(&vowels));
    match outline.len() {
        0..3 => None,
        3 => Some((format!("{outline}{syllables}"), eastern)),
        _ => Some((outline, eastern)),
    }
}

/// Without `City of` before it, or `Kommune` behind it.
fn without_kind<'w, 's>(words: &'w [&'s str]) -> &'w [&'s str] {
    let long = |rest: &&[&str]| rest.iter().any(|word| word.chars().count() > 2);
    let before = BEFORE
        .iter()
        .find_map(|prefix| words.strip_prefix(prefix.as_slice()));
    let words = before.filter(long).unwrap_or(words);
    match words.split_last() {
        Some((last, rest)) if BEHIND.contains(last) && long(&rest) => rest,
        _ => words,
    }
}
