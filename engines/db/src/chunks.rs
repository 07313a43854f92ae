//! Lists of any length in statements that take only so many parameters.

use kernel::Result;
use sea_orm::{FromQueryResult, Value};

use crate::{Conn, placeholders};

/// So many entries of a list go into one statement. SQLite takes 32,766 parameters, and looks each up by walking a list of them.
pub const CHUNK: usize = 1_000;

/// The rows of a statement that looks up by a list: `sql` is given the placeholders of the list (`IN ({placeholders})`), or for a part of it, and
/// `before` are the parameters in front of them. Nothing is asked for an empty list. Rows come part by part: an order is that of each part.
pub async fn all_in<T, I>(
    on: &impl Conn,
    before: Vec<Value>,
    list: &[I],
    sql: impl Fn(&str) -> String,
) -> Result<Vec<T>>
where
    T: FromQueryResult + Send,
    I: Copy + Into<Value>,
{
    let mut all = Vec::new();
    for part in list.chunks(CHUNK) {
        let sql = sql(&placeholders(before.len() + 1, part.len()));
        let args = before.iter().cloned().chain(part.iter().map(|&one| one.into())).collect();
        let mut rows = on.all(&sql, args).await?;
        // Nearly always there is one part.
        if all.is_empty() { all = rows } else { all.append(&mut rows) }
    }
    Ok(all)
}
