//! Threads, likes and what is held, on a whole site.

use std::time::Duration;

use accounts::{User, Viewer};
use articles::State as ArticleState;
use comments::events::{Changed, Posted};
use comments::{Comment, Comments, Floor, ImportedComment, Sort, State, Verdict};
use db::{Conn, Db, db_test};
use events::Event;
use kernel::{ArticleId, CommentId, Cursor, Error, Region, Result, Time, UserId};
use testing::{SCHEMA, TestSite};

const REMOVE: Verdict<'static> = Verdict::Remove { code: "abuse" };
const HOUR: Duration = Duration::from_hours(1);

/// Two who talk and a reviewer, a live article and a draft.
struct Desk {
    site: TestSite,
    comments: Comments,
    ann: User,
    bob: User,
    reviewer: User,
    article: ArticleId,
    draft: ArticleId,
}

impl Desk {
    /// Somebody says something, ten minutes after the last.
    async fn say(&self, by: &User, parent: Option<&Comment>, text: &str) -> Comment {
        self.site.advance(HOUR / 6);
        self.comments.post(by, self.article, parent.map(|c| c.id), text).await.unwrap()
    }

    async fn decide(&self, viewer: &Viewer, verdict: Verdict<'_>, id: CommentId) -> Result<()> {
        self.comments.decide(viewer, id, verdict, async |_, _, _| Ok(())).await
    }

    async fn texts(&self, sort: Sort) -> Vec<String> {
        let page = self.comments.thread(self.article, sort, Cursor::START, 100).await.unwrap();
        page.items.into_iter().map(|floor| floor.comment.text).collect()
    }

    async fn count(&self) -> i64 {
        self.comments.counts(&[self.article]).await.unwrap().get(&self.article).copied().unwrap_or(0)
    }

    async fn events<E: Event>(&self) -> Vec<E> {
        self.site.events().await
    }
}

async fn desk(db: &Db) -> Desk {
    let site = TestSite::new(db).await;
    let ann = site.accounts.ensure("ann", "安", Some("浙江"), None).await.unwrap();
    let bob = site.accounts.ensure("bob", "波", None, None).await.unwrap();
    let reviewer = site.user("reviewer").await;
    let article = site.article("A", ArticleState::Live).await;
    let draft = site.article("B", ArticleState::Draft).await;
    let comments = site.comments.clone();
    Desk { site, comments, ann, bob, reviewer, article, draft }
}

#[db_test]
async fn floors_stand_on_what_they_answer(db: Db) {
    let desk = desk(&db).await;
    let first = desk.say(&desk.ann, None, " 一楼 ").await;
    assert_eq!(
        (first.text.as_str(), first.name.as_str(), first.region.clone()),
        ("一楼", "安", None),
        "what somebody typed of themselves is no region"
    );
    let region = Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang"));
    desk.site.advance(HOUR);
    let far = desk.comments.post_from(&desk.ann, desk.article, None, "远", region.clone()).await.unwrap();
    assert_eq!(desk.comments.find(far.id).await.unwrap().unwrap().region, region);
    let second = desk.say(&desk.bob, Some(&first), "二楼").await;
    let third = desk.say(&desk.ann, Some(&second), "三楼").await;
    let other = desk.say(&desk.bob, Some(&first), "另一座").await;
    assert_eq!(desk.texts(Sort::New).await, ["另一座", "三楼", "二楼", "远", "一楼"]);
    assert_eq!(desk.count().await, 5);

    let page = desk.comments.thread(desk.article, Sort::New, Cursor::START, 2).await.unwrap();
    assert_eq!(page.items[0], Floor { comment: other, quotes: vec![first.clone()] });
    assert_eq!(page.items[1], Floor { comment: third, quotes: vec![first.clone(), second] });
    let rest = desk.comments.thread(desk.article, Sort::New, page.next.unwrap(), 3).await.unwrap();
    assert_eq!((rest.items[2].clone(), rest.next), (Floor { comment: first, quotes: vec![] }, None));
    assert_eq!(desk.events::<Posted>().await.len(), 5);
}

#[db_test]
async fn a_tower_is_shown_from_its_nearest_fifty(db: Db) {
    let desk = desk(&db).await;
    let item = |n: usize| ImportedComment {
        external: n.to_string(),
        parent_external: (n > 0).then(|| (n - 1).to_string()),
        name: "某".into(),
        text: format!("{n}"),
        at: Time::from_millis(n as i64),
        ..ImportedComment::default()
    };
    desk.comments.import(desk.article, (0..80).map(item).collect()).await.unwrap();
    let page = desk.comments.thread(desk.article, Sort::New, Cursor::START, 2).await.unwrap();
    let quotes: Vec<&str> = page.items[0].quotes.iter().map(|q| q.text.as_str()).collect();
    assert_eq!((quotes.len(), quotes[0], quotes[49]), (50, "29", "78"));
    assert_eq!(page.items[1].quotes[0].text, "28");
    let numbers: Vec<i64> = page.items[0].quotes.iter().map(|q| q.floor).collect();
    assert_eq!((numbers[0], numbers[49], page.items[0].comment.floor), (30, 79, 80));
}

