use std::sync::Arc;

use ::settings::{Fixed, Settings};
use db::{Conn, Db, args, db_test};
use kernel::time::ManualClock;
use kernel::{Env, Locale};

use super::*;
use crate::email::tests::{PASSWORD, accounts as with_mail, code, from, sent, user_with};
use crate::settings;
use crate::sign_in::{Admission, SignedIn};
use crate::step_up::{Missing, Proof};
use crate::token::PendingToken;

/// The code that an app shows now.
fn shown(secret: &str, now: Time) -> String {
    let bytes = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let totp = totp_rs::TOTP::new_unchecked(totp_rs::Algorithm::SHA1, 6, 1, 30, bytes);
    totp.generate((now.millis() / 1_000) as u64)
}

fn wait(clock: &ManualClock) {
    clock.advance(Duration::from_secs(30));
}

async fn sign_in(accounts: &Accounts, origin: Origin<'_>) -> Admission {
    accounts.sign_in_by_password("ann", PASSWORD, origin).await.unwrap()
}

fn second(admission: Admission) -> PendingToken {
    match admission {
        Admission::Second(token) => token,
        Admission::In(_) => panic!("in by the password alone"),
    }
}

fn inside(admission: Admission) -> SignedIn {
    match admission {
        Admission::In(signed_in) => *signed_in,
        Admission::Second(_) => panic!("asked for more"),
    }
}

async fn is_in(accounts: &Accounts, session: &str) -> bool {
    accounts.viewer(session).await.unwrap().user().is_some()
}

async fn actions(db: &Db) -> Vec<String> {
    db.column("SELECT action FROM audit_log ORDER BY seq", args![]).await.unwrap()
}

/// Ann with an app: where she is signed in, the secret, and her codes on paper.
async fn ann(accounts: &Accounts) -> (User, SignedIn, String, Vec<String>) {
    let user = user_with(accounts, "ann", "ann@example.org").await;
    let here = inside(sign_in(accounts, from("home")).await);
    accounts.begin_totp(user.id, here.session.as_str()).await.unwrap();
    let secret = accounts.waiting_totp(user.id, here.session.as_str()).await.unwrap().unwrap();
    let code = shown(&secret, accounts.env.now());
    let codes = accounts.confirm_totp(&user, here.session.as_str(), &code, from("home")).await.unwrap();
    sent(&accounts.db).await;
    (user, here, secret, codes)
}

#[db_test]
async fn an_app_counts_once_a_code_of_it_was_typed(db: Db) {
    let (accounts, clock) = with_mail(&db, "optional");
    let user = user_with(&accounts, "ann", "ann@example.org").await;
    let here = inside(sign_in(&accounts, from("home")).await);
    let there = inside(sign_in(&accounts, from("away")).await);
    sent(&db).await;
    accounts.begin_totp(user.id, here.session.as_str()).await.unwrap();
    inside(sign_in(&accounts, from("home")).await);
    let secret = accounts.waiting_totp(user.id, here.session.as_str()).await.unwrap().unwrap();
    let confirm =
        async |typed: &str| accounts.confirm_totp(&user, here.session.as_str(), typed, from("home")).await;
    assert_eq!(code(confirm("12 x").await.unwrap_err()), ("code", "code-form"));
    let wrong = if shown(&secret, accounts.env.now()) == "000000" { "000001" } else { "000000" };
    assert_eq!(code(confirm(wrong).await.unwrap_err()), ("code", "second-wrong"));
    // Elsewhere nobody sees it, and nobody confirms it.
    let away = there.session.as_str();
    assert_eq!(accounts.waiting_totp(user.id, away).await.unwrap(), None);
    let typed = shown(&secret, accounts.env.now());
    let elsewhere = accounts.confirm_totp(&user, away, &typed, from("away")).await;
    assert_eq!(code(elsewhere.unwrap_err()), ("code", "totp-none"));
    // Begun anew there is another secret; one that nobody typed a code of is over after a while.
    accounts.begin_totp(user.id, here.session.as_str()).await.unwrap();
    let other = accounts.waiting_totp(user.id, here.session.as_str()).await.unwrap().unwrap();
    assert_ne!(secret, other);
    clock.advance(SETTING_UP);
    assert_eq!(accounts.waiting_totp(user.id, here.session.as_str()).await.unwrap(), None);
    assert_eq!(code(confirm("123456").await.unwrap_err()), ("code", "totp-none"));
    accounts.begin_totp(user.id, here.session.as_str()).await.unwrap();
    let secret = accounts.waiting_totp(user.id, here.session.as_str()).await.unwrap().unwrap();
    sent(&db).await;
    let codes = confirm(&shown(&secret, accounts.env.now())).await.unwrap();
    assert_eq!(codes.len(), 10);
    let factors = accounts.factors(user.id).await.unwrap();
    assert_eq!((factors.totp.is_some(), factors.codes_left), (true, 10));
    assert!(is_in(&accounts, here.session.as_str()).await);
    assert!(!is_in(&accounts, there.session.as_str()).await, "it began by the password alone");
    let mails = sent(&db).await;
    assert_eq!((mails[0].template.as_str(), mails[0].text("change")), ("factors", "totp-added"));
    assert!(matches!(
        accounts.begin_totp(user.id, here.session.as_str()).await,
        Err(Error::Conflict("totp-there"))
    ));
    let stored: Vec<String> = db.column("SELECT code_hash FROM recovery_codes", args![]).await.unwrap();
    assert!(stored.iter().all(|hash| !codes.contains(hash) && hash.len() == 64));
    assert_eq!(actions(&db).await.last().unwrap(), "user.totp-add");

    accounts.remove_totp(&user, from("home")).await.unwrap();
    assert_eq!(accounts.factors(user.id).await.unwrap(), Factors::default(), "codes of paper go with it");
    inside(sign_in(&accounts, from("home")).await);
    assert!(matches!(accounts.renew_codes(&user, from("home")).await, Err(Error::Conflict("factor-none"))));
}

