//! Merging a partner that was recorded twice: everything that names one of the two moves to the
//! other, and the old id leads there from then on.

mod moves;
pub mod types;
pub mod write;

pub use types::{Merged, Tombstone};

use super::names::Name;
use crate::core::vocabulary::partner::NameType;

/// The names of both: those of the partner that goes are added, and the one it was shown by becomes
/// an alias.
fn joined(kept: Vec<Name>, added: Vec<Name>) -> Vec<Name> {
    let mut all = kept;
    for mut name in added {
        let known = all.iter_mut().find(|other| {
            let same_language = other.lang.is_none() || name.lang.is_none();
            other.value == name.value && (same_language || other.lang == name.lang)
        });
        if let Some(known) = known {
            known.lang = known.lang.take().or(name.lang);
            for kind in name.types {
                if kind != NameType::Display && !known.types.contains(&kind) {
                    known.types.push(kind);
                }
            }
            continue;
        }
        if name.types.contains(&NameType::Display) {
            name.types
                .retain(|kind| !matches!(kind, NameType::Display | NameType::Alias));
            name.types.insert(0, NameType::Alias);
        }
        all.push(name);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &str, types: &[NameType]) -> Name {
        Name {
            types: types.to_vec(),
            ..Name::display(value)
        }
    }

    #[test]
    fn the_name_that_was_shown_becomes_an_alias_and_types_are_kept() {
        use NameType::{Alias, Display, Exonym, Official};
        let kept = vec![name("Hrodna", &[Display])];
        let added = vec![
            name("Grodno", &[Display, Exonym]),
            name("Hrodna", &[Display, Official]),
        ];
        assert_eq!(
            joined(kept, added),
            [
                name("Hrodna", &[Display, Official]),
                name("Grodno", &[Alias, Exonym])
            ]
        );
    }
}
