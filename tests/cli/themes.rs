//! A city's own look.

use std::fs;

use crate::serving::{Server, get};
use crate::support::Shell;

/// A theme of these files in the shell's folder.
fn theme(shell: &Shell, files: &[(&str, &str)]) -> String {
    let folder = shell.path("theme");
    for (name, content) in files {
        let path = std::path::Path::new(&folder).join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn pages_look_as_the_theme_and_the_settings_say() {
    let shell = Shell::new();
    let folder = theme(
        &shell,
        &[
            ("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            ("colours.css", ":root { --accent: #8a1538 }"),
            ("texts/pl.ftl", "registry = Miasta partnerskie"),
            (
                "templates/about-imprint.pl.html",
                "<h1>Urząd</h1><p>{{ site.operator }}</p>",
            ),
            // A filter is tried before the theme is shown, and says something itself.
            (
                "templates/notice.html",
                "{{ '1992'|date }}{{ 'PL'|country }}",
            ),
        ],
    );
    let settings = [
        ("TWINCITY_OPERATOR", "Office of <Testville>"),
        ("TWINCITY_OPERATOR_EMAIL", "office@testville.example"),
        ("TWINCITY_ACCESSIBILITY", "partial"),
        ("TWINCITY_ACCESSIBILITY_STATED_ON", "2026-11-01"),
    ];
    let mut server = Server::with(&shell, &["--theme", &folder], &settings);
    let (_, address) = server.listening();
    let page = get(&address, "/pl/about/imprint");
    for part in [
        "<h1>Urząd</h1>",
        "Office of &lt;Testville&gt;",
        "<title>Kto prowadzi rejestr – Miasta partnerskie</title>",
        "<img class=\"logo\" src=\"/assets/logo.",
        "href=\"/assets/colours.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (_, rest) = page.split_once("src=\"/assets/logo.").unwrap();
    let (file, _) = rest.split_once('"').unwrap();
    let logo = get(&address, &format!("/assets/logo.{file}"));
    assert!(logo.contains("content-type: image/svg+xml"), "{logo}");
    assert!(logo.contains("sandbox"), "{logo}");
    // What the theme does not have stays as it is.
    let page = get(&address, "/en/about/imprint");
    assert!(
        page.contains("This registry is run by Office of &lt;Testville&gt;."),
        "{page}"
    );
    let page = get(&address, "/en/about/accessibility");
    for part in [
        "<strong id=\"a11y-status\">partially complies</strong>",
        "<time id=\"a11y-data-sporzadzenie\" datetime=\"2026-11-01\">",
        "<a id=\"a11y-email\" href=\"mailto:office@testville.example\">",
        "<span id=\"a11y-telefon\">not stated</span>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(server.stopped_by("-TERM"), Some(0));
}

#[test]
fn what_is_wrong_with_a_theme_is_told_in_one_line_at_the_start() {
    for (file, content, told) in [
        ("styles.css", "", "styles.css: a theme has colours.css"),
        (
            "colours.css",
            "a { --acent: red }",
            "colours.css: there is no colour --acent",
        ),
        (
            "texts/en.ftl",
            "regstry = Ours",
            "texts/en.ftl: there is no message regstry",
        ),
        (
            "templates/home.html",
            "{% if %}",
            "templates/home.html: line 1: ",
        ),
        (
            "templates/base.html",
            "\n{{ t(\"no-such\") }}",
            "templates/base.html: line 2: no message no-such",
        ),
        // Also on pages that need a record.
        (
            "templates/partner.html",
            "{% extends \"base.html\" %}\n{% block main %}{{ t(\"no-such\") }}{% endblock %}",
            "templates/partner.html: line 2: no message no-such",
        ),
        (
            "templates/home.html",
            "{{ stats.partners|numbr }}",
            "templates/home.html: line 1: there is no filter numbr",
        ),
        (
            "texts/en.ftl",
            "partners = { nowhere }",
            "texts/en.ftl: partners: ",
        ),
        ("logo.svg/no-file", "", "logo.svg: "),
        // A part of a page is no page.
        (
            "templates/about-imprint.pl.html",
            "{% extends \"base.html\" %}",
            "templates/",
        ),
    ] {
        let shell = Shell::new();
        let folder = theme(&shell, &[(file, content)]);
        let line = shell.fails(&["serve", "--theme", &folder], 2);
        assert!(line.contains(&format!("{folder}: {told}")), "{line}");
        assert!(!fs::exists(shell.path("twincity.db")).unwrap());
    }
    let shell = Shell::new();
    let line = shell.fails(&["serve", "--theme", "nowhere"], 2);
    assert!(line.contains("the theme nowhere"), "{line}");
}
