//! What is wrong with the templates of a theme that only the page would show which is made by them: everything that a
//! template names has to be there.

use std::collections::BTreeSet;

use minijinja::value::Value;
use minijinja::{Environment, ErrorKind};

use super::lang::Lang;
use super::templates::templates;
use super::theme::{Fault, Theme};
use super::{assets, engine, texts};

/// The file that our own templates name where a theme has it, and that its copies of them may name.
const OPTIONAL: &str = "colours.css";

/// Whatever the templates of a theme name is there.
pub fn check(theme: &Theme) -> Result<(), Fault> {
    if theme.templates.is_empty() {
        return Ok(());
    }
    let all = templates(theme);
    for lang in Lang::ALL {
        let known = Known {
            lang,
            theme,
            engine: engine::engine(lang, theme),
            messages: texts::keys(theme, lang),
            variables: variables(lang),
            templates: &all,
        };
        for (name, source) in &all {
            let own = theme.templates.iter().any(|(own, _)| own == name);
            known.check(name, source, own)?;
        }
    }
    Ok(())
}

/// What our templates are given.
fn variables(lang: Lang) -> BTreeSet<String> {
    let engine = engine::engine(lang, &Theme::default());
    let mut all: BTreeSet<String> = engine.globals().map(|(name, _)| name.to_owned()).collect();
    for (_, template) in engine.templates() {
        all.extend(template.undeclared_variables(false));
    }
    all
}

/// What templates in a language may name.
struct Known<'t> {
    lang: Lang,
    theme: &'t Theme,
    engine: Environment<'static>,
    messages: BTreeSet<String>,
    variables: BTreeSet<String>,
    templates: &'t [(String, String)],
}

impl Known<'_> {
    /// Of a template of ours only what it has from others is looked at.
    fn check(&self, name: &str, source: &str, own: bool) -> Result<(), Fault> {
        let file = format!("templates/{name}");
        let others = |lang: &Lang| *lang != self.lang && name.ends_with(&format!(".{lang}.html"));
        if Lang::ALL.iter().any(others) {
            return Ok(());
        }
        let tokens = tokens(source);
        for (at, (rest, _)) in tokens.iter().enumerate() {
            let here = tokens.get(at..).unwrap_or_default();
            if let Some((from, macro_name)) = self.lacks_macro(here) {
                let sentence = format!("there is no {macro_name}, which {name} imports");
                return Err(Fault::of(&format!("templates/{from}"), sentence));
            }
            let wrong = if own { self.wrong(here) } else { None };
            if let Some(wrong) = wrong {
                let before = source.get(..source.len() - rest).unwrap_or_default();
                let line = before.matches('\n').count() + 1;
                return Err(Fault::of(&file, format!("line {line}: {wrong}")));
            }
        }
        let template = self.engine.get_template(name).ok().filter(|_| own);
        let named = template.map(|template| template.undeclared_variables(false));
        let named = named.into_iter().flatten();
        // What is set in one place may be used in another.
        let given = |name: &String| self.variables.contains(name) || defines(&tokens, name);
        match named.filter(|name| !given(name)).min() {
            None => Ok(()),
            Some(variable) => Err(Fault::of(&file, format!("no page is given {variable}"))),
        }
    }

    /// What is wrong where a template names something.
    fn wrong(&self, here: &[(usize, Token<'_>)]) -> Option<String> {
        use Token::{Sign, Text, Word};
        let next = |n: usize| here.get(n).map(|(_, token)| *token);
        match (next(0)?, next(1)?, next(2), next(3)) {
            (Sign('|'), Word(name), ..) => {
                let unknown = self.fails(&format!("''|{name}"), ErrorKind::UnknownFilter);
                unknown.then(|| format!("there is no filter {name}"))
            }
            (Word("is"), Word("not"), Some(Word(name)), _) | (Word("is"), Word(name), ..) => {
                let unknown = self.fails(&format!("'' is {name}"), ErrorKind::UnknownTest);
                unknown.then(|| format!("there is no test {name}"))
            }
            (Word("t"), Sign('('), Some(Text(key)), Some(Sign(',' | ')'))) => {
                (!self.messages.contains(key)).then(|| format!("no message {key} in {}", self.lang))
            }
            (Word("asset"), Sign('('), Some(Text(name)), Some(Sign(')'))) => {
                let there = assets::has(self.theme, name) || name == OPTIONAL;
                (!there).then(|| format!("there is no file {name}"))
            }
            (Word("extends" | "from" | "import" | "include"), Text(name), ..) => self
                .source(name)
                .is_none()
                .then(|| format!("there is no template {name}")),
            _ => None,
        }
    }

    /// Whether an expression fails like this.
    fn fails(&self, expression: &str, kind: ErrorKind) -> bool {
        let nothing = Value::from_pairs(std::iter::empty::<(String, Value)>());
        let compiled = self.engine.compile_expression_owned(expression.to_owned());
        let made = compiled.and_then(|expression| expression.eval(nothing));
        made.is_err_and(|error| error.kind() == kind)
    }

    fn source(&self, name: &str) -> Option<&str> {
        let found = self.templates.iter().find(|(known, _)| known == name);
        found.map(|(_, source)| source.as_str())
    }

    /// What is imported here and not there: the template it should be in, and its name.
    fn lacks_macro<'s>(&self, here: &[(usize, Token<'s>)]) -> Option<(&'s str, &'s str)> {
        use Token::{End, Sign, Text, Word};
        let mut rest = here.iter().map(|(_, token)| *token);
        let (Word("from"), Text(from), Word("import")) = (rest.next()?, rest.next()?, rest.next()?)
        else {
            return None;
        };
        let there = tokens(self.source(from)?);
        let mut before = Sign(',');
        for token in rest.take_while(|token| *token != End) {
            if let (Sign(','), Word(name)) = (before, token)
                && !defines(&there, name)
            {
                return Some((from, name));
            }
            before = token;
        }
        None
    }
}

