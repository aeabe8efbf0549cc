//! Pages for people: the views the API answers with, as pages in every language.
//!
//! A handler is: read, then hand the view to its template. Nothing is read here in a way of its own, and
//! pages are for everybody: they show what nobody in particular may see.

mod about;
mod activity;
mod agreement;
mod alternates;
mod as_of;
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
mod partners;
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

use crate::html::{assets, preferences};

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
        .service(home::home_page)
        .service(search::search_page)
        .service(about::about_page)
        .service(partners::partners_page)
        .service(partner::partner_page)
        .service(lists::agreements_page)
        .service(lists::networks_page)
        .service(lists::activities_page)
        .service(agreement::agreement_page)
        .service(network::network_page)
        .service(membership::membership_page)
        .service(activity::activity_page)
        .service(source::source_page)
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
