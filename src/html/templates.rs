//! The templates of pages: ours, and those that a theme has in their place.

use minijinja::Environment;

use super::ABOUT;
use super::lang::Lang;
use super::theme::{Fault, Theme};

/// These files of the folder `templates` beside the file that names them, each with its name.
#[macro_export]
macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("templates/", $name)))),+]
    };
}

/// Every template by name, whose ending says how it is escaped.
#[rustfmt::skip]
const TEMPLATES: &[(&str, &str)] = templates![
    "base.html", "parts.html", "forms.html", "footer_parts.html", "home.html", "search.html",
    "partner.html", "list.html", "partners.html", "agreement.html", "network.html",
    "activity.html", "source.html", "frame.html", "embed.html", "membership.html",
    "problem.html", "follow.html", "suggest.html", "button.html", "notice.html", "about.html",
    "about-accessibility.html", "about-imprint.html", "about-privacy.html",
];

/// Our templates, each replaced by that of the theme if it has one.
pub fn templates(theme: &Theme) -> Vec<(String, String)> {
    let ours = TEMPLATES
        .iter()
        .filter(|(name, _)| theme.templates.iter().all(|(own, _)| own != name))
        .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()));
    ours.chain(theme.templates.iter().cloned()).collect()
}

/// The templates of a theme have names of ours, or of a page about the registry in one language, and can be
/// read.
pub fn check(theme: &Theme) -> Result<(), Fault> {
    let mut engine = Environment::new();
    for (name, source) in &theme.templates {
        let file = format!("templates/{name}");
        let ours = TEMPLATES.iter().any(|(known, _)| known == name);
        let mut parts = name.rsplitn(3, '.');
        let (ending, lang, stem) = (parts.next(), parts.next(), parts.next());
        let topic = stem.and_then(|stem| stem.strip_prefix("about-"));
        let of_a_language = ending == Some("html")
            && lang.is_some_and(|lang| lang.parse::<Lang>().is_ok())
            && topic.is_some_and(|topic| ABOUT.contains(&topic));
        if !ours && !of_a_language {
            let known: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
            let own = ABOUT
                .map(|topic| format!("about-{topic}.en.html"))
                .join(", ");
            let sentence = format!("there may be {}, {own}", known.join(", "));
            return Err(Fault::of(&file, sentence));
        }
        if let Err(error) = engine.add_template_owned(name.clone(), source.clone()) {
            let line = error.line().unwrap_or(1);
            let detail = error.detail().unwrap_or("can't be read").to_owned();
            return Err(Fault::of(&file, format!("line {line}: {detail}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_of_a_theme_are_looked_at() {
        let told = |name: &str, source: &str| {
            let theme = Theme {
                templates: vec![(name.to_owned(), source.to_owned())],
                ..Theme::default()
            };
            check(&theme).map_err(|fault| fault.to_string())
        };
        assert_eq!(told("home.html", "{{ t('home') }}"), Ok(()));
        assert_eq!(told("about-imprint.pl.html", "<p>Urząd</p>"), Ok(()));
        for (name, source, fault) in [
            (
                "hom.html",
                "",
                "templates/hom.html: there may be base.html, ",
            ),
            (
                "about-imprint.de.html",
                "",
                "templates/about-imprint.de.html: there may be",
            ),
            ("home.html", "a\n{% if %}", "templates/home.html: line 2: "),
        ] {
            let told = told(name, source).unwrap_err();
            assert!(told.starts_with(fault), "{told}");
        }
    }
}
