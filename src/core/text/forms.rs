//! Other ways to write a name: with digraphs, without an article, with `St.` for `Sankt`.

use super::{fold, nfc};

/// Articles as they stand in front of names: L'Aquila, Den Haag, 's-Hertogenbosch, A Coruña.
const ARTICLES: [&str; 28] = [
    "l", "la", "le", "les", "lo", "il", "gli", "el", "los", "las", "els", "o", "a", "os", "as",
    "the", "de", "het", "den", "der", "die", "das", "s", "t", "al", "an", "d", "ta",
];

/// Folded as the languages write it that have the letters: ä, ö, ü as `ae`, `oe`, `ue`, å as `aa`, ø
/// as `oe`. Nothing when there are none of them.
pub fn expanded(s: &str) -> Option<String> {
    let text = nfc(s).to_lowercase();
    if !text.contains(['ä', 'ö', 'ü', 'å', 'ø']) {
        return None;
    }
    let spelt = text.replace('ä', "ae").replace(['ö', 'ø'], "oe");
    Some(fold(&spelt.replace('ü', "ue").replace('å', "aa")))
}

/// Text without accents, with one letter for each digraph: `muenchen` and `munchen` are `munchen`.
pub fn collapsed(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut before = ' ';
    for c in s.chars() {
        if !matches!((before, c), ('a' | 'o' | 'u', 'e') | ('a', 'a')) {
            out.push(c);
        }
        before = c;
    }
    out
}

/// The words with one spelling of Saint, Sankt and Sint, wherever a name follows.
pub fn with_saint<'s>(words: &[&'s str]) -> Vec<&'s str> {
    let last = words.len().saturating_sub(1);
    let spelt = |(at, word): (usize, &&'s str)| match *word {
        "saint" | "sankt" | "sint" | "sanct" | "st" if at < last => "st",
        "sainte" | "ste" if at < last => "ste",
        word => word,
    };
    words.iter().enumerate().map(spelt).collect()
}

/// Names with what is cut in this one written out, in each way that it may be: `S. Giovanni` is San
/// Giovanni, Santa Giovanni and so on.
pub fn written_out<'s>(name: &str, words: &[&'s str]) -> Vec<Vec<&'s str>> {
    const WHOLE: [(&str, &[&str]); 8] = [
        ("s", &["san", "santa", "santo", "sao", "sveti"]),
        ("sta", &["santa"]),
        ("sto", &["santo"]),
        ("ss", &["santi"]),
        ("sv", &["sveti", "sveta"]),
        ("mt", &["mount"]),
        ("ft", &["fort"]),
        ("pto", &["puerto"]),
    ];
    let last = words.len().saturating_sub(1);
    let cut = words.iter().take(last).enumerate().find_map(|(at, word)| {
        let (_, whole) = WHOLE.iter().find(|(cut, _)| cut == word)?;
        Some((at, *whole))
    });
    // The s of "King's Lynn" is nothing cut.
    let is_cut = |word: &&str| *word != "s" || name.contains("S.") || name.contains("s.");
    let Some((at, whole)) = cut.filter(|(at, _)| words.get(*at).is_some_and(is_cut)) else {
        return Vec::new();
    };
    let with = |word: &&'s str| {
        let mut words = words.to_vec();
        words.splice(at..=at, [*word]);
        words
    };
    whole.iter().map(with).collect()
}

/// The words behind an article, when they are a name by themselves.
pub fn article<'w, 's>(words: &'w [&'s str]) -> Option<&'w [&'s str]> {
    let (first, rest) = words.split_first()?;
    let long = rest.iter().map(|word| word.chars().count()).sum::<usize>() > 2;
    (ARTICLES.contains(first) && long).then_some(rest)
}
