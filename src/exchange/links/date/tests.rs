//! Dates as files write them.

use super::*;

fn shown(text: &str, style: &str) -> String {
    let mut dates = Dates::default();
    for word in style.split(", ").filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(style) => dates.declare(style).unwrap(),
            Err(_) => dates.speak(word).unwrap(),
        }
    }
    dates
        .read(text)
        .map_or_else(|error| error.message, |date| date.to_string())
}

#[test]
fn what_can_mean_one_thing_is_read() {
    for (text, date) in [
        ("1992", "1992"),
        ("1992-06", "1992-06"),
        ("1992-06-25", "1992-06-25"),
        ("199X", "199X"),
        ("199x", "199X"),
        ("1990~", "1990~"),
        ("1992-06-XX", "1992-06"),
        ("1992-06-xx", "1992-06"),
        ("1992-XX", "1992"),
        ("1992-XX-XX", "1992"),
        ("1992-00-00", "1992"),
        ("1992-06-00", "1992-06"),
        ("+1992-00-00T00:00:00Z", "1992"),
        ("+1992-06-00T00:00:00Z", "1992-06"),
        ("+1992-06-25T00:00:00Z", "1992-06-25"),
        ("1992-06-25 00:00:00", "1992-06-25"),
        ("1992-06-25T00:00:00.000", "1992-06-25"),
        ("1992-06-25 00:00", "1992-06-25"),
        ("１９９２", "1992"),
        ("１９９２－０６－２５", "1992-06-25"),
        ("１９７９年３月１４日", "1979-03-14"),
        ("25.VI.1992", "1992-06-25"),
        ("w dniu 25 czerwca 1992 r.", "1992-06-25"),
        ("Dnia 25 VI 1992", "1992-06-25"),
        ("le 25 juin 1992", "1992-06-25"),
        ("am 25. Juni 1992", "1992-06-25"),
        ("25th of June 1992", "1992-06-25"),
        ("25 VI 1992 r.", "1992-06-25"),
        ("XII 1992", "1992-12"),
        // Digits and eras of others.
        ("١٩٩٢", "1992"),
        ("۱۹۹۲-۰۶-۲۵", "1992-06-25"),
        ("१९९२", "1992"),
        ("٢٥ يونيو ١٩٩٢", "1992-06-25"),
        ("٢٥ يونيو، ١٩٩٢م", "1992-06-25"),
        ("منذ ١٩٩٢", "1992"),
        ("昭和58年", "1983"),
        ("昭和５８年６月２５日", "1983-06-25"),
        ("昭和五十八年六月二十五日", "1983-06-25"),
        ("平成4年", "1992"),
        ("令和元年", "2019"),
        ("平成31年4月", "2019-04"),
        ("1992年（平成4年）5月3日", "1992-05-03"),
        ("平成4年(1992年)", "1992"),
        ("一九九二年五月三日", "1992-05-03"),
        ("พ.ศ. 2535", "1992"),
        ("พ.ศ. ๒๕๓๕", "1992"),
        ("3 พฤษภาคม พ.ศ. 2535", "1992-05-03"),
        ("ค.ศ. 1992", "1992"),
    ] {
        assert_eq!(shown(text, ""), date, "{text}");
    }
}

