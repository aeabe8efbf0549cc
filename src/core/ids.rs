//! Public ids: what records are called outside the database.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fmt, str::FromStr};

use diesel::{AsExpression, FromSqlRow};
use strum::{IntoStaticStr, VariantArray};
use utoipa::ToSchema;

use crate::core::{parse_error::ParseError, serde_text};

/// Crockford's base 32 in lower case: no `i`, `l`, `o` or `u`, which are misread or misunderstood.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What a digit in base 32 stands for.
pub(super) fn value_of(digit: u8) -> Option<u64> {
    let mut values = (0..).zip(ALPHABET);
    values.find_map(|(value, known)| (*known == digit).then_some(value))
}

/// Characters after the prefix: 50 bits, so that a million records collide once in two thousand runs.
const LENGTH: usize = 10;

/// Furthest from one id of a process to its next: whoever tries them out meets thousands that name nothing. What
/// may not be read is refused all the same.
const STEP: u64 = 1 << 16;

/// What sort of record an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Kind {
    /// A body that can be a party: `ptn_`.
    Partner,
    /// A paper between partners: `agr_`.
    Agreement,
    /// An association of partners: `net_`.
    Network,
    /// A partner's place in a network: `mbr_`.
    Membership,
    /// A visit, meeting or event: `act_`.
    Activity,
    /// A file or a pointer to one: `doc_`.
    Document,
    /// Where a fact is from: `src_`.
    Source,
    /// A step in the life of an agreement or membership: `evt_`.
    Event,
    /// An office to write to: `con_`.
    Contact,
    /// A correction waiting for a decision: `sug_`.
    Suggestion,
    /// A subscriber's address: `whk_`.
    Webhook,
    /// A person with a login: `usr_`.
    User,
    /// An access key: `key_`.
    Key,
    /// A fact and its source: `cit_`.
    Citation,
    /// A tie between two partners such as succession: `rel_`.
    Relation,
    /// A person's log-in: `ses_`.
    Session,
}

