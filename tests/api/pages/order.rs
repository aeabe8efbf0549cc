//! The order of lists: by the names that readers see, from the first page to the last.

use serde_json::{Value, json};

use super::{LARGEST, said};
use crate::support::TestApp;

/// Cities with their own names, and what they are called in Polish and in English where that is something else.
const CITIES: &[(&str, &str, &str)] = &[
    ("القاهرة", "Kair", "Cairo"),
    ("Kaunas", "Kowno", "Kaunas"),
    ("Луцьк", "Łuck", "Lutsk"),
    ("Lusaka", "Lusaka", "Lusaka"),
    ("Львів", "Lwów", "Lviv"),
    ("Łódź", "Łódź", "Łódź"),
    ("Milwaukee County", "Hrabstwo Milwaukee", "Milwaukee County"),
    ("Gyumri", "Giumri", "Gyumri"),
    ("Горки", "Horki", "Gorki"),
];

/// A city, so many others with the names above and more, and their ids.
async fn cities(app: &TestApp) -> (String, Vec<String>) {
    let named = |own: &str, polish: &str, english: &str| {
        json!({"kind": "municipality", "name": own, "country": "PL", "names": [
            {"value": polish, "lang": "pl", "types": ["exonym"]},
            {"value": english, "lang": "en", "types": ["exonym"]},
        ]})
    };
    let mut bodies = vec![named("Tutaj", "Tutaj", "Tutaj")];
    bodies.extend(
        CITIES
            .iter()
            .map(|(own, polish, english)| named(own, polish, english)),
    );
    // Recorded against the order of their names, and called otherwise than they are recorded.
    for n in (0..60).rev() {
        let shown = format!("Miasto {n:02}");
        bodies.push(named(&format!("Zapis {:02}", 99 - n), &shown, &shown));
    }
    let mut ids = created(app, "/api/v1/partners", bodies).await;
    (ids.remove(0), ids)
}

async fn created(app: &TestApp, address: &str, bodies: Vec<Value>) -> Vec<String> {
    let made = app.as_registrar().post(address, Value::from(bodies)).await;
    let made = made.expect(201).json();
    let ids = made["data"].as_array().unwrap().iter();
    ids.map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

/// The names in this list of each page from an address on, and what each page says.
async fn listed(
    app: &TestApp,
    address: &str,
    query: &str,
    item: &str,
) -> (Vec<String>, Vec<String>) {
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    let mut next = Some(query.to_owned());
    while let Some(query) = next {
        let page = app.get(&format!("{address}{query}")).await.expect(200);
        let html = page.text();
        for one in html.split(&format!("<li id=\"{item}-")).skip(1) {
            let link = one.split("translate=\"no\">").nth(1).unwrap();
            names.push(said(link.split("</a>").next().unwrap()));
        }
        assert!(html.len() <= LARGEST, "{} bytes: {query}", html.len());
        texts.push(said(html));
        let link = html.split("rel=\"next\" href=\"").nth(1);
        next = link.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    }
    (names, texts)
}

/// The names in a list of all records of a collection, from its first page to its last.
async fn all(app: &TestApp, address: &str, collection: &str) -> Vec<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut names = Vec::new();
    let mut next = Some(format!("?{query}"));
    while let Some(query) = next {
        let page = app.get(&format!("{path}{query}")).await.expect(200);
        let html = page.text();
        for one in html.split("<li><a href=\"/").skip(1) {
            if one.split('/').nth(1) == Some(collection) {
                let link = one.split("translate=\"no\">").nth(1).unwrap();
                names.push(said(link.split("</a>").next().unwrap()));
            }
        }
        let link = html.split("rel=\"next\" href=\"").nth(1);
        next = link.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    }
    names
}

/// Those of them that are no plain numbered ones.
fn told(names: &[String]) -> Vec<&str> {
    let plain = |name: &&str| name.starts_with("Miasto");
    names
        .iter()
        .map(String::as_str)
        .filter(|name| !plain(name))
        .collect()
}

const POLISH: [&str; 9] = [
    "Giumri",
    "Horki",
    "Hrabstwo Milwaukee",
    "Kair",
    "Kowno",
    "Lusaka",
    "Lwów",
    "Łódź",
    "Łuck",
];

const ENGLISH: [&str; 9] = [
    "Cairo",
    "Gorki",
    "Gyumri",
    "Kaunas",
    "Łódź",
    "Lusaka",
    "Lutsk",
    "Lviv",
    "Milwaukee County",
];

/// The numbered ones follow each other, too.
fn assert_numbered(names: &[String]) {
    let plain = names.iter().filter(|name| name.starts_with("Miasto"));
    let plain: Vec<&String> = plain.collect();
    assert!(plain.len() == 60 && plain.is_sorted(), "{plain:?}");
}

