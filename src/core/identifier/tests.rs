use proptest::prelude::*;

use super::*;

fn parse(scheme: Scheme, value: &str) -> Result<String, &'static str> {
    Identifier::parse(scheme, value, None)
        .map(|identifier| identifier.value)
        .map_err(|error| error.code)
}

#[test]
fn right_identifiers_are_written_canonically() {
    for (scheme, given, kept) in [
        (Scheme::Wikidata, " q761 ", "Q761"),
        (
            Scheme::Wikidata,
            "https://www.wikidata.org/wiki/Q761",
            "Q761",
        ),
        (
            Scheme::Wikidata,
            "http://www.wikidata.org/entity/Q761",
            "Q761",
        ),
        (Scheme::Geonames, "776069", "776069"),
        (Scheme::Unlocode, "pl bia", "PLBIA"),
        (Scheme::Unlocode, "USNYC", "USNYC"),
        (Scheme::Iso31662, "pl-20", "PL-20"),
        (Scheme::Nuts, "PL841", "PL841"),
        (Scheme::Nuts, "EL3", "EL3"),
        (Scheme::Lau, "20_61_01_1", "20_61_01_1"),
        (Scheme::Teryt, "2061011", "2061011"),
        (Scheme::Teryt, "20", "20"),
        (Scheme::Insee, "21231", "21231"),
        (Scheme::Insee, "2a004", "2A004"),
        (Scheme::Insee, "242 100 410", "242100410"),
        (Scheme::Fips, "5553000", "5553000"),
        (Scheme::Ror, "https://ror.org/052gg0110", "052gg0110"),
        (Scheme::Ror, "052GG0110", "052gg0110"),
        (Scheme::Isni, "0000 0002 1694 233x", "000000021694233X"),
        (
            Scheme::Isni,
            "https://isni.org/isni/0000000218250097",
            "0000000218250097",
        ),
        (Scheme::Lei, "506700ge1g29325qx363", "506700GE1G29325QX363"),
        (Scheme::Local, "gus:0938 716", "gus:0938 716"),
    ] {
        assert_eq!(
            parse(scheme, given).as_deref(),
            Ok(kept),
            "{scheme} {given}"
        );
    }
}

#[test]
fn wrong_identifiers_are_refused() {
    for (scheme, values) in [
        (
            Scheme::Wikidata,
            "Q|Q0|Q01|761|Q7a|P31|Q1234567890123456789",
        ),
        (Scheme::Geonames, "0|0776069|12345678901|77a"),
        (Scheme::Unlocode, "PL|PLBI|PLBI1|PLBIAX|ZZBIA|plł"),
        (Scheme::Iso31662, "PL-99|PL|PL20"),
        (Scheme::Nuts, "PL|PL8411|P1|PL-8"),
        (Scheme::Lau, "-1|a b|123456789012345678901|ł1"),
        (Scheme::Teryt, "2|206|20610|20610111|20a1"),
        (Scheme::Insee, "2123|212311|2C004|242100411|2A00A|é231"),
        (Scheme::Fips, "5|555|555300|55a"),
        (
            Scheme::Ror,
            "052gg0111|152gg0110|052gg011|052ig0110|052gg01+8|éé52gg0",
        ),
        (
            Scheme::Isni,
            "0000000218250098|000000021825009|00000002X8250097|é",
        ),
        (
            Scheme::Lei,
            "506700GE1G29325QX364|506700GE1G29325QX36|506700GE1G29325QX3é",
        ),
        (Scheme::Local, "gus|:1|gus:|gus: |1gus:1|g us:1"),
    ] {
        for value in values.split('|').chain([""]) {
            assert_eq!(
                parse(scheme, value),
                Err("invalid_identifier"),
                "{scheme} {value}"
            );
        }
    }
}

#[test]
fn codes_that_name_a_country_must_name_the_partners() {
    let check = |scheme, value, country: &str| {
        Identifier::parse(scheme, value, Some(country.parse().unwrap())).is_ok()
    };
    for (scheme, value, right, wrong) in [
        (Scheme::Unlocode, "PLBIA", "PL", "DE"),
        (Scheme::Iso31662, "PL-20", "PL", "LT"),
        (Scheme::Nuts, "EL30", "GR", "PL"),
        (Scheme::Nuts, "UKI3", "GB", "IE"),
        (Scheme::Nuts, "PL841", "PL", "GR"),
        (Scheme::Teryt, "2061011", "PL", "DE"),
        (Scheme::Insee, "97411", "RE", "BE"),
        (Scheme::Fips, "5553000", "US", "CA"),
    ] {
        assert!(check(scheme, value, right), "{value} {right}");
        assert!(!check(scheme, value, wrong), "{value} {wrong}");
    }
    assert!(check(Scheme::Wikidata, "Q761", "DE"));
}

#[test]
fn schemes_have_the_documented_codes() {
    let codes: Vec<_> = Scheme::all().iter().map(|scheme| scheme.code()).collect();
    assert_eq!(
        codes.join(" "),
        "wikidata geonames unlocode iso3166-2 nuts lau teryt insee fips ror isni lei local"
    );
    for scheme in Scheme::all() {
        assert_eq!(scheme.code().parse(), Ok(*scheme));
        let json = serde_json::to_string(scheme).unwrap();
        assert_eq!(json, format!("\"{scheme}\""));
        assert_eq!(serde_json::from_str::<Scheme>(&json).unwrap(), *scheme);
    }
    let error = "wikidatta".parse::<Scheme>().unwrap_err();
    assert_eq!(error.code, "unknown_code");
    assert!(error.message.ends_with("did you mean wikidata?"), "{error}");
}

#[test]
fn an_identifier_is_an_object_in_json_and_a_word_in_filters() {
    let identifier: Identifier = "wikidata:q761".parse().unwrap();
    let json = serde_json::to_string(&identifier).unwrap();
    assert_eq!(json, r#"{"scheme":"wikidata","value":"Q761"}"#);
    assert_eq!(identifier.to_string(), "wikidata:Q761");
    assert_eq!("local:gus:1".parse::<Identifier>().unwrap().value, "gus:1");
    assert!("Q761".parse::<Identifier>().is_err());
    assert!("nothing:1".parse::<Identifier>().is_err());
}

proptest! {
    #[test]
    fn any_text_is_answered_and_the_canonical_form_stays(
        index in 0..Scheme::VARIANTS.len(), value in "\\PC{0,20}|[0-9A-Za-z:. -]{0,20}"
    ) {
        let scheme = Scheme::VARIANTS[index];
        if let Ok(identifier) = Identifier::parse(scheme, &value, None) {
            prop_assert_eq!(Identifier::parse(scheme, &identifier.value, None), Ok(identifier.clone()));
            prop_assert_eq!(identifier.to_string().parse::<Identifier>(), Ok(identifier));
        }
    }
}
