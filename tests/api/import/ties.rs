//! Which agreement a row means, and what it says of it: dates, ends, kinds and notes.

use serde_json::{Value, json};
use twincity::exchange::links::Mapping;

use super::{HEADER, agreements, import, numbers, plain};
use crate::support::TestApp;

#[actix_web::test]
async fn both_directions_are_one_link_and_another_source_is_added() {
    let app = TestApp::new().await;
    let rows = "Łódź,PL,,,,Stuttgart,DE,,,https://example.org/a\n\
                Stuttgart,DE,,,,Lodz,PL,,,https://example.org/b\n\
                Lodz,PL,,,,STUTTGART,DE,1988,,https://example.org/a\n";
    assert_eq!(numbers(&plain(&app, rows)), [2, 1, 1, 1, 0]);
    assert_eq!(
        agreements(&app).await[0]["sources"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[actix_web::test]
async fn a_row_matches_the_agreement_its_date_does_not_contradict() {
    let app = TestApp::new().await;
    let rows =
        "a,PL,,,,b,DE,1988,,\na,PL,,,,b,DE,2001,,\na,PL,,,,b,DE,2001-05,,https://example.org/new\n";
    assert_eq!(numbers(&plain(&app, rows)), [2, 2, 1, 0, 0]);
    let all = agreements(&app).await;
    assert_eq!(
        (
            all[0]["sources"].as_array().unwrap().len(),
            all[1]["sources"].as_array().unwrap().len()
        ),
        (1, 2)
    );
}

#[actix_web::test]
async fn a_tie_that_ended_is_recorded_with_its_end() {
    let app = TestApp::new().await;
    plain(
        &app,
        "Białystok,PL,,,,Grodno,BY,2018-03-16,2022-03-03,\nBiałystok,PL,,,,Pskov,RU,,2022,\n",
    );
    let all = agreements(&app).await;
    assert_eq!(
        (&all[0]["status"], &all[0]["status_since"]),
        (&json!("terminated"), &json!("2022-03-03"))
    );
    let then = app
        .get("/api/v1/agreements?as_of=2021-01-01&status=in_force&count=true")
        .await
        .expect(200)
        .json();
    assert_eq!(then["total"], 2);
}

#[actix_web::test]
async fn an_end_that_the_known_agreement_does_not_have_is_left_to_people() {
    let app = TestApp::new().await;
    plain(&app, "a,PL,,,,b,DE,1988,,\n");
    let report = plain(&app, "a,PL,,,,b,DE,,2022,https://example.org/end\n");
    assert_eq!(numbers(&report), [0, 0, 1, 0, 0]);
    let told = report.remarks[0].to_string();
    assert!(
        told.starts_with("line 2, column ended_on: “2022”: agr_"),
        "{told}"
    );
    assert_eq!(agreements(&app).await[0]["status"], "in_force");
}

/// What a row says beside the agreement that it matches is not lost without a word.
#[actix_web::test]
async fn a_date_that_a_known_agreement_does_not_have_is_told() {
    let app = TestApp::new().await;
    plain(&app, "a,PL,,,,b,DE,,2000,\n");
    let report = plain(&app, "a,PL,,,,b,DE,1990,,\n");
    assert_eq!(agreements(&app).await.len(), 1);
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["line 2, column signed_on: “1990”: the registry has nothing, which this doesn't change"]
    );
    let more = plain(&app, "a,PL,,,,b,DE,,2005,https://example.org/end\n");
    let told: Vec<String> = more.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["line 2, column ended_on: “2005”: the registry has 2000, which this doesn't change"]
    );
    // What says less says nothing new.
    let less = plain(&app, "a,PL,,,,b,DE,,2000,https://example.org/more\n");
    assert!(less.remarks.is_empty());
}

#[actix_web::test]
async fn rows_that_say_different_things_of_one_tie_make_one_agreement_in_any_order() {
    let header = "a.name,a.country,b.name,b.country,signed_on,ended_on,relationship\n";
    let rows = [
        "a,PL,b,DE,1990,,",
        "b,DE,a,PL,,2000,",
        "a,PL,b,DE,1990-05,,friendship",
        // Two that contradict each other stay two.
        "c,PL,d,DE,1988,,",
        "c,PL,d,DE,2001,,",
        "d,DE,c,PL,,,friendship",
    ];
    let mut told = Vec::new();
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 3, 0, 5, 1, 4]] {
        let app = TestApp::new().await;
        let text = order.map(|at| rows[at]).join("\n");
        let (report, kept) = import(
            &app,
            &format!("{header}{text}\n"),
            Mapping::default(),
            false,
            false,
        );
        assert!(kept, "{report:?}");
        assert_eq!(numbers(&report), [4, 3, 0, 3, 0], "{text}");
        let all: Vec<[Value; 4]> = agreements(&app)
            .await
            .into_iter()
            .map(|one| {
                ["relationship", "signed_on", "status", "status_since"].map(|of| one[of].clone())
            })
            .collect();
        assert_eq!(
            all[1],
            [
                json!("friendship"),
                json!("1990-05"),
                json!("terminated"),
                json!("2000")
            ]
        );
        told.push(all);
    }
    assert!(told.windows(2).all(|two| two[0] == two[1]), "{told:#?}");
}

