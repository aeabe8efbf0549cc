//! Which partner a row means: namesakes, codes, scripts, postcodes and parts of countries.

use twincity::changes::Ctx;
use twincity::core::vocabulary::record::Role;
use twincity::exchange::import::Options;
use twincity::exchange::links::{LinkReader, Mapping};

use super::{HEADER, import, numbers, plain};
use crate::support::TestApp;

#[actix_web::test]
async fn an_end_known_by_its_item_alone_is_found_wherever_its_country_stands() {
    let app = TestApp::new().await;
    let rows = "Kaliningrad,,Q1829,,,Gdynia,PL,,,\nKönigsberg,RU,Q1829,,,Kiel,DE,,,\n";
    assert_eq!(numbers(&plain(&app, rows)), [3, 2, 0, 0, 0]);
    let text = format!("{HEADER}Nowhere,,Q99999999,,,Gdynia,PL,,,\n");
    let (report, kept) = import(&app, &text, Mapping::default(), false, false);
    assert!(
        !kept
            && report.faults[0]
                .reason
                .contains("no partner has this identifier"),
        "{report:?}"
    );
}

#[actix_web::test]
async fn namesakes_are_told_apart_or_reported() {
    let app = TestApp::new().await;
    let rows = "Neustadt,DE,,50,8,Lyon,FR,,,\nNeustadt,DE,,52,8,Lille,FR,,,\n";
    assert_eq!(numbers(&plain(&app, rows)), [4, 2, 0, 0, 0]);
    let text = format!("{HEADER}Neustadt,DE,,,,Metz,FR,,,\n");
    let (report, _) = import(&app, &text, Mapping::default(), false, false);
    assert!(
        report.faults[0].reason.starts_with("several partners fit"),
        "{report:?}"
    );
    assert_eq!(
        numbers(&plain(&app, "Neustadt,DE,,52.01,8,Metz,FR,,,\n")),
        [1, 1, 0, 0, 0]
    );
}

#[actix_web::test]
async fn a_partner_matched_by_name_is_known_by_the_identifier_from_then_on() {
    let app = TestApp::new().await;
    let rows = "Munich,DE,,,,Verona,IT,,,\nMunich,DE,Q1726,,,Bordeaux,FR,,,\n\
                München,DE,Q1726,,,Sapporo,JP,,,\nMinga,,Q1726,,,Harare,ZW,,,\n";
    assert_eq!(numbers(&plain(&app, rows)), [5, 4, 0, 0, 0]);
    assert_eq!(numbers(&plain(&app, rows)), [0, 0, 0, 4, 0]);
}

/// Neustadt in Saxony and Neustadt in the Palatinate are two cities; Berlin has many postcodes.
#[actix_web::test]
async fn names_behind_several_postcodes_are_left_to_people() {
    let app = TestApp::new().await;
    let rows = "Lyon,FR,,,,01844 Neustadt,DE,,,\nLille,FR,,,,67433 Neustadt,DE,,,\n\
                Metz,FR,,,,10115 Berlin,DE,,,\nNancy,FR,,,,D-10115 Berlin,DE,,,\n";
    let (report, kept) = import(
        &app,
        &format!("{HEADER}{rows}"),
        Mapping::default(),
        true,
        false,
    );
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [3, 2, 0, 0, 2]);
    let fault = report.faults[0].to_string();
    assert!(
        fault.contains("several postcodes") && fault.contains("01844, 67433"),
        "{fault}"
    );
    let told = report.to_do();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("4 rows, column b.name: the number before this name"),
        "{told:?}"
    );
}

/// What the registry knows of a city has no postcode: whether the second Neustadt is the first, people have to say.
#[actix_web::test]
async fn a_postcode_that_is_not_compared_with_a_known_partner_is_told() {
    let app = TestApp::new().await;
    let first = plain(&app, "Lyon,FR,,,,01844 Neustadt,DE,,,\n");
    assert_eq!((numbers(&first), first.remarks.len()), ([2, 1, 0, 0, 0], 1));
    let second = plain(&app, "Lille,FR,,,,67433 Neustadt,DE,,,\n");
    assert_eq!(numbers(&second), [1, 1, 0, 0, 0]);
    let told: Vec<String> = second.remarks.iter().map(ToString::to_string).collect();
    assert!(
        told.len() == 2
            && told
                .iter()
                .any(|one| one.contains("67433 was not compared")),
        "{told:?}"
    );
    // So may be another part of the country than the one that was meant.
    let header = "a.name,a.country,a.subdivision,b.name,b.country";
    let text = format!("{header}\nNeustadt,DE,Hessen,Metz,FR\n");
    let (third, _) = import(&app, &text, Mapping::default(), false, false);
    let told = third.to_do();
    assert!(
        told[0].contains("Neustadt (Hessen) was not compared"),
        "{told:?}"
    );
    // Whom its own id names is known for sure.
    let page = app
        .get("/api/v1/partners?q=neustadt")
        .await
        .expect(200)
        .json();
    let id = page["data"][0]["id"].as_str().unwrap();
    let text = format!("a.name,a.country,b.id,b.name,b.country\nBrest,FR,{id},39307 Neustadt,DE\n");
    let (fourth, kept) = import(&app, &text, Mapping::default(), false, false);
    assert!(kept, "{fourth:?}");
    let told = fourth.to_do();
    assert!(
        !told.iter().any(|one| one.contains("was not compared")),
        "{told:?}"
    );
}

