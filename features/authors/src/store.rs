//! The only SQL that names the tables of authors.

pub mod changes;

use db::{Conn, FromQueryResult, Tx, all_in, args};
use kernel::confusable::skeleton;
use kernel::{ApplicationId, AuthorId, Cursor, Handle, Result, Time, UserId};

use crate::model::{Application, Author, State};

const AUTHOR: &str =
    "a.id, a.handle, a.name, a.kind, a.bio, a.field, a.verified, a.region, a.avatar, a.trusted, a.created_at";

/// `Error::Conflict("exists")` if the handle is taken.
pub async fn insert(tx: &Tx, author: &Author, name_key: &str) -> Result<()> {
    let sql = "INSERT INTO authors (id, handle, name, kind, bio, field, verified, region, avatar, trusted, created_at, name_key, skeleton)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let a = author.clone();
    let args = args![
        a.id,
        a.handle,
        a.name,
        a.kind,
        a.bio,
        a.field,
        a.verified,
        a.region,
        a.avatar,
        a.trusted,
        a.created_at,
        name_key,
        skeleton(author.handle.as_str())
    ];
    tx.exec(sql, args).await.map(drop)
}

/// How many rows changed; `Error::Conflict("exists")` if the handle is taken.
pub async fn update(tx: &Tx, author: &Author) -> Result<u64> {
    let sql = "UPDATE authors SET handle = $2, name = $3, kind = $4, bio = $5, field = $6, verified = $7, region = $8, avatar = $9, trusted = $10
               WHERE id = $1";
    let a = author.clone();
    let args =
        args![a.id, a.handle, a.name, a.kind, a.bio, a.field, a.verified, a.region, a.avatar, a.trusted];
    tx.exec(sql, args).await
}

pub async fn set_name_key(tx: &Tx, id: AuthorId, name_key: &str) -> Result<()> {
    tx.exec("UPDATE authors SET name_key = $2 WHERE id = $1", args![id, name_key]).await.map(drop)
}

/// Another author of a name that looks like this one.
pub async fn of_name(on: &impl Conn, name: &str, but: Option<AuthorId>) -> Result<Option<AuthorId>> {
    let but = but.unwrap_or(AuthorId::new(0));
    on.scalar("SELECT id FROM authors WHERE name_key = $1 AND id <> $2", args![skeleton(name), but]).await
}

/// Whether an author has a handle that looks like this one.
pub async fn is_alike(on: &impl Conn, handle: &Handle) -> Result<bool> {
    let sql = "SELECT id FROM authors WHERE skeleton = $1 LIMIT 1";
    Ok(on.scalar::<AuthorId>(sql, args![skeleton(handle.as_str())]).await?.is_some())
}

#[derive(FromQueryResult)]
pub struct Unfolded {
    pub id: AuthorId,
    pub handle: Handle,
    pub name: String,
}

/// Some of the authors whose names were never compared, oldest first.
pub async fn unfolded(on: &impl Conn) -> Result<Vec<Unfolded>> {
    on.all("SELECT id, handle, name FROM authors WHERE name_key IS NULL ORDER BY id LIMIT 500", vec![]).await
}

pub async fn fold(tx: &Tx, id: AuthorId, handle: &Handle, name_key: &str) -> Result<()> {
    let sql = "UPDATE authors SET handle = $2, skeleton = $3, name_key = $4 WHERE id = $1";
    tx.exec(sql, args![id, handle.clone(), skeleton(handle.as_str()), name_key]).await.map(drop)
}

pub async fn find(on: &impl Conn, id: AuthorId) -> Result<Option<Author>> {
    on.opt(&format!("SELECT {AUTHOR} FROM authors a WHERE a.id = $1"), args![id]).await
}

/// The same for a change to it, one at a time.
pub async fn lock(tx: &Tx, id: AuthorId) -> Result<Option<Author>> {
    let lock = if tx.is_postgres() { " FOR UPDATE" } else { "" };
    tx.opt(&format!("SELECT {AUTHOR} FROM authors a WHERE a.id = $1{lock}"), args![id]).await
}

