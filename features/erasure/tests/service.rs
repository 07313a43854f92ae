//! What is left of somebody who was deleted, in all tables of a whole site.

use accounts::User;
use articles::{Draft, State};
use authors::{NewApplication, Profile};
use comments::Sort;
use db::{Conn, Db, args, db_test};
use erasure::Erasure;
use kernel::{Cursor, Error};
use moderation::{NewReport, Reason};
use testing::{PASSWORD, SCHEMA, TestSite};

/// With an operator who owns the author, and one who may be deleted.
async fn open(db: &Db) -> (TestSite, User, User) {
    let tides = Profile { handle: "tides".into(), name: "Tides".into(), ..Profile::default() };
    let site = TestSite::builder().author(tides, "operator").open_on(db).await;
    let operator = site.user("operator").await;
    let ann = site.accounts.ensure("ann", "安", Some("浙江"), Some(PASSWORD)).await.unwrap();
    (site, operator, ann)
}

#[db_test]
async fn what_a_reader_leaves_behind_tells_nothing(db: Db) {
    let (site, operator, ann) = open(&db).await;
    let (user, ann) = (ann.clone(), ann.id);
    let Erasure { accounts, authors, comments, follows, moderation, .. } = &site.erasure;
    let article = site.article("Low water", State::Live).await;
    let said = comments.post(&user, article, None, "first").await.unwrap();
    let links = "http://a.example http://b.example http://c.example";
    let held = comments.post(&user, article, None, links).await.unwrap();
    let other = comments.post(&operator, article, Some(said.id), "second").await.unwrap();
    comments.like(ann, other.id).await.unwrap();
    follows.follow(ann, site.author.id).await.unwrap();
    let city = follows::Subject::Channel(kernel::Slug::new("city").unwrap());
    follows.follow_subject(ann, &city).await.unwrap();
    follows.favourite(ann, article).await.unwrap();
    follows.like(ann, article).await.unwrap();
    accounts.sign_in("ann", PASSWORD, "n").await.unwrap();
    accounts.create_token(ann, "script").await.unwrap();
    let from = accounts::Origin { network: "n", ..accounts::Origin::default() };
    assert!(accounts.change_email(&user, "ann@example.org", PASSWORD, from).await.unwrap());
    let wish = NewApplication { handle: "anns".into(), name: "Ann's".into(), ..NewApplication::default() };
    authors.apply(ann, wish).await.unwrap();
    let tx = db.write().await.unwrap();
    tx.exec("INSERT INTO personal_reads VALUES ($1, $2, 0, 0, $3)", args![ann, article, true]).await.unwrap();
    tx.commit().await.unwrap();
    let report = NewReport {
        article,
        comment: None,
        reason: Some(Reason::Copyright),
        text: "I am Ann of Harbour Street".into(),
        contact: Some("ann@example.org".into()),
        by: Some(ann),
    };
    let report = moderation.report(report, "n").await.unwrap();

    let preview = site.erasure.preview(ann).await.unwrap();
    assert_eq!((preview.comments, preview.sole.len(), preview.shared.len()), (1, 0, 0));
    assert!(matches!(site.erasure.delete(Some(&user), ann, "x").await, Err(Error::Denied)));
    site.erasure.delete(Some(&operator), ann, "已注销用户").await.unwrap();

    for table in [
        "sessions",
        "api_tokens",
        "devices",
        "follows",
        "subject_follows",
        "favourites",
        "article_likes",
        "comment_likes",
        "personal_reads",
        "applications",
        "reports",
        "picture_owners",
        "user_emails",
        "email_tokens",
    ] {
        let left = format!("SELECT COUNT(*) FROM {table} WHERE user_id = $1");
        assert_eq!(db.scalar(&left, args![ann]).await.unwrap(), Some(0i64), "{table}");
    }
    let waits = db.scalar("SELECT COUNT(*) FROM mails", args![]).await.unwrap();
    assert_eq!(waits, Some(0i64), "nor is mail sent");
    let thread = comments.thread(article, Sort::New, Cursor::START, 9).await.unwrap().items;
    let named: Vec<&str> = thread.iter().map(|floor| floor.comment.name.as_str()).collect();
    assert_eq!(named, ["operator"]);
    let place = &thread[0].quotes[0];
    assert_eq!((thread[0].comment.likes, place.name.as_str(), place.text.as_str()), (0, "", ""));
    assert_eq!(comments.counts(&[article]).await.unwrap().get(&article), Some(&1));
    let kept = db.scalar("SELECT text FROM comments WHERE id = $1", args![said.id]).await.unwrap();
    assert_eq!(kept, Some(String::new()), "of what was answered the place stays");
    assert_eq!(comments.count_held().await.unwrap(), 0);
    let empty = moderation.release_comment(&operator.clone().into(), held.id).await;
    assert!(matches!(empty, Err(Error::NotFound)));
    let report = moderation.find_report(report).await.unwrap().unwrap();
    assert_eq!((report.text.as_str(), report.contact, report.by), ("", None, None));
    assert!(report.outcome.is_none(), "it is still to be looked at");
    // Whatever of theirs is still in memory somewhere is not written afterwards.
    let switch = "SELECT learns FROM personal_switches WHERE user_id = $1";
    assert_eq!(db.scalar(switch, args![ann]).await.unwrap(), Some(false));
    assert!(follows.follower_counts(&[site.author.id]).await.unwrap().is_empty());
    assert!(matches!(site.erasure.preview(ann).await, Err(Error::NotFound)));
    let again = site.erasure.delete(None, ann, "x").await;
    assert!(matches!(again, Err(Error::Conflict("user-deleted"))));
}

