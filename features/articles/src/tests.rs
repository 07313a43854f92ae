//! The service on both databases.

mod channels;
mod fields;
mod pictures;
mod quota;

use std::time::Duration;

use ::jobs::{Jobs, State as JobState};
use ::settings::{Fixed, Settings};
use authors::{Authors, Profile};
use db::{Db, db_test};
use events::Journal;
use kernel::{AuthorId, Cursor, Env, Error, Slug, Tag, Time, UserId};
use media::Media;

use crate::{Articles, Channel, Draft, Format, Imported, State, Verdict, settings};

struct Desk {
    articles: Articles,
    media: Media,
    jobs: Jobs,
    journal: Journal,
    author: AuthorId,
    user: UserId,
    clock: std::sync::Arc<kernel::time::ManualClock>,
    _folder: tempfile::TempDir,
}

async fn desk(db: &Db, review: bool) -> Desk {
    let (env, clock) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = accounts::Accounts::new(db.clone(), journal.clone(), env.clone());
    let user = accounts.ensure("mara", "Mara", None, None).await.unwrap().id;
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let profile = Profile {
        handle: "harbour".into(),
        name: "Harbour".into(),
        kind: authors::Kind::Media,
        bio: String::new(),
        field: None,
        verified: false,
        region: Some("浙江".into()),
        avatar: None,
        trusted: false,
    };
    let author = authors.create(profile, &[user]).await.unwrap().id;
    let folder = tempfile::tempdir().unwrap();
    let media =
        Media::new(db.clone(), journal.clone(), env.clone(), blob::Store::open(folder.path()).unwrap());
    let jobs = Jobs::new(db.clone(), env.clone());
    let review = if review { "on" } else { "off" }.to_owned();
    let fixed = Fixed::from([("articles.review", review)]);
    let set = Settings::new(db.clone(), journal.clone(), env.clone(), settings::ALL, fixed);
    let articles = Articles::new(db.clone(), journal.clone(), jobs.clone(), env, authors, media.clone(), set);
    let channel =
        Channel {
            slug: slug(), zh: "城市".into(), en: "City".into(), colour: "#000000".into(), position: 1
        };
    articles.ensure_channel(&channel).await.unwrap();
    Desk { articles, media, jobs, journal, author, user, clock, _folder: folder }
}

fn slug() -> Slug {
    Slug::new("city").unwrap()
}

fn draft(title: &str) -> Draft {
    let tags = vec![Tag::new("Tides").unwrap()];
    Draft {
        title: title.into(),
        body: format!("About **{title}**."),
        channel: Some(slug()),
        tags,
        ..Draft::default()
    }
}

async fn listed(desk: &Desk) -> Vec<String> {
    let page = desk.articles.by_tag(&Tag::new("tides").unwrap(), Cursor::START, 10).await.unwrap();
    let titles = |cards: Vec<crate::Card>| cards.into_iter().map(|card| card.title).collect::<Vec<_>>();
    let (by_tag, all) =
        (titles(page.items), titles(desk.articles.latest(Cursor::START, 10).await.unwrap().items));
    assert_eq!(by_tag, all);
    all
}

#[db_test]
async fn an_article_is_seen_from_its_approval_to_its_retraction(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    assert!(matches!(a.get_visible(id).await, Err(Error::NotFound)));
    assert_eq!(a.submit(id, None).await.unwrap().state, State::Submitted);
    assert!(matches!(a.edit(id, desk.user, draft("Two"), 1).await, Err(Error::Conflict("article-waiting"))));
    a.decide(id, Verdict::Return { read: None, code: "facts".into(), note: " which? ".into() }, async |_| {
        Ok(())
    })
    .await
    .unwrap();
    assert_eq!(a.get(id).await.unwrap().return_note.as_deref(), Some("which?"));
    a.edit(id, desk.user, draft("Two"), 1).await.unwrap();
    assert!(matches!(a.edit(id, desk.user, draft("Late"), 1).await, Err(Error::Conflict("article-edited"))));
    a.submit(id, None).await.unwrap();
    assert!(listed(&desk).await.is_empty());
    let live = a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
    assert_eq!((live.state, live.html.text().as_str()), (State::Live, "About Two."));
    assert_eq!(listed(&desk).await, ["Two"]);
    a.retract(id).await.unwrap();
    assert!(listed(&desk).await.is_empty());
    assert!(matches!(a.get_visible(id).await, Err(Error::Gone(code)) if code == "author"));
    let kinds: Vec<String> = events::testing::all(&desk.journal).await.into_iter().map(|e| e.kind).collect();
    assert_eq!(
        kinds.iter().filter(|k| k.starts_with("article.")).collect::<Vec<_>>(),
        [
            "article.submitted",
            "article.returned",
            "article.submitted",
            "article.approved",
            "article.live",
            "article.gone"
        ]
    );
}

