//! What templates make of values.

use minijinja::value::Serde;

use super::*;

fn shown(source: &str, values: &[(&str, Value)]) -> Result<String, String> {
    shown_in(Lang::En, source, values)
}

fn shown_in(lang: Lang, source: &str, values: &[(&str, Value)]) -> Result<String, String> {
    let mut engine = engine(lang, &Theme::default());
    engine
        .add_template_owned("test.html", source.to_owned())
        .map_err(|error| error.to_string())?;
    let values = Value::from_pairs(values.iter().cloned());
    let template = engine
        .get_template("test.html")
        .map_err(|error| error.to_string())?;
    template.render(values).map_err(|error| error.to_string())
}

#[test]
fn all_templates_can_be_read() {
    for (name, _) in templates(&Theme::default()) {
        let engine = Lang::En.of(ENGINES.each_ref());
        let template = engine.get_template(&name);
        assert!(template.is_ok(), "{name}: {:#}", template.unwrap_err());
    }
}

#[test]
fn nothing_is_taken_for_html_that_is_text() {
    for (name, source) in templates(&Theme::default()) {
        assert!(!source.contains("safe"), "{name}");
        assert!(!source.contains("style=\""), "{name}");
    }
    let image = Value::from("<img onerror=alert(1)>");
    let escaped = "&lt;img onerror=alert(1)&gt;";
    assert_eq!(shown("{{ q }}", &[("q", image.clone())]).unwrap(), escaped);
    // A message with HTML among its values escapes the others.
    let link = Value::from_safe_string("<a>x</a>".to_owned());
    let text = shown(
        "{{ t('as-of-banner', day=link, q=q) }}",
        &[("link", link), ("q", image)],
    );
    assert!(text.unwrap().contains("<a>x</a>"));
}

#[test]
fn every_sign_of_html_in_a_text_is_escaped_also_where_html_is_put_together_here() {
    let text = "<b>&\"'/ł";
    let escaped = "&lt;b&gt;&amp;&quot;&#x27;";
    let partner = ["id", "name", "name_lang", "country"].map(|member| (member, text));
    let partner = partner.into_iter().chain([("kind", "municipality")]);
    let values = [
        ("q", Value::from(text)),
        ("partner", Value::from_pairs(partner)),
    ];
    assert_eq!(shown("{{ q }}", &values).unwrap(), format!("{escaped}/ł"));
    for source in [
        "{{ q|free }}",
        "{{ partner|linked(q) }}",
        "{{ partner|in_country }}",
    ] {
        let html = shown(source, &values).unwrap();
        assert!(html.contains(escaped), "{source}: {html}");
        assert!(!html.contains("<b>") && !html.contains('\''), "{html}");
    }
}

#[test]
fn what_is_not_there_is_not_shown_as_nothing() {
    assert!(shown("{{ nothing }}", &[]).is_err());
    assert!(shown("{{ t('no-such-message') }}", &[]).is_err());
    assert!(shown("{{ 'x' | label('legal_status') }}", &[]).is_err());
    assert_eq!(shown("{% if nothing %}x{% endif %}", &[]).unwrap(), "");
}

#[test]
fn what_reads_the_same_is_told_apart_by_another_attribute_or_its_id() {
    let one = |id: &str, title: &str, kind: &str| {
        Value::from_pairs([("id", id), ("title", title), ("kind", kind)])
    };
    let all = Value::from(vec![
        one("a", "A – B", "letter"),
        one("b", "A – B", "treaty"),
        one("c", "A – C", "letter"),
        one("d", "A – D", "letter"),
        one("e", "A – D", "letter"),
        one("f", "", "letter"),
        one("g", "", "letter"),
        one("c", "A – C", "letter"),
    ]);
    let source = "{% set apart = all|namesakes(['title'], ['kind']) %}\
        {% for one in all %}{{ one.id }}{{ apart[one.id] or '' }} {% endfor %}";
    let text = shown(source, &[("all", all)]).unwrap();
    assert_eq!(text.trim(), "akind bkind c did eid f g c");
}

