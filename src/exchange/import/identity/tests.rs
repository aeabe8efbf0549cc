//! Who the ends of a file are.

use super::super::partners::Known;
use super::*;
use crate::core::geo::Point;
use crate::core::identifier::{Identifier, Scheme};
use crate::core::ids::Kind as IdKind;
use crate::core::life::Life;
use crate::core::vocabulary::agreement::RelationshipType;
use crate::core::vocabulary::partner::{Existence, PartnerKind};
use crate::exchange::links::KindSaid;
use crate::partners::reference::{self, PartnerRef};

fn end(name: &str) -> End {
    End {
        name: Some(name.to_owned()),
        full_name: None,
        is_beside: false,
        country: Some("DE".parse().unwrap()),
        country_sign: None,
        subdivision: None,
        kind: PartnerKind::Municipality,
        kind_said: KindSaid::Nobody,
        identifiers: Vec::new(),
        point: None,
        postcode: None,
    }
}

fn item(mut end: End, value: &str) -> End {
    end.identifiers.push(Identifier {
        scheme: Scheme::Wikidata,
        value: value.to_owned(),
    });
    end
}

fn at(mut end: End, latitude: f64) -> End {
    end.point = Some(Point::new(latitude, 8.0).unwrap());
    end
}

fn a(kind: PartnerKind, mut end: End) -> End {
    end.kind = kind;
    end.kind_said = KindSaid::Row;
    end
}

/// A registry of these partners.
fn registry(ends: &[End]) -> Partners {
    let mut all = Partners::default();
    for (n, end) in ends.iter().enumerate() {
        let key = i64::try_from(n).unwrap();
        let partner = PartnerRef {
            id: PublicId::from_bits(IdKind::Partner, key.unsigned_abs()),
            name: end.name.clone().unwrap(),
            name_lang: None,
            kind: end.kind,
            country: end.country.unwrap(),
        };
        let who = reference::Known {
            key,
            partner,
            host: None,
            existence: Existence::Active,
            life: Life::default(),
        };
        all.add(Known {
            who,
            names: vec![end.name.clone().unwrap()],
            end: a(end.kind, end.clone()),
        });
    }
    all
}

/// Identity these ends are: the place of a partner of the registry, `new` with the first end that is the
/// same, or `unclear`.
fn found(known: &Partners, ends: &[End]) -> Vec<String> {
    let rows: Vec<LinkRow> = ends
        .iter()
        .map(|end| LinkRow {
            line: 2,
            a: end.clone(),
            b: item(self::end("Elsewhere"), "Q999"),
            end_ids: [None, None],
            agreement_id: None,
            instrument: None,
            relationship: RelationshipType::Twinning,
            relationship_is_given: false,
            signed_on: None,
            ended_on: None,
            end_reason: None,
            note: None,
            source_title: None,
            source_url: None,
            left_out: Vec::new(),
        })
        .collect();
    let Identities { entities, of } = resolve(known, &rows);
    let firsts = of.clone();
    of.into_iter()
        .map(|[who, _]| match who {
            Identity::Entity(entity) => {
                let first = firsts
                    .iter()
                    .position(|[who, _]| *who == Identity::Entity(entity));
                let partner = entities[entity].partner.map(|partner| partner.to_string());
                partner.unwrap_or_else(|| format!("new {}", first.unwrap()))
            }
            Identity::Unclear(reason) => {
                assert!(!reason.is_empty());
                "unclear".to_owned()
            }
        })
        .collect()
}

#[test]
fn an_identifier_decides_before_the_name() {
    let known = registry(&[item(end("Neustadt"), "Q1"), item(end("Altstadt"), "Q2")]);
    let both = item(item(end("x"), "Q1"), "Q2");
    let ends = [
        item(end("Neustadt"), "Q2"),
        end("NEUSTADT"),
        item(end("Neustadt"), "Q3"),
        both,
    ];
    assert_eq!(found(&known, &ends), ["1", "unclear", "new 2", "unclear"]);
    assert_eq!(found(&known, &ends[1..2]), ["0"]);
}