impl Kind {
    /// The three letters before the underscore.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Partner => "ptn",
            Self::Agreement => "agr",
            Self::Network => "net",
            Self::Membership => "mbr",
            Self::Activity => "act",
            Self::Document => "doc",
            Self::Source => "src",
            Self::Event => "evt",
            Self::Contact => "con",
            Self::Suggestion => "sug",
            Self::Webhook => "whk",
            Self::User => "usr",
            Self::Key => "key",
            Self::Citation => "cit",
            Self::Relation => "rel",
            Self::Session => "ses",
        }
    }

    /// The collection of records of this kind, which their table is called, too; of what is a record by
    /// itself and not a part of one.
    pub const fn collection(self) -> Option<&'static str> {
        Some(match self {
            Self::Partner => "partners",
            Self::Agreement => "agreements",
            Self::Network => "networks",
            Self::Membership => "memberships",
            Self::Activity => "activities",
            Self::Document => "documents",
            Self::Source => "sources",
            _ => return None,
        })
    }

    /// Every kind that has a collection, with it.
    pub fn collections() -> impl Iterator<Item = (Self, &'static str)> {
        let all = Self::all().iter();
        all.filter_map(|kind| kind.collection().map(|collection| (*kind, collection)))
    }

    /// The kind of the records in this collection.
    pub fn of_collection(name: &str) -> Option<Self> {
        let found = Self::collections().find(|(_, collection)| *collection == name);
        found.map(|(kind, _)| kind)
    }

    /// The name in `snake_case`, as in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Every kind.
    pub fn all() -> &'static [Self] {
        Self::VARIANTS
    }

    fn of_prefix(prefix: &str) -> Option<Self> {
        Self::all()
            .iter()
            .copied()
            .find(|kind| kind.prefix() == prefix)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The public id of a record: `ptn_8x3k0q2m7t`.
///
/// A prefix that says what it is, an underscore and ten characters of Crockford's base 32. Ids are compared and
/// nothing else: their order and distance promise nothing, and none is a secret. They are unique in the database
/// and never reused.
/// Anything else is `invalid_id`; upper case is not accepted, so that each id has one spelling.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, ToSchema, AsExpression, FromSqlRow,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
#[schema(value_type = String, example = "ptn_8x3k0q2m7t", pattern = "^[a-z]{3}_[0-9a-hjkmnp-tv-z]{10}$")]
pub struct PublicId(String);

impl PublicId {
    /// The id of a new record.
    ///
    /// A process begins anywhere and goes on by steps of random length: of different processes two ids are
    /// the same as rarely as if all were drawn, of one never; and what is recorded together stands together
    /// in every index by id, so that many records are written to few pages.
    pub fn next(kind: Kind) -> Self {
        static LAST: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(rand::random()));
        let step = rand::random_range(1..=STEP);
        let last = LAST.fetch_add(step, Ordering::Relaxed);
        Self::from_bits(kind, last.wrapping_add(step))
    }

    /// An id that nobody can tell beforehand, drawn by the operating system's seeded generator.
    pub fn random(kind: Kind) -> Self {
        Self::from_bits(kind, rand::random())
    }

    /// The id that stands for the lower 50 bits of a number; for tests and fixtures.
    pub fn from_bits(kind: Kind, bits: u64) -> Self {
        let mut text = format!("{}_", kind.prefix());
        text.extend((0..LENGTH).rev().filter_map(|place| {
            let digit = usize::try_from((bits >> (5 * place)) & 31).ok()?;
            ALPHABET.get(digit).copied().map(char::from)
        }));
        Self(text)
    }

    /// The 50 bits behind the prefix, which [`PublicId::from_bits`] is made of.
    pub fn bits(&self) -> u64 {
        let digits = self.0.bytes().skip_while(|byte| *byte != b'_').skip(1);
        digits.fold(0, |bits, digit| bits << 5 | value_of(digit).unwrap_or(0))
    }

    /// An id that must name this kind of record, else `invalid_id`.
    pub fn of_kind(text: &str, kind: Kind) -> Result<Self, ParseError> {
        Self::checked(text)
            .filter(|(found, _)| *found == kind)
            .map(|(_, id)| id)
            .ok_or_else(|| {
                let prefix = kind.prefix();
                ParseError::new(
                    "invalid_id",
                    format!("the id of a record of kind {kind} looks like {prefix}_8x3k0q2m7t"),
                )
            })
    }

    /// What sort of record it names.
    pub fn kind(&self) -> Kind {
        let prefix = self.0.split_once('_').map_or("", |(prefix, _)| prefix);
        // Both ways of making an id take the prefix from the table, so it is found.
        Kind::of_prefix(prefix).unwrap_or(Kind::Partner)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn checked(text: &str) -> Option<(Kind, Self)> {
        let (prefix, rest) = text.split_once('_')?;
        let kind = Kind::of_prefix(prefix)?;
        let is_right = rest.len() == LENGTH && rest.bytes().all(|byte| ALPHABET.contains(&byte));
        is_right.then(|| (kind, Self(text.to_owned())))
    }
}

impl FromStr for PublicId {
    type Err = ParseError;

    fn from_str(s: &str) -> Result<Self, ParseError> {
        Self::checked(s).map(|(_, id)| id).ok_or_else(|| {
            ParseError::new(
                "invalid_id",
                "an id is three letters for its kind, an underscore and ten characters, \
                 such as ptn_8x3k0q2m7t",
            )
        })
    }
}

serde_text::as_text!(PublicId);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prefixes_are_three_letters_and_unique() {
        let prefixes: BTreeSet<_> = Kind::all().iter().map(|kind| kind.prefix()).collect();
        assert_eq!(prefixes.len(), Kind::all().len());
        assert!(prefixes.iter().all(|prefix| prefix.len() == 3));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "ptn",
            "ptn_",
            "ptn_8x3k0q2m7",
            "ptn_8x3k0q2m7tt",
            "ptn_8X3K0Q2M7T",
            "xxx_8x3k0q2m7t",
            "ptn-8x3k0q2m7t",
            "ptn_8x3k0q2m7i",
            "ptn_8x3k0q2m7u",
            " ptn_8x3k0q2m7t",
            "8x3k0q2m7t",
        ] {
            assert_eq!(
                text.parse::<PublicId>().unwrap_err().code,
                "invalid_id",
                "{text}"
            );
        }
        let error = PublicId::of_kind("agr_8x3k0q2m7t", Kind::Partner).unwrap_err();
        assert!(error.message.contains("ptn_"), "{error}");
    }

    #[test]
    fn ids_differ_and_those_of_one_process_stand_together() {
        let drawn: BTreeSet<_> = (0..1000).map(|_| PublicId::random(Kind::Event)).collect();
        assert_eq!(drawn.len(), 1000);
        let ids: Vec<_> = (0..1000).map(|_| PublicId::next(Kind::Event)).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1000);
        // They begin again once in a run of this process's life.
        let turns = ids.windows(2).filter(|pair| pair[0] > pair[1]).count();
        assert!(turns <= 1, "{turns} of {ids:?}");
    }

    proptest! {
        #[test]
        fn ids_come_back(bits in any::<u64>(), index in 0..Kind::VARIANTS.len()) {
            let kind = Kind::VARIANTS[index];
            let id = PublicId::from_bits(kind, bits);
            prop_assert_eq!(id.kind(), kind);
            prop_assert_eq!(id.bits(), bits & ((1 << 50) - 1));
            prop_assert_eq!(id.as_str().parse::<PublicId>(), Ok(id.clone()));
            prop_assert_eq!(PublicId::of_kind(id.as_str(), kind), Ok(id));
        }
    }
}
