use std::sync::Arc;

use ::settings::{Fixed, Settings};
use db::{Conn, Db, args, db_test};
use kernel::time::ManualClock;

use super::*;
use crate::email::tests::{PASSWORD, accounts, code, from, sent, user_with};
use crate::settings;
use crate::sign_up::SignUp;
use crate::{Role, TypedRole};

/// The same, where only those may make an account who are invited, or as `sign_up` says.
fn set(accounts: &Accounts, sign_up: &str) -> Accounts {
    let fixed = Fixed::from([("accounts.sign-up", sign_up.to_owned())]);
    let Accounts { db, journal, env, .. } = accounts.clone();
    accounts.clone().with_settings(Settings::new(db, journal, env, settings::ALL, fixed))
}

fn site(db: &Db, sign_up: &str) -> (Accounts, Arc<ManualClock>) {
    let (accounts, clock) = accounts(db, "optional");
    (set(&accounts, sign_up), clock)
}

fn typed<'a>(handle: &'a str, invitation: &'a str) -> SignUp<'a> {
    SignUp { handle, name: handle, password: PASSWORD, email: "", invitation }
}

const PLAIN: TypedInvitation<'static> = TypedInvitation { uses: "1", days: "7", email: "", role: "" };

#[db_test]
async fn who_is_invited_comes_in_and_nobody_else(db: Db) {
    let (accounts, clock) = site(&db, "invitation");
    let come = async |handle: &str, invitation: &str| {
        accounts.sign_up_as(typed(handle, invitation), from("home")).await
    };
    let refused = come("ann", "").await.map(drop).unwrap_err();
    assert!(matches!(refused, Error::Conflict("sign-up-invited")), "{refused}");
    let said =
        async |handle: &str, invitation: &str| code(come(handle, invitation).await.map(drop).unwrap_err());
    assert_eq!(said("ann", "nonsense").await, ("invitation", "invitation-unknown"));

    let (id, token) =
        accounts.invite(None, TypedInvitation { uses: "2", ..PLAIN }, Locale::En).await.unwrap();
    let token = token.unwrap();
    let hashes: Vec<String> = db.column("SELECT token_hash FROM invitations", args![]).await.unwrap();
    assert!(!hashes.contains(&token));
    // What is wrong with the rest of the form uses nothing up.
    assert_eq!(said("a/b", &token).await, ("handle", "handle-form"));
    come("ann", &token).await.unwrap();
    come("bob", &token).await.unwrap();
    assert_eq!(said("cem", &token).await, ("invitation", "invitation-used"));
    let listed = accounts.invitations(Cursor::START).await.unwrap().items.remove(0);
    assert_eq!((listed.id, listed.used, listed.most), (id, 2, 2));

    let token = accounts.invite(None, PLAIN, Locale::En).await.unwrap().1.unwrap();
    clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(said("cem", &token).await, ("invitation", "invitation-late"));
    let (id, token) = accounts.invite(None, PLAIN, Locale::En).await.unwrap();
    accounts.revoke_invitation(None, id).await.unwrap();
    assert_eq!(said("cem", &token.unwrap()).await, ("invitation", "invitation-revoked"));
    let actions: Vec<String> = db.column("SELECT action FROM audit_log ORDER BY seq", args![]).await.unwrap();
    assert_eq!(
        actions,
        [
            "invitation.create",
            "invitation.use",
            "invitation.use",
            "invitation.create",
            "invitation.create",
            "invitation.revoke"
        ]
    );
    let closed = set(&accounts, "closed");
    let token = closed.invite(None, PLAIN, Locale::En).await.unwrap().1.unwrap();
    let refused = closed.sign_up_as(typed("cem", &token), from("home")).await.map(drop).unwrap_err();
    assert!(matches!(refused, Error::Conflict("sign-up-closed")), "{refused}");
}

