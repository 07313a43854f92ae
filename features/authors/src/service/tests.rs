use accounts::{Accounts, Role};
use db::db_test;
use kernel::{Invalid, Time};

use super::*;
use crate::model::Kind;

struct Site {
    authors: Authors,
    ann: User,
    reviewer: User,
}

async fn site(db: &Db) -> Site {
    let (env, _) = Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let ann = accounts.ensure("ann", "安", None, None).await.unwrap();
    let reviewer = accounts.ensure("rev", "审", None, None).await.unwrap().id;
    accounts.grant(None, reviewer, Role::Reviewer).await.unwrap();
    let reviewer = accounts.find(reviewer).await.unwrap().unwrap();
    Site { authors: Authors::new(db.clone(), journal, env), ann, reviewer }
}

fn application(handle: &str) -> NewApplication {
    NewApplication {
        handle: handle.into(),
        name: "南坡观察".into(),
        kind: Kind::Media,
        ..NewApplication::default()
    }
}

fn is_taken<T: std::fmt::Debug>(result: Result<T>) -> bool {
    let taken = Invalid::default().with("handle", "handle-taken");
    matches!(result, Err(Error::Invalid(errors)) if errors == taken)
}

#[db_test]
async fn created_found_and_changed(db: Db) {
    let Site { authors, ann, .. } = site(&db).await;
    let profile = Profile {
        handle: "NanPo".into(),
        name: "南坡观察".into(),
        kind: Kind::Media,
        field: Some("城市".into()),
        verified: true,
        ..Profile::default()
    };
    let nanpo = authors.create(profile.clone(), &[ann.id]).await.unwrap();
    assert_eq!(authors.find(nanpo.id).await.unwrap().as_ref(), Some(&nanpo));
    assert!(is_taken(authors.create(profile, &[]).await));
    assert_eq!(authors.ensure("@nanpo", "x").await.unwrap(), nanpo);

    let other = authors.ensure("other", "另一个").await.unwrap();
    assert!(authors.owns(ann.id, nanpo.id).await.unwrap() && !authors.owns(ann.id, other.id).await.unwrap());
    assert_eq!(authors.owned_by(ann.id).await.unwrap(), std::slice::from_ref(&nanpo));
    assert_eq!(authors.owners(nanpo.id).await.unwrap(), [ann.id]);

    let bio = Profile { bio: " 看城市 ".into(), avatar: Some("ab12".into()), ..nanpo.clone().into() };
    let changed = authors.update(nanpo.id, bio).await.unwrap();
    assert_eq!(changed, Author { bio: "看城市".into(), avatar: Some("ab12".into()), ..nanpo.clone() });
    assert_eq!(authors.find_by_handle(&nanpo.handle).await.unwrap().as_ref(), Some(&changed));
    assert!(is_taken(authors.update(other.id, nanpo.into()).await));

    let page = authors.list(Cursor::START, 1).await.unwrap();
    assert_eq!(page.items, [other]);
    let alone = authors.ownerless(Cursor::START, 9).await.unwrap().items;
    assert_eq!(
        alone.iter().map(|author| author.id).collect::<Vec<_>>(),
        [page.items[0].id],
        "nobody writes for it"
    );
    let rest = authors.list(page.next.unwrap(), 1).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![changed], None));
    let events = events::testing::all(&authors.journal).await;
    assert_eq!(events.iter().filter_map(events::Entry::read::<AuthorChanged>).count(), 3);
}

#[db_test]
async fn owners_come_and_go(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let imported = authors.ensure("nanpo", "南坡观察").await.unwrap().id;
    assert_eq!(authors.owners(imported).await.unwrap(), []);
    for _ in 0..2 {
        authors.add_owner(imported, ann.id).await.unwrap();
    }
    authors.add_owner(imported, reviewer.id).await.unwrap();
    assert!(authors.owns(ann.id, imported).await.unwrap());
    for _ in 0..2 {
        authors.remove_owner(imported, ann.id).await.unwrap();
    }
    assert_eq!(authors.owners(imported).await.unwrap(), [reviewer.id]);
    assert_eq!(authors.owned_by(ann.id).await.unwrap(), []);
    let nobody = AuthorId::new(1);
    assert!(matches!(authors.add_owner(nobody, ann.id).await, Err(Error::NotFound)));
    assert!(matches!(authors.remove_owner(nobody, ann.id).await, Err(Error::NotFound)));
    // It was made, two came, one went: what changes nothing is not told.
    let events = events::testing::all(&authors.journal).await;
    assert_eq!(events.iter().filter_map(events::Entry::read::<AuthorChanged>).count(), 4);
}