#[db_test]
async fn changes_to_a_live_article_wait_for_review(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
    a.edit(id, desk.user, draft("Changed"), 1).await.unwrap();
    a.submit(id, None).await.unwrap();
    assert_eq!(listed(&desk).await, ["One"]);
    assert_eq!(a.newest(id).await.unwrap().unwrap().title, "Changed");
    assert_eq!(
        (a.waiting(Cursor::START, 10).await.unwrap().items.len(), a.count_waiting().await.unwrap()),
        (1, 1)
    );
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap().read();
    let stale = crate::Read { version: 1, ..read.clone() };
    let stale = a.decide(id, Verdict::Approve(stale), async |_| Ok(())).await;
    assert!(matches!(stale, Err(Error::Conflict("article-edited"))));
    let shown = a.decide(id, Verdict::Approve(read), async |_| Ok(())).await.unwrap();
    assert!(!shown.pending && shown.edited_at.is_some());
    assert_eq!(listed(&desk).await, ["Changed"]);
}

#[db_test]
async fn what_comes_back_is_what_was_approved(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("Approved")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
    a.edit(id, desk.user, draft("Waiting"), 1).await.unwrap();
    a.submit(id, None).await.unwrap();
    let gone = a.decide(id, Verdict::Retract { code: "wrong".into() }, async |_| Ok(())).await.unwrap();
    assert!(!gone.pending);
    a.edit(id, desk.user, draft("Never seen by anybody"), 2).await.unwrap();
    a.decide(id, Verdict::Restore, async |_| Ok(())).await.unwrap();
    assert_eq!(listed(&desk).await, ["Approved"]);
    assert_eq!(a.newest(id).await.unwrap().unwrap().title, "Never seen by anybody");
}

#[db_test]
async fn a_scheduled_article_appears_when_it_is_due(db: Db) {
    let desk = desk(&db, false).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("Later")).await.unwrap().id;
    let at = Time::parse("2024-06-05T11:00:00Z").unwrap();
    assert_eq!(a.submit(id, Some(at)).await.unwrap().state, State::Scheduled);
    assert_eq!(a.publish_scheduled(id).await.unwrap(), Some(at));
    assert!(listed(&desk).await.is_empty());
    desk.clock.advance(Duration::from_secs(3_600));
    let due = desk.jobs.list(JobState::Queued, 10).await.unwrap();
    assert_eq!((due.len(), due[0].run_at, due[0].kind.as_str()), (1, at, "article.publish"));
    assert_eq!(a.publish_scheduled(id).await.unwrap(), None);
    assert_eq!(a.publish_scheduled(id).await.unwrap(), None, "once");
    assert_eq!(a.get_visible(id).await.unwrap().published_at, Some(at));
    assert_eq!(listed(&desk).await, ["Later"]);
}