/// An agreement of two parties, by their names and countries.
fn agreement(id: &str, title: &str, signed_on: &str, parties: [(&str, &str); 2]) -> Value {
    let party = |(name, country): (&str, &str)| {
        let partner = Value::from_pairs([("name", name), ("country", country)]);
        Value::from_pairs([("partner", partner)])
    };
    Value::from_pairs([
        ("id", Value::from(id)),
        ("title", Value::from_pairs([("en", title)])),
        ("signed_on", Value::from(signed_on)),
        ("parties", Value::from(parties.map(party).to_vec())),
    ])
}

#[test]
fn agreements_of_namesakes_are_told_apart_by_country_before_anything_else() {
    let one = |id, signed_on, country| {
        let parties = [("Kielce", "PL"), ("Newport", country)];
        agreement(id, "Kielce – Newport", signed_on, parties)
    };
    let source = "{% set apart = all|namesakes(['title'], ['countries', 'signed_on']) %}\
        {% for one in all %}{{ one.id }}:{{ apart[one.id] }} {% endfor %}";
    for (other, expected) in [
        (one("b", "1992-05-01", "US"), "a:countries b:countries"),
        (one("b", "1992-06-01", "GB"), "a:signed_on b:signed_on"),
        (one("b", "1992-05-01", "GB"), "a:id b:id"),
    ] {
        let all = Value::from(vec![one("a", "1992-05-01", "GB"), other]);
        assert_eq!(shown(source, &[("all", all)]).unwrap().trim(), expected);
    }
}

#[test]
fn titles_are_compared_in_the_language_that_is_shown() {
    let one = |id, title: &[(&'static str, &'static str)], instrument| {
        Value::from_pairs([
            ("id", Value::from(id)),
            ("title", Value::from_pairs(title.iter().copied())),
            ("instrument", Value::from(instrument)),
        ])
    };
    let treaty = ("en", "Treaty");
    let all = Value::from(vec![
        one("a", &[treaty], "charter"),
        one("b", &[treaty, ("pl", "Traktat")], "protocol"),
        one("c", &[("en", "Pact")], "charter"),
    ]);
    let source = "{% set apart = all|namesakes(['title'], ['instrument']) %}\
        {% for one in all %}{{ one.id }}:{{ apart[one.id] or '' }} {% endfor %}";
    let text = shown(source, &[("all", all)]).unwrap();
    assert_eq!(text.trim(), "a:instrument b:instrument c:");
}

#[test]
fn a_title_made_of_a_year_says_that_it_is_not_certain() {
    let parties = [("Kielce", "PL"), ("Orange", "FR")];
    for (signed_on, title, english, polish) in [
        ("2005~", "Kielce – Orange (2005)", "(c. 2005)", "(ok. 2005)"),
        ("2005-06?", "Kielce – Orange (2005)", "(2005?)", "(2005?)"),
        (
            "2005%",
            "Kielce – Orange (2005)",
            "(c. 2005?)",
            "(ok. 2005?)",
        ),
        ("2005", "Kielce – Orange (2005)", "(2005)", "(2005)"),
        ("2005~", "Treaty (2005)", "(2005)", "(2005)"),
    ] {
        let one = agreement("a", title, signed_on, parties);
        for (lang, expected) in [(Lang::En, english), (Lang::Pl, polish)] {
            for filter in ["titled", "plain_title"] {
                let source = format!("{{{{ one|{filter} }}}}");
                let text = shown_in(lang, &source, &[("one", one.clone())]).unwrap();
                assert!(text.contains(expected), "{signed_on} {title}: {text}");
            }
        }
    }
}

#[test]
fn numbers_in_messages_have_their_thousands_apart() {
    let text = |lang| shown_in(lang, "{{ t('search-found', count=32397, q='x') }}", &[]).unwrap();
    assert!(text(Lang::En).starts_with("32,397 results"));
    assert!(text(Lang::Pl).starts_with("32\u{202f}397 wyników"));
}

