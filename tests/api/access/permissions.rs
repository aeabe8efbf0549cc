//! The table of rights, derived anew from outside: every operation is called as every role, in its
//! own office and in a foreign one.

use std::collections::BTreeMap;

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use twincity::access::permissions::{Audience, RULES, Rule, rights};
use twincity::core::vocabulary::record::Role;
use twincity::http::openapi;
use twincity::server;

use crate::agreements::city;
use crate::evidence::documents::filed;
use crate::support::people::Member;
use crate::support::{Caller, TestApp};

/// Every operation of the document: id, method, path.
fn operations() -> Vec<(String, String, String)> {
    let document = openapi::finished(&server::document(), rights);
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if let Some(id) = operation["operationId"].as_str() {
                all.push((id.to_owned(), method.to_uppercase(), path.clone()));
            }
        }
    }
    all
}

#[test]
fn every_operation_has_exactly_one_rule() {
    let operations = operations();
    for (id, method, path) in &operations {
        if !path.starts_with("/api/v1") {
            continue;
        }
        let rules: Vec<&Rule> = RULES.iter().filter(|rule| rule.operation == id).collect();
        assert_eq!(rules.len(), 1, "{id}: no rule, or several");
        assert_eq!(
            (rules[0].method, rules[0].path),
            (method.as_str(), path.as_str())
        );
        let writes = method != "GET";
        assert!(
            !writes
                || rules[0].scope.is_some()
                || matches!(rules[0].who, Audience::Anyone | Audience::Stranger)
                || ["end_current_session", "restore_record"].contains(&id.as_str()),
            "{id}: a write needs a scope"
        );
    }
    for rule in RULES {
        assert!(
            operations.iter().any(|(id, _, _)| id == rule.operation),
            "{}: a rule for nothing",
            rule.operation
        );
    }
}

/// One office with a record of every kind.
struct Side {
    partner: String,
    agreement: String,
    network: String,
    membership: String,
    activity: String,
    citation: String,
    relation: String,
    contact: String,
    document: String,
}

async fn side(app: &TestApp, name: &str, year: &str) -> Side {
    let admin = app.as_admin();
    let make = async |path: &str, body: Value| admin.post(path, body).await.expect(201).id();
    let partner = city(app, name, "PL").await;
    let other = city(app, &format!("{name} Partner"), "NL").await;
    let agreement = make(
        "/api/v1/agreements",
        json!({"instrument": "partnership_agreement", "signed_on": year,
            "parties": [{"partner_id": partner}, {"partner_id": other}]}),
    )
    .await;
    let network = make(
        "/api/v1/networks",
        json!({"kind": "city_network", "name": format!("{name} Net"), "seat_partner_id": partner}),
    )
    .await;
    let membership = make(
        "/api/v1/memberships",
        json!({"partner_id": partner, "network_id": network, "admitted_on": "2001"}),
    )
    .await;
    let activity = make(
        "/api/v1/activities",
        json!({"kind": "meeting", "title": {"en": name}, "starts_on": "2009",
            "participants": [{"partner_id": partner}]}),
    )
    .await;
    let citation = make(
        &format!("/api/v1/partners/{partner}/citations"),
        json!({"source_id": make("/api/v1/sources", json!({"kind": "press", "title": name})).await}),
    )
    .await;
    let relation = make(
        &format!("/api/v1/partners/{partner}/relations"),
        json!({"type": "related", "to_id": other}),
    )
    .await;
    let contact = make(
        &format!("/api/v1/partners/{partner}/contacts"),
        json!({"unit": "Office", "url": "https://example.org"}),
    )
    .await;
    let document = make(
        "/api/v1/documents",
        json!({"kind": "report", "external_url": "https://example.org/a", "agreement_id": agreement}),
    )
    .await;
    app.office(&partner, false).await;
    Side {
        partner,
        agreement,
        network,
        membership,
        activity,
        citation,
        relation,
        contact,
        document,
    }
}

