//! What users chose.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Result, UserId};

use crate::kind::Kind;
use crate::ways::{Choices, Quiet, Way};

#[derive(FromQueryResult)]
struct ChoiceRow {
    kind: String,
    way: String,
    wanted: bool,
}

/// What a newer program knows and this one does not is left out.
pub async fn find(on: &impl Conn, user: UserId) -> Result<Choices> {
    let sql = "SELECT kind, way, wanted FROM notification_choices WHERE user_id = $1";
    let rows: Vec<ChoiceRow> = on.all(sql, args![user]).await?;
    let mut choices = Choices::default();
    for row in rows {
        if let (Some(kind), Some(way)) = (Kind::named(&row.kind), Way::named(&row.way)) {
            choices.set(kind, way, row.wanted);
        }
    }
    let sql = "SELECT quiet_from, quiet_until FROM notification_quiet WHERE user_id = $1";
    choices.quiet = on.opt::<Quiet>(sql, args![user]).await?;
    choices.digest = super::digests::find(on, user).await?;
    Ok(choices)
}

/// One choice, which is a row where it differs from the usual.
pub async fn set(tx: &Tx, user: UserId, (kind, way): (Kind, Way), wanted: bool) -> Result<()> {
    let (kind_name, way_name) = (kind.name(), way.name());
    if wanted == kind.is_usual(way) {
        let sql = "DELETE FROM notification_choices WHERE user_id = $1 AND kind = $2 AND way = $3";
        return tx.exec(sql, args![user, kind_name, way_name]).await.map(drop);
    }
    let sql = "INSERT INTO notification_choices (user_id, kind, way, wanted) VALUES ($1, $2, $3, $4)
               ON CONFLICT (user_id, kind, way) DO UPDATE SET wanted = excluded.wanted";
    tx.exec(sql, args![user, kind_name, way_name, wanted]).await.map(drop)
}

/// In place of what the user chose before, of the kinds and ways that this program knows.
pub async fn put(tx: &Tx, user: UserId, choices: &Choices) -> Result<()> {
    for kind in Kind::ALL {
        for way in Way::ALL {
            set(tx, user, (kind, way), choices.wants(kind, way)).await?;
        }
    }
    match choices.quiet {
        Some(Quiet { from, until }) => {
            let sql = "INSERT INTO notification_quiet (user_id, quiet_from, quiet_until) VALUES ($1, $2, $3)
                       ON CONFLICT (user_id) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until";
            tx.exec(sql, args![user, from, until]).await.map(drop)
        }
        None => tx.exec("DELETE FROM notification_quiet WHERE user_id = $1", args![user]).await.map(drop),
    }
}
