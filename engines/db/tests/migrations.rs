//! What ran is known by its text, and what a newer program left is not touched.

use db::{Conn, Db, Migration, Schema, args, testing};
use kernel::Time;

const fn migration(name: &'static str, sql: &'static str) -> Migration {
    Migration { name, sqlite: sql, postgres: sql }
}

const NOTES: &str = "CREATE TABLE notes (id BIGINT PRIMARY KEY);\n";
static FIRST: Schema = Schema { owner: "notes", needs: &[], migrations: &[migration("0001_notes", NOTES)] };
static SECOND: Schema = Schema {
    owner: "notes",
    needs: &[],
    migrations: &[
        migration("0001_notes", NOTES),
        migration("0002_said", "ALTER TABLE notes ADD COLUMN said TEXT NOT NULL DEFAULT ''"),
    ],
};
static CHANGED: Schema = Schema {
    owner: "notes",
    needs: &[],
    migrations: &[migration("0001_notes", "CREATE TABLE notes (id BIGINT PRIMARY KEY, said TEXT)")],
};
static WINDOWS: Schema = Schema {
    owner: "notes",
    needs: &[],
    migrations: &[migration("0001_notes", "CREATE TABLE notes (id BIGINT PRIMARY KEY);\r\n")],
};
static OTHER: Schema = Schema {
    owner: "others",
    needs: &[],
    migrations: &[migration("0001_others", "CREATE TABLE others (id BIGINT PRIMARY KEY)")],
};
static BOTH: Schema = Schema::of(&[&SECOND, &OTHER]);

async fn migrate(db: &Db, schema: &Schema) -> Result<(), String> {
    db.migrate(schema, Time::from_millis(0)).await.map_err(|error| error.to_string())
}

async fn checksums(db: &Db) -> i64 {
    db.scalar("SELECT COUNT(*) FROM migration_checksums", args![]).await.unwrap().unwrap()
}

#[test]
fn what_ran_is_known_by_its_text() {
    testing::run(&FIRST, async |db: Db| {
        migrate(&db, &FIRST).await.unwrap();
        migrate(&db, &WINDOWS).await.unwrap();
        let refused = migrate(&db, &CHANGED).await.unwrap_err();
        assert!(refused.contains("0001_notes of notes ran here with another text"), "{refused}");
        migrate(&db, &SECOND).await.unwrap();
        assert_eq!(checksums(&db).await, 2);
    });
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    testing::run(&BOTH, async |db: Db| {
        for (older, unknown) in [(&SECOND, "others: 0001_others"), (&FIRST, "notes: 0002_said")] {
            let refused = migrate(&db, older).await.unwrap_err();
            assert!(refused.contains("newer version") && refused.contains(unknown), "{refused}");
        }
        migrate(&db, &BOTH).await.unwrap();
    });
}

#[test]
fn what_ran_before_there_were_checksums_gets_its_own() {
    testing::run(&FIRST, async |db: Db| {
        let tx = db.write().await.unwrap();
        tx.exec("DROP TABLE migration_checksums", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        migrate(&db, &SECOND).await.unwrap();
        assert_eq!(checksums(&db).await, 2);
        assert!(migrate(&db, &CHANGED).await.is_err());
    });
}
