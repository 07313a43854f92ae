//! An invitation, and what somebody types who makes one.

use std::time::Duration;

use db::FromQueryResult;
use kernel::{Error, Id, Invalid, Result, Time, UserId};
use mail::Address;
use serde::Serialize;

use crate::codes;

const DAY: Duration = Duration::from_hours(24);
/// How many may come by one link.
const MOST: i64 = 1_000;
/// How long it may be good (days).
const LONGEST: i64 = 365;

#[doc(hidden)]
pub enum InvitationMarker {}
pub type InvitationId = Id<InvitationMarker>;

/// A link by which somebody may make an account. The link itself is shown once and never stored.
#[derive(Clone, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Invitation {
    pub id: InvitationId,
    /// Nobody: whoever runs the machine.
    pub made_by: Option<UserId>,
    /// What whoever comes by it holds from the beginning.
    pub role: Option<String>,
    /// Whom it was mailed to, until it is used.
    pub address: Option<String>,
    /// How many may come.
    pub most: i64,
    /// How many came.
    pub used: i64,
    pub created_at: Time,
    pub expires_at: Time,
    pub revoked_at: Option<Time>,
}

impl Invitation {
    /// Why it lets nobody in, where it does not: a code of the field `invitation`.
    pub fn wrong(&self, now: Time) -> Option<&'static str> {
        if self.revoked_at.is_some() {
            Some(codes::INVITATION_REVOKED)
        } else if self.used >= self.most {
            Some(codes::INVITATION_USED)
        } else if self.expires_at <= now {
            Some(codes::INVITATION_LATE)
        } else {
            None
        }
    }
}

/// What a form says of a new one.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedInvitation<'a> {
    /// How many may come by it.
    pub uses: &'a str,
    /// How many days it is good.
    pub days: &'a str,
    /// Whom it is mailed to: then it is good once, and shows that the address is theirs.
    pub email: &'a str,
    /// A role of either kind, or nothing.
    pub role: &'a str,
}

/// The same, read.
pub(crate) struct Terms {
    pub most: i64,
    pub life: Duration,
    pub to: Option<Address>,
}

impl TypedInvitation<'_> {
    /// Codes: `invitation-uses` (field `uses`), `invitation-days` (`days`), `address-form` (`email`).
    pub(crate) fn read(self) -> Result<Terms> {
        let mut errors = Invalid::default();
        let uses = number(self.uses).filter(|n| (1..=MOST).contains(n));
        let days = number(self.days).filter(|n| (1..=LONGEST).contains(n));
        if uses.is_none() {
            errors.add_limit("uses", codes::INVITATION_USES, MOST);
        }
        if days.is_none() {
            errors.add_limit("days", codes::INVITATION_DAYS, LONGEST);
        }
        let email = self.email.trim();
        let to = Address::parse(email).ok();
        if to.is_none() && !email.is_empty() {
            errors.add("email", mail::codes::ADDRESS_FORM);
        }
        errors.check()?;
        let (most, days) = uses.zip(days).ok_or(Error::NotFound)?;
        // Whoever reads the mail of the address is one.
        Ok(Terms { most: if to.is_some() { 1 } else { most }, life: DAY * days as u32, to })
    }
}

fn number(typed: &str) -> Option<i64> {
    typed.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_with_an_invitation_is_told() {
        let wrong = |typed: TypedInvitation<'_>| match typed.read().err().unwrap() {
            Error::Invalid(errors) => errors.0.into_iter().map(|e| (e.field, e.code)).collect::<Vec<_>>(),
            other => panic!("{other}"),
        };
        let typed = TypedInvitation { uses: "0", days: "366", email: "ann@", role: "" };
        assert_eq!(
            wrong(typed),
            [("uses", "invitation-uses"), ("days", "invitation-days"), ("email", "address-form")]
        );
        let plain = TypedInvitation { uses: "1", days: " 7", ..TypedInvitation::default() };
        assert_eq!(wrong(TypedInvitation { uses: "many", ..plain }), [("uses", "invitation-uses")]);
        assert_eq!(wrong(TypedInvitation { days: "", ..plain }), [("days", "invitation-days")]);
        let read = plain.read().unwrap();
        assert_eq!((read.most, read.life, read.to.is_none()), (1, DAY * 7, true));
        let mailed = TypedInvitation { uses: "9", email: " ann@example.org", ..plain };
        assert_eq!(mailed.read().unwrap().most, 1, "an address is one person's");
    }
}