/// The path of a rule for a record of this side, and a body that is as good as rights ask for.
#[expect(
    clippy::too_many_lines,
    reason = "a table of what each operation is called with"
)]
async fn request(
    app: &TestApp,
    rule: &Rule,
    side: &Side,
    me: Option<&Member<'_>>,
) -> (String, Value) {
    let suggestion = async || {
        app.anonymous()
            .post(
                "/api/v1/suggestions",
                json!({"target": side.agreement, "message": "It was signed later."}),
            )
            .await
            .expect(201)
            .json()["suggestion_id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let admin = app.as_admin();
    let id = match rule
        .path
        .trim_start_matches("/api/v1/")
        .split('/')
        .next()
        .unwrap()
    {
        "partners" | "organisations" => side.partner.clone(),
        "agreements" => side.agreement.clone(),
        "networks" => side.network.clone(),
        "memberships" => side.membership.clone(),
        "activities" => side.activity.clone(),
        // One whose bytes are held here: they can be read.
        "documents" if rule.path.ends_with("/content") => {
            let made = filed(&admin, &[("agreement_id", &side.agreement)]).await;
            made["id"].as_str().unwrap().to_owned()
        }
        "documents" => side.document.clone(),
        "citations" => side.citation.clone(),
        // What belongs to no office is anybody's: one record for both sides.
        "sources" => admin
            .post("/api/v1/sources", json!({"kind": "press", "title": "a"}))
            .await
            .expect(201)
            .id(),
        "suggestions" if rule.path.contains("{id}") => suggestion().await,
        "users" => app.member(Role::Registrar, None).id,
        // Of oneself: a session and a key of one's own.
        "sessions" if rule.path.ends_with("{id}") => match me {
            Some(me) => me.caller.get("/api/v1/sessions").await.expect(200).json()["data"][0]["id"]
                .as_str()
                .unwrap()
                .to_owned(),
            None => "ses_0000000000".to_owned(),
        },
        "api-keys" if rule.path.ends_with("{id}") => match me {
            Some(me) => {
                let grant =
                    me.caller.get("/api/v1/me").await.expect(200).json()["grants"][0].clone();
                me.caller
                    .post(
                        "/api/v1/api-keys",
                        json!({"name": "k", "role": grant["role"], "organisation_id": grant["organisation"]}),
                    )
                    .await
                    .expect(201)
                    .id()
            }
            None => "key_0000000000".to_owned(),
        },
        _ => String::new(),
    };
    let path = rule
        .path
        .replace("{collection}/{id}", &format!("partners/{}", side.partner))
        .replace("{relation_id}", &side.relation)
        .replace("{contact_id}", &side.contact)
        .replace("{id}", &id)
        .replace("{name}", "role");
    let between = json!({"parties": [{"partner_id": side.partner}]});
    let body = match rule.operation {
        "create_agreement" | "create_letter_of_intent" => between,
        "create_membership" => json!({"partner_id": side.partner}),
        "create_document" => json!({"agreement_id": side.agreement}),
        "create_redaction" => json!({"target": side.agreement}),
        "create_activity" => json!({"participants": [{"partner_id": side.partner}]}),
        _ => json!({}),
    };
    let path = if rule.operation == "search" {
        format!("{path}?q=a")
    } else {
        path
    };
    (path, body)
}

/// What the table says of this role: nothing when it may.
fn refusal(rule: &Rule, role: Option<Role>, own: bool) -> Option<u16> {
    let Some(role) = role else {
        return (!matches!(rule.who, Audience::Anyone | Audience::Stranger)).then_some(401);
    };
    let everywhere = role >= Role::Registrar;
    // What can't be seen is not there.
    let hidden = rule.path.starts_with("/api/v1/suggestions/{id}");
    let open = rule.path == "/api/v1/partners"
        || rule.path == "/api/v1/networks"
        || rule.path.starts_with("/api/v1/sources");
    match rule.who {
        Audience::Anyone | Audience::Stranger => None,
        _ if hidden && !own && !everywhere => Some(404),
        Audience::Staff => None,
        Audience::Office => (!own && !everywhere && !open).then_some(403),
        Audience::Registrar => (!everywhere).then_some(403),
        Audience::Admin => (role != Role::Admin).then_some(403),
    }
}

async fn call(caller: &Caller<'_>, rule: &Rule, path: &str, body: &Value) -> u16 {
    let request = match rule.method {
        "GET" => TestRequest::get().uri(path),
        "POST" => TestRequest::post().uri(path).set_json(body),
        "PATCH" => TestRequest::patch().uri(path).set_json(body),
        _ => TestRequest::delete().uri(path),
    };
    caller.send(request).await.status()
}

#[actix_web::test]
async fn every_operation_is_open_to_exactly_the_roles_of_the_table() {
    let app = TestApp::new().await;
    let (own, foreign) = (
        side(&app, "Hrodna", "1992").await,
        side(&app, "Pskov", "1993").await,
    );
    let mut wrong = Vec::new();
    // Those who are logged in, for operations that leave their users, sessions and keys alone.
    let mut members = BTreeMap::new();
    for rule in RULES {
        let spends = [
            "/me",
            "/sessions",
            "/users",
            "/api-keys",
            "/invitations",
            "/password-resets",
        ]
        .iter()
        .any(|part| rule.path.contains(part));
        for role in [
            None,
            Some(Role::Editor),
            Some(Role::Approver),
            Some(Role::Registrar),
            Some(Role::Admin),
        ] {
            for (is_own, side) in [(true, &own), (false, &foreign)] {
                let office = role.is_some_and(|role| role < Role::Registrar);
                if spends {
                    members.clear();
                }
                let member = role.map(|role| {
                    &*members
                        .entry(role)
                        .or_insert_with(|| app.member(role, office.then_some(own.partner.as_str())))
                });
                let (path, body) = request(&app, rule, side, member).await;
                let caller = member.map_or_else(|| app.anonymous(), |member| member.caller.clone());
                let status = call(&caller, rule, &path, &body).await;
                let refused = [401, 403, 404].contains(&status).then_some(status);
                // A stranger without a good token gets 401 or 422 for reasons of their own.
                let expected = match rule.operation {
                    "create_session" => None,
                    _ => refusal(rule, role, is_own),
                };
                // One that passes has an answer: what is wrong with its request is no fault of ours.
                if refused != expected || status >= 500 {
                    wrong.push(format!(
                        "{} as {role:?}, own: {is_own}: {status}, expected {expected:?}",
                        rule.operation
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_in_the_documentation_is_that_of_the_code() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/access.md");
    let text = std::fs::read_to_string(&page).unwrap();
    let (begin, end) = ("<!-- table -->\n", "<!-- /table -->");
    let (head, rest) = text.split_once(begin).unwrap();
    let (there, tail) = rest.split_once(end).unwrap();
    let mut table =
        String::from("| operation | request | open to | scope of a key |\n|---|---|---|---|\n");
    for rule in RULES {
        let scope = rule
            .scope
            .map(|scope| format!("`{scope}`"))
            .unwrap_or_default();
        table.push_str(&format!(
            "| `{}` | {} `{}` | {} | {scope} |\n",
            rule.operation,
            rule.method,
            rule.path.trim_start_matches("/api/v1"),
            rule.who.about()
        ));
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&page, format!("{head}{begin}{table}{end}{tail}")).unwrap();
        return;
    }
    assert_eq!(there, table, "run UPDATE_DOCS=1 cargo test table");
}
