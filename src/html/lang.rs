//! The languages of pages.

use strum::{Display, EnumString, IntoStaticStr};

use crate::core::language::LanguageTag;

/// A language there are texts in. The first is for all who read none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Polish.
    Pl,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Pl];

    /// The tag, as in addresses and in `lang`.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// Of what there is once for each of [`Self::ALL`], in that order, what is there for this one.
    pub fn of<T>(self, [english, polish]: [T; 2]) -> T {
        match self {
            Self::En => english,
            Self::Pl => polish,
        }
    }

    /// What it calls itself.
    pub fn own_name(self) -> &'static str {
        self.of(["English", "Polski"])
    }

    /// The tag in which names are asked for.
    pub fn tag(self) -> Option<LanguageTag> {
        self.code().parse().ok()
    }

    /// The language of this tag, by its first part.
    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        primary.to_ascii_lowercase().parse().ok()
    }

    /// The language that an `Accept-Language` header likes best (RFC 9110, 12.5.4).
    pub fn preferred(accepted: &str) -> Self {
        let liked = accepted.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let lang = Self::of_tag(parts.next()?)?;
            let quality = parts
                .find_map(|part| part.strip_prefix("q="))
                .map_or(1.0_f32, |quality| quality.parse().unwrap_or(0.0));
            (quality > 0.0).then_some((quality, lang))
        });
        // Of those liked the same, the first.
        let best = liked.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map_or(Self::En, |(_, lang)| lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_s_best_language_wins() {
        for (accepted, expected) in [
            ("", Lang::En),
            ("pl", Lang::Pl),
            ("pl-PL,pl;q=0.9,en;q=0.8", Lang::Pl),
            ("de-DE,de;q=0.9,en;q=0.4,pl;q=0.5", Lang::Pl),
            ("en;q=0.9,pl;q=0.1", Lang::En),
            ("PL;q=0", Lang::En),
            ("be,ru", Lang::En),
        ] {
            assert_eq!(Lang::preferred(accepted), expected, "{accepted}");
        }
    }
}