/// A tower of `height`, the lowest floor first.
async fn tower(desk: &Desk, height: usize) -> Vec<Comment> {
    let mut tower: Vec<Comment> = Vec::new();
    for n in 1..=height {
        let said = desk.say([&desk.ann, &desk.bob][n % 2], tower.last(), &n.to_string()).await;
        tower.push(said);
    }
    tower
}

#[db_test]
async fn floors_keep_their_numbers_whatever_is_missing(db: Db) {
    let desk = desk(&db).await;
    let reviewer = Viewer::from(desk.reviewer.clone());
    let tower = tower(&desk, 9).await;
    assert_eq!(tower.iter().map(|c| c.floor).collect::<Vec<_>>(), (1..=9).collect::<Vec<i64>>());
    desk.decide(&reviewer, Verdict::Hold, tower[0].id).await.unwrap();
    desk.decide(&reviewer, REMOVE, tower[3].id).await.unwrap();
    // A branch off the middle has the numbers of what it stands on.
    let branch = desk.say(&desk.ann, Some(&tower[4]), "branch").await;
    assert_eq!((branch.floor, branch.root), (6, Some(tower[0].id)));

    let page = desk.comments.folded_thread(desk.article, Sort::New, Cursor::START, 2).await.unwrap();
    let shown = |floor: &Floor| floor.quotes.iter().map(|q| (q.floor, q.text.clone())).collect::<Vec<_>>();
    assert_eq!(shown(&page.items[0]), [(1, String::new()), (4, String::new()), (5, "5".into())]);
    assert_eq!(shown(&page.items[1]), [(1, String::new()), (7, "7".into()), (8, "8".into())]);

    let part = async |from, limit| {
        let tower = desk.comments.tower(&tower[8], from, limit).await.unwrap();
        tower.into_iter().map(|q| (q.floor, q.text)).collect::<Vec<_>>()
    };
    let texts = [(2, "2".into()), (3, "3".into()), (4, String::new()), (5, "5".into())];
    assert_eq!(part(2, 4).await, texts);
    assert_eq!(part(1, 100).await.len(), 8, "what stands on it, and not itself");
    assert_eq!(part(i64::MAX, 100).await, []);
    assert_eq!(desk.comments.folded(branch).await.unwrap().quotes.len(), 3);
}

#[db_test]
async fn old_towers_get_their_numbers(db: Db) {
    let desk = desk(&db).await;
    let tower = tower(&desk, 5).await;
    let alone = desk.say(&desk.ann, None, "alone").await;
    let tx = db.write().await.unwrap();
    tx.exec("UPDATE comments SET floor = 1, root_id = NULL", vec![]).await.unwrap();
    let step = include_str!("../migrations/0004_towers.sql");
    let (_, update) = step.split_once("WITH RECURSIVE").unwrap();
    tx.exec(&format!("WITH RECURSIVE{}", update.trim_end().trim_end_matches(';')), vec![]).await.unwrap();
    tx.commit().await.unwrap();
    for known in tower.iter().chain([&alone]) {
        assert_eq!(desk.comments.find(known.id).await.unwrap().as_ref(), Some(known));
    }
}

