//! Accounts: who users are, how they prove it, and what they may do.
//!
//! Tables: `users`, `sessions`, `devices`, `api_tokens`, `roles`, `user_roles`, `user_emails`, `email_tokens`, `totp_secrets`,
//! `recovery_codes`, `passkeys`, `passkey_ceremonies`, `pending_sign_ins`, `identities`,
//! `oidc_flows`, `oidc_arrivals`, `invitations`, `deletions`. Events: [`events::RolesChanged`],
//! [`events::CustomRoleChanged`], [`events::AccessChanged`], [`events::ProfileChanged`], [`events::UserDeleted`].

mod access;
mod actions;
pub mod codes;
mod custom_role;
mod deletions;
mod email;
mod email_token;
pub mod events;
mod grants;
mod guesses;
mod identities;
mod identity;
mod invitation;
mod invitations;
mod letters;
mod model;
mod names;
mod passkeys;
mod password;
mod pending;
mod policy;
mod profile;
mod recovery;
mod relying_party;
mod reset;
mod role;
mod service;
mod sessions;
pub mod settings;
mod shared;
mod sign_in;
mod sign_up;
mod step_up;
mod store;
mod token;
mod totp;
mod two_factor;
mod user_profile;
mod warn;

pub use self::settings::{EmailUse, SignUpUse};
pub use actions::{Action, Actions};
pub use custom_role::{AnyRole, CustomRole, CustomRoles, TypedRole};
pub use email::EmailLink;
pub use identity::{Arrival, Flow, Identity, IdentityId, NewFlow};
pub use invitation::{Invitation, InvitationId, TypedInvitation};
pub use invitations::Invited;
pub use letters::{
    DeletionAsked, DeletionTakenBack, EmailChanged, EmailInUse, FactorChange, FactorsChanged,
    IdentityChanged, InvitedByMail, NewDevice, PasswordReset, RecoveryCodeUsed, ResetPassword, VerifyEmail,
};
pub use model::{ApiToken, Deletion, Session, User, Viewer};
pub use passkeys::{Challenge, Passkey};
pub use pending::PendingSignIn;
pub use policy::PASSWORD_CHARS;
pub use role::{Role, Roles};
pub use service::Accounts;
pub use sign_in::{Admission, Origin, SignedIn};
pub use sign_up::SignUp;
pub use step_up::{FRESH, Missing, Proof, Ways};
pub use token::{DeviceToken, PendingToken, SessionToken};
pub use two_factor::Factors;
pub use user_profile::{BIO_CHARS, Choices, NewProfile, UserProfile};

pub static SCHEMA: db::Schema = db::schema!("accounts", needs: [&audit::SCHEMA, &::events::SCHEMA, &limits::SCHEMA, &mail::SCHEMA], migrations: ["0001_accounts", "0002_standing", "0003_alike", "0004_roles", "0005_email", "0006_staff", "0007_factors", "0008_identities", "0009_profiles", "0010_deletions", "0011_totp_session"]);