#[test]
fn namesakes_far_apart_are_two_partners_and_the_nearest_of_several_is_meant() {
    let known = registry(&[at(end("Neustadt"), 50.0), at(end("Neustadt"), 50.1)]);
    for (one, who) in [
        (at(end("Neustadt"), 52.0), "new 0"),
        (at(end("Neustadt"), 50.09), "1"),
        (end("Neustadt"), "unclear"),
    ] {
        assert_eq!(found(&known, &[one]), [who]);
    }
    let nowhere = registry(&[end("Neustadt"), at(end("Neustadt"), 50.1)]);
    assert_eq!(found(&nowhere, &[at(end("Neustadt"), 50.0)]), ["1"]);
    // Each of these is near the partner, if not near the other.
    let ends = [at(end("Neustadt"), 50.29), at(end("Neustadt"), 49.8)];
    assert_eq!(found(&known, &ends), ["1", "0"]);
}

#[test]
fn what_other_rows_say_tells_namesakes_apart_in_any_order() {
    let known = registry(&[end("Neustadt")]);
    let mut ends = vec![
        item(at(end("Neustadt"), 50.0), "Q1"),
        item(end("Nowe Miasto"), "Q1"),
    ];
    assert_eq!(found(&known, &ends), ["0", "0"]);
    ends.push(item(end("Neustadt"), "Q2"));
    assert_eq!(found(&known, &ends), ["new 0", "new 0", "new 2"]);
    ends.push(end("Neustadt"));
    assert_eq!(found(&known, &ends)[3], "unclear");
    ends.reverse();
    assert_eq!(found(&known, &ends)[0], "unclear");
}

#[test]
fn a_kind_that_is_stated_contradicts_and_one_that_is_not_fits_one_known_kind() {
    let none = registry(&[]);
    let city = || a(PartnerKind::Municipality, end("Cork"));
    let county = || a(PartnerKind::County, end("Cork"));
    let university = || a(PartnerKind::University, end("Cork"));
    let usual = |kind| End {
        kind,
        kind_said: KindSaid::File,
        ..end("Cork")
    };
    for (ends, who) in [
        (vec![county(), city()], vec!["new 0", "new 1"]),
        (vec![end("Cork"), county()], vec!["new 0", "new 0"]),
        (
            vec![county(), city(), end("Cork")],
            vec!["new 0", "new 1", "unclear"],
        ),
        (
            vec![county(), usual(PartnerKind::Municipality)],
            vec!["new 0", "new 0"],
        ),
        (
            vec![city(), usual(PartnerKind::University)],
            vec!["new 0", "new 0"],
        ),
        (
            vec![university(), usual(PartnerKind::Municipality)],
            vec!["new 0", "new 0"],
        ),
        (
            vec![usual(PartnerKind::Municipality), end("Cork")],
            vec!["new 0", "new 0"],
        ),
        (
            vec![university(), city(), county()],
            vec!["new 0", "new 1", "new 2"],
        ),
        (
            vec![end("Cork"), item(city(), "Q1"), item(county(), "Q2")],
            vec!["unclear", "new 1", "new 2"],
        ),
    ] {
        assert_eq!(found(&none, &ends), who, "{ends:?}");
    }
    let known = registry(&[county()]);
    assert_eq!(found(&known, &[end("Cork"), city()]), ["unclear", "new 1"]);
    assert_eq!(found(&known, &[end("Cork")]), ["0"]);
    for kind in [PartnerKind::Municipality, PartnerKind::University] {
        assert_eq!(found(&known, &[usual(kind)]), ["0"]);
    }
    let both = registry(&[county(), city()]);
    for one in [
        end("Cork"),
        usual(PartnerKind::Municipality),
        usual(PartnerKind::University),
    ] {
        assert_eq!(found(&both, &[one]), ["unclear"]);
    }
    assert_eq!(
        found(&both, &[city(), county(), university()]),
        ["1", "0", "new 2"]
    );
}

#[test]
fn two_items_are_never_one_partner_and_one_item_is_never_two() {
    let also = |mut end: End, value: &str| {
        end.identifiers.push(Identifier {
            scheme: Scheme::Geonames,
            value: value.to_owned(),
        });
        end
    };
    let none = registry(&[]);
    let disputed = [
        also(item(end("a"), "Q1"), "5"),
        also(item(end("b"), "Q2"), "5"),
        item(end("a"), "Q1"),
    ];
    assert_eq!(found(&none, &disputed), ["unclear", "unclear", "new 2"]);
    let two_numbers = [
        also(item(end("a"), "Q1"), "5"),
        also(item(end("a"), "Q1"), "6"),
        also(end("c"), "6"),
    ];
    assert_eq!(found(&none, &two_numbers), ["new 0", "new 0", "new 0"]);
    let known = registry(&[also(item(end("a"), "Q1"), "5")]);
    assert_eq!(found(&known, &disputed), ["0", "unclear", "0"]);
}

