//! Roles: given, taken, and made of actions.
//!
//! `by` is who does it, or `None` for whoever runs commands on the machine. Nobody gives, takes or changes a role that lets do what they
//! may not do themselves ([`Error::Denied`]).

use audit::Record;
use db::Tx;
use kernel::{Error, Invalid, Result, Slug, UserId};

use crate::access::{acting, is_last_operator};
use crate::actions::{Action, Actions};
use crate::codes;
use crate::custom_role::{AnyRole, CustomRole, TypedRole};
use crate::events::{CustomRoleChanged, RolesChanged};
use crate::model::User;
use crate::role::Role;
use crate::service::Accounts;
use crate::store;

/// Roles that a site has at most, beside the built-in ones: a table shows them all.
const MOST: usize = 30;

impl User {
    /// Whether the user may give a role and take it. Of a custom one, `actions` are those that it has.
    pub fn may_give(&self, role: &AnyRole, actions: Actions) -> bool {
        // An operator may do what later versions add, too.
        let above = *role == AnyRole::BuiltIn(Role::Operator) && !self.roles.has(Role::Operator);
        self.may(Action::ManagePermissions) && !above && self.actions().has_all(actions)
    }
}

impl Accounts {
    /// Conflict `user-deleted`.
    pub async fn grant(&self, by: Option<&User>, id: UserId, role: impl Into<AnyRole>) -> Result<()> {
        let role = role.into();
        let tx = self.db.write().await?;
        check_gives(&tx, by, &role).await?;
        let user = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        if user.deleted_at.is_some() {
            return Err(Error::Conflict(codes::USER_DELETED));
        }
        match &role {
            AnyRole::BuiltIn(role) => store::grant(&tx, id, *role).await?,
            AnyRole::Custom(name) => store::grant_custom(&tx, id, name).await?,
        }
        self.tell(tx, by, id, Record::new("user.grant", "user", id).after(role.to_string())).await
    }

    /// Conflict `operator-last` where nobody else could look after the site.
    pub async fn revoke(&self, by: Option<&User>, id: UserId, role: impl Into<AnyRole>) -> Result<()> {
        let role = role.into();
        let tx = self.db.write().await?;
        check_gives(&tx, by, &role).await?;
        let user = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        by.map_or(Ok(()), |by| by.may_look_after(&user))?;
        match &role {
            AnyRole::BuiltIn(Role::Operator) if is_last_operator(&tx, &user).await? => {
                return Err(Error::Conflict(codes::OPERATOR_LAST));
            }
            AnyRole::BuiltIn(role) => store::revoke(&tx, id, *role).await?,
            AnyRole::Custom(name) => store::revoke_custom(&tx, id, name).await?,
        }
        self.tell(tx, by, id, Record::new("user.revoke", "user", id).before(role.to_string())).await
    }

    /// Commits, and tells which roles the user holds now.
    async fn tell(&self, tx: Tx, by: Option<&User>, id: UserId, record: Record) -> Result<()> {
        let user = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
        let changed = RolesChanged { id, roles: user.roles, custom: user.custom_roles.into() };
        let journal = self.journal.by(acting(by));
        journal.append(&tx, &changed).await?;
        audit::record(&tx, &journal, record).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }

    /// The roles that the site made, by name.
    pub async fn custom_roles(&self) -> Result<Vec<CustomRole>> {
        store::custom_roles(&self.db).await
    }

    pub async fn get_custom_role(&self, name: &Slug) -> Result<CustomRole> {
        store::custom_role(&self.db, name).await?.ok_or(Error::NotFound)
    }

    /// The role of that name, of either kind.
    pub async fn find_role(&self, name: &str) -> Result<Option<AnyRole>> {
        let role = AnyRole::named(name);
        if let Some(AnyRole::Custom(name)) = &role
            && store::custom_role(&self.db, name).await?.is_none()
        {
            return Ok(None);
        }
        Ok(role)
    }

