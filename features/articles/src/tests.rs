//! The service on both databases.

mod channels;

use std::time::Duration;

use authors::{Authors, Profile};
use db::{Db, db_test};
use events::Journal;
use kernel::{AuthorId, Cursor, Env, Error, Slug, Tag, Time, UserId};
use media::Media;

use crate::{Articles, Channel, Draft, Format, Imported, Policy, State, Verdict};

struct Desk {
    articles: Articles,
    media: Media,
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
    let articles = Articles::new(db.clone(), journal.clone(), env, authors, media.clone(), Policy { review });
    let channel =
        Channel {
            slug: slug(), zh: "城市".into(), en: "City".into(), colour: "#000000".into(), position: 1
        };
    articles.ensure_channel(&channel).await.unwrap();
    Desk { articles, media, journal, author, user, clock, _folder: folder }
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
    a.decide(id, Verdict::Return { code: "facts".into(), note: " which? ".into() }, async |_| Ok(()))
        .await
        .unwrap();
    assert_eq!(a.get(id).await.unwrap().return_note.as_deref(), Some("which?"));
    a.edit(id, desk.user, draft("Two"), 1).await.unwrap();
    assert!(matches!(a.edit(id, desk.user, draft("Late"), 1).await, Err(Error::Conflict("article-edited"))));
    a.submit(id, None).await.unwrap();
    assert!(listed(&desk).await.is_empty());
    let live = a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
    assert_eq!((live.state, live.html.text().as_str()), (State::Live, "About Two."));
    assert_eq!(listed(&desk).await, ["Two"]);
    a.retract(id).await.unwrap();
    assert!(listed(&desk).await.is_empty());
    assert!(matches!(a.get_visible(id).await, Err(Error::Gone(code)) if code == "author"));
    let kinds: Vec<String> = events::testing::all(&desk.journal).await.into_iter().map(|e| e.kind).collect();
    assert_eq!(
        kinds.iter().filter(|k| k.starts_with("article.")).collect::<Vec<_>>(),
        ["article.live", "article.gone"]
    );
}

#[db_test]
async fn changes_to_a_live_article_wait_for_review(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
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
    let stale = a.decide_on(id, &stale, Verdict::Approve, async |_| Ok(())).await;
    assert!(matches!(stale, Err(Error::Conflict("article-edited"))));
    let shown = a.decide_on(id, &read, Verdict::Approve, async |_| Ok(())).await.unwrap();
    assert!(!shown.pending && shown.edited_at.is_some());
    assert_eq!(listed(&desk).await, ["Changed"]);
}

#[db_test]
async fn what_comes_back_is_what_was_approved(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("Approved")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
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
    assert_eq!(a.publish_due().await.unwrap(), 0);
    assert!(listed(&desk).await.is_empty());
    desk.clock.advance(Duration::from_secs(3_600));
    assert_eq!(a.publish_due().await.unwrap(), 1);
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
            matches!(&refused, Err(Error::Invalid(wrong)) if wrong.0[0].code == "body-empty"),
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
    a.decide(ids[1], Verdict::Return { code: "facts".into(), note: String::new() }, async |_| Ok(()))
        .await
        .unwrap();
    let returned = a.in_state(State::Returned, Cursor::START, 10).await.unwrap().items;
    assert_eq!((returned.len(), returned[0].id, a.count_waiting().await.unwrap()), (1, ids[1], 2));
}

#[db_test]
async fn channels_are_added_once_and_keep_their_address(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let channel = |slug: &str, zh: &str, colour: &str| Channel {
        slug: Slug::new(slug).unwrap(),
        zh: zh.into(),
        en: " Sea  life ".into(),
        colour: colour.into(),
        position: 0,
    };
    a.create_channel(channel("sea", "海", "#0F766E")).await.unwrap();
    let taken = a.create_channel(channel("sea", "海", "#0f766e")).await;
    assert!(matches!(taken, Err(Error::Invalid(wrong)) if wrong.0[0].code == "slug-taken"));
    let Err(Error::Invalid(wrong)) = a.create_channel(channel("sky", " ", "red")).await else {
        panic!("accepted")
    };
    assert_eq!(wrong.0.iter().map(|e| e.code).collect::<Vec<_>>(), ["channel-name-empty", "colour-form"]);
    a.update_channel(channel("sea", "大海", "#123456")).await.unwrap();
    assert!(matches!(a.update_channel(channel("sky", "天", "#123456")).await, Err(Error::NotFound)));
    let all = a.channels().await.unwrap();
    assert_eq!(all[0], Channel { en: "Sea life".into(), ..channel("sea", "大海", "#123456") });
    assert_eq!(all.len(), 2);
}

