//! The HTML of a mail: the same words as its text, so that nobody is told more or less.

use minijinja::HtmlEscape;

use super::text::Text;

/// What stands before what no reader has to read: the sender (RFC 3676, 4.3).
const SIGNATURE: &str = "-- ";

/// The page that says what the text says: its paragraphs, with addresses as links. It loads nothing.
pub fn page(text: &Text) -> String {
    let mut body = String::new();
    let mut lines = text.body.lines().peekable();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        if line == SIGNATURE {
            body.push_str("<hr>\n");
            continue;
        }
        body.push_str("<p>");
        body.push_str(&shown(line));
        while let Some(next) = lines.next_if(|next| !next.is_empty() && *next != SIGNATURE) {
            body.push_str("<br>\n");
            body.push_str(&shown(next));
        }
        body.push_str("</p>\n");
    }
    let subject = HtmlEscape(&text.subject);
    let lang = text.lang;
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{subject}</title>\n</head>\n\
         <body style=\"max-width:40em;font-family:sans-serif;line-height:1.5\">\n{body}</body>\n</html>\n"
    )
}

/// A line; its addresses of the web are links.
fn shown(line: &str) -> String {
    let mut words = Vec::new();
    for word in line.split(' ') {
        let shown = HtmlEscape(word).to_string();
        words.push(
            if word.starts_with("https://") || word.starts_with("http://") {
                format!("<a href=\"{shown}\">{shown}</a>")
            } else {
                shown
            },
        );
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_the_text_says_and_nothing_is_taken_for_html() {
        let text = Text {
            subject: "Łódź & <b>".to_owned(),
            body:
                "Hello <i>,\n\none\nhttps://a.example/x?y=1&z=2\n\n-- \nSent by http://a.example\n"
                    .to_owned(),
            lang: crate::html::lang::Lang::Pl,
        };
        let page = page(&text);
        for part in [
            "<html lang=\"pl\">",
            "<title>Łódź &amp; &lt;b&gt;</title>",
            "<p>Hello &lt;i&gt;,</p>",
            "<p>one<br>\n<a href=\"https:&#x2f;&#x2f;a.example&#x2f;x?y=1&amp;z=2\">",
            "<hr>\n<p>Sent by <a href=\"http:&#x2f;&#x2f;a.example\">",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("src=") && !page.contains("<i>"), "{page}");
    }
}