#[db_test]
async fn an_author_keeps_an_owner(db: Db) {
    let (site, operator, ann) = open(&db).await;
    let Erasure { accounts, authors, .. } = &site.erasure;
    let profile = Profile { handle: "anns".into(), name: "Ann's".into(), ..Profile::default() };
    let own = authors.create(profile, &[ann.id]).await.unwrap();
    authors.add_owner(site.author.id, ann.id).await.unwrap();
    let preview = site.erasure.preview(ann.id).await.unwrap();
    assert_eq!((preview.sole.len(), preview.sole[0].id, preview.shared[0].id), (1, own.id, site.author.id));
    let refused = site.erasure.delete(None, ann.id, "x").await;
    assert!(matches!(refused, Err(Error::Conflict("user-owns-authors"))));
    let still = accounts.find(ann.id).await.unwrap().unwrap();
    assert_eq!((still.name.as_str(), still.deleted_at), ("安", None), "nothing of it was done");

    authors.add_owner(own.id, operator.id).await.unwrap();
    site.erasure.delete(None, ann.id, "x").await.unwrap();
    assert_eq!(authors.owners(own.id).await.unwrap(), [operator.id]);
    assert_eq!(authors.owners(site.author.id).await.unwrap(), [operator.id]);
    // Nobody else could look after the site.
    let refused = site.erasure.delete(None, operator.id, "x").await;
    assert!(matches!(refused, Err(Error::Conflict("operator-last"))));
}