async fn versions(db: &Db, id: kernel::ArticleId) -> Vec<i64> {
    use db::Conn;
    db.column("SELECT version FROM revisions WHERE article_id = $1 ORDER BY version", db::args![id])
        .await
        .unwrap()
}

async fn usage(db: &Db, author: AuthorId) -> (i64, i64) {
    use db::Conn;
    let one = async |column: &str| {
        let sql = format!("SELECT {column} FROM author_usage WHERE author_id = $1");
        db.scalar::<i64>(&sql, db::args![author]).await.unwrap().unwrap()
    };
    (one("revisions").await, one("hour_revisions").await)
}

#[db_test]
async fn saves_of_a_burst_are_thinned_and_what_was_sent_stays(db: Db) {
    use db::Conn;
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("0")).await.unwrap().id;
    // Autosaves, every minute for twelve: the first stays, one of each five minutes, and the last.
    for n in 1..=12 {
        desk.clock.advance(Duration::from_mins(1));
        assert_eq!(a.edit(id, desk.user, draft(&n.to_string()), n).await.unwrap().latest, n + 1);
    }
    assert_eq!(versions(&db, id).await, [1, 6, 11, 13]);
    assert_eq!(usage(&db, desk.author).await, (4, 13));
    // What is thinned gives back as much as it took, also where a character takes three bytes.
    let title = "潮".repeat(50);
    let taken = async || db.scalar::<i64>("SELECT bytes FROM author_usage", vec![]).await.unwrap().unwrap();
    let kept = "SELECT CAST(SUM(OCTET_LENGTH(content)) AS BIGINT) FROM revisions";
    let other = a.create(desk.author, desk.user, draft(&title)).await.unwrap().id;
    for n in 1..=3 {
        a.edit(other, desk.user, draft(&format!("{title}{n}")), n).await.unwrap();
    }
    assert_eq!(taken().await, db.scalar::<i64>(kept, vec![]).await.unwrap().unwrap());
    a.delete(other, async |_| Ok(())).await.unwrap();
    assert_eq!(taken().await, db.scalar::<i64>(kept, vec![]).await.unwrap().unwrap());
    // Unchanged, it is no new one.
    desk.clock.advance(Duration::from_mins(1));
    assert_eq!(a.edit(id, desk.user, draft("12"), 13).await.unwrap().latest, 13);
    // Whoever had an older one before them is told, also where that one is gone.
    assert!(matches!(a.edit(id, desk.user, draft("late"), 12).await, Err(Error::Conflict("article-edited"))));

    // What a reviewer had before them stays, however soon the author goes on.
    a.submit(id, None).await.unwrap();
    a.withdraw(id).await.unwrap();
    a.edit(id, desk.user, draft("after"), 13).await.unwrap();
    assert_eq!(versions(&db, id).await, [1, 6, 11, 13, 14]);
    a.edit(id, desk.user, draft("after all"), 14).await.unwrap();
    assert_eq!(versions(&db, id).await, [1, 6, 11, 13, 15]);
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
    // Changes to a live article: what readers see stays, what waits stays.
    for (n, title) in [(15, "x"), (16, "y"), (17, "z")] {
        a.edit(id, desk.user, draft(title), n).await.unwrap();
    }
    assert_eq!(versions(&db, id).await, [1, 6, 11, 13, 15, 18]);
    assert_eq!(listed(&desk).await, ["after all"]);
    assert_eq!(a.newest(id).await.unwrap().unwrap().title, "z");
    // Another person's save is another piece of work.
    let other = UserId::new(desk.user.raw() + 1);
    a.edit(id, other, draft("theirs"), 18).await.unwrap();
    assert_eq!(versions(&db, id).await, [1, 6, 11, 13, 15, 18, 19]);
}

