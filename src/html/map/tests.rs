//! Where places are put.

use super::*;

fn place(number: usize, name: &str, latitude: f64, longitude: f64) -> Place {
    Place {
        number,
        name: name.to_owned(),
        point: Point::new(latitude, longitude).unwrap(),
        state: State::Live,
    }
}

const BIALYSTOK: Point = Point {
    latitude: 53.13,
    longitude: 23.17,
};

/// Degrees north and east, and where they are.
const FIXTURES: &[(f64, f64, f64, f64)] = &[
    (0.0, 0.0, 500.000, 243.500),
    (53.13, 23.17, 551.707, 60.627),
    (43.0, -87.97, 287.623, 90.826),
    (-33.9, 151.2, 885.468, 366.394),
    (71.3, -156.8, 208.444, 18.048),
    (22.4, 107.4, 787.520, 160.800),
];

#[test]
fn the_projection_is_that_of_the_outlines() {
    // As `geoEqualEarth` of d3-geo 3.1 gives them, with the scale and translation of world.mjs.
    for (latitude, longitude, x, y) in FIXTURES {
        let (px, py) = project(Point::new(*latitude, *longitude).unwrap());
        assert!((px - x).abs() < 0.01 && (py - y).abs() < 0.01, "{px} {py}");
    }
}

#[test]
fn partners_nearby_decide_what_is_shown_and_the_others_are_named() {
    let places = [
        place(1, "Eindhoven", 51.43, 5.48),
        place(2, "Kaunas", 54.9, 23.9),
        place(3, "Grodno", 53.68, 23.83),
        place(4, "Milwaukee County", 43.0, -87.97),
    ];
    let map = around(Some(BIALYSTOK), &places).unwrap();
    assert!(!map.world);
    let outside: Vec<_> = map
        .outside
        .iter()
        .map(|o| (o.number, o.km, o.direction))
        .collect();
    assert_eq!(outside, [(4, 7500, "w")]);
    let markers: Vec<&str> = map
        .markers
        .iter()
        .map(|marker| marker.text.as_str())
        .collect();
    assert_eq!(markers, ["1", "2–3"], "{map:?}");
    let merged: Vec<(usize, &str)> = map.markers[1]
        .places
        .iter()
        .map(|place| (place.number, place.name.as_str()))
        .collect();
    assert_eq!(merged, [(2, "Kaunas"), (3, "Grodno")]);
}

#[test]
fn a_marker_is_hollow_where_nothing_that_it_stands_for_holds() {
    let stood = |number, name, latitude, longitude, state| Place {
        state,
        ..place(number, name, latitude, longitude)
    };
    let places = [
        stood(1, "Eindhoven", 51.43, 5.48, State::Past),
        stood(2, "Kaunas", 54.9, 23.9, State::Live),
        stood(3, "Grodno", 53.68, 23.83, State::Suspended),
        stood(4, "Kyiv", 50.45, 30.52, State::Planned),
    ];
    let map = around(Some(BIALYSTOK), &places).unwrap();
    let hollow = map
        .markers
        .iter()
        .map(|marker| (marker.text.as_str(), marker.hollow));
    let hollow: Vec<(&str, bool)> = hollow.collect();
    assert_eq!(hollow, [("1", true), ("2–3", false), ("4", true)]);
}

#[test]
fn small_circles_lie_above_large_ones() {
    let counts = [("PL", 1), ("DE", 9), ("FR", 4)].map(|(code, count)| (code.to_owned(), count));
    let drawn: Vec<i64> = circles(&counts).iter().map(|circle| circle.count).collect();
    assert_eq!(drawn, [9, 4, 1]);
}

/// Where a marker stands, in hundredths of the width.
fn across_and_down(marker: &Marker) -> (f64, f64) {
    let number = |text: &str| text.trim_end_matches('%').parse::<f64>().unwrap();
    (number(&marker.x), number(&marker.y) / ASPECT)
}

