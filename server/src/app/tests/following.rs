//! What readers follow: the button on pages that are kept for everybody, the list with its reasons, and where they look through it.

use db::{Conn, Db, db_test};
use editorial::TopicText;
use follows::{Subject, SubjectKind};

use super::*;

/// A live article in `city`, with the tag `lamps` and in the topic `ropes`.
async fn house(db: Db) -> (House, ArticleId) {
    let house = House::new(db, Env::system()).await;
    let article = house.article("Rope walks", State::Live).await;
    let editor = house.viewer("editor").await;
    let text = TopicText { en: "Ropes".into(), ..TopicText::default() };
    let topic = house.editorial.create_topic(&editor, "ropes", text).await.unwrap();
    house.editorial.add_to_topic(&editor, topic, article, "").await.unwrap();
    house.editorial.publish_topic(&editor, topic).await.unwrap();
    (house, article)
}

const SUBJECTS: [(&str, &str, &str); 3] = [
    ("/channel/city", "channels", "You follow the channel City"),
    ("/tag/lamps", "tags", "You follow the tag “lamps”"),
    ("/topic/ropes", "topics", "You follow the topic “Ropes”"),
];

#[db_test]
async fn a_channel_a_tag_and_a_topic_are_followed_and_left(db: Db) {
    let (house, article) = house(db).await;
    let link = format!("/article/{article}\"");
    let empty = house.get("ann", "/following").await;
    assert!(empty.has("You follow nothing yet") && !empty.has(&link), "{}", empty.text);
    assert!(empty.has("action=\"/channel/city/follow\"") && empty.has("action=\"/topic/ropes/follow\""));
    assert!(house.get("ann", "/settings/following").await.has("You follow nothing yet."));
    for (path, kind, why) in SUBJECTS {
        let button = |verb: &str| format!("action=\"{path}/{verb}\"");
        let visited = house.post(VISITOR, &format!("{path}/follow"), "return=/").await;
        assert!(visited.status == 401 || visited.location().starts_with("/login?return="), "{path}");
        house.wait_as(async || house.get("ann", path).await.text, path, &button("follow"), true).await;
        let only = format!("/following?kind={kind}");
        assert!(!house.get("ann", &only).await.has(&link), "{only}");

        let followed = house.post("ann", &format!("{path}/follow"), format!("return={path}")).await;
        assert_eq!((followed.status, followed.location()), (303, path));
        let page = house.get("ann", path).await;
        assert!(page.has(&button("unfollow")) && page.has("aria-pressed=\"true\""), "{path}: {}", page.text);
        // Everybody's page stays as it is, and the script is told.
        let everybody = house.get_anonymous(path).await;
        assert!(everybody.has(&button("follow")) && !everybody.has(&button("unfollow")), "{path}");
        let slots = house.get("ann", &format!("/-/slots?path={path}")).await.json();
        assert!(slots["subject-follow"].as_str().unwrap().contains(&button("unfollow")), "{slots}");

        let list = house.get("ann", &only).await;
        assert!(list.has(&link) && list.has(why), "{only}: {}", list.text);
        assert!(list.has(&format!("href=\"{only}\" aria-current=\"true\"")), "{}", list.text);
        assert!(house.get("ann", "/settings/following").await.has(&button("unfollow")), "{path}");
    }
    // By several ways, it is there once, for the reason that is most one's own; the home page has the same.
    for path in ["/following", "/-/slots?path=/"] {
        let page = house.get("ann", path).await;
        let text = if path == "/following" { page.text } else { page.json()["following-front"].to_string() };
        assert!(
            text.contains("You follow the topic “Ropes”") && !text.contains("You follow the tag"),
            "{text}"
        );
        assert_eq!(text.matches("data-author=").count(), 1, "{text}");
    }
    for (path, ..) in SUBJECTS {
        for _ in 0..2 {
            let left = house.post("ann", &format!("{path}/unfollow"), "return=/settings/following").await;
            assert_eq!((left.status, left.location()), (303, "/settings/following"));
        }
    }
    assert!(house.get("ann", "/settings/following").await.has("You follow nothing yet."));
    assert!(!house.get("ann", "/following").await.has(&link));
    for nothing in ["/channel/nowhere", "/channel/City", "/tag/nothing", "/topic/nothing"] {
        let status = house.post("ann", &format!("{nothing}/follow"), "return=/").await.status;
        assert_eq!(status, 404, "{nothing}");
    }
    // What cannot be read of an address is as good as not given.
    assert_eq!(house.get("ann", "/following?kind=dreams&cursor=x").await.status, 200);
    house.stop.cancel();
}

#[db_test]
async fn who_follows_too_many_is_told_so(db: Db) {
    let (house, _) = house(db).await;
    let ann = house.user("ann").await.id;
    let tx = house.db.write().await.unwrap();
    for n in 0..SubjectKind::Channel.most() {
        let sql = "INSERT INTO subject_follows (user_id, kind, name, label, created_at) VALUES ($1, 'channel', $2, $2, 0)";
        tx.exec(sql, db::args![ann, format!("channel-{n}")]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let refused = house.post("ann", "/channel/city/follow", "return=/").await;
    assert!(refused.status == 409 && refused.has("as many of these as you can"), "{}", refused.text);
    let city = Subject::Channel(Slug::new("city").unwrap());
    assert!(!house.follows.follows_subject(ann, &city).await.unwrap());
    house.stop.cancel();
}