#[db_test]
async fn what_is_not_approved_is_nowhere(db: Db) {
    let desk = desk(&db).await;
    let reviewer = Viewer::from(desk.reviewer.clone());
    let first = desk.say(&desk.ann, None, "机密一").await;
    let second = desk.say(&desk.bob, Some(&first), "机密二").await;
    desk.say(&desk.ann, Some(&second), "三楼").await;
    desk.decide(&reviewer, Verdict::Hold, first.id).await.unwrap();
    desk.decide(&reviewer, REMOVE, second.id).await.unwrap();
    desk.decide(&reviewer, REMOVE, second.id).await.unwrap();

    let page = desk.comments.thread(desk.article, Sort::Hot, Cursor::START, 10).await.unwrap();
    let shown = serde_json::to_string(&page).unwrap();
    assert!(!shown.contains("机密") && !shown.contains("波"), "{shown}");
    let states: Vec<State> = page.items[0].quotes.iter().map(|q| q.state).collect();
    assert_eq!((page.items.len(), states), (1, vec![State::Held, State::Removed]));
    assert_eq!(desk.count().await, 1);
    let talk = desk.comments.talk(Time::default(), UserId::new(0), None).await.unwrap();
    assert_eq!(
        talk.iter().map(|talk| (talk.article, talk.people, talk.known)).collect::<Vec<_>>(),
        [(desk.article, 1, 0)]
    );
    let talk =
        desk.comments.talk(Time::default(), UserId::new(i64::MAX), Some(&[desk.article])).await.unwrap();
    assert_eq!((talk.len(), talk[0].known), (1, 1));
    assert!(desk.comments.talk(Time::default(), UserId::new(0), Some(&[])).await.unwrap().is_empty());
    for id in [first.id, second.id] {
        assert!(matches!(desk.comments.like(desk.ann.id, id).await, Err(Error::NotFound)));
        let answer = desk.comments.post(&desk.ann, desk.article, Some(id), "答").await;
        assert!(matches!(answer, Err(Error::NotFound)));
    }
    // Only its writer and the reviewers see what is held.
    assert_eq!(desk.comments.mine_held(desk.ann.id, desk.article).await.unwrap()[0].text, "机密一");
    assert!(desk.comments.mine_held(desk.bob.id, desk.article).await.unwrap().is_empty());
    assert_eq!(desk.comments.held(Cursor::START, 10).await.unwrap().items[0].id, first.id);
    assert_eq!(desk.comments.count_held().await.unwrap(), 1);

    assert!(matches!(
        desk.decide(&reviewer, Verdict::Hold, second.id).await,
        Err(Error::Conflict("comment-removed"))
    ));
    desk.decide(&reviewer, Verdict::Release, first.id).await.unwrap();
    desk.decide(&reviewer, Verdict::Release, second.id).await.unwrap();
    assert_eq!(desk.count().await, 3);
    assert_eq!((desk.events::<Posted>().await.len(), desk.events::<Changed>().await.len()), (5, 2));
    let ann = Viewer::from(desk.ann.clone());
    assert!(matches!(desk.decide(&ann, REMOVE, first.id).await, Err(Error::Denied)));
}

#[db_test]
async fn some_comments_wait_for_a_reviewer(db: Db) {
    let desk = desk(&db).await;
    let links = "http://a.example http://b.example http://c.example";
    assert_eq!(desk.say(&desk.ann, None, links).await.state, State::Held);
    desk.site.settings.set(&[("comments.review", "on")]).await.unwrap();
    assert_eq!(desk.say(&desk.ann, None, "好").await.state, State::Held);
    assert_eq!(desk.say(&desk.reviewer, None, "说明").await.state, State::Live);
    assert_eq!((desk.texts(Sort::New).await, desk.count().await), (vec!["说明".into()], 1));
    assert_eq!(desk.events::<Posted>().await.len(), 1);
}

#[db_test]
async fn posting_has_its_limits(db: Db) {
    let desk = desk(&db).await;
    let post = async |article, parent, text| desk.comments.post(&desk.ann, article, parent, text).await;
    assert!(matches!(post(desk.article, None, " ").await, Err(Error::Invalid(_))));
    assert!(matches!(post(desk.draft, None, "早").await, Err(Error::NotFound)));
    desk.comments
        .import(desk.draft, vec![ImportedComment { text: "旧".into(), ..ImportedComment::default() }])
        .await
        .unwrap();
    let elsewhere =
        desk.comments.thread(desk.draft, Sort::New, Cursor::START, 1).await.unwrap().items[0].comment.id;
    assert!(matches!(post(desk.article, Some(elsewhere), "答").await, Err(Error::NotFound)));
    assert!(matches!(desk.comments.like(desk.ann.id, elsewhere).await, Err(Error::NotFound)));
    for _ in 0..8 {
        post(desk.article, None, "快").await.unwrap();
    }
    assert!(matches!(post(desk.article, None, "快").await, Err(Error::TooMany(_))));
    desk.comments.post(&desk.bob, desk.article, None, "我呢").await.unwrap();
}

#[db_test]
async fn likes_warm(db: Db) {
    let desk = desk(&db).await;
    let old = desk.say(&desk.ann, None, "旧").await;
    desk.site.advance(13 * HOUR);
    let new = desk.say(&desk.ann, None, "新").await;
    for user in [desk.ann.id, desk.ann.id, desk.bob.id] {
        desk.comments.like(user, old.id).await.unwrap();
    }
    assert_eq!(desk.texts(Sort::Hot).await, ["旧", "新"]);
    let page = desk.comments.thread(desk.article, Sort::Hot, Cursor::START, 1).await.unwrap();
    assert_eq!(page.items[0].comment.likes, 2);
    let rest = desk.comments.thread(desk.article, Sort::Hot, page.next.unwrap(), 1).await.unwrap();
    assert_eq!((rest.items[0].comment.id, rest.next), (new.id, None));
    assert_eq!(desk.comments.liked_by(desk.bob.id, desk.article).await.unwrap(), [old.id]);

    for _ in 0..2 {
        desk.comments.unlike(desk.bob.id, old.id).await.unwrap();
    }
    assert_eq!(desk.texts(Sort::Hot).await, ["新", "旧"]);
    assert!(desk.comments.liked_by(desk.bob.id, desk.article).await.unwrap().is_empty());
    assert_eq!(desk.events::<Changed>().await.len(), 3);
}