#[actix_web::test]
async fn the_partners_of_a_city_stand_by_the_names_that_are_shown_on_whatever_page() {
    let app = TestApp::new().await;
    let (here, others) = cities(&app).await;
    let agreements = others.iter().map(|other| {
        json!({"instrument": "partnership_agreement", "signed_on": "1992", "initial_status": "in_force",
            "parties": [{"partner_id": here}, {"partner_id": other}]})
    });
    created(&app, "/api/v1/agreements", agreements.collect()).await;
    for (lang, expected) in [("pl", POLISH), ("en", ENGLISH)] {
        for query in ["", "?as_of=2021-06-01"] {
            let address = format!("/{lang}/partners/{here}");
            let (names, texts) = listed(&app, &address, query, "tie").await;
            assert_eq!(told(&names), expected, "{lang}{query}");
            assert_numbered(&names);
            assert_eq!(texts.len(), 3);
        }
    }
    app.get(&format!("/en/partners/{here}?cursor=70"))
        .await
        .expect(400);
}

#[actix_web::test]
async fn the_members_of_a_network_stand_by_the_names_that_are_shown_and_say_how_many_are() {
    let app = TestApp::new().await;
    let (_, others) = cities(&app).await;
    let network = json!({"kind": "city_network", "name": "Sieć"});
    let network = app
        .as_registrar()
        .post("/api/v1/networks", network)
        .await
        .expect(201)
        .id();
    let members = others
        .iter()
        .map(|other| json!({"network_id": network, "partner_id": other, "admitted_on": "2001"}));
    created(&app, "/api/v1/memberships", members.collect()).await;
    for (lang, expected) in [("pl", POLISH), ("en", ENGLISH)] {
        let address = format!("/{lang}/networks/{network}");
        let (names, texts) = listed(&app, &address, "", "member").await;
        assert_eq!(told(&names), expected, "{lang}");
        assert_numbered(&names);
        if lang == "en" {
            assert!(
                texts[0].contains("69 members (1 to 60 are shown"),
                "{}",
                texts[0]
            );
            assert!(texts[1].contains("(61 to 69 are shown"), "{}", texts[1]);
        }
    }
    app.get(&format!("/en/networks/{network}?cursor=x"))
        .await
        .expect(400);
}

#[actix_web::test]
async fn all_partners_stand_by_the_names_that_are_shown_and_follow_changes() {
    let app = TestApp::new().await;
    let (_, others) = cities(&app).await;
    for (lang, expected) in [("pl", POLISH), ("en", ENGLISH)] {
        let address = format!("/{lang}/partners");
        let names = all(&app, &address, "partners").await;
        assert_eq!(told(&names), [&expected[..], &["Tutaj"]].concat(), "{lang}");
        assert_numbered(&names);
        let of_country = all(&app, &format!("{address}?country=PL"), "partners").await;
        assert_eq!(of_country, names, "{lang}");
        assert!(
            all(&app, &format!("{address}?country=DE"), "partners")
                .await
                .is_empty()
        );
    }
    // Letters lead into the middle of the list.
    let page = app.get("/pl/partners?country=PL").await.expect(200);
    assert!(said(page.text()).contains("70 partnerów"), "{page}");
    let link = "<a href=\"?country=PL&amp;cursor=10\">M</a>";
    assert!(page.text().contains(link), "{page}");
    // They are those of the language's own alphabet.
    let link = "<a href=\"?country=PL&amp;cursor=8\">Ł</a>";
    assert!(page.text().contains(link), "{page}");
    let english = app.get("/en/partners?country=PL").await.expect(200);
    assert!(!english.text().contains(">Ł</a>"), "{english}");
    assert!(
        said(page.text()).contains("70 partnerów (tutaj: 1–60)"),
        "{page}"
    );
    let last = "<a href=\"?country=PL&amp;cursor=61\">Ostatnia strona</a>";
    assert!(
        page.text().contains(last) && !page.text().contains("Pierwsza strona"),
        "{page}"
    );
    let page = app
        .get("/pl/partners?country=PL&cursor=61")
        .await
        .expect(200);
    assert!(
        said(page.text()).contains("70 partnerów (tutaj: 61–70)"),
        "{page}"
    );
    let first = "<a href=\"?country=PL\">Pierwsza strona</a>";
    assert!(
        page.text().contains(first) && !page.text().contains("Ostatnia strona"),
        "{page}"
    );
    let from = all(&app, "/pl/partners?country=PL&cursor=10", "partners").await;
    assert_eq!(from[0], "Miasto 00");
    app.get("/pl/partners?cursor=71").await.expect(400);

    let registrar = app.as_registrar();
    let cairo = format!("/api/v1/partners/{}", others[0]);
    let names = json!({"names": [{"value": "القاهرة", "types": ["display"]},
        {"value": "Żółwin", "lang": "pl", "types": ["exonym"]}]});
    registrar.patch(&cairo, "*", names).await.expect(200);
    let kaunas = format!("/api/v1/partners/{}?reason=wrong", others[1]);
    registrar.delete(&kaunas, "*").await.expect(204);
    let draft =
        json!({"kind": "municipality", "name": "Abc", "country": "PL", "record_state": "draft"});
    registrar.post("/api/v1/partners", draft).await.expect(201);
    let names = all(&app, "/pl/partners", "partners").await;
    let mut expected = POLISH.to_vec();
    expected.retain(|name| !["Kair", "Kowno"].contains(name));
    expected.extend(["Tutaj", "Żółwin"]);
    assert_eq!(told(&names), expected);
}

