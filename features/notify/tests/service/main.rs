//! What users are told of what happens on a whole site, by a consumer that follows its journal.

mod followed;
mod sending;

use std::time::Duration;

use accounts::User;
use articles::State;
use authors::NewApplication;
use comments::Comment;
use db::{Conn, Db, args, db_test};
use kernel::{ArticleId, AuthorId, CommentId, Cursor, UserId};
use moderation::{NewReport, Outcome, Reason, Verdict};
use notify::jobs::{ForgetArticle, TellFollowers};
use notify::{Decision, Followed, Kind, Notification, Queue, Quiet, Teller, Way, What};
use testing::{SCHEMA, TestSite, draft, until};
use tokio_util::sync::CancellationToken;

const MINUTE: Duration = Duration::from_mins(1);

/// A site with reviews and a live article, where somebody listens to the journal.
struct Desk {
    site: TestSite,
    ann: User,
    bob: User,
    cat: User,
    article: ArticleId,
    stop: CancellationToken,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn desk(db: &Db) -> Desk {
    desk_of(TestSite::builder().review(true).open_on(db).await).await
}

async fn desk_of(site: TestSite) -> Desk {
    let (ann, bob, cat) = (site.user("ann").await, site.user("bob").await, site.user("cat").await);
    let article = site.article("Low water", State::Live).await;
    let stop = CancellationToken::new();
    tokio::spawn(events::consume(site.journal.clone(), Teller(site.notify.clone()), stop.clone()));
    let desk = Desk { site, ann, bob, cat, article, stop };
    desk.settle().await;
    desk
}

impl Desk {
    /// Waits until all that happened was told.
    async fn settle(&self) {
        until("the consumer comes to the end", async || {
            let consumers = self.site.journal.consumers().await.unwrap();
            consumers.iter().any(|one| one.name == "notify" && one.tx >= 0 && one.behind == 0)
        })
        .await;
    }

    /// A minute after the last.
    async fn say(&self, by: &User, to: Option<&Comment>, text: &str) -> Comment {
        self.site.advance(MINUTE);
        self.site.comments.post(by, self.article, to.map(|to| to.id), text).await.unwrap()
    }

    async fn told(&self, user: &User) -> Vec<Notification> {
        self.settle().await;
        let user = self.site.accounts.find(user.id).await.unwrap().unwrap();
        self.site.notify.list(&user.into(), Cursor::START, 30).await.unwrap().items
    }

    /// What somebody was told, in words; `*` before what is unread.
    async fn words(&self, user: &User) -> Vec<String> {
        let words = |one: &Notification| {
            let what = match &one.what {
                What::Answer { answer, people, .. } => format!("answer of {people}: {}", answer.text),
                What::Like { comment, people, .. } => format!("{people} like: {}", comment.text),
                What::Mention { comment, .. } => format!("mention: {}", comment.text),
                What::Article { article, author } => {
                    format!("article of {}: {}", author.handle, article.title)
                }
                What::Followed { followed, article, articles } => {
                    let followed = match followed {
                        Followed::Channel(slug) => format!("channel {slug}"),
                        Followed::Tag(tag) => format!("tag {tag}"),
                        Followed::Topic(topic) => format!("topic {}", topic.slug),
                    };
                    let title = article.as_ref().map_or("gone", |article| article.title.as_str());
                    format!("{articles} in {followed}: {title}")
                }
                What::OfArticle { article, decision, code } => {
                    format!("{} {}: {}", decision.name(), code.clone().unwrap_or_default(), article.title)
                }
                What::OfOwn { decision, code } => {
                    format!("{} {}", decision.name(), code.clone().unwrap_or_default())
                }
                What::Waiting { queue, waiting } => format!("{waiting} in {}", queue.name()),
            };
            format!("{}{what}", if one.unread { "*" } else { "" })
        };
        self.told(user).await.iter().map(words).collect()
    }

    async fn unread(&self, user: &User) -> i64 {
        self.settle().await;
        self.site.notify.unread(user.id).await.unwrap()
    }

    async fn read_all(&self, user: &User) {
        self.settle().await;
        self.site.notify.mark_all_read(user.id, self.site.env.now()).await.unwrap();
    }

    async fn choose_not(&self, user: &User, kind: Kind) {
        let mut choices = self.site.notify.choices(user.id).await.unwrap();
        choices.set(kind, Way::Site, false);
        self.site.notify.choose(user.id, &choices).await.unwrap();
    }

