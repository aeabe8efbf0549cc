//! Partners in other formats than JSON.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::names::labelled;
use super::reference::PartnerRef;
use super::types::PartnerView;
use crate::columns;
use crate::core::geo::Point;
use crate::core::ids::PublicId;
use crate::core::language::LanguageTag;
use crate::core::vocabulary::partner::PartnerKind;
use crate::db::DbConn;
use crate::db::schema::partners;
use crate::formats::{Column, Graph, Node, Object, Represent, Shape};

impl Represent for PartnerView {
    const COLUMNS: &'static [Column] = columns![
        id, kind, name, country, subdivision, [host_id at "host.id"], [host_name at "host.name"],
        latitude, longitude, population, population_year, website, existence, founded_on,
        dissolved_on, other_names, [text description], [identifier wikidata],
        [identifier geonames], identifiers, [seeking_fields each "seeking.fields" ""],
        [seeking_countries each "seeking.countries" ""], [seeking_note at "seeking.note"], version,
        created_at, updated_at,
    ];

    fn public_id(&self) -> &PublicId {
        &self.id
    }

    fn name(&self, _: Option<&LanguageTag>) -> Option<String> {
        Some(self.name.clone())
    }

    fn shapes(_: &mut DbConn, views: &[Self]) -> QueryResult<Vec<Shape>> {
        let place = |view: &Self| Point::kept(view.latitude, view.longitude);
        Ok(views.iter().map(|view| Shape::at(place(view))).collect())
    }

    fn describe(&self, graph: &mut Graph) {
        let kinds = ["org:Organization", kind_of(self.kind)];
        let body = Node::new(graph.name_of(&self.id), &kinds);
        let mut node = labelled(body, &self.name, &self.names)
            .says("dct:type", graph.code(self.kind))
            .says("adms:status", graph.code(self.existence))
            .translations("schema:description", &self.description)
            .link("schema:url", self.website.as_ref())
            .date("schema:foundingDate", self.founded_on.as_ref())
            .date("schema:dissolutionDate", self.dissolved_on.as_ref())
            .identifiers(&self.identifiers);
        if let Some(host) = &self.host {
            node = node.says(
                "schema:parentOrganization",
                graph.named(&host.id, &host.name),
            );
        }
        let address = graph.part(&self.id, "address");
        node = node.says("schema:address", Object::Thing(address.clone()));
        let region = self.subdivision.as_ref().map(ToString::to_string);
        graph.add(
            Node::new(address, &["schema:PostalAddress"])
                .text("schema:addressCountry", self.country.as_str())
                .maybe("schema:addressRegion", region.as_ref()),
        );
        if let Some(place) = Point::kept(self.latitude, self.longitude) {
            let geo = graph.part(&self.id, "place");
            node = node.says("schema:geo", Object::Thing(geo.clone()));
            graph.add(
                Node::new(geo, &["schema:GeoCoordinates"])
                    .says("schema:latitude", Object::degrees(place.latitude))
                    .says("schema:longitude", Object::degrees(place.longitude)),
            );
        }
        let sources = self.evidence.told(graph);
        graph
            .add(node)
            .record("partners", &self.id, &self.meta, sources);
    }
}

/// What schema.org calls such a body.
fn kind_of(kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::Municipality | PartnerKind::SpecialStatusCity => "schema:City",
        PartnerKind::StateOrProvince => "schema:State",
        PartnerKind::CityDistrict
        | PartnerKind::County
        | PartnerKind::IntermunicipalBody
        | PartnerKind::Region => "schema:AdministrativeArea",
        PartnerKind::University => "schema:CollegeOrUniversity",
        PartnerKind::School => "schema:School",
        PartnerKind::Hospital => "schema:Hospital",
        PartnerKind::Ngo => "schema:NGO",
        PartnerKind::LocalAuthorityAssociation
        | PartnerKind::ChamberOfCommerce
        | PartnerKind::CulturalInstitution
        | PartnerKind::OtherInstitution => "schema:Organization",
    }
}

/// A partner inside another record, as a graph names it.
pub fn named(graph: &mut Graph, partner: &PartnerRef) -> Object {
    graph.named(&partner.id, &partner.name)
}

/// Where each of these records is: at the place of a partner, if `of` names one.
pub fn at_partners<V>(
    conn: &mut DbConn,
    views: &[V],
    of: impl Fn(&V) -> Option<&PublicId>,
) -> QueryResult<Vec<Shape>> {
    let places = places(conn, views.iter().filter_map(&of))?;
    let shape = |view| Shape::at(of(view).and_then(|id| places.get(id).copied()));
    Ok(views.iter().map(shape).collect())
}

/// Where these partners are, as far as that is known.
pub fn places<'p>(
    conn: &mut DbConn,
    ids: impl IntoIterator<Item = &'p PublicId>,
) -> QueryResult<HashMap<PublicId, Point>> {
    let ids: BTreeSet<&PublicId> = ids.into_iter().collect();
    let rows: Vec<(PublicId, Option<f64>, Option<f64>)> = partners::table
        .filter(partners::public_id.eq_any(ids))
        .select((partners::public_id, partners::latitude, partners::longitude))
        .load(conn)?;
    let places = rows
        .into_iter()
        .filter_map(|(id, latitude, longitude)| Some((id, Point::kept(latitude, longitude)?)));
    Ok(places.collect())
}
