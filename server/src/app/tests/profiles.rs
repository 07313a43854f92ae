//! What users show of themselves, what a site shows of itself, and how either is shown.

use db::db_test;
use kernel::confusable::skeleton;
use settings::site::{ACCENT, LOGO};
use testing::{Multipart, png};

use super::*;

/// Addresses in attributes have their slashes escaped.
fn plain(answer: &Answer) -> String {
    answer.text.replace("&#x2f;", "/")
}

impl House {
    async fn said(&self, who: &str, under: ArticleId, text: &str) {
        let user = self.user(who).await;
        self.comments.post(&user, under, None, text).await.unwrap();
    }

    /// What a visitor gets, once it has (or lacks) that.
    async fn until_visitor(&self, path: &str, what: &str, has: bool) {
        self.wait_as(async || plain(&self.get_anonymous(path).await), path, what, has).await;
    }
}

#[db_test]
async fn a_user_has_a_page_that_follows_what_they_do(db: Db) {
    let house = House::new(db, Env::system()).await;
    let id = house.article("Rope walks", State::Live).await;
    house.said("ann", id, "Gauges are for cowards").await;
    let (thread, page) = (format!("/article/{id}/comments"), "/user/ann");
    house.until_visitor(&thread, "href=\"/user/ann\"", true).await;
    house.until_visitor(page, "Gauges are for cowards", true).await;
    let text = plain(&house.get_anonymous(page).await);
    assert!(text.contains(&format!("/article/{id}#comment-")) && text.contains("content=\"noindex\""));

    // Bio and picture, and the page that was kept shows them.
    let form = Multipart::of(&[("bio", "Keeps <b>lamps</b>"), ("open", "1")]).file("avatar", &png(40, 40, 3));
    let saved = house.post("ann", "/settings/profile", form).await;
    assert_eq!((saved.status, saved.location()), (303, "/settings/profile?done=profile"));
    house.until_visitor(page, "Keeps &lt;b&gt;lamps&lt;", true).await;
    let avatar = house.accounts.profile(house.user("ann").await.id).await.unwrap().avatar.unwrap();
    assert!(plain(&house.get_anonymous(page).await).contains(&format!("/media/{avatar}/")));
    let picture = format!("/media/{avatar}/full.jpg");
    let status = async || house.get_anonymous(&picture).await.status;
    until("the picture is public", async || status().await == 200).await;

    // What is wrong is said at its field, with what was typed, and leaves no picture.
    let long = "b".repeat(301);
    let form = Multipart::of(&[("bio", &long), ("open", "1")]).file("avatar", &png(40, 40, 4));
    let wrong = house.post("ann", "/settings/profile", form).await;
    assert_eq!(
        (wrong.status, wrong.error("bio"), wrong.value("bio")),
        (422, "At most 300 characters.", long)
    );
    let form = Multipart::of(&[("bio", "Kept"), ("open", "1")]).file("avatar", b"no picture");
    let wrong = house.post("ann", "/settings/profile", form).await;
    assert!(wrong.status == 422 && wrong.has("id=\"avatar-error\"") && wrong.value("bio") == "Kept");
    let ann = house.user("ann").await.id;
    assert_eq!(house.media.owned_by(ann, Cursor::START, 9).await.unwrap().items.len(), 1);

    // A page that is closed is none, its picture is nobody's, and the name leads nowhere.
    let closed = Multipart::of(&[("bio", "Keeps lamps"), ("open", "")]);
    house.post("ann", "/settings/profile", closed).await;
    house.until_visitor(&thread, "/user/ann", false).await;
    until("the page is gone", async || house.get_anonymous(page).await.status == 404).await;
    until("the picture is gone", async || status().await == 404).await;
    assert_eq!(house.get("reader", "/user/ann/mute").await.status, 404);
    house.post("ann", "/settings/profile", Multipart::of(&[("bio", "Keeps lamps"), ("open", "1")])).await;
    house.until_visitor(&thread, "href=\"/user/ann\"", true).await;

    // Who is shut out has none either.
    house.accounts.suspend(None, ann).await.unwrap();
    until("the page is gone", async || house.get_anonymous(page).await.status == 404).await;
    house.until_visitor(&thread, "/user/ann", false).await;
    house.accounts.restore(None, ann).await.unwrap();
    house.until_visitor(page, "Gauges are for cowards", true).await;
    house.erasure.delete(None, ann, "somebody").await.unwrap();
    until("the page is gone", async || house.get_anonymous(page).await.status == 404).await;
    house.until_visitor(&thread, "/user/", false).await;
    assert!(house.media.is_deleted(&avatar).await.unwrap());
    house.stop.cancel();
}