#[db_test]
async fn pictures_go_to_those_who_show_them_or_go(db: Db) {
    let (site, operator, ann) = open(&db).await;
    let Erasure { authors, media, articles, accounts, .. } = &site.erasure;
    let (user, ann, boss) = (ann.clone(), ann.id, operator.id);
    authors.add_owner(site.author.id, ann).await.unwrap();
    let stranger = accounts.ensure("stranger", "Stranger", None, None).await.unwrap().id;
    let profile = Profile { handle: "other".into(), name: "Other".into(), ..Profile::default() };
    let other = authors.create(profile, &[stranger]).await.unwrap().id;
    let hashes = [
        site.picture(ann, 1).await,
        site.picture(ann, 2).await,
        site.picture(ann, 3).await,
        site.picture(ann, 4).await,
    ];
    let [inside, worn, named, shared] = &hashes;
    let with = |cover: &String| Draft { title: "T".into(), covers: vec![cover.clone()], ..Draft::default() };
    articles.create(site.author.id, boss, with(inside)).await.unwrap();
    let now = authors.find(site.author.id).await.unwrap().unwrap();
    let wanted = Profile { avatar: Some(worn.clone()), ..now.into() };
    authors.propose(&user, site.author.id, wanted).await.unwrap();
    // Whoever knows a picture's name can write it down: it is not theirs for that.
    articles.create(other, stranger, with(named)).await.unwrap();
    assert_eq!(&site.picture(stranger, 4).await, shared);

    site.erasure.delete(None, ann, "x").await.unwrap();
    assert_eq!(media.owners(inside).await.unwrap(), [boss]);
    assert_eq!(media.owners(worn).await.unwrap(), [boss]);
    assert_eq!(media.owners(shared).await.unwrap(), [stranger]);
    assert!(media.is_deleted(named).await.unwrap() && media.find(named).await.unwrap().is_none());
    assert!(media.open(named, "w40.webp").await.is_err() && media.open(inside, "w40.webp").await.is_ok());
    let change = authors.change_of(site.author.id).await.unwrap().unwrap();
    assert_eq!((change.asked_by, change.avatar.as_ref()), (None, Some(worn)), "the wish is the author's");
}

/// The words of a thread, each with those that it quotes and its floor.
async fn talk(site: &TestSite, article: kernel::ArticleId) -> Vec<(String, Vec<String>, i64)> {
    let thread = site.comments.thread(article, Sort::New, Cursor::START, 9).await.unwrap().items;
    let mut talk: Vec<_> = thread
        .into_iter()
        .map(|floor| {
            let quotes = floor.quotes.iter().map(|quote| quote.text.clone()).collect();
            (floor.comment.text, quotes, floor.comment.floor)
        })
        .collect();
    talk.sort();
    talk
}

#[db_test]
async fn who_goes_chooses_whether_places_stay(db: Db) {
    let (site, operator, _) = open(&db).await;
    for (keep, rest) in [
        (
            true,
            vec![
                ("b".to_owned(), vec![String::new()], 2),
                ("d".to_owned(), vec![String::new(), "b".into(), String::new()], 4),
            ],
        ),
        (false, vec![("b".to_owned(), vec![], 1), ("d".to_owned(), vec![], 1)]),
    ] {
        let handle = if keep { "kay" } else { "rem" };
        let user = site.accounts.ensure(handle, handle, None, Some(PASSWORD)).await.unwrap();
        let article = site.article(handle, State::Live).await;
        let a = site.comments.post(&user, article, None, "a").await.unwrap();
        let b = site.comments.post(&operator, article, Some(a.id), "b").await.unwrap();
        let c = site.comments.post(&user, article, Some(b.id), "c").await.unwrap();
        site.comments.post(&operator, article, Some(c.id), "d").await.unwrap();
        let alone = site.comments.post(&user, article, Some(c.id), "nobody answers").await.unwrap();
        site.comments.post(&user, article, Some(alone.id), "nor this").await.unwrap();
        let from = accounts::Origin { network: "n", ..accounts::Origin::default() };
        site.accounts.ask_to_delete(&user, PASSWORD, keep, true, from).await.unwrap();
        assert!(!site.erasure.carry_out_due("x", || true).await.unwrap(), "it is not the day yet");
        site.advance(std::time::Duration::from_hours(14 * 24));
        assert!(site.erasure.carry_out_due("x", || true).await.unwrap());
        assert_eq!(talk(&site, article).await, rest, "{keep}");
        assert_eq!(site.comments.counts(&[article]).await.unwrap().get(&article), Some(&2));
        assert!(site.accounts.deletion(user.id).await.unwrap().is_none());
        assert!(site.accounts.find(user.id).await.unwrap().unwrap().deleted_at.is_some());
    }
}

