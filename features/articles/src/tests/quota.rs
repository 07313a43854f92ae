//! How much an author may add, and what is thinned.

use super::*;

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
    a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
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
