//! Partners, or networks, in the order of their names, in memory: a page of their list is cut without reading the
//! others, also where readers of another language see other names.

use std::collections::HashSet;

use super::Held;
use crate::core::country::Country;
use crate::core::ids::{Kind, PublicId};

/// A published record, and the texts that order it: one for each language.
#[derive(Debug)]
pub struct Named {
    /// Its id.
    pub record: PublicId,
    /// Its country, if it is in one.
    pub country: Option<Country>,
    /// By what it stands in the order of each language.
    pub keys: Vec<String>,
}

/// Every published record of a kind, in the order of each language.
#[derive(Debug, Default)]
pub struct Order(Vec<Vec<Place>>);

/// A record in the order of a language.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What orders it.
    pub key: Box<str>,
    /// The id, as [`PublicId::bits`].
    record: u64,
    country: Option<Country>,
}

impl Place {
    /// The record's id, of the kind that the order is of.
    pub fn id(&self, kind: Kind) -> PublicId {
        PublicId::from_bits(kind, self.record)
    }
}

impl Order {
    /// Takes in records.
    pub(super) fn add(&mut self, published: Vec<Named>) {
        for one in published {
            let languages = self.0.len().max(one.keys.len());
            self.0.resize_with(languages, Vec::new);
            for (places, key) in self.0.iter_mut().zip(one.keys) {
                places.push(Place {
                    key: key.into(),
                    record: one.record.bits(),
                    country: one.country,
                });
            }
        }
        for places in &mut self.0 {
            places.sort();
        }
    }

    /// The records of a country, or all, in the order of the language with this number.
    pub fn of(&self, language: usize, country: Option<Country>) -> Vec<&Place> {
        let places = self.0.get(language).into_iter().flatten();
        places
            .filter(|place| country.is_none() || place.country == country)
            .collect()
    }
}

impl Held for Order {
    fn forget(&mut self, changed: &[PublicId]) {
        let changed: HashSet<u64> = changed.iter().map(PublicId::bits).collect();
        for places in &mut self.0 {
            places.retain(|place| !changed.contains(&place.record));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(bits: u64, country: &str, keys: [&str; 2]) -> Named {
        Named {
            record: PublicId::from_bits(Kind::Partner, bits),
            country: country.parse().ok(),
            keys: keys.map(str::to_owned).to_vec(),
        }
    }

    fn told(order: &Order, language: usize, country: Option<&str>) -> Vec<String> {
        let country = country.map(|code| code.parse().unwrap());
        let all = order.of(language, country).into_iter();
        all.map(|place| place.key.to_string()).collect()
    }

    #[test]
    fn each_language_has_an_order_of_its_own_that_follows_changes() {
        let mut order = Order::default();
        assert!(told(&order, 0, None).is_empty());
        order.add(vec![
            named(1, "EG", ["cairo", "kair"]),
            named(2, "LT", ["kaunas", "kowno"]),
            named(3, "PL", ["lodz", "lo~dz~"]),
        ]);
        assert_eq!(told(&order, 0, None), ["cairo", "kaunas", "lodz"]);
        assert_eq!(told(&order, 1, None), ["kair", "kowno", "lo~dz~"]);
        assert_eq!(told(&order, 1, Some("LT")), ["kowno"]);
        let changed = [1, 2].map(|bits| PublicId::from_bits(Kind::Partner, bits));
        order.forget(&changed);
        order.add(vec![named(1, "EG", ["qahira", "al qahira"])]);
        assert_eq!(told(&order, 0, None), ["lodz", "qahira"]);
        assert_eq!(told(&order, 1, None), ["al qahira", "lo~dz~"]);
        assert!(told(&order, 2, None).is_empty());
    }
}
