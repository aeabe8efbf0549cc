//! The service itself: health, the `OpenAPI` document and its pages, what problems mean, where things
//! are.

pub mod account;
pub mod daily;
pub mod document;
pub mod feed;
pub mod health;
mod html;
pub mod pages;
pub mod recompute;
pub mod root;

use actix_web::web;

use crate::http::routes::Routes;

/// Routes of this room that are part of the contract.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(root::list_collections)
        .service(health::live)
        .service(health::ready)
        .service(document::get_document)
        .service(pages::list_problems)
        .service(pages::get_problem)
        .service(root::api_catalog);
}

/// Addresses for people that are not part of the contract.
pub const PAGES: &[&str] = &["/docs", "/docs/{file:.*}", "/account/{purpose}"];

/// The routes of [`PAGES`].
pub fn pages(config: &mut web::ServiceConfig) {
    config
        .service(pages::docs_redirect)
        .service(pages::docs)
        .service(account::ask)
        .service(account::set);
}
