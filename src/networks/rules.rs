//! What must hold of a network's own fields. Pure: what needs other records is checked in `write`.

use diesel::prelude::*;

use super::types::NetworkIn;
use crate::core::edtf::Edtf;
use crate::core::identifier::Identifier;
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::language::Translations;
use crate::core::vocabulary::network::NetworkKind;
use crate::db::Json;
use crate::db::schema::networks;
use crate::evidence::citations::types::NewCitation;
use crate::http::validate;
use crate::partners::identifiers;
use crate::partners::names::{self, Name};
use crate::partners::rules;

/// Longest description in one language.
const MAX_DESCRIPTION: usize = 2000;
/// Longest legal form.
const MAX_LEGAL_FORM: usize = 200;
/// Longest name of a class of membership.
pub const MAX_CLASS: usize = 100;
/// Most classes of membership.
const MAX_CLASSES: usize = 50;

/// A network whose own values are right.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = networks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct NewNetwork {
    pub(crate) kind: NetworkKind,
    pub(crate) name: String,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) names: Vec<Name>,
    pub(crate) founded_on: Option<Edtf>,
    pub(crate) dissolved_on: Option<Edtf>,
    pub(crate) legal_form: Option<String>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) seat: Option<PublicId>,
    pub(crate) website: Option<String>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) successor: Option<PublicId>,
    pub(crate) membership_classes: Json<Vec<String>>,
    pub(crate) description: Json<Translations>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) identifiers: Vec<Identifier>,
    #[diesel(skip_insertion, skip_update)]
    pub(crate) sources: Vec<NewCitation>,
}

fn classes(given: Option<Vec<String>>, issues: &mut Issues) -> Vec<String> {
    let (at, most) = ("/membership_classes", (MAX_CLASSES, "class"));
    validate::distinct(at, given, most, issues, |at, class, issues| {
        validate::text(at, Some(class), MAX_CLASS, issues)
    })
}

/// Checks every field that can be checked by itself; what is wrong goes to `issues`.
pub fn check(input: NetworkIn, issues: &mut Issues) -> NewNetwork {
    validate::record_state("/record_state", input.record_state, issues);
    let kind = issues.take_required("/kind", input.kind);
    let (name, names) = names::check(input.name, input.names, issues);
    let life = rules::life(input.founded_on, input.dissolved_on, issues);
    let seat = input.seat_partner_id;
    let seat = validate::id("/seat_partner_id", seat, Kind::Partner, issues);
    let successor = input.successor_id;
    let successor = validate::id("/successor_id", successor, Kind::Network, issues);
    NewNetwork {
        name,
        names,
        founded_on: life.founded_on,
        dissolved_on: life.dissolved_on,
        legal_form: validate::text("/legal_form", input.legal_form, MAX_LEGAL_FORM, issues),
        seat,
        website: validate::url("/website", input.website, issues),
        successor,
        membership_classes: Json(classes(input.membership_classes, issues)),
        description: Json(validate::translations(
            "/description",
            input.description,
            MAX_DESCRIPTION,
            issues,
        )),
        identifiers: identifiers::check(input.identifiers, None, issues),
        sources: rules::sources(input.sources, issues),
        // Without one the network is refused: everything else that is wrong is told beside it.
        kind: kind.unwrap_or(NetworkKind::CityNetwork),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::issue::Checked;

    fn pointers(input: NetworkIn) -> Vec<String> {
        let mut issues = Issues::default();
        check(input, &mut issues);
        issues.pointers()
    }

    fn named() -> NetworkIn {
        NetworkIn {
            kind: Some(NetworkKind::Euroregion.into()),
            name: Some("Niemen".to_owned()),
            ..NetworkIn::default()
        }
    }

    #[test]
    fn a_network_needs_a_kind_and_a_name() {
        assert_eq!(pointers(NetworkIn::default()), ["/kind", "/name"]);
        assert!(pointers(named()).is_empty());
    }

    #[test]
    fn it_is_not_dissolved_before_it_is_founded_as_far_as_anyone_knows() {
        let date = |text: &str| Some(Checked::from(text.parse::<Edtf>().unwrap()));
        let dated = |founded, dissolved| {
            pointers(NetworkIn {
                founded_on: date(founded),
                dissolved_on: date(dissolved),
                ..named()
            })
        };
        assert_eq!(dated("1997", "1996"), ["/dissolved_on"]);
        assert!(dated("1997-06", "1997").is_empty());
    }

    #[test]
    fn a_class_of_membership_is_named_once() {
        let classes = Some(vec!["full".to_owned(), " ".to_owned(), "full".to_owned()]);
        let found = pointers(NetworkIn {
            membership_classes: classes,
            ..named()
        });
        assert_eq!(found, ["/membership_classes/1", "/membership_classes/2"]);
    }
}
