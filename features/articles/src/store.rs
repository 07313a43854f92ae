//! The only SQL that names the tables of articles. Their columns are listed in `store/columns.rs`; writing whole ones is in `store/save.rs`, what was saved in `store/revisions.rs`,
//! channels in `store/channels.rs`, the newest of many tags or channels in `store/newest.rs`.

pub mod channels;
mod columns;
pub mod erase;
pub mod newest;
mod pictures;
mod revisions;
mod save;

use db::{CHUNK, Conn, FromQueryResult, Tx, all_in, args, placeholders};
use kernel::{ArticleId, AuthorId, Cursor, Error, Markup, Result, Slug, Tag, Time};

use crate::body::Body;
use crate::draft::{Declaration, Draft};
use crate::model::{Article, Card, Document, Listed, State, Summary};

use columns::{ArticleColumns, BodyColumns, Named, Stored, Words, split};

pub use pictures::{
    authors_keeping, claim, hashes, make_due, pictures_of, save_draft as save_draft_pictures, showing, uses,
};
pub use revisions::{add_revision, mark_sent, revision, thin};
pub use save::{delete, save, save_all};

/// [`State::is_visible`] for SQL; `a` is the articles table.
const VISIBLE: &str = "a.state = 'live'";

db::row! {
    const CARD: Card as "a" {
        id => id,
        author_id => author,
        channel => channel,
        title => title,
        subtitle => subtitle,
        excerpt => excerpt,
        language => language,
        covers => covers as Words,
        declarations => declarations as Words,
        published_at => published_at,
        edited_at => edited_at,
    }
}

db::row! {
    const LISTED: Listed as "a" {
        id => id,
        author_id => author,
        published_at => published_at,
    }
}

/// What a list of visible articles is made of.
pub trait Entry: FromQueryResult + Send {
    const COLUMNS: &str;
    /// Lists are sorted by it, the newest first.
    fn place(&self) -> (Time, ArticleId);
}

impl Entry for Card {
    const COLUMNS: &str = CARD;

    fn place(&self) -> (Time, ArticleId) {
        (self.published_at, self.id)
    }
}

impl Entry for Listed {
    const COLUMNS: &str = LISTED;

    fn place(&self) -> (Time, ArticleId) {
        (self.published_at, self.id)
    }
}

/// Which visible articles a list holds.
pub enum Which<'a> {
    All,
    Channel(&'a Slug),
    /// Of these, what came out since.
    Authors(&'a [AuthorId], Time),
    Tag(&'a str),
}

/// Visible articles, newest first, from `from` on.
pub async fn list<T: Entry>(on: &impl Conn, which: &Which<'_>, from: Cursor, limit: usize) -> Result<Vec<T>> {
    let Which::Authors(ids, since) = which else { return part_of(on, which, from, limit).await };
    // The newest of many are among the newest of each part of them.
    let mut entries: Vec<T> = Vec::new();
    for part in ids.chunks(CHUNK) {
        entries.append(&mut part_of(on, &Which::Authors(part, *since), from, limit).await?);
    }
    if ids.len() > CHUNK {
        entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.place()));
        entries.truncate(limit);
    }
    Ok(entries)
}

/// The same of no more authors than one statement takes.
async fn part_of<T: Entry>(on: &impl Conn, which: &Which<'_>, from: Cursor, limit: usize) -> Result<Vec<T>> {
    let mut args = args![from.key, from.id, limit as i64];
    let (time, filter) = match which {
        Which::All => ("a.published_at", String::new()),
        Which::Channel(slug) => {
            args.push((*slug).clone().into());
            ("a.published_at", "AND a.channel = $4".to_owned())
        }
        Which::Authors(ids, since) => {
            args.push((*since).into());
            args.extend(ids.iter().map(|&id| id.into()));
            let filter =
                format!("AND a.published_at >= $4 AND a.author_id IN ({})", placeholders(5, ids.len()));
            ("a.published_at", filter)
        }
        Which::Tag(folded) => {
            args.push((*folded).into());
            ("t.published_at", "AND t.folded = $4".to_owned())
        }
    };
    let (source, id) = match which {
        Which::Tag(_) => ("article_tags t JOIN articles a ON a.id = t.article_id", "t.article_id"),
        _ => ("articles a", "a.id"),
    };
    let columns = T::COLUMNS;
    let sql = format!(
        "SELECT {columns} FROM {source} WHERE {VISIBLE} {filter} AND ({time}, {id}) < ($1, $2) ORDER BY {time} DESC, {id} DESC LIMIT $3"
    );
    on.all(&sql, args).await
}