#[db_test]
async fn what_is_incomplete_or_unknown_is_refused(db: Db) {
    let desk = desk(&db, false).await;
    let a = &desk.articles;
    let id = a
        .create(desk.author, desk.user, Draft { title: "No body".into(), ..Draft::default() })
        .await
        .unwrap()
        .id;
    assert!(matches!(a.submit(id, None).await, Err(Error::Invalid(_))));
    // Nothing is left of these to read or to look at.
    for body in
        ["<script>alert(1)</script>", "<p>&#x3164;&nbsp;</p>", "<div><b></b></div>", "<p>\u{200b}</p>"]
    {
        let empty = Draft { format: Format::Html, body: body.into(), ..draft("Empty") };
        let id = a.create(desk.author, desk.user, empty).await.unwrap().id;
        let refused = a.submit(id, None).await;
        assert!(
            matches!(&refused, Err(Error::Invalid(errors)) if errors.0[0].code == "body-empty"),
            "{body}: {refused:?}"
        );
    }
    let elsewhere = Draft { channel: Some(Slug::new("mars").unwrap()), ..draft("x") };
    assert!(matches!(a.create(desk.author, desk.user, elsewhere).await, Err(Error::Invalid(_))));
}

#[db_test]
async fn an_import_brings_each_article_once(db: Db) {
    let desk = desk(&db, true).await;
    let item = |n: i64, state: State| Imported {
        external_id: format!("x:{n}"),
        author: desk.author,
        place: None,
        draft: draft(&format!("No {n}")),
        state,
        published_at: Time::from_millis(n * 1_000),
        edited_at: None,
    };
    let batch = vec![item(1, State::Live), item(2, State::Live), item(1, State::Live), item(3, State::Draft)];
    assert_eq!(desk.articles.import(batch.clone()).await.unwrap().len(), 3);
    assert_eq!(desk.articles.import(batch).await.unwrap().len(), 0);
    assert_eq!(listed(&desk).await, ["No 2", "No 1"]);
    assert_eq!(desk.articles.counts_by_author(&[desk.author]).await.unwrap()[&desk.author], 2);
    let states = desk.articles.counts_by_state(desk.author).await.unwrap();
    assert_eq!((states[&State::Live], states[&State::Draft], states.len()), (2, 1, 2));
}

#[db_test]
async fn a_list_goes_on_where_it_stopped(db: Db) {
    let desk = desk(&db, true).await;
    let at = Time::from_millis(5_000);
    let batch = (0..5).map(|n| Imported {
        external_id: n.to_string(),
        author: desk.author,
        place: None,
        draft: draft(&n.to_string()),
        state: State::Live,
        published_at: at,
        edited_at: None,
    });
    desk.articles.import(batch.collect()).await.unwrap();
    let (mut seen, mut next) = (Vec::new(), Some(Cursor::START));
    while let Some(cursor) = next {
        let page = desk.articles.by_author(desk.author, cursor, 2).await.unwrap();
        seen.extend(page.items.into_iter().map(|card| card.title));
        next = page.next;
    }
    assert_eq!(seen, ["4", "3", "2", "1", "0"]);
}

#[db_test]
async fn a_list_of_many_authors_goes_back_as_far_as_it_takes(db: Db) {
    let desk = desk(&db, false).await;
    let now = Time::parse("2024-06-05T10:00:00Z").unwrap();
    // A clock of its own makes ids of its own.
    let (env, _) = Env::manual(now.plus(Duration::from_hours(1)));
    let known = Authors::new(db.clone(), desk.journal.clone(), env);
    let mut authors = Vec::new();
    for name in ["ann", "bob", "cat"] {
        authors.push(known.ensure(name, name).await.unwrap().id);
    }
    // Of today, of last week, of last month, of years ago; the third author is of another list.
    let days = [0, 1, 6, 7, 30, 40, 400, 900, 4_000, 9_000];
    let batch = days.iter().flat_map(|&days| authors.iter().map(move |&author| (days, author)));
    let batch = batch.enumerate().map(|(n, (days, author))| Imported {
        external_id: n.to_string(),
        author,
        place: None,
        draft: draft(&format!("{days} days")),
        state: State::Live,
        published_at: now.minus(Duration::from_hours(24 * days)),
        edited_at: None,
    });
    desk.articles.import(batch.collect()).await.unwrap();
    for page in [1, 3, 7, 30] {
        let (mut from, mut all) = (Cursor::START, Vec::new());
        loop {
            let part = desk.articles.by_authors(&authors[..2], from, page).await.unwrap();
            all.extend(part.items);
            match part.next {
                Some(next) => from = next,
                None => break,
            }
        }
        let titles: Vec<&str> = all.iter().map(|card| card.title.as_str()).collect();
        let want: Vec<String> =
            days.iter().flat_map(|days| [format!("{days} days"), format!("{days} days")]).collect();
        assert_eq!(titles, want, "{page} a page");
    }
    let counts = desk.articles.counts_by_author(&authors).await.unwrap();
    assert!(authors.iter().all(|author| counts[author] == days.len() as i64));
}