#[db_test]
async fn an_author_adds_only_so_much_an_hour_and_in_all(db: Db) {
    use db::Conn;
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("0")).await.unwrap().id;
    let set = async |column: &str, n: i64| {
        let tx = db.write().await.unwrap();
        tx.exec(&format!("UPDATE author_usage SET {column} = $1"), db::args![n]).await.unwrap();
        tx.commit().await.unwrap();
    };
    set("hour_revisions", crate::quota::HOUR_REVISIONS).await;
    let refused = a.edit(id, desk.user, draft("1"), 1).await;
    let Err(Error::Quota(quota)) = refused else { panic!("{refused:?}") };
    assert_eq!((quota.code, quota.wait), ("revisions-hour", Some(Duration::from_mins(60))));
    assert!(matches!(a.create(desk.author, desk.user, draft("new")).await, Err(Error::Quota(_))));
    assert_eq!(
        (a.get(id).await.unwrap().latest, versions(&db, id).await),
        (1, vec![1]),
        "refused, it is not there"
    );
    // The next hour is another one.
    desk.clock.advance(Duration::from_mins(60));
    a.edit(id, desk.user, draft("1"), 1).await.unwrap();
    assert_eq!(usage(&db, desk.author).await.1, 1);

    set("bytes", crate::quota::MEGABYTES << 20).await;
    desk.clock.advance(Duration::from_mins(600));
    let refused = a.edit(id, desk.user, draft("2"), 2).await;
    assert!(matches!(refused, Err(Error::Quota(quota)) if quota.code == "text-all" && quota.wait.is_none()));
}

/// A picture of one colour, as an upload.
async fn picture(desk: &Desk, shade: u8) -> String {
    let mut bytes = Vec::new();
    let pixels = image::RgbImage::from_pixel(8, 8, image::Rgb([shade, 0, 0]));
    pixels.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    desk.media.upload(Some(desk.user), bytes.into()).await.unwrap().hash
}

async fn covers(desk: &Desk) -> Vec<String> {
    desk.articles.latest(Cursor::START, 10).await.unwrap().items.remove(0).covers
}

#[db_test]
async fn covers_belong_to_the_revision_and_wait_with_it(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let (old, new, later) = (picture(&desk, 1).await, picture(&desk, 2).await, picture(&desk, 3).await);
    let with = |cover: &String| Draft { covers: vec![cover.clone()], ..draft("One") };
    let id = a.create(desk.author, desk.user, with(&old)).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap();
    assert_eq!(read.pictures(), std::slice::from_ref(&old));
    a.decide_on(id, &read.read(), Verdict::Approve, async |_| Ok(())).await.unwrap();
    assert_eq!(covers(&desk).await, std::slice::from_ref(&old));

    // Nothing but the cover changes: it waits like any other change.
    a.edit(id, desk.user, with(&new), 1).await.unwrap();
    assert!(a.submit(id, None).await.unwrap().pending);
    assert_eq!(covers(&desk).await, std::slice::from_ref(&old));
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap();
    assert_eq!(read.draft.changes(&with(&old)), ["covers"]);
    a.edit(id, desk.user, with(&later), 2).await.unwrap();
    let stale = a.decide_on(id, &read.read(), Verdict::Approve, async |_| Ok(())).await;
    assert!(matches!(stale, Err(Error::Conflict("article-edited"))));
    assert_eq!(covers(&desk).await, [old]);
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap().read();
    // The number alone does not do: it says nothing of what was seen.
    let unseen = crate::Read { digest: String::new(), ..read.clone() };
    let blind = a.decide_on(id, &unseen, Verdict::Approve, async |_| Ok(())).await;
    assert!(matches!(blind, Err(Error::Conflict("article-edited"))));
    a.decide_on(id, &read, Verdict::Approve, async |_| Ok(())).await.unwrap();
    assert_eq!(covers(&desk).await, [later]);
}

#[db_test]
async fn a_cover_is_a_picture_that_is_here(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let missing = Draft { covers: vec!["0123456789abcdef0123456789abcdef".into()], ..draft("One") };
    let refused = |error: Error| matches!(error, Error::Invalid(wrong) if wrong.0[0].code == "cover-unknown");
    assert!(refused(a.create(desk.author, desk.user, missing.clone()).await.unwrap_err()));
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    assert!(refused(a.edit(id, desk.user, missing.clone(), 1).await.unwrap_err()));
    let item = Imported {
        external_id: "x:1".into(),
        author: desk.author,
        place: None,
        draft: missing,
        state: State::Live,
        published_at: Time::from_millis(1),
        edited_at: None,
    };
    assert!(refused(a.import(vec![item]).await.unwrap_err()));
    assert!(listed(&desk).await.is_empty());
}