#[db_test]
async fn an_import_twice_changes_nothing(db: Db) {
    let desk = desk(&db).await;
    let item = |external: &str, parent: Option<&str>, text: &str| ImportedComment {
        external: external.into(),
        parent_external: parent.map(Into::into),
        name: "某网友".into(),
        text: text.into(),
        at: Time::from_millis(1_000),
        ..ImportedComment::default()
    };
    let batch = vec![
        item("2", Some("1"), "答"),
        item("1", None, "问"),
        item("1", None, "重"),
        item("3", Some("0"), " "),
    ];
    assert_eq!(desk.comments.import(desk.article, batch.clone()).await.unwrap(), 2);
    assert_eq!(desk.comments.import(desk.article, batch).await.unwrap(), 0);
    // A later batch answers an earlier one.
    assert_eq!(desk.comments.import(desk.article, vec![item("4", Some("2"), "再答")]).await.unwrap(), 1);
    let page = desk.comments.thread(desk.article, Sort::New, Cursor::START, 1).await.unwrap();
    let chain: Vec<&str> = page.items[0].quotes.iter().map(|q| q.text.as_str()).collect();
    assert_eq!((page.items[0].comment.text.as_str(), chain), ("再答", vec!["问", "答"]));
    assert_eq!((desk.count().await, desk.events::<Posted>().await.len()), (3, 3));
}

#[db_test]
async fn a_removed_comment_says_why_and_nobody_decides_on_their_own(db: Db) {
    let desk = desk(&db).await;
    let reviewer = Viewer::from(desk.reviewer.clone());
    let said = desk.say(&desk.ann, None, "一楼").await;
    desk.say(&desk.bob, Some(&said), "二楼").await;
    desk.decide(&reviewer, REMOVE, said.id).await.unwrap();
    let page = desk.comments.thread(desk.article, Sort::New, Cursor::START, 10).await.unwrap();
    let place = &page.items[0].quotes[0];
    assert_eq!((place.text.as_str(), place.removed_for.as_deref()), ("", Some("abuse")));
    let mine = desk.comments.mine_removed(desk.ann.id, desk.article).await.unwrap();
    assert_eq!((mine[0].text.as_str(), mine[0].removed_for.as_deref()), ("一楼", Some("abuse")));
    assert!(desk.comments.mine_removed(desk.bob.id, desk.article).await.unwrap().is_empty());
    desk.decide(&reviewer, Verdict::Release, said.id).await.unwrap();
    assert_eq!(desk.comments.find(said.id).await.unwrap().unwrap().removed_for, None);

    let own = desk.say(&desk.reviewer, None, "我的").await;
    for verdict in [Verdict::Hold, REMOVE, Verdict::Release] {
        assert!(matches!(desk.decide(&reviewer, verdict, own.id).await, Err(Error::Conflict("decide-own"))));
    }
    // What is written beside it is written with it or not at all.
    let failed = desk.comments.decide(&reviewer, said.id, REMOVE, async |_, _, _| Err(Error::NotFound)).await;
    assert!(matches!(failed, Err(Error::NotFound)));
    assert_eq!(desk.comments.find(said.id).await.unwrap().unwrap().state, State::Live);
}

#[db_test]
async fn what_somebody_said_is_listed_newest_first_without_what_is_not_shown(db: Db) {
    let site = TestSite::new(&db).await;
    let article = site.article("Tides", ArticleState::Live).await;
    let (ann, bob) = (site.user("ann").await, site.user("bob").await);
    let mut said = Vec::new();
    for text in ["one", "two", "three", "four"] {
        site.advance(HOUR);
        said.push(site.comments.post(&ann, article, None, text).await.unwrap().id);
    }
    site.comments.post(&bob, article, None, "another").await.unwrap();
    let reviewer = site.viewer("reviewer").await;
    site.comments.decide(&reviewer, said[1], REMOVE, async |_, _, _| Ok(())).await.unwrap();
    site.comments.decide(&reviewer, said[2], Verdict::Hold, async |_, _, _| Ok(())).await.unwrap();
    let first = site.comments.by_user(ann.id, Cursor::START, 1).await.unwrap();
    let rest = site.comments.by_user(ann.id, first.next.unwrap(), 9).await.unwrap();
    let texts: Vec<_> = first.items.iter().chain(&rest.items).map(|comment| comment.text.as_str()).collect();
    assert_eq!((texts, rest.next), (vec!["four", "one"], None));
}