#[db_test]
async fn a_mailed_invitation_shows_the_address(db: Db) {
    let (accounts, _) = site(&db, "invitation");
    let mailed = TypedInvitation { uses: "5", email: "ann@example.org", ..PLAIN };
    let (_, token) = accounts.invite(None, mailed, Locale::En).await.unwrap();
    assert!(token.is_none(), "else it would show nothing");
    let mail = sent(&db).await.remove(0);
    assert_eq!((mail.template.as_str(), mail.to.as_str()), ("invited", "ann@example.org"));
    let token = mail.text("token").to_owned();
    assert_eq!(accounts.check_invitation(&token).await.unwrap().email.unwrap().expose(), "ann@example.org");
    let ann = accounts.sign_up_as(typed("ann", &token), from("home")).await.unwrap().user;
    assert_eq!(accounts.email(ann.id).await.unwrap().unwrap().expose(), "ann@example.org");
    let kept: Vec<Option<String>> = db.column("SELECT address FROM invitations", args![]).await.unwrap();
    assert_eq!(kept, [None]);

    // One that somebody has by now is nobody else's.
    let open = set(&accounts, "open");
    user_with(&open, "bob", "bob@example.org").await;
    let mailed = TypedInvitation { email: "bob@example.org", ..PLAIN };
    accounts.invite(None, mailed, Locale::En).await.unwrap();
    let token = sent(&db).await.remove(0).text("token").to_owned();
    let refused = accounts.sign_up_as(typed("bobby", &token), from("home")).await.map(drop);
    assert_eq!(code(refused.unwrap_err()), ("email", "email-taken"));
}

#[db_test]
async fn nobody_invites_to_more_than_they_may_give(db: Db) {
    let (accounts, _) = site(&db, "open");
    let user = async |handle: &str| accounts.sign_up(handle, handle, PASSWORD, "home").await.unwrap();
    let (host, root) = (user("hanna").await, user("rita").await);
    accounts.grant(None, root.id, Role::Operator).await.unwrap();
    let role = TypedRole {
        name: "hosts",
        title: "Hosts",
        actions: &["invite-users", "manage-permissions", "review-articles"],
    };
    accounts.create_role(None, role).await.unwrap();
    let again = async |id| accounts.find(id).await.unwrap().unwrap();
    let invite = async |by: &User, role: &str| {
        let typed = TypedInvitation { role, ..PLAIN };
        accounts.invite(Some(by), typed, Locale::En).await.map(|(_, token)| token.unwrap())
    };
    assert!(matches!(invite(&host, "").await, Err(Error::Denied)));
    let hosts = accounts.find_role("hosts").await.unwrap().unwrap();
    accounts.grant(None, host.id, hosts).await.unwrap();
    let host = again(host.id).await;
    assert!(matches!(invite(&host, "operator").await, Err(Error::Denied)));
    assert!(matches!(invite(&host, "editor").await, Err(Error::Denied)));
    assert_eq!(code(invite(&host, "nobody").await.unwrap_err()), ("role", "role-unknown"));
    let token = invite(&host, "hosts").await.unwrap();
    let came = accounts.sign_up_as(typed("ann", &token), from("home")).await.unwrap().user;
    assert!(came.may(Action::ReviewArticles) && again(came.id).await.may(Action::InviteUsers));

    // What its maker may not do any more, it does not do either.
    let root = again(root.id).await;
    let token = invite(&root, "operator").await.unwrap();
    accounts.grant(None, came.id, Role::Operator).await.unwrap();
    accounts.revoke(None, root.id, Role::Operator).await.unwrap();
    let said = accounts.sign_up_as(typed("bob", &token), from("home")).await.map(drop);
    assert_eq!(code(said.unwrap_err()), ("invitation", "invitation-revoked"));
    assert!(accounts.find_by_handle(&kernel::Handle::new("bob").unwrap()).await.unwrap().is_none());
    // Nor does that of one who asked to be deleted.
    let token = invite(&host, "").await.unwrap();
    accounts.check_invitation(&token).await.unwrap();
    accounts.ask_to_delete(&host, PASSWORD, true, true, from("home")).await.unwrap();
    let said = accounts.check_invitation(&token).await.map(drop);
    assert_eq!(code(said.unwrap_err()), ("invitation", "invitation-revoked"));
}