    async fn remove(&self, id: CommentId) {
        let reviewer = self.site.viewer("reviewer").await;
        self.site.moderation.remove_comment(&reviewer, id, "abuse", "").await.unwrap();
    }

    /// Does what the job does; how many parts it took.
    async fn tell_followers(&self, article: ArticleId) -> usize {
        let (mut after, mut parts) = (None, 1);
        while let Some(last) = self.site.notify.tell_followers(article, after).await.unwrap() {
            (after, parts) = (Some(last), parts + 1);
        }
        parts
    }
}

#[db_test]
async fn answers_are_one_row_until_it_is_read(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "Which lamp?").await;
    desk.say(&desk.bob, Some(&own), "The brass one.").await;
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 1: The brass one."]);
    // Whoever answers twice is one.
    desk.say(&desk.bob, Some(&own), "With the dent.").await;
    let last = desk.say(&desk.cat, Some(&own), "No, the green one.").await;
    desk.say(&desk.ann, Some(&own), "Thank you.").await;
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 2: No, the green one."]);
    assert_eq!((desk.unread(&desk.ann).await, desk.unread(&desk.bob).await), (1, 0));

    desk.remove(last.id).await;
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 1: With the dent."]);
    desk.read_all(&desk.ann).await;
    assert_eq!(desk.words(&desk.ann).await, ["answer of 1: With the dent."]);
    let anew = desk.say(&desk.cat, Some(&own), "Green, I said.").await;
    assert_eq!(
        desk.words(&desk.ann).await,
        ["*answer of 1: Green, I said."],
        "what was read is not counted again"
    );
    desk.remove(anew.id).await;
    assert_eq!(desk.words(&desk.ann).await, Vec::<String>::new());
    assert_eq!(desk.unread(&desk.ann).await, 0);
}

#[db_test]
async fn likes_are_counted_and_told_once(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "Which lamp?").await.id;
    let comments = desk.site.comments.clone();
    comments.like(desk.ann.id, own).await.unwrap();
    assert_eq!(desk.unread(&desk.ann).await, 0, "one's own");
    comments.like(desk.bob.id, own).await.unwrap();
    comments.like(desk.cat.id, own).await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, ["*2 like: Which lamp?"]);
    desk.read_all(&desk.ann).await;
    // There and back again tells nothing.
    for _ in 0..2 {
        comments.unlike(desk.cat.id, own).await.unwrap();
        assert_eq!(desk.words(&desk.ann).await, ["1 like: Which lamp?"]);
        comments.unlike(desk.bob.id, own).await.unwrap();
        assert_eq!(desk.words(&desk.ann).await, Vec::<String>::new());
        comments.like(desk.bob.id, own).await.unwrap();
        comments.like(desk.cat.id, own).await.unwrap();
        assert_eq!(desk.words(&desk.ann).await, ["2 like: Which lamp?"]);
    }
    let dan = desk.site.user("dan").await.id;
    comments.like(dan, own).await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, ["*3 like: Which lamp?"]);
}

#[db_test]
async fn who_is_named_is_told_once(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "@ann @Bob, and @harbour! Not me@cat, nor @nobody-there").await;
    assert_eq!(desk.unread(&desk.ann).await, 0, "one's own");
    assert_eq!(desk.unread(&desk.cat).await, 0, "an address");
    assert_eq!(desk.words(&desk.bob).await, [format!("*mention: {}", own.text)]);
    assert_eq!(
        desk.words(&desk.site.writer).await,
        [format!("*mention: {}", own.text)],
        "who writes for an author"
    );
    // An answer that names whom it answers.
    desk.say(&desk.bob, Some(&own), "@ann yes").await;
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 1: @ann yes"]);
    // What is held, nobody is told of before a reviewer shows it.
    let links = "@cat http://a.example http://b.example http://c.example";
    let held = desk.say(&desk.bob, None, links).await;
    assert_eq!(desk.unread(&desk.cat).await, 0);
    let reviewer = desk.site.viewer("reviewer").await;
    desk.site.moderation.release_comment(&reviewer, held.id).await.unwrap();
    assert_eq!(desk.unread(&desk.cat).await, 1);
}

