//! Deleting one's own account over HTTP; and that nothing of somebody is left who put one word everywhere.

use std::path::Path;

use ::mail::Folder;
use accounts::{Accounts, Arrival, NewFlow, NewProfile, Origin, TypedInvitation, User};
use articles::Draft;
use authors::{NewApplication, Profile};
use db::DatabaseUrl;
use db::testing::run_at;
use db::{Conn, Db, args, db_test};
use follows::Subject;
use kernel::{Env, Locale, Tag};
use moderation::{NewProfileReport, NewReport, Reason};
use notify::NewDevice;
use testing::{Client, PASSWORD, png};
use web::render::{Theme, check_export, check_mail};

use super::House;
use tokio_util::task::TaskTracker;

/// Columns that have the word before, beside those of articles, authors, comments and mail.
const PLACES: [&str; 16] = [
    "article_tags.tag",
    "identities.name",
    "identities.subject",
    "invitations.address",
    "notification_devices.agent",
    "notification_devices.endpoint",
    "oidc_flows.back",
    "passkey_ceremonies.state",
    "passkeys.name",
    "personal_wishes.name",
    "profile_reports.contact",
    "profile_reports.text",
    "subject_follows.label",
    "subject_follows.name",
    "totp_secrets.secret",
    "users.bio",
];

/// In small letters, so that it is a handle too; of letters alone, so that it is one word of an index.
const MARKER: &str = "quillfeatherling";

#[test]
fn nothing_is_left_of_somebody_who_is_deleted() {
    run_at(&services::SCHEMA, |db, at| async move {
        Box::pin(erased(db, at)).await;
    });
}

async fn erased(db: Db, at: DatabaseUrl) {
    let house = Box::pin(House::opened(db.clone(), Env::system(), |_| {})).await;
    house.settings.set(&[("accounts.deletion-days", "0")]).await.unwrap();
    let user = Box::pin(plant(&house)).await;
    let planted = in_tables(&db).await;
    for place in PLACES {
        assert!(planted.iter().any(|one| one == place), "{place}: {planted:?}");
    }
    let tasks = TaskTracker::new();
    house.site.start(&house.stop, &tasks).await.unwrap();
    // Each place has it before: else that it is gone would say nothing.
    let mail = house.folder().join("mail");
    testing::until("mail is sent", async || in_folder(&mail)).await;
    testing::until("search finds it", async || {
        house.get_anonymous(&format!("/search?q={MARKER}")).await.has("Live again")
    })
    .await;
    house.site.search.record(MARKER, std::net::IpAddr::from([203, 0, 113, 9]), "a browser");
    testing::until("the search is counted", async || {
        let sql = "SELECT COUNT(*) FROM search_queries WHERE text = $1";
        let counted: Option<i64> = db.scalar(sql, args![MARKER]).await.unwrap();
        counted > Some(0)
    })
    .await;
    house.export.ask(&user, Locale::En).await.unwrap();
    testing::until("the archive is made", async || {
        let standing = house.export.standing(user.id).await.unwrap();
        standing.is_some_and(|standing| standing.state == export::State::Ready)
    })
    .await;
    // The index, whose files are compressed, was asked above.
    assert!(!in_tables(&db).await.is_empty());
    let at_leisure = house.get_anonymous("/latest").await;
    assert!(at_leisure.has(MARKER), "{}", at_leisure.text);

    let from = Origin { network: "n", ..Origin::default() };
    house.accounts.ask_to_delete(&user, PASSWORD, true, true, from).await.unwrap();
    // Its mail goes, too.
    testing::until("nothing waits to be sent", async || {
        let waits: Option<i64> = db.scalar("SELECT COUNT(*) FROM mails", args![]).await.unwrap();
        waits == Some(0)
    })
    .await;
    house.erasure.carry_out_due("Deleted user", || true).await.unwrap();
    house.outbox.forget_files(&Folder::open(mail.clone()).unwrap()).await.unwrap();
    // Search and pages that were kept for everybody follow the journal.
    let found = format!("/search?q={MARKER}");
    house.wait_as(async || house.get_anonymous(&found).await.text, "/search", "Live again", false).await;
    house.wait_as(async || house.get_anonymous("/latest").await.text, "/latest", MARKER, false).await;

    assert_eq!(in_tables(&db).await, Vec::<String>::new());
    // What the index deletes is in its files until segments are merged.
    testing::until("the index has merged it away", async || !in_folder(&house.folder().join("index"))).await;
    for part in ["media", "mail", "uploads"] {
        assert!(!in_folder(&house.folder().join(part)), "{part}");
    }
    if let DatabaseUrl::Sqlite(file) = at {
        // Searches and notes of jobs wrote since.
        db.scrub(u64::MAX).await.unwrap();
        assert!(!in_folder(file.parent().unwrap()), "the file of the database, or its log");
    }
    house.stop.cancel();
}