#[db_test]
async fn an_application_becomes_an_author_once(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let asked = authors.apply(ann.id, application("nanpo")).await.unwrap();
    let again = authors.apply(ann.id, application("nanpo2")).await;
    assert!(matches!(again, Err(Error::Conflict("application-open"))));
    assert_eq!(authors.application_of(ann.id).await.unwrap(), Some(asked.clone()));

    assert!(matches!(authors.approve(&ann, asked.id).await, Err(Error::Denied)));
    let author = authors.approve(&reviewer, asked.id).await.unwrap();
    assert_eq!((author.handle.as_str(), author.kind, author.verified), ("nanpo", Kind::Media, false));
    assert!(authors.owns(ann.id, author.id).await.unwrap());
    let decided = authors.application(asked.id).await.unwrap().unwrap();
    assert_eq!(
        (decided.state, decided.author, decided.decided_by),
        (State::Approved, Some(author.id), Some(reviewer.id))
    );
    assert!(matches!(
        authors.reject(&reviewer, asked.id, "other", "").await,
        Err(Error::Conflict("application-decided"))
    ));
    assert!(matches!(authors.approve(&reviewer, ApplicationId::new(1)).await, Err(Error::NotFound)));
    assert!(is_taken(authors.apply(ann.id, application("nanpo")).await));
}

#[db_test]
async fn a_rejection_says_why_and_leaves_the_door_open(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let first = authors.apply(ann.id, application("nanpo")).await.unwrap();
    assert_eq!(authors.open_applications().await.unwrap(), 1);
    let reasonless = authors.reject(&reviewer, first.id, "", "").await;
    assert!(matches!(reasonless, Err(Error::Invalid(errors)) if errors.0[0].code == "code-empty"));
    authors.reject(&reviewer, first.id, "documents", " 请补充证件 ").await.unwrap();
    let decided = authors.application_of(ann.id).await.unwrap().unwrap();
    assert_eq!((decided.code.as_deref(), decided.note.as_deref()), (Some("documents"), Some("请补充证件")));
    assert_eq!(authors.open_applications().await.unwrap(), 0);

    let second = authors.apply(ann.id, application("nanpo")).await.unwrap();
    // Somebody gets the handle in between: nothing of the approval stays.
    authors.ensure("nanpo", "抢注").await.unwrap();
    assert!(is_taken(authors.approve(&reviewer, second.id).await));
    let open = authors.applications(Some(State::Open), Cursor::START).await.unwrap();
    assert_eq!(open.items, [second]);
    assert_eq!(authors.applications(None, Cursor::START).await.unwrap().items.len(), 2);
}