#[actix_web::test]
async fn all_networks_stand_by_the_names_that_are_shown() {
    let app = TestApp::new().await;
    let named = |own: &str, polish: &str| {
        json!({"kind": "city_network", "name": own,
            "names": [{"value": polish, "lang": "pl", "types": ["exonym"]}]})
    };
    let bodies = vec![
        named("Aaa", "Łąka"),
        named("Bbb", "Lada"),
        named("Ccc", "Lza"),
    ];
    created(&app, "/api/v1/networks", bodies).await;
    assert_eq!(
        all(&app, "/pl/networks", "networks").await,
        ["Lada", "Lza", "Łąka"]
    );
    assert_eq!(
        all(&app, "/en/networks", "networks").await,
        ["Aaa", "Bbb", "Ccc"]
    );
    let more = (0..60).map(|n| json!({"kind": "city_network", "name": format!("Miasta {n:02}")}));
    let ids = created(&app, "/api/v1/networks", more.collect()).await;
    let names = all(&app, "/pl/networks", "networks").await;
    assert_eq!(names.len(), 63);
    assert_eq!(names[..3], ["Lada", "Lza", "Łąka"]);
    assert_numbered_from("Miasta", &names[3..]);
    let page = app.get("/en/networks?cursor=61").await.expect(200);
    assert!(
        said(page.text()).contains("63 networks (61 to 63 are shown here)"),
        "{page}"
    );
    // Changes are followed.
    let gone = format!("/api/v1/networks/{}?reason=wrong", ids[0]);
    app.as_registrar().delete(&gone, "*").await.expect(204);
    assert_eq!(all(&app, "/pl/networks", "networks").await.len(), 62);
}

#[actix_web::test]
async fn a_number_beyond_all_bounds_is_told_in_no_list() {
    let app = TestApp::new().await;
    let (here, _) = cities(&app).await;
    let visits = (0..61).map(|n| {
        json!({"kind": "official_visit", "title": {"en": format!("Visit {n:02}")}, "starts_on": "2019-05",
            "participants": [{"partner_id": here}]})
    });
    created(&app, "/api/v1/activities", visits.collect()).await;
    let page = app.get("/en/activities").await.expect(200);
    assert!(
        said(page.text()).contains("(1 to 60 are shown here)"),
        "{page}"
    );
    let next = page.text().split("rel=\"next\" href=\"").nth(1).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let next = format!("/en/activities{next}");
    let page = app.get(&next).await.expect(200);
    assert!(
        said(page.text()).contains("(61 to 61 are shown here)"),
        "{page}"
    );
    // How many there are is not known here.
    let forged = next.replace("from=61", "from=18446744073709551615");
    let page = app.get(&forged).await.expect(200);
    assert!(!said(page.text()).contains("are shown here"), "{page}");
}

#[actix_web::test]
async fn pages_to_print_stay_small_whatever_a_partner_is_called() {
    let app = TestApp::new().await;
    let (_, others) = cities(&app).await;
    let name = |n| json!({"value": format!("{} {n}", "Nazwa".repeat(38)), "lang": "pl", "types": ["historic"]});
    let names: Vec<Value> = (0..90).map(name).collect();
    let city = json!({"kind": "municipality", "name": "Tutaj", "country": "PL", "names": names});
    let city = created(&app, "/api/v1/partners", vec![city])
        .await
        .remove(0);
    let agreements = others.iter().map(|other| {
        json!({"instrument": "partnership_agreement", "signed_on": "2001", "initial_status": "in_force",
            "parties": [{"partner_id": city}, {"partner_id": other}]})
    });
    created(&app, "/api/v1/agreements", agreements.collect()).await;
    let address = format!("/en/partners/{city}");
    let (mut names, sheets) = listed(&app, &address, "?show=all", "tie").await;
    assert!(sheets.len() > 2, "{}", sheets.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), others.len());
}

