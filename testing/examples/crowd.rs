//! Puts people into the database of a site who follow the authors of one user, for the benchmarks: `crowd DATABASE HANDLE PEOPLE SIGNED_IN`. Prints the
//! tokens of sessions, one a line: of the first of them, and of the last, who are told of anything when all others were.

use std::error::Error;
use std::time::Duration;

use accounts::Accounts;
use authors::Authors;
use db::{Conn, Db, args, rows};
use events::Journal;
use kernel::{Env, Handle, UserId};

/// Rows in one statement.
const PART: usize = 500;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let mut next = || given.next().ok_or("crowd DATABASE HANDLE PEOPLE SIGNED_IN");
    let (database, handle) = (next()?, next()?);
    let (people, signed_in): (usize, usize) = (next()?.parse()?, next()?.parse()?);
    let (env, db) = (Env::system(), Db::open(&database.parse()?).await?);
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let owner = accounts.find_by_handle(&Handle::new(&handle)?).await?.ok_or("there is no such user")?;
    let authors = Authors::new(db.clone(), journal, env.clone()).owned_by(owner.id).await?;
    let author = authors.first().ok_or("the user writes for nobody")?.id;
    let now = env.now();
    let ids: Vec<UserId> = (0..people).map(|_| env.id()).collect();
    for part in ids.chunks(PART) {
        let tx = db.write().await?;
        let sql =
            format!("INSERT INTO users (id, handle, name, roles, created_at) VALUES {}", rows(part.len(), 5));
        let values =
            part.iter().flat_map(|&id| args![id, format!("crowd-{}", id.raw()), "Somebody", 0_i64, now]);
        tx.exec(&sql, values.collect()).await?;
        let sql =
            format!("INSERT INTO follows (user_id, author_id, created_at) VALUES {}", rows(part.len(), 3));
        tx.exec(&sql, part.iter().flat_map(|&id| args![id, author, now]).collect()).await?;
        tx.commit().await?;
    }
    let last = ids.last().copied();
    let tx = db.write().await?;
    for id in ids.into_iter().take(signed_in).chain(last) {
        let token = env.token();
        let sql =
            "INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)";
        let until = now.plus(Duration::from_hours(24));
        tx.exec(sql, args![Accounts::session_id(&token), id, now, until]).await?;
        println!("{token}");
    }
    Ok(tx.commit().await?)
}