    /// How many users hold a role that the site made.
    pub async fn count_holding(&self, name: &Slug) -> Result<i64> {
        store::count_holding(&self.db, name).await
    }

    /// Makes a role. Codes: `slug-form`, `role-taken`, `roles-many` (field `slug`), `name-empty`, `name-long` (`title`), `role-empty`
    /// (`actions`).
    pub async fn create_role(&self, by: Option<&User>, typed: TypedRole<'_>) -> Result<CustomRole> {
        by.map_or(Ok(()), |by| by.require(Action::ManagePermissions))?;
        let role = typed.check()?;
        check_makes(by, &role)?;
        let tx = self.db.write().await?;
        let mut many = Invalid::default();
        if store::custom_roles(&tx).await?.len() >= MOST {
            many.add_limit("slug", codes::ROLES_MANY, MOST as i64);
        }
        many.check()?;
        store::insert_custom_role(&tx, &role, self.env.now()).await.map_err(|error| match error {
            Error::Conflict(_) => Error::invalid("slug", codes::ROLE_TAKEN),
            other => other,
        })?;
        let record = Record::new("role.create", "role", &role.name).after(names(role.actions));
        self.tell_of_role(tx, by, &role.name, record).await?;
        Ok(role)
    }

    /// What it is called and what it lets do; whoever holds it may do that from now on. Codes as for [`Accounts::create_role`].
    pub async fn update_role(&self, by: Option<&User>, name: &Slug, typed: TypedRole<'_>) -> Result<()> {
        let tx = self.db.write().await?;
        check_gives(&tx, by, &name.clone().into()).await?;
        let role = TypedRole { name: name.as_str(), ..typed }.check()?;
        check_makes(by, &role)?;
        let before = store::custom_role(&tx, name).await?.map(|role| role.actions).unwrap_or_default();
        store::update_custom_role(&tx, &role, self.env.now()).await?;
        let record =
            Record::new("role.change", "role", name).before(names(before)).after(names(role.actions));
        self.tell_of_role(tx, by, name, record).await
    }

    /// Whoever held it holds it no more.
    pub async fn delete_role(&self, by: Option<&User>, name: &Slug) -> Result<()> {
        let tx = self.db.write().await?;
        check_gives(&tx, by, &name.clone().into()).await?;
        store::delete_custom_role(&tx, name).await?;
        self.tell_of_role(tx, by, name, Record::new("role.delete", "role", name)).await
    }

    async fn tell_of_role(&self, tx: Tx, by: Option<&User>, name: &Slug, record: Record) -> Result<()> {
        let changed = CustomRoleChanged { name: name.clone() };
        let journal = self.journal.by(acting(by));
        journal.append(&tx, &changed).await?;
        audit::record(&tx, &journal, record).await?;
        tx.commit().await?;
        self.forget_viewers();
        Ok(())
    }
}

fn names(actions: Actions) -> String {
    actions.iter().map(Action::name).collect::<Vec<_>>().join(" ")
}

/// [`Error::NotFound`] where there is no such role.
pub(crate) async fn check_gives(on: &Tx, by: Option<&User>, role: &AnyRole) -> Result<()> {
    // Who may not at all learns nothing of which roles there are.
    by.map_or(Ok(()), |by| by.require(Action::ManagePermissions))?;
    let actions = match role {
        AnyRole::BuiltIn(role) => role.actions(),
        AnyRole::Custom(name) => store::custom_role(on, name).await?.ok_or(Error::NotFound)?.actions,
    };
    if by.is_none_or(|by| by.may_give(role, actions)) { Ok(()) } else { Err(Error::Denied) }
}

fn check_makes(by: Option<&User>, role: &CustomRole) -> Result<()> {
    if by.is_none_or(|by| by.actions().has_all(role.actions)) { Ok(()) } else { Err(Error::Denied) }
}

#[cfg(test)]
mod tests;
