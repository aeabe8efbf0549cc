//! Records as they are kept in memory: what everybody sees of them, as JSON.
//!
//! Which records stand on a page, and whether they have changed, is asked of the database each time;
//! only what is shown of them is taken from what is kept.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Bytes;
use diesel::QueryResult;

use super::readable::{Readable, Show, shown};
use super::{Row, apply};
use crate::cache::{Caches, Form, Fragment, FragmentKey, Fragments};
use crate::core::ids::PublicId;
use crate::core::vocabulary::record::RecordState;
use crate::db::DbConn;
use crate::http::extract::ReadRequest;
use crate::http::listing::{Key, Listed, Listing};
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::respond::{self, Rendered, Validator};

/// What is kept, when it is what is asked for: records as everybody sees them, in no language and on no
/// day in particular, with nothing embedded and nothing left out.
pub(super) fn of<'c, R: Readable>(
    caches: &'c Caches,
    show: &Show<'_>,
    fields: Option<&str>,
) -> Option<&'c Fragments> {
    let plain = R::IS_SHARED
        && !show.viewer.is_staff()
        && show.lang.is_none()
        && show.as_of.is_none()
        && show.includes.is_empty()
        && fields.is_none();
    Some(&caches.fragments).filter(|fragments| plain && fragments.is_on())
}

fn key_of<R: Readable>(key: Key, form: Form, show: &Show<'_>) -> FragmentKey {
    FragmentKey {
        kind: R::KIND,
        id: key.id,
        version: key.version,
        rev: key.rev,
        form,
        day: show.today,
    }
}

/// A row of a page, read or kept.
struct Shown {
    id: i64,
    fragment: Arc<Fragment>,
}

impl Listed for Shown {
    fn id(&self) -> i64 {
        self.id
    }

    fn public_id(&self) -> &PublicId {
        &self.fragment.record
    }

    fn sort_value(&self, key: &str, descending: bool) -> String {
        let found = self.fragment.order.iter().find(|(name, ..)| *name == key);
        found.map_or_else(String::new, |(_, up, down)| {
            if descending { down.clone() } else { up.clone() }
        })
    }
}

/// What a row's lists can sort it by.
fn order_of<R: Readable>(row: &R::Row) -> Vec<(&'static str, String, String)> {
    let keys = R::SORTING.keys.iter().map(|key| key.name);
    keys.map(|key| (key, row.sort_value(key, false), row.sort_value(key, true)))
        .collect()
}

fn keep<R: Readable>(
    fragments: &Fragments,
    key: FragmentKey,
    row: &R::Row,
    validator: Validator,
    view: &R::View,
) -> Result<Arc<Fragment>, Problem> {
    let order = match key.form {
        Form::Listed => order_of::<R>(row),
        Form::Item => Vec::new(),
    };
    let fragment = Fragment {
        record: row.public_id().clone(),
        validator,
        order,
        json: respond::to_bytes(view)?,
    };
    Ok(fragments.keep(key, fragment))
}

/// A page of fragments; those that are not kept are made together.
pub(super) fn page<R: Readable>(
    conn: &mut DbConn,
    listing: Listing<'_>,
    load: impl FnOnce(&mut DbConn, &[i64]) -> QueryResult<Vec<R::Row>>,
    show: &Show<'_>,
    fragments: &Fragments,
) -> Result<Rendered, Problem> {
    let found: Page<Shown> = listing.versioned().page_of_keys(conn, |conn, keys| {
        let mut all = Vec::with_capacity(keys.len());
        let mut missing = HashMap::new();
        for key in keys {
            let key = key_of::<R>(*key, Form::Listed, show);
            match fragments.get(&key) {
                Some(fragment) => all.push(Shown {
                    id: key.id,
                    fragment,
                }),
                None => drop(missing.insert(key.id, key)),
            }
        }
        if missing.is_empty() {
            return Ok(all);
        }
        let ids: Vec<i64> = missing.keys().copied().collect();
        let rows = load(conn, &ids)?;
        let views = R::views(conn, rows.clone(), show)?;
        for (row, view) in rows.iter().zip(&views) {
            let Some(key) = missing.get(&row.id()) else {
                continue;
            };
            let fragment = keep::<R>(fragments, *key, row, row.validator(false), view)?;
            all.push(Shown {
                id: row.id(),
                fragment,
            });
        }
        Ok(all)
    })?;
    let records = found.data.iter().map(|row| &row.fragment.json);
    respond::joined(records, found.page, found.total)
}

/// One record with what identifies it; without its bytes when the answer needs none.
pub(super) fn item<R: Readable>(
    conn: &mut DbConn,
    fragments: &Fragments,
    request: &ReadRequest,
    id: &PublicId,
    show: &Show<'_>,
) -> Result<(Option<Bytes>, Validator), Problem> {
    let stamp = R::Row::stamp(conn, id)?;
    // What is not published is not for everybody, or is somewhere else.
    let key = stamp
        .filter(|(state, _)| *state == RecordState::Published)
        .map(|(_, key)| key_of::<R>(key, Form::Item, show));
    let kept = key.as_ref().and_then(|key| fragments.get(key));
    if let Some(fragment) = kept {
        let validator = fragment.validator.clone();
        let settled = respond::is_settled(request, &validator);
        let body = (!settled).then(|| fragment.json.clone());
        return Ok((body, validator));
    }
    let row = apply::find::<R>(conn, id)?;
    let (view, validator) = shown::<R>(conn, request, row.clone(), show)?;
    let Some(view) = view else {
        return Ok((None, validator));
    };
    let body = match key {
        Some(key) => keep::<R>(fragments, key, &row, validator.clone(), &view)?
            .json
            .clone(),
        None => respond::to_bytes(&view)?,
    };
    Ok((Some(body), validator))
}
