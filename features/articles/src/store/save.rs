//! Writing and removing whole articles.

use db::{Conn, Tx, Value, args, rows};
use kernel::{ArticleId, AuthorId, Result};

use super::columns::{ArticleColumns, BodyColumns};
use super::pictures;
use crate::model::Article;

/// Writes a whole article anew: its columns, body and tags. The caller has worked out what they are.
pub async fn save(tx: &Tx, article: &Article) -> Result<()> {
    save_all(tx, std::slice::from_ref(article), true).await
}

/// Writes articles in few statements. `replace` overwrites rows of the same id.
pub async fn save_all(tx: &Tx, articles: &[Article], replace: bool) -> Result<()> {
    insert(tx, "articles", ArticleColumns::NAMES, articles.iter().map(ArticleColumns::values), replace)
        .await?;
    insert(tx, "article_bodies", BodyColumns::NAMES, articles.iter().map(BodyColumns::values), replace)
        .await?;

    if replace {
        for a in articles {
            tx.exec("DELETE FROM article_tags WHERE article_id = $1", args![a.id]).await?;
        }
    }
    let mut values = Vec::new();
    for a in articles {
        let published = a.published_at.filter(|_| a.state.is_visible()).unwrap_or_default();
        for (position, tag) in a.draft.tags.iter().enumerate() {
            values.extend(args![a.id, tag.folded(), tag.clone(), position as i64, published]);
        }
    }
    for article in articles {
        pictures::save(tx, article, !replace).await?;
    }
    // Imported articles may have any number; few parameters a statement are quick (see `import.rs`).
    for part in values.chunks(100 * 5) {
        let sql = format!(
            "INSERT INTO article_tags (article_id, folded, tag, position, published_at) VALUES {}",
            rows(part.len() / 5, 5)
        );
        tx.exec(&sql, part.to_vec()).await?;
    }
    Ok(())
}

/// One statement for all rows; the first column is the key.
async fn insert(
    tx: &Tx,
    table: &str,
    columns: &[&str],
    values: impl ExactSizeIterator<Item = Vec<Value>>,
    replace: bool,
) -> Result<()> {
    let on_conflict = if replace {
        let overwrite: Vec<_> = columns[1..].iter().map(|c| format!("{c} = excluded.{c}")).collect();
        format!(" ON CONFLICT ({}) DO UPDATE SET {}", columns[0], overwrite.join(", "))
    } else {
        String::new()
    };
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES {}{on_conflict}",
        columns.join(", "),
        rows(values.len(), columns.len())
    );
    tx.exec(&sql, values.flatten().collect()).await.map(drop)
}

/// Removes an article and all that belongs to it; its author has room for others.
pub async fn delete(tx: &Tx, author: AuthorId, id: ArticleId) -> Result<()> {
    let sql = "UPDATE author_usage SET revisions = revisions - (SELECT COUNT(*) FROM revisions WHERE article_id = $2), \
               bytes = bytes - (SELECT CAST(COALESCE(SUM(OCTET_LENGTH(content)), 0) AS BIGINT) FROM revisions WHERE article_id = $2) \
               WHERE author_id = $1";
    tx.exec(sql, args![author, id]).await?;
    for table in ["article_pictures", "article_pictures_due", "article_tags", "article_bodies", "revisions"] {
        tx.exec(&format!("DELETE FROM {table} WHERE article_id = $1"), args![id]).await?;
    }
    tx.exec("DELETE FROM articles WHERE id = $1", args![id]).await.map(drop)
}
