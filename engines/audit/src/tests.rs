use db::{Conn, Db, Tx, db_test};
use events::{Actor, Journal};
use kernel::{Cursor, Env, Time, UserId};
use serde_json::json;

use crate::*;

fn journal(db: &Db) -> Journal {
    Journal::new(db.clone(), Env::manual(Time::parse("2024-06-04T12:00:00Z").unwrap()).0)
}

fn log(db: &Db) -> AuditLog {
    AuditLog::new(db.clone())
}

async fn write(db: &Db, journal: &Journal, target: &str) {
    let tx = db.write().await.unwrap();
    record(&tx, journal, Record::new("user.suspend", "user", target).after(json!({"roles": ["editor"]})))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn written(db: &Db) -> Journal {
    let journal = journal(db).by(UserId::new(7));
    for n in 1..=5 {
        write(db, &journal, &n.to_string()).await;
    }
    assert_eq!(log(db).verify().await.unwrap().broken, None);
    journal
}

/// What somebody does who has the database in their hands.
async fn tamper(db: &Db, sql: &str) {
    let tx = db.write().await.unwrap();
    for guard in guards(&tx) {
        tx.exec(guard, vec![]).await.unwrap();
    }
    tx.exec(sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}

fn guards(tx: &Tx) -> &'static [&'static str] {
    if tx.is_postgres() {
        &["DROP TRIGGER IF EXISTS audit_log_change ON audit_log"]
    } else {
        &["DROP TRIGGER IF EXISTS audit_log_update", "DROP TRIGGER IF EXISTS audit_log_delete"]
    }
}

#[db_test]
async fn what_is_changed_is_found(db: Db) {
    written(&db).await;
    let before = log(&db).verify().await.unwrap();
    assert_eq!((before.rows, before.hash.len()), (5, 64));
    for (n, change) in [
        (2, "after_value = '{}'"),
        (3, "after_value = NULL"),
        (4, "actor = NULL"),
        (1, "at = at + 1"),
        (5, "network = ''"),
    ] {
        let db = &db;
        let kept: String =
            db.scalar(&format!("SELECT hash FROM audit_log WHERE seq = {n}"), vec![]).await.unwrap().unwrap();
        let tx = db.write().await.unwrap();
        for guard in guards(&tx) {
            tx.exec(guard, vec![]).await.unwrap();
        }
        tx.exec("CREATE TABLE IF NOT EXISTS kept AS SELECT * FROM audit_log", vec![]).await.unwrap();
        tx.exec(&format!("UPDATE audit_log SET {change} WHERE seq = {n}"), vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(log(db).verify().await.unwrap().broken, Some(Broken::Changed(n)), "{change}");
        let tx = db.write().await.unwrap();
        tx.exec("DELETE FROM audit_log", vec![]).await.unwrap();
        tx.exec("INSERT INTO audit_log SELECT * FROM kept", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(log(db).verify().await.unwrap(), before);
        assert_eq!(kept.len(), 64);
    }
}

#[db_test]
async fn what_is_taken_out_is_found(db: Db) {
    written(&db).await;
    tamper(&db, "DELETE FROM audit_log WHERE seq = 3").await;
    assert_eq!(log(&db).verify().await.unwrap().broken, Some(Broken::Missing(3)));
    tamper(&db, "UPDATE audit_log SET seq = seq - 1 WHERE seq = 4").await;
    assert_eq!(log(&db).verify().await.unwrap().broken, Some(Broken::Changed(3)), "the others close ranks");
}

#[db_test]
async fn an_end_that_is_cut_off_is_found(db: Db) {
    written(&db).await;
    tamper(&db, "DELETE FROM audit_log WHERE seq >= 4").await;
    assert_eq!(log(&db).verify().await.unwrap().broken, Some(Broken::Missing(4)));
}

#[db_test]
async fn what_is_put_in_is_found(db: Db) {
    written(&db).await;
    let copy = |seq: &str, from: i64| {
        format!(
            "INSERT INTO audit_log (seq, at, actor, action, target_kind, target, hash)
             SELECT {seq}, at, actor, action, target_kind, target, hash FROM audit_log WHERE seq = {from}"
        )
    };
    tamper(&db, &copy("6", 5)).await;
    assert_eq!(log(&db).verify().await.unwrap().broken, Some(Broken::Added(6)), "at the end");
    tamper(&db, "DELETE FROM audit_log WHERE seq = 6").await;
    assert_eq!(log(&db).verify().await.unwrap().broken, None);
    for seq in [5, 4] {
        tamper(&db, &format!("UPDATE audit_log SET seq = seq + 1 WHERE seq = {seq}")).await;
    }
    tamper(&db, &copy("4", 3)).await;
    tamper(&db, "UPDATE audit_head SET seq = 6").await;
    assert_eq!(
        log(&db).verify().await.unwrap().broken,
        Some(Broken::Changed(4)),
        "in between, the end moved on"
    );
}

#[db_test]
async fn rows_are_neither_changed_nor_deleted(db: Db) {
    written(&db).await;
    for sql in ["UPDATE audit_log SET actor = NULL", "DELETE FROM audit_log WHERE seq = 5"] {
        let tx = db.write().await.unwrap();
        assert!(tx.exec(sql, vec![]).await.is_err(), "{sql}");
    }
    assert_eq!(log(&db).verify().await.unwrap().rows, 5);
}

#[db_test]
async fn what_is_not_committed_leaves_no_row_and_no_gap(db: Db) {
    let journal = written(&db).await;
    let tx = db.write().await.unwrap();
    record(&tx, &journal, Record::new("user.restore", "user", 9)).await.unwrap();
    drop(tx);
    write(&db, &journal, "6").await;
    let found = log(&db).verify().await.unwrap();
    assert_eq!((found.rows, found.broken), (6, None));
}

#[db_test]
async fn those_who_write_at_once_stand_one_after_the_other(db: Db) {
    let journal = journal(&db);
    let writers = (0..8).map(|n| {
        let (db, journal) = (db.clone(), journal.by(UserId::new(n)));
        tokio::spawn(async move {
            for _ in 0..10 {
                write(&db, &journal, "1").await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let found = log(&db).verify().await.unwrap();
    assert_eq!((found.rows, found.broken), (80, None));
}

#[db_test]
async fn lines_say_who_and_whence_and_are_filtered(db: Db) {
    let journal = written(&db).await;
    let tx = db.write().await.unwrap();
    let other = journal.by(Actor::CommandLine);
    let settings = Record::new("setting.change", "setting", "site.name").before("Byline").after("Our Town");
    from_network("203.0.113.0".to_owned(), record(&tx, &other, settings)).await.unwrap();
    tx.commit().await.unwrap();

    let all = log(&db).page(&Filter::default(), Cursor::START, 4).await.unwrap();
    let line = &all.items[0];
    assert_eq!((line.seq, line.actor, line.action.as_str()), (6, Actor::CommandLine, "setting.change"));
    assert_eq!((line.before.as_deref(), line.after.as_deref()), (Some("\"Byline\""), Some("\"Our Town\"")));
    assert_eq!(line.network.as_deref(), Some("203.0.113.0"));
    let rest = log(&db).page(&Filter::default(), all.next.unwrap(), 4).await.unwrap();
    assert_eq!((rest.items.len(), rest.next, rest.items[1].network.as_deref()), (2, None, None));

    let count = async |filter: Filter| log(&db).page(&filter, Cursor::START, 50).await.unwrap().items.len();
    assert_eq!(count(Filter { actor: Some(UserId::new(7)), ..Filter::default() }).await, 5);
    assert_eq!(count(Filter { actor: Some(UserId::new(8)), ..Filter::default() }).await, 0);
    assert_eq!(count(Filter { action: Some("setting.change".into()), ..Filter::default() }).await, 1);
    assert_eq!(count(Filter { target: Some(("user".into(), "3".into())), ..Filter::default() }).await, 1);
    assert_eq!(count(Filter { from: Some(line.at), ..Filter::default() }).await, 6);
    assert_eq!(count(Filter { until: Some(line.at), ..Filter::default() }).await, 0);
    assert_eq!(log(&db).actions().await.unwrap(), ["setting.change", "user.suspend"]);
}

#[db_test]
async fn what_was_done_before_stands_before_it(db: Db) {
    let at = |n: i64| Time::from_millis(n);
    let one = |n: i64| Past {
        at: at(n),
        by: UserId::new(n).into(),
        record: Record::new("article.approve", "article", n),
    };
    let tx = db.write().await.unwrap();
    take_in(&tx, (0..1_201).rev().map(one).collect()).await.unwrap();
    tx.commit().await.unwrap();
    write(&db, &journal(&db), "1").await;
    let found = log(&db).verify().await.unwrap();
    assert_eq!((found.rows, found.broken), (1_202, None));
    let newest = log(&db).page(&Filter::default(), Cursor::START, 2).await.unwrap().items;
    assert_eq!(
        (newest[1].seq, newest[1].target.as_str(), newest[1].actor),
        (1_201, "1200", UserId::new(1_200).into())
    );
}

#[db_test]
async fn a_day_is_looked_up_and_not_searched_for(db: Db) {
    #[derive(db::FromQueryResult)]
    struct Step {
        detail: String,
    }
    written(&db).await;
    let day = |from: &str, until: &str| Filter {
        from: Time::parse(from),
        until: Time::parse(until),
        ..Filter::default()
    };
    let found = async |filter: &Filter| {
        log(&db).page(filter, Cursor { key: 99, id: 0 }, 9).await.unwrap().items.len()
    };
    assert_eq!(found(&day("2024-06-04T00:00:00Z", "2024-06-05T00:00:00Z")).await, 5);
    assert_eq!(found(&day("2024-06-03T00:00:00Z", "2024-06-04T00:00:00Z")).await, 0);
    if db.is_postgres() {
        return; // it chooses by what is in the table
    }
    let sql = "EXPLAIN QUERY PLAN SELECT * FROM audit_log WHERE seq < 9 AND at >= 1 AND at < 2 ORDER BY seq DESC LIMIT 9";
    let plan: Vec<Step> = db.all(sql, vec![]).await.unwrap();
    assert!(plan.iter().any(|step| step.detail.contains("audit_log_at")));
}
