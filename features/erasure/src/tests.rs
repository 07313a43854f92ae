use accounts::Role;
use articles::{Articles, Channel, Draft, Policy};
use authors::{NewApplication, Profile};
use comments::Sort;
use db::{Conn, args, db_test};
use events::Journal;
use kernel::{AuthorId, Cursor, Env, Slug, Time};
use moderation::{NewReport, Reason};

use super::*;

/// A picture of one colour, as an upload.
async fn picture(media: &Media, by: UserId, shade: u8) -> String {
    let mut bytes = Vec::new();
    let pixels = image::RgbImage::from_pixel(8, 8, image::Rgb([shade, 0, 0]));
    pixels.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    media.upload(Some(by), bytes.into()).await.unwrap().hash
}

struct Site {
    erasure: Erasure,
    articles: Articles,
    operator: User,
    ann: User,
    author: AuthorId,
    _folder: tempfile::TempDir,
}

async fn site(db: &Db) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let (env, _) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let store = blob::Store::open(folder.path()).unwrap();
    let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
    let policy = Policy { review: false };
    let articles =
        Articles::new(db.clone(), journal.clone(), env.clone(), authors.clone(), media.clone(), policy);
    let comments = Comments::new(db.clone(), journal.clone(), env.clone(), articles.clone());
    let follows = Follows::new(db.clone(), journal, env.clone(), authors.clone(), articles.clone());
    let operator = accounts.ensure("boss", "长", None, None).await.unwrap().id;
    accounts.grant(operator, Role::Operator).await.unwrap();
    let operator = accounts.find(operator).await.unwrap().unwrap();
    let ann = accounts.ensure("ann", "安", Some("浙江"), Some("a long password")).await.unwrap();
    let profile = Profile { handle: "tides".into(), name: "Tides".into(), ..Profile::default() };
    let author = authors.create(profile, &[operator.id]).await.unwrap().id;
    let slug = Slug::new("city").unwrap();
    let channel =
        Channel { slug, zh: "城市".into(), en: "City".into(), colour: "#112233".into(), position: 0 };
    articles.ensure_channel(&channel).await.unwrap();
    let moderation = Moderation::new(db.clone(), env, articles.clone(), comments.clone());
    let (db, a) = (db.clone(), articles.clone());
    let erasure = Erasure { db, accounts, authors, media, articles: a, comments, follows, moderation };
    Site { erasure, articles, operator, ann, author, _folder: folder }
}

#[db_test]
async fn what_a_reader_leaves_behind_tells_nothing(db: Db) {
    let site = site(&db).await;
    let Erasure { accounts, authors, comments, follows, moderation, .. } = &site.erasure;
    let draft = Draft {
        title: "Low water".into(),
        body: "The harbour is dry.".into(),
        channel: Some(Slug::new("city").unwrap()),
        ..Draft::default()
    };
    let article = site.articles.create(site.author, site.operator.id, draft).await.unwrap().id;
    site.articles.submit(article, None).await.unwrap();
    let ann = site.ann.id;
    let said = comments.post(&site.ann, article, None, "first").await.unwrap();
    let links = "http://a.example http://b.example http://c.example";
    let held = comments.post(&site.ann, article, None, links).await.unwrap();
    let other = comments.post(&site.operator, article, Some(said.id), "second").await.unwrap();
    comments.like(ann, other.id).await.unwrap();
    follows.follow(ann, site.author).await.unwrap();
    follows.favourite(ann, article).await.unwrap();
    follows.like(ann, article).await.unwrap();
    accounts.sign_in("ann", "a long password", "n").await.unwrap();
    accounts.create_token(ann, "script").await.unwrap();
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
    assert!(matches!(site.erasure.delete(Some(&site.ann), ann, "x").await, Err(Error::Denied)));
    site.erasure.delete(Some(&site.operator), ann, "已注销用户").await.unwrap();

    for table in [
        "sessions",
        "api_tokens",
        "devices",
        "follows",
        "favourites",
        "article_likes",
        "comment_likes",
        "personal_reads",
        "applications",
        "reports",
        "picture_owners",
    ] {
        let left = format!("SELECT COUNT(*) FROM {table} WHERE user_id = $1");
        assert_eq!(db.scalar(&left, args![ann]).await.unwrap(), Some(0i64), "{table}");
    }
    let thread = comments.thread(article, Sort::New, Cursor::START, 9).await.unwrap().items;
    let named: Vec<&str> = thread.iter().map(|floor| floor.comment.name.as_str()).collect();
    assert_eq!(named, ["长", "已注销用户"]);
    assert_eq!((thread[0].comment.likes, thread[0].quotes[0].name.as_str()), (0, "已注销用户"));
    assert_eq!(thread[1].comment.region, None);
    assert_eq!(comments.count_held().await.unwrap(), 0);
    let empty = moderation.release_comment(&site.operator.clone().into(), held.id).await;
    assert!(matches!(empty, Err(Error::Conflict("comment-erased"))));
    let report = moderation.find_report(report).await.unwrap().unwrap();
    assert_eq!((report.text.as_str(), report.contact, report.by), ("", None, None));
    assert!(report.outcome.is_none(), "it is still to be looked at");
    // Whatever of theirs is still in memory somewhere is not written afterwards.
    let switch = "SELECT learns FROM personal_switches WHERE user_id = $1";
    assert_eq!(db.scalar(switch, args![ann]).await.unwrap(), Some(false));
    assert!(follows.follower_counts(&[site.author]).await.unwrap().is_empty());
    assert!(matches!(site.erasure.preview(ann).await, Err(Error::NotFound)));
    let again = site.erasure.delete(None, ann, "x").await;
    assert!(matches!(again, Err(Error::Conflict("user-deleted"))));
}