#[db_test]
async fn a_password_alone_opens_nothing_then(db: Db) {
    let (accounts, clock) = with_mail(&db, "optional");
    let (user, _, secret, _) = ann(&accounts).await;
    assert_eq!(
        code(accounts.sign_in("ann", PASSWORD, "home").await.unwrap_err()),
        ("password", "second-needed")
    );
    wait(&clock);
    let token = second(sign_in(&accounts, from("home")).await);
    assert!(sent(&db).await.is_empty(), "nobody is in yet");
    assert!(!is_in(&accounts, token.as_str()).await);
    let waits = accounts.pending_sign_in(token.as_str()).await.unwrap().unwrap();
    assert_eq!((waits.handle.as_str(), waits.factors.totp.is_some()), ("ann", true));
    let finish = async |token: &str, typed: &str| accounts.finish_sign_in(token, typed, from("home")).await;
    assert_eq!(code(finish(token.as_str(), "12345").await.unwrap_err()), ("code", "second-form"));
    assert_eq!(code(finish("nonsense", "123456").await.unwrap_err()), ("", "pending-over"));
    let now = shown(&secret, accounts.env.now());
    let signed_in = finish(token.as_str(), &now).await.unwrap();
    assert!(signed_in.user.id == user.id && is_in(&accounts, signed_in.session.as_str()).await);
    assert_eq!(sent(&db).await[0].template, "new_device");
    // It is over, and no code is taken twice, from whichever sign-in.
    assert_eq!(code(finish(token.as_str(), &now).await.unwrap_err()), ("", "pending-over"));
    let again = second(sign_in(&accounts, from("home")).await);
    assert_eq!(code(finish(again.as_str(), &now).await.unwrap_err()), ("code", "second-used"));
    // None before it either.
    let early = shown(&secret, accounts.env.now().minus(Duration::from_secs(30)));
    assert_eq!(code(finish(again.as_str(), &early).await.unwrap_err()), ("code", "second-used"));
    wait(&clock);
    finish(again.as_str(), &shown(&secret, accounts.env.now())).await.unwrap();
}

#[db_test]
async fn of_many_who_come_with_one_code_one_is_in(db: Db) {
    let (accounts, clock) = with_mail(&db, "optional");
    let (_, _, secret, _) = ann(&accounts).await;
    wait(&clock);
    let (one, other) = (sign_in(&accounts, from("home")).await, sign_in(&accounts, from("home")).await);
    let (one, other, code) = (second(one), second(other), shown(&secret, accounts.env.now()));
    let (a, b) = tokio::join!(
        accounts.finish_sign_in(one.as_str(), &code, from("home")),
        accounts.finish_sign_in(other.as_str(), &code, from("home")),
    );
    assert_eq!([&a, &b].into_iter().filter(|done| done.is_ok()).count(), 1, "{a:?} {b:?}");
}

