//! Notifications over HTTP: the pages, the number in the bar, and what open pages are told.

use axum::body::BodyDataStream;
use db::{Db, db_test};
use futures::StreamExt;
use notify::{Kind, Way};
use tokio::time::timeout;

use super::*;

/// A site on which `reader` wrote a comment.
struct Talk {
    house: House,
    article: ArticleId,
    comment: kernel::CommentId,
}

async fn talk(db: Db) -> Talk {
    let house = House::new(db, Env::system()).await;
    let reader = house.user("reader").await;
    // The reader follows the author: what is told here is answers alone.
    let mut choices = house.notify.choices(reader.id).await.unwrap();
    choices.set(Kind::Article, Way::Site, false);
    house.notify.choose(reader.id, &choices).await.unwrap();
    let article = house.article("Lamps", State::Live).await;
    // Who gets a password has all sessions ended: that is over before anybody listens.
    for handle in ["reader", "cat"] {
        house.cookie(handle).await;
    }
    let written = house.journal.written().await.unwrap();
    until("the listeners hear of it", async || {
        house.journal.followers().iter().any(|one| one.name == "listeners" && one.position >= written)
    })
    .await;
    let comment = house.comments.post(&reader, article, None, "Which lamp?").await.unwrap().id;
    Talk { house, article, comment }
}

impl Talk {
    async fn answer(&self, text: &str) {
        let bob = self.house.user("bob").await;
        self.house.comments.post(&bob, self.article, Some(self.comment), text).await.unwrap();
    }

    /// The answers of a request that asks to be told.
    async fn listen(&self, handle: &str) -> BodyDataStream {
        let request = ::http::Request::get("/-/notifications")
            .header("accept", "text/event-stream")
            .header("cookie", self.house.cookie(handle).await);
        let request = request.body(Body::empty()).unwrap();
        let response = self.house.site.front.answer(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(response.headers().get("content-encoding").is_none());
        response.into_body().into_data_stream()
    }
}

/// What comes next; nothing where it ends.
async fn next(stream: &mut BodyDataStream) -> Option<String> {
    let next = timeout(PATIENCE, stream.next()).await.expect("something comes");
    next.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap())
}

#[db_test]
async fn an_answer_stands_on_the_page_and_in_the_bar_until_it_is_read(db: Db) {
    let talk = talk(db).await;
    let house = &talk.house;
    assert!(!house.get_anonymous("/").await.has("data-unread"), "visitors have no number");
    assert!(house.ask("/latest").await.has("data-unread=\"0\""));
    talk.answer("The <brass> one.").await;
    house.wait("/notifications", "bob answered your comment", true).await;
    let page = house.ask("/notifications").await;
    assert!(page.has("The &lt;brass&gt; one.") && page.has("Mark all as read"), "{}", page.text);
    // In whatever way the page comes.
    house.wait("/latest", "data-unread=\"1\"", true).await;
    let slots = house.ask("/-/slots?path=/").await.json();
    assert!(slots["user-menu"].as_str().unwrap().contains("data-unread=\"1\""), "{slots}");
    assert_eq!(house.ask("/-/notifications").await.json()["unread"], 1);

    let one = page.text.split("/notifications/").find_map(|rest| rest.split_once("/read\"")).unwrap().0;
    let back = house.post("reader", &format!("/notifications/{one}/read"), "return=/hot").await;
    assert_eq!((back.status, back.location()), (303, "/hot"));
    house.wait("/latest", "data-unread=\"0\"", true).await;
    let page = house.ask("/notifications").await;
    assert!(page.has("bob answered") && !page.has("Mark all as read"));

    talk.answer("Or the green one.").await;
    house.wait("/latest", "data-unread=\"1\"", true).await;
    let away = house.post("reader", "/notifications/read", "return=//evil.example").await;
    assert_eq!((away.status, away.location()), (303, "/"));
    house.wait("/latest", "data-unread=\"0\"", true).await;
    house.stop.cancel();
}

#[db_test]
async fn open_pages_are_told_at_once(db: Db) {
    let talk = talk(db).await;
    let house = &talk.house;
    let mut pages = [talk.listen("reader").await, talk.listen("reader").await];
    let mut other = talk.listen("cat").await;
    for page in pages.iter_mut().chain([&mut other]) {
        assert_eq!(next(page).await.as_deref(), Some("data: 0\n\n"), "the number as it is");
    }
    talk.answer("The brass one.").await;
    for page in &mut pages {
        assert_eq!(next(page).await.as_deref(), Some("data: 1\n\n"));
    }
    assert!(timeout(Duration::from_millis(300), other.next()).await.is_err(), "nobody else");
    // What is read in one place is read in all.
    house.post("reader", "/notifications/read", "").await;
    for page in &mut pages {
        assert_eq!(next(page).await.as_deref(), Some("data: 0\n\n"));
    }
    let live = house.services.notify.live();
    assert_eq!(live.listeners(), 3);
    drop(other);
    until("who left is gone", async || live.listeners() == 2).await;
    // Sessions that end take their listeners along.
    let reader = house.user("reader").await.id;
    house.accounts.sign_out_everywhere(reader, false).await.unwrap();
    for page in &mut pages {
        assert_eq!(next(page).await, None);
    }
    // So does a process that stops.
    let mut last = talk.listen("cat").await;
    assert_eq!(next(&mut last).await.as_deref(), Some("data: 0\n\n"));
    house.stop.cancel();
    assert_eq!(next(&mut last).await, None);
}

#[db_test]
async fn who_finds_no_room_looks_again_later(db: Db) {
    let talk = talk(db).await;
    talk.house.services.notify.live().allow(1);
    let _first = talk.listen("reader").await;
    let mut second = talk.listen("cat").await;
    assert_eq!(next(&mut second).await.as_deref(), Some("retry: 60000\ndata: 0\n\n"));
    assert_eq!(next(&mut second).await, None);
    let visitor = talk.house.get_anonymous("/-/notifications").await;
    assert_eq!((visitor.status, visitor.location().starts_with("/login?")), (303, true));
    talk.house.stop.cancel();
}

#[db_test]
async fn choices_are_kept_and_mistakes_are_named(db: Db) {
    let house = House::new(db, Env::system()).await;
    let page = house.ask("/settings/notifications").await;
    assert!(
        page.has("id=\"answer-site\" type=\"checkbox\" name=\"answer-site\" value=\"1\" checked"),
        "{}",
        page.text
    );
    assert!(!page.has("waiting-site"), "only for those who look after the site");
    assert!(house.get("reviewer", "/settings/notifications").await.has("waiting-site"));

    let form = "like-site=1&quiet_from=22%3A30&quiet_until=soon";
    let refused = house.post("reader", "/settings/notifications", form).await;
    assert_eq!((refused.status, refused.value("quiet_until").as_str()), (422, "soon"));
    assert_eq!(refused.error("quiet_until"), "Write the time as hours and minutes, such as 22:30.");
    assert!(refused.has("name=\"like-site\" value=\"1\" checked"));
    assert!(!refused.has("name=\"answer-site\" value=\"1\" checked"));

    let form = "like-site=1&quiet_from=22%3A30&quiet_until=07%3A00";
    assert_eq!(house.post("reader", "/settings/notifications", form).await.status, 303);
    let page = house.ask("/settings/notifications").await;
    assert_eq!((page.value("quiet_from"), page.value("quiet_until")), ("22:30".into(), "07:00".into()));
    assert!(page.has("name=\"like-site\" value=\"1\" checked"));
    assert!(!page.has("name=\"answer-site\" value=\"1\" checked"));
    house.stop.cancel();
}
