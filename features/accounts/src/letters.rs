//! Mail about accounts. What stands in it is kept until it is sent: tokens are in links alone.

use kernel::{Locale, Time};
use mail::Content;
use serde::Serialize;

/// Asks whether an address is somebody's: a link, or a code to type where they are signed in.
#[derive(Serialize)]
pub struct VerifyEmail {
    /// Who says that it is theirs.
    pub handle: String,
    pub token: String,
    pub code: String,
}

impl Content for VerifyEmail {
    const TEMPLATE: &'static str = "verify";

    fn samples(_: Locale) -> Vec<Self> {
        let sample = |handle: &str| Self { handle: handle.into(), token: token(), code: "042317".into() };
        vec![sample("linqiu"), sample(&"长".repeat(40))]
    }
}

/// Somebody says that an address is theirs which another account has. Only whoever reads its mail is told.
#[derive(Serialize)]
pub struct EmailInUse {
    /// Whose it is.
    pub handle: String,
    /// Who says that it is theirs.
    pub asked_by: String,
}

impl Content for EmailInUse {
    const TEMPLATE: &'static str = "email_in_use";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { handle: "linqiu".into(), asked_by: "长".repeat(40) }]
    }
}

/// Goes to the address of before.
#[derive(Serialize)]
pub struct EmailChanged {
    pub handle: String,
    pub at: Time,
    /// There is none now.
    pub removed: bool,
}

impl Content for EmailChanged {
    const TEMPLATE: &'static str = "email_changed";

    fn samples(_: Locale) -> Vec<Self> {
        let sample = |removed| Self { handle: "linqiu".into(), at: moment(), removed };
        vec![sample(false), sample(true)]
    }
}

/// A link to set a new password.
#[derive(Serialize)]
pub struct ResetPassword {
    pub handle: String,
    pub token: String,
}

impl Content for ResetPassword {
    const TEMPLATE: &'static str = "reset";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { handle: "linqiu".into(), token: token() }]
    }
}

/// A new password was set.
#[derive(Serialize)]
pub struct PasswordReset {
    pub handle: String,
    pub at: Time,
    /// By such a link; else in the settings.
    pub by_link: bool,
    /// Browser and system, where they are known.
    pub agent: Option<String>,
    /// Whence, in the reader's language.
    pub region: Option<String>,
}

impl Content for PasswordReset {
    const TEMPLATE: &'static str = "password_reset";

    fn samples(locale: Locale) -> Vec<Self> {
        let known = Self {
            handle: "linqiu".into(),
            at: moment(),
            by_link: true,
            agent: Some("Firefox, Linux".into()),
            region: Some(region(locale)),
        };
        let unknown =
            |by_link| Self { handle: "linqiu".into(), at: moment(), by_link, agent: None, region: None };
        vec![known, unknown(true), unknown(false)]
    }
}

/// Somebody signed in with a browser that was not known.
#[derive(Serialize)]
pub struct NewDevice {
    pub handle: String,
    pub at: Time,
    pub agent: Option<String>,
    pub region: Option<String>,
}

impl Content for NewDevice {
    const TEMPLATE: &'static str = "new_device";

    fn samples(locale: Locale) -> Vec<Self> {
        let known = Self {
            handle: "linqiu".into(),
            at: moment(),
            agent: Some("Safari, iOS".into()),
            region: Some(region(locale)),
        };
        vec![known, Self { handle: "linqiu".into(), at: moment(), agent: None, region: None }]
    }
}

/// Somebody is invited to make an account.
#[derive(Serialize)]
pub struct InvitedByMail {
    /// Who invites, where it is not whoever runs the machine.
    pub by: Option<String>,
    pub token: String,
    pub until: Time,
}

impl Content for InvitedByMail {
    const TEMPLATE: &'static str = "invited";