#[db_test]
async fn a_page_shows_what_everybody_may_see(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (id, gone) = (house.article("Rope", State::Live).await, house.article("Bells", State::Live).await);
    house.said("ann", gone, "Under the bells").await;
    house.said("ann", id, "Under the rope").await;
    house.until_visitor("/user/ann", "Under the bells", true).await;
    house.decide(gone, Verdict::Retract { code: "law".into() }).await;
    house.until_visitor("/user/ann", "Under the bells", false).await;
    assert!(house.get_anonymous("/user/ann").await.has("Under the rope"));
    house.moderation.decide(&house.viewer("editor").await, gone, Verdict::Restore).await.unwrap();
    house.until_visitor("/user/ann", "Under the bells", true).await;

    // Who speaks as the author is not said to be a certain user.
    house.said("mara", id, "I wrote this").await;
    house.said("ann", id, "Thank you").await;
    house.until_visitor("/user/ann", "Thank you", true).await;
    let thread = plain(&house.get_anonymous(&format!("/article/{id}/comments")).await);
    assert!(thread.contains("class=\"name\" href=\"/@harbour\"") && !thread.contains("/user/mara"));
    assert!(!house.get_anonymous("/user/mara").await.has("I wrote this"));

    // A reader mutes there.
    let asked = house.get("reader", "/user/ann/mute").await;
    assert!(asked.status == 200 && asked.has("value=\"block\""));
    let muted = house.post("reader", "/user/ann/mute", "how=mute&return=/user/ann").await;
    assert_eq!((muted.status, muted.location()), (303, "/user/ann"));
    assert!(house.get("reader", "/user/ann/mute").await.has("value=\"none\""));
    assert_eq!(house.post("ann", "/user/ann/mute", "how=mute&return=/").await.status, 409);
    house.stop.cancel();
}

#[db_test]
async fn where_comments_wait_what_users_say_of_themselves_waits_too(db: Db) {
    let house = House::new(db, Env::system()).await;
    house.settings.set(&[("comments.review", "on")]).await.unwrap();
    house.post("ann", "/settings/profile", Multipart::of(&[("bio", "Keeps lamps"), ("open", "1")])).await;
    let page = house.get_anonymous("/user/ann").await;
    assert!(page.status == 200 && !page.has("Keeps lamps"));
    let own = house.get("ann", "/settings/profile").await;
    assert!(own.has("Keeps lamps") && own.has("wait for a reviewer"));
    house.stop.cancel();
}

