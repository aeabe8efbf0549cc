//! What a reader sees of a text with wiki marks.

use unicode_normalization::UnicodeNormalization as _;

use crate::core::text::is_digits;

/// The text without its marks: `[[Lipik|the town]]` is "the town", `'''Lipik'''` is "Lipik".
///
/// Marks of a list, templates, comments, references, marks of footnotes and images are left out; a
/// link to a page of another language keeps the page's name. What is not understood stays, for
/// whoever reads the name to refuse it.
pub(super) fn plain(text: &str) -> String {
    let text = links(&bare(text));
    let text = external(&text);
    let text = tags(&raised(&text));
    let text = text
        .replace("'''''", "")
        .replace("'''", "")
        .replace("''", "");
    let text = entities(&without_notes(&text));
    // A list's sign before the name, a footnote's behind it.
    text.trim_matches(|c: char| c.is_whitespace() || is_note_sign(c))
        .to_owned()
}

/// The text without what shows nothing of its own in a cell, links as they are.
fn bare(text: &str) -> String {
    let text = without(text, "<!--", "-->");
    let text = without_references(&text);
    templates(unlisted(&text))
}

/// A dagger is no such sign: it may say that the tie has ended.
fn is_note_sign(c: char) -> bool {
    matches!(
        c,
        '*' | '¹' | '²' | '³' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '⁽' | '⁾'
    )
}

/// The text without the signs of a list before it: `# [[Lipik]]`, `:[[Lipik]]`. What is written at
/// once behind a `#` may be anything.
fn unlisted(text: &str) -> &str {
    let text = text.trim_start();
    let rest = text.trim_start_matches(['*', '#', ':', ';']);
    let signs = text.get(..text.len() - rest.len()).unwrap_or_default();
    let apart = rest.starts_with([' ', '\u{a0}', '[', '\'', '{', '<']);
    if apart || !signs.contains(['#', ';']) {
        rest
    } else {
        text
    }
}

/// Whether a text has marks that [`plain`] takes off.
pub(super) fn is_marked(text: &str) -> bool {
    let may_be = text.contains(['[', '{', '<', '&'])
        || text.contains(is_note_sign)
        || text.contains("''")
        || text.trim_start().starts_with(['#', ':']);
    may_be && plain(text) != text.trim()
}

/// What stands in the template of a cell that holds nothing else, its name last: `{{flag|Croatia}}`
/// is "Croatia", "flag".
pub(super) fn template(text: &str) -> Vec<&str> {
    let inner = text.trim().strip_prefix("{{");
    let inner = inner.and_then(|text| text.strip_suffix("}}"));
    let inner = inner.filter(|inner| !inner.contains("{{"));
    let parts = inner.into_iter().flat_map(|inner| inner.split('|'));
    let mut parts: Vec<&str> = parts
        .map(str::trim)
        .filter(|part| !part.is_empty() && !part.contains('='))
        .collect();
    if !parts.is_empty() {
        parts.rotate_left(1);
    }
    parts
}

