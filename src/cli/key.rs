//! `twincity key create|list|revoke`.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use clap::{Args, Subcommand};

use super::{CliError, line, open_migrated};
use crate::access::keys::store::{self as keys, NewKey};
use crate::changes::records;
use crate::config::DatabaseConfig;
use crate::core::clock::{Clock, SystemClock};
use crate::core::ids::{Kind, PublicId};
use crate::core::text::fits;
use crate::core::vocabulary::record::Role;
use crate::db::Db;

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make a key and print it: it is not shown again
    Create(Create),
    /// List keys, the newest last
    List,
    /// Take a key back
    Revoke {
        /// The key's id, as `list` shows it
        #[arg(value_name = "KEY_ID")]
        id: PublicId,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// What it may do: editor, approver, registrar or admin
    #[arg(long)]
    role: Role,
    /// The partner whose office it belongs to; needed by editors and approvers
    #[arg(long, value_name = "PTN")]
    organisation: Option<PublicId>,
    /// What to call it in lists
    #[arg(long, default_value = "unnamed")]
    name: String,
    /// The last day on which it works (2027-01-31), or for how many days (P90D)
    #[arg(long, value_name = "DATE")]
    expires: Option<Expiry>,
}

/// When a key stops working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expiry {
    /// At the end of this day, in UTC.
    After(NaiveDate),
    /// So many days from now.
    Days(u32),
}

impl std::str::FromStr for Expiry {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let days = text
            .strip_prefix('P')
            .and_then(|rest| rest.strip_suffix('D'));
        match days {
            Some(days) => days
                .parse()
                .ok()
                .filter(|days| (1..=36_500).contains(days))
                .map(Self::Days),
            None => text.parse().ok().map(Self::After),
        }
        .ok_or("must be a day such as 2027-01-31, or a number of days such as P90D")
    }
}

impl Expiry {
    fn at(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::After(day) => day
                .checked_add_days(Days::new(1))
                .map(|next| next.and_time(NaiveTime::MIN).and_utc()),
            Self::Days(days) => now.checked_add_signed(TimeDelta::days(i64::from(days))),
        }
        .filter(|end| *end > now)
    }
}

impl Key {
    pub(super) fn run(self, config: &DatabaseConfig) -> Result<(), CliError> {
        let db = open_migrated(config)?;
        let now = SystemClock.now();
        match self {
            Self::Create(create) => create.run(&db, now),
            Self::List => list(&db, now),
            Self::Revoke { id } => revoke(&db, id, now),
        }
    }
}

impl Create {
    fn run(self, db: &Db, now: DateTime<Utc>) -> Result<(), CliError> {
        let name = self.name.trim().to_owned();
        if !fits(&name, 200) || name.contains(char::is_control) {
            return Err(CliError::usage(
                "--name must be text of 1 to 200 characters",
            ));
        }
        if self.organisation.is_none() && matches!(self.role, Role::Editor | Role::Approver) {
            return Err(CliError::usage(format!(
                "a key for an {} needs --organisation",
                self.role
            )));
        }
        let mut new = NewKey::new(name, self.role, self.organisation);
        if let Some(expiry) = self.expires {
            let end = expiry.at(now);
            let past = || CliError::usage("--expires must be in the future");
            new.expires_at = Some(end.ok_or_else(past)?);
        }
        let (id, secret) = db.write_blocking(move |conn| -> Result<_, CliError> {
            if let Some(partner) = &new.organisation
                && records::published(conn, Kind::Partner, Some(partner.as_str()))?.is_none()
            {
                return Err(CliError::failed(format!("there is no partner {partner}")));
            }
            Ok(keys::create(conn, &new, now)?)
        })?;
        line(id.as_str())?;
        line(&secret)
    }
}

fn list(db: &Db, now: DateTime<Utc>) -> Result<(), CliError> {
    let all = db.read_blocking(|conn| -> Result<_, CliError> { Ok(keys::list(conn)?) })?;
    let day = |time: Option<NaiveDateTime>| {
        time.map_or_else(|| "-".to_owned(), |time| time.date().to_string())
    };
    line("id\trole\torganisation\tstate\tcreated\texpires\tlast used\tname")?;
    for key in all {
        let state = match (key.is_valid_at(now), key.revoked_at) {
            (true, _) => "valid",
            (false, Some(_)) => "revoked",
            (false, None) => "expired",
        };
        line(&format!(
            "{}\t{}\t{}\t{state}\t{}\t{}\t{}\t{}",
            key.public_id,
            key.role,
            key.organisation.as_ref().map_or("-", PublicId::as_str),
            day(Some(key.created_at)),
            day(key.expires_at),
            day(key.last_used_at),
            key.name,
        ))?;
    }
    Ok(())
}

fn revoke(db: &Db, id: PublicId, now: DateTime<Utc>) -> Result<(), CliError> {
    let shown = id.clone();
    let revoked = db.write_blocking(move |conn| -> Result<bool, CliError> {
        Ok(keys::revoke(conn, &id, now)?)
    })?;
    if !revoked {
        return Err(CliError::failed(format!(
            "there is no key {shown} that still works"
        )));
    }
    line(&format!("revoked {shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_works_until_the_end_of_its_last_day() {
        let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
        let at = |text: &str| {
            text.parse::<Expiry>()
                .unwrap()
                .at(now)
                .map(|end| end.to_rfc3339())
        };
        assert_eq!(
            at("2026-11-24").as_deref(),
            Some("2026-11-25T00:00:00+00:00")
        );
        assert_eq!(at("P90D").as_deref(), Some("2027-02-22T12:00:00+00:00"));
        assert_eq!(at("2026-11-23"), None);
        for wrong in ["", "P0D", "P-1D", "PD", "90", "2026-13-01", "tomorrow"] {
            assert!(wrong.parse::<Expiry>().is_err(), "{wrong}");
        }
    }
}