#[db_test]
async fn reviewers_show_what_waits_and_take_away_what_was_reported(db: Db) {
    let house = House::new(db, Env::system()).await;
    let links = "https://a.example https://b.example https://c.example";
    let form = Multipart::of(&[("bio", links), ("open", "1")]).file("avatar", &png(40, 40, 8));
    house.post("ann", "/settings/profile", form).await;
    assert!(!house.get_anonymous("/user/ann").await.has("a.example"), "many links wait");
    let (ann, queue) = (house.user("ann").await.id, "/admin/profiles");
    let page = house.get("reviewer", queue).await;
    assert!(page.has("a.example"));
    assert_eq!(house.get("reader", queue).await.status, 403);
    // What was read is shown, and nothing that came in its place.
    let show = format!("{queue}/{ann}/show");
    assert_eq!(house.post("reviewer", &show, &[("read", "another")]).await.status, 409);
    let shown = house.post("reviewer", &show, &[("read", page.value("read").as_str())]).await;
    assert_eq!((shown.status, shown.location()), (303, "/admin/profiles?done=profile-shown"));
    house.until_visitor("/user/ann", "https://a.example", true).await;
    assert!(!house.get("reviewer", queue).await.has("a.example"));

    // What is wrong with a report is said beside what was typed.
    let wrong = house.post(VISITOR, "/user/ann/report", &[("reason", ""), ("text", "Advertising")]).await;
    assert!(wrong.status == 422 && wrong.value("text") == "Advertising");
    let sent = house.post(VISITOR, "/user/ann/report", &[("reason", "spam"), ("text", "Advertising")]).await;
    assert_eq!(sent.status, 200);
    let page = house.get("reviewer", queue).await;
    assert!(page.has("Advertising") && page.has("a.example"));
    let cleared = house.post("reviewer", &format!("{queue}/{ann}/clear"), "").await;
    assert_eq!(cleared.location(), "/admin/profiles?done=profile-cleared");
    house.until_visitor("/user/ann", "a.example", false).await;
    assert!(!house.get("reviewer", queue).await.has("Advertising"));
    let profile = house.accounts.profile(ann).await.unwrap();
    assert_eq!((profile.bio.as_str(), profile.avatar, profile.private), ("", None, false));

    // Nobody decides about themselves.
    house.post("reviewer", "/settings/profile", Multipart::of(&[("bio", "Me"), ("open", "1")])).await;
    house.post(VISITOR, "/user/reviewer/report", &[("reason", "spam")]).await;
    let own = house.user("reviewer").await.id;
    assert_eq!(house.post("reviewer", &format!("{queue}/{own}/clear"), "").await.status, 409);
    assert_eq!(house.accounts.profile(own).await.unwrap().bio, "Me");
    house.stop.cancel();
}

/// What a visitor chose is the account's from the first sign-in on, and another browser has it from its own.
#[db_test]
async fn choices_follow_whoever_signs_in(db: Db) {
    let house = House::new(db, Env::system()).await;
    let ann = house.user("ann").await;
    house.accounts.set_password(&ann.handle, PASSWORD).await.unwrap();
    let sign_in = async |cookies: &[(&str, &str)]| {
        let mut client = Client::browser(house.site.front.clone()).with_journal(&house.journal);
        for (name, value) in cookies {
            client = client.with_cookie(name, value);
        }
        let form = [("handle", "ann"), ("password", PASSWORD), ("return", "/about")];
        assert_eq!(client.post("/login", &form).await.status, 303);
        client
    };
    let first = sign_in(&[("edition", "care"), ("lang", "en")]).await;
    let other = sign_in(&[("lang", "zh-CN"), ("prefs", "200d")]).await;
    assert_eq!(other.cookie("edition").as_deref(), Some("care"));
    assert_eq!(other.cookie("lang").as_deref(), Some("en"));
    assert!(other.get("/about").await.has("lang=\"en\" data-edition=\"care\""));
    drop(first);

    // Times are read in a zone of one's own; what a form asks for is in the site's.
    let page = other.get("/settings/accessibility").await;
    assert!(page.has("<select id=\"zone\"") && page.has("<option>Europe"));
    let form = [("edition", "standard"), ("lang", "en"), ("text", "0"), ("zone", "Mars/Olympus")];
    let wrong = other.post("/settings/accessibility", &form).await;
    assert!(wrong.status == 422 && wrong.has("id=\"zone-error\""));
    let form = [
        ("edition", "standard"),
        ("lang", "en"),
        ("text", "0"),
        ("zone", "Europe/Oslo"),
        ("return", "/about"),
    ];
    assert_eq!(other.post("/settings/accessibility", &form).await.location(), "/about");
    assert!(other.get("/about").await.text.replace("&#x2f;", "/").contains("data-zone=\"Europe/Oslo\""));
    let third = sign_in(&[]).await;
    assert_eq!(third.cookie("edition").as_deref(), Some("standard"));
    assert!(third.get("/about").await.text.replace("&#x2f;", "/").contains("data-zone=\"Europe/Oslo\""));
    let visitor = plain(&house.get_anonymous("/about").await);
    assert!(
        !visitor.contains("Europe/Oslo")
            && !house.get_anonymous("/settings/accessibility").await.has("id=\"zone\"")
    );
    house.stop.cancel();
}

