//! What the old page of Białystok said, and more.

use super::{partner, with_example, words};

#[actix_web::test]
async fn the_page_of_bialystok_reads_as_the_old_one_did() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let page = app.get(&format!("/en/partners/{id}")).await.expect(200);
    let said = words(&page);
    let ended = said.find("Ended partnerships").unwrap();
    let (live, ended) = said.split_at(ended);
    for name in ["Eindhoven", "Milwaukee County", "Jelgava", "Yehud"] {
        assert!(live.contains(name), "{name}: {live}");
    }
    for name in ["Kaliningrad", "Pskov", "Grodno"] {
        assert!(
            ended.contains(name) && !live.contains(&format!("{name} Belarus")),
            "{name}: {ended}"
        );
    }
    // What became of a partner that is no more is told with it.
    let dijon = live.split("District Dijon France").nth(1).unwrap();
    assert!(dijon.contains("today: Dijon Metropolis"), "{live}");
    // A year stays a year.
    assert!(live.contains("since 1992"), "{live}");
    for day in ["1 January 1992", "1992-01-01", "01.01.1992"] {
        assert!(!page.text().contains(day), "{day}");
    }
    // What ended it, when, why and who says so.
    for part in [
        "Terminated",
        "3 March 2022",
        "Belarus’s part in the Russian aggression against Ukraine.",
        "Expired",
        "28 February 2022 or earlier",
    ] {
        assert!(ended.contains(part), "{part}: {ended}");
    }
    for part in [
        "EUROCITIES",
        "NIEMEN",
        "Letters of intent of its institutions",
        "University of Wisconsin",
        "Conference on the European neighbourhood policies",
    ] {
        assert!(
            said.to_lowercase().contains(&part.to_lowercase()),
            "{part}: {said}"
        );
    }
}

#[actix_web::test]
async fn names_say_their_language_and_a_friend_is_sent_the_name_and_the_address() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let page = app.get(&format!("/en/partners/{id}")).await.expect(200);
    let address = format!("http%3A//127.0.0.1%3A8080/r/{id}");
    let mail = format!("mailto:?subject=Bialystok&amp;body=Bialystok%0D%0A{address}");
    assert!(page.text().contains(&mail), "{page}");
    app.get(&format!("/r/{id}")).await.expect(303);
    // What a name of another language is, a page of a partner and an agreement says.
    let page = app.get(&format!("/pl/partners/{id}")).await.expect(200);
    assert!(page.text().contains("<bdi>Grodno</bdi>"), "{page}");
    assert!(page.text().contains("<bdi lang=\""), "{page}");
}

#[actix_web::test]
async fn markers_and_list_have_the_same_numbers() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let page = app.get(&format!("/pl/partners/{id}")).await.expect(200);
    let text = page.text();
    let ties = text.matches("<li id=\"tie-").count();
    assert!(ties > 25, "{ties}");
    let map = text
        .split("<figure class=\"map")
        .nth(1)
        .unwrap()
        .split("</figure>")
        .next()
        .unwrap();
    // What is no marker has a legend.
    assert!(map.contains("</svg> Kwadrat: Białystok</p>"), "{map}");
    let mut named: Vec<usize> = Vec::new();
    for label in map.split("<title>").skip(1) {
        let label = label.split("</title>").next().unwrap();
        let label = label.rsplit(": ").next().unwrap();
        named.extend(
            label
                .split(", ")
                .filter_map(|part| part.split(' ').next()?.parse::<usize>().ok()),
        );
    }
    for outside in map.split("<li><a href=\"#tie-").skip(1) {
        named.push(outside.split('"').next().unwrap().parse().unwrap());
    }
    let unplaced = text.split("Bez znanego położenia").nth(1);
    let unplaced = unplaced.map_or("", |rest| rest.split("</p>").next().unwrap());
    for place in unplaced.split("href=\"#tie-").skip(1) {
        named.push(place.split('"').next().unwrap().parse().unwrap());
    }
    named.sort_unstable();
    assert_eq!(named, (1..=ties).collect::<Vec<_>>(), "{map}");
}

