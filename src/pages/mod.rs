//! Pages for people: the views the API answers with, as pages in every language.
//!
//! A handler is: read, then hand the view to its template. Nothing is read here in a way of its own, and
//! pages are for everybody: they show what nobody in particular may see.

mod about;
mod activity;
mod agreement;
mod as_of;
mod content;
mod embed;
mod evidence;
mod facts;
mod home;
mod lists;
mod membership;
mod network;
mod news;
mod numbered;
mod ordered;
mod page_request;
mod partner;
mod problem;
mod reader;
mod search;
mod short;
mod sitemap;
mod source;
mod spelling;
mod subjects;
mod subscriptions;
mod suggest;
mod ties;

use actix_web::web;

use content::Content;
use page_request::{PageRequest, page, record_page};
use reader::Reader;

use crate::activities::record::Activity;
use crate::agreements::record::Agreement;
use crate::evidence::sources::record::Source;
use crate::html::{assets, preferences};
use crate::networks::memberships::record::Membership;
use crate::networks::record::Network;
use crate::partners::record::Partner;

pub use ordered::warm;
pub use problem::problem_pages;

/// The addresses of pages and what they load, none of which is part of the contract.
pub const PAGES: &[&str] = &[
    "/",
    "/{lang:en|pl}",
    "/{lang:en|pl}/",
    "/{lang:en|pl}/search",
    "/{lang:en|pl}/about/{topic}",
    "/{lang:en|pl}/partners",
    "/{lang:en|pl}/partners/{id}",
    "/{lang:en|pl}/agreements",
    "/{lang:en|pl}/agreements/{id}",
    "/{lang:en|pl}/networks",
    "/{lang:en|pl}/networks/{id}",
    "/{lang:en|pl}/memberships/{id}",
    "/{lang:en|pl}/activities",
    "/{lang:en|pl}/activities/{id}",
    "/{lang:en|pl}/sources/{id}",
    "/{lang:en|pl}/suggest",
    "/{lang:en|pl}/suggest/confirm",
    "/{lang:en|pl}/subscriptions",
    "/{lang:en|pl}/subscriptions/confirm",
    "/{lang:en|pl}/subscriptions/unsubscribe",
    "/embed/partners/{id}",
    "/r/{id}",
    "/robots.txt",
    "/sitemap.xml",
    "/sitemaps/{part}.xml",
    "/assets/{file}",
    "/preferences.css",
];

/// The routes of [`PAGES`], and where their forms are sent to.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .service(home::front_door)
        .service(home::bare_language)
        .service(page("/{lang:en|pl}/", "home.html", home::read))
        .service(page("/{lang:en|pl}/search", "search.html", search::read))
        .service(about::about_page)
        .service(lists::partners_page)
        .service(record_page::<Partner>(partner::read))
        .service(lists::agreements_page)
        .service(page("/{lang:en|pl}/networks", "list.html", lists::networks))
        .service(page(
            "/{lang:en|pl}/activities",
            "list.html",
            lists::activities,
        ))
        .service(record_page::<Agreement>(agreement::read))
        .service(record_page::<Network>(network::read))
        .service(record_page::<Membership>(membership::read))
        .service(record_page::<Activity>(activity::read))
        .service(record_page::<Source>(source::read))
        .service(suggest::suggest_page)
        .service(suggest::suggest)
        .service(suggest::confirm_page)
        .service(suggest::confirm)
        .service(subscriptions::follow_page)
        .service(subscriptions::follow)
        .service(subscriptions::confirm_page)
        .service(subscriptions::confirm)
        .service(subscriptions::leave_page)
        .service(subscriptions::leave)
        .service(embed::embedded_partner)
        .service(short::short_address)
        .service(sitemap::robots)
        .service(sitemap::list_parts)
        .service(sitemap::list_pages)
        .service(assets::get_asset)
        .service(preferences::get_preferences)
        .service(preferences::prefer);
}
