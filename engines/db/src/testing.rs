//! What `#[db_test]` runs on.

pub mod populated;

use std::future::Future;

use kernel::Time;
use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::{Connection, Executor};
use tokio::sync::Mutex;

use crate::schema::checksum;
use crate::{Conn, DatabaseUrl, Db, Schema, args};

/// Names the PostgreSQL server on which tests make and drop their databases.
pub const POSTGRES: &str = "BYLINE_TEST_POSTGRES";

/// Runs `test` on SQLite, then on PostgreSQL where there is one.
pub fn run<F: Future<Output = ()>>(schema: &'static Schema, test: impl Fn(Db) -> F) {
    run_at(schema, |db, _| test(db));
}

/// The same for tests that open the database once more, from other processes too.
pub fn run_at<F: Future<Output = ()>>(schema: &'static Schema, test: impl Fn(Db, DatabaseUrl) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let at = DatabaseUrl::Sqlite(dir.path().join("test.db"));
        let db = Db::open(&at).await.expect("SQLite opens");
        db.migrate(schema, Time::from_millis(0)).await.expect("SQLite migrates");
        // On the heap: in a build without optimization a test of a whole site is too large for a thread's stack.
        Box::pin(test(db, at)).await;
        if let Ok(server) = std::env::var(POSTGRES) {
            on_postgres(&server, schema, &test).await;
        }
    });
}

async fn on_postgres<F: Future<Output = ()>>(
    server: &str,
    schema: &'static Schema,
    test: &impl Fn(Db, DatabaseUrl) -> F,
) {
    let admin = Db::open(&DatabaseUrl::Postgres(server.to_owned())).await.expect("the test server answers");
    let (name, template) = (new_name(), template(&admin, server, schema).await);
    let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.exec(&sql, vec![]).await.expect("the test user may create databases");
    let at = DatabaseUrl::Postgres(database_url(server, &name));
    let db = Db::open(&at).await.expect("PostgreSQL opens");
    Box::pin(test(db.clone(), at)).await;
    db.close().await.expect("closes");
    admin.exec(&format!("DROP DATABASE {name} WITH (FORCE)"), vec![]).await.expect("drops");
}

/// A database with the tables of `schema`, which all tests on that server copy: to migrate takes longer than most tests. It is named by its
/// migrations, and stays until the server goes.
async fn template(admin: &Db, server: &str, schema: &'static Schema) -> String {
    /// One of this process makes it; where another process was faster, its own is taken.
    static MAKING: Mutex<()> = Mutex::const_new(());
    let migrations: Vec<&str> = schema
        .owners()
        .into_iter()
        .flat_map(|part| part.migrations.iter().flat_map(|one| [part.owner, one.name, one.postgres]))
        .collect();
    if migrations.is_empty() {
        return "template1".to_owned();
    }
    let name = format!("byline_template_{}", &checksum(&migrations.join("\n"))[..32]);
    let _making = MAKING.lock().await;
    let there = "SELECT COUNT(*) FROM pg_database WHERE datname = $1";
    if admin.scalar(there, args![name.clone()]).await.expect("databases are listed") == Some(1_i64) {
        return name;
    }
    let half = new_name();
    admin.exec(&format!("CREATE DATABASE {half}"), vec![]).await.expect("the test user may create databases");
    let at = DatabaseUrl::Postgres(database_url(server, &half));
    let db = Db::open(&at).await.expect("PostgreSQL opens");
    db.migrate(schema, Time::from_millis(0)).await.expect("PostgreSQL migrates");
    db.close().await.expect("closes");
    if admin.exec(&format!("ALTER DATABASE {half} RENAME TO {name}"), vec![]).await.is_err() {
        admin.exec(&format!("DROP DATABASE {half} WITH (FORCE)"), vec![]).await.expect("drops");
    }
    name
}

fn new_name() -> String {
    // Not an id: those of two tests that begin in the same millisecond may be one.
    let mut chance = [0; 16];
    kernel::Env::system().fill(&mut chance);
    format!("byline_test_{:032x}", u128::from_be_bytes(chance))
}

/// A transaction of somebody else's that has written and stays open, in the same database: rolled back when it is dropped.
pub struct ForeignWrite {
    _connection: PgConnection,
}

impl ForeignWrite {
    /// Nothing on SQLite, where it would keep all others from writing.
    pub async fn begin(at: &DatabaseUrl) -> Option<Self> {
        let DatabaseUrl::Postgres(url) = at else { return None };
        let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
        let sql = "BEGIN; CREATE TABLE somebody_elses (id BIGINT)";
        connection.execute(sql).await.expect("a table of their own");
        Some(Self { _connection: connection })
    }
}

/// The server's URL with another database: the path before any `?`.
fn database_url(server: &str, name: &str) -> String {
    let (url, query) = server.split_once('?').map_or((server, String::new()), |(u, q)| (u, format!("?{q}")));
    let base = url
        .rsplit_once('/')
        .filter(|(head, _)| head.contains("://") && !head.ends_with('/'))
        .map_or(url, |(head, _)| head);
    format!("{base}/{name}{query}")
}