#[db_test]
async fn nobody_decides_on_their_own_application(db: Db) {
    let Site { authors, reviewer, .. } = site(&db).await;
    let asked = authors.apply(reviewer.id, application("nanpo")).await.unwrap();
    let own = authors.approve(&reviewer, asked.id).await;
    assert!(matches!(own, Err(Error::Conflict("decide-own"))));
    let own = authors.reject(&reviewer, asked.id, "other", "").await;
    assert!(matches!(own, Err(Error::Conflict("decide-own"))));
    assert_eq!(authors.application(asked.id).await.unwrap(), Some(asked));
    assert!(authors.owned_by(reviewer.id).await.unwrap().is_empty());
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> (&'static str, &'static str) {
    match result {
        Err(Error::Invalid(errors)) => (errors.0[0].field, errors.0[0].code),
        other => panic!("{other:?}"),
    }
}

#[db_test]
async fn no_two_authors_have_one_name(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let profile =
        |handle: &str, name: &str| Profile { handle: handle.into(), name: name.into(), ..Profile::default() };
    let nanpo = authors.create(profile("nanpo", "NanPo Daily"), &[ann.id]).await.unwrap();
    for alike in ["nanpo daily", "ＮａｎＰｏ　Ｄａｉｌｙ", "NanP0·Daily"] {
        assert_eq!(
            code(authors.create(profile("other", alike), &[]).await),
            ("name", "name-taken"),
            "{alike}"
        );
    }
    let other = authors.create(profile("other", "Other"), &[]).await.unwrap();
    let renamed = |name: &str| Profile { name: name.into(), ..other.clone().into() };
    assert_eq!(code(authors.update(other.id, renamed("Nanpo-Daily")).await), ("name", "name-taken"));
    assert_eq!(code(authors.update(other.id, renamed("N\u{430}nho")).await), ("name", "name-mixed"));
    authors.update(other.id, renamed("OTHER")).await.unwrap();

    let asked = |handle: &str, name: &str| NewApplication { name: name.into(), ..application(handle) };
    assert_eq!(code(authors.apply(ann.id, asked("third", "Nanpo Daily")).await), ("name", "name-taken"));
    assert_eq!(code(authors.apply(ann.id, asked("nan-p0", "Third")).await), ("handle", "handle-alike"));
    assert_eq!(code(authors.apply(ann.id, asked("studio", "Third")).await), ("handle", "handle-reserved"));
    assert_eq!(code(authors.apply(ann.id, asked("th\u{456}rd", "Third")).await), ("handle", "handle-mixed"));
    let third = authors.apply(ann.id, asked("third", "Third")).await.unwrap();
    // Somebody gets the name in between.
    authors.update(other.id, renamed("Third")).await.unwrap();
    assert_eq!(code(authors.approve(&reviewer, third.id).await), ("name", "name-taken"));

    // What was elsewhere comes in, told apart.
    let imported = authors.ensure("imported", "NanPo Daily").await.unwrap();
    assert_eq!(imported.name, nanpo.name);
    assert!(authors.is_imitated_by(None, "nanpo daily").await.unwrap());
    assert!(authors.is_imitated_by(Some(reviewer.id), "nanpo daily").await.unwrap());
    assert!(!authors.is_imitated_by(Some(ann.id), "nanpo daily").await.unwrap());
}

#[db_test]
async fn names_from_before_are_told_apart(db: Db) {
    use db::Conn;
    let Site { authors, .. } = site(&db).await;
    let tx = db.write().await.unwrap();
    for (id, handle, name) in [(1i64, "one", "编辑部"), (2, "two", "编辑 部"), (3, "ｔｈｒｅｅ", "三")]
    {
        let sql = "INSERT INTO authors (id, handle, name, kind, bio, verified, trusted, created_at)
                   VALUES ($1, $2, $3, 'person', '', $4, $4, 0)";
        tx.exec(sql, db::args![id, handle, name, false]).await.unwrap();
    }
    tx.commit().await.unwrap();
    authors.fold_names().await.unwrap();
    let find = async |id: i64| authors.find(AuthorId::new(id)).await.unwrap().unwrap();
    assert_eq!((find(1).await.name, find(2).await.name), ("编辑部".into(), "编辑 部".into()));
    assert_eq!(find(3).await.handle.as_str(), "three");
    // The second may go on, also saving what it has, but takes no other's name.
    let second = find(2).await;
    authors.update(second.id, Profile { bio: "x".into(), ..second.clone().into() }).await.unwrap();
    assert_eq!(
        code(authors.update(second.id, Profile { name: "三".into(), ..second.into() }).await).1,
        "name-taken"
    );
    assert_eq!(
        code(
            authors
                .create(Profile { handle: "new".into(), name: "编辑部".into(), ..Profile::default() }, &[])
                .await
        )
        .1,
        "name-taken"
    );
}

#[db_test]
async fn a_new_name_waits_while_readers_see_the_old_one(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let profile =
        Profile { handle: "nanpo".into(), name: "南坡观察".into(), verified: true, ..Profile::default() };
    let nanpo = authors.create(profile, &[ann.id]).await.unwrap();
    let id = nanpo.id;
    let wanted = |name: &str| Profile {
        name: name.into(),
        bio: "看潮".into(),
        region: Some("浙江".into()),
        ..nanpo.clone().into()
    };
    assert!(authors.propose(&ann, id, wanted("北坡观察")).await.unwrap());
    let now = async || authors.find(id).await.unwrap().unwrap();
    let shown = now().await;
    assert_eq!((shown.name.as_str(), shown.bio.as_str(), shown.verified), ("南坡观察", "", true));
    assert_eq!(shown.region, None, "a place can be an advertisement, too");
    let waiting = authors.changes(9).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].name.as_str(), waiting[0].is_waiting()), (1, "北坡观察", true));
    assert_eq!(authors.count_changes().await.unwrap(), 1);

    let read = waiting[0].asked_at;
    assert!(matches!(authors.approve_change(&ann, id, read, None).await, Err(Error::Denied)));
    authors.add_owner(id, reviewer.id).await.unwrap();
    assert!(matches!(
        authors.approve_change(&reviewer, id, read, None).await,
        Err(Error::Conflict("own-account"))
    ));
    authors.remove_owner(id, reviewer.id).await.unwrap();
    // Somebody saved another wish meanwhile: what was read is not what would be shown.
    let old = Time::from_millis(read.millis() - 1);
    assert!(matches!(
        authors.approve_change(&reviewer, id, old, None).await,
        Err(Error::Conflict("change-decided"))
    ));

    assert_eq!(code(authors.return_change(&reviewer, id, read, "", "").await), ("code", "code-empty"));
    authors.return_change(&reviewer, id, read, "name", " 请用\u{202e}全称 ").await.unwrap();
    let decided = authors.change_of(id).await.unwrap().unwrap();
    assert_eq!(
        (decided.code.as_deref(), decided.note.as_deref(), decided.is_waiting()),
        (Some("name"), Some("请用全称"), false)
    );
    assert_eq!(authors.count_changes().await.unwrap(), 0);
    assert!(matches!(
        authors.approve_change(&reviewer, id, read, None).await,
        Err(Error::Conflict("change-decided"))
    ));
    let long = authors.return_change(&reviewer, id, read, "name", &"长".repeat(1_001)).await;
    assert_eq!(code(long), ("note", "note-long"));

    authors.propose(&ann, id, wanted("北坡观察社")).await.unwrap();
    let read = authors.changes(9).await.unwrap()[0].asked_at;
    let author = authors.approve_change(&reviewer, id, read, None).await.unwrap();
    assert_eq!(author.region.as_deref(), Some("浙江"));
    assert_eq!((author.name.as_str(), author.bio.as_str(), author.verified), ("北坡观察社", "看潮", false));
    assert_eq!(now().await, author);
    assert_eq!(authors.change_of(id).await.unwrap(), None);
    // What readers see already needs no reviewer, and takes back what waited.
    assert!(authors.propose(&ann, id, wanted("第三个名字")).await.unwrap());
    assert!(!authors.propose(&ann, id, wanted("北坡观察社")).await.unwrap());
    assert_eq!(authors.change_of(id).await.unwrap(), None);
}

