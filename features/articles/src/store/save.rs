//! Writing and removing whole articles.

use db::{Conn, Tx, args, rows};
use kernel::{ArticleId, AuthorId, Result};

use super::{declarations, pictures};
use crate::model::Article;

/// Writes a whole article anew: its columns, body and tags. The caller has worked out what they are.
pub async fn save(tx: &Tx, article: &Article) -> Result<()> {
    save_all(tx, std::slice::from_ref(article), true).await
}

/// Writes articles in few statements. `replace` overwrites rows of the same id.
pub async fn save_all(tx: &Tx, articles: &[Article], replace: bool) -> Result<()> {
    const COLUMNS: [&str; 28] = [
        "id",
        "author_id",
        "channel",
        "state",
        "version",
        "latest",
        "pending",
        "title",
        "subtitle",
        "excerpt",
        "language",
        "covers",
        "declarations",
        "source_name",
        "source_url",
        "canonical_url",
        "place",
        "region",
        "reading_minutes",
        "created_at",
        "updated_at",
        "publish_at",
        "published_at",
        "edited_at",
        "return_code",
        "return_note",
        "retract_code",
        "external_id",
    ];
    let mut values = Vec::with_capacity(articles.len() * COLUMNS.len());
    for a in articles {
        let d = &a.draft;
        values.extend(args![
            a.id,
            a.author,
            d.channel.clone(),
            a.state.name(),
            a.version,
            a.latest,
            a.pending,
            d.title.clone(),
            d.subtitle.clone(),
            a.excerpt.clone(),
            a.language.clone(),
            d.covers.join(","),
            declarations(d),
            d.source_name.clone(),
            d.source_url.clone(),
            d.canonical_url.clone(),
            a.place.clone(),
            d.region.clone(),
            a.reading_minutes,
            a.created_at,
            a.updated_at,
            a.publish_at,
            a.published_at,
            a.edited_at,
            a.return_code.clone(),
            a.return_note.clone(),
            a.retract_code.clone(),
            a.external_id.clone(),
        ]);
    }
    let overwrite = |columns: &[&str]| {
        columns.iter().map(|c| format!("{c} = excluded.{c}")).collect::<Vec<_>>().join(", ")
    };
    let on_conflict = if replace {
        format!(" ON CONFLICT (id) DO UPDATE SET {}", overwrite(&COLUMNS[1..]))
    } else {
        String::new()
    };
    let sql = format!(
        "INSERT INTO articles ({}) VALUES {}{on_conflict}",
        COLUMNS.join(", "),
        rows(articles.len(), COLUMNS.len())
    );
    tx.exec(&sql, values).await?;

    let mut values = Vec::with_capacity(articles.len() * 4);
    for a in articles {
        values.extend(args![a.id, a.draft.format.name(), a.draft.body.clone(), a.html.clone()]);
    }
    let on_conflict = if replace {
        " ON CONFLICT (article_id) DO UPDATE SET format = excluded.format, source = excluded.source, html = excluded.html"
    } else {
        ""
    };
    let sql = format!(
        "INSERT INTO article_bodies (article_id, format, source, html) VALUES {}{on_conflict}",
        rows(articles.len(), 4)
    );
    tx.exec(&sql, values).await?;

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
