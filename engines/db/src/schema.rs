//! Migrations: numbered SQL files beside the feature that owns the tables, run forward in order, each once.

use kernel::{Result, Time};

use crate::{Conn, Db, Tx, args};

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
        tx.batch(crate::proof::TABLE).await?;
        let mut order = Vec::new();
        visit(schema, &mut order);
        for schema in order {
            for migration in schema.migrations {
                run(&tx, schema.owner, migration, now).await?;
            }
        }
        tx.commit().await
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

async fn run(tx: &Tx, owner: &str, migration: &Migration, now: Time) -> Result<()> {
    let sql = "INSERT INTO migrations (owner, step, run_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    if tx.exec(sql, args![owner, migration.name, now]).await? == 0 {
        return Ok(());
    }
    tracing::info!(owner, migration = migration.name, "migrating");
    tx.batch(if tx.is_postgres() { migration.postgres } else { migration.sqlite }).await
}
