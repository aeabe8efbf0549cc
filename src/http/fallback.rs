//! 404, 405 and OPTIONS: answered from the OpenAPI document, which knows every route.

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use utoipa::openapi::{OpenApi, PathItem};

use super::code::Code;
use super::format::Format;
use super::problem::{HttpResult, Problem};

/// The paths of the document, with what each can be asked for.
#[derive(Debug, Default)]
pub struct RouteIndex(Vec<Route>);

/// An address of the document.
#[derive(Debug)]
struct Route {
    path: ResourceDef,
    methods: Vec<&'static str>,
    /// In which formats it can be read.
    formats: Vec<Format>,
}

impl RouteIndex {
    /// Reads the document; `pages` are further paths that can be read and are not in it.
    pub fn new(document: &OpenApi, pages: &[&str]) -> Self {
        let documented = document.paths.paths.iter().map(|(path, item)| Route {
            path: ResourceDef::new(path.as_str()),
            methods: methods(item),
            formats: item.get.as_ref().map(Format::of).unwrap_or_default(),
        });
        let pages = pages.iter().map(|path| Route {
            path: ResourceDef::new(*path),
            methods: vec!["GET", "HEAD", "OPTIONS"],
            formats: Vec::new(),
        });
        let mut routes: Vec<Route> = documented.chain(pages).collect();
        // A path that is spelt out wins over one with placeholders.
        let placeholders =
            |route: &Route| route.path.pattern().map(|path| path.matches('{').count());
        routes.sort_by_key(placeholders);
        Self(routes)
    }

    /// Whether an operation of this method stands at `path`.
    pub fn allows(&self, method: &Method, path: &str) -> bool {
        self.at(path).is_some_and(|route| route.allows(method))
    }

    /// The formats of what an operation of this method at `path` answers, JSON where nothing is said; none where
    /// no such operation stands.
    pub fn formats(&self, method: &Method, path: &str) -> Option<&[Format]> {
        let route = self.at(path).filter(|route| route.allows(method))?;
        Some(match route.formats.as_slice() {
            [] => Format::PLAIN,
            said => said,
        })
    }

    fn at(&self, path: &str) -> Option<&Route> {
        self.0.iter().find(|route| route.path.is_match(path))
    }
}

impl Route {
    fn allows(&self, method: &Method) -> bool {
        *method != Method::OPTIONS && self.methods.contains(&method.as_str())
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
pub async fn fallback(req: HttpRequest, routes: web::Data<RouteIndex>) -> HttpResult {
    let asterisk = req.method() == Method::OPTIONS && req.uri().path() == "*";
    let everything = ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"].as_slice();
    let known = routes.at(req.path()).map(|route| route.methods.as_slice());
    let Some(allowed) = known.or(asterisk.then_some(everything)) else {
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
