//! The routes of a kind of record: served, and described in the OpenAPI document, from one place.
//!
//! What every kind's operations say is said here; a room adds its own in [`Routed`]. Each
//! operation is a resource of its own with a guard, as those of `#[get]` are: one resource for a path would
//! answer 405 by itself, past [`crate::http::fallback`].

use std::marker::PhantomData;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::http::Method;
use actix_web::{Resource, guard};
use serde_json::json;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Content, HttpMethod, PathItem, Ref, RefOr, Required};
use utoipa::{IntoParams, PartialSchema, ToSchema};
use utoipa_actix_web::OpenApiFactory;

use super::Editable;
use super::create::{Creatable, create};
use super::read::{item, list};
use super::readable::Readable;
use super::write::{update, withdraw};
use crate::http::extract::body::OneOrManySchema;
use crate::http::extract::write::Reason;
use crate::http::extract::{DryRun, ItemParams, ListParams};
use crate::http::format::{self, Format};
use crate::http::page::Page;

/// What can be asked of records of every kind.
#[derive(Clone, Copy)]
enum Route {
    /// `GET /{collection}`.
    List,
    /// `POST /{collection}`, of [`creation`].
    Create,
    /// `GET /{collection}/{id}`.
    Read,
    /// `PATCH /{collection}/{id}`.
    Update,
    /// `DELETE /{collection}/{id}`.
    Withdraw,
}

/// A kind of record with routes: what the document says of each below the summary, its lines kept. Of one for
/// which the room has a handler of its own nothing is said here.
pub trait Routed: Readable<Filter: IntoParams> + Editable {
    /// Where the document puts it.
    const TAG: &'static str = Self::COLLECTION;
    /// `GET /{collection}`.
    const LIST: &'static str = "";
    /// `GET /{collection}/{id}`.
    const READ: &'static str = "";
    /// `PATCH /{collection}/{id}`.
    const UPDATE: &'static str = "";
    /// `DELETE /{collection}/{id}`.
    const WITHDRAW: &'static str = "";
    /// What a change may say.
    type Patch: ToSchema;
}

/// The routes of the kind `R`.
#[derive(Debug)]
pub struct RecordRoutes<R>(PhantomData<fn() -> R>);

/// The routes of the kind `R`.
pub fn routes<R: Routed>() -> RecordRoutes<R> {
    RecordRoutes(PhantomData)
}

/// The route by which records of the kind `R` are recorded.
#[derive(Debug)]
pub struct CreationRoute<R>(PhantomData<fn() -> R>);

/// The route by which records of the kind `R` are recorded.
pub fn creation<R: Creatable<In = <R as Routed>::Patch> + Routed>() -> CreationRoute<R> {
    CreationRoute(PhantomData)
}

impl<R: Routed> HttpServiceFactory for RecordRoutes<R> {
    fn register(self, config: &mut AppService) {
        for (route, _) in Route::served::<R>() {
            let resource = route.resource::<R>();
            match route {
                Route::List => resource.to(list::<R>).register(config),
                Route::Read => resource.to(item::<R>).register(config),
                Route::Update => resource.to(update::<R>).register(config),
                Route::Withdraw => resource.to(withdraw::<R>).register(config),
                Route::Create => {}
            }
        }
    }
}

impl<R: Creatable + Routed> HttpServiceFactory for CreationRoute<R> {
    fn register(self, config: &mut AppService) {
        let resource = Route::Create.resource::<R>();
        resource.to(create::<R>).register(config);
    }
}

impl<R: Routed> OpenApiFactory for RecordRoutes<R> {
    fn paths(&self) -> Paths {
        let mut paths = Paths::new();
        for (route, about) in Route::served::<R>() {
            paths.merge(route.described::<R>(about));
        }
        paths
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        // The schema of a page refers to its records by name, whichever they are (`http::openapi`).
        schemas.push((page::<R>(), Page::<String>::schema()));
        Page::<String>::schemas(schemas);
        schemas.push((R::View::name().into_owned(), R::View::schema()));
        R::View::schemas(schemas);
        schemas.push((R::Patch::name().into_owned(), R::Patch::schema()));
        R::Patch::schemas(schemas);
    }
}

impl<R: Creatable + Routed> OpenApiFactory for CreationRoute<R> {
    fn paths(&self) -> Paths {
        Route::Create.described::<R>(R::ABOUT)
    }

    fn schemas(&self, schemas: &mut Vec<(String, RefOr<Schema>)>) {
        // As with a page, what stands in it is referred to by name.
        schemas.push((one_or_many::<R>(), OneOrManySchema::<String>::schema()));
    }
}

impl Route {
    /// Those that are served here, with what is said of them.
    fn served<R: Routed>() -> impl Iterator<Item = (Self, &'static str)> {
        let all = [
            (Self::List, R::LIST),
            (Self::Read, R::READ),
            (Self::Update, R::UPDATE),
            (Self::Withdraw, R::WITHDRAW),
        ];
        all.into_iter().filter(|(_, about)| !about.is_empty())
    }

