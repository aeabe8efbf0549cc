//! Records on a map (GeoJSON, RFC 7946): places as points, ties as the ways between them.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use geojson::{Feature, Geometry, JsonObject, Position, feature};
use serde_json::{Value, json};

use super::arc::way;
use crate::core::geo::Point;

/// Where a record is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Its place, or the places it joins.
    places: Vec<Point>,
    /// Whether they are joined, each with each.
    joined: bool,
    /// What belongs to it and has no place: their ids.
    without: Vec<String>,
}

impl Shape {
    /// At this place, if it has one.
    pub fn at(place: Option<Point>) -> Self {
        Self {
            places: place.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Between all of these, each with its id; those without a place are told.
    pub fn between(ends: impl IntoIterator<Item = (String, Option<Point>)>) -> Self {
        let mut shape = Self {
            joined: true,
            ..Self::default()
        };
        for (id, place) in ends {
            match place {
                Some(place) => shape.places.push(place),
                None => shape.without.push(id),
            }
        }
        shape
    }

    /// Its geometry; none when it is nowhere, or joins nothing.
    fn geometry(&self) -> Option<Geometry> {
        let first = *self.places.first()?;
        if !self.joined {
            return Some(Geometry::new_point(position(first)));
        }
        if self.places.len() < 2 {
            return None;
        }
        let mut lines = Vec::new();
        for (at, from) in self.places.iter().enumerate() {
            for to in self.places.iter().skip(at + 1) {
                lines.extend(way(*from, *to));
            }
        }
        let mut lines: Vec<Vec<Position>> = lines
            .into_iter()
            .map(|line| line.into_iter().map(position).collect())
            .collect();
        Some(match lines.len() {
            // All of them in one place, as a city and its university may be.
            0 => Geometry::new_point(position(first)),
            1 => Geometry::new_line_string(lines.swap_remove(0)),
            _ => Geometry::new_multi_line_string(lines),
        })
    }
}

/// Longitude and latitude, to ten centimetres.
fn position(point: Point) -> Position {
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    Position::from([rounded(point.longitude), rounded(point.latitude)])
}

/// Features on their way. What has no place is kept aside, in a file, until all others are written.
pub struct Map<W: Write> {
    out: W,
    features: u64,
    nowhere: Option<BufWriter<File>>,
}

impl<W: Write> Map<W> {
    /// Nothing so far.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self {
            out,
            features: 0,
            nowhere: None,
        })
    }

    /// Adds a record.
    pub fn add(
        &mut self,
        id: &str,
        name: Option<&str>,
        shape: &Shape,
        properties: JsonObject,
    ) -> io::Result<()> {
        let Some(geometry) = shape.geometry() else {
            return self.put_aside(&match name {
                Some(name) => json!({ "id": id, "name": name }),
                None => json!({ "id": id }),
            });
        };
        let mut properties = properties;
        if !shape.without.is_empty() {
            properties.insert("unlocated".to_owned(), json!(shape.without));
        }
        let feature = Feature {
            bbox: None,
            geometry: Some(geometry),
            id: Some(feature::Id::String(id.to_owned())),
            properties: Some(properties),
            foreign_members: None,
        };
        self.out
            .write_all(if self.features == 0 { b"\n" } else { b",\n" })?;
        self.features += 1;
        serde_json::to_writer(&mut self.out, &feature)?;
        Ok(())
    }

    fn put_aside(&mut self, record: &Value) -> io::Result<()> {
        let first = self.nowhere.is_none();
        let file = match self.nowhere.take() {
            Some(file) => file,
            None => BufWriter::new(tempfile::tempfile()?),
        };
        let file = self.nowhere.insert(file);
        file.write_all(if first { b"\n" } else { b",\n" })?;
        serde_json::to_writer(file, record)?;
        Ok(())
    }

    /// The end; what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n],\"unlocated\":[")?;
        if let Some(file) = self.nowhere {
            let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            io::copy(&mut file, &mut self.out)?;
        }
        self.out.write_all(b"\n]}\n")?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Option<Point> {
        Point::new(latitude, longitude).ok()
    }

    #[test]
    fn what_has_no_place_is_listed_apart() {
        let mut map = Map::new(Vec::new()).unwrap();
        let none = JsonObject::new();
        map.add("a", Some("A"), &Shape::at(at(53.0, 23.0)), none.clone())
            .unwrap();
        map.add("b", Some("B"), &Shape::at(None), none.clone())
            .unwrap();
        let half = [("x".to_owned(), at(1.0, 2.0)), ("y".to_owned(), None)];
        map.add("c", None, &Shape::between(half.clone()), none.clone())
            .unwrap();
        let more = half.into_iter().chain([("z".to_owned(), at(3.0, 4.0))]);
        map.add("d", None, &Shape::between(more), none).unwrap();
        let text = String::from_utf8(map.finish().unwrap()).unwrap();
        let read: geojson::FeatureCollection = text.parse().unwrap();
        let point = read.features[0].geometry.as_ref().unwrap();
        assert_eq!(*point, Geometry::new_point([23.0, 53.0]));
        assert_eq!(read.features.len(), 2);
        let without = read.features[1].property("unlocated").unwrap();
        assert_eq!(*without, json!(["y"]));
        let nowhere = &read.foreign_members.unwrap()["unlocated"];
        assert_eq!(*nowhere, json!([{"id": "b", "name": "B"}, {"id": "c"}]));
    }

    #[test]
    fn an_empty_map_is_one() {
        let text = String::from_utf8(Map::new(Vec::new()).unwrap().finish().unwrap()).unwrap();
        let read: geojson::FeatureCollection = text.parse().unwrap();
        assert!(read.features.is_empty());
    }

    #[test]
    fn parties_in_one_place_are_a_point_and_three_are_lines_each_with_each() {
        let place = |id: &str, place| (id.to_owned(), place);
        let same = Shape::between([place("a", at(1.0, 1.0)), place("b", at(1.0, 1.0))]);
        assert_eq!(same.geometry(), Some(Geometry::new_point([1.0, 1.0])));
        let three = [("a", 1.0), ("b", 2.0), ("c", 3.0)];
        let three = Shape::between(three.map(|(id, degrees)| place(id, at(degrees, degrees))));
        match three.geometry().unwrap().value {
            geojson::GeometryValue::MultiLineString { coordinates } => {
                assert_eq!(coordinates.len(), 3);
            }
            other => panic!("{other:?}"),
        }
    }
}