#[db_test]
async fn a_second_step_has_few_tries_and_little_time(db: Db) {
    let (accounts, clock) = with_mail(&db, "optional");
    let (_, _, secret, codes) = ann(&accounts).await;
    wait(&clock);
    let right = shown(&secret, accounts.env.now());
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let token = second(sign_in(&accounts, from("away")).await);
    for _ in 0..5 {
        let tried = accounts.finish_sign_in(token.as_str(), wrong, from("away")).await;
        assert_eq!(code(tried.unwrap_err()), ("code", "second-wrong"));
    }
    let tried = accounts.finish_sign_in(token.as_str(), &right, from("away")).await;
    assert_eq!(code(tried.unwrap_err()), ("", "pending-over"));
    assert!(accounts.pending_sign_in(token.as_str()).await.unwrap().is_none());
    // However often the password is typed anew, a network is slowed; the owner elsewhere is not.
    let token = second(sign_in(&accounts, from("away")).await);
    let mut tries = 0;
    while !matches!(
        accounts.finish_sign_in(token.as_str(), wrong, from("away")).await,
        Err(Error::TooMany(_))
    ) {
        tries += 1;
        assert!(tries < 10, "never slowed");
    }
    let token = second(sign_in(&accounts, from("home")).await);
    accounts.finish_sign_in(token.as_str(), &codes[0], from("home")).await.unwrap();
    // Ten minutes.
    let token = second(sign_in(&accounts, from("home")).await);
    clock.advance(Duration::from_mins(10));
    let late = accounts.finish_sign_in(token.as_str(), &codes[1], from("home")).await;
    assert_eq!(code(late.unwrap_err()), ("", "pending-over"));
    // Whoever sets another password ends what was half-way.
    let token = second(sign_in(&accounts, from("home")).await);
    accounts.set_password(&kernel::Handle::new("ann").unwrap(), "quite another one").await.unwrap();
    let over = accounts.finish_sign_in(token.as_str(), &codes[1], from("home")).await;
    assert_eq!(code(over.unwrap_err()), ("", "pending-over"));
}

#[db_test]
async fn codes_on_paper_are_good_once(db: Db) {
    let (accounts, _) = with_mail(&db, "optional");
    let (user, _, _, codes) = ann(&accounts).await;
    let finish = async |typed: &str| {
        let token = second(sign_in(&accounts, from("home")).await);
        accounts.finish_sign_in(token.as_str(), typed, from("home")).await
    };
    // As it is read from paper.
    finish(&codes[0].to_uppercase().replace('-', " ")).await.unwrap();
    assert_eq!(accounts.factors(user.id).await.unwrap().codes_left, 9);
    let mails = sent(&db).await;
    let told = mails.iter().find(|mail| mail.template == "recovery_code").unwrap();
    assert_eq!(told.says["left"], 9);
    assert_eq!(actions(&db).await.last().unwrap(), "user.code-use");
    assert_eq!(code(finish(&codes[0]).await.unwrap_err()), ("code", "second-wrong"));
    let new = accounts.renew_codes(&user, from("home")).await.unwrap();
    assert_eq!(code(finish(&codes[1]).await.unwrap_err()), ("code", "second-wrong"));
    finish(&new[1]).await.unwrap();
}

#[db_test]
async fn who_lost_all_of_it_is_helped_by_an_operator(db: Db) {
    let (accounts, _) = with_mail(&db, "optional");
    let (user, here, _, _) = ann(&accounts).await;
    let boss = accounts.ensure("boss", "老板", None, None).await.unwrap();
    let refused = accounts.reset_factors(Some(&boss), user.id).await;
    assert!(matches!(refused, Err(Error::Denied)));
    accounts.grant(None, boss.id, Role::Operator).await.unwrap();
    let boss = accounts.find(boss.id).await.unwrap().unwrap();
    let waits = second(sign_in(&accounts, from("home")).await);
    accounts.reset_factors(Some(&boss), user.id).await.unwrap();
    assert_eq!(accounts.factors(user.id).await.unwrap(), Factors::default());
    assert!(!is_in(&accounts, here.session.as_str()).await);
    assert!(accounts.pending_sign_in(waits.as_str()).await.unwrap().is_none());
    let mails = sent(&db).await;
    assert_eq!((mails[0].template.as_str(), mails[0].text("change")), ("factors", "reset"));
    assert_eq!(actions(&db).await.last().unwrap(), "user.factors-reset");
    let nothing = accounts.reset_factors(Some(&boss), user.id).await;
    assert!(matches!(nothing, Err(Error::Conflict("factor-none"))));
    inside(sign_in(&accounts, from("home")).await);
}