#[db_test]
async fn an_author_that_nobody_else_owns_goes_where_its_owner_asks_for_it(db: Db) {
    let (site, _, ann) = open(&db).await;
    let profile =
        Profile { handle: "anns".into(), name: "Ann's".into(), bio: "By Ann".into(), ..Profile::default() };
    let own = site.authors.create(profile, &[ann.id]).await.unwrap().id;
    let hash = site.picture(ann.id, 1).await;
    let draft = Draft { covers: vec![hash.clone()], ..testing::draft("Low water") };
    let live = site.articles.create(own, ann.id, draft).await.unwrap().id;
    site.articles.by(ann.id).submit(live, None).await.unwrap();
    let from = accounts::Origin { network: "n", ..accounts::Origin::default() };
    site.accounts.ask_to_delete(&ann, PASSWORD, true, true, from).await.unwrap();
    site.advance(std::time::Duration::from_hours(14 * 24));
    assert!(site.erasure.carry_out_due("deleted", || true).await.unwrap());
    assert!(matches!(site.articles.get_visible(live).await, Err(Error::Gone(_))));
    let article = site.articles.get(live).await.unwrap();
    assert_eq!(
        (article.draft.title.as_str(), article.draft.body.as_str(), article.html.as_str()),
        ("", "", "")
    );
    let author = site.authors.find(own).await.unwrap().unwrap();
    assert_eq!((author.name.as_str(), author.bio.as_str(), author.avatar), ("deleted", "", None));
    assert!(site.authors.owners(own).await.unwrap().is_empty());
    assert!(site.media.is_deleted(&hash).await.unwrap());
    let gone = site.events::<articles::events::Gone>().await;
    assert!(gone.iter().any(|gone| gone.id == live));
}

#[db_test]
async fn an_author_that_became_theirs_alone_in_the_grace_stays_without_an_owner(db: Db) {
    let (site, operator, ann) = open(&db).await;
    let profile = Profile { handle: "both".into(), name: "Both".into(), ..Profile::default() };
    let both = site.authors.create(profile, &[ann.id, operator.id]).await.unwrap().id;
    let hash = site.picture(ann.id, 1).await;
    let draft = Draft { covers: vec![hash.clone()], ..testing::draft("Low water") };
    let article = site.articles.create(both, ann.id, draft).await.unwrap().id;
    let from = accounts::Origin { network: "n", ..accounts::Origin::default() };
    site.accounts.ask_to_delete(&ann, PASSWORD, true, false, from).await.unwrap();
    site.authors.remove_owner(both, operator.id).await.unwrap();
    site.advance(std::time::Duration::from_hours(14 * 24));
    assert!(site.erasure.carry_out_due("deleted", || true).await.unwrap());
    assert!(site.accounts.find(ann.id).await.unwrap().unwrap().deleted_at.is_some());
    assert_eq!(site.authors.find(both).await.unwrap().unwrap().name, "Both");
    assert_eq!(site.articles.get(article).await.unwrap().draft.title, "Low water");
    assert!(!site.media.is_deleted(&hash).await.unwrap(), "the draft has it");
    let alone = site.authors.ownerless(Cursor::START, 9).await.unwrap().items;
    assert_eq!(alone.iter().map(|author| author.id).collect::<Vec<_>>(), [both]);
}

#[db_test]
async fn the_logo_of_the_site_stays_and_a_portrait_goes(db: Db) {
    let (site, _, ann) = open(&db).await;
    let (logo, portrait) = (site.picture(ann.id, 5).await, site.picture(ann.id, 6).await);
    site.settings.set(&[("site.logo", logo.as_str())]).await.unwrap();
    let profile = accounts::NewProfile { avatar: Some(portrait.clone()), ..accounts::NewProfile::default() };
    site.accounts.set_profile(ann.id, profile, false).await.unwrap();
    site.erasure.delete(None, ann.id, "x").await.unwrap();
    let is_deleted = async |hash: &str| site.erasure.media.is_deleted(hash).await.unwrap();
    assert!(!is_deleted(&logo).await && is_deleted(&portrait).await);
}
