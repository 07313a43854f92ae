//! Who is muted is nowhere in that reader's pages and everywhere in those of others; who is blocked is told so.

use db::db_test;
use kernel::{CommentId, Time};

use super::*;

const FOLDED: &str = "<details class=\"muted\"><summary>A muted reader: show</summary>";

impl House {
    /// As somebody in a browser that runs no script, and keeps nothing of it.
    async fn plainly(&self, who: &str, path: &str) -> Answer {
        Client::clone(&*self.client(who).await).get(path).await
    }

    /// As somebody whose script fetches what is their own.
    async fn scripted(&self, who: &str, path: &str) -> Answer {
        let cookie = format!("{}; js=1", self.cookie(who).await);
        self.send(get(path).header("cookie", cookie)).await
    }

    async fn speak(&self, who: &str, under: ArticleId, parent: Option<CommentId>, text: &str) -> CommentId {
        let user = self.user(who).await;
        self.comments.post(&user, under, parent, text).await.unwrap().id
    }
}

async fn house(db: Db) -> House {
    House::new(db, Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap()).0).await
}

#[db_test]
async fn a_muted_author_is_nowhere_for_that_reader_and_everywhere_for_others(db: Db) {
    let house = house(db).await;
    let id = house.article("Rope walks", State::Live).await;
    let profile = Profile { handle: "tides".into(), name: "Tides".into(), ..Profile::default() };
    let tides = house.authors.create(profile, &[house.user("other").await.id]).await.unwrap().id;
    let draft = Draft {
        title: format!("Bell towers {COMMON}"),
        body: format!("{COMMON}. {}", own_words("Bell towers")),
        tags: vec![Tag::new("lamps").unwrap()],
        ..testing::draft("Bell towers")
    };
    let other = house.article_of(tides, draft, State::Live).await;
    let (link, left) = (format!("/article/{id}\""), format!("/article/{other}\""));
    let pages = ["/", "/latest", "/hot", "/channel/city", "/tag/lamps", "/search?q=lighthouse", "/following"];
    for page in pages {
        // The reader follows the author, and has muted nobody.
        house.wait(page, &link, true).await;
    }
    let beside = format!("/article/{other}");
    house.wait(&beside, &link, true).await;
    let before = house.get_anonymous("/latest").await.text;

    let muted = house.post("reader", "/@harbour/mute", "how=mute&return=/hot").await;
    assert_eq!((muted.status, muted.location()), (303, "/hot"));
    for page in pages.into_iter().chain(["/for-you", "/no/such/page", &beside]) {
        let text = house.plainly("reader", page).await.text;
        // The page of the other one has its own address, but for lists where it stands alone.
        assert!(!text.contains(&link), "{page}: {text}");
        let everybody = house.plainly("mara", page).await.text;
        assert!(page == "/following" || page == "/for-you" || everybody.contains(&link), "{page}");
    }
    assert!(house.plainly("reader", "/latest").await.has(&left));
    let suggested = house.plainly("reader", "/search/suggest?q=harb").await.text;
    assert!(!suggested.contains("/@harbour"), "{suggested}");
    // Who goes there finds all of it, and the way back.
    let home = house.plainly("reader", "/@harbour").await;
    assert!(home.has(&link) && home.has("You muted this author") && home.has("value=\"none\""));
    assert!(house.plainly("reader", "/search?q=lighthouse&author=harbour").await.has(&link));

    // A page that everybody gets stays as it is; the script is told what to take out of it.
    assert_eq!(house.get_anonymous("/latest").await.text, before);
    assert_eq!(house.scripted("reader", "/latest").await.text, before);
    let slots = house.scripted("reader", "/-/slots?path=/latest").await.json();
    assert!(slots["muted"].as_str().unwrap().contains("data-authors=\"harbour\""), "{slots}");
    let slots = house.scripted("mara", "/-/slots?path=/latest").await.json();
    assert!(!slots["muted"].as_str().unwrap().contains("data-muted"), "{slots}");

    // What was wished for in one's own list is the same mute.
    house.post("reader", "/@harbour/mute", "how=none&return=/").await;
    assert!(house.plainly("reader", "/latest").await.has(&link));
    let wish = "subject=author&name=harbour&wish=none&return=/for-you";
    assert_eq!(house.post("reader", "/settings/interests/wish", wish).await.status, 303);
    assert!(!house.plainly("reader", "/latest").await.has(&link));
    assert!(house.plainly("reader", "/settings/blocks").await.has(">Harbour</a>"));
    house.stop.cancel();
}