#[db_test]
async fn a_name_that_is_taken_meanwhile_is_not_approved(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let one = authors.ensure("one", "One").await.unwrap();
    authors.add_owner(one.id, ann.id).await.unwrap();
    let wanted = Profile { name: "Same".into(), ..one.clone().into() };
    authors.propose(&ann, one.id, wanted.clone()).await.unwrap();
    let two = authors.ensure("two", "Same").await.unwrap();
    let read = authors.changes(9).await.unwrap()[0].asked_at;
    assert_eq!(code(authors.approve_change(&reviewer, one.id, read, None).await), ("name", "name-taken"));
    assert_eq!(authors.count_changes().await.unwrap(), 1, "it still waits");
    assert_eq!(code(authors.propose(&ann, one.id, wanted).await), ("name", "name-taken"));
    assert_eq!(authors.find(two.id).await.unwrap().unwrap().name, "Same");
}

#[db_test]
async fn an_avatar_is_approved_by_who_saw_it(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let one = authors.ensure("one", "One").await.unwrap();
    authors.add_owner(one.id, ann.id).await.unwrap();
    let wanted = Profile { bio: "x".into(), avatar: Some("ab12".into()), ..one.clone().into() };
    authors.propose(&ann, one.id, wanted).await.unwrap();
    assert_eq!(authors.wearers("ab12").await.unwrap(), [one.id], "it is wanted, if not shown");
    assert!(!authors.is_avatar("ab12").await.unwrap());
    let read = authors.changes(9).await.unwrap()[0].asked_at;
    for seen in [None, Some("cd34")] {
        let unseen = authors.approve_change(&reviewer, one.id, read, seen).await;
        assert!(matches!(unseen, Err(Error::Conflict("picture-missing"))));
    }
    assert_eq!(authors.count_changes().await.unwrap(), 1, "it still waits");
    let author = authors.approve_change(&reviewer, one.id, read, Some("ab12")).await.unwrap();
    assert_eq!(author.avatar.as_deref(), Some("ab12"));
    // Of what readers see already nothing more need be seen.
    authors.propose(&ann, one.id, Profile { bio: "y".into(), ..author.into() }).await.unwrap();
    let read = authors.changes(9).await.unwrap()[0].asked_at;
    authors.approve_change(&reviewer, one.id, read, None).await.unwrap();
}