/// What the links of a text show, but for those in brackets: several are several pages.
pub(super) fn linked(text: &str) -> Vec<String> {
    let text = without(&bare(text), "(", ")");
    let (mut found, mut start, mut depth, mut at) = (Vec::new(), 0, 0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("[[") {
            if depth == 0 {
                start = at;
            }
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("]]") {
            at += 2;
            if depth == 1 {
                found.push(links(text.get(start..at).unwrap_or_default()));
            }
            depth = depth.saturating_sub(1);
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.retain(|shown| !shown.trim().is_empty());
    found
}

/// The title of the article that the only link of a text leads to, where it shows another text.
pub(super) fn title(text: &str) -> Option<String> {
    let text = bare(text);
    let (_, rest) = text.split_once("[[")?;
    let (link, after) = rest.split_once("]]")?;
    let (page, shown) = link.split_once('|')?;
    let page = page.split('#').next().unwrap_or_default().replace('_', " ");
    let single = !after.contains("[[") && !link.contains("[[");
    (single && page.trim() != shown.trim()).then(|| page.trim().to_owned())
}

/// The parts of a text between separators that stand outside links, templates, brackets and entities.
pub(super) fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0_usize, 0_usize);
    let (mut at, mut brackets) = (0, 0_usize);
    let line_break = separator.eq_ignore_ascii_case("<br>");
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("[[") || rest.starts_with("{{") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("]]") || rest.starts_with("}}") {
            (depth, at) = (depth.saturating_sub(1), at + 2);
        } else if let Some(length) =
            separates(rest, separator, line_break).filter(|_| depth + brackets == 0)
        {
            parts.extend(text.get(start..at));
            at += length;
            start = at;
        } else if let Some(length) = entity(rest) {
            at += length;
        } else {
            let c = rest.chars().next().unwrap_or_default();
            match c {
                '(' | '（' => brackets += 1,
                ')' | '）' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            at += c.len_utf8().max(1);
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// The length of the separator with which a text begins; `<br>` has several forms, and others may be
/// written as an entity.
fn separates(text: &str, separator: &str, line_break: bool) -> Option<usize> {
    if !line_break {
        if text.starts_with(separator) {
            return Some(separator.len());
        }
        let written = entity(text).and_then(|length| text.get(..length))?;
        return (entities(written) == separator.trim()).then_some(written.len());
    }
    let tag = text.get(..text.find('>')? + 1)?;
    let name = tag
        .trim_start_matches('<')
        .trim_end_matches(['>', '/', ' ']);
    (tag.starts_with('<') && name.eq_ignore_ascii_case("br")).then_some(tag.len())
}

/// The length of the entity with which a text begins: `&nbsp;`, `&#160;`.
fn entity(text: &str) -> Option<usize> {
    let (name, _) = text.strip_prefix('&')?.split_once(';')?;
    let mut letters = name.strip_prefix('#').unwrap_or(name).bytes();
    let first = letters.next()?.is_ascii_alphanumeric();
    let rest = letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (first && rest && (2..=8).contains(&name.len())).then_some(name.len() + 2)
}

/// Whether brackets of a text are not closed, or not opened.
pub(super) fn is_unbalanced(text: &str) -> bool {
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0
}

/// Whether a text has links or templates that are not closed.
pub(super) fn is_open(text: &str) -> bool {
    text.matches("[[").count() > text.matches("]]").count()
        || text.matches("{{").count() > text.matches("}}").count()
}

/// The text with something else in the place of what stands from one sign to another. `passage` is given what is kept
/// before it, what stands between the signs and what stands behind them; it says what is shown and what is left, or
/// nothing where the first sign means nothing.
fn replaced<'t, S: AsRef<str>>(
    text: &'t str,
    [sign, end]: [&str; 2],
    passage: impl Fn(&str, &'t str, &'t str) -> Option<(S, &'t str)>,
) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    // Where the other sign does not follow, it follows nowhere in the rest.
    while let Some((before, after)) = rest.split_once(sign)
        && let Some((inner, behind)) = after.split_once(end)
    {
        kept.push_str(before);
        if let Some((shown, left)) = passage(&kept, inner, behind) {
            kept.push_str(shown.as_ref());
            rest = left;
        } else {
            kept.push_str(sign);
            rest = after;
        }
    }
    kept + rest
}

fn without(text: &str, from: &str, to: &str) -> String {
    replaced(text, [from, to], |_, _, left| Some(("", left)))
}

fn without_references(text: &str) -> String {
    replaced(text, ["<ref", ">"], |_, head, tail| {
        if head.ends_with('/') {
            return Some(("", tail));
        }
        Some(("", tail.split_once("</ref>").map_or("", |(_, tail)| tail)))
    })
}

/// The text with what each template shows of it: most show nothing that is a name.
fn templates(text: &str) -> String {
    let mut text = text.to_owned();
    // From within outwards.
    while let Some(end) = text.find("}}") {
        let Some(start) = text.get(..end).and_then(|before| before.rfind("{{")) else {
            break;
        };
        let shown = text.get(start + 2..end).map(in_template);
        text.replace_range(start..end + 2, &shown.unwrap_or_default());
    }
    text
}

/// The text in a template that says only how it is to look, or in which language it is.
fn in_template(inner: &str) -> String {
    let parts = split(inner, "|").into_iter().map(str::trim);
    let parts: Vec<&str> = parts
        .map(|part| part.strip_prefix("1=").unwrap_or(part))
        .filter(|part| !part.contains('='))
        .collect();
    let Some((name, given)) = parts.split_first() else {
        return String::new();
    };
    let text = match (name.to_lowercase().as_str(), given) {
        ("nowrap" | "nobr" | "nobreak" | "small" | "big" | "center" | "sort", [.., text])
        | ("lang", [_, .., text])
        | ("ill" | "interlanguage link", [text, ..]) => text,
        _ => "",
    };
    text.to_owned()
}

fn links(text: &str) -> String {
    let (mut text, mut from) = (text.to_owned(), 0);
    while let Some(end) = text.get(from..).and_then(|rest| rest.find("]]")) {
        let end = from + end;
        let before = text.get(from..end).unwrap_or_default();
        let start = before.rfind("[[").map(|start| from + start);
        let shown = start.and_then(|start| shown(text.get(start + 2..end)?));
        if let (Some(start), Some(shown)) = (start, shown) {
            text.replace_range(start..end + 2, &shown);
        } else {
            from = end + 2;
        }
    }
    text
}

/// What a link shows: behind its bar, else the page without language and section; nothing at all if
/// it leads to no article but to a category, a user or the like.
fn shown(link: &str) -> Option<String> {
    const IMAGES: [&str; 11] = [
        "file", "image", "immagine", "datei", "bild", "fichier", "plik", "grafika", "archivo",
        "ficheiro", "imagem",
    ];
    let (page, label) = link.split_once('|').unwrap_or((link, ""));
    let page = page.split('#').next().unwrap_or_default();
    let mut title = page.trim_start_matches(':').trim();
    while let Some((space, rest)) = title.split_once(':') {
        let space = space.trim().to_lowercase();
        if IMAGES.contains(&space.as_str()) && !page.starts_with(':') {
            return Some(String::new());
        }
        if rest.starts_with(' ') {
            break;
        }
        let another_wiki = space.len() <= 3 || space.contains('-') || space == "simple";
        if !another_wiki
            || space == "wp"
            || !space.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        {
            return None;
        }
        title = rest.trim();
    }
    let label = label.rsplit('|').next().unwrap_or_default().trim();
    if !label.is_empty() {
        return Some(label.to_owned());
    }
    let title = if link.ends_with('|') {
        title.split(" (").next().unwrap_or_default()
    } else {
        title
    };
    Some(title.replace('_', " ").trim().to_owned())
}

/// `[https://example.org Lipik]` is "Lipik".
fn external(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(start) = text.find("[http") {
        let Some(end) = text.get(start..).and_then(|rest| rest.find(']')) else {
            break;
        };
        let inner = text.get(start + 1..start + end).unwrap_or_default();
        let label = inner
            .split_once(' ')
            .map_or("", |(_, label)| label)
            .trim()
            .to_owned();
        text.replace_range(start..=start + end, &label);
    }
    text
}

/// Tags that change how a text looks and not what it says.
const LOOKS: [&str; 12] = [
    "small", "big", "b", "i", "u", "sup", "sub", "span", "nowiki", "center", "em", "strong",
];

fn tags(text: &str) -> String {
    replaced(text, ["<", ">"], |_, tag, left| {
        let closed = tag.strip_suffix(" /").or_else(|| tag.strip_suffix('/'));
        let name = tag.strip_prefix('/').or(closed).unwrap_or(tag);
        LOOKS.contains(&name).then_some(("", left))
    })
}

/// The text without raised marks of footnotes: `Lipik<sup>1</sup>`, but not `1<sup>er</sup>`.
fn raised(text: &str) -> String {
    replaced(text, ["<sup>", "</sup>"], |kept, inner, left| {
        let mark = inner.trim_matches(|c: char| !c.is_alphanumeric());
        let number = mark.bytes().all(|byte| !byte.is_ascii_alphabetic());
        let ordinal = kept.ends_with(|c: char| c.is_ascii_digit());
        let is_mark = number || (is_note(mark) && !ordinal);
        Some((if is_mark { "" } else { inner }, left))
    })
}

/// The text without the marks of footnotes: `[1]`, `[a]`, `[note 2]`.
fn without_notes(text: &str) -> String {
    replaced(text, ["[", "]"], |_, inner, left| {
        is_note(inner).then_some(("", left))
    })
}

fn is_note(inner: &str) -> bool {
    let (word, number) = inner.rsplit_once([' ', '\u{a0}']).unwrap_or(("", inner));
    let letter =
        word.is_empty() && number.len() == 1 && number.bytes().all(|b| b.is_ascii_lowercase());
    letter || (is_digits(number) && word.chars().all(char::is_alphabetic))
}

/// Accents by what entities call them behind their letter: `&eacute;`, `&Scaron;`.
#[rustfmt::skip]
const ACCENTS: [(&str, char); 12] = [
    ("acute", '\u{301}'), ("breve", '\u{306}'), ("caron", '\u{30c}'), ("cedil", '\u{327}'),
    ("circ", '\u{302}'), ("dblac", '\u{30b}'), ("grave", '\u{300}'), ("macr", '\u{304}'),
    ("ogon", '\u{328}'), ("ring", '\u{30a}'), ("tilde", '\u{303}'), ("uml", '\u{308}'),
];

/// Other characters of names by their entities.
#[rustfmt::skip]
const CHARACTERS: [(&str, char); 24] = [
    ("AElig", 'Æ'), ("Dstrok", 'Đ'), ("Lstrok", 'Ł'), ("OElig", 'Œ'), ("Oslash", 'Ø'),
    ("THORN", 'Þ'), ("aelig", 'æ'), ("amp", '&'), ("apos", '\''), ("dstrok", 'đ'), ("eth", 'ð'),
    ("imath", 'ı'), ("lsquo", '‘'), ("lstrok", 'ł'), ("mdash", '—'), ("nbsp", ' '), ("ndash", '–'),
    ("oelig", 'œ'), ("oslash", 'ø'), ("quot", '"'), ("rsquo", '’'), ("shy", '\u{ad}'),
    ("szlig", 'ß'), ("thorn", 'þ'),
];

/// The text with the characters that entities of HTML stand for, but for those of its marks.
fn entities(text: &str) -> String {
    replaced(text, ["&", ";"], |_, name, left| {
        Some((character(name)?.to_string(), left))
    })
}

/// The character that an entity of this name or number stands for.
fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let c = code.ok().and_then(char::from_u32);
        return c.map(|c| if c == '\u{a0}' { ' ' } else { c });
    }
    let known = CHARACTERS.iter().find(|(own, _)| *own == name);
    let accented = || {
        let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
        let accent = name.get(1..)?;
        let (_, mark) = ACCENTS.iter().find(|(own, _)| *own == accent)?;
        let mut composed = [letter, *mark].into_iter().nfc();
        composed.next().filter(|_| composed.next().is_none())
    };
    known.map(|(_, c)| *c).or_else(accented)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_the_characters_that_they_stand_for() {
        for (text, name) in [
            ("M&uuml;nchen", "München"),
            ("&Scaron;ibenik, &Lstrok;&oacute;d&zacute;", "Šibenik, Łódź"),
            ("Stra&szlig;burg &amp; R&D", "Straßburg & R&D"),
            (
                "&amp;uuml; &lt;x&gt; &foo; &xuml;",
                "&uuml; &lt;x&gt; &foo; ẍ",
            ),
            // It may say that the tie has ended.
            ("Lipik†", "Lipik†"),
        ] {
            assert_eq!(plain(text), name, "{text}");
        }
    }

    #[test]
    fn marks_are_taken_off_and_the_name_stays() {
        for (text, name) in [
            ("Lipik", "Lipik"),
            ("[[Lipik]]", "Lipik"),
            ("[[Lipik|Lipicco]]", "Lipicco"),
            ("[[Lipik (Croazia)|]]", "Lipik"),
            ("[[Lipik (Croazia)|Lipik]]", "Lipik"),
            ("[[:hr:Lipik]]", "Lipik"),
            ("[[:hr:Lipik|Lipik]]", "Lipik"),
            ("[[Lipik#Storia]]", "Lipik"),
            ("[[Bad_Füssing]]", "Bad Füssing"),
            ("'''Lipik'''", "Lipik"),
            ("''Lipik''", "Lipik"),
            ("'''''[[Lipik]]'''''", "Lipik"),
            ("L'Aquila", "L'Aquila"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("{{HRV}} [[Lipik]]", "Lipik"),
            ("{{Bandiera|HRV|{{x}}}} [[Lipik]]", "Lipik"),
            ("[[File:Flag of Croatia.svg|20px]] [[Lipik]]", "Lipik"),
            ("[[Lipik]]<ref>Sito del [[comune]]</ref>", "Lipik"),
            ("[[Lipik]]<ref name=\"a\" />", "Lipik"),
            ("Lipik<!-- dal 2003 -->", "Lipik"),
            ("[http://www.lipik.hr Lipik]", "Lipik"),
            ("<small>Lipik</small>", "Lipik"),
            ("Bad&nbsp;Füssing", "Bad Füssing"),
            ("Bad&#160;Füssing", "Bad Füssing"),
            ("M&#xfc;nchen &#; x", "München &#; x"),
            ("Lipik[1]", "Lipik"),
            ("Lipik [1][23]", "Lipik"),
            ("[[Lipik]]<sup>[a]</sup>", "Lipik"),
            ("Lipik [nota 2]", "Lipik"),
            ("* [[Lipik]]*", "Lipik"),
            ("Lipik [Croazia]", "Lipik [Croazia]"),
            ("[[Lipik", "[[Lipik"),
            ("Lipik<br>Osijek", "Lipik<br>Osijek"),
            ("[[Lipik]]<sup>1</sup>", "Lipik"),
            ("[[Lipik]]<sup>1, 2</sup>", "Lipik"),
            ("Lyon 1<sup>er</sup>", "Lyon 1er"),
            ("1992<sup>2</sup>", "1992"),
            ("[[Lipik]]¹", "Lipik"),
            ("# [[Lipik]]", "Lipik"),
            (":[[Lipik]]", "Lipik"),
            ("*:Lipik", "Lipik"),
            ("#1", "#1"),
            ("#REF!", "#REF!"),
            ("{{nowrap|Lipik}}", "Lipik"),
            ("{{Nowrap|[[Lipik|Lipicco]]}}", "Lipicco"),
            ("{{Lang|hr|Lipik}}", "Lipik"),
            ("{{Lang|hr}}", ""),
            ("{{ill|Lipik|hr}}", "Lipik"),
            ("[[Categoria:Lipik]]", "[[Categoria:Lipik]]"),
            ("[[:Categoria:X]]", "[[:Categoria:X]]"),
            ("[[Wikipedia:Vaglio|vaglio]]", "[[Wikipedia:Vaglio|vaglio]]"),
            ("[[w:it:Lipik|Lipik]]", "Lipik"),
            ("[[#Gemelli|Senj]]", "Senj"),
            ("[[File:x.svg|20px|alt=[[a]]]] [[Lipik]]", "Lipik"),
        ] {
            assert_eq!(plain(text), name, "{text}");
        }
        assert!(is_marked("1992[1]") && !is_marked("L'Aquila") && !is_marked("Lipik [Croazia]"));
        assert_eq!(template("{{HRV}}"), ["HRV"]);
        assert_eq!(
            template(" {{Bandiera|Croazia|dim=20}}"),
            ["Croazia", "Bandiera"]
        );
        assert!(template("{{HRV}} x").is_empty() && template("{{}}").is_empty());
        assert_eq!(linked("[[a]] e [[b|c]]"), ["a", "c"]);
        assert_eq!(linked("[[File:x|alt=[[a]]]] [[b]] (in [[c]])"), ["b"]);
        assert_eq!(split("[[a|b]]|c", "|"), ["[[a|b]]", "c"]);
        assert_eq!(split("a; b", ";"), ["a", " b"]);
        assert_eq!(split("San&nbsp;Marino;b", ";"), ["San&nbsp;Marino", "b"]);
        assert_eq!(split("a &ndash; b", " – "), ["a ", " b"]);
        assert_eq!(split("a (b; c); d", ";"), ["a (b; c)", " d"]);
        assert_eq!(split("R&D; d", ";"), ["R&D", " d"]);
        assert!(is_unbalanced("a (b") && is_unbalanced("b) (a") && !is_unbalanced("a (b)"));
        assert_eq!(split("a<br>b<BR />c<b>", "<br>"), ["a", "b", "c<b>"]);
    }
}
