//! `POST /redactions`.

use std::thread;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};

use super::history::Logs;
use super::types::{RedactedRecord, RedactionIn, RedactionView};
use super::{all_records, columns, records};
use crate::access::{self, JsonWrite};
use crate::changes::{Ctx, records as any};
use crate::core::ids::{Kind, PublicId};
use crate::core::issue::Issues;
use crate::core::person::Person;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::extract::DryRun;
use crate::http::problem::Problem;
use crate::http::write::Written;
use crate::http::{respond, validate};
use crate::partners::contacts::store as contacts;
use crate::partners::contacts::visibility::contact_scope;

/// Longest name of a person.
const MAX_NAME: usize = 200;
/// Longest reason.
const MAX_REASON: usize = 500;

/// Remove the name of a person
///
/// From one record, or as a registrar from all of them: from offices and notes, from citations, from
/// the history and from answers kept for repeated requests. The office and the date stay. A personal
/// contact is emptied and withdrawn. There is no way back; sending a name again is a deliberate act.
#[utoipa::path(tag = "privacy", params(DryRun), request_body = RedactionIn,
    responses((status = 200, description = "Where the name stood; it is not repeated", body = RedactionView), (status = 410)))]
#[post("/api/v1/redactions")]
pub async fn create_redaction(sent: JsonWrite) -> Result<HttpResponse, Problem> {
    let app = sent.write.app.clone();
    let answer = sent
        .run(move |conn, writing, body| {
            let input: RedactionIn = body.read()?;
            let wide = input.everywhere.unwrap_or(false);
            if wide {
                let registrar = writing.actor.everywhere().ok_or_else(|| {
                    Problem::forbidden("only a registrar removes a name from every record")
                })?;
                writing.ctx.author = registrar.clone();
            }
            let mut issues = Issues::default();
            let target = target(input.target, wide, &mut issues);
            if let Some(target) = &target {
                let version = to_edit(conn, &mut writing.ctx, target)?;
                // What can't be taken back can't wait as a suggestion that repeats the name.
                if writing.ctx.waits {
                    return Err(Problem::forbidden(
                        "in an office with a second pair of eyes its approvers redact, \
                         and registrars",
                    ));
                }
                writing.if_match.check_version(version)?;
            }
            let person = person(input.person, &mut issues);
            let reason = reason(input.reason, person.as_ref(), &mut issues);
            let (person, reason) = issues.finish(person.zip(reason))?;
            if let (Some(target), None) = (&target, writing.actor.everywhere())
                && !records::names(conn, target, &person)?
            {
                return Err(unknown_person());
            }
            let view = redacted(conn, &writing.ctx, target, wide, &person, &reason)?;
            Ok(Written {
                status: StatusCode::OK,
                body: Some(respond::to_value(&view)?),
                etag: None,
                location: None,
            })
        })
        .await?;
    // Nothing of what was redacted stays in memory, nor in the log of the database.
    app.caches.clear();
    thread::spawn(move || app.db.empty_log());
    Ok(answer)
}

fn target(given: Option<String>, wide: bool, issues: &mut Issues) -> Option<PublicId> {
    let given = if wide {
        given?
    } else {
        issues.require("/target", given)?
    };
    let id = given.parse::<PublicId>().ok();
    let id = id.filter(|id| columns::table(id.kind()).is_some());
    if id.is_none() {
        let rule = "must be the id of a partner, an agreement, a network, a membership, an activity, a contact or a \
                    source";
        issues.add("/target", "invalid_id", rule);
    }
    id
}

fn person(given: Option<String>, issues: &mut Issues) -> Option<Person> {
    let name = validate::required_text("/person", given, MAX_NAME, issues)?;
    let person = Person::new(&name);
    if person.is_none() {
        issues.add("/person", "no_name", "must be a name, with letters");
    }
    person
}

fn reason(given: Option<String>, person: Option<&Person>, issues: &mut Issues) -> Option<String> {
    let reason = validate::required_text("/reason", given, MAX_REASON, issues)?;
    if person.is_some_and(|person| person.is_named(&reason) || person.stands_in(&reason)) {
        let rule = "must not hold the name: it is public";
        issues.add("/reason", "names_person", rule);
    }
    Some(reason)
}

/// The version of the record that is named, for somebody who may edit it: 404 unless they see it.
/// One that was withdrawn still holds its names, so that it can be redacted, too.
fn to_edit(conn: &mut DbConn, ctx: &mut Ctx, id: &PublicId) -> Result<i32, Problem> {
    let gone = || Problem::not_found(id.kind().as_str());
    if id.kind() == Kind::Contact {
        let (row, partner) = contacts::find(conn, id)?.ok_or_else(gone)?;
        let head = any::find(conn, &partner)?.ok_or_else(gone)?;
        ctx.viewer
            .must_see(id.kind(), head.state, &head.created_by)?;
        if !contact_scope(conn, &ctx.viewer, &[row.partner_id])?
            .sees(row.contact.visibility, row.partner_id)
        {
            return Err(gone());
        }
        access::may_edit(conn, ctx, &partner)?;
        Problem::unless_published(row.record_state, row.withdrawn_reason.as_deref())?;
        return Ok(row.version);
    }
    let head = any::find(conn, id)?.ok_or_else(gone)?;
    ctx.viewer
        .must_see(id.kind(), head.state, &head.created_by)?;
    let known = head.state != RecordState::Withdrawn
        || ctx.viewer.is_colleague_of(&head.created_by)
        || any::was_public(conn, id)?;
    if !known || head.state == RecordState::Merged {
        return Err(gone());
    }
    access::may_edit(conn, ctx, id)?;
    Ok(head.version)
}

fn unknown_person() -> Problem {
    Problem::invalid(
        "/person",
        "unknown_person",
        "nobody of this name stands there",
    )
}

fn redacted(
    conn: &mut DbConn,
    ctx: &Ctx,
    target: Option<PublicId>,
    wide: bool,
    person: &Person,
    reason: &str,
) -> Result<RedactionView, Problem> {
    let mut those: Vec<PublicId> = target.iter().cloned().collect();
    if wide {
        let found = all_records::find(conn, person)?;
        those.extend(found.into_iter().filter(|id| Some(id) != target.as_ref()));
    }
    let mut done: Vec<RedactedRecord> = Vec::new();
    let mut logs = Logs::default();
    for id in &those {
        done.extend(records::redact(conn, ctx, id, person, reason, &mut logs)?);
    }
    if done.is_empty() {
        return Err(unknown_person());
    }
    logs.erase(conn)?;
    Ok(RedactionView {
        version: done
            .iter()
            .find(|record| Some(&record.target) == target.as_ref())
            .map(|record| record.version),
        places: done.iter().map(|record| record.places).sum(),
        target,
        records: wide.then_some(done),
    })
}