#[db_test]
async fn who_waits_longest_is_first_and_states_can_be_listed(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let mut ids = Vec::new();
    for title in ["One", "Two", "Three"] {
        let id = a.create(desk.author, desk.user, draft(title)).await.unwrap().id;
        a.submit(id, None).await.unwrap();
        desk.clock.advance(Duration::from_secs(60));
        ids.push(id);
    }
    let first = a.waiting(Cursor::START, 2).await.unwrap();
    let rest = a.waiting(first.next.unwrap(), 2).await.unwrap();
    let seen: Vec<_> = first.items.iter().chain(&rest.items).map(|row| row.id).collect();
    assert_eq!((seen, rest.next), (ids.clone(), None));
    a.decide(ids[1], Verdict::Return { read: None, code: "facts".into(), note: String::new() }, async |_| {
        Ok(())
    })
    .await
    .unwrap();
    let returned = a.in_state(State::Returned, Cursor::START, 10).await.unwrap().items;
    assert_eq!((returned.len(), returned[0].id, a.count_waiting().await.unwrap()), (1, ids[1], 2));
}

/// The tables as they were when authors' places were taken for regions.
static BEFORE: db::Schema = db::schema!(
    "articles",
    needs: [&authors::SCHEMA, &media::SCHEMA, &::events::SCHEMA],
    migrations: ["0001_articles", "0002_large", "0003_quota", "0004_pictures"]
);

#[test]
fn what_was_typed_becomes_a_place_and_no_region() {
    use db::Conn;
    db::testing::run(&BEFORE, async |db: Db| {
        let tx = db.write().await.unwrap();
        for sql in [
            "INSERT INTO authors (id, handle, name, kind, bio, verified, trusted, created_at) VALUES (1, 'a', 'A', 'media', '', FALSE, FALSE, 0)",
            "INSERT INTO articles (id, author_id, state, version, latest, pending, title, excerpt, language, covers, declarations, region,
                                   reading_minutes, created_at, updated_at)
             VALUES (2, 1, 'draft', 1, 1, FALSE, 'T', '', 'zh', '', '', '浙江', 1, 0, 0)",
            "INSERT INTO article_bodies (article_id, format, source, html) VALUES (2, 'text', '', '')",
        ] {
            tx.exec(sql, vec![]).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.migrate(&crate::SCHEMA, Time::from_millis(1)).await.unwrap();
        let found = crate::store::find(&db, kernel::ArticleId::new(2)).await.unwrap().unwrap();
        assert_eq!((found.place.as_deref(), found.draft.region), (Some("浙江"), None));
        assert_eq!(db.scalar::<i64>("SELECT COUNT(*) FROM articles", vec![]).await.unwrap(), Some(1));
    });
}

#[db_test]
async fn where_it_was_written_belongs_to_the_revision(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let from = |code: &str| Draft { region: kernel::Region::new(code, None, None), ..draft("One") };
    let id = a.create(desk.author, desk.user, from("CN-ZJ")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
    a.edit(id, desk.user, from("DE"), 1).await.unwrap();
    let code = async || a.get(id).await.unwrap().draft.region.map(|region| region.code().to_owned());
    assert_eq!(code().await.as_deref(), Some("CN-ZJ"));
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
    assert_eq!(code().await.as_deref(), Some("DE"));
    // What authors say of themselves stands beside it, and is no region.
    assert_eq!(a.get(id).await.unwrap().place.as_deref(), Some("浙江"));
}
