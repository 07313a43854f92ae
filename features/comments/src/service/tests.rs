use accounts::Accounts;
use articles::{Channel, Draft, Imported};
use authors::Authors;
use db::Conn;
use db::db_test;
use events::{Entry, Event};
use kernel::Slug;
use kernel::time::ManualClock;
use media::Media;

use super::*;
use crate::ImportedComment;

const REMOVE: Verdict<'static> = Verdict::Remove { code: "abuse" };
const HOUR: Duration = Duration::from_hours(1);

struct Site {
    comments: Comments,
    clock: Arc<ManualClock>,
    ann: User,
    bob: User,
    reviewer: User,
    article: ArticleId,
    draft: ArticleId,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Somebody says something, ten minutes after the last.
    async fn say(&self, by: &User, parent: Option<&Comment>, text: &str) -> Comment {
        self.clock.advance(HOUR / 6);
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

    async fn told<E: Event>(&self) -> Vec<E> {
        events::testing::all(&self.comments.journal).await.iter().filter_map(Entry::read).collect()
    }
}

async fn site(db: &Db) -> Site {
    let (env, clock) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let ann = accounts.ensure("ann", "安", Some("浙江"), None).await.unwrap();
    let bob = accounts.ensure("bob", "波", None, None).await.unwrap();
    let reviewer = accounts.ensure("rev", "审", None, None).await.unwrap().id;
    accounts.grant(reviewer, Role::Reviewer).await.unwrap();
    let reviewer = accounts.find(reviewer).await.unwrap().unwrap();
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let author = authors.ensure("nanpo", "南坡观察").await.unwrap().id;
    let folder = tempfile::tempdir().unwrap();
    let media =
        Media::new(db.clone(), journal.clone(), env.clone(), blob::Store::open(folder.path()).unwrap());
    let policy = articles::Policy { review: false };
    let articles = Articles::new(db.clone(), journal.clone(), env.clone(), authors, media, policy);
    let slug = Slug::new("city").unwrap();
    let channel = Channel {
        slug: slug.clone(),
        zh: "城市".into(),
        en: "City".into(),
        colour: "#000000".into(),
        position: 1,
    };
    articles.ensure_channel(&channel).await.unwrap();
    let item = |external: &str, state| Imported {
        external_id: external.into(),
        author,
        place: None,
        draft: Draft {
            title: external.into(),
            body: "文".into(),
            channel: Some(slug.clone()),
            ..Draft::default()
        },
        state,
        published_at: env.now(),
        edited_at: None,
    };
    let batch = vec![item("a", articles::State::Live), item("b", articles::State::Draft)];
    let ids = articles.import(batch).await.unwrap();
    let comments = Comments::new(db.clone(), journal, env, articles);
    Site { comments, clock, ann, bob, reviewer, article: ids[0].1, draft: ids[1].1, _folder: folder }
}

#[db_test]
async fn floors_stand_on_what_they_answer(db: Db) {
    let site = site(&db).await;
    let first = site.say(&site.ann, None, " 一楼 ").await;
    assert_eq!(
        (first.text.as_str(), first.name.as_str(), first.region.clone()),
        ("一楼", "安", None),
        "what somebody typed of themselves is no region"
    );
    let region = Region::new("CN-ZJ", Some("浙江"), Some("Zhejiang"));
    site.clock.advance(HOUR);
    let far = site.comments.post_from(&site.ann, site.article, None, "远", region.clone()).await.unwrap();
    assert_eq!(site.comments.find(far.id).await.unwrap().unwrap().region, region);
    let second = site.say(&site.bob, Some(&first), "二楼").await;
    let third = site.say(&site.ann, Some(&second), "三楼").await;
    let other = site.say(&site.bob, Some(&first), "另一座").await;
    assert_eq!(site.texts(Sort::New).await, ["另一座", "三楼", "二楼", "远", "一楼"]);
    assert_eq!(site.count().await, 5);

    let page = site.comments.thread(site.article, Sort::New, Cursor::START, 2).await.unwrap();
    assert_eq!(page.items[0], Floor { comment: other, quotes: vec![first.clone()] });
    assert_eq!(page.items[1], Floor { comment: third, quotes: vec![first.clone(), second] });
    let rest = site.comments.thread(site.article, Sort::New, page.next.unwrap(), 3).await.unwrap();
    assert_eq!((rest.items[2].clone(), rest.next), (Floor { comment: first, quotes: vec![] }, None));
    assert_eq!(site.told::<Posted>().await.len(), 5);
}

#[db_test]
async fn a_tower_is_shown_from_its_nearest_fifty(db: Db) {
    let site = site(&db).await;
    let item = |n: usize| ImportedComment {
        external: n.to_string(),
        parent_external: (n > 0).then(|| (n - 1).to_string()),
        name: "某".into(),
        text: format!("{n}"),
        at: Time::from_millis(n as i64),
        ..ImportedComment::default()
    };
    site.comments.import(site.article, (0..80).map(item).collect()).await.unwrap();
    let page = site.comments.thread(site.article, Sort::New, Cursor::START, 2).await.unwrap();
    let quotes: Vec<&str> = page.items[0].quotes.iter().map(|q| q.text.as_str()).collect();
    assert_eq!((quotes.len(), quotes[0], quotes[49]), (50, "29", "78"));
    assert_eq!(page.items[1].quotes[0].text, "28");
    let numbers: Vec<i64> = page.items[0].quotes.iter().map(|q| q.floor).collect();
    assert_eq!((numbers[0], numbers[49], page.items[0].comment.floor), (30, 79, 80));
}

/// A tower of `height`, the lowest floor first.
async fn tower(site: &Site, height: usize) -> Vec<Comment> {
    let mut tower: Vec<Comment> = Vec::new();
    for n in 1..=height {
        let said = site.say([&site.ann, &site.bob][n % 2], tower.last(), &n.to_string()).await;
        tower.push(said);
    }
    tower
}

#[db_test]
async fn floors_keep_their_numbers_whatever_is_missing(db: Db) {
    let site = site(&db).await;
    let reviewer = Viewer::from(site.reviewer.clone());
    let tower = tower(&site, 9).await;
    assert_eq!(tower.iter().map(|c| c.floor).collect::<Vec<_>>(), (1..=9).collect::<Vec<i64>>());
    site.decide(&reviewer, Verdict::Hold, tower[0].id).await.unwrap();
    site.decide(&reviewer, REMOVE, tower[3].id).await.unwrap();
    // A branch off the middle has the numbers of what it stands on.
    let branch = site.say(&site.ann, Some(&tower[4]), "branch").await;
    assert_eq!((branch.floor, branch.root), (6, Some(tower[0].id)));

    let page = site.comments.folded_thread(site.article, Sort::New, Cursor::START, 2).await.unwrap();
    let shown = |floor: &Floor| floor.quotes.iter().map(|q| (q.floor, q.text.clone())).collect::<Vec<_>>();
    assert_eq!(shown(&page.items[0]), [(1, String::new()), (4, String::new()), (5, "5".into())]);
    assert_eq!(shown(&page.items[1]), [(1, String::new()), (7, "7".into()), (8, "8".into())]);

    let part = async |from, limit| {
        let tower = site.comments.tower(&tower[8], from, limit).await.unwrap();
        tower.into_iter().map(|q| (q.floor, q.text)).collect::<Vec<_>>()
    };
    let texts = [(2, "2".into()), (3, "3".into()), (4, String::new()), (5, "5".into())];
    assert_eq!(part(2, 4).await, texts);
    assert_eq!(part(1, 100).await.len(), 8, "what stands on it, and not itself");
    assert_eq!(part(i64::MAX, 100).await, []);
    assert_eq!(site.comments.folded(branch).await.unwrap().quotes.len(), 3);
}

#[db_test]
async fn old_towers_get_their_numbers(db: Db) {
    let site = site(&db).await;
    let tower = tower(&site, 5).await;
    let alone = site.say(&site.ann, None, "alone").await;
    let tx = db.write().await.unwrap();
    tx.exec("UPDATE comments SET floor = 1, root_id = NULL", vec![]).await.unwrap();
    let step = include_str!("../../migrations/0004_towers.sql");
    let (_, update) = step.split_once("WITH RECURSIVE").unwrap();
    tx.exec(&format!("WITH RECURSIVE{}", update.trim_end().trim_end_matches(';')), vec![]).await.unwrap();
    tx.commit().await.unwrap();
    for known in tower.iter().chain([&alone]) {
        assert_eq!(site.comments.find(known.id).await.unwrap().as_ref(), Some(known));
    }
}

#[db_test]
async fn what_is_not_approved_is_nowhere(db: Db) {
    let site = site(&db).await;
    let reviewer = Viewer::from(site.reviewer.clone());
    let first = site.say(&site.ann, None, "机密一").await;
    let second = site.say(&site.bob, Some(&first), "机密二").await;
    site.say(&site.ann, Some(&second), "三楼").await;
    site.decide(&reviewer, Verdict::Hold, first.id).await.unwrap();
    site.decide(&reviewer, REMOVE, second.id).await.unwrap();
    site.decide(&reviewer, REMOVE, second.id).await.unwrap();

    let page = site.comments.thread(site.article, Sort::Hot, Cursor::START, 10).await.unwrap();
    let shown = serde_json::to_string(&page).unwrap();
    assert!(!shown.contains("机密") && !shown.contains("波"), "{shown}");
    let states: Vec<State> = page.items[0].quotes.iter().map(|q| q.state).collect();
    assert_eq!((page.items.len(), states), (1, vec![State::Held, State::Removed]));
    assert_eq!(site.count().await, 1);
    let talk = site.comments.talk(Time::default(), UserId::new(0), None).await.unwrap();
    assert_eq!(
        talk.iter().map(|talk| (talk.article, talk.people, talk.known)).collect::<Vec<_>>(),
        [(site.article, 1, 0)]
    );
    let talk =
        site.comments.talk(Time::default(), UserId::new(i64::MAX), Some(&[site.article])).await.unwrap();
    assert_eq!((talk.len(), talk[0].known), (1, 1));
    assert!(site.comments.talk(Time::default(), UserId::new(0), Some(&[])).await.unwrap().is_empty());
    for id in [first.id, second.id] {
        assert!(matches!(site.comments.like(site.ann.id, id).await, Err(Error::NotFound)));
        let answer = site.comments.post(&site.ann, site.article, Some(id), "答").await;
        assert!(matches!(answer, Err(Error::NotFound)));
    }
    // Only its writer and the reviewers see what is held.
    assert_eq!(site.comments.mine_held(site.ann.id, site.article).await.unwrap()[0].text, "机密一");
    assert!(site.comments.mine_held(site.bob.id, site.article).await.unwrap().is_empty());
    assert_eq!(site.comments.held(Cursor::START, 10).await.unwrap().items[0].id, first.id);
    assert_eq!(site.comments.count_held().await.unwrap(), 1);

    assert!(matches!(
        site.decide(&reviewer, Verdict::Hold, second.id).await,
        Err(Error::Conflict("comment-removed"))
    ));
    site.decide(&reviewer, Verdict::Release, first.id).await.unwrap();
    site.decide(&reviewer, Verdict::Release, second.id).await.unwrap();
    assert_eq!(site.count().await, 3);
    assert_eq!((site.told::<Posted>().await.len(), site.told::<Changed>().await.len()), (5, 2));
    let ann = Viewer::from(site.ann.clone());
    assert!(matches!(site.decide(&ann, REMOVE, first.id).await, Err(Error::Denied)));
}

#[db_test]
async fn some_comments_wait_for_a_reviewer(db: Db) {
    let mut site = site(&db).await;
    let links = "http://a.example http://b.example http://c.example";
    assert_eq!(site.say(&site.ann, None, links).await.state, State::Held);
    site.comments = site.comments.with_policy(Policy { hold: true });
    assert_eq!(site.say(&site.ann, None, "好").await.state, State::Held);
    assert_eq!(site.say(&site.reviewer, None, "说明").await.state, State::Live);
    assert_eq!((site.texts(Sort::New).await, site.count().await), (vec!["说明".into()], 1));
    assert_eq!(site.told::<Posted>().await.len(), 1);
}

#[db_test]
async fn posting_has_its_limits(db: Db) {
    let site = site(&db).await;
    let post = async |article, parent, text| site.comments.post(&site.ann, article, parent, text).await;
    assert!(matches!(post(site.article, None, " ").await, Err(Error::Invalid(_))));
    assert!(matches!(post(site.draft, None, "早").await, Err(Error::NotFound)));
    site.comments
        .import(site.draft, vec![ImportedComment { text: "旧".into(), ..ImportedComment::default() }])
        .await
        .unwrap();
    let elsewhere =
        site.comments.thread(site.draft, Sort::New, Cursor::START, 1).await.unwrap().items[0].comment.id;
    assert!(matches!(post(site.article, Some(elsewhere), "答").await, Err(Error::NotFound)));
    assert!(matches!(site.comments.like(site.ann.id, elsewhere).await, Err(Error::NotFound)));
    for _ in 0..8 {
        post(site.article, None, "快").await.unwrap();
    }
    assert!(matches!(post(site.article, None, "快").await, Err(Error::TooMany(_))));
    site.comments.post(&site.bob, site.article, None, "我呢").await.unwrap();
}

#[db_test]
async fn likes_warm(db: Db) {
    let site = site(&db).await;
    let old = site.say(&site.ann, None, "旧").await;
    site.clock.advance(13 * HOUR);
    let new = site.say(&site.ann, None, "新").await;
    for user in [site.ann.id, site.ann.id, site.bob.id] {
        site.comments.like(user, old.id).await.unwrap();
    }
    assert_eq!(site.texts(Sort::Hot).await, ["旧", "新"]);
    let page = site.comments.thread(site.article, Sort::Hot, Cursor::START, 1).await.unwrap();
    assert_eq!(page.items[0].comment.likes, 2);
    let rest = site.comments.thread(site.article, Sort::Hot, page.next.unwrap(), 1).await.unwrap();
    assert_eq!((rest.items[0].comment.id, rest.next), (new.id, None));
    assert_eq!(site.comments.liked_by(site.bob.id, site.article).await.unwrap(), [old.id]);

    for _ in 0..2 {
        site.comments.unlike(site.bob.id, old.id).await.unwrap();
    }
    assert_eq!(site.texts(Sort::Hot).await, ["新", "旧"]);
    assert!(site.comments.liked_by(site.bob.id, site.article).await.unwrap().is_empty());
    assert_eq!(site.told::<Changed>().await.len(), 3);
}

#[db_test]
async fn an_import_twice_changes_nothing(db: Db) {
    let site = site(&db).await;
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
    assert_eq!(site.comments.import(site.article, batch.clone()).await.unwrap(), 2);
    assert_eq!(site.comments.import(site.article, batch).await.unwrap(), 0);
    // A later batch answers an earlier one.
    assert_eq!(site.comments.import(site.article, vec![item("4", Some("2"), "再答")]).await.unwrap(), 1);
    let page = site.comments.thread(site.article, Sort::New, Cursor::START, 1).await.unwrap();
    let chain: Vec<&str> = page.items[0].quotes.iter().map(|q| q.text.as_str()).collect();
    assert_eq!((page.items[0].comment.text.as_str(), chain), ("再答", vec!["问", "答"]));
    assert_eq!((site.count().await, site.told::<Posted>().await.len()), (3, 3));
}

#[db_test]
async fn a_removed_comment_says_why_and_nobody_decides_on_their_own(db: Db) {
    let site = site(&db).await;
    let reviewer = Viewer::from(site.reviewer.clone());
    let said = site.say(&site.ann, None, "一楼").await;
    site.say(&site.bob, Some(&said), "二楼").await;
    site.decide(&reviewer, REMOVE, said.id).await.unwrap();
    let page = site.comments.thread(site.article, Sort::New, Cursor::START, 10).await.unwrap();
    let place = &page.items[0].quotes[0];
    assert_eq!((place.text.as_str(), place.removed_for.as_deref()), ("", Some("abuse")));
    let mine = site.comments.mine_removed(site.ann.id, site.article).await.unwrap();
    assert_eq!((mine[0].text.as_str(), mine[0].removed_for.as_deref()), ("一楼", Some("abuse")));
    assert!(site.comments.mine_removed(site.bob.id, site.article).await.unwrap().is_empty());
    site.decide(&reviewer, Verdict::Release, said.id).await.unwrap();
    assert_eq!(site.comments.find(said.id).await.unwrap().unwrap().removed_for, None);

    let own = site.say(&site.reviewer, None, "我的").await;
    for verdict in [Verdict::Hold, REMOVE, Verdict::Release] {
        assert!(matches!(site.decide(&reviewer, verdict, own.id).await, Err(Error::Conflict("decide-own"))));
    }
    // What is written beside it is written with it or not at all.
    let failed = site.comments.decide(&reviewer, said.id, REMOVE, async |_, _, _| Err(Error::NotFound)).await;
    assert!(matches!(failed, Err(Error::NotFound)));
    assert_eq!(site.comments.find(said.id).await.unwrap().unwrap().state, State::Live);
}

/// The tables as they were when what writers typed of themselves was taken for regions.
static BEFORE: db::Schema = db::schema!("comments", needs: [&articles::SCHEMA, &::events::SCHEMA], migrations: ["0001_comments", "0002_reasons"]);

#[test]
fn what_was_typed_is_no_region() {
    use db::Conn;
    db::testing::run(&BEFORE, async |db: Db| {
        let (env, _) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
        let author = Authors::new(db.clone(), Journal::new(db.clone(), env.clone()), env)
            .ensure("harbour", "Harbour")
            .await
            .unwrap();
        let tx = db.write().await.unwrap();
        let article = format!(
            "INSERT INTO articles (id, author_id, state, version, latest, pending, title, excerpt, language, covers, declarations,
                                   reading_minutes, created_at, updated_at)
             VALUES (2, {}, 'live', 1, 1, FALSE, 'T', '', 'zh', '', '', 1, 0, 0)",
            author.id.raw()
        );
        tx.exec(&article, vec![]).await.unwrap();
        let comment =
            "INSERT INTO comments (id, article_id, name, region, text, state, likes, heat, created_at)
             VALUES (3, 2, 'A', '浙江', 'x', 'live', 0, 0, 0)";
        tx.exec(comment, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        db.migrate(&crate::SCHEMA, Time::from_millis(1)).await.unwrap();
        let found = store::find(&db, CommentId::new(3)).await.unwrap().unwrap();
        assert_eq!((found.text.as_str(), found.region), ("x", None));
        let place = db.scalar::<String>("SELECT place FROM comments WHERE id = 3", vec![]).await.unwrap();
        assert_eq!(place.as_deref(), Some("浙江"));
    });
}