#[db_test]
async fn a_picture_that_comes_later_is_not_approved_unseen(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
    // Its hash can be worked out before it is uploaded.
    let mut bytes = Vec::new();
    let pixels = image::RgbImage::from_pixel(8, 8, image::Rgb([9, 9, 9]));
    pixels.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    let hash: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let body = format!("Text ![x](/media/{hash}/full.jpg)");
    a.edit(id, desk.user, Draft { body, ..draft("One") }, 1).await.unwrap();
    a.submit(id, None).await.unwrap();
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap();
    assert!(!read.html.as_str().contains(&hash));
    desk.media.upload(Some(desk.user), bytes.into()).await.unwrap();
    let unseen = a.decide_on(id, &read.read(), Verdict::Approve, async |_| Ok(())).await;
    assert!(matches!(unseen, Err(Error::Conflict("article-edited"))));
}

#[db_test]
async fn a_picture_that_was_deleted_is_not_approved_unseen(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let approve =
        async |id, read: &crate::Read| a.decide_on(id, read, Verdict::Approve, async |_| Ok(())).await;
    let read = async |id| a.revision(&a.get(id).await.unwrap()).await.unwrap();
    let (cover, inside, new) = (picture(&desk, 1).await, picture(&desk, 2).await, picture(&desk, 3).await);
    let with = |cover: &String| Draft {
        covers: vec![cover.clone()],
        body: format!("Text ![x](/media/{inside}/full.jpg)"),
        ..draft("One")
    };
    let id = a.create(desk.author, desk.user, with(&cover)).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    let waits = a.uses(&inside, 9).await.unwrap();
    assert!(waits[0].waits && waits[0].is_needed() && !waits[0].live);
    for (shade, hash) in [(1, &cover), (2, &inside)] {
        let whole = read(id).await.read();
        desk.media.delete(desk.user, hash, false).await.unwrap();
        let lost = read(id).await;
        assert_eq!(lost.missing, std::slice::from_ref(hash));
        // Neither on what shows it, nor on what shows that it is not there.
        assert!(matches!(approve(id, &whole).await, Err(Error::Conflict("article-edited"))));
        assert!(matches!(approve(id, &lost.read()).await, Err(Error::Conflict("picture-missing"))));
        let unread = a.decide(id, Verdict::Approve, async |_| Ok(())).await;
        assert!(matches!(unread, Err(Error::Conflict("picture-missing"))));
        // Brought again, it is another page than the one that was read.
        picture(&desk, shade).await;
        assert!(matches!(approve(id, &lost.read()).await, Err(Error::Conflict("article-edited"))));
    }
    approve(id, &read(id).await.read()).await.unwrap();

    // The same for a new cover of what is live.
    a.edit(id, desk.user, with(&new), 1).await.unwrap();
    assert!(!a.uses(&new, 9).await.unwrap()[0].is_needed(), "not sent in yet");
    a.submit(id, None).await.unwrap();
    assert!(a.uses(&new, 9).await.unwrap()[0].is_needed());
    desk.media.delete(desk.user, &new, false).await.unwrap();
    let lost = read(id).await.read();
    assert!(matches!(approve(id, &lost).await, Err(Error::Conflict("picture-missing"))));
    picture(&desk, 3).await;
    assert!(matches!(approve(id, &lost).await, Err(Error::Conflict("article-edited"))));
    assert_eq!(covers(&desk).await, [cover]);
    approve(id, &read(id).await.read()).await.unwrap();
    assert_eq!(covers(&desk).await, std::slice::from_ref(&new));

    // What is gone before it is sent in is asked for then.
    let late = a.create(desk.author, desk.user, with(&new)).await.unwrap().id;
    desk.media.delete(desk.user, &new, false).await.unwrap();
    let refused = a.submit(late, None).await;
    assert!(matches!(refused, Err(Error::Invalid(wrong)) if wrong.0[0].code == "cover-unknown"));
}

#[db_test]
async fn what_was_brought_for_an_author_stays_the_authors(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let (cover, strange) = (picture(&desk, 1).await, "0123456789abcdef0123456789abcdef");
    let with = |cover: &str| Draft { covers: vec![cover.into()], ..draft("One") };
    let made = a.create(desk.author, desk.user, with(&cover)).await.unwrap();
    assert_eq!(a.claimants(&cover).await.unwrap(), [desk.author]);
    assert!(a.claimants(strange).await.unwrap().is_empty());
    // Another author names it without having it.
    let env = Env::system();
    let others = Authors::new(db.clone(), desk.journal.clone(), env.clone());
    let other = others.ensure("other", "Other").await.unwrap().id;
    a.create(other, UserId::new(7), with(&cover)).await.unwrap();
    assert_eq!(a.claimants(&cover).await.unwrap(), [desk.author]);
    // What no article of theirs has any more is nobody's business.
    a.edit(made.id, desk.user, draft("One"), 1).await.unwrap();
    a.delete(made.id, async |_| Ok(())).await.unwrap();
    assert!(a.claimants(&cover).await.unwrap().is_empty());
}