#[db_test]
async fn a_session_is_fresh_for_a_quarter_of_an_hour(db: Db) {
    let (accounts, clock) = with_mail(&db, "optional");
    let (user, here, secret, codes) = ann(&accounts).await;
    let session = here.session.as_str();
    let is_fresh = async || accounts.is_fresh(user.id, session).await.unwrap();
    assert!(is_fresh().await);
    clock.advance(crate::step_up::FRESH);
    assert!(!is_fresh().await);
    let prove = async |proof: Proof<'_>| accounts.prove(&user, session, proof, from("home")).await;
    let wrong = prove(Proof::Password("wrong")).await.unwrap_err();
    assert_eq!(code(wrong), ("again-password", "password-wrong"));
    let wrong = prove(Proof::Code("12345")).await.unwrap_err();
    assert_eq!(code(wrong), ("again-code", "second-form"));
    assert!(!is_fresh().await);
    prove(Proof::Password(PASSWORD)).await.unwrap();
    assert!(is_fresh().await);
    let bob = accounts.sign_up("bob", "波", PASSWORD, "home").await.unwrap();
    assert!(!accounts.is_fresh(bob.id, session).await.unwrap(), "nobody else's");
    clock.advance(crate::step_up::FRESH);
    prove(Proof::Code(&shown(&secret, accounts.env.now()))).await.unwrap();
    assert!(is_fresh().await);
    clock.advance(crate::step_up::FRESH);
    prove(Proof::Code(&codes[0])).await.unwrap();
    assert!(is_fresh().await);
}

/// A site that asks operators for more than a password.
fn strict(db: &Db, who: &str) -> (Accounts, Arc<ManualClock>) {
    let (accounts, clock) = with_mail(db, "optional");
    let fixed = Fixed::from([("accounts.second-factor", who.to_owned())]);
    let (journal, env): (_, Env) = (accounts.journal.clone(), accounts.env.clone());
    let set = Settings::new(db.clone(), journal, env, settings::ALL, fixed);
    (accounts.with_settings(set), clock)
}

