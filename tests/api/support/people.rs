//! Offices and the people in them.

use serde_json::json;
use twincity::access::organisations::store as organisations;
use twincity::access::sessions::store as sessions;
use twincity::access::users::store::{self as users, NewUser};
use twincity::changes::Ctx;
use twincity::core::ids::PublicId;
use twincity::core::vocabulary::record::Role;
use twincity::http::problem::Problem;

use super::{Caller, TestApp};

/// Somebody who is logged in.
pub struct Member<'a> {
    /// The user.
    pub id: String,
    /// Whoever sends requests with it.
    pub caller: Caller<'a>,
}

impl TestApp {
    /// The office of this partner, which is opened.
    pub async fn office(&self, partner: &str, four_eyes: bool) {
        self.as_admin()
            .post(
                "/api/v1/organisations",
                json!({"partner_id": partner, "four_eyes": four_eyes}),
            )
            .await
            .expect(201);
    }

    /// A new user with this role, who is logged in: in an office that is open, or for the registry.
    pub fn member(&self, role: Role, office: Option<&str>) -> Member<'_> {
        let roles: Vec<(&str, Role)> = office.map(|office| (office, role)).into_iter().collect();
        self.member_of(office.is_none().then_some(role), &roles)
    }

    /// A new user with these roles, who is logged in.
    pub fn member_of(&self, registry_role: Option<Role>, roles: &[(&str, Role)]) -> Member<'_> {
        let roles: Vec<(PublicId, Role)> = roles
            .iter()
            .map(|(office, role)| (office.parse().unwrap(), *role))
            .collect();
        let now = self.app.now();
        let (id, token) = self
            .write(move |conn| -> Result<_, Problem> {
                let mut keys = Vec::new();
                for (office, role) in &roles {
                    keys.push((organisations::find(conn, office)?.unwrap().id, *role));
                }
                let new = NewUser::new("A. Member", registry_role, keys);
                let ctx = Ctx::system(Role::Admin, now);
                let user = users::insert(conn, &ctx, &new, None, None)?;
                let (_, token) = sessions::begin(conn, user.id, None, now)?;
                Ok((user.public_id.to_string(), token))
            })
            .unwrap();
        Member {
            id,
            caller: self.with_key(&token),
        }
    }
}
