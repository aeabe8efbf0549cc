//! The one place that lets a request pass: who is it, and may they do this at all?

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::permissions::{self, Audience, Rule};
use super::{Actor, Identities};
use crate::app::App;
use crate::core::author::Author;
use crate::core::vocabulary::Code as _;
use crate::core::vocabulary::record::KeyScope;
use crate::http::code::Code;
use crate::http::fallback::RouteIndex;
use crate::http::middleware::Passed;
use crate::http::problem::Problem;

/// Finds out who the caller is and asks the table of operations; 401 and 403 are told before
/// anything of the request is read.
pub async fn authenticate<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed {
    let pattern = req
        .match_pattern()
        .filter(|path| path.starts_with("/api/v1"));
    if let Some(path) = pattern {
        let method = req.method().as_str();
        let admitted = match permissions::find(method, &path) {
            Some(rule) => admit(&req, rule).await,
            // A method that is not routed is for the fallback to answer.
            None if !is_routed(&req) => Ok(()),
            None => Err(Problem::forbidden("no rule lets anybody do this")),
        };
        if let Err(problem) = admitted {
            return Ok(req.error_response(problem));
        }
    }
    Ok(next.call(req).await?.map_into_boxed_body())
}

fn is_routed(req: &ServiceRequest) -> bool {
    req.app_data::<Data<RouteIndex>>()
        .is_some_and(|routes| routes.allows(req.method(), req.path()))
}

async fn admit(req: &ServiceRequest, rule: &Rule) -> Result<(), Problem> {
    if rule.who == Audience::Stranger {
        return Ok(());
    }
    let Some(actor) = known(req).await? else {
        return match rule.who {
            Audience::Anyone => Ok(()),
            _ => Err(Problem::new(Code::Unauthenticated).detail(
                "send Authorization: Bearer with a session, an API key or a token of the identity provider",
            )),
        };
    };
    if !rule.who.could_be(actor.grants.iter().map(Author::role)) {
        return Err(Problem::forbidden(format!("open to: {}", rule.who.about())));
    }
    if !actor.has_scope(rule.scope) {
        let scope = rule.scope.map_or("", KeyScope::code);
        return Err(Problem::forbidden(format!("the key's scopes lack {scope}")));
    }
    let mut extensions = req.extensions_mut();
    extensions.insert(actor.viewer());
    extensions.insert(actor);
    Ok(())
}

/// Whoever the request's token names; 401 when it names nobody any more.
async fn known(req: &ServiceRequest) -> Result<Option<Actor>, Problem> {
    let Some(value) = req.headers().get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let internal = || Problem::new(Code::Internal);
    let app = req.app_data::<Data<App>>().cloned().ok_or_else(internal)?;
    let identities = req.app_data::<Data<Identities>>().cloned();
    let identities = identities.ok_or_else(internal)?;
    let token = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned())
        .ok_or_else(|| {
            Problem::new(Code::Unauthenticated).detail("Authorization must be Bearer and a token")
        })?;
    identities.identify(&app, &token).await.map(Some)
}
