//! 404, 405 and OPTIONS: answered from the OpenAPI document, which knows every route.

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::{OpenApi, PathItem};

use super::code::Code;
use super::problem::Problem;

/// The paths of the document and the methods each takes.
#[derive(Debug, Default)]
pub struct RouteIndex(Vec<(ResourceDef, Vec<&'static str>)>);

impl RouteIndex {
    /// Reads the document.
    pub fn new(document: &OpenApi) -> Self {
        Self(
            document
                .paths
                .paths
                .iter()
                .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
                .collect(),
        )
    }

    /// The methods `path` takes, if it is one of ours.
    fn allowed(&self, path: &str) -> Option<&[&'static str]> {
        self.0
            .iter()
            .find(|(route, _)| route.is_match(path))
            .map(|(_, methods)| methods.as_slice())
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for (there, names) in [
        (item.get.is_some(), ["GET", "HEAD"].as_slice()),
        (item.post.is_some(), &["POST"]),
        (item.patch.is_some(), &["PATCH"]),
        (item.delete.is_some(), &["DELETE"]),
    ] {
        if there {
            methods.extend(names);
        }
    }
    methods.push("OPTIONS");
    methods
}

/// What is left when no route took the request.
pub async fn fallback(
    req: HttpRequest,
    routes: web::Data<RouteIndex>,
) -> Result<HttpResponse, Problem> {
    let Some(allowed) = routes.allowed(req.path()) else {
        return Err(Problem::new(Code::NotFound)
            .detail("there is nothing at this address; /openapi.json lists what there is"));
    };
    let allow = allowed.join(", ");
    if req.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent()
            .insert_header((header::ALLOW, allow))
            .finish());
    }
    Err(Problem::new(Code::MethodNotAllowed)
        .detail(format!("this address takes {allow}"))
        .header(header::ALLOW, &allow))
}
