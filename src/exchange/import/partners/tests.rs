//! Who an end is.

use super::*;
use crate::core::identifier::Scheme;
use crate::core::ids::Kind;

fn end(name: &str, wikidata: Option<&str>, point: Option<(f64, f64)>) -> End {
    End {
        name: Some(name.to_owned()),
        country: Some("DE".parse().unwrap()),
        kind: PartnerKind::Municipality,
        identifiers: wikidata
            .map(|value| Identifier {
                scheme: Scheme::Wikidata,
                value: value.to_owned(),
            })
            .into_iter()
            .collect(),
        point: point.map(|(lat, lon)| Point::new(lat, lon).unwrap()),
    }
}

fn partners(ends: &[End]) -> Partners {
    let mut all = Partners::default();
    for (n, end) in ends.iter().enumerate() {
        let key = i64::try_from(n).unwrap();
        let partner = PartnerRef {
            id: PublicId::from_bits(Kind::Partner, key.unsigned_abs()),
            name: end.name.clone().unwrap(),
            kind: end.kind,
            country: end.country.unwrap(),
        };
        let known = Known {
            who: reference::Known {
                key,
                partner,
                host: None,
            },
            end: end.clone(),
        };
        all.add(known, vec![end.folded_name()]);
    }
    all
}

#[test]
fn an_identifier_decides_before_the_name() {
    let known = partners(&[
        end("Neustadt", Some("Q1"), None),
        end("Altstadt", Some("Q2"), None),
    ]);
    assert_eq!(
        known.find(&end("Neustadt", Some("Q2"), None)),
        Found::One(1)
    );
    assert_eq!(known.find(&end("NEUSTADT", None, None)), Found::One(0));
    assert_eq!(
        known.find(&end("Neustadt", Some("Q3"), None)),
        Found::Nobody
    );
    let mut both = end("x", Some("Q1"), None);
    both.identifiers.push(Identifier {
        scheme: Scheme::Wikidata,
        value: "Q2".to_owned(),
    });
    assert_eq!(known.find(&both), Found::Contradiction);
}

#[test]
fn namesakes_far_apart_are_two_partners_and_the_nearest_of_several_is_meant() {
    let known = partners(&[
        end("Neustadt", None, Some((50.0, 8.0))),
        end("Neustadt", None, Some((50.1, 8.0))),
    ]);
    assert_eq!(
        known.find(&end("Neustadt", None, Some((52.0, 8.0)))),
        Found::Nobody
    );
    assert_eq!(
        known.find(&end("Neustadt", None, Some((50.09, 8.0)))),
        Found::One(1)
    );
    assert!(
        matches!(known.find(&end("Neustadt", None, None)), Found::Several(ids) if ids.len() == 2)
    );
}

#[test]
fn of_several_one_whose_place_is_known_is_nearer_than_one_whose_place_is_not() {
    let known = partners(&[
        end("Neustadt", None, None),
        end("Neustadt", None, Some((50.1, 8.0))),
    ]);
    let found = known.find(&end("Neustadt", None, Some((50.0, 8.0))));
    assert_eq!(found, Found::One(1));
}

#[test]
fn what_a_row_says_of_a_partner_tells_later_rows_apart() {
    let mut known = partners(&[end("Neustadt", None, None)]);
    known.learn(0, &end("Neustadt", Some("Q1"), Some((50.0, 8.0))));
    let told = end("Nowe Miasto", Some("Q1"), None);
    assert_eq!(known.find(&told), Found::One(0));
    for other in [
        end("Neustadt", Some("Q2"), None),
        end("Neustadt", None, Some((52.0, 8.0))),
    ] {
        assert_eq!(known.find(&other), Found::Nobody);
    }
}