    /// For the document, and for requests.
    fn method(self) -> (HttpMethod, Method) {
        match self {
            Self::List | Self::Read => (HttpMethod::Get, Method::GET),
            Self::Create => (HttpMethod::Post, Method::POST),
            Self::Update => (HttpMethod::Patch, Method::PATCH),
            Self::Withdraw => (HttpMethod::Delete, Method::DELETE),
        }
    }

    fn path<R: Routed>(self) -> String {
        match self {
            Self::List | Self::Create => format!("/api/v1/{}", R::COLLECTION),
            _ => format!("/api/v1/{}/{{id}}", R::COLLECTION),
        }
    }

    fn operation_id<R: Routed>(self) -> String {
        match self {
            Self::List => format!("list_{}", R::COLLECTION),
            Self::Create => format!("create_{}", R::NAME),
            Self::Read => format!("get_{}", R::NAME),
            Self::Update => format!("update_{}", R::NAME),
            Self::Withdraw => format!("withdraw_{}", R::NAME),
        }
    }

    fn resource<R: Routed>(self) -> Resource {
        let (_, method) = self.method();
        let resource = Resource::new(self.path::<R>()).name(&self.operation_id::<R>());
        resource.guard(guard::Method(method))
    }

    fn described<R: Routed>(self, about: &str) -> Paths {
        let (method, _) = self.method();
        let item = PathItem::new(method, self.operation::<R>(about));
        Paths::builder().path(self.path::<R>(), item).build()
    }

    fn operation<R: Routed>(self, about: &str) -> OperationBuilder {
        let name = R::NAME;
        let one = if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
            format!("an {name}")
        } else {
            format!("a {name}")
        };
        let summary = match self {
            Self::List => format!("List {}", R::COLLECTION),
            Self::Create => format!("Record {one}"),
            Self::Read => format!("Read {one}"),
            Self::Update => format!("Change {one}"),
            Self::Withdraw => format!("Withdraw {one}"),
        };
        let parameters = match self {
            Self::List => [parameters::<ListParams>(), parameters::<R::Filter>()].concat(),
            Self::Create => parameters::<DryRun>(),
            Self::Read => [id::<R>(), parameters::<ItemParams>()].concat(),
            Self::Update => [id::<R>(), parameters::<DryRun>()].concat(),
            Self::Withdraw => [id::<R>(), parameters::<Reason>()].concat(),
        };
        let (status, answer) = match self {
            Self::List => ("200", format!("A page of {}", R::COLLECTION)),
            Self::Create => ("201", format!("The {name} as recorded")),
            Self::Read => ("200", format!("The {name}")),
            Self::Update => ("200", format!("The {name} as it now is")),
            Self::Withdraw => ("204", "Withdrawn".to_owned()),
        };
        let answer = ResponseBuilder::new().description(answer);
        let answer = match self {
            Self::List => answer.content(JSON, content(&page::<R>())),
            Self::Withdraw => answer,
            _ => answer.content(JSON, content(&R::View::name())),
        };
        let sent = match self {
            Self::Create => Some(one_or_many::<R>()),
            Self::Update => Some(R::Patch::name().into_owned()),
            Self::List | Self::Read | Self::Withdraw => None,
        };
        let sent = sent.map(|schema| {
            RequestBodyBuilder::new()
                .content(JSON, content(&schema))
                .required(Some(Required::True))
                .build()
        });
        let formats = match self {
            Self::List | Self::Read => R::FORMATS,
            Self::Create | Self::Update | Self::Withdraw => Format::PLAIN,
        };
        let formats = Extensions::from_iter([(format::EXTENSION, format::names(formats))]);
        OperationBuilder::new()
            .tag(R::TAG)
            .operation_id(Some(self.operation_id::<R>()))
            .summary(Some(summary))
            .description(Some(about))
            .extensions(Some(formats))
            .parameters(Some(parameters))
            .request_body(sent)
            .response(status, answer)
    }
}

const JSON: &str = "application/json";

/// What the schema of a page of these records is called.
fn page<R: Readable>() -> String {
    format!("Page_{}", R::View::name())
}

/// What the schema of one or many of these records, as they are sent, is called.
fn one_or_many<R: Routed>() -> String {
    format!("OneOrManySchema_{}", R::Patch::name())
}

fn parameters<P: IntoParams>() -> Vec<Parameter> {
    P::into_params(|| None)
}

fn id<R: Routed>() -> Vec<Parameter> {
    let id = ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(format!("The {}'s id", R::NAME)))
        .schema(Some(String::schema()))
        .example(Some(json!(format!("{}_8x3k0q2m7t", R::KIND.prefix()))));
    vec![id.build()]
}

fn content(schema: &str) -> Content {
    let schema = Ref::from_schema_name(schema);
    ContentBuilder::new().schema(Some(schema)).build()
}
