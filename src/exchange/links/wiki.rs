//! What a reader sees of a text with wiki marks.

/// The text without its marks: `[[Lipik|the town]]` is "the town", `'''Lipik'''` is "Lipik".
///
/// Templates, comments, references, marks of footnotes and images are left out; a link to a page of
/// another language keeps the page's name. What is not understood stays, for whoever reads the name
/// to refuse it.
pub(super) fn plain(text: &str) -> String {
    let text = without(text, "<!--", "-->");
    let text = without_references(&text);
    let text = without_nested(&text, "{{", "}}");
    let text = links(&text);
    let text = external(&text);
    let text = tags(&text);
    let text = text
        .replace("'''''", "")
        .replace("'''", "")
        .replace("''", "");
    let text = entities(&without_notes(&text));
    // A list's sign before the name, a footnote's behind it.
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '†' | '‡'))
        .to_owned()
}

/// Whether a text has marks that [`plain`] takes off.
pub(super) fn is_marked(text: &str) -> bool {
    let may_be = text.contains(['[', '{', '<', '&', '*', '†', '‡']) || text.contains("''");
    may_be && plain(text) != text.trim()
}

/// What stands in the templates of a cell that holds nothing else: `{{HRV}}` is "HRV",
/// `{{flag|Croatia}}` is "Croatia".
pub(super) fn template(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    if inner.contains("{{") {
        return None;
    }
    let last = inner
        .split('|')
        .map(str::trim)
        .rfind(|part| !part.contains('='));
    last.filter(|part| !part.is_empty())
}

/// The parts of a text between separators that stand outside links and templates.
pub(super) fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0_usize, 0_usize);
    let mut at = 0;
    let line_break = separator.eq_ignore_ascii_case("<br>");
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("[[") || rest.starts_with("{{") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("]]") || rest.starts_with("}}") {
            (depth, at) = (depth.saturating_sub(1), at + 2);
        } else if let Some(length) = separates(rest, separator, line_break).filter(|_| depth == 0) {
            parts.extend(text.get(start..at));
            at += length;
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// The length of the separator with which a text begins; `<br>` has several forms.
fn separates(text: &str, separator: &str, line_break: bool) -> Option<usize> {
    if !line_break {
        return text.starts_with(separator).then_some(separator.len());
    }
    let tag = text.get(..text.find('>')? + 1)?;
    let name = tag
        .trim_start_matches('<')
        .trim_end_matches(['>', '/', ' ']);
    (tag.starts_with('<') && name.eq_ignore_ascii_case("br")).then_some(tag.len())
}

/// Whether a text has links or templates that are not closed.
pub(super) fn is_open(text: &str) -> bool {
    text.matches("[[").count() > text.matches("]]").count()
        || text.matches("{{").count() > text.matches("}}").count()
}

fn without(text: &str, from: &str, to: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(from) {
        let Some((_, after)) = after.split_once(to) else {
            break;
        };
        kept.push_str(before);
        rest = after;
    }
    kept + rest
}

fn without_references(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("<ref") {
        let Some((head, tail)) = after.split_once('>') else {
            break;
        };
        kept.push_str(before);
        rest = if head.ends_with('/') {
            tail
        } else {
            tail.split_once("</ref>").map_or("", |(_, tail)| tail)
        };
    }
    kept + rest
}

fn without_nested(text: &str, from: &str, to: &str) -> String {
    let mut text = text.to_owned();
    // From within outwards.
    while let Some(end) = text.find(to) {
        let Some(start) = text.get(..end).and_then(|before| before.rfind(from)) else {
            break;
        };
        text.replace_range(start..end + to.len(), "");
    }
    text
}

fn links(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(end) = text.find("]]") {
        let Some(start) = text.get(..end).and_then(|before| before.rfind("[[")) else {
            break;
        };
        let shown = text.get(start + 2..end).map(shown).unwrap_or_default();
        text.replace_range(start..end + 2, &shown);
    }
    text
}

/// What a link shows: behind its bar, else the page without namespace, language and section.
fn shown(link: &str) -> String {
    let (page, label) = link.split_once('|').unwrap_or((link, ""));
    let space = page
        .trim_start_matches(':')
        .split(':')
        .next()
        .unwrap_or_default();
    let image = [
        "file", "image", "immagine", "datei", "bild", "fichier", "plik", "grafika", "archivo",
        "ficheiro", "imagem",
    ];
    if !page.starts_with(':')
        && page.contains(':')
        && image.contains(&space.trim().to_lowercase().as_str())
    {
        return String::new();
    }
    let label = label.rsplit('|').next().unwrap_or_default().trim();
    if !label.is_empty() {
        return label.to_owned();
    }
    let page = match page.strip_prefix(':') {
        Some(rest) => rest.rsplit(':').next().unwrap_or_default(),
        None => page,
    };
    let page = page.split('#').next().unwrap_or_default();
    let page = if link.ends_with('|') {
        page.split(" (").next().unwrap_or_default()
    } else {
        page
    };
    page.replace('_', " ").trim().to_owned()
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
fn tags(text: &str) -> String {
    let mut text = text.to_owned();
    for tag in [
        "small", "big", "b", "i", "u", "sup", "sub", "span", "nowiki", "center", "em", "strong",
    ] {
        for form in [
            format!("<{tag}>"),
            format!("</{tag}>"),
            format!("<{tag}/>"),
            format!("<{tag} />"),
        ] {
            text = text.replace(&form, "");
        }
    }
    text
}

/// The text without the marks of footnotes: `[1]`, `[a]`, `[note 2]`.
fn without_notes(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('[') {
        kept.push_str(before);
        let note = after.split_once(']').filter(|(inner, _)| is_note(inner));
        if note.is_none() {
            kept.push('[');
        }
        rest = note.map_or(after, |(_, after)| after);
    }
    kept + rest
}

fn is_note(inner: &str) -> bool {
    let (word, number) = inner.rsplit_once([' ', '\u{a0}']).unwrap_or(("", inner));
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let letter =
        word.is_empty() && number.len() == 1 && number.bytes().all(|b| b.is_ascii_lowercase());
    letter || (digits && word.chars().all(char::is_alphabetic))
}

fn entities(text: &str) -> String {
    let known = [
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&ndash;", "–"),
        ("&amp;", "&"),
    ];
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("&#") {
        kept.push_str(before);
        let (number, tail) = after.split_once(';').unwrap_or((after, ""));
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        if let Some(c) = code.ok().and_then(char::from_u32) {
            kept.push(if c == '\u{a0}' { ' ' } else { c });
            rest = tail;
        } else {
            kept.push_str("&#");
            rest = after;
        }
    }
    kept.push_str(rest);
    known
        .into_iter()
        .fold(kept, |text, (entity, c)| text.replace(entity, c))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ] {
            assert_eq!(plain(text), name, "{text}");
        }
        assert!(is_marked("1992[1]") && !is_marked("L'Aquila") && !is_marked("Lipik [Croazia]"));
        assert_eq!(template("{{HRV}}"), Some("HRV"));
        assert_eq!(template(" {{Bandiera|Croazia|dim=20}}"), Some("Croazia"));
        assert_eq!(template("{{HRV}} x"), None);
        assert_eq!(split("[[a|b]]|c", "|"), ["[[a|b]]", "c"]);
        assert_eq!(split("a; b", ";"), ["a", " b"]);
        assert_eq!(split("a<br>b<BR />c<b>", "<br>"), ["a", "b", "c<b>"]);
    }
}