#[actix_web::test]
async fn a_tie_that_does_not_stand_is_not_imported_as_one_that_does() {
    let app = TestApp::new().await;
    let text = "a.name,a.country,b.name,b.country,relationship\n\
                A,DE,Metz,FR,Partnerschaft beendet\nB,DE,Metz,FR,former sister city\n\
                C,DE,\"Metz (gemellaggio, sospeso)\",FR,\nD,DE,Metz (geplant),FR,\n\
                E,DE,Metz (gemellaggio),FR,\nF,DE,Nancy (gemellaggio),FR,\n";
    let (report, kept) = import(&app, text, Mapping::default(), true, false);
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [4, 2, 0, 0, 4]);
    let told = report.to_do();
    assert!(
        told.len() == 1 && told[0].starts_with("2 rows, column b.name: the words beside this name"),
        "{told:?}"
    );
}

#[actix_web::test]
async fn the_kinds_of_known_partners_say_what_tie_is_usual() {
    let app = TestApp::new().await;
    let header = "a.name,a.country,a.kind,b.name,b.country,b.kind\n";
    let text = format!(
        "{header}U1,PL,university,U2,DE,university\nU2,DE,,U3,FR,university\nU2,DE,,U1,PL,\n"
    );
    let (report, _) = import(&app, &text, Mapping::default(), false, false);
    assert_eq!(numbers(&report), [3, 2, 0, 1, 0]);
    let all = agreements(&app).await;
    assert!(
        all.iter().all(|one| one["relationship"] == "institutional"),
        "{all:#?}"
    );
}

#[actix_web::test]
async fn a_row_signed_after_the_end_of_a_partner_is_refused_and_history_imports() {
    let app = TestApp::new().await;
    let gone =
        json!({"kind": "municipality", "name": "Alfa", "country": "PL", "dissolved_on": "2009"});
    app.as_registrar()
        .post("/api/v1/partners", gone)
        .await
        .expect(201);
    let rows =
        "Alfa,PL,,,,Beta,DE,2020,,\nAlfa,PL,,,,Gamma,FR,1992,,\nAlfa,PL,,,,Delta,IT,1992,2005,\n";
    let (report, kept) = import(
        &app,
        &format!("{HEADER}{rows}"),
        Mapping::default(),
        true,
        false,
    );
    assert!(kept, "{report:?}");
    assert_eq!((report.created, report.rejected), (2, 1), "{report:?}");
    let all = agreements(&app).await;
    assert!(all.iter().all(|agreement| agreement["signed_on"] == "1992"));
}

#[actix_web::test]
async fn another_kind_of_tie_and_a_note_that_is_not_kept_are_told() {
    let app = TestApp::new().await;
    let text = "a.name,a.country,b.name,b.country,signed_on,relationship,note\n\
                a,PL,b,DE,1964,friendship,uno\na,PL,b,DE,1964,cooperation,due\n";
    let (report, kept) = import(&app, text, Mapping::default(), false, false);
    assert!(kept, "{report:?}");
    assert_eq!(numbers(&report), [2, 1, 0, 1, 0]);
    let told: Vec<String> = report.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|line| line.contains("column relationship")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.contains("column note")),
        "{told:?}"
    );
    // A tie of the kind that the row names is meant before others.
    let more = "a.name,a.country,b.name,b.country,instrument,relationship\n\
                a,PL,b,DE,protocol,twinning\n";
    import(&app, more, Mapping::default(), false, false);
    let meant = "a.name,a.country,b.name,b.country,relationship\na,PL,b,DE,twinning\n";
    let (meant, _) = import(&app, meant, Mapping::default(), false, false);
    assert!(meant.remarks.is_empty(), "{meant:?}");
    // Read again, the first row says nothing new.
    let (again, _) = import(&app, text, Mapping::default(), false, false);
    assert_eq!(numbers(&again), [0, 0, 0, 2, 0]);
    assert_eq!(again.remarks.len(), 2, "{again:?}");
}