#[db_test]
async fn an_author_keeps_an_owner(db: Db) {
    let site = site(&db).await;
    let Erasure { accounts, authors, .. } = &site.erasure;
    let profile = Profile { handle: "anns".into(), name: "Ann's".into(), ..Profile::default() };
    let own = authors.create(profile, &[site.ann.id]).await.unwrap();
    authors.add_owner(site.author, site.ann.id).await.unwrap();
    let preview = site.erasure.preview(site.ann.id).await.unwrap();
    assert_eq!((preview.sole.len(), preview.sole[0].id, preview.shared[0].id), (1, own.id, site.author));
    let refused = site.erasure.delete(None, site.ann.id, "x").await;
    assert!(matches!(refused, Err(Error::Conflict("user-owns-authors"))));
    let still = accounts.find(site.ann.id).await.unwrap().unwrap();
    assert_eq!((still.name.as_str(), still.deleted_at), ("安", None), "nothing of it was done");

    authors.add_owner(own.id, site.operator.id).await.unwrap();
    site.erasure.delete(None, site.ann.id, "x").await.unwrap();
    assert_eq!(authors.owners(own.id).await.unwrap(), [site.operator.id]);
    assert_eq!(authors.owners(site.author).await.unwrap(), [site.operator.id]);
    // Nobody else could look after the site.
    let refused = site.erasure.delete(None, site.operator.id, "x").await;
    assert!(matches!(refused, Err(Error::Conflict("operator-last"))));
}

#[db_test]
async fn pictures_go_to_those_who_show_them_or_go(db: Db) {
    let site = site(&db).await;
    let Erasure { authors, media, articles, accounts, .. } = &site.erasure;
    let (ann, boss) = (site.ann.id, site.operator.id);
    authors.add_owner(site.author, ann).await.unwrap();
    let stranger = accounts.ensure("stranger", "Stranger", None, None).await.unwrap().id;
    let profile = Profile { handle: "other".into(), name: "Other".into(), ..Profile::default() };
    let other = authors.create(profile, &[stranger]).await.unwrap().id;
    let hashes = [
        picture(media, ann, 1).await,
        picture(media, ann, 2).await,
        picture(media, ann, 3).await,
        picture(media, ann, 4).await,
    ];
    let [inside, worn, named, shared] = &hashes;
    let with = |cover: &String| Draft { title: "T".into(), covers: vec![cover.clone()], ..Draft::default() };
    articles.create(site.author, boss, with(inside)).await.unwrap();
    let now = authors.find(site.author).await.unwrap().unwrap();
    let wanted = Profile { avatar: Some(worn.clone()), ..now.into() };
    authors.propose(&site.ann, site.author, wanted).await.unwrap();
    // Whoever knows a picture's name can write it down: it is not theirs for that.
    articles.create(other, stranger, with(named)).await.unwrap();
    assert_eq!(&picture(media, stranger, 4).await, shared);

    site.erasure.delete(None, ann, "x").await.unwrap();
    assert_eq!(media.owners(inside).await.unwrap(), [boss]);
    assert_eq!(media.owners(worn).await.unwrap(), [boss]);
    assert_eq!(media.owners(shared).await.unwrap(), [stranger]);
    assert!(media.is_deleted(named).await.unwrap() && media.find(named).await.unwrap().is_none());
    assert!(media.open(named, "w8.webp").await.is_err() && media.open(inside, "w8.webp").await.is_ok());
    let change = authors.change_of(site.author).await.unwrap().unwrap();
    assert_eq!((change.asked_by, change.avatar.as_ref()), (None, Some(worn)), "the wish is the author's");
}