/// Readers and authors are told apart across both kinds of names.
#[db_test]
async fn nobody_new_is_taken_for_an_author_or_for_the_site(db: Db) {
    let house = House::new(db, Env::system()).await;
    house.settings.set(&[("site.name", "Harbour Light")]).await.unwrap();
    let boss = house.user("boss").await.id;
    house.accounts.grant(None, boss, Role::Editor).await.unwrap();
    assert_eq!(skeleton("harb0ur"), skeleton("harbour"));
    for (handle, name, field) in [
        ("harb0ur", "Lin", "handle"),
        ("harbour-light", "Lin", "handle"),
        ("lin", "Harbour Light", "name"),
        ("lin", "Harbour Light Support", "name"),
        ("lin", "B0ss", "name"),
    ] {
        let form = [("handle", handle), ("name", name), ("password", PASSWORD)];
        let refused = house.post(VISITOR, "/signup", &form).await;
        assert_eq!(refused.status, 422, "{handle} {name}");
        assert!(refused.has(&format!("id=\"{field}-error\"")), "{handle} {name}: {}", refused.text);
    }
    // An author is not called like somebody else; like oneself one may be.
    let form =
        |handle| [("handle", handle), ("name", "Lamps"), ("kind", "person"), ("bio", ""), ("reason", "")];
    let refused = house.post("reader", "/apply", &form("b0ss")).await;
    assert!(refused.status == 422 && refused.has("id=\"handle-error\""), "{}", refused.text);
    assert_eq!(house.post("reader", "/apply", &form("reader")).await.status, 303);
    house.stop.cancel();
}

#[db_test]
async fn an_accent_and_a_logo_are_on_kept_pages_within_a_moment(db: Db) {
    let house = House::new(db, Env::system()).await;
    assert!(!house.get_anonymous("/about").await.has("accent.css"));
    let sheet = house.get_anonymous("/assets/accent.css").await;
    assert_eq!(sheet.status, 404);

    let wrong = house.post("operator", "/admin/settings", &[("site.accent", "#ffd400")]).await;
    assert_eq!((wrong.status, wrong.value("site.accent").as_str()), (422, "#ffd400"));
    assert!(
        wrong.has("id=\"site.accent-error\"") && wrong.has("contrast of") && wrong.has("The nearest colour")
    );
    let set = house.post("operator", "/admin/settings", &[("site.accent", "#1a5fb4")]).await;
    assert_eq!((set.status, house.settings.get(&ACCENT).as_str()), (303, "#1a5fb4"));
    house.until_visitor("/about", "/assets/accent.css?v=", true).await;
    let address = async || {
        let page = plain(&house.get_anonymous("/about").await);
        let (_, rest) = page.split_once("href=\"/assets/accent.css").unwrap();
        format!("/assets/accent.css{}", rest.split('"').next().unwrap())
    };
    let first = address().await;
    let sheet = house.get_anonymous(&first).await;
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
    assert!(sheet.has("--accent:#1a5fb4") && sheet.has("prefers-color-scheme:dark"));
    house.post("operator", "/admin/settings", &[("site.accent", "#0b6b3a")]).await;
    until("another address", async || address().await != first).await;

    // A picture that somebody names is not made public by that.
    let hidden = house.picture(house.writer.id, 9).await;
    let named = house.post("operator", "/admin/settings", &[("site.logo", hidden.as_str())]).await;
    assert_eq!(named.status, 404);
    let form = Multipart::default().file("logo", &png(120, 40, 5));
    let set = house.post("operator", "/admin/settings/logo", form).await;
    assert_eq!((set.status, set.location()), (303, "/admin/settings?done=settings"));
    let logo = house.settings.get(&LOGO);
    house.until_visitor("/about", &format!("/media/{logo}/"), true).await;
    let page = plain(&house.get_anonymous("/about").await);
    for part in ["rel=\"icon\" href=\"/media/", "property=\"og:image\" content=\"", "<img class=\"logo"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let picture = format!("/media/{logo}/full.jpg");
    until("it is public", async || house.get_anonymous(&picture).await.status == 200).await;
    let wrong = house.post("operator", "/admin/settings/logo", Multipart::default().file("logo", b"x")).await;
    assert!(wrong.status == 422 && wrong.has("id=\"logo-error\""));
    house.post("operator", "/admin/settings/logo", Multipart::of(&[("logo_drop", "1")])).await;
    house.until_visitor("/about", "class=\"logo", false).await;
    until("it is public no more", async || house.get_anonymous(&picture).await.status != 200).await;
    house.stop.cancel();
}