    fn samples(_: Locale) -> Vec<Self> {
        let sample = |by: Option<String>| Self { by, token: token(), until: moment() };
        vec![sample(Some("林秋 <b>".into())), sample(Some("长".repeat(40))), sample(None)]
    }
}

/// An account elsewhere was linked, or its link removed.
#[derive(Serialize)]
pub struct IdentityChanged {
    pub handle: String,
    /// What the provider is called; none where the link was removed.
    pub provider: Option<String>,
    pub at: Time,
}

impl Content for IdentityChanged {
    const TEMPLATE: &'static str = "identity_changed";

    fn samples(_: Locale) -> Vec<Self> {
        let sample = |provider: Option<&str>| Self {
            handle: "linqiu".into(),
            provider: provider.map(str::to_owned),
            at: moment(),
        };
        vec![sample(Some("work")), sample(None)]
    }
}

/// Somebody asked to be deleted.
#[derive(Serialize)]
pub struct DeletionAsked {
    pub handle: String,
    /// When it is done.
    pub due: Time,
}

impl Content for DeletionAsked {
    const TEMPLATE: &'static str = "deletion_asked";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { handle: "linqiu".into(), due: moment() }, Self { handle: "长".repeat(40), due: moment() }]
    }
}

/// Somebody who had asked to be deleted said that they stay.
#[derive(Serialize)]
pub struct DeletionTakenBack {
    pub handle: String,
    pub at: Time,
}

impl Content for DeletionTakenBack {
    const TEMPLATE: &'static str = "deletion_taken_back";

    fn samples(_: Locale) -> Vec<Self> {
        vec![Self { handle: "linqiu".into(), at: moment() }]
    }
}

/// What was done to the second factors of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorChange {
    TotpAdded,
    TotpRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    /// One answered that has counted fewer uses than were seen: there are two of it.
    PasskeyCopied,
    CodesRenewed,
    /// Somebody who looks after the site took all of them.
    Reset,
}

/// Says it, and whence it was done.
#[derive(Serialize)]
pub struct FactorsChanged {
    pub handle: String,
    pub at: Time,
    /// Messages `mail-factors-…`.
    pub change: FactorChange,
    pub agent: Option<String>,
    pub region: Option<String>,
}

impl Content for FactorsChanged {
    const TEMPLATE: &'static str = "factors";

    fn samples(locale: Locale) -> Vec<Self> {
        let sample = |change| Self {
            handle: "linqiu".into(),
            at: moment(),
            change,
            agent: Some("Firefox, Linux".into()),
            region: Some(region(locale)),
        };
        let mut all: Vec<Self> = [
            FactorChange::TotpAdded,
            FactorChange::TotpRemoved,
            FactorChange::PasskeyAdded,
            FactorChange::PasskeyRemoved,
            FactorChange::PasskeyCopied,
            FactorChange::CodesRenewed,
        ]
        .map(sample)
        .into();
        all.push(Self { agent: None, region: None, ..sample(FactorChange::Reset) });
        all
    }
}

/// Somebody came in by a recovery code.
#[derive(Serialize)]
pub struct RecoveryCodeUsed {
    pub handle: String,
    pub at: Time,
    /// How many are still good.
    pub left: i64,
    pub agent: Option<String>,
    pub region: Option<String>,
}

impl Content for RecoveryCodeUsed {
    const TEMPLATE: &'static str = "recovery_code";

    fn samples(locale: Locale) -> Vec<Self> {
        let sample = |left| Self {
            handle: "linqiu".into(),
            at: moment(),
            left,
            agent: Some("Firefox, Linux".into()),
            region: Some(region(locale)),
        };
        vec![sample(9), Self { agent: None, region: None, ..sample(0) }]
    }
}

fn token() -> String {
    "aZ09-_x".repeat(7)[..43].to_owned()
}

fn moment() -> Time {
    Time::from_millis(1_717_553_000_000)
}

fn region(locale: Locale) -> String {
    if locale == Locale::ZhCn { "浙江" } else { "Zhejiang" }.to_owned()
}