#[test]
fn what_can_mean_two_things_is_refused_with_a_way_out() {
    for (text, hint) in [
        ("7/6/2013", "dates = \"d/m/y\" or \"m/d/y\""),
        ("06.05.2003", "dates = \"d.m.y\""),
        ("6.5.03", "four digits"),
        ("c. 1990", "1990~"),
        ("circa 1990", "1990~"),
        ("1990s", "199X"),
        ("199u", "199X"),
        ("1992–1995", "[1992..1995]"),
        ("1992/1995", "span of time"),
        ("33778", "dates = \"excel\""),
        ("1992-6-5", "dates = \"y-m-d\""),
        ("1992-6", "dates = \"y-m-d\""),
        ("1992-95", "span of time"),
        ("١٤١٣", "another calendar"),
        ("۱۳۷۱/۴/۴", "another calendar"),
        ("๒๕๓๕", "another calendar"),
        ("२०४९", "another calendar"),
        ("1413 هـ", "Hijri"),
        ("١٤١٣هـ", "Hijri"),
        ("1371 هـ.ش", "Hijri"),
        ("民國81年", "count from 1912"),
        ("พ.ศ. 2475", "Buddhist"),
        ("平成32年", "within its years"),
        ("昭和64年2月", "within its years"),
        ("平成0年", "within its years"),
        ("平成4.5.3", "平成4年5月3日"),
        ("平成4年(1993年)", "not the same"),
        ("03.05.", "no year of four digits"),
        ("05-03", "no year of four digits"),
        ("--05-03", "no year of four digits"),
        ("3/5", "no year of four digits"),
        ("3. Mai", "no year of four digits"),
        ("25 vi 1992", "EDTF"),
        ("1992-06-25 14:30:00", "time of day"),
        ("1992-06-24T22:00:00Z", "time of day"),
        ("0000", "no year 0000"),
        ("0000-00-00", "no year 0000"),
        ("+0000-00-00T00:00:00Z", "no year 0000"),
        ("w czerwcu 2000 r.", "1992-06-25"),
        ("2013/6/7", "dates = \"y/m/d\""),
        ("44927.5", "dates = \"excel\""),
        ("1992-1995", "span of time"),
        ("1992-02-30", "the calendar has no such day: 1992-02-30"),
        ("1992-06-31", "no such day"),
        ("1992-13", "no such month"),
        ("1990 circa", "1990~"),
        ("1990 ca.", "1990~"),
        ("~1990", "1990~"),
        ("1992-XX-25", "1992-06-25"),
    ] {
        let message = shown(text, "");
        assert!(message.contains(hint), "{text}: {message}");
    }
}

#[test]
fn an_order_that_is_declared_is_read() {
    for (text, style, date) in [
        ("06.05.2003", "d.m.y", "2003-05-06"),
        ("6.5.2003", "dd.mm.yyyy", "2003-05-06"),
        ("7/6/2013", "m/d/y", "2013-07-06"),
        ("7/6/2013", "d/m/y", "2013-06-07"),
        ("2013/6/7", "y/m/d", "2013-06-07"),
        ("05.2003", "d.m.y", "2003-05"),
        ("00.05.2003", "d.m.y", "2003-05"),
        ("00.00.2003", "d.m.y", "2003"),
        ("2003", "d.m.y", "2003"),
        ("2003-05-06", "d.m.y", "2003-05-06"),
        ("25-06-1992", "d-m-y", "1992-06-25"),
        ("06.05.2003 00:00:00", "d.m.y", "2003-05-06"),
        ("06.05.2003 r.", "d.m.y", "2003-05-06"),
        ("06.05.2003г.", "d.m.y", "2003-05-06"),
        ("6-5-2003", "d.m.y, d-m-y", "2003-05-06"),
        ("33779", "excel, d.m.y", "1992-06-24"),
        ("33779", "excel", "1992-06-24"),
        ("33779.0", "excel", "1992-06-24"),
        ("1992", "excel", "1992"),
    ] {
        assert_eq!(shown(text, style), date, "{text} {style}");
    }
    for (text, style) in [
        ("25.6.92", "d.m.y"),
        ("25.6.", "d.m.y"),
        ("31.02.2003", "d.m.y"),
        ("6-5-2003", "d.m.y"),
        ("6.5.2003 14:00", "d.m.y"),
        ("6.5.2003 ca", "d.m.y"),
        ("6/25/1992", "d/m/y"),
        ("7/6/2013", "d.m.y"),
        ("25.00.1992", "d.m.y"),
        ("33779.5", "excel"),
        ("339", "excel"),
    ] {
        let message = shown(text, style);
        assert!(message.contains(' '), "{text} {style}: {message}");
    }
    let mut dates = Dates::default();
    dates.declare(Style::Excel).unwrap();
    dates.zero = NaiveDate::from_ymd_opt(1904, 1, 1);
    assert_eq!(dates.read("32317").unwrap().as_str(), "1992-06-24");
    for text in ["2958465", "33779.5"] {
        let message = shown(text, "excel");
        assert!(message.contains("five digits"), "{text}: {message}");
    }
    for style in [
        "", "d.m", "d.m/y", "m.y.d", "x.m.y", "d m y z", "d.d.y", "dmy",
    ] {
        assert!(style.parse::<Style>().is_err(), "{style}");
    }
}

