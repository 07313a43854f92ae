//! Invitations: links by which somebody makes an account where not everybody may, or is given a role from the beginning.

use std::time::Duration;

use audit::Record;
use db::Tx;
use kernel::{Cursor, Error, Locale, Page, Result, UserId};
use mail::{Accepted, Address, Letter};

use crate::access::acting;
use crate::actions::Action;
use crate::codes;
use crate::custom_role::AnyRole;
use crate::email::often;
use crate::events::RolesChanged;
use crate::grants::check_gives;
use crate::invitation::{Invitation, InvitationId, Terms, TypedInvitation};
use crate::letters::InvitedByMail;
use crate::model::User;
use crate::service::Accounts;
use crate::settings::{EmailUse, SignUpUse};
use crate::store;
use crate::store::invitations as stored;
use crate::token::hash;
use crate::warn::address;

const PAGE: usize = 50;
/// So long after it has run out it is still listed, and said why it lets nobody in.
const KEPT: Duration = Duration::from_hours(90 * 24);

/// A link that lets somebody in now.
#[derive(Clone)]
pub struct Invited {
    pub id: InvitationId,
    /// Who invites, where it is not whoever runs the machine.
    pub by: Option<User>,
    pub role: Option<AnyRole>,
    /// Whoever has the link reads its mail.
    pub email: Option<Address>,
}

impl Accounts {
    /// Makes an invitation. The token is for whoever invites to hand on, and shown this once; none where the link is mailed, as then it shows that
    /// the address is of whoever opens it. Nobody invites to a role that they may not give ([`Error::Denied`]).
    ///
    /// Codes: `invitation-uses` (field `uses`), `invitation-days` (`days`), `address-form`, `email-refused`, `email-often` (`email`),
    /// `role-unknown` (`role`).
    pub async fn invite(
        &self,
        by: Option<&User>,
        typed: TypedInvitation<'_>,
        locale: Locale,
    ) -> Result<(InvitationId, Option<String>)> {
        by.map_or(Ok(()), |by| by.require(Action::InviteUsers))?;
        let role = match typed.role {
            "" => None,
            name => match self.find_role(name).await? {
                Some(role) => Some(role),
                None => return Err(Error::invalid("role", codes::ROLE_UNKNOWN)),
            },
        };
        let Terms { most, life, to } = typed.read()?;
        let (token, now) = (self.env.token(), self.env.now());
        let invitation = Invitation {
            id: self.env.id(),
            made_by: by.map(|by| by.id),
            role: role.as_ref().map(ToString::to_string),
            address: to.as_ref().map(|to| to.expose().to_owned()),
            most,
            used: 0,
            created_at: now,
            expires_at: now.plus(life),
            revoked_at: None,
        };
        let id = invitation.id;
        let tx = self.db.write().await?;
        if let Some(role) = &role {
            check_gives(&tx, by, role).await?;
        }
        stored::sweep(&tx, now.minus(KEPT)).await?;
        stored::insert(&tx, &invitation, &hash(&token)).await?;
        let token = match to {
            None => Some(token),
            Some(to) => {
                let by = by.map(|by| by.name.clone());
                let content = InvitedByMail { by, token, until: invitation.expires_at };
                self.mail_invitation(&tx, content, to, locale, id).await?;
                None
            }
        };
        let record = Record::new("invitation.create", "invitation", id).after(invitation.role);
        audit::record(&tx, &self.journal.by(acting(by)), record).await?;
        tx.commit().await?;
        Ok((id, token))
    }

    async fn mail_invitation(
        &self,
        tx: &Tx,
        content: InvitedByMail,
        to: Address,
        locale: Locale,
        id: InvitationId,
    ) -> Result<()> {
        let letter = Letter::new(&content, to, locale)?.with_key(id.to_string());
        match self.outbox()?.enqueue(tx, &letter).await {
            Ok(Accepted::Queued(_)) => Ok(()),
            Ok(Accepted::Refused(_)) => Err(Error::invalid("email", codes::EMAIL_REFUSED)),
            Err(Error::TooMany(wait)) => Err(often(wait)),
            Err(error) => Err(error),
        }
    }

    /// Newest first, also those that let nobody in any more.
    pub async fn invitations(&self, from: Cursor) -> Result<Page<Invitation>> {
        let found = stored::list(&self.db, from, PAGE + 1).await?;
        Ok(Page::cut(found, PAGE, |one| Cursor { key: 0, id: one.id.raw() }))
    }

