use proptest::prelude::*;

use super::*;

fn edtf(text: &str) -> Edtf {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn bounds_are_calendar_bounds() {
    for (text, earliest, latest) in [
        ("1992", "1992-01-01", "1992-12-31"),
        ("1992-06", "1992-06-01", "1992-06-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("1992-06-25", "1992-06-25", "1992-06-25"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("19XX", "1900-01-01", "1999-12-31"),
        ("2020-08~", "2020-08-01", "2020-08-31"),
        ("1992?", "1992-01-01", "1992-12-31"),
        ("199X%", "1990-01-01", "1999-12-31"),
        ("[..2022-02-28]", "", "2022-02-28"),
        ("[..2022]", "", "2022-12-31"),
        ("[2015..]", "2015-01-01", ""),
        ("[1997..2002]", "1997-01-01", "2002-12-31"),
        ("[1997..2002-03]", "1997-01-01", "2002-03-31"),
        ("[2002..2002-03-04]", "2002-01-01", "2002-03-04"),
        ("[199X..]", "1990-01-01", ""),
    ] {
        let shown = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let date = edtf(text);
        assert_eq!(
            (shown(date.earliest()), shown(date.latest())),
            (earliest.into(), latest.into())
        );
        assert_eq!(date.as_str(), text);
    }
}

#[test]
fn everything_else_is_refused_with_the_allowed_forms() {
    for text in [
        "",
        " ",
        "[]",
        "[..]",
        "[",
        "]",
        "..",
        "1992/1995",
        "1992-06/..",
        "/1992",
        "1992-21",
        "1992-33",
        "1992-06-25T10:00:00",
        "1992-06-25T10:00:00Z",
        "-0044",
        "-1992",
        "Y12345",
        "Y17E7",
        "12345",
        "99",
        "1992S2",
        "{1992}",
        "{1992,1993}",
        "[1992]",
        "[1992,1993]",
        "[1992,1995..1997]",
        "[..1992,1995]",
        "1992-XX-25",
        "1992-06-XX",
        "1992-XX",
        "1992-XX-XX",
        "199X-06",
        "XXXX",
        "0000",
        "0000-00-00",
        "00XX",
        "[..0000]",
        "[0000..1992]",
        "1XXX",
        "1X92",
        "19X2",
        "X992",
        "?1992",
        "1992?-06",
        "1992-?06",
        "1992~~",
        "1992?~",
        "1992-06-25??",
        "[..2020~]",
        "[2015?..]",
        "[1997..2002]~",
        "[2002..1997]",
        "[2002-03..2002-02]",
        "1992-02-30",
        "1991-02-29",
        "1992-13",
        "1992-00",
        "1992-00-10",
        "1992-06-00",
        "1992-06-31",
        "1992-6-25",
        "25.06.1992",
        "06/1992",
        "1992-06-25 ?",
        "19920625",
        "199x",
        "1992–06",
        "١٩٩٢",
        "[1997...2002]",
        "[1997..2002..2003]",
        "[[1997..2002]]",
        "unknown",
        "2024-01-01extra-long-nonsense",
    ] {
        let error = text.parse::<Edtf>().expect_err(text);
        assert_eq!(error.code, "invalid_edtf");
        assert!(error.message.contains("1992-06-25") && error.message.contains("[2015..]"));
    }
}

#[test]
fn reasons_name_what_was_wrong() {
    for (text, reason) in [
        ("1992/1995", "interval"),
        ("1992-21", "season"),
        ("1992-06-25T10:00:00", "time of day"),
        ("[1992,1993]", "set"),
        ("{1992}", "list"),
        ("1992-XX-25", "X may stand"),
        ("1992?-06", "mark of doubt"),
        ("[2002..1997]", "before it begins"),
        ("0000", "no year 0000"),
        ("0000-06-25", "no year 0000"),
        ("000X", "no year 0000"),
        ("c. 1990", "this is no date"),
        (" 1992", "no blanks"),
        ("1992-06\u{a0}", "no blanks"),
    ] {
        let message = text.parse::<Edtf>().unwrap_err().message;
        assert!(message.contains(reason), "{text}: {message}");
    }
}

#[test]
fn a_year_0000_that_was_kept_is_still_read() {
    let date = Edtf::stored("0000").unwrap();
    assert_eq!((date.as_str(), date.year()), ("0000", Some(0)));
    assert!(Edtf::stored("nonsense").is_err());
}

#[test]
fn made_from_days() {
    let day = ymd(2019, 1, 1);
    assert_eq!(Edtf::day(day), edtf("2019-01-01"));
    assert_eq!(Edtf::no_later_than(day), edtf("[..2019-01-01]"));
    assert_eq!(Edtf::day(day).exact_day(), Some(day));
    assert_eq!(edtf("2019-01").exact_day(), None);
    assert_eq!(Edtf::day(NaiveDate::MAX), edtf("9999-12-31"));
    assert_eq!(Edtf::no_later_than(NaiveDate::MIN), edtf("[..0001-01-01]"));
}

#[test]
fn knows_its_precision() {
    for text in ["1992", "199X", "19XX", "1992?", "[1997..2002]", "[2015..]"] {
        assert!(edtf(text).is_year_only(), "{text}");
    }
    for text in [
        "1992-06",
        "1992-06-25",
        "1992-06~",
        "[..2022-02-28]",
        "[1997..2002-03]",
    ] {
        assert!(!edtf(text).is_year_only(), "{text}");
    }
    assert_eq!(edtf("1992-06").year(), Some(1992));
    assert_eq!(edtf("199X").year(), None);
    assert_eq!(edtf("[2015..]").year(), None);
}

#[test]
fn comparisons_have_three_answers() {
    use Certainty::{Maybe, No, Yes};
    for (a, b, answer) in [
        ("1991", "1992", Yes),
        ("1992", "1991", No),
        ("1992", "1992", Maybe),
        ("1992-06-25", "1992-06-25", No),
        ("1992", "1992-01-01", No),
        ("1992", "1992-01-02", Maybe),
        ("[..1991]", "1992", Yes),
        ("[..1991]", "1980", Maybe),
        ("[1992..]", "1992-01-01", No),
        ("[2015..]", "[..2014]", No),
        ("[..2014]", "[2015..]", Yes),
        ("[2015..]", "[2015..]", Maybe),
    ] {
        assert_eq!(edtf(a).before(&edtf(b)), answer, "{a} before {b}");
    }
    assert!(edtf("1993").certainly_after(&edtf("1992-12")));
    assert!(!edtf("1992").certainly_after(&edtf("1992")));
    assert!(edtf("1992").overlaps(&edtf("1992-06-25")));
    assert!(edtf("1992-06-25").overlaps(&edtf("1992-06-25")));
    assert!(!edtf("1992-06-25").overlaps(&edtf("1992-06-26")));
    assert!(edtf("2019").certainly_passed_on(ymd(2020, 1, 1)));
    assert!(!edtf("2019").certainly_passed_on(ymd(2019, 12, 31)));
    assert!(!edtf("[2015..]").certainly_passed_on(ymd(2030, 1, 1)));
}

#[test]
fn json_is_the_text_and_the_range_shows_nulls() {
    let date: Edtf = serde_json::from_str(r#""[2015..]""#).unwrap();
    assert_eq!(serde_json::to_string(&date).unwrap(), r#""[2015..]""#);
    assert_eq!(
        serde_json::to_string(&DateRange::from(&date)).unwrap(),
        r#"{"earliest":"2015-01-01","latest":null}"#
    );
}

/// A date whose decade and century have no year 0.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (100i32..=9999, 1u32..=365).prop_map(|(year, day)| NaiveDate::from_yo_opt(year, day).unwrap())
}

/// Ways of writing a date less precisely, without a mark of doubt.
fn coarsened(day: NaiveDate) -> Vec<String> {
    let year = day.year();
    vec![
        day.to_string(),
        format!("{year:04}-{:02}", day.month()),
        format!("{year:04}"),
        format!("{:03}X", year / 10),
        format!("{:02}XX", year / 100),
    ]
}

/// An expression and a day that it may mean.
fn expression() -> impl Strategy<Value = (String, NaiveDate)> {
    let plain = (any_day(), 0usize..5, 0usize..4).prop_map(|(day, precision, mark)| {
        (
            format!("{}{}", coarsened(day)[precision], ["", "~", "?", "%"][mark]),
            day,
        )
    });
    let range = (
        [any_day(), any_day(), any_day()],
        0usize..5,
        0usize..5,
        0usize..3,
    )
        .prop_map(|(mut days, from, to, open)| {
            days.sort_unstable();
            let [first, middle, last] = days;
            let (from, to) = (coarsened(first).remove(from), coarsened(last).remove(to));
            let text = match open {
                0 => format!("[{from}..{to}]"),
                1 => format!("[..{to}]"),
                _ => format!("[{from}..]"),
            };
            (text, middle)
        });
    prop_oneof![plain, range]
}

proptest! {
    #[test]
    fn the_bounds_contain_every_day_that_may_be_meant((text, day) in expression()) {
        let date = edtf(&text);
        prop_assert!(date.earliest().is_none_or(|earliest| earliest <= day));
        prop_assert!(date.latest().is_none_or(|latest| day <= latest));
        prop_assert!(date.overlaps(&Edtf::day(day)));
        prop_assert_eq!(date.exact_day().is_some(), date.earliest() == date.latest());
    }

    #[test]
    fn text_comes_back_as_it_went_in((text, _) in expression()) {
        prop_assert_eq!(edtf(&text).to_string(), text.as_str());
        let with_blanks = format!(" {text}\n");
        prop_assert!(with_blanks.parse::<Edtf>().is_err());
    }

    #[test]
    fn what_is_certain_holds_for_the_days_meant((a, x) in expression(), (b, y) in expression()) {
        let (a, b) = (edtf(&a), edtf(&b));
        match a.before(&b) {
            Certainty::Yes => {
                prop_assert!(x < y);
                prop_assert!(!a.overlaps(&b) && !b.certainly_before(&a));
            }
            Certainty::No => prop_assert!(x >= y),
            Certainty::Maybe => {
                let surely_first = a.latest().zip(b.earliest()).is_some_and(|(l, e)| l < e);
                let surely_not = a.earliest().zip(b.latest()).is_some_and(|(e, l)| e >= l);
                prop_assert!(!surely_first && !surely_not);
            }
        }
        prop_assert_eq!(a.certainly_after(&b), b.certainly_before(&a));
        prop_assert_eq!(a.overlaps(&b), b.overlaps(&a));
    }

    #[test]
    fn any_text_is_answered(text in "[\\[\\]0-9X~?%.,/{}TYS -]{0,26}|\\PC*") {
        if let Ok(date) = text.parse::<Edtf>() {
            prop_assert_eq!(&edtf(date.as_str()), &date);
            prop_assert!(date.earliest().is_some() || date.latest().is_some());
            prop_assert!(date.earliest().zip(date.latest()).is_none_or(|(a, b)| a <= b));
        }
    }
}