#[test]
fn several_dates_in_one_cell_are_named_as_such_and_blanks_around_one_are_dropped() {
    for text in [
        "1962, 1991",
        "1962; 1991",
        "1962 (1991)",
        "1962\n1991",
        "1962 e 1991",
        "25.06.1992, 01.05.1999",
        "1992-06-25 / 1999-05-01",
        "6 giugno 1992, 2 maggio 1999",
    ] {
        let message = shown(text, "");
        assert!(message.contains("several dates"), "{text}: {message}");
    }
    assert!(shown("1962/1991", "").contains("a span of time"));
    for text in [
        "dal 1966",
        "Since 1966",
        "od 1966",
        "seit: 1966",
        "dall'1966",
        "dès 1966",
        "sen 1966",
    ] {
        assert_eq!(shown(text, ""), "1966", "{text}");
    }
    for text in [" 1992-06 ", "1992-06\u{a0}", "\t1992-06\n"] {
        assert_eq!(shown(text, ""), "1992-06", "{text:?}");
    }
}

#[test]
fn months_have_names_in_many_languages() {
    for (text, date) in [
        ("6 giugno 2013", "2013-06-06"),
        ("Giugno 2013", "2013-06"),
        ("1º maggio 1990", "1990-05-01"),
        ("1er mai 1990", "1990-05-01"),
        ("June 6, 2013", "2013-06-06"),
        ("June 6th 2013", "2013-06-06"),
        ("06-Jun-2013", "2013-06-06"),
        ("6. Juni 2013", "2013-06-06"),
        ("6 de junio de 2013", "2013-06-06"),
        ("1 d’agost de 2013", "2013-08-01"),
        ("6 czerwca 2013 r.", "2013-06-06"),
        ("6 июня 2013 г.", "2013-06-06"),
        ("6 Ιουνίου 2013", "2013-06-06"),
        ("2013 m. birželio 6 d.", "2013-06-06"),
        ("2013. június 6.", "2013-06-06"),
        ("6 يونيو 2013", "2013-06-06"),
        ("2013年6月6日", "2013-06-06"),
        ("2013年6月", "2013-06"),
        ("2013년 6월 6일", "2013-06-06"),
        ("2000 г.", "2000"),
    ] {
        assert_eq!(shown(text, ""), date, "{text}");
    }
    // A decade is no year.
    for text in [
        "1990er",
        "1990 er",
        "seit 1990er",
        "1992nd",
        "1992th",
        "er 1990",
        // Neither is a span that begins behind a month.
        "Juni 2001/02",
        "giugno 2001-05",
        "May 1992/12",
        "1992-06 mar",
    ] {
        let read = Dates::default().read(text);
        assert!(read.is_err(), "{text}: {read:?}");
    }
    assert_eq!(shown("5 listopada 2013", "pl"), "2013-11-05");
    assert_eq!(shown("5. listopada 2013.", "hr"), "2013-10-05");
    for (text, style, hint) in [
        ("5 listopada 2013", "", "month 11 in"),
        ("6 giugno 2013", "pl", "1992-06-25"),
        ("31 giugno 2013", "", "no such day: 2013-06-31"),
        ("6-8 giugno 2013", "", "1992-06-25"),
        ("giugno 2013?", "", "1992-06-25"),
        ("giugno-luglio 2013", "", "1992-06-25"),
        ("giugno 13", "", "1992-06-25"),
        ("giugno", "", "1992-06-25"),
        ("13年6月6日", "", "1992-06-25"),
    ] {
        let message = shown(text, style);
        assert!(message.contains(hint), "{text}: {message}");
    }
    assert!(Dates::default().speak("klingon").is_err());
    let mut both = Dates::default();
    both.declare("d/m/y".parse().unwrap()).unwrap();
    assert!(both.declare("m/d/y".parse().unwrap()).is_err());
}