#[db_test]
async fn desks_open_for_whom_the_site_asks_by_a_second_factor(db: Db) {
    let (accounts, _) = strict(&db, "operators");
    let user = user_with(&accounts, "ann", "ann@example.org").await;
    let here = inside(sign_in(&accounts, from("home")).await);
    let missing = async |accounts: &Accounts| {
        let user = accounts.find(user.id).await.unwrap().unwrap();
        accounts.missing_for_desk(&user, Some(here.session.as_str())).await.unwrap()
    };
    accounts.grant(None, user.id, Role::Editor).await.unwrap();
    assert_eq!(missing(&accounts).await, None);
    assert_eq!(missing(&strict(&db, "staff").0).await, Some(Missing::Factor));
    accounts.grant(None, user.id, Role::Operator).await.unwrap();
    assert_eq!(missing(&accounts).await, Some(Missing::Factor));
    assert_eq!(missing(&strict(&db, "nobody").0).await, None);
    accounts.begin_totp(user.id, here.session.as_str()).await.unwrap();
    assert_eq!(missing(&accounts).await, Some(Missing::Factor), "not confirmed");
    let secret = accounts.waiting_totp(user.id, here.session.as_str()).await.unwrap().unwrap();
    let code = shown(&secret, accounts.env.now());
    let origin = Origin { locale: Locale::En, ..from("home") };
    accounts.confirm_totp(&user, here.session.as_str(), &code, origin).await.unwrap();
    assert_eq!(missing(&accounts).await, None);
    // A session that began by the password alone, before the site asked for more.
    let tx = db.write().await.unwrap();
    tx.exec("UPDATE sessions SET second_at = NULL", args![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(missing(&accounts).await, Some(Missing::Step));
    let proof = Proof::Password(PASSWORD);
    accounts.prove(&user, here.session.as_str(), proof, from("home")).await.unwrap();
    assert_eq!(missing(&accounts).await, Some(Missing::Step), "a password is not more");
}

#[db_test]
async fn of_who_is_deleted_no_factor_stays(db: Db) {
    let (accounts, _) = with_mail(&db, "optional");
    let (user, ..) = ann(&accounts).await;
    second(sign_in(&accounts, from("home")).await);
    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at) VALUES (1, $1, 'x', 'x', '{}', 0)";
    tx.exec(sql, args![user.id]).await.unwrap();
    accounts.erase(&tx, user.id, "已注销用户").await.unwrap();
    tx.commit().await.unwrap();
    for table in ["totp_secrets", "recovery_codes", "passkeys", "pending_sign_ins", "passkey_ceremonies"] {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        assert_eq!(db.scalar(&sql, args![]).await.unwrap(), Some(0i64), "{table}");
    }
}

#[db_test]
async fn all_others_are_signed_out(db: Db) {
    let (accounts, _) = with_mail(&db, "optional");
    let user = user_with(&accounts, "ann", "ann@example.org").await;
    let origin = Origin { kept_network: Some("192.0.2.0/24"), ..from("home") };
    let here = inside(sign_in(&accounts, origin).await);
    let there = inside(sign_in(&accounts, from("away")).await);
    let bob = accounts.sign_up_from("bob", "波", PASSWORD, "", from("home")).await.unwrap();
    let id = Accounts::session_id(here.session.as_str());
    let seen = accounts.sessions(user.id).await.unwrap();
    let this = seen.iter().find(|session| session.id == id).unwrap();
    assert_eq!((this.network.as_deref(), this.seen_at.is_some()), (Some("192.0.2.0/24"), true));
    // Her sign-up, and the one elsewhere.
    assert_eq!(accounts.end_other_sessions(user.id, here.session.as_str()).await.unwrap(), 2);
    assert!(is_in(&accounts, here.session.as_str()).await && is_in(&accounts, bob.session.as_str()).await);
    assert!(!is_in(&accounts, there.session.as_str()).await);
    assert_eq!(accounts.end_other_sessions(user.id, here.session.as_str()).await.unwrap(), 0);
    // Who comes back to a browser of before is told of.
    sent(&db).await;
    let back = Origin { device: Some(there.device.as_str()), ..from("away") };
    inside(sign_in(&accounts, back).await);
    assert_eq!(sent(&db).await[0].template, "new_device");
}

#[db_test]
async fn a_passkey_answers_what_it_was_asked_once(db: Db) {
    let (accounts, clock) = with_mail(&db, "optional");
    let user = user_with(&accounts, "ann", "ann@example.org").await;
    assert!(matches!(accounts.begin_passkey(&user).await, Err(Error::Conflict("passkeys-off"))));
    let accounts = accounts.with_address("https://news.example");
    let here = inside(sign_in(&accounts, from("home")).await);
    let challenge = accounts.begin_passkey(&user).await.unwrap();
    let asked = &challenge.options["publicKey"];
    assert_eq!(asked["rp"]["id"], "news.example");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    // What a browser would never send.
    let zeros = "A".repeat(40);
    let answer = format!(
        r#"{{"id":"{zeros}","rawId":"{zeros}","type":"public-key","response":{{"attestationObject":"{zeros}","clientDataJSON":"{zeros}"}}}}"#
    );
    let add = async |ceremony: &str, answer: &str| {
        accounts
            .add_passkey(&user, here.session.as_str(), "Phone", (ceremony, answer), from("home"))
            .await
            .unwrap_err()
    };
    assert_eq!(code(add(&challenge.ceremony, "nonsense").await), ("", "passkey-failed"));
    assert_eq!(code(add(&challenge.ceremony, &answer).await), ("", "passkey-failed"));
    assert_eq!(code(add(&challenge.ceremony, &answer).await), ("", "passkey-late"), "once");
    let late = accounts.begin_passkey(&user).await.unwrap();
    clock.advance(Duration::from_mins(10));
    assert_eq!(code(add(&late.ceremony, &answer).await), ("", "passkey-late"));

    let challenge = accounts.begin_passkey_sign_in("home").await.unwrap();
    let asked = &challenge.options;
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    assert_eq!(asked["publicKey"]["allowCredentials"], serde_json::json!([]));
    assert!(asked.get("mediation").is_none());
    // One that was begun to sign in adds none, and the other way round.
    assert_eq!(code(add(&challenge.ceremony, &answer).await), ("", "passkey-late"));
    let sign_in = async |ceremony: &str| {
        let answer = format!(
            r#"{{"id":"{zeros}","rawId":"{zeros}","type":"public-key","response":{{"authenticatorData":"{zeros}","clientDataJSON":"{zeros}","signature":"{zeros}","userHandle":null}}}}"#
        );
        accounts.sign_in_by_passkey(ceremony, &answer, from("home")).await.unwrap_err()
    };
    let other = accounts.begin_passkey(&user).await.unwrap();
    assert_eq!(code(sign_in(&other.ceremony).await), ("", "passkey-late"));
    let challenge = accounts.begin_passkey_sign_in("home").await.unwrap();
    assert_eq!(code(sign_in(&challenge.ceremony).await), ("", "passkey-failed"));
    assert!(accounts.passkeys(user.id).await.unwrap().is_empty());
}