#[test]
fn data_in_a_script_stays_there_and_reads_the_same() {
    let names = ["</script><b>", "<!-- <script>", "&lt;\u{2028}"];
    let json = serde_json::to_string(&names).unwrap();
    let text = shown("{{ json | script_data }}", &[("json", Value::from(json))]).unwrap();
    assert!(!text.contains(['<', '>', '&']), "{text}");
    let read: Vec<String> = serde_json::from_str(&text).unwrap();
    assert_eq!(read, names);
}

#[test]
fn a_name_says_its_language_unless_it_is_the_page_s() {
    let name = |lang: &str| Value::from_pairs([("value", "Wilno"), ("lang", lang)]);
    for (one, expected) in [
        (vec![], "<bdi>Wilno</bdi>"),
        (vec![("name_lang", Value::from("en"))], "<bdi>Wilno</bdi>"),
        (
            vec![("name_lang", Value::from("pl"))],
            "<bdi lang=\"pl\">Wilno</bdi>",
        ),
        (
            vec![("names", Value::from(vec![name("pl"), name("de")]))],
            "<bdi lang=\"pl\">Wilno</bdi>",
        ),
        (
            vec![("names", Value::from(vec![name("pl"), name("en")]))],
            "<bdi>Wilno</bdi>",
        ),
    ] {
        let one = [("name", Value::from("Wilno"))].into_iter().chain(one);
        let text = shown("{{ one|named }}", &[("one", Value::from_pairs(one))]);
        assert_eq!(text.unwrap(), expected);
    }
    assert!(shown("{{ one|named }}", &[("one", Value::from(1))]).is_err());
}