pub async fn cards(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<Card>> {
    let sql = |placeholders: &str| {
        format!("SELECT {CARD} FROM articles a WHERE a.id IN ({placeholders}) AND {VISIBLE}")
    };
    all_in(on, args![], ids, sql).await
}

/// The newest visible original articles of a channel, at most `each`.
pub async fn originals(on: &impl Conn, channel: &Slug, each: usize) -> Result<Vec<Card>> {
    let sql = format!(
        "SELECT {CARD} FROM articles a WHERE {VISIBLE} AND a.channel = $1 AND a.declarations LIKE '%original%' \
         ORDER BY a.published_at DESC, a.id DESC LIMIT $2"
    );
    on.all(&sql, args![channel.clone(), each as i64]).await
}

pub async fn find(on: &impl Conn, id: ArticleId) -> Result<Option<Article>> {
    let sql = format!(
        "SELECT {}, {} FROM articles a JOIN article_bodies b ON b.article_id = a.id WHERE a.id = $1",
        ArticleColumns::SELECT,
        BodyColumns::SELECT
    );
    let Some(Stored(mut article)) = on.opt(&sql, args![id]).await? else { return Ok(None) };
    article.draft.tags =
        on.column("SELECT tag FROM article_tags WHERE article_id = $1 ORDER BY position", args![id]).await?;
    Ok(Some(article))
}

fn state(name: &str) -> Result<State> {
    State::named(name).ok_or_else(|| Error::internal(format!("stored state {name}")))
}

db::row! {
    const SUMMARY: Summary as "a" {
        id => id,
        author_id => author,
        channel => channel,
        state => state as Named,
        pending => pending,
        title => title,
        language => language,
        updated_at => updated_at,
        publish_at => publish_at,
        published_at => published_at,
        return_code => return_code,
    }
}

/// Rows for tables: of one author or in one state, last changed first; or waiting for review, first come first.
pub async fn summaries(on: &impl Conn, filter: &Filter, from: Cursor, limit: usize) -> Result<Vec<Summary>> {
    let mut args = args![from.key, from.id, limit as i64];
    let waiting = matches!(filter, Filter::Waiting);
    let written;
    let filter = match filter {
        Filter::Author(author, None) => {
            args.push((*author).into());
            "a.author_id = $4"
        }
        Filter::Author(author, Some(state)) => {
            args.extend(args![*author, state.name()]);
            "a.author_id = $4 AND a.state = $5"
        }
        Filter::State(state) => {
            // Written out: what a parameter holds leads SQLite to no index of part of the table.
            let only = if state.is_visible() { "" } else { " AND a.state <> 'live'" };
            written = format!("a.state = '{}'{only}", state.name());
            &written
        }
        Filter::Waiting => WAITING,
        Filter::Text(author, text) => {
            let mut filter = "1 = 1".to_owned();
            if let Some(author) = author {
                args.push((*author).into());
                filter.push_str(" AND a.author_id = $4");
            } else {
                filter.push_str(" AND a.state <> 'draft'");
            }
            // Everybody's live articles have an index for their texts; here their titles must do.
            let bodies = if author.is_some() { "" } else { "a.state <> 'live' AND " };
            for word in text.split_whitespace().take(WORDS) {
                args.push(like(word).into());
                filter.push_str(&format!(
                    " AND (LOWER(a.title) LIKE ${n} ESCAPE '!' OR {bodies}EXISTS (SELECT 1 FROM article_bodies b \
                     WHERE b.article_id = a.id AND LOWER(b.source) LIKE ${n} ESCAPE '!'))",
                    n = args.len()
                ));
            }
            written = filter;
            &written
        }
    };
    let (after, order) = if waiting { (">", "ASC") } else { ("<", "DESC") };
    let sql = format!(
        "SELECT {SUMMARY} FROM articles a WHERE {filter} AND (a.updated_at, a.id) {after} ($1, $2) \
         ORDER BY a.updated_at {order}, a.id {order} LIMIT $3"
    );
    on.all(&sql, args).await
}

/// Those of `ids`, in any state and order.
pub async fn summaries_of(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<Summary>> {
    all_in(on, args![], ids, |placeholders| {
        format!("SELECT {SUMMARY} FROM articles a WHERE a.id IN ({placeholders})")
    })
    .await
}

pub enum Filter {
    Author(AuthorId, Option<State>),
    State(State),
    /// Submitted, or live with changes that wait.
    Waiting,
    /// With all words of a text in title or body: of an author in any state, or everybody's but what was never sent in.
    Text(Option<AuthorId>, String),
}

/// Words of a search that are looked for; the rest is not.
const WORDS: usize = 8;

/// A pattern for text that has `word` somewhere, whatever signs it has.
fn like(word: &str) -> String {
    let mut pattern = "%".to_owned();
    for c in word.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern + "%"
}

const WAITING: &str = "(a.state = 'submitted' OR a.pending)";

pub async fn count_waiting(on: &impl Conn) -> Result<i64> {
    let sql = format!("SELECT COUNT(*) FROM articles a WHERE {WAITING}");
    Ok(on.scalar(&sql, vec![]).await?.unwrap_or(0))
}

#[derive(FromQueryResult)]
struct CountRow {
    id: i64,
    n: i64,
}

pub async fn counts_by_author(on: &impl Conn, ids: &[AuthorId]) -> Result<Vec<(AuthorId, i64)>> {
    // The time leads SQLite to the index that has all it takes.
    let rows: Vec<CountRow> = all_in(on, args![i64::MIN], ids, |placeholders| {
        format!(
            "SELECT a.author_id AS id, COUNT(*) AS n FROM articles a \
             WHERE {VISIBLE} AND a.published_at >= $1 AND a.author_id IN ({placeholders}) GROUP BY a.author_id"
        )
    })
    .await?;
    Ok(rows.into_iter().map(|row| (AuthorId::new(row.id), row.n)).collect())
}

#[derive(FromQueryResult)]
struct StateRow {
    state: String,
    n: i64,
}

pub async fn counts_by_state(on: &impl Conn, author: AuthorId) -> Result<Vec<(State, i64)>> {
    let sql = "SELECT a.state, COUNT(*) AS n FROM articles a WHERE a.author_id = $1 GROUP BY a.state";
    let rows: Vec<StateRow> = on.all(sql, args![author]).await?;
    rows.into_iter().map(|row| Ok((state(&row.state)?, row.n))).collect()
}

#[derive(FromQueryResult)]
struct TagRow {
    article_id: ArticleId,
    tag: Tag,
}

pub async fn tags_of(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<(ArticleId, Tag)>> {
    let rows: Vec<TagRow> = all_in(on, args![], ids, |placeholders| {
        format!(
            "SELECT article_id, tag FROM article_tags WHERE article_id IN ({placeholders}) ORDER BY article_id, position"
        )
    })
    .await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row.tag)).collect())
}