/// Whether a template has a macro of this name, or sets it.
fn defines(tokens: &[(usize, Token<'_>)], name: &str) -> bool {
    tokens.windows(2).any(|pair| {
        let mut pair = pair.iter().map(|(_, token)| *token);
        let begins = matches!(pair.next(), Some(Token::Word("macro" | "set")));
        begins && pair.next() == Some(Token::Word(name))
    })
}

/// A piece of what stands between the braces of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'s> {
    /// A name or a number.
    Word(&'s str),
    /// What stands in quotation marks.
    Text(&'s str),
    Sign(char),
    /// The braces are closed.
    End,
}

/// What stands between the braces of a template, each piece with how much of the template begins there.
fn tokens(source: &str) -> Vec<(usize, Token<'_>)> {
    let mut all = Vec::new();
    let mut rest = source;
    while let Some((_, from)) = rest.split_once('{') {
        let inside = from.get(1..).unwrap_or_default();
        rest = match from.as_bytes().first() {
            Some(b'#') => inside.split_once("#}").map_or("", |(_, behind)| behind),
            Some(b'{') => code(inside, "}}", &mut all),
            Some(b'%') => code(inside, "%}", &mut all),
            _ => from,
        };
    }
    all
}

/// Reads what stands before the closing braces; what stands behind them.
fn code<'s>(inside: &'s str, end: &str, all: &mut Vec<(usize, Token<'s>)>) -> &'s str {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = inside;
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix(end) {
            all.push((rest.len(), Token::End));
            return behind;
        }
        let (token, length) = match first {
            '"' | '\'' => {
                let body = rest.get(1..).unwrap_or_default();
                let mut escaped = false;
                let closes = |c: char| {
                    let closes = !escaped && c == first;
                    escaped = !escaped && c == '\\';
                    closes
                };
                let length = body.find(closes).unwrap_or(body.len());
                let text = body.get(..length).unwrap_or_default();
                (Token::Text(text), length + 2)
            }
            c if is_word(c) => {
                let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                (Token::Word(rest.get(..length).unwrap_or_default()), length)
            }
            c => (Token::Sign(c), c.len_utf8()),
        };
        if !first.is_whitespace() {
            all.push((rest.len(), token));
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(templates: &[(&str, &str)], polish: &str) -> Result<(), String> {
        let own = templates
            .iter()
            .map(|(name, source)| ((*name).to_owned(), (*source).to_owned()));
        let theme = Theme {
            templates: own.collect(),
            texts: vec![(Lang::Pl, polish.to_owned())],
            ..Theme::default()
        };
        check(&theme).map_err(|fault| fault.to_string())
    }

    #[test]
    fn our_own_templates_name_nothing_that_is_not_there() {
        let ours = templates(&Theme::default());
        let ours: Vec<(&str, &str)> = ours
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        assert_eq!(told(&ours, ""), Ok(()));
    }

    #[test]
    fn what_a_template_names_is_there() {
        let right = "{% if lang %}{% set mine = 1 %}{% endif %}{{ mine }}{# {{ x|y }} #}{{ t('own-motto') }} {{ site.operator or t(\"no-operator\", x='a\\'b') }}";
        assert_eq!(
            told(&[("about-imprint.pl.html", right)], "own-motto = Hej"),
            Ok(())
        );
        for (name, source, fault) in [
            (
                "home.html",
                "a\n{{ t('hom') }}",
                "line 2: no message hom in en",
            ),
            (
                "about-imprint.pl.html",
                "{{ t('own-no') }}",
                "line 1: no message own-no in pl",
            ),
            (
                "home.html",
                "{{ 'x'|lable('y') }}",
                "line 1: there is no filter lable",
            ),
            (
                "home.html",
                "{% if as_of is not missing %}{% endif %}",
                "line 1: there is no test missing",
            ),
            (
                "home.html",
                "{{ asset('logo.svg') }}",
                "line 1: there is no file logo.svg",
            ),
            (
                "home.html",
                "{% include 'foot.html' %}",
                "line 1: there is no template foot.html",
            ),
            (
                "home.html",
                "{{ statistics.partners }}",
                "no page is given statistics",
            ),
        ] {
            let told = told(&[(name, source)], "").unwrap_err();
            assert_eq!(told, format!("templates/{name}: {fault}"));
        }
        let told = told(
            &[("forms.html", "{% macro summary(faults) %}{% endmacro %}")],
            "",
        )
        .unwrap_err();
        assert!(
            told.starts_with("templates/forms.html: there is no "),
            "{told}"
        );
    }
}