#[test]
fn a_code_that_was_handed_on_is_the_living_one_s() {
    let code = |mut end: End| {
        end.identifiers.push(Identifier {
            scheme: Scheme::Insee,
            value: "74010".to_owned(),
        });
        end
    };
    let mut known = registry(&[]);
    for (n, (one, existence)) in [
        (code(item(end("Annecy"), "Q1")), Existence::Dissolved),
        (code(end("Annecy nouvelle")), Existence::Active),
        (end("Annecy"), Existence::Active),
    ]
    .into_iter()
    .enumerate()
    {
        let mut made = registry(&[one]).get(0).unwrap().clone();
        made.who.existence = existence;
        made.who.key = i64::try_from(n).unwrap();
        known.add(made);
    }
    for (one, who) in [
        (code(end("Seynod")), "1"),
        (code(item(end("Annecy"), "Q1")), "0"),
        (item(end("x"), "Q1"), "0"),
        (end("Annecy"), "2"),
    ] {
        assert_eq!(found(&known, std::slice::from_ref(&one)), [who], "{one:?}");
    }
}

#[test]
fn places_of_one_name_beside_each_other_keep_those_that_are_nearest_to_them() {
    let none = registry(&[]);
    let ends = [
        item(at(end("Amsterdam"), 52.37), "Q727"),
        item(at(end("Amsterdam"), 52.38), "Q9899"),
        at(end("Amsterdam"), 52.366),
        at(end("Amsterdam"), 52.383),
    ];
    assert_eq!(found(&none, &ends), ["new 0", "new 1", "new 0", "new 1"]);
}

#[test]
fn an_identifier_does_not_make_one_of_what_is_said_to_be_two() {
    let town = || a(PartnerKind::Municipality, item(end("Milwaukee"), "Q37836"));
    let county = || a(PartnerKind::County, item(end("Milwaukee County"), "Q37836"));
    let elsewhere = || End {
        country: Some("FR".parse().unwrap()),
        ..item(end("Paris"), "Q37836")
    };
    let in_area = |name: &str| {
        let mut one = end(name);
        one.identifiers.push(Identifier {
            scheme: Scheme::Nuts,
            value: "DE712".to_owned(),
        });
        one
    };
    let (nobody, known) = (Partners::default(), registry(&[town()]));
    let numbered = |mut end: End, number: &str| {
        end.identifiers.push(Identifier {
            scheme: Scheme::Geonames,
            value: number.to_owned(),
        });
        end
    };
    let far = [
        at(item(end("A"), "Q1"), 52.0),
        at(item(end("B"), "Q1"), -30.0),
    ];
    for (known, ends, expected) in [
        (&nobody, vec![town(), county()], ["unclear"; 2]),
        (
            &nobody,
            vec![item(end("Milwaukee"), "Q37836"), elsewhere()],
            ["unclear"; 2],
        ),
        (&nobody, far.to_vec(), ["unclear"; 2]),
        (
            &nobody,
            vec![numbered(town(), "5263045"), numbered(county(), "5263058")],
            ["unclear"; 2],
        ),
        (
            &nobody,
            vec![in_area("Frankfurt"), in_area("Offenbach")],
            ["unclear"; 2],
        ),
        (
            &nobody,
            vec![in_area("Frankfurt"), in_area("Frankfurt")],
            ["new 0"; 2],
        ),
        (
            &nobody,
            vec![
                item(end("Milwaukee"), "Q37836"),
                item(end("City of Milwaukee"), "Q37836"),
            ],
            ["new 0"; 2],
        ),
        (&known, vec![county(), elsewhere()], ["unclear"; 2]),
        (
            &known,
            vec![town(), item(end("Cream City"), "Q37836")],
            ["0"; 2],
        ),
    ] {
        assert_eq!(found(known, &ends), expected, "{ends:?}");
    }
}