#[derive(FromQueryResult)]
struct CanonicalRow {
    id: ArticleId,
    canonical_url: String,
}

pub async fn canonical_addresses(on: &impl Conn, ids: &[ArticleId]) -> Result<Vec<(ArticleId, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT a.id, a.canonical_url FROM articles a WHERE a.canonical_url IS NOT NULL AND a.id IN ({})",
        placeholders(1, ids.len())
    );
    let rows: Vec<CanonicalRow> = on.all(&sql, ids.iter().map(|&id| id.into()).collect()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.canonical_url)).collect())
}

#[derive(FromQueryResult)]
struct DocumentRow {
    id: ArticleId,
    author_id: AuthorId,
    channel: Slug,
    language: String,
    title: String,
    subtitle: Option<String>,
    declarations: String,
    html: Markup,
    published_at: Time,
}

/// Visible articles with their text: those in `ids`, or the next `limit` after an id.
pub async fn documents(on: &impl Conn, part: Part<'_>) -> Result<Vec<Document>> {
    let sql = |filter: &str| {
        format!(
            "SELECT a.id, a.author_id, a.channel, a.language, a.title, a.subtitle, a.declarations, a.published_at, b.html \
             FROM articles a JOIN article_bodies b ON b.article_id = a.id WHERE {VISIBLE} {filter}"
        )
    };
    let rows: Vec<DocumentRow> = match part {
        Part::Ids(ids) => {
            all_in(on, args![], ids, |placeholders| sql(&format!("AND a.id IN ({placeholders})"))).await?
        }
        Part::After(id, limit) => {
            on.all(&sql("AND a.id > $1 ORDER BY a.id LIMIT $2"), args![id, limit as i64]).await?
        }
    };
    let ids: Vec<ArticleId> = rows.iter().map(|row| row.id).collect();
    let mut tags = std::collections::HashMap::<ArticleId, Vec<Tag>>::new();
    for (id, tag) in tags_of(on, &ids).await? {
        tags.entry(id).or_default().push(tag);
    }
    let document = |row: DocumentRow| Document {
        id: row.id,
        author: row.author_id,
        channel: row.channel,
        language: row.language,
        title: row.title,
        subtitle: row.subtitle,
        kinds: {
            let holds = Document::HOLDS.iter().filter(|(_, mark)| row.html.as_str().contains(mark));
            let declares = split(&row.declarations).filter_map(Declaration::named).map(Declaration::name);
            holds.map(|(kind, _)| *kind).chain(declares).collect()
        },
        text: row.html.text(),
        tags: tags.remove(&row.id).unwrap_or_default(),
        published_at: row.published_at,
    };
    Ok(rows.into_iter().map(document).collect())
}

