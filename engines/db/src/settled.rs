//! On PostgreSQL: up to which transaction everything that this site writes has ended.
//!
//! Transactions get their numbers when they begin to write and commit in any order, so whoever reads by number must know which numbers can
//! still appear. `pg_snapshot_xmin` would tell, but of the whole server: a transaction of anybody's, in any database, that stays open for an
//! hour would hold readers back for an hour. Only those who write to this database matter. Each of their connections holds an advisory lock,
//! shared, for as long as it lives (`MARK` in `open.rs`), so that the server itself can say which of all open transactions are theirs.

use kernel::{Result, Time};

use crate::{Conn, Db};

/// The snapshot is taken before the connections are looked at. A number below its `xmax` was given out by then: whoever has it either still
/// shows it, or has ended, and is seen by the next statement. Open transactions show 32 bits of their number; those ahead of `xmax` don't count.
const SETTLED: &str = "WITH snapshot AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next),
    behind AS (SELECT (snapshot.next - writer.backend_xid::text::bigint) & 4294967295 AS by
               FROM snapshot, pg_locks lock JOIN pg_stat_activity writer ON writer.pid = lock.pid
               WHERE lock.locktype = 'advisory' AND lock.classid = 0 AND lock.objid = 7276302 AND lock.objsubid = 1
                 AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                 AND writer.backend_xid IS NOT NULL)
    SELECT snapshot.next - COALESCE((SELECT MAX(behind.by) FROM behind WHERE behind.by < 2147483648), 0) FROM snapshot";

impl Db {
    /// What PostgreSQL's clock says, for what several nodes must agree on; SQLite has none of its own.
    pub async fn clock(&self) -> Result<Option<Time>> {
        if !self.is_postgres() {
            return Ok(None);
        }
        let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint";
        Ok(self.scalar(sql, vec![]).await?.map(Time::from_millis))
    }

    /// Every write of this site whose transaction has a smaller number (`pg_current_xact_id()`) has ended, and statements that begin after this
    /// one see what it wrote. On SQLite, where writers take turns and have no numbers, 1.
    pub async fn settled(&self) -> Result<i64> {
        if !self.is_postgres() {
            return Ok(1);
        }
        Ok(self.scalar(SETTLED, vec![]).await?.unwrap_or(0))
    }
}