/// So many names that begin alike follow each other.
fn assert_numbered_from(begin: &str, names: &[String]) {
    assert!(
        names.iter().all(|name| name.starts_with(begin)) && names.is_sorted(),
        "{names:?}"
    );
}

#[actix_web::test]
async fn agreements_are_found_by_their_decade_and_every_page_says_where_it_stands() {
    let app = TestApp::new().await;
    let (here, others) = cities(&app).await;
    let years = (0..69).map(|n| match n {
        0..30 => json!("2005"),
        30..65 => json!("1995"),
        65..67 => json!("1985-03"),
        // By its latest day, as no earliest is known.
        67 => json!("[..1984]"),
        _ => Value::Null,
    });
    let agreements = others.iter().zip(years).map(|(other, year)| {
        let mut body = json!({"instrument": "partnership_agreement", "initial_status": "in_force",
            "parties": [{"partner_id": here}, {"partner_id": other}]});
        if !year.is_null() {
            body["signed_on"] = year;
        }
        body
    });
    created(&app, "/api/v1/agreements", agreements.collect()).await;
    let page = app.get("/en/agreements").await.expect(200);
    let text = said(page.text());
    assert!(
        text.contains("69 agreements (1 to 60 are shown here)"),
        "{text}"
    );
    assert!(
        text.contains("2000–2009 1990–1999 1980–1989 date not known"),
        "{text}"
    );
    let link = |page: &str, name: &str| {
        let (before, _) = page.split_once(&format!("\">{name}</a>")).unwrap();
        before
            .rsplit("href=\"")
            .next()
            .unwrap()
            .replace("&amp;", "&")
    };
    // Nothing lies before the first decade: it is the first page.
    assert_eq!(link(page.text(), "2000–2009"), "?");
    let next = format!("/en/agreements{}", link(page.text(), "Next page"));
    let next = app.get(&next).await.expect(200);
    assert!(
        said(next.text()).contains("69 agreements (61 to 69 are shown here)"),
        "{next}"
    );
    let back = format!("/en/agreements{}", link(next.text(), "Previous page"));
    let back = app.get(&back).await.expect(200);
    assert!(
        said(back.text()).contains("69 agreements (1 to 60 are shown here)"),
        "{back}"
    );
    for (decade, shown, first) in [
        ("1990–1999", "(31 to 69 are shown here)", "(1995)"),
        ("1980–1989", "(66 to 69 are shown here)", "(1985)"),
        (
            "date not known",
            "(69 to 69 are shown here)",
            "Partnership agreement",
        ),
    ] {
        let address = format!("/en/agreements{}", link(page.text(), decade));
        let from = app.get(&address).await.expect(200);
        assert!(said(from.text()).contains(shown), "{decade}: {from}");
        let list = from
            .text()
            .split("<ul>\n<li><a href=\"/en/agreements/")
            .nth(1)
            .unwrap();
        assert!(
            said(list.split("</li>").next().unwrap()).contains(first),
            "{decade}: {list}"
        );
    }
    // A made-up number is not told.
    let address = format!("/en/agreements{}", link(page.text(), "Next page"));
    let address = address.replace("from=61", "from=99999");
    let forged = app.get(&address).await.expect(200);
    assert!(!said(forged.text()).contains("are shown here"), "{forged}");
}

#[actix_web::test]
async fn an_old_tie_is_told_without_noughts_and_the_timeline_has_a_heading_and_names() {
    let app = TestApp::new().await;
    let (here, others) = cities(&app).await;
    let agreement = |other: &str, on: &str| {
        json!({"instrument": "partnership_agreement", "signed_on": on, "initial_status": "in_force",
            "parties": [{"partner_id": here}, {"partner_id": other}]})
    };
    let agreements = vec![agreement(&others[0], "0836"), agreement(&others[3], "1967")];
    created(&app, "/api/v1/agreements", agreements).await;
    for (lang, since, heading, name) in [
        (
            "en",
            "In force since 836",
            "When the partnerships of",
            "1 Cairo</text>",
        ),
        ("pl", "od 836 roku", "Kiedy zaczęły się", "1 Kair</text>"),
    ] {
        let page = app
            .get(&format!("/{lang}/partners/{here}"))
            .await
            .expect(200);
        let html = page.text();
        assert!(said(html).contains(since), "{html}");
        assert!(
            html.contains(&format!("<h2 id=\"timeline\">{heading}")),
            "{html}"
        );
        let picture = html.split("aria-labelledby=\"timeline\"").nth(1).unwrap();
        let picture = picture.split("</svg>").next().unwrap();
        assert!(picture.contains(name), "{picture}");
        assert_eq!(picture.matches("<line ").count(), 6, "{picture}");
    }
}