#[actix_web::test]
async fn a_part_of_a_country_in_two_languages_is_one_and_what_may_be_another_is_hinted_at() {
    let columns = "[columns]\na.name = 'City'\nb.name = 'Partner'\nb.country = 'Partner'\n\
                   [set]\na.country = 'FR'\n[values.'b.country']\nSN = 'DE'\n";
    let app = TestApp::new().await;
    for (rows, expected, hints) in [
        (
            "Brest\tLeipzig (DDR)\nLyon\tLeipzig (NRD)\n",
            [3, 2, 0, 0, 0],
            0,
        ),
        (
            "Brest\tBautzen (DDR)\nLyon\tBautzen, SN\n",
            [2, 2, 0, 0, 0],
            1,
        ),
    ] {
        let mapping = Mapping::from_toml(columns).unwrap();
        let (report, kept) = import(
            &app,
            &format!("City\tPartner\n{rows}"),
            mapping,
            false,
            false,
        );
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), expected, "{report:?}");
        let told = report.remarks.iter().map(ToString::to_string);
        assert_eq!(
            told.filter(|one| one.contains("looks like")).count(),
            hints,
            "{report:?}"
        );
    }
}

#[actix_web::test]
async fn cities_that_parts_of_one_country_tell_apart_are_not_merged_in_any_order() {
    let columns = "[columns]\na.name = 'City'\nb.name = 'Partner'\nb.country = 'Partner'\n\
                   [set]\na.country = 'DE'\n[values.'b.country']\nOR = 'US'\nME = 'US'\n";
    let rows = [
        "Kiel\tPortland, OR",
        "Ulm\tPortland, ME",
        "Bonn\tBangor (Wales)",
        "Jena\tBangor (Northern Ireland)",
    ];
    for backwards in [false, true] {
        let app = TestApp::new().await;
        let mut rows = rows.to_vec();
        if backwards {
            rows.reverse();
        }
        let text = format!("City\tPartner\n{}\n", rows.join("\n"));
        let mapping = Mapping::from_toml(columns).unwrap();
        let (report, kept) = import(&app, &text, mapping, false, false);
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [8, 4, 0, 0, 0]);
        let page = app
            .get("/api/v1/partners?limit=100")
            .await
            .expect(200)
            .json();
        let all = page["data"].as_array().unwrap();
        for name in [
            "Portland (Oregon)",
            "Portland (Maine)",
            "Bangor (Wales)",
            "Bangor (Northern Ireland)",
        ] {
            assert!(
                all.iter().any(|partner| partner["name"] == name),
                "{name} in {all:#?}"
            );
        }
    }
}

#[actix_web::test]
async fn a_part_of_a_country_is_one_however_rows_write_it_in_any_order() {
    let rows = [
        "Columbus,US,Ohio,Dresden,DE",
        "Columbus,US,OH,Genova,IT",
        "\"Columbus, Ohio\",US,,Sevilla,ES",
        "\"Columbus, OH\",US,,Tainan,TW",
        "\"Columbus, Indiana\",US,,Miyoshi,JP",
    ];
    for backwards in [false, true] {
        let app = TestApp::new().await;
        let mut rows = rows.to_vec();
        if backwards {
            rows.reverse();
        }
        let header = "a.name,a.country,a.subdivision,b.name,b.country";
        let text = format!("{header}\n{}\n", rows.join("\n"));
        let (report, kept) = import(&app, &text, Mapping::default(), false, false);
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [7, 5, 0, 0, 0], "{report:?}");
        let (again, _) = import(&app, &text, Mapping::default(), false, false);
        assert_eq!(again.created + again.partners_created, 0, "{again:?}");
    }
}

/// The parts of the country of these partners, by their names.
async fn parts(app: &TestApp, country: &str) -> Vec<(String, String)> {
    let path = format!("/api/v1/partners?country={country}&sort=name");
    let page = app.get(&path).await.expect(200).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let all = page["data"].as_array().unwrap().iter();
    all.map(|one| (text(&one["name"]), text(&one["subdivision"])))
        .collect()
}