    /// The same of those that a user made.
    pub async fn invitations_by(&self, user: UserId, from: Cursor, limit: usize) -> Result<Page<Invitation>> {
        let found = stored::list_by(&self.db, user, from, limit + 1).await?;
        Ok(Page::cut(found, limit, |one| Cursor { key: 0, id: one.id.raw() }))
    }

    /// From now on it lets nobody in; a mail that was not sent yet is not sent.
    pub async fn revoke_invitation(&self, by: Option<&User>, id: InvitationId) -> Result<()> {
        by.map_or(Ok(()), |by| by.require(Action::InviteUsers))?;
        let tx = self.db.write().await?;
        if !stored::revoke(&tx, id, self.env.now()).await? {
            return Err(Error::NotFound);
        }
        if let Some(outbox) = &self.outbox {
            outbox.withdraw_keyed(&tx, "invited", &id.to_string()).await?;
        }
        let record = Record::new("invitation.revoke", "invitation", id);
        audit::record(&tx, &self.journal.by(acting(by)), record).await?;
        tx.commit().await
    }

    /// What a link would do; changes nothing. Codes of the field `invitation`: `invitation-unknown`, `invitation-revoked`, `invitation-used`,
    /// `invitation-late`. Conflict `sign-up-closed` where nobody may sign up.
    pub async fn check_invitation(&self, token: &str) -> Result<Invited> {
        self.check_invitation_hash(&hash(token)).await
    }

    /// The same by the hash that was carried along.
    pub async fn check_invitation_hash(&self, hash: &str) -> Result<Invited> {
        if self.sign_up_use() == SignUpUse::Closed {
            return Err(Error::Conflict(codes::SIGN_UP_CLOSED));
        }
        let wrong = |code| Error::invalid("invitation", code);
        let found = stored::by_hash(&self.db, hash).await?;
        let found = found.ok_or_else(|| wrong(codes::INVITATION_UNKNOWN))?;
        if let Some(code) = found.wrong(self.env.now()) {
            return Err(wrong(code));
        }
        // What its maker may not do any more, it does not do either.
        let by = match found.made_by {
            None => None,
            Some(by) => {
                let by = self.find(by).await?.filter(|by| {
                    by.suspended_at.is_none() && by.deleted_at.is_none() && by.may(Action::InviteUsers)
                });
                let by = by.ok_or_else(|| wrong(codes::INVITATION_REVOKED))?;
                // Nobody acts for one who asked to be deleted.
                if self.deletion(by.id).await?.is_some() {
                    return Err(wrong(codes::INVITATION_REVOKED));
                }
                Some(by)
            }
        };
        let role = match &found.role {
            None => None,
            Some(name) => {
                let role = self.find_role(name).await?;
                Some(role.ok_or_else(|| wrong(codes::INVITATION_REVOKED))?)
            }
        };
        let email = match &found.address {
            Some(stored) if self.email_use() != EmailUse::Off => Some(address(stored)?),
            _ => None,
        };
        Ok(Invited { id: found.id, by, role, email })
    }

    /// Whoever has just been made came by it: the user, with what it gives, and what is to be written down last of all.
    pub(crate) async fn use_invitation(
        &self,
        tx: &Tx,
        invited: &Invited,
        user: User,
    ) -> Result<(User, Record)> {
        let revoked = || Error::invalid("invitation", codes::INVITATION_REVOKED);
        if !stored::use_up(tx, invited.id, self.env.now()).await? {
            return Err(Error::invalid("invitation", codes::INVITATION_USED));
        }
        let record = Record::new("invitation.use", "invitation", invited.id)
            .after(invited.role.as_ref().map(ToString::to_string));
        let Some(role) = &invited.role else { return Ok((user, record)) };
        // What its maker may do now: hashing a password took a while.
        let by = match &invited.by {
            Some(by) => Some(store::find(tx, by.id).await?.ok_or_else(revoked)?),
            None => None,
        };
        match check_gives(tx, by.as_ref(), role).await {
            Err(Error::Denied | Error::NotFound) => return Err(revoked()),
            checked => checked?,
        }
        match role {
            AnyRole::BuiltIn(role) => store::grant(tx, user.id, *role).await?,
            AnyRole::Custom(name) => store::grant_custom(tx, user.id, name).await?,
        }
        let user = store::find(tx, user.id).await?.ok_or(Error::NotFound)?;
        let changed =
            RolesChanged { id: user.id, roles: user.roles, custom: user.custom_roles.clone().into() };
        self.journal.or_by(user.id).append(tx, &changed).await?;
        Ok((user, record))
    }
}

#[cfg(test)]
mod tests;
