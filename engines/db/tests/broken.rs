//! Transactions that break: what was acknowledged is there, what was not is not, and the next one works.

use std::time::Duration;

use db::{Conn, DatabaseUrl, Db, FromQueryResult, Migration, Schema, args, db_test};
use kernel::{Error, Time};

const TABLES: &str = "CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT NOT NULL)";
static SCHEMA: Schema = Schema {
    owner: "notes",
    needs: &[],
    migrations: &[Migration { name: "0001_notes", sqlite: TABLES, postgres: TABLES }],
};

async fn write(db: &Db, id: i64, bytes: usize) -> kernel::Result<()> {
    let tx = db.write().await?;
    put(&tx, id, bytes).await?;
    tx.commit().await
}

async fn put(conn: &impl Conn, id: i64, bytes: usize) -> kernel::Result<()> {
    conn.exec("INSERT INTO notes (id, body) VALUES ($1, $2)", args![id, "x".repeat(bytes)]).await.map(drop)
}

async fn ids(db: &Db) -> Vec<i64> {
    db.column("SELECT id FROM notes ORDER BY id", args![]).await.unwrap()
}

/// A SQLite file whose writing connection may make it no larger than `pages`.
async fn limit(db: &Db, pages: i64) -> kernel::Result<()> {
    let tx = db.write().await?;
    tx.scalar::<i64>(&format!("PRAGMA max_page_count = {pages}"), args![]).await?;
    tx.commit().await
}

async fn sqlite(dir: &tempfile::TempDir) -> (Db, DatabaseUrl) {
    let place = DatabaseUrl::Sqlite(dir.path().join("test.db"));
    let db = Db::open(&place).await.unwrap();
    db.migrate(&SCHEMA, Time::from_millis(0)).await.unwrap();
    (db, place)
}

#[tokio::test]
async fn what_is_acknowledged_after_a_full_disk_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let (db, place) = sqlite(&dir).await;
    write(&db, 1, 10).await.unwrap();
    for id in [2, 3] {
        limit(&db, 16).await.unwrap();
        let refused = write(&db, id, 1_000_000).await;
        assert!(
            matches!(refused, Err(Error::Unavailable(ref what)) if what == "storage-full"),
            "{refused:?}"
        );
    }
    // There is room again.
    limit(&db, 1_000_000).await.unwrap();
    for id in 4..12 {
        write(&db, id, 1_000).await.unwrap();
    }
    db.prove_write().await.unwrap();
    // What counts is what others see.
    let other = Db::open(&place).await.unwrap();
    assert_eq!(ids(&other).await, [1, 4, 5, 6, 7, 8, 9, 10, 11]);
    db.close().await.unwrap();
    other.close().await.unwrap();
    let later = Db::open(&place).await.unwrap();
    assert_eq!(ids(&later).await.len(), 9);
}

#[tokio::test]
async fn a_full_disk_in_the_middle_leaves_nothing_of_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let (db, _) = sqlite(&dir).await;
    limit(&db, 16).await.unwrap();
    let tx = db.write().await.unwrap();
    put(&tx, 1, 10).await.unwrap();
    put(&tx, 2, 1_000_000).await.unwrap_err();
    // SQLite is outside the transaction now: this one would stand alone.
    put(&tx, 3, 10).await.unwrap_err();
    tx.commit().await.unwrap_err();
    assert_eq!(ids(&db).await, [0; 0]);
    write(&db, 4, 10).await.unwrap();
    assert_eq!(ids(&db).await, [4]);
}

#[db_test]
async fn a_write_with_a_failed_statement_is_not_committed(db: Db) {
    write(&db, 1, 10).await.unwrap();
    let tx = db.write().await.unwrap();
    put(&tx, 2, 10).await.unwrap();
    assert!(matches!(put(&tx, 1, 10).await, Err(Error::Conflict("exists"))));
    tx.commit().await.unwrap_err();
    assert_eq!(ids(&db).await, [1]);
    write(&db, 3, 10).await.unwrap();
    assert_eq!(ids(&db).await, [1, 3]);
}

