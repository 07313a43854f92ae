//! Ways to be told beside the site, over HTTP: choosing them, links that end mail, browsers.

use ::mail::testing::{Abilities, MailServer};
use db::{Conn, Db, args, db_test};
use mail_parser::MessageParser;
use notify::{DigestMail, Kind, Notified, Way};
use web::render::check_mail;

use super::*;

const DEVICE: [(&str, &str); 3] = [
    ("endpoint", "https://push.example/abc"),
    ("p256dh", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
    ("auth", "BTBZMqHH6r4Tts7J_aSIgg"),
];

/// A site whose mail goes to `server`, and whose reader has an address.
async fn house(db: Db, server: &MailServer) -> House {
    let url = server.url();
    let house = Box::pin(House::configured(db.clone(), Env::system(), |config| {
        (config.url, config.name) = (Some("https://news.example".into()), Some("News".into()));
        config.mail = url;
    }))
    .await;
    let reader = house.user("reader").await.id;
    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO user_emails (user_id, address, mailbox, locale, verified_at)
               VALUES ($1, 'reader@example.org', 'reader@example.org', 'zh-CN', 0)";
    tx.exec(sql, args![reader]).await.unwrap();
    tx.commit().await.unwrap();
    house
}

#[test]
fn every_mail_can_be_drawn() {
    let theme = Theme::load(None).unwrap();
    check_mail::<Notified>(&theme).unwrap();
    check_mail::<DigestMail>(&theme).unwrap();
}

#[db_test]
async fn a_digest_is_chosen_tried_and_ended_by_one_click(db: Db) {
    let server = MailServer::start(Abilities::default()).await;
    let house = house(db, &server).await;
    let page = house.ask("/settings/notifications").await;
    assert!(
        page.has("name=\"answer-digest\" value=\"1\" checked") && page.has("<option value=\"\" selected>")
    );
    let form =
        "answer-site=1&answer-digest=1&digest=week&digest_hour=24&digest_weekday=7&quiet_from=x&quiet_until=";
    let refused = house.post("reader", "/settings/notifications", form).await;
    assert_eq!(refused.status, 422);
    for field in ["digest_hour", "quiet_from", "quiet_until"] {
        assert!(!refused.error(field).is_empty(), "{field}: {}", refused.text);
    }
    assert!(refused.has("<option value=\"week\" selected>") && refused.has("<option value=\"7\" selected>"));
    let form = "answer-site=1&answer-digest=1&digest=week&digest_hour=18&digest_weekday=7";
    assert_eq!(house.post("reader", "/settings/notifications", form).await.status, 303);
    let page = house.ask("/settings/notifications").await;
    assert!(page.has("<option value=\"18\" selected>18:00</option>"), "{}", page.text);
    // Nobody is sent what cannot arrive.
    let refused = house.post("cat", "/settings/notifications", form).await;
    assert_eq!((refused.status, refused.error("digest").is_empty()), (422, false));

    let refused = house.post("reader", "/settings/notifications/digest", "").await;
    assert_eq!((refused.status, refused.error("digest").contains("nothing unread")), (422, true));
    let article = house.article("Lamps", State::Live).await;
    let reader = house.user("reader").await;
    let own = house.comments.post(&reader, article, None, "Which lamp?").await.unwrap().id;
    let bob = house.user("bob").await;
    house.comments.post(&bob, article, Some(own), "The <brass> one.").await.unwrap();
    house.wait("/notifications", "bob answered your comment", true).await;
    let sent = house.post("reader", "/settings/notifications/digest", "").await;
    assert_eq!(sent.location(), "/settings/notifications?sent=digest");
    assert!(house.ask(sent.location()).await.has("The digest is on its way"));
    // Signing in with a browser that is not known is told of, too.
    let digest = || {
        let subject =
            |message: &[u8]| MessageParser::default().parse(message).unwrap().subject().map(str::to_owned);
        let of_week = |subject: String| subject == "News：本周摘要（1 条未读）";
        server.received().into_iter().find(|received| subject(&received.message).is_some_and(of_week))
    };
    until("it arrived in the language of the address", async || digest().is_some()).await;
    let received = digest().unwrap();
    let message = MessageParser::default().parse(&received.message).unwrap();
    assert!(message.body_html(0).unwrap().contains("The &lt;brass&gt; one."));
    let off = message.header_raw("List-Unsubscribe").unwrap().trim().trim_matches(['<', '>']).to_owned();
    let path = off.strip_prefix("https://news.example").unwrap();

    // Mail programs look at links; only who asks for it changes something, and nobody need be signed in.
    let shown = house.get_anonymous(path).await;
    assert!(shown.status == 200 && shown.has("Daily and weekly digests."), "{}", shown.text);
    assert!(house.notify.choices(reader.id).await.unwrap().digest.is_some());
    let program = Client::program(house.site.front.clone());
    let done = program.post(path, "List-Unsubscribe=One-Click").await;
    assert!(done.status == 200 && done.has("role=\"status\""), "{}", done.text);
    let choices = house.notify.choices(reader.id).await.unwrap();
    assert!(choices.digest.is_none() && choices.wants(Kind::Answer, Way::Digest), "the boxes stay");
    let wrong = format!("{path}x");
    assert_eq!(house.get_anonymous(&wrong).await.status, 422);
    assert_eq!(program.post(&wrong, "").await.status, 422);
    // Another site's page has no say.
    let request = ::http::Request::post(path).header("sec-fetch-site", "cross-site");
    assert_eq!(house.answer(request.body(Body::empty()).unwrap()).await.status, 403);
    house.stop.cancel();
}

#[db_test]
async fn a_browser_is_chosen_where_one_is_signed_in_and_goes_with_the_session(db: Db) {
    let house = House::new(db, Env::system()).await;
    let reader = house.user("reader").await.id;
    let key = house.notify.push_key().await.unwrap();
    assert!(house.ask("/settings/notifications").await.has(&format!("data-push-key=\"{key}\"")));
    let wrong = [DEVICE[0], DEVICE[1], ("auth", "short")];
    assert_eq!(house.post("reader", "/settings/notifications/devices", &wrong).await.status, 422);
    let added = house.post("reader", "/settings/notifications/devices", &DEVICE).await;
    assert_eq!((added.status, added.location()), (303, "/settings/notifications"));
    let page = house.ask("/settings/notifications").await;
    assert!(!page.has("data-push-key") && !page.has("push.example"), "it stands in the list: {}", page.text);
    let device = house.notify.devices(reader).await.unwrap().remove(0);
    let remove = format!("/settings/notifications/devices/{}/remove", device.id);
    assert_eq!(house.post("cat", &remove, "").await.status, 303);
    assert_eq!(house.notify.devices(reader).await.unwrap().len(), 1, "somebody else's");
    assert_eq!(house.post("reader", &remove, "").await.status, 303);
    assert!(house.notify.devices(reader).await.unwrap().is_empty());

    house.post("reader", "/settings/notifications/devices", &DEVICE).await;
    house.post("reader", "/logout", "").await;
    until("it is forgotten", async || house.notify.devices(reader).await.unwrap().is_empty()).await;

    let worker = house.get_anonymous("/sw.js").await;
    assert_eq!((worker.status, worker.header("cache-control")), (200, "no-cache"));
    assert!(worker.header("content-type").starts_with("text/javascript") && worker.has("showNotification"));
    house.stop.cancel();
}