/// What a reader sees of it: without tags, and with one blank for several.
fn read(lang: Lang, source: &str, values: &serde_json::Value) -> String {
    let members = values.as_object().unwrap().iter();
    let values: Vec<(&str, Value)> = members
        .map(|(name, value)| (name.as_str(), Value::from(Serde(value.clone()))))
        .collect();
    let html = shown_in(lang, source, &values).unwrap();
    let text: String = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_holds_once_more_says_so() {
    let source = "{% from 'parts.html' import status_since %}\
        {{ status_since('in_force', 'legal_status', '2003-05', '2026-11-29T12:00:00Z', events) }}";
    let brought_by = |action: &str| {
        serde_json::json!({"events": [
            {"action": "sign", "effective_on": "1992"},
            {"action": action, "effective_on": "2003-05"},
        ]})
    };
    assert_eq!(
        read(Lang::En, source, &brought_by("resume")),
        "In force again since May 2003"
    );
    assert_eq!(
        read(Lang::Pl, source, &brought_by("renew")),
        "Obowiązujące ponownie od maja 2003"
    );
    assert_eq!(
        read(Lang::En, source, &brought_by("enter_into_force")),
        "In force since May 2003"
    );
}

#[test]
fn what_a_source_states_is_told_in_words() {
    for (pointer, text, words) in [
        ("/population", "294242", "294\u{202f}242"),
        ("/signed_on", "1992-05~", "około maja 1992"),
        ("/signed_on", "w maju", "w maju"),
        ("/country", "DE", "Niemcy"),
        ("/status", "terminated", "Zakończone"),
        ("/term", "P5Y", "5 lat"),
        ("/signed_at", "P5Y", "P5Y"),
    ] {
        assert_eq!(stated(Lang::Pl, text, pointer), words, "{pointer}");
    }
}

/// Status, beginning, day of the status, whether the two are known; what is said in English and in Polish.
type TieRow = (
    &'static str,
    &'static str,
    &'static str,
    [bool; 2],
    &'static str,
    &'static str,
);

const TIES: &[TieRow] = &[
    (
        "in_force",
        "1992",
        "1992",
        [true, true],
        "since 1992",
        "od 1992 roku",
    ),
    (
        "in_force",
        "[..2026-11-29]",
        "[..2026-11-29]",
        [false, false],
        "since when is not known",
        "nie wiadomo od kiedy",
    ),
    // Signed in May and in force from September on.
    (
        "in_force",
        "2001-05-01",
        "2001-09-01",
        [true, true],
        "partners since 1 May 2001",
        "w partnerstwie od 1 maja 2001",
    ),
    (
        "suspended",
        "2000-06",
        "2020-08~",
        [true, true],
        "partners since June 2000, suspended since about August 2020",
        "w partnerstwie od czerwca 2000, zawieszone od około sierpnia 2020",
    ),
    (
        "terminated",
        "2000-06",
        "2022-03-03",
        [true, true],
        "partners since June 2000, ended on 3 March 2022",
        "w partnerstwie od czerwca 2000, zakończone 3 marca 2022",
    ),
    // What is recorded as ended says nothing of its beginning.
    (
        "expired",
        "2003",
        "2003",
        [true, true],
        "in 2003",
        "w 2003 roku",
    ),
    (
        "terminated",
        "2000-06",
        "[..2026-11-29]",
        [true, false],
        "partners since June 2000, ended, when is not known",
        "w partnerstwie od czerwca 2000, zakończone, nie wiadomo kiedy",
    ),
    (
        "signed",
        "2018-03-16",
        "2018-03-16",
        [true, true],
        "on 16 March 2018",
        "16 marca 2018",
    ),
    (
        "abandoned",
        "2018",
        "2020",
        [true, true],
        "in 2020",
        "w 2020 roku",
    ),
];

#[test]
fn a_tie_says_since_when_it_was_one_and_what_became_of_it() {
    let source = "{% from 'parts.html' import tie_dates %}{{ tie_dates(tie) }}";
    for (status, since, status_since, known, english, polish) in TIES.iter().copied() {
        let [since_known, turned_known] = known;
        let tie = serde_json::json!({"tie": {
            "status": status, "since": since, "status_since": status_since,
            "since_known": since_known, "turned_known": turned_known, "began": since,
            "planned": status == "signed", "attempt": status == "abandoned", "earlier": [],
        }});
        assert_eq!(read(Lang::En, source, &tie), english);
        assert_eq!(read(Lang::Pl, source, &tie), polish);
    }
}

#[test]
fn that_none_holds_today_is_not_that_none_is_recorded() {
    for (ended, english, polish) in [
        (1, "1 partnership has ended.", "Zakończone: 1 partnerstwo."),
        (
            0,
            "No partnership is recorded.",
            "Nie wpisano żadnego partnerstwa.",
        ),
    ] {
        let page = serde_json::json!({
            "layout": "frame.html", "partner": {"id": "ptn_1", "name": "Łomża"},
            "ties": {"map": null, "unplaced": [], "live": [], "total_ended": ended, "prev": null, "next": null},
        });
        for (lang, text) in [(Lang::En, english), (Lang::Pl, polish)] {
            let embedded = read(lang, "{% include 'embed.html' %}", &page);
            assert!(embedded.contains(text), "{embedded}");
            let none =
                embedded.contains("No partnership is recorded") || embedded.contains("Nie wpisano");
            assert_eq!(none, ended == 0, "{embedded}");
        }
    }
}

#[test]
fn what_a_source_says_stands_behind_a_colon_or_there_is_none() {
    let source =
        "{% from 'parts.html' import said_line %}{{ said_line(said, '', 'the whole record') }}";
    for (pointer, stance, stated, english) in [
        ("/identifiers", "states", None, "In other registers"),
        ("", "states", None, "the whole record"),
        (
            "",
            "omits",
            None,
            "the whole record: does not mention it (February 2026)",
        ),
        (
            "/population",
            "states",
            Some("294242.0"),
            "Inhabitants: 294,242 (February 2026)",
        ),
        (
            "/signed_on",
            "contradicts",
            Some("1993"),
            "Signed: says otherwise 1993 (February 2026)",
        ),
        (
            "/longitude",
            "states",
            Some("23.16"),
            "Longitude: 23.16 (February 2026)",
        ),
        (
            "/seat_partner_id",
            "omits",
            None,
            "Seat: does not mention it (February 2026)",
        ),
        // What nobody here knows is not told in the words of programs.
        ("/x_unheard_of", "states", None, "Another detail"),
    ] {
        let observed = (stated.is_some() || stance != "states").then_some("2026-02");
        let said = serde_json::json!({"said": {
            "pointer": pointer, "stance": stance, "stated_value": stated, "quote": null,
            "observed_on": observed,
        }});
        assert_eq!(read(Lang::En, source, &said), english);
    }
}

#[test]
fn an_event_is_a_sentence_with_one_full_stop() {
    let source =
        "{% from 'parts.html' import events %}{{ events([event], {}, 'legal_status', lang, '') }}";
    for (action, to_status, on, english, polish) in [
        (
            "sign",
            "in_force",
            "2000-05",
            "Signed in May 2000.",
            "Podpisano w maju 2000.",
        ),
        (
            "sign",
            "in_force",
            "1992",
            "Signed in 1992.",
            "Podpisano w 1992 roku.",
        ),
        (
            "register",
            "in_force",
            "2018-03-16",
            "In force since 16 March 2018.",
            "Obowiązuje od 16 marca 2018.",
        ),
        (
            "register",
            "terminated",
            "199X",
            "Ended in the 1990s.",
            "Zakończono w latach 90. XX wieku.",
        ),
        (
            "suspend",
            "suspended",
            "[2003-02..2004-05]",
            "Suspended at some time between February 2003 and May 2004.",
            "Zawieszono między lutym 2003 a majem 2004.",
        ),
        (
            "correct",
            "suspended",
            "2020-08~",
            "Corrected: “Suspended” since about August 2020.",
            "Sprostowano: stan „Zawieszone” od około sierpnia 2020.",
        ),
    ] {
        let event = serde_json::json!({"lang": "en", "event": {
            "action": action, "to_status": to_status, "effective_on": on, "formal": true,
            "recorded_at": "2026-11-29T10:00:00Z",
        }});
        assert_eq!(read(Lang::En, source, &event), english);
        assert_eq!(read(Lang::Pl, source, &event), polish);
    }
    let event = serde_json::json!({"lang": "en", "event": {
        "action": "register", "to_status": "in_force", "effective_on": "[..2026-11-29]", "formal": true,
        "recorded_at": "2026-11-29T10:00:00Z",
    }});
    assert_eq!(
        read(Lang::En, source, &event),
        "In force; since when is not known."
    );
    assert_eq!(
        read(Lang::Pl, source, &event),
        "Obowiązujące; nie wiadomo od kiedy."
    );
}

#[test]
fn an_event_says_who_decided_where_and_with_how_many_votes() {
    let source =
        "{% from 'parts.html' import events %}{{ events([event], {}, 'legal_status', lang, '') }}";
    let event = |more: serde_json::Value| {
        let mut event = serde_json::json!({
            "action": "correct", "to_status": "suspended", "effective_on": "2020-04", "formal": true,
            "recorded_at": "2026-11-29T10:00:00Z", "deciding_body": "council",
            "actor_partner": {"id": "ptn_1", "name": "New Town"}, "reason_code": "budget",
            "place": "Town hall",
        });
        let members = more.as_object().unwrap().clone();
        event.as_object_mut().unwrap().extend(members);
        serde_json::json!({"lang": "en", "event": event})
    };
    let corrected = event(serde_json::json!({}));
    assert_eq!(
        read(Lang::En, source, &corrected),
        "Corrected: “Suspended” since April 2020, decided by the council of New Town; \
         reason: budget; place: Town hall."
    );
    let polish = read(Lang::Pl, source, &corrected);
    assert!(
        polish.starts_with(
            "Sprostowano: stan „Zawieszone” od kwietnia 2020 – decyzja rady, New Town; powód: "
        ) && polish.ends_with("; miejsce: Town hall."),
        "{polish}"
    );
    for (vote, english, polish) in [
        (
            serde_json::json!({"unanimous": true}),
            "vote: unanimous.",
            "głosowanie: jednogłośnie.",
        ),
        (
            serde_json::json!({"for": 20, "against": 1, "abstain": 2}),
            "vote: 20 votes for, 1 vote against, 2 abstentions.",
            "głosowanie: 20 głosów za, 1 głos przeciw, 2 głosy wstrzymujące się.",
        ),
        (
            serde_json::json!({"unanimous": true, "for": 21, "not_voting": 1}),
            "vote: unanimous, 21 votes for, 1 present and not voting.",
            "głosowanie: jednogłośnie, 21 głosów za, 1 osoba nie głosowała.",
        ),
    ] {
        let act = serde_json::json!({"legal_act": {"kind": "council_resolution", "vote": vote}});
        for (lang, expected) in [(Lang::En, english), (Lang::Pl, polish)] {
            let text = read(lang, source, &event(act.clone()));
            assert!(text.ends_with(expected), "{text}");
        }
    }
}

#[test]
fn parts_that_run_from_right_to_left_stay_where_they_are() {
    for (title, expected) in [
        ("Łódź – <b>", "Łódź – &lt;b&gt;"),
        (
            "Łódź – חיפה – عكا",
            "<bdi>Łódź</bdi> – <bdi>חיפה</bdi> – <bdi>عكا</bdi>",
        ),
        // A year stands behind the name, on whichever side that ends.
        (
            "Cairo – ירושלים החדשה (1999)",
            "<bdi>Cairo</bdi> – <bdi>ירושלים החדשה</bdi> (1999)",
        ),
    ] {
        let text = shown("{{ title|isolated }}", &[("title", Value::from(title))]);
        assert_eq!(text.unwrap(), expected);
    }
}

#[test]
fn names_in_a_title_say_their_languages() {
    let agreement = |title: serde_json::Value| {
        let agreement = serde_json::json!({"title": title, "parties": [
            {"partner": {"name": "Cairo", "name_lang": "en"}},
            {"partner": {"name": "ירושלים החדשה", "name_lang": "he"}},
            {"partner": {"name": "Čelje (Celje)", "name_lang": "sl"}},
            {"partner": {"name": "Łódź"}},
        ]});
        let values = [("one", Value::from(Serde(agreement)))];
        shown("{{ one|titled }}", &values).unwrap()
    };
    for (title, expected) in [
        (
            serde_json::json!({"en": "Cairo – ירושלים החדשה (1999)"}),
            "<bdi>Cairo</bdi> – <bdi lang=\"he\">ירושלים החדשה</bdi> (1999)",
        ),
        (
            serde_json::json!({"en": "Łódź – Čelje (Celje)"}),
            "Łódź – <bdi lang=\"sl\">Čelje (Celje)</bdi>",
        ),
        (
            serde_json::json!({"en": "Cairo – <b>"}),
            "Cairo – &lt;b&gt;",
        ),
        (
            serde_json::json!({"pl": "Umowa"}),
            "<span lang=\"pl\">Umowa</span>",
        ),
    ] {
        assert_eq!(agreement(title), expected);
    }
}

#[test]
fn an_excerpt_ends_with_a_word() {
    let long = "ącki ".repeat(100);
    let cut = shown("{{ t|excerpt }}", &[("t", Value::from(long))]).unwrap();
    assert!(
        cut.ends_with("ącki …") && cut.chars().count() <= 202,
        "{cut}"
    );
    let unbroken = "ą".repeat(300);
    let cut = shown("{{ t|excerpt }}", &[("t", Value::from(unbroken))]).unwrap();
    assert_eq!(cut.chars().count(), 202);
    let short = shown("{{ t|excerpt }}", &[("t", Value::from("a b"))]);
    assert_eq!(short.unwrap(), "a b");
}

#[test]
fn a_text_in_another_language_is_marked() {
    let titles = Value::from_pairs([("de", "Abkommen"), ("pl", "Umowa")]);
    let text = shown("{{ t | in_lang }}", &[("t", titles)]).unwrap();
    assert_eq!(text, "<span lang=\"de\">Abkommen</span>");
}