#[actix_web::test]
async fn a_day_of_the_past_shows_what_was_true_then() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let page = app
        .get(&format!("/en/partners/{id}?as_of=2021-06-01"))
        .await
        .expect(200);
    let said = words(&page);
    assert!(
        said.contains("This is how things stood on 1 June 2021"),
        "{said}"
    );
    let hrodna = said.split("Grodno Belarus").nth(1).unwrap();
    assert!(hrodna.trim_start().starts_with("Suspended"), "{hrodna}");
    assert!(hrodna.contains("about August 2020"), "{hrodna}");
    // Links stay on that day.
    assert!(page.text().contains("?as_of=2021-06-01\""), "{page}");
    // What may have begun later is not said to have been in force.
    let early = app
        .get(&format!("/en/partners/{id}?as_of=1950-01-01"))
        .await
        .expect(200);
    let ties = early.text().matches("<li id=\"tie-").count();
    let possible = early.text().matches("<strong>possibly</strong>").count();
    assert!(
        ties > 0 && possible == ties,
        "{possible} of {ties}: {early}"
    );
    let wrong = app
        .get(&format!("/en/partners/{id}?as_of=yesterday"))
        .await
        .expect(400);
    assert!(wrong.text().contains("<h1>This address"), "{wrong}");
    // An empty field of the form asks for nothing.
    app.get(&format!("/en/partners/{id}?as_of="))
        .await
        .expect(200);
}

#[actix_web::test]
async fn polish_pages_say_numbers_and_dates_in_polish() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let said = words(&app.get(&format!("/pl/partners/{id}")).await.expect(200));
    for part in [
        "3 marca 2022",
        "28 lutego 2022 lub wcześniej",
        "Holandia",
        "Partnerstwa zakończone",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let home = words(&app.get("/pl/").await.expect(200));
    assert!(home.contains("31 umów"), "{home}");
}