#[db_test]
async fn a_muted_voice_is_one_line_for_that_reader_and_a_voice_for_others(db: Db) {
    let house = house(db).await;
    let id = house.article("Rope walks", State::Live).await;
    let said = house.speak("bob", id, None, "The mule is patient.").await;
    let answer = house.speak("cleo", id, Some(said), "The sisters are not.").await;
    let (page, list) = (format!("/article/{id}"), format!("/article/{id}/comments"));
    house.wait(&page, "The sisters are not.", true).await;

    let ask = format!("/comment/{said}/mute");
    assert!(house.get_anonymous(&ask).await.location().starts_with("/login?return="));
    let asked = house.plainly("ann", &ask).await;
    assert!(asked.status == 200 && asked.has("Mute or block bob") && asked.has("value=\"block\""));
    assert_eq!(house.plainly("bob", &ask).await.status, 409, "oneself");
    let form = format!("how=mute&return=/article/{id}%23comment-{said}");
    let muted = house.post("ann", &ask, form).await;
    assert_eq!((muted.status, muted.location()), (303, format!("/article/{id}#comment-{said}").as_str()));
    assert!(house.plainly("ann", &ask).await.has("You muted this person."));

    for path in [&page, &list, &format!("/comment/{answer}")] {
        let own = house.plainly("ann", path).await.text;
        // By itself and where it is quoted; what others answer stays, and what is folded can be read.
        let folded = if path.starts_with("/comment/") { 1 } else { 2 };
        assert_eq!(own.matches(FOLDED).count(), folded, "{path}: {own}");
        assert!(own.contains("The sisters are not.") && own.contains("The mule is patient."));
        for others in [house.plainly("cleo", path).await, house.plainly("bob", path).await] {
            assert!(!others.has("class=\"muted\"") && others.has("The mule is patient."), "{path}");
        }
        assert!(!house.get_anonymous(path).await.has("class=\"muted\""));
        assert!(!house.scripted("ann", path).await.has("class=\"muted\""), "everybody's page");
        let slots = house.scripted("ann", &format!("/-/slots?path={path}")).await.json();
        let comments = format!("data-comments=\"{said}\"");
        assert!(slots["muted"].as_str().unwrap().contains(&comments), "{slots}");
    }
    // A mute tells nobody, and refuses nothing.
    let from_ann = house.speak("ann", id, None, "Which mule?").await;
    house.speak("bob", id, Some(from_ann), "The grey one.").await;
    house.stop.cancel();
}

#[db_test]
async fn who_is_blocked_is_told_so_and_loses_nothing_typed(db: Db) {
    let house = house(db).await;
    let id = house.article("Rope walks", State::Live).await;
    let said = house.speak("ann", id, None, "Which mule?").await;
    let theirs = house.speak("bob", id, None, "The grey one.").await;
    let page = format!("/article/{id}");
    house.wait(&page, "The grey one.", true).await;
    house.post("ann", &format!("/comment/{theirs}/mute"), "how=block&return=/").await;

    let list = format!("/article/{id}/comments");
    let refused = house.post("bob", &list, format!("parent={said}&text=That+mule+there")).await;
    assert_eq!((refused.status, refused.value("reply").as_str()), (409, "That mule there"));
    assert!(refused.error("reply").contains("has blocked you"), "{}", refused.text);
    let liked = house.post("bob", &format!("/comment/{said}/like"), "return=/").await;
    assert!(liked.status == 409 && liked.has("has blocked you"), "{}", liked.text);
    // Before anything is typed, too: on the page, and by the script.
    let link = format!("/article/{id}?reply={said}");
    let own = house.plainly("bob", &link).await;
    assert!(own.has("has blocked you") && !own.has("id=\"reply\""));
    let slots = house.scripted("bob", &format!("/-/slots?path={link}")).await.json();
    assert!(slots["reply"].as_str().unwrap().contains("has blocked you"), "{slots}");
    assert!(house.plainly("cleo", &link).await.has("id=\"reply\""));
    // It goes both ways, and is not between others.
    let back = house.post("ann", &list, format!("parent={theirs}&text=No")).await;
    assert!(back.status == 409 && back.error("reply").contains("Unblock them first"));
    assert_eq!(house.post("cleo", &list, format!("parent={said}&text=The+grey+one")).await.status, 303);
    assert_eq!(house.post("bob", &list, "text=A+comment+of+my+own").await.status, 303);

    let blocks = house.plainly("ann", "/settings/blocks").await;
    assert!(blocks.has("bob") && blocks.has("Unblock"));
    let who = house.user("bob").await.id;
    let lift = format!("kind=user&id={who}&how=none");
    assert_eq!(house.post("ann", "/settings/blocks", lift).await.location(), "/settings/blocks");
    assert!(house.plainly("ann", "/settings/blocks").await.has("You have muted or blocked nobody."));
    assert_eq!(house.post("bob", &list, format!("parent={said}&text=That+one")).await.status, 303);
    for wrong in ["", "kind=user&id=%3C&how=mute", "kind=comment&id=2&how=mute", "kind=user&id=3&how=love"] {
        assert_eq!(house.post("ann", "/settings/blocks", wrong).await.status, 422, "{wrong}");
    }
    house.stop.cancel();
}