pub enum Part<'a> {
    Ids(&'a [ArticleId]),
    After(ArticleId, usize),
}

/// Takes the row for this write, so that two that change one article take turns (PostgreSQL; on SQLite they do anyway).
pub async fn lock(tx: &Tx, id: ArticleId) -> Result<()> {
    if tx.is_postgres() {
        tx.scalar::<i64>("SELECT id FROM articles WHERE id = $1 FOR UPDATE", args![id]).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct ScheduledRow {
    id: ArticleId,
    publish_at: Time,
}

/// What is to come out, and when.
pub async fn scheduled(on: &impl Conn) -> Result<Vec<(ArticleId, Time)>> {
    // That they are not live leads SQLite to the index of what is not.
    let sql = "SELECT id, publish_at FROM articles WHERE state = 'scheduled' AND state <> 'live' AND publish_at IS NOT NULL ORDER BY id";
    let rows: Vec<ScheduledRow> = on.all(sql, args![]).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.publish_at)).collect())
}

#[derive(FromQueryResult)]
struct KnownRow {
    external_id: String,
    id: ArticleId,
}

/// Which of these outside ids are here already, and as what.
pub async fn known(on: &impl Conn, external: &[String]) -> Result<Vec<(String, ArticleId)>> {
    let external: Vec<&str> = external.iter().map(String::as_str).collect();
    let sql = |placeholders: &str| {
        format!("SELECT external_id, id FROM articles WHERE external_id IN ({placeholders})")
    };
    let rows: Vec<KnownRow> = all_in(on, args![], &external, sql).await?;
    Ok(rows.into_iter().map(|row| (row.external_id, row.id)).collect())
}

pub async fn by_external(on: &impl Conn, external: &str) -> Result<Option<ArticleId>> {
    on.scalar("SELECT id FROM articles WHERE external_id = $1", args![external]).await
}

impl Article {
    /// Takes over what `draft` says, as rendered in `body`.
    pub(crate) fn show(&mut self, draft: Draft, body: Body, version: i64) {
        self.html = body.html;
        self.excerpt = body.excerpt;
        self.language = body.language;
        self.reading_minutes = body.reading_minutes;
        self.version = version;
        self.draft = draft;
    }
}
