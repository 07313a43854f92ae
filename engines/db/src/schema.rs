//! Migrations: numbered SQL files beside the feature that owns the tables, run forward in order, each once.

use std::collections::HashMap;

use kernel::{Error, Result, Time};
use sha2::{Digest, Sha256};

use crate::identity;
use crate::{Conn, Db, FromQueryResult, Tx, args};

/// The tables of one owner, and whose tables must be there first.
pub struct Schema {
    pub owner: &'static str,
    pub needs: &'static [&'static Schema],
    pub migrations: &'static [Migration],
}

impl Schema {
    /// The tables of several owners.
    pub const fn of(needs: &'static [&'static Self]) -> Self {
        Self { owner: "", needs, migrations: &[] }
    }

    /// This owner and all it needs, needs first, each once: the order in which they migrate.
    pub fn owners(&self) -> Vec<&Self> {
        let mut order = Vec::new();
        visit(self, &mut order);
        order
    }
}

/// One migration. The two texts differ only where the databases do.
pub struct Migration {
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// `schema!("articles", needs: [&authors::SCHEMA], migrations: ["0001_articles"])`: the files are `migrations/0001_articles.sql`;
/// a migration written `("0001_journal")` is a pair, `0001_journal.sqlite.sql` and `0001_journal.postgres.sql`.
#[macro_export]
macro_rules! schema {
    ($owner:literal, needs: [$($needs:expr),* $(,)?], migrations: [$($migration:tt),+ $(,)?]) => {
        $crate::Schema { owner: $owner, needs: &[$($needs),*], migrations: &[$($crate::schema!(@migration $migration)),+] }
    };
    (@migration ($name:literal)) => {
        $crate::Migration {
            name: $name,
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".postgres.sql")),
        }
    };
    (@migration $name:literal) => {
        $crate::Migration {
            name: $name,
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $name, ".sql")),
        }
    };
}

impl Db {
    /// Runs the migrations that have not run here: those of `schema` and of all it needs, needs first. All or nothing.
    /// `schema` needs every owner whose tables may be there. Refused: a database that a newer program has migrated, and one on which a
    /// migration ran with another text than it has now.
    pub async fn migrate(&self, schema: &Schema, now: Time) -> Result<()> {
        let tx = self.write().await?;
        if tx.is_postgres() {
            // Two nodes that start together: the second waits, then finds the work done.
            tx.batch("SELECT pg_advisory_xact_lock(7276301)").await?;
        }
        tx.batch(
            "CREATE TABLE IF NOT EXISTS migrations (owner TEXT NOT NULL, step TEXT NOT NULL, run_at BIGINT NOT NULL, PRIMARY KEY (owner, step))",
        )
        .await?;
        // A table of its own: databases of before checksums have the other one.
        tx.batch(
            "CREATE TABLE IF NOT EXISTS migration_checksums (owner TEXT NOT NULL, step TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (owner, step))",
        )
        .await?;
        tx.batch(crate::proof::TABLE).await?;
        make_identity(&tx).await?;
        let mut ran = ran(&tx).await?;
        for schema in schema.owners() {
            for migration in schema.migrations {
                let text = if tx.is_postgres() { migration.postgres } else { migration.sqlite };
                let sha256 = checksum(text);
                match ran.remove(&(schema.owner.to_owned(), migration.name.to_owned())) {
                    Some(Some(before)) if before != sha256 => {
                        return Err(Error::internal(format!(
                            "the migration {} of {} ran here with another text than it has now",
                            migration.name, schema.owner
                        )));
                    }
                    Some(Some(_)) => {}
                    Some(None) => note(&tx, schema.owner, migration, &sha256).await?,
                    None => {
                        tracing::info!(owner = schema.owner, migration = migration.name, "migrating");
                        tx.batch(text).await?;
                        let sql = "INSERT INTO migrations (owner, step, run_at) VALUES ($1, $2, $3)";
                        tx.exec(sql, args![schema.owner, migration.name, now]).await?;
                        note(&tx, schema.owner, migration, &sha256).await?;
                    }
                }
            }
        }
        refuse_newer(ran)?;
        tx.commit().await
    }

    /// The database's number, 32 hexadecimal digits. From now on connections to another are refused.
    pub async fn identity(&self) -> Result<String> {
        let id: Option<String> = self.scalar(identity::ID, args![]).await?;
        let id = id.ok_or_else(|| Error::internal("the database has no identity"))?;
        Ok(self.expected().get_or_init(|| id).clone())
    }

    /// How many migrations have not run here; changes nothing. Refused: a database that a newer program has migrated.
    pub async fn pending(&self, schema: &Schema) -> Result<usize> {
        let sql = if self.is_postgres() {
            "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'migration_checksums'"
        } else {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration_checksums'"
        };
        let tables: Option<i64> = self.scalar(sql, args![]).await?;
        let mut ran = if tables == Some(0) { HashMap::new() } else { ran(self).await? };
        let mut pending = 0;
        for schema in schema.owners() {
            for migration in schema.migrations {
                pending +=
                    usize::from(ran.remove(&(schema.owner.to_owned(), migration.name.to_owned())).is_none());
            }
        }
        refuse_newer(ran)?;
        Ok(pending)
    }
}

/// Needs first, each owner once.
fn visit<'a>(schema: &'a Schema, order: &mut Vec<&'a Schema>) {
    if order.iter().any(|seen| seen.owner == schema.owner) {
        return;
    }
    for needed in schema.needs {
        visit(needed, order);
    }
    order.push(schema);
}

/// Gives the database its number where it has none.
async fn make_identity(tx: &Tx) -> Result<()> {
    tx.batch(identity::TABLE).await?;
    let random = if tx.is_postgres() {
        "replace(gen_random_uuid()::text, '-', '')"
    } else {
        "lower(hex(randomblob(16)))"
    };
    let sql = format!(
        "INSERT INTO database_identity (id) SELECT {random} WHERE NOT EXISTS (SELECT 1 FROM database_identity)"
    );
    tx.exec(&sql, args![]).await.map(drop)
}

/// What ran here and is not known to this program.
fn refuse_newer(ran: Ran) -> Result<()> {
    match ran.into_keys().min() {
        None => Ok(()),
        Some((owner, name)) => Err(Error::internal(format!(
            "they were made by a newer version of this program ({owner}: {name})"
        ))),
    }
}

type Ran = HashMap<(String, String), Option<String>>;

/// What ran here, with its checksum: none where it ran before there were any.
async fn ran(conn: &impl Conn) -> Result<Ran> {
    #[derive(FromQueryResult)]
    struct Row {
        owner: String,
        step: String,
        sha256: Option<String>,
    }
    let sql = "SELECT m.owner, m.step, c.sha256 FROM migrations m LEFT JOIN migration_checksums c ON c.owner = m.owner AND c.step = m.step";
    let rows = conn.all::<Row>(sql, args![]).await?;
    Ok(rows.into_iter().map(|row| ((row.owner, row.step), row.sha256)).collect())
}

async fn note(tx: &Tx, owner: &str, migration: &Migration, sha256: &str) -> Result<()> {
    let sql = "INSERT INTO migration_checksums (owner, step, sha256) VALUES ($1, $2, $3)";
    tx.exec(sql, args![owner, migration.name, sha256]).await.map(drop)
}

/// Of the text as it stands in the repository: a checkout may end its lines with CRLF.
pub(crate) fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