#[actix_web::test]
async fn an_agreement_tells_its_past_in_sentences() {
    let app = with_example().await;
    let grodno = partner(&app, "Hrodna").await;
    let list = app
        .get(&format!(
            "/api/v1/agreements?partner={grodno}&status=terminated"
        ))
        .await;
    let id = list.expect(200).json()["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let said = words(&app.get(&format!("/en/agreements/{id}")).await.expect(200));
    for part in [
        "16 March 2018",
        "about August 2020",
        "Without a paper.",
        "The mayor said that he had informally suspended",
        "Tadeusz Truskolaski",
        "Rada Miasta Białystok",
        "Suspended about August 2020, decided by the executive of Bialystok ; reason: human rights.",
        "Ended on 3 March 2022 , decided by the council of Bialystok ; reason: armed aggression; unilateral, without notice.",
        "Papers that replaced one another",
        "this one",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[actix_web::test]
async fn a_city_is_found_by_any_of_its_names() {
    let app = with_example().await;
    for name in ["hrodna", "grodno", "%D0%93%D1%80%D0%BE%D0%B4%D0%BD%D0%B0"] {
        let page = app.get(&format!("/en/search?q={name}")).await.expect(200);
        let first = page.text().split("<ol class=\"hits\">").nth(1).unwrap();
        let first = first.split("</li>").next().unwrap();
        assert!(
            first.contains("Grodno") && first.contains("Belarus"),
            "{first}"
        );
    }
    let found = words(&app.get("/en/search?q=hrodna").await.expect(200));
    assert!(found.contains("found as Hrodna"), "{found}");
    // What is shown says so itself.
    let found = words(&app.get("/en/search?q=grodno").await.expect(200));
    assert!(found.contains("Bialystok – Grodno (2018)"), "{found}");
    assert!(!found.contains("found as"), "{found}");
}

#[actix_web::test]
async fn what_is_searched_for_is_shown_as_text() {
    let app = with_example().await;
    let page = app
        .get("/en/search?q=%3Cimg%20onerror%3Dalert(1)%3E%22")
        .await
        .expect(200);
    let text = page.text();
    assert!(!text.contains("<img"), "{text}");
    assert!(
        text.contains("&lt;img onerror=alert(1)&gt;&quot;"),
        "{text}"
    );
    for q in ["", "%20", "%E0%A4%A", "%00"] {
        let page = app.get(&format!("/pl/search?q={q}")).await;
        assert!(page.status() < 500, "{page}");
    }
}

#[actix_web::test]
async fn on_a_day_of_the_past_nothing_of_later_is_told() {
    let app = with_example().await;
    let grodno = partner(&app, "grodno").await;
    let list = app
        .get(&format!(
            "/api/v1/agreements?partner={grodno}&sort=-signed_on"
        ))
        .await
        .expect(200)
        .json();
    let paper = list["data"][0].clone();
    assert!(paper["signed_on"].as_str().unwrap().starts_with("2018"));
    let address = format!("/en/agreements/{}", paper["id"].as_str().unwrap());
    let before = app
        .get(&format!("{address}?as_of=2010-01-01"))
        .await
        .expect(200);
    assert!(
        before.text().contains("nothing of this had happened yet"),
        "{before}"
    );
    for later in ["Terminated", "2022", "Tadeusz"] {
        let body = before.text().split("<main").nth(1).unwrap();
        let body = body.split("<footer").next().unwrap();
        assert!(!body.contains(later), "{later}: {before}");
    }
    let between = app
        .get(&format!("{address}?as_of=2019-01-01"))
        .await
        .expect(200);
    let body = between.text().split("<main").nth(1).unwrap();
    let body = body.split("<footer").next().unwrap();
    assert!(
        body.contains("In force") && body.contains("What happened later"),
        "{between}"
    );
    assert!(!body.contains("erminated"), "{between}");
    // Nobody knows the future.
    let future = app
        .get(&format!("{address}?as_of=2999-01-01"))
        .await
        .expect(400);
    assert!(future.text().contains("Nobody knows yet"), "{future}");
    // The title is the same wherever it stands.
    let found = app.get("/en/search?q=grodno").await.expect(200);
    let title = before.text().split("<h1>").nth(1).unwrap();
    let title = title
        .split("</h1>")
        .next()
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    assert!(found.text().contains(title.trim()), "{title}: {found}");
}

#[actix_web::test]
async fn no_heading_holds_the_way_to_a_correction() {
    let app = with_example().await;
    for collection in [
        "agreements",
        "memberships",
        "activities",
        "sources",
        "partners",
    ] {
        let list = app.get(&format!("/api/v1/{collection}")).await.expect(200);
        for record in list.json()["data"].as_array().unwrap() {
            let id = record["id"].as_str().unwrap();
            let page = app.get(&format!("/pl/{collection}/{id}")).await.expect(200);
            for level in ["h1", "h2"] {
                for heading in page.text().split(&format!("<{level}")).skip(1) {
                    let heading = heading.split("</h").next().unwrap();
                    assert!(!heading.contains("<a "), "{collection}/{id}: {heading}");
                }
            }
        }
    }
}

#[actix_web::test]
async fn the_list_of_agreements_is_that_of_the_day() {
    let app = with_example().await;
    let address = "/en/agreements?status=suspended&as_of=2021-06-01";
    let then = app.get(address).await.expect(200);
    let text = words(&then);
    assert!(
        text.contains("This is how things stood on 1 June 2021"),
        "{text}"
    );
    assert!(text.contains("Bialystok – Grodno (2018)"), "{text}");
    for part in [
        "?as_of=2021-06-01\">",
        "<a href=\"?status=suspended\">Back to today</a>",
        "<input type=\"hidden\" name=\"status\" value=\"suspended\">",
        "/api/v1/agreements?status=suspended&amp;as_of=2021-06-01&amp;",
        "<meta name=\"robots\" content=\"noindex\">",
    ] {
        assert!(then.text().contains(part), "{part}: {then}");
    }
    let today = app.get("/en/agreements?status=suspended").await.expect(200);
    assert!(
        words(&today).contains("Nothing of this is recorded."),
        "{today}"
    );
}

#[actix_web::test]
async fn a_text_of_no_known_language_is_not_taken_for_one_in_that_of_the_page() {
    let app = with_example().await;
    let id = partner(&app, "bialystok").await;
    let page = app.get(&format!("/pl/partners/{id}?show=ended")).await;
    let page = page.expect(200);
    let reason = "<span lang=\"\" dir=\"auto\">Belarus’s part in the Russian aggression";
    assert!(page.text().contains(reason), "{page}");
    assert!(
        words(&page).contains("Decyzja rady; powód: agresja zbrojna."),
        "{page}"
    );
    let page = app.get(&format!("/en/partners/{id}?show=ended")).await;
    let text = words(&page.expect(200));
    assert!(
        text.contains("Decided by the council; reason: armed aggression."),
        "{text}"
    );
}

#[actix_web::test]
async fn whatever_was_done_together_stands_in_one_list() {
    let app = with_example().await;
    let page = app.get("/pl/activities").await.expect(200);
    let text = words(&page);
    assert!(
        text.contains(
            "2009 : Konferencja poświęcona europejskiej polityce sąsiedztwa, Tbilisi Konferencja"
        ),
        "{text}"
    );
    let home = app.get("/pl/").await.expect(200);
    assert!(home.text().contains("href=\"/pl/activities\""), "{home}");
}
