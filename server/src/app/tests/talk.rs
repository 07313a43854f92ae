//! Long threads and high towers: what a page of them weighs, which numbers the floors have, where an answer is written.

use comments::ImportedComment;
use db::db_test;
use kernel::{CommentId, Time};

use super::*;

/// What a page of comments may weigh, uncompressed.
const MOST: usize = 150_000;

impl House {
    async fn post_comment(&self, path: &str, form: String) -> Answer {
        let request = ::http::Request::post(path)
            .header("cookie", self.cookie("reader").await)
            .header("origin", "http://127.0.0.1:8080")
            .header("host", "127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .header("accept-language", "en")
            .header("content-type", "application/x-www-form-urlencoded");
        self.answer(request.body(form.into()).unwrap()).await
    }

    /// A tower of `height` floors, and as many comments again as make `all`, every seventh of them a branch of the tower.
    async fn talk(&self, id: ArticleId, height: usize, all: usize, text: &str) {
        let said = |n: usize| ImportedComment {
            external: n.to_string(),
            parent_external: match n {
                0 => None,
                n if n < height => Some((n - 1).to_string()),
                n => (n % 7 == 0).then(|| (n % height.max(1)).to_string()),
            },
            name: format!("Voice {n}"),
            text: format!("{n}. {text}"),
            likes: n as i64 % 5,
            at: Time::from_millis(1_700_000_000_000 + n as i64 * 1_000),
            ..ImportedComment::default()
        };
        let taken = self.comments.import(id, (0..all).map(said).collect()).await.unwrap();
        assert_eq!(taken, all);
    }

    /// The comment on floor `n` of the tower whose top is the newest.
    async fn newest(&self, id: ArticleId) -> CommentId {
        let page = self
            .site
            .services
            .comments
            .folded_thread(id, comments::Sort::New, Cursor::START, 1)
            .await
            .unwrap();
        page.items[0].comment.id
    }
}

async fn house(db: Db) -> (House, ArticleId) {
    let house = House::new(db, Env::system()).await;
    let id = house.article("Lamps", State::Live).await;
    (house, id)
}

#[db_test]
async fn a_page_of_a_thousand_comments_stays_small(db: Db) {
    let (house, id) = house(db).await;
    house.talk(id, 400, 1_000, &"海不会迟到，迟到的是看海的人。".repeat(8)).await;
    let long = house.article("Oil", State::Live).await;
    house.talk(long, 40, 1_000, &"<&\"'>海".repeat(300)).await;
    // A part of a tower, whose texts stand there whole, is no larger either.
    let high = house.article("Wick", State::Live).await;
    house.talk(high, 40, 40, &"<&\"'>海".repeat(300)).await;
    let top = house.newest(high).await;
    for from in [1, 10] {
        let body = house.get_anonymous(&format!("/comment/{top}?from={from}")).await.text;
        assert!(body.len() < MOST && body.matches("class=\"quote\"").count() >= 3, "{}", body.len());
    }
    for id in [id, long] {
        for page in ["", "/comments?sort=new", "/comments?sort=hot"] {
            let mut next = Some(format!("/article/{id}{page}"));
            for _ in 0..4 {
                let Some(path) = next.take() else { break };
                for Answer { status, text: body, .. } in
                    [house.get_anonymous(&path).await, house.ask(&path).await]
                {
                    assert_eq!(status, 200, "{path}");
                    let talk = body.find("id=\"comments\"").unwrap()
                        ..body.find("</section>").unwrap_or(0).max(body.find("id=\"foot\"").unwrap());
                    let of = if page.is_empty() { body[talk].len() } else { body.len() };
                    assert!(of < MOST, "{path}: {of}");
                    assert!(body.matches("class=\"floor\"").count() >= 3, "{path}");
                }
                let body = house.get_anonymous(&path).await.text;
                next = body
                    .split("rel=\"next\" href=\"")
                    .nth(1)
                    .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
            }
        }
    }
    house.stop.cancel();
}

#[db_test]
async fn a_high_tower_keeps_its_numbers_and_comes_in_parts(db: Db) {
    let (house, id) = house(db).await;
    house.talk(id, 260, 260, "up").await;
    let top = house.newest(id).await;
    let floors = |body: &str| -> Vec<i64> {
        let marks = body.split("<li class=\"quote\" value=\"").skip(1);
        marks.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
    };
    let list = house.get_anonymous(&format!("/article/{id}/comments")).await.text;
    let first = list.split("<li class=\"floor\"").nth(1).unwrap();
    assert_eq!(floors(first), [1, 258, 259], "{first}");
    assert!(
        first.contains(&format!("href=\"/comment/{top}?from=2\"")) && first.contains("Show floors 2 to 257")
    );

    let part = house.get_anonymous(&format!("/comment/{top}?from=2")).await.text;
    let want: Vec<i64> = (1..=101).chain([258, 259]).collect();
    assert_eq!(floors(&part), want);
    assert!(
        part.contains(&format!("href=\"/comment/{top}?from=102\""))
            && part.contains("Show floors 102 to 257")
    );
    let whole = house.get_anonymous(&format!("/comment/{top}")).await.text;
    assert_eq!(floors(&whole)[..100], (1..=100).collect::<Vec<_>>());
    assert_eq!(house.get_anonymous(&format!("/comment/{top}?from=-9")).await.status, 200);
    assert_eq!(house.get_anonymous("/comment/11111111111").await.status, 404);
    house.stop.cancel();
}

#[db_test]
async fn an_answer_is_written_under_its_comment(db: Db) {
    let (house, id) = house(db).await;
    house.talk(id, 1, 90, "said").await;
    let list = house.ask(&format!("/article/{id}/comments?sort=new")).await.text;
    let next =
        list.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = house.ask(&next).await.text;
    let link = second.split("reply=").nth(1).unwrap();
    let to = link.split('#').next().unwrap();
    let path = format!("{next}&reply={to}");
    // The page is the one that the reader is on, and the form stands in the comment's own floor.
    let page = house.ask(&path).await.text;
    let floor = page.split(&format!("id=\"comment-{to}\"")).nth(1).unwrap();
    let floor = floor.split("<li class=\"floor\"").next().unwrap();
    assert!(
        floor.contains(&format!("name=\"parent\" value=\"{to}\""))
            && floor.contains("<textarea id=\"reply\""),
        "{floor}"
    );
    // Whoever is not signed in finds there how to, and comes back there.
    let page = house.get_anonymous(&path).await.text;
    let floor = page.split(&format!("id=\"comment-{to}\"")).nth(1).unwrap();
    let floor = floor.split("<li class=\"floor\"").next().unwrap();
    assert!(floor.contains("/login?return=") && floor.contains(&format!("%23comment-{to}")), "{floor}");
    // A comment that is not on the page is shown with the form.
    let elsewhere = house.ask(&format!("/article/{id}?reply={to}")).await.text;
    assert_eq!(elsewhere.matches(&format!("id=\"comment-{to}\"")).count(), 1);
    assert!(elsewhere.contains(&format!("name=\"parent\" value=\"{to}\"")));

    // What is refused keeps what was typed, with what it answers.
    let address = format!("/article/{id}/comments");
    let long = "w".repeat(2_001);
    let refused = house.post_comment(&address, format!("parent={to}&text={long}")).await;
    assert_eq!(refused.status, 422);
    let text = refused.text;
    assert!(text.contains(&long) && text.contains(&format!("name=\"parent\" value=\"{to}\"")));
    for n in 0..10 {
        house.post_comment(&address, format!("parent={to}&text=answer+{n}")).await;
    }
    let often = house.post_comment(&address, format!("parent={to}&text=one+too+many")).await;
    assert!(often.status == 429 && often.headers.contains_key("retry-after"), "{}", often.status);
    let text = often.text;
    assert!(
        text.contains(">one too many</textarea>") && text.contains("What you typed is still here"),
        "{text}"
    );
    house.stop.cancel();
}