/// Whoever leaves, leaves at any moment: each round the write is dropped a little later.
#[db_test]
async fn a_write_that_is_given_up_half_way_disturbs_nobody(db: Db) {
    let mut acknowledged = Vec::new();
    for round in 0..120 {
        let work = async {
            write(&db, round, 2_000).await?;
            Ok::<_, Error>(round)
        };
        if let Ok(done) = tokio::time::timeout(Duration::from_micros(20 * round as u64), work).await {
            acknowledged.push(done.unwrap());
        }
    }
    for id in 1_000..1_020 {
        write(&db, id, 10).await.unwrap();
    }
    let there = ids(&db).await;
    assert!(acknowledged.iter().chain(&(1_000..1_020).collect::<Vec<_>>()).all(|id| there.contains(id)));
    let tx = db.write().await.unwrap();
    put(&tx, 2_000, 10).await.unwrap();
    drop(tx);
    db.prove_write().await.unwrap();
    assert!(!ids(&db).await.contains(&2_000));
}

#[db_test]
async fn a_text_with_nul_is_refused_by_both(db: Db) {
    let refused = db.scalar::<i64>("SELECT id FROM notes WHERE body = $1", args!["a\0b"]).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}

#[db_test]
async fn a_server_process_that_is_killed_takes_only_its_own_write(db: Db) {
    if !db.is_postgres() {
        return;
    }
    for id in 0..10 {
        let tx = db.write().await.unwrap();
        put(&tx, id, 10).await.unwrap();
        let process: i32 = tx.scalar("SELECT pg_backend_pid()", args![]).await.unwrap().unwrap();
        db.scalar::<bool>("SELECT pg_terminate_backend($1)", args![process]).await.unwrap();
        // Even where the statement was good, the commit says that nothing is kept.
        let failed = if id % 2 == 0 { put(&tx, 100 + id, 10).await } else { tx.commit().await };
        assert!(matches!(failed, Err(Error::Unavailable(_))), "{failed:?}");
    }
    for id in 200..220 {
        write(&db, id, 10).await.unwrap();
    }
    assert_eq!(ids(&db).await, (200..220).collect::<Vec<_>>());
}

#[db_test]
async fn a_commit_that_the_server_refuses_is_not_acknowledged(db: Db) {
    if !db.is_postgres() {
        return;
    }
    let tx = db.write().await.unwrap();
    tx.exec("ALTER TABLE notes ADD CONSTRAINT once UNIQUE (body) DEFERRABLE INITIALLY DEFERRED", args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for round in 0..20 {
        let tx = db.write().await.unwrap();
        put(&tx, 1, 10).await.unwrap();
        put(&tx, 2, 10).await.unwrap();
        tx.commit().await.unwrap_err();
        write(&db, 10 + round, 20 + round as usize).await.unwrap();
    }
    assert_eq!(ids(&db).await, (10..30).collect::<Vec<_>>());
}

#[db_test]
async fn a_long_list_is_asked_for_in_parts(db: Db) {
    write(&db, 7, 10).await.unwrap();
    write(&db, 90_000, 10).await.unwrap();
    let list: Vec<i64> = (0..100_000).collect();
    #[derive(FromQueryResult)]
    struct Row {
        id: i64,
    }
    let sql = |placeholders: &str| {
        format!("SELECT id FROM notes WHERE LENGTH(body) = $1 AND id IN ({placeholders})")
    };
    let found: Vec<Row> = db::all_in(&db, args![10_i64], &list, sql).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [7, 90_000]);
    assert!(db::all_in::<Row, i64>(&db, args![10_i64], &[], sql).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_else_reads_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let mode = |name: &str| std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o777;
    let (db, place) = sqlite(&dir).await;
    let files = ["test.db", "test.db-wal", "test.db-shm"];
    assert_eq!(files.map(mode), [0o600; 3]);
    // Files of an older version, while they are in use.
    for name in files {
        std::fs::set_permissions(dir.path().join(name), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let again = Db::open(&place).await.unwrap();
    assert_eq!(files.map(mode), [0o600; 3]);
    again.close().await.unwrap();
    db.close().await.unwrap();
}