/// As many users as a test needs, who follow an author.
async fn followers(db: &Db, author: AuthorId, many: i64) {
    let tx = db.write().await.unwrap();
    for n in 1..=many {
        let sql = "INSERT INTO users (id, handle, name, roles, created_at) VALUES ($1, $2, 'F', 0, 0)";
        tx.exec(sql, args![n, format!("follower-{n}")]).await.unwrap();
        let sql = "INSERT INTO follows (user_id, author_id, created_at) VALUES ($1, $2, 0)";
        tx.exec(sql, args![n, author]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[db_test]
async fn followers_are_told_of_a_new_article_once_and_in_parts(db: Db) {
    let desk = desk(&db).await;
    let author = desk.site.author.id;
    followers(&db, author, 1_005).await;
    for user in [&desk.ann, &desk.bob, &desk.site.writer] {
        desk.site.follows.follow(user.id, author).await.unwrap();
    }
    desk.choose_not(&desk.bob, Kind::Article).await;
    let article = desk.site.article("High water", State::Live).await;
    desk.settle().await;
    let job = desk.site.jobs.find_by_key(&TellFollowers { article }).await.unwrap();
    assert!(job.is_some(), "the consumer leaves it to a job");
    assert_eq!(desk.unread(&desk.ann).await, 0);
    // Again, as after a process that died.
    for _ in 0..2 {
        assert_eq!(desk.tell_followers(article).await, 2);
    }
    assert_eq!(desk.words(&desk.ann).await, ["*article of harbour: High water"]);
    assert_eq!(desk.unread(&desk.bob).await, 0, "not wanted");
    let decided = desk.words(&desk.site.writer).await;
    assert!(decided.iter().all(|words| !words.contains("article of")), "one's own: {decided:?}");
    let told = "SELECT COUNT(*) FROM notifications WHERE article_id = $1";
    assert_eq!(db.scalar(told, args![article]).await.unwrap(), Some(1_006_i64));

    // Taken back: nobody sees it at once, and the rows go in parts.
    let wrong = Verdict::Retract { code: "wrong".into() };
    desk.site.decide(article, wrong).await;
    assert_eq!(desk.words(&desk.ann).await, Vec::<String>::new());
    assert!(desk.site.jobs.find_by_key(&ForgetArticle { article }).await.unwrap().is_some());
    assert!(desk.site.notify.forget_article(article).await.unwrap());
    assert!(!desk.site.notify.forget_article(article).await.unwrap());
    assert_eq!(db.scalar(told, args![article]).await.unwrap(), Some(0_i64));
    assert_eq!(desk.unread(&desk.ann).await, 0);
    // Whoever comes late tells nobody.
    assert_eq!(desk.tell_followers(article).await, 1);
    assert_eq!(db.scalar(told, args![article]).await.unwrap(), Some(0_i64));
}

#[db_test]
async fn decisions_are_told_to_those_whom_they_concern(db: Db) {
    let desk = desk(&db).await;
    let (site, mara) = (&desk.site, desk.site.writer.clone());
    assert!(desk.words(&mara).await.is_empty(), "what was before there were notifications");
    let id = site.article("High water", State::Returned).await;
    assert_eq!(desk.words(&mara).await, ["*article-returned facts: High water"]);
    site.articles.edit(id, mara.id, draft("High water again"), 1).await.unwrap();
    site.articles.by(mara.id).submit(id, None).await.unwrap();
    site.approve(id).await;
    assert_eq!(
        desk.words(&mara).await,
        ["*article-approved : High water again"],
        "the last decision of each"
    );
    site.decide(desk.article, Verdict::Retract { code: "law".into() }).await;
    assert_eq!(desk.words(&mara).await[0], "*article-retracted law: Low water");
    site.articles.by(mara.id).retract(id).await.unwrap();
    assert_eq!(desk.words(&mara).await.len(), 2, "one's own deed");
    // Whoever writes for the author no more sees nothing of it.
    site.authors.add_owner(site.author.id, desk.ann.id).await.unwrap();
    site.authors.remove_owner(site.author.id, mara.id).await.unwrap();
    assert_eq!(desk.words(&mara).await, Vec::<String>::new());

    let reviewer = site.user("reviewer").await;
    let application =
        NewApplication { handle: "bobs".into(), name: "Bob's".into(), ..NewApplication::default() };
    let application = site.authors.apply(desk.bob.id, application).await.unwrap().id;
    site.authors.reject(&reviewer, application, "documents", "").await.unwrap();
    assert_eq!(desk.words(&desk.bob).await, ["*application-rejected documents"]);
    let other = site.article("Neap", State::Live).await;
    let report = NewReport {
        article: other,
        comment: None,
        reason: Some(Reason::Spam),
        text: String::new(),
        contact: None,
        by: Some(desk.cat.id),
    };
    let report = site.moderation.report(report, "n").await.unwrap();
    site.moderation.close(&reviewer.into(), report, Outcome::Upheld, "spam").await.unwrap();
    assert_eq!(desk.words(&desk.cat).await, ["*report-upheld "]);
    assert!(Decision::ReportUpheld.reasons().is_none());
}

#[db_test]
async fn what_waits_is_one_row_for_each_queue(db: Db) {
    let desk = desk(&db).await;
    let site = &desk.site;
    let (reviewer, editor) = (site.user("reviewer").await, site.user("editor").await);
    let first = site.article("High water", State::Submitted).await;
    let second = site.article("Neap", State::Submitted).await;
    assert_eq!(desk.words(&reviewer).await, ["*2 in articles"]);
    assert_eq!(desk.words(&editor).await, Vec::<String>::new(), "who may not");
    desk.read_all(&reviewer).await;
    site.approve(first).await;
    assert_eq!(desk.words(&reviewer).await, ["1 in articles"], "less is nothing new");
    let third = site.article("Spring", State::Submitted).await;
    assert_eq!(desk.words(&reviewer).await, ["*2 in articles"]);
    for id in [second, third] {
        site.approve(id).await;
    }
    assert_eq!((desk.words(&reviewer).await, desk.unread(&reviewer).await), (vec![], 0));

    desk.say(&desk.ann, None, "http://a.example http://b.example http://c.example").await;
    let application =
        NewApplication { handle: "bobs".into(), name: "Bob's".into(), ..NewApplication::default() };
    site.authors.apply(desk.bob.id, application).await.unwrap();
    let mut words = desk.words(&reviewer).await;
    words.sort();
    assert_eq!(words, ["*1 in applications", "*1 in comments"]);
    // Who gets or loses a role is found when the queues are counted.
    site.accounts.grant(None, editor.id, accounts::Role::Reviewer).await.unwrap();
    site.accounts.revoke(None, reviewer.id, accounts::Role::Reviewer).await.unwrap();
    assert_eq!(desk.words(&reviewer).await, Vec::<String>::new());
    site.notify.sweep().await.unwrap();
    assert_eq!(desk.unread(&reviewer).await, 0);
    assert_eq!(desk.unread(&editor).await, 2);
    // What users say of themselves waits as comments do, and what was reported of it.
    let bio = accounts::NewProfile { bio: "Lamps".into(), ..accounts::NewProfile::default() };
    site.accounts.set_profile(desk.ann.id, bio, true).await.unwrap();
    assert_eq!(desk.unread(&editor).await, 3);
    let editor = site.viewer("editor").await;
    let read = site.accounts.profile(desk.ann.id).await.unwrap().digest();
    site.moderation.decide_profile(&editor, desk.ann.id, Some(&read)).await.unwrap();
    assert_eq!(desk.unread(editor.user().unwrap()).await, 2);
    assert_eq!(Queue::ALL.len(), 5);
}

#[db_test]
async fn what_is_not_visible_is_not_told(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "Which lamp?").await;
    let answer = desk.say(&desk.bob, Some(&own), "The brass one, @cat").await;
    desk.site.comments.like(desk.cat.id, own.id).await.unwrap();
    assert_eq!((desk.unread(&desk.ann).await, desk.unread(&desk.cat).await), (2, 1));
    desk.remove(answer.id).await;
    assert_eq!(desk.words(&desk.ann).await, ["*1 like: Which lamp?"]);
    assert_eq!((desk.unread(&desk.ann).await, desk.unread(&desk.cat).await), (1, 0));
    // With the article goes all that was said there, and comes back with it as long as the rows are there.
    desk.site.decide(desk.article, Verdict::Retract { code: "wrong".into() }).await;
    assert_eq!(desk.words(&desk.ann).await, Vec::<String>::new());
    desk.site.notify.sweep().await.unwrap();
    assert_eq!(desk.unread(&desk.ann).await, 0);
    let left = "SELECT COUNT(*) FROM notifications WHERE user_id = $1";
    assert_eq!(db.scalar(left, args![desk.ann.id]).await.unwrap(), Some(0_i64));
}

#[db_test]
async fn only_what_is_wanted_is_told(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "Which lamp?").await;
    for kind in [Kind::Answer, Kind::Like] {
        desk.choose_not(&desk.ann, kind).await;
    }
    let stored = "SELECT COUNT(*) FROM notification_choices WHERE user_id = $1";
    assert_eq!(db.scalar(stored, args![desk.ann.id]).await.unwrap(), Some(2_i64));
    desk.say(&desk.bob, Some(&own), "The brass one.").await;
    desk.site.comments.like(desk.cat.id, own.id).await.unwrap();
    assert_eq!(desk.unread(&desk.ann).await, 0);
    // Mentions are another kind.
    desk.say(&desk.bob, Some(&own), "@ann, the brass one.").await;
    assert_eq!(desk.words(&desk.ann).await, ["*mention: @ann, the brass one."]);

    let mut choices = desk.site.notify.choices(desk.ann.id).await.unwrap();
    assert!(!choices.wants(Kind::Answer, Way::Site) && choices.wants(Kind::Article, Way::Site));
    choices.set(Kind::Answer, Way::Site, true);
    choices.quiet = Quiet::typed("22:00", "07:30").unwrap();
    desk.site.notify.choose(desk.ann.id, &choices).await.unwrap();
    assert_eq!(desk.site.notify.choices(desk.ann.id).await.unwrap(), choices);
    assert_eq!(db.scalar(stored, args![desk.ann.id]).await.unwrap(), Some(1_i64));
    choices.quiet = None;
    desk.site.notify.choose(desk.ann.id, &choices).await.unwrap();
    assert_eq!(desk.site.notify.choices(desk.ann.id).await.unwrap().quiet, None);
    desk.say(&desk.cat, Some(&own), "Green.").await;
    assert_eq!(desk.words(&desk.ann).await[0], "*answer of 1: Green.");
}

#[db_test]
async fn one_is_read_or_all_that_was_seen(db: Db) {
    let desk = desk(&db).await;
    for n in 0..3 {
        desk.say(&desk.bob, None, &format!("@ann {n}")).await;
        // Each is told at its own time.
        desk.settle().await;
    }
    let told = desk.told(&desk.ann).await;
    assert_eq!((told.len(), desk.unread(&desk.ann).await), (3, 3));
    desk.site.notify.mark_read(desk.bob.id, told[0].id).await.unwrap();
    assert_eq!(desk.unread(&desk.ann).await, 3, "somebody else's");
    desk.site.notify.mark_read(desk.ann.id, told[0].id).await.unwrap();
    desk.site.notify.mark_all_read(desk.ann.id, told[2].at).await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, ["mention: @ann 2", "*mention: @ann 1", "mention: @ann 0"]);
    let viewer = desk.ann.clone().into();
    let page = desk.site.notify.list(&viewer, Cursor::START, 2).await.unwrap();
    let rest = desk.site.notify.list(&viewer, page.next.unwrap(), 2).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (2, 1, None));
    // What is old goes.
    desk.site.advance(Duration::from_hours(91 * 24));
    desk.site.notify.sweep().await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, Vec::<String>::new());
}