#[actix_web::test]
async fn a_new_partner_lies_in_the_part_of_the_country_that_rows_say_for_sure_in_any_order() {
    let rows = [
        "\"Columbus, Ohio, USA\",US,,,Dresden,DE",
        "Akron,US,,,Kassel,DE",
        "Akron,US,US-OH,,\"Chemnitz, Saxony\",DE",
        "Peoria,US,Illinois,Q1,Friedrichshafen,DE",
        "Peoria,US,Arizona,Q1,Ahaus,DE",
        "Reno,US,Middle-earth,,\"Halle (Saale)\",DE",
    ];
    for backwards in [false, true] {
        let app = TestApp::new().await;
        let mut rows = rows.to_vec();
        if backwards {
            rows.reverse();
        }
        let header = "a.name,a.country,a.subdivision,a.wikidata,b.name,b.country";
        let text = format!("{header}\n{}\n", rows.join("\n"));
        let (report, kept) = import(&app, &text, Mapping::default(), false, false);
        assert!(kept, "{report:?}");
        let found = parts(&app, "US").await;
        let of = |name: &str| {
            let all = found.iter().filter(|(own, _)| own.starts_with(name));
            all.map(|(_, part)| part.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of("Columbus"), ["US-OH"], "{found:?}");
        assert_eq!(of("Akron"), ["US-OH"], "{found:?}");
        // Rows that contradict each other say none, nor does what is no part of the country.
        assert_eq!(
            (of("Peoria"), of("Reno")),
            (vec![""], vec![""]),
            "{found:?}"
        );
        let german = parts(&app, "DE").await;
        let part = |name: &str| german.iter().find(|(own, _)| own.starts_with(name));
        assert_eq!(part("Chemnitz").unwrap().1, "DE-SN", "{german:?}");
        assert_eq!(part("Halle").unwrap().1, "", "{german:?}");
        // What is known is neither changed nor found otherwise.
        let (again, _) = import(&app, &text, Mapping::default(), false, false);
        assert_eq!(again.created + again.partners_created, 0, "{again:?}");
        let bare = "a.name,a.country,b.name,b.country\nAkron,US,Gera,DE\n";
        let (bare, _) = import(&app, bare, Mapping::default(), false, false);
        assert_eq!(numbers(&bare), [1, 1, 0, 0, 0], "{bare:?}");
        assert_eq!(parts(&app, "US").await, found);
    }
}

#[actix_web::test]
async fn one_letter_among_codes_is_a_fault_in_any_order_and_a_column_of_letters_is_read() {
    for backwards in [false, true] {
        let app = TestApp::new().await;
        let mut rows = [
            "a,PL,,,,e,FIN,,,",
            "b,DE,,,,f,CZ,,,",
            "c,S,,,,g,D,,,",
            "d,D,,,,h,AND,,,",
        ];
        if backwards {
            rows.reverse();
        }
        let text = format!("{HEADER}{}\n", rows.join("\n"));
        let (report, kept) = import(&app, &text, Mapping::default(), true, false);
        assert!(kept, "{report:?}");
        // What cars have stands in the other column, where CZ, FIN and AND may be either.
        assert_eq!(numbers(&report), [4, 2, 0, 0, 2], "{report:?}");
        for (fault, letter) in
            report
                .faults
                .iter()
                .zip(if backwards { ["D", "S"] } else { ["S", "D"] })
        {
            assert_eq!(fault.column, "a.country", "{fault}");
            assert_eq!(fault.value.as_deref(), Some(letter), "{fault}");
            let hint = format!(
                "[values.\"a.country\"] in the mapping which country is meant by \"{letter}\""
            );
            assert!(fault.reason.contains(&hint), "{fault}");
        }
        // What the mapping says is meant.
        let told = "[values.\"a.country\"]\n\"S\" = \"SI\"\n\"D\" = \"DE\"\n";
        let mapping = Mapping::from_toml(told).unwrap();
        let (report, kept) = import(&app, &text, mapping, false, false);
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [4, 2, 0, 2, 0], "{report:?}");
    }
}

