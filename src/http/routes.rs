//! Where rooms put their routes: to be served, or to be described in the OpenAPI document.

use actix_web::dev::HttpServiceFactory;
use actix_web::web::ServiceConfig;
use utoipa::openapi::path::Paths;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Components, OpenApi, RefOr};
use utoipa_actix_web::OpenApiFactory;

/// A collection of routes.
///
/// The same `configure` functions serve and describe, so that the document can't miss a route. Describing
/// takes a thousand times as long and is done once a process, serving once a worker.
pub struct Routes<'a>(Purpose<'a>);

enum Purpose<'a> {
    Serve(&'a mut ServiceConfig),
    Describe(&'a mut Described),
}

#[derive(Default)]
struct Described {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl<'a> Routes<'a> {
    /// Routes that this application serves.
    pub fn of(application: &'a mut ServiceConfig) -> Self {
        Self(Purpose::Serve(application))
    }

    /// Adds the routes of a room.
    pub fn configure(&mut self, room: impl FnOnce(&mut Routes<'_>)) -> &mut Self {
        room(self);
        self
    }

    /// Adds a handler.
    pub fn service<F>(&mut self, handler: F) -> &mut Self
    where
        F: HttpServiceFactory + OpenApiFactory + 'static,
    {
        match &mut self.0 {
            Purpose::Serve(application) => {
                application.service(handler);
            }
            Purpose::Describe(described) => {
                described.paths.merge(handler.paths());
                handler.schemas(&mut described.schemas);
            }
        }
        self
    }
}

/// This document with all operations of these rooms.
pub fn described(mut document: OpenApi, rooms: impl FnOnce(&mut Routes<'_>)) -> OpenApi {
    let mut described = Described::default();
    rooms(&mut Routes(Purpose::Describe(&mut described)));
    document.paths.merge(described.paths);
    document
        .components
        .get_or_insert_with(Components::new)
        .schemas
        .extend(described.schemas);
    document
}
