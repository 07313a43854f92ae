//! Reading the log: newest first, filtered.

use db::{Conn, FromQueryResult, Value, args};
use events::Actor;
use kernel::{Cursor, Page, Result, Time, UserId};

use crate::chain::{COLUMNS, Row};
use crate::log::AuditLog;

/// Which rows are asked for; what is none holds for all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor: Option<UserId>,
    pub action: Option<String>,
    /// What kind of thing, and which one.
    pub target: Option<(String, String)>,
    pub from: Option<Time>,
    /// Not itself.
    pub until: Option<Time>,
}

/// A row as people read it.
#[derive(Clone, Debug)]
pub struct Line {
    pub seq: i64,
    pub at: Time,
    pub actor: Actor,
    pub action: String,
    pub target_kind: String,
    pub target: String,
    /// JSON.
    pub before: Option<String>,
    pub after: Option<String>,
    pub network: Option<String>,
    pub hash: String,
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        Self {
            seq: row.seq,
            at: row.at,
            actor: Actor::read(row.actor.as_deref()),
            action: row.action,
            target_kind: row.target_kind,
            target: row.target,
            before: row.before_value,
            after: row.after_value,
            network: row.network,
            hash: row.hash,
        }
    }
}

impl AuditLog {
    /// Up to `limit` rows that fit, the newest first.
    pub async fn page(&self, filter: &Filter, from: Cursor, limit: usize) -> Result<Page<Line>> {
        let mut values: Vec<Value> = args![from.key, limit as i64 + 1];
        let mut wanted = String::new();
        let mut want = |condition: &str, value: Value| {
            values.push(value);
            wanted += &format!(" AND {condition} ${}", values.len());
        };
        if let Some(actor) = filter.actor {
            want("actor =", Actor::User(actor).into());
        }
        if let Some(action) = &filter.action {
            want("action =", action.clone().into());
        }
        if let Some((kind, id)) = &filter.target {
            want("target_kind =", kind.clone().into());
            want("target =", id.clone().into());
        }
        if let Some(at) = filter.from {
            want("at >=", at.into());
        }
        if let Some(at) = filter.until {
            want("at <", at.into());
        }
        let sql =
            format!("SELECT {COLUMNS} FROM audit_log WHERE seq < $1{wanted} ORDER BY seq DESC LIMIT $2");
        let rows: Vec<Row> = self.db.all(&sql, values).await?;
        Ok(Page::cut(rows.into_iter().map(Line::from).collect(), limit, |line| Cursor {
            key: line.seq,
            id: 0,
        }))
    }

    /// The actions that stand in the log, for a choice among them.
    pub async fn actions(&self) -> Result<Vec<String>> {
        #[derive(FromQueryResult)]
        struct Found {
            action: String,
        }
        // By skipping along the index: a log of a million rows has few actions.
        let sql = "WITH RECURSIVE found (action) AS (
                       SELECT MIN(action) FROM audit_log
                       UNION ALL SELECT (SELECT MIN(l.action) FROM audit_log l WHERE l.action > found.action) FROM found WHERE found.action IS NOT NULL
                   ) SELECT action FROM found WHERE action IS NOT NULL ORDER BY action";
        let rows: Vec<Found> = self.db.all(sql, vec![]).await?;
        Ok(rows.into_iter().map(|row| row.action).collect())
    }
}