#[db_test]
async fn nobody_is_called_like_the_site_itself_unreviewed(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let one = authors.ensure("one", "One").await.unwrap();
    authors.add_owner(one.id, ann.id).await.unwrap();
    let renamed = |name: &str| Profile { name: name.into(), ..one.clone().into() };
    for name in ["官方", "管理员", "Admin", "Ａｄｍｉｎ"] {
        assert_eq!(code(authors.update(one.id, renamed(name)).await), ("name", "name-reserved"), "{name}");
    }
    // An author may be called after the office it speaks for where a reviewer agrees; then it may go on.
    assert!(authors.propose(&ann, one.id, renamed("官方")).await.unwrap());
    let read = authors.changes(9).await.unwrap()[0].asked_at;
    let named = authors.approve_change(&reviewer, one.id, read, None).await.unwrap();
    authors.update(one.id, Profile { bio: "x".into(), ..named.into() }).await.unwrap();
}

#[db_test]
async fn what_others_change_meanwhile_is_not_written_back(db: Db) {
    let Site { authors, ann, reviewer } = site(&db).await;
    let one = authors.ensure("one", "One").await.unwrap();
    authors.add_owner(one.id, ann.id).await.unwrap();
    let wanted = |bio: &str| Profile { bio: bio.into(), ..one.clone().into() };
    authors.propose(&ann, one.id, Profile { name: "New".into(), ..wanted("a") }).await.unwrap();
    let read = authors.changes(9).await.unwrap()[0].asked_at;
    authors.approve_change(&reviewer, one.id, read, None).await.unwrap();
    // Whoever has an older page before them asks for its name again; readers go on seeing the approved one.
    authors.propose(&ann, one.id, Profile { trusted: true, ..wanted("b") }).await.unwrap();
    let now = authors.find(one.id).await.unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.bio.as_str(), now.trusted), ("New", "a", false));
    let kept = authors.amend(one.id, |now| Profile { verified: true, ..now.into() }).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.verified), ("New", true));
}

/// The tables as they were when places were saved unseen.
static BEFORE: db::Schema = db::schema!(
    "authors",
    needs: [&accounts::SCHEMA, &::events::SCHEMA],
    migrations: ["0001_authors", "0002_avatars", "0003_names", "0004_changes"]
);

#[test]
fn what_waited_before_places_did_keeps_the_place() {
    use db::Conn;
    db::testing::run(&BEFORE, async |db: Db| {
        let now = Time::from_millis(1);
        let tx = db.write().await.unwrap();
        for sql in [
            "INSERT INTO users (id, handle, name, roles, created_at) VALUES (1, 'ann', 'Ann', 0, 0)",
            "INSERT INTO authors (id, handle, name, kind, bio, verified, trusted, region, created_at)
             VALUES (2, 'a', 'A', 'media', '', FALSE, FALSE, '浙江', 0)",
            "INSERT INTO author_changes (author_id, name, bio, asked_by, asked_at) VALUES (2, 'B', 'b', 1, 5)",
        ] {
            tx.exec(sql, vec![]).await.unwrap();
        }
        tx.commit().await.unwrap();
        db.migrate(&crate::SCHEMA, now).await.unwrap();
        let change = store::changes::find(&db, AuthorId::new(2)).await.unwrap().unwrap();
        assert_eq!((change.name.as_str(), change.region.as_deref()), ("B", Some("浙江")));
        assert_eq!((change.asked_by, change.asked_at), (Some(UserId::new(1)), Time::from_millis(5)));
    });
}