pub async fn find_by_handle(on: &impl Conn, handle: &Handle) -> Result<Option<Author>> {
    on.opt(&format!("SELECT {AUTHOR} FROM authors a WHERE a.handle = $1"), args![handle.clone()]).await
}

pub async fn get_many(on: &impl Conn, ids: &[AuthorId]) -> Result<Vec<Author>> {
    all_in(on, args![], ids, |placeholders| {
        format!("SELECT {AUTHOR} FROM authors a WHERE a.id IN ({placeholders})")
    })
    .await
}

/// Whether an author shows this picture.
pub async fn is_avatar(on: &impl Conn, hash: &str) -> Result<bool> {
    Ok(on.scalar::<i64>("SELECT id FROM authors WHERE avatar = $1 LIMIT 1", args![hash]).await?.is_some())
}

/// The authors that show this picture, or ask to.
pub async fn wearers(on: &impl Conn, hash: &str) -> Result<Vec<AuthorId>> {
    let sql = "SELECT id FROM authors WHERE avatar = $1 \
               UNION SELECT author_id FROM author_changes WHERE avatar = $1 AND code IS NULL ORDER BY 1";
    on.column(sql, args![hash]).await
}

/// Newest first; ids grow with time.
pub async fn list(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Author>> {
    let sql = format!("SELECT {AUTHOR} FROM authors a WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2");
    on.all(&sql, args![from.id, limit as i64]).await
}

/// The same of those that nobody may write for; not those that were erased.
pub async fn ownerless(on: &impl Conn, from: Cursor, limit: usize) -> Result<Vec<Author>> {
    let sql = format!(
        "SELECT {AUTHOR} FROM authors a WHERE a.id < $1 AND (a.skeleton IS NULL OR a.skeleton <> '')
         AND NOT EXISTS (SELECT 1 FROM author_owners o WHERE o.author_id = a.id) ORDER BY a.id DESC LIMIT $2"
    );
    on.all(&sql, args![from.id, limit as i64]).await
}

/// How many are new: none where the user owns it already.
pub async fn add_owner(tx: &Tx, author: AuthorId, user: UserId) -> Result<u64> {
    let sql = "INSERT INTO author_owners (author_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    tx.exec(sql, args![author, user]).await
}

/// How many are gone.
pub async fn remove_owner(tx: &Tx, author: AuthorId, user: UserId) -> Result<u64> {
    tx.exec("DELETE FROM author_owners WHERE author_id = $1 AND user_id = $2", args![author, user]).await
}

/// What the owner owned.
pub async fn remove_owner_everywhere(tx: &Tx, user: UserId) -> Result<Vec<AuthorId>> {
    tx.column("DELETE FROM author_owners WHERE user_id = $1 RETURNING author_id", args![user]).await
}

pub async fn solely_owned_by(on: &impl Conn, user: UserId) -> Result<Vec<Author>> {
    let sql = format!(
        "SELECT {AUTHOR} FROM author_owners o JOIN authors a ON a.id = o.author_id WHERE o.user_id = $1
         AND NOT EXISTS (SELECT 1 FROM author_owners other WHERE other.author_id = o.author_id AND other.user_id <> $1)
         ORDER BY a.id"
    );
    on.all(&sql, args![user]).await
}

/// What became nothing goes; of what became an author, which is others' now, every word of theirs and of the reviewer to them.
pub async fn erase_applications(tx: &Tx, user: UserId) -> Result<()> {
    tx.exec("DELETE FROM applications WHERE user_id = $1 AND author_id IS NULL", args![user]).await?;
    let sql = "UPDATE applications SET handle = '', name = '', bio = '', reason = '', note = NULL WHERE user_id = $1";
    tx.exec(sql, args![user]).await.map(drop)
}

/// Takes from an author's row whatever tells who it was; what readers are shown of it goes with what was asked for.
pub async fn erase_author(tx: &Tx, id: AuthorId, handle: &Handle, name: &str) -> Result<()> {
    let sql = "UPDATE authors SET handle = $2, name = $3, name_key = $2, skeleton = '', bio = '', field = NULL, verified = $4, region = NULL,
               avatar = NULL, trusted = $4 WHERE id = $1";
    tx.exec(sql, args![id, handle.clone(), name, false]).await?;
    for sql in [
        "DELETE FROM author_owners WHERE author_id = $1",
        "DELETE FROM author_changes WHERE author_id = $1",
        "UPDATE applications SET author_id = NULL WHERE author_id = $1",
    ] {
        tx.exec(sql, args![id]).await?;
    }
    Ok(())
}

/// All of a user, newest first.
pub async fn applications_by(
    on: &impl Conn,
    user: UserId,
    from: Cursor,
    limit: usize,
) -> Result<Vec<Application>> {
    let sql = "SELECT * FROM applications WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    on.all(sql, args![user, from.id, limit as i64]).await
}

pub async fn owned_by(on: &impl Conn, user: UserId) -> Result<Vec<Author>> {
    let sql = format!(
        "SELECT {AUTHOR} FROM author_owners o JOIN authors a ON a.id = o.author_id WHERE o.user_id = $1 ORDER BY a.id"
    );
    on.all(&sql, args![user]).await
}

pub async fn owns(on: &impl Conn, user: UserId, author: AuthorId) -> Result<bool> {
    let sql = "SELECT user_id FROM author_owners WHERE user_id = $1 AND author_id = $2";
    Ok(on.scalar::<UserId>(sql, args![user, author]).await?.is_some())
}

pub async fn owners(on: &impl Conn, author: AuthorId) -> Result<Vec<UserId>> {
    on.column("SELECT user_id FROM author_owners WHERE author_id = $1 ORDER BY user_id", args![author]).await
}

/// `Error::Conflict("exists")` if the user has one open.
pub async fn insert_application(tx: &Tx, application: &Application) -> Result<()> {
    let sql = "INSERT INTO applications (id, user_id, handle, name, kind, bio, reason, state, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let a = application.clone();
    let args = args![a.id, a.user, a.handle, a.name, a.kind, a.bio, a.reason, a.state, a.created_at];
    tx.exec(sql, args).await.map(drop)
}

pub async fn application(on: &impl Conn, id: ApplicationId) -> Result<Option<Application>> {
    on.opt("SELECT * FROM applications WHERE id = $1", args![id]).await
}

/// The user's latest.
pub async fn application_of(on: &impl Conn, user: UserId) -> Result<Option<Application>> {
    on.opt("SELECT * FROM applications WHERE user_id = $1 ORDER BY id DESC LIMIT 1", args![user]).await
}

/// Newest first.
pub async fn applications(
    on: &impl Conn,
    state: Option<State>,
    from: Cursor,
    limit: usize,
) -> Result<Vec<Application>> {
    let mut args = args![from.id, limit as i64];
    let filter = match state {
        Some(state) => {
            args.push(state.into());
            "AND state = $3"
        }
        None => "",
    };
    let sql = format!("SELECT * FROM applications WHERE id < $1 {filter} ORDER BY id DESC LIMIT $2");
    on.all(&sql, args).await
}

pub async fn open_applications(on: &impl Conn) -> Result<i64> {
    Ok(on.scalar("SELECT COUNT(*) FROM applications WHERE state = 'open'", vec![]).await?.unwrap_or(0))
}

/// Writes down a decision, unless there is one: of two reviewers one is first. `None` for the second.
pub async fn decide(tx: &Tx, decided: &Decided<'_>) -> Result<Option<Application>> {
    let sql = "UPDATE applications SET state = $2, code = $3, note = $4, decided_by = $5, decided_at = $6
               WHERE id = $1 AND state = 'open' RETURNING *";
    let Decided { id, state, code, note, by, at } = *decided;
    tx.opt(sql, args![id, state, code.map(str::to_owned), note.map(str::to_owned), by, at]).await
}

pub struct Decided<'a> {
    pub id: ApplicationId,
    pub state: State,
    pub code: Option<&'a str>,
    pub note: Option<&'a str>,
    pub by: UserId,
    pub at: Time,
}

pub async fn set_author(tx: &Tx, id: ApplicationId, author: AuthorId) -> Result<()> {
    tx.exec("UPDATE applications SET author_id = $2 WHERE id = $1", args![id, author]).await.map(drop)
}