#[test]
fn a_marker_stands_at_its_first_place_and_takes_in_only_what_is_close_to_that() {
    let mut places = vec![place(1, "Eindhoven", 51.43, 5.48)];
    // A row of places, each close to the next.
    places.extend(
        (0..12_u8).map(|n| place(usize::from(n) + 2, "Town", 53.0, 20.0 + f64::from(n) * 0.5)),
    );
    let map = around(Some(BIALYSTOK), &places).unwrap();
    assert!(map.markers.len() > 3, "{map:?}");
    let points: Vec<_> = places.iter().map(|place| project(place.point)).collect();
    let shown = points.iter().copied().chain([project(BIALYSTOK)]);
    let frame = Frame::around(&shown.collect::<Vec<_>>()).unwrap();
    let far = |from: (f64, f64), to: (f64, f64)| (from.0 - to.0).hypot(from.1 - to.1);
    for marker in &map.markers {
        let own = across_and_down(marker);
        for number in marker.places.iter().map(|place| place.number) {
            let (x, y) = frame.place(points[number - 1]);
            let away = far(own, (x * 100.0, y * 100.0 / ASPECT));
            assert!(away < APART * 100.0, "{number} of {marker:?}: {away}");
            assert!(number != marker.first || away < 0.02, "{marker:?}");
        }
        let others = map.markers.iter().filter(|other| *other != marker);
        for other in others {
            let apart = far(own, across_and_down(other));
            assert!(apart > APART * 100.0 - 0.02, "{marker:?} {other:?}");
        }
    }
    let all: usize = map.markers.iter().map(|marker| marker.places.len()).sum();
    assert_eq!(all, places.len());
}

#[test]
fn cities_a_thousand_kilometres_apart_share_no_marker() {
    let places = [
        place(1, "Częstochowa", 50.81, 19.12),
        place(2, "Eindhoven", 51.43, 5.48),
        place(3, "Grodno", 53.68, 23.83),
        place(4, "Jelgava", 56.65, 23.71),
        place(5, "Kaunas", 54.9, 23.9),
        place(6, "Łuck", 50.75, 25.33),
        place(7, "Tallinn", 59.44, 24.75),
        place(8, "Gori", 41.98, 44.11),
        place(9, "Lublin", 51.25, 22.57),
        place(10, "Vilnius", 54.69, 25.28),
    ];
    let map = around(Some(BIALYSTOK), &places).unwrap();
    for marker in &map.markers {
        let first = places[marker.first - 1].point;
        for number in marker.places.iter().map(|place| place.number) {
            let km = first.distance_km(&places[number - 1].point);
            assert!(km < 500.0, "{}: {km}", marker.text);
        }
    }
}

#[test]
fn a_partner_far_from_all_is_shown_on_the_whole_world() {
    let map = around(Some(BIALYSTOK), &[place(1, "Chongzuo", 22.4, 107.4)]).unwrap();
    assert!(map.world && map.outside.is_empty());
    assert_eq!(
        map.outlines,
        ["0.00%", "0.00%", "100.00%", "100.00%"].map(str::to_owned)
    );
    assert_eq!(around(Some(BIALYSTOK), &[]), None);
}

#[test]
fn neighbours_across_the_date_line_are_named_beside_the_map() {
    let apia = Point::new(-13.83, -171.76).unwrap();
    let places = [
        place(1, "Suva", -18.14, 178.44),
        place(2, "Pago Pago", -14.28, -170.7),
    ];
    let map = around(Some(apia), &places).unwrap();
    assert!(!map.world);
    assert_eq!(map.markers.len(), 1);
    let [suva] = map.outside.as_slice() else {
        panic!("{map:?}")
    };
    assert_eq!((suva.name.as_str(), suva.direction), ("Suva", "w"));
    let map = around(Some(apia), &places[..1]).unwrap();
    assert!(!map.world && map.markers.is_empty() && map.outside.len() == 1);
}

#[test]
fn every_country_has_a_middle_but_the_smallest() {
    use crate::core::country::Country;
    let without = Country::all()
        .iter()
        .filter(|country| middle(country.as_str()).is_none());
    assert!(without.count() <= 20);
    assert_eq!(
        circles(&[("PL".to_owned(), 4), ("DE".to_owned(), 1)]).len(),
        2
    );
}

#[test]
fn distances_are_said_as_people_say_them() {
    assert_eq!([7.4, 79.4, 812.0, 7322.0].map(whole_km), [7, 80, 810, 7300]);
}

#[test]
fn places_near_each_other_are_shown_as_they_lie_without_anything_in_their_middle() {
    let near = [
        place(1, "Kraków", 50.06, 19.94),
        place(2, "Ostrava", 49.83, 18.28),
    ];
    let map = around(None, &near).unwrap();
    assert!(!map.world && map.here.is_none() && map.outside.is_empty());
    let far = [
        place(1, "Kraków", 50.06, 19.94),
        place(2, "Lima", -12.05, -77.04),
    ];
    assert!(around(None, &far).unwrap().world);
}