/// The tables as they were when authors' places were taken for regions.
static BEFORE: db::Schema = db::schema!(
    "articles",
    needs: [&authors::SCHEMA, &media::SCHEMA, &::events::SCHEMA],
    steps: ["0001_articles", "0002_large", "0003_quota", "0004_pictures"]
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
    a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
    a.edit(id, desk.user, from("DE"), 1).await.unwrap();
    let code = async || a.get(id).await.unwrap().draft.region.map(|region| region.code().to_owned());
    assert_eq!(code().await.as_deref(), Some("CN-ZJ"));
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
    assert_eq!(code().await.as_deref(), Some("DE"));
    // What authors say of themselves stands beside it, and is no region.
    assert_eq!(a.get(id).await.unwrap().place.as_deref(), Some("浙江"));
}

/// An article, a change of it that waits, a draft: none stays behind, and addresses lead on.
#[db_test]
async fn a_channel_is_renamed_and_merged_with_all_that_is_in_it(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let named = |slug: &str| Slug::new(slug).unwrap();
    let channel = |slug: &str| Channel {
        slug: named(slug),
        zh: "海".into(),
        en: "Sea".into(),
        colour: "#123456".into(),
        position: 2,
    };
    let live = a.create(desk.author, desk.user, draft("Tides")).await.unwrap();
    a.submit(live.id, None).await.unwrap();
    a.decide(live.id, Verdict::Approve, async |_| Ok(())).await.unwrap();
    let text = Draft { body: r#"It says "channel":"city" here."#.into(), ..draft("Tides, again") };
    a.edit(live.id, desk.user, text.clone(), 1).await.unwrap();
    let unfinished = a.create(desk.author, desk.user, draft("Boats")).await.unwrap();
    let before = events::testing::all(&desk.journal).await.len();

    a.rename_channel(&slug(), channel("town")).await.unwrap();
    assert!(a.channels().await.unwrap().iter().all(|channel| channel.slug != slug()));
    assert_eq!(a.channel_redirect(&slug()).await.unwrap(), Some(named("town")));
    let newest = a.newest(live.id).await.unwrap().unwrap();
    assert_eq!((newest.channel, newest.body), (Some(named("town")), text.body));
    assert_eq!(a.get(unfinished.id).await.unwrap().draft.channel, Some(named("town")));
    let lists = a.by_channel(&named("town"), Cursor::START, 9).await.unwrap().items;
    assert_eq!(lists.iter().map(|card| card.id).collect::<Vec<_>>(), [live.id]);
    let told = events::testing::all(&desk.journal).await;
    let channels: Vec<_> = told[before..]
        .iter()
        .filter_map(|entry| entry.read::<crate::events::Changed>())
        .map(|event| event.channel.unwrap())
        .collect();
    assert_eq!(channels, ["city", "town"]);

    // Whoever has the old name on their desk writes for the new one, and nobody makes a channel of it.
    let late = a.create(desk.author, desk.user, draft("Late")).await.unwrap();
    assert_eq!(late.draft.channel, Some(named("town")));
    assert_eq!(a.ensure_channel(&channel("city")).await.unwrap(), named("town"));
    assert!(a.create_channel(channel("city")).await.is_err());

    let in_use = a.delete_channel(&named("town")).await;
    assert!(matches!(in_use, Err(Error::Conflict("channel-in-use"))));
    a.create_channel(channel("sea")).await.unwrap();
    a.merge_channel(&named("town"), &named("sea")).await.unwrap();
    assert_eq!(a.channel_redirect(&slug()).await.unwrap(), Some(named("sea")), "one step, not two");
    assert_eq!(a.count_in_channel(&named("sea")).await.unwrap(), 3);
    let itself = a.merge_channel(&named("sea"), &named("sea")).await;
    assert!(matches!(itself, Err(Error::Conflict("channel-itself"))));
    assert!(matches!(a.merge_channel(&slug(), &named("sea")).await, Err(Error::NotFound)));

    a.create_channel(channel("empty")).await.unwrap();
    a.delete_channel(&named("empty")).await.unwrap();
    assert!(matches!(a.delete_channel(&named("empty")).await, Err(Error::NotFound)));
}