/// Somebody writes one word wherever they can.
async fn plant(house: &House) -> User {
    let from = Origin { network: "n", agent: Some("Firefox, Linux"), ..Origin::default() };
    let (name, email) = (format!("Nan {MARKER}"), format!("{MARKER}@example.org"));
    let signed = house.accounts.sign_up_from(MARKER, &name, PASSWORD, &email, from).await.unwrap();
    let (user, session) = (signed.user, Accounts::session_id(signed.session.as_str()));
    let sql = "SELECT data FROM mails WHERE template = 'verify' ORDER BY id DESC LIMIT 1";
    let data: String = house.db.scalar(sql, args![]).await.unwrap().unwrap();
    let letter: serde_json::Value = serde_json::from_str(&data).unwrap();
    house.accounts.verify_email_by_link(letter["token"].as_str().unwrap(), None).await.unwrap();
    // Another address waits.
    let other = format!("{MARKER}.too@example.org");
    house.accounts.change_email(&user, &other, PASSWORD, from).await.unwrap();
    // Somebody invites them who does not know that they are here.
    let invitation = TypedInvitation { uses: "1", days: "7", email: &email, role: "" };
    house.accounts.invite(None, invitation, Locale::En).await.unwrap();
    let shown = NewProfile { bio: format!("{MARKER} of the coast"), ..NewProfile::default() };
    house.accounts.set_profile(user.id, shown, false).await.unwrap();
    house.accounts.create_token(user.id, MARKER).await.unwrap();

    let profile = Profile {
        handle: format!("{MARKER}s"),
        name: format!("{MARKER} weekly"),
        bio: format!("All of {MARKER}"),
        ..Profile::default()
    };
    let own = house.authors.create(profile, &[user.id]).await.unwrap().id;
    let mut bytes = png(40, 30, 7);
    bytes.extend(MARKER.as_bytes());
    let picture = house.media.trusting().upload(Some(user.id), bytes.into()).await.unwrap().hash;
    let draft = |title: &str| Draft {
        title: format!("{title} {MARKER}"),
        body: format!("{title} of {MARKER}: lighthouse keepers and their brass lamps."),
        covers: vec![picture.clone()],
        tags: vec![Tag::new(MARKER).unwrap()],
        ..testing::draft(title)
    };
    let live = house.articles.create(own, user.id, draft("Live")).await.unwrap();
    house.articles.edit(live.id, user.id, draft("Live again"), live.latest).await.unwrap();
    house.articles.by(user.id).submit(live.id, None).await.unwrap();
    let waits = house.articles.get(live.id).await.unwrap();
    if !waits.state.is_visible() {
        house.approve(live.id).await;
    }
    house.articles.create(own, user.id, draft("Draft")).await.unwrap();

    let others = house.article("Others", articles::State::Live).await;
    let said = house.comments.post(&user, others, None, &format!("I am {MARKER}")).await.unwrap();
    let reader = house.user("reader").await;
    house.comments.post(&reader, others, Some(said.id), "So I hear").await.unwrap();
    house.comments.post(&user, others, None, &format!("And {MARKER} again")).await.unwrap();
    house.comments.like(reader.id, said.id).await.unwrap();
    let wish = NewApplication {
        handle: format!("{MARKER}-two"),
        name: format!("{MARKER} daily"),
        bio: MARKER.into(),
        reason: format!("I, {MARKER}, want to write"),
        ..NewApplication::default()
    };
    house.authors.apply(user.id, wish).await.unwrap();
    let report = NewReport {
        article: others,
        comment: None,
        reason: Some(Reason::Copyright),
        text: format!("{MARKER} wrote that first"),
        contact: Some(format!("{MARKER}@example.org")),
        by: Some(user.id),
    };
    house.moderation.report(report, "n").await.unwrap();
    let of_page = |about: &User, by: &User| NewProfileReport {
        about: about.id,
        reason: Some(Reason::Spam),
        text: format!("{MARKER} has a word in this"),
        contact: Some(format!("{MARKER}@example.org")),
        by: Some(by.id),
    };
    house.moderation.report_profile(of_page(&reader, &user), "n").await.unwrap();
    house.moderation.report_profile(of_page(&user, &reader), "n").await.unwrap();
    house.follows.follow_subject(user.id, &Subject::Tag(Tag::new(MARKER).unwrap())).await.unwrap();
    let device = NewDevice {
        session,
        endpoint: format!("https://push.example/{MARKER}"),
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .into(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
        agent: Some(format!("Browser of {MARKER}")),
        locale: Locale::En,
    };
    house.notify.add_device(user.id, device).await.unwrap();
    plant_elsewhere(house, &user, from).await;
    user
}

/// The same where they sign in, and what only a browser could write.
async fn plant_elsewhere(house: &House, user: &User, from: Origin<'_>) {
    let arrival = Arrival {
        provider: "club".into(),
        issuer: "https://club.example".into(),
        subject: MARKER.into(),
        username: Some(format!("{MARKER} of the club")),
        ..Arrival::default()
    };
    house.accounts.link(user, &arrival).await.unwrap();
    let back = format!("/user/{MARKER}");
    let flow =
        NewFlow { provider: "club", state: "s", user: Some(user.id), back: &back, ..NewFlow::default() };
    house.accounts.begin_flow(None, flow, from).await.unwrap();
    let tx = house.db.write().await.unwrap();
    for (sql, word) in [
        (
            "INSERT INTO passkeys (id, user_id, name, credential_id, credential, created_at) VALUES (1, $1, $2, 'c', '{}', 0)",
            format!("Key of {MARKER}"),
        ),
        (
            "INSERT INTO passkey_ceremonies (token_hash, user_id, state, expires_at) VALUES ('h', $1, $2, 9000000000000)",
            MARKER.to_owned(),
        ),
        (
            "INSERT INTO totp_secrets (user_id, secret, made_at, last_step) VALUES ($1, $2, 0, 0)",
            MARKER.to_owned(),
        ),
        (
            "INSERT INTO invitations (id, token_hash, made_by, address, most, used, created_at, expires_at)
             VALUES (1, 'h', $1, $2, 1, 0, 0, 9000000000000)",
            format!("{MARKER}.friend@example.org"),
        ),
        (
            "INSERT INTO personal_wishes (user_id, kind, name, wanted, created_at) VALUES ($1, 'tag', $2, TRUE, 0)",
            MARKER.to_owned(),
        ),
    ] {
        tx.exec(sql, args![user.id, word]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Every column of every table that has the word in it.
async fn in_tables(db: &Db) -> Vec<String> {
    let sql = if db.is_postgres() {
        "SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = current_schema() AND data_type = 'text' ORDER BY 1"
    } else {
        "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.type = 'TEXT' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1"
    };
    let columns: Vec<String> = db.column(sql, args![]).await.unwrap();
    assert!(columns.len() > 50, "{columns:?}");
    let mut found = Vec::new();
    for column in columns {
        let (table, name) = column.split_once('.').unwrap();
        let sql = format!("SELECT COUNT(*) FROM \"{table}\" WHERE LOWER(\"{name}\") LIKE $1");
        let rows: Option<i64> = db.scalar(&sql, args![format!("%{MARKER}%")]).await.unwrap();
        if rows != Some(0) {
            found.push(column);
        }
    }
    found
}

/// Whether any file of a folder, or below it, has the word in it.
fn in_folder(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return in_folder(&path);
        }
        // One that is gone meanwhile has nothing in it.
        let bytes = std::fs::read(&path).unwrap_or_default().to_ascii_lowercase();
        bytes.windows(MARKER.len()).any(|part| part == MARKER.as_bytes())
    })
}

#[db_test]
async fn somebody_deletes_their_account_and_keeps_it_after_all(db: Db) {
    let house = House::opened(db, Env::system(), |_| {}).await;
    let ann = house.accounts.ensure("ann", "Ann", None, Some(PASSWORD)).await.unwrap();
    let sign_in = async || {
        let browser = Client::browser(house.site.front.clone());
        let form = [("handle", "ann"), ("password", PASSWORD), ("return", "/latest")];
        let answer = browser.post("/login", &form).await;
        (browser, answer)
    };
    let (browser, answer) = sign_in().await;
    assert_eq!(answer.location(), "/latest");
    let page = browser.get("/settings/account/delete").await;
    assert!(page.has("14 days") && page.has("value=\"remove\""), "{}", page.text);
    let wrong = [("comments", "remove"), ("delete-password", "x")];
    let answer = browser.post("/settings/account/delete", &wrong).await;
    assert_eq!(answer.status, 422);
    assert!(answer.has("value=\"remove\" checked"), "what was chosen stays: {}", answer.text);
    assert!(answer.error("delete-password").contains("password"), "{}", answer.text);
    let answer = browser.post("/settings/account/delete", &[("delete-password", PASSWORD)]).await;
    assert!(answer.status == 422 && answer.has("Choose what becomes"), "{}", answer.text);

    let sent = [("comments", "keep"), ("delete-password", PASSWORD)];
    let answer = browser.post("/settings/account/delete", &sent).await;
    assert_eq!((answer.status, answer.location()), (303, "/settings/account/keep"));
    assert!(browser.get("/settings/account/keep").await.has("/login?return="));
    let turned = browser.get("/settings/account").await;
    assert!(turned.location().starts_with("/login"), "the session is over");

    let (back, answer) = sign_in().await;
    assert_eq!(answer.location(), "/settings/account/keep");
    assert!(back.get("/settings/account").await.location().starts_with("/login"), "it opens nothing else");
    let page = back.get("/settings/account/keep").await;
    assert!(page.has("@ann") && page.has("Keep my account"), "{}", page.text);
    let kept = back.post("/settings/account/keep", &[("x", "")]).await;
    assert_eq!(kept.location(), "/settings/account");
    assert_eq!(back.get("/settings/account").await.status, 200);
    assert!(house.accounts.deletion(ann.id).await.unwrap().is_none());
}

#[db_test]
async fn an_archive_is_asked_for_made_and_downloaded(db: Db) {
    let house = Box::pin(House::new(db, Env::system())).await;
    let page = house.get("reader", "/settings/export").await;
    assert!(page.status == 200 && page.has("Make an archive"), "{}", page.text);
    assert_eq!(house.get("reader", "/settings/export/archive").await.location(), "/settings/export");
    let asked = house.post("reader", "/settings/export", &[("x", "")]).await;
    assert_eq!(asked.location(), "/settings/export");
    testing::until("it is made", async || {
        house.get("reader", "/settings/export").await.has("/settings/export/archive")
    })
    .await;
    let again = house.post("reader", "/settings/export", &[("x", "")]).await;
    assert!(again.status == 422 && again.has("tomorrow"), "{}", again.text);
    let file = house.get("reader", "/settings/export/archive").await;
    assert_eq!(
        (file.status, file.header("content-type"), file.header("cache-control")),
        (200, "application/zip", "private, no-store")
    );
    // Nobody else gets it, and no link opens it that was not sent.
    assert_eq!(house.get("mara", "/settings/export/archive").await.location(), "/settings/export");
    let guessed = house.get_anonymous("/settings/export/link?token=abc").await;
    assert!(guessed.status == 422 && guessed.has("does not work"), "{}", guessed.text);
    assert!(house.get_anonymous("/settings/export/archive").await.location().starts_with("/login"));
    house.stop.cancel();
}

#[test]
fn mails_and_pages_of_those_who_go_stand_by_themselves() {
    let theme = Theme::load(None).unwrap();
    check_export(&theme).unwrap();
    check_mail::<accounts::DeletionAsked>(&theme).unwrap();
    check_mail::<accounts::DeletionTakenBack>(&theme).unwrap();
    check_mail::<export::ExportReady>(&theme).unwrap();
}