#[actix_web::test]
async fn a_name_in_another_script_that_sounds_like_a_known_one_is_hinted_at() {
    let app = TestApp::new().await;
    plain(&app, "Каунас,LT,,,,b,DE,,,\nベルリン,DE,,,,b,DE,,,\n");
    let report = plain(
        &app,
        "Kaunas,LT,,,,b,DE,,,\nBerlin,DE,,,,b,DE,,,\nKaunas,LV,,,,b,DE,,,\n",
    );
    assert_eq!(numbers(&report), [3, 3, 0, 0, 0]);
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("looks like Каунас") && told[1].contains("looks like ベルリン"),
        "{told:?}"
    );
    // It may be another one: such a row is never refused.
    let reader = LinkReader::open(
        std::io::Cursor::new(format!(
            "{HEADER}Hamburg,DE,,,,b,DE,,,\nハンブルク,DE,,,,c,DE,,,\n"
        )),
        Mapping::default(),
    )
    .unwrap();
    let ctx = Ctx::system(Role::Registrar, app.app.now());
    let options = Options {
        skip_bad: false,
        dry_run: false,
        strict_names: true,
        title: "Import of links.csv".to_owned(),
    };
    let strict = app
        .write(move |conn| import::import(conn, &ctx, reader, &options))
        .unwrap();
    assert_eq!((strict.created, strict.remarks.len()), (2, 1), "{strict:?}");
}

/// Of partners that a registry has of one name the one that bears the full name is meant.
#[actix_web::test]
async fn who_bears_the_full_name_is_meant_before_who_bears_the_short_one() {
    let app = TestApp::new().await;
    let header = "a.name,a.country,a.subdivision,b.name,b.country";
    let plain = format!("{header}\nSpringfield,US,,Lyon,FR\n");
    import(&app, &plain, Mapping::default(), false, false);
    let both = format!(
        "{header}\nSpringfield,US,Illinois,Ashikaga,JP\nSpringfield,US,Missouri,Isesaki,JP\n"
    );
    let (first, kept) = import(&app, &both, Mapping::default(), false, false);
    assert!(kept, "{first:?}");
    assert_eq!(numbers(&first), [4, 2, 0, 0, 0]);
    // Whether one of them is the known one, people have to say.
    assert!(!first.remarks.is_empty());
    let one = format!("{header}\nSpringfield,US,Illinois,Metz,FR\n");
    let (report, kept) = import(&app, &one, Mapping::default(), false, false);
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [1, 1, 0, 0, 0]);
}

/// Namesakes of one country that the file tells apart by a state or by the pages it links.
#[actix_web::test]
async fn namesakes_whose_state_or_page_is_named_are_two_partners_in_any_order() {
    let us = "a.name,a.country,a.subdivision,b.name,b.country,signed_on";
    let us_rows = [
        "Springfield (since 1993),US,Massachusetts,Takikawa,JP,",
        "Springfield,US,Massachusetts,Kraków,PL,1994",
        "Springfield,US,Illinois,Ashikaga,JP,1990",
        "Boston,US,Massachusetts,Kyoto,JP,1959",
    ];
    let wiki = "a.name,a.country,b.name,b.country,signed_on";
    let wiki_rows = [
        "[[Pisa]],IT,[[Halle (Saale)|Halle]],DE,1988",
        "[[Pisa]],IT,[[Halle (Westfalen)|Halle]] (1990),DE,",
        "[[Lucca (Toscana)|Lucca]],IT,[[Colmar]],FR,1962",
        "[[Lucca]],IT,[[Colmar (Francia)|Colmar]],FR,1962",
    ];
    for (header, rows, mapping, expected, names) in [
        (
            us,
            us_rows.as_slice(),
            "",
            [7, 4, 0, 0, 0],
            [
                "Springfield (Illinois)",
                "Springfield (Massachusetts)",
                "Boston",
            ],
        ),
        (
            wiki,
            &wiki_rows,
            "markup = \"wiki\"",
            [5, 3, 0, 1, 0],
            ["Halle (Saale)", "Halle (Westfalen)", "Lucca"],
        ),
    ] {
        for backwards in [false, true] {
            let app = TestApp::new().await;
            let mut rows = rows.to_vec();
            if backwards {
                rows.reverse();
            }
            let text = format!("{header}\n{}\n", rows.join("\n"));
            let (report, kept) = import(
                &app,
                &text,
                Mapping::from_toml(mapping).unwrap(),
                false,
                false,
            );
            assert!(kept, "{report:?}");
            assert_eq!(numbers(&report), expected, "{text}");
            assert!(report.remarks.is_empty(), "{report:?}");
            let page = app
                .get("/api/v1/partners?limit=100")
                .await
                .expect(200)
                .json();
            let all: Vec<&str> = page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|partner| partner["name"].as_str().unwrap())
                .collect();
            for name in names {
                assert!(all.contains(&name), "{name} in {all:?}");
            }
            let (again, _) = import(
                &app,
                &text,
                Mapping::from_toml(mapping).unwrap(),
                false,
                false,
            );
            assert_eq!(again.created + again.partners_created, 0, "{again:?}");
        }
    }
}
