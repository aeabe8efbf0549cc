//! `twincity user add|list|disable`: to start without a log-in.

use std::io::BufRead;

use clap::{Args, Subcommand};

use super::{CliError, line, open_migrated};
use crate::access::users::store::{self, NewUser};
use crate::access::users::types;
use crate::access::{organisations, passwords};
use crate::changes::Ctx;
use crate::config::DatabaseConfig;
use crate::core::clock::{Clock, SystemClock};
use crate::core::ids::PublicId;
use crate::core::issue::Issues;
use crate::core::vocabulary::record::Role;
use crate::db::Db;
use crate::http::problem::Problem;

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a user who logs in with a password
    Add(Add),
    /// List users
    List,
    /// Lock a user out: sessions and keys end at once
    Disable {
        /// The user's id, or the address of mail
        #[arg(value_name = "USER")]
        user: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The address to log in with
    #[arg(long)]
    email: String,
    /// What the person, or the post, is called
    #[arg(long)]
    name: String,
    /// What the user may do: editor, approver, registrar or admin
    #[arg(long)]
    role: Role,
    /// The partner whose office the user belongs to, which is opened if need be; needed by editors
    /// and approvers
    #[arg(long, value_name = "PTN")]
    organisation: Option<PublicId>,
    /// The language of mail: en or pl
    #[arg(long, default_value = "en")]
    lang: String,
}

impl User {
    pub(super) fn run(self, config: &DatabaseConfig) -> Result<(), CliError> {
        let db = open_migrated(config)?;
        match self {
            Self::Add(add) => add.run(&db),
            Self::List => list(&db),
            Self::Disable { user } => disable(&db, user),
        }
    }
}

impl Add {
    fn run(self, db: &Db) -> Result<(), CliError> {
        let office = self.role < Role::Registrar;
        if office != self.organisation.is_some() {
            return Err(CliError::usage(if office {
                format!("an {} needs --organisation", self.role)
            } else {
                format!("a {} belongs to no organisation", self.role)
            }));
        }
        let mut issues = Issues::default();
        let email = types::email("--email", &self.email, &mut issues);
        let lang = types::lang("--lang", Some(self.lang), &mut issues);
        let name = crate::http::validate::text("--name", Some(self.name), 200, &mut issues);
        let wrong = |problem: Problem| CliError::usage(problem.to_string());
        let (email, name) = issues.finish(email.zip(name)).map_err(wrong)?;
        let hash = password(&email)?;
        let (role, organisation) = (self.role, self.organisation);
        let ctx = Ctx::system(Role::Admin, SystemClock.now());
        let added = db.write_blocking(move |conn| -> Result<_, Problem> {
            if store::by_email(conn, &email)?.is_some() {
                return Err(Problem::new(crate::http::code::Code::IdentifierTaken)
                    .detail("another user has this address"));
            }
            let roles = match &organisation {
                None => Vec::new(),
                Some(partner) => vec![(organisations::opened(conn, &ctx, partner)?, role)],
            };
            let mut new = NewUser::new(&name, organisation.is_none().then_some(role), roles);
            new.email = Some(email);
            new.lang = lang;
            Ok(store::insert(conn, &ctx, &new, Some(&hash), None)?)
        })?;
        line(added.public_id.as_str())
    }
}

/// Reads the password from standard input, where no list of processes shows it; its hash.
fn password(email: &str) -> Result<String, CliError> {
    use std::io::IsTerminal;
    if std::io::stdin().is_terminal() {
        tracing::info!("type the password and press Enter");
    }
    let mut given = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut given)
        .map_err(|error| CliError::failed(format!("can't read the password: {error}")))?;
    let given = given.trim_end_matches(['\r', '\n']).to_owned();
    let mut issues = Issues::default();
    let good = passwords::check("password", Some(given), Some(email), &mut issues);
    let refused = || format!("the password on standard input: {}", Problem::from(issues));
    let good = good.ok_or_else(|| CliError::usage(refused()))?;
    Ok(passwords::hash_now(&good)?)
}

fn list(db: &Db) -> Result<(), CliError> {
    let all = db.read_blocking(|conn| -> Result<_, Problem> {
        let rows = store::all(conn)?;
        Ok(types::views(conn, rows)?)
    })?;
    line("id\tstate\troles\temail\tname")?;
    for user in all {
        let mut roles: Vec<String> = user
            .roles
            .iter()
            .map(|role| format!("{}@{}", role.role, role.organisation_id))
            .collect();
        roles.extend(user.registry_role.map(|role| role.to_string()));
        line(&format!(
            "{}\t{}\t{}\t{}\t{}",
            user.id,
            if user.active { "active" } else { "disabled" },
            roles.join(","),
            user.email.as_deref().unwrap_or("-"),
            user.name
        ))?;
    }
    Ok(())
}

fn disable(db: &Db, user: String) -> Result<(), CliError> {
    let ctx = Ctx::system(Role::Admin, SystemClock.now());
    let shown = user.clone();
    let done = db.write_blocking(move |conn| -> Result<bool, Problem> {
        let row = match user.parse::<PublicId>() {
            Ok(id) => store::find(conn, &id)?,
            Err(_) => store::by_email(conn, &types::canonical_email(&user))?,
        };
        let Some(row) = row.filter(|row| row.active) else {
            return Ok(false);
        };
        let new = store::unchanged(&row, false);
        store::update(conn, &ctx, &row, &new).map(|_disabled| true)
    })?;
    if !done {
        return Err(CliError::failed(format!("there is no active user {shown}")));
    }
    line(&format!("disabled {shown}"))
}