#[db_test]
async fn nothing_is_left_of_somebody_who_is_deleted(db: Db) {
    let desk = desk(&db).await;
    let own = desk.say(&desk.ann, None, "Which lamp?").await;
    let bobs = desk.say(&desk.bob, Some(&own), "The brass one, @cat").await;
    desk.say(&desk.cat, Some(&own), "Green.").await;
    desk.say(&desk.ann, Some(&bobs), "Thank you.").await;
    desk.choose_not(&desk.bob, Kind::Like).await;
    assert_eq!((desk.unread(&desk.bob).await, desk.unread(&desk.cat).await), (1, 1));
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 2: Green."]);
    let bob: UserId = desk.bob.id;
    desk.site.erasure.delete(None, bob, "deleted").await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, ["*answer of 1: Green."]);
    assert_eq!(desk.words(&desk.cat).await, Vec::<String>::new());
    for (table, column) in [
        ("notifications", "user_id"),
        ("notifications", "actor_id"),
        ("notification_answers", "user_id"),
        ("notification_answers", "actor_id"),
        ("notification_choices", "user_id"),
        ("notification_quiet", "user_id"),
    ] {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} = $1");
        assert_eq!(db.scalar(&sql, args![bob]).await.unwrap(), Some(0_i64), "{table}.{column}");
    }
    // Nothing of theirs is there to be answered.
    let answer = desk.site.comments.post(&desk.ann, desk.article, Some(bobs.id), "Still there?").await;
    assert!(matches!(answer, Err(kernel::Error::NotFound)), "{answer:?}");
    desk.settle().await;
    let sql = "SELECT COUNT(*) FROM notifications WHERE user_id = $1";
    assert_eq!(db.scalar(sql, args![bob]).await.unwrap(), Some(0_i64));
}
