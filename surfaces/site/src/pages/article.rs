//! `/article/{id}`, the page that everything else serves, and all its comments.

use articles::Article;
use axum::extract::State;
use comments::Sort;
use kernel::{ArticleId, CommentId, Cursor, Error, UserId};
use serde::Deserialize;
use web::{Edition, Path, Query, Shown, Shows, Visit};

use super::{From, KEEP};
use crate::compose::{author_ref, declarations, picked, plain, preview, shown};
use crate::picks::topic_ref;
use crate::slots::floors;
use crate::views::article::{Article as Text, ArticlePage, Source};
use crate::views::comments::{CommentsPage, Thread};
use crate::{Answer, Site};

const RELATED: usize = 10;
const HOT_COMMENTS: usize = 5;
const NEW_COMMENTS: usize = 20;
const COMMENTS: usize = 50;

#[derive(Default, Deserialize)]
pub struct Asks {
    /// The comment to answer.
    reply: Option<CommentId>,
}

pub async fn show(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<ArticleId>,
    Query(asks): Query<Asks>,
) -> Answer {
    let locale = visit.variant.locale;
    let mut article = site.articles.get_visible(id).await?;
    if visit.variant.edition == Edition::Care {
        article.html = article.html.without_motion();
    }
    let facts = site.author_facts(article.author).await?;
    let author = &facts.author;
    let blocks = site.shared_blocks(locale).await?;
    let drawn = site.drawn_blocks(&visit, &blocks).await?;
    let related = site.related.of(id, RELATED).await?;
    let archive = facts.archive(id);
    let lists = [picked(&related), plain(&archive)];
    let mut things: Vec<Shown> = lists.iter().flat_map(|list| shown(list)).collect();
    things.extend(shown(&plain(&blocks.ids)));
    things.extend(blocks.placed());
    things.extend([
        Shown::Article(id),
        Shown::Related(id),
        Shown::Thread(id),
        Shown::Author(author.id),
        Shown::Followers(author.id),
        Shown::NewOfAuthor(author.id),
    ]);
    let counted: Vec<ArticleId> = lists.iter().flatten().map(|entry| entry.card.id).chain([id]).collect();
    let counts = site.comments.counts(&counted).await?;
    let total = counts.get(&id).copied().unwrap_or(0);
    let mut done = site.card_lists_with(&lists, &counts, locale).await?.into_iter();
    let channel = article.draft.channel.clone().ok_or(Error::NotFound)?;
    let topics = site.editorial.topics_of(id).await?;
    let view = ArticlePage {
        topics: topics.iter().map(|topic| topic_ref(topic, locale)).collect(),
        actions: site.actions(&visit.face, id, author).await?,
        thread: site.thread(&visit, id, total, asks.reply, &facts.owners).await?,
        related: done.next().unwrap_or_default(),
        archive: done.next().unwrap_or_default(),
        hot: drawn.hot_without(id),
        headlines: drawn.headlines.clone(),
        features: drawn.features.clone(),
        author: facts.card(site.follow_of(&visit.face, author).await?),
        article: Text {
            channel: site.channel_ref(&channel, locale).await?.ok_or(Error::NotFound)?,
            author: author_ref(author),
            covers: site.previews(&article.draft.covers).await?,
            ..text(article)
        },
    };
    if let Some(user) = visit.face.user().filter(|_| !view.actions.follow.own) {
        site.reads.record(id, recommend::visitor(visit.network, &visit.agent));
        site.for_you.read(user.id, id);
    }
    let shows = Shows { things, keep: KEEP, reads: Some(id) };
    Ok(site.frame.shared(&visit, &view, shows).await?)
}

/// What the article itself says; channel, author and covers are filled in by the caller.
fn text(article: Article) -> Text {
    let draft = article.draft;
    Text {
        id: article.id,
        title: draft.title,
        subtitle: draft.subtitle,
        excerpt: article.excerpt,
        language: article.language,
        html: article.html.into(),
        author: crate::views::parts::AuthorRef {
            name: String::new(),
            handle: String::new(),
            verified: false,
        },
        channel: crate::views::parts::ChannelRef { slug: String::new(), name: String::new() },
        tags: draft.tags.iter().map(ToString::to_string).collect(),
        published: article.published_at.unwrap_or(article.created_at),
        updated: article.edited_at,
        region: draft.region,
        place: article.place,
        reading: article.reading_minutes,
        declarations: declarations(&draft.declarations),
        source: draft.source_name.map(|name| Source { name, url: draft.source_url }),
        canonical: draft.canonical_url,
        covers: Vec::new(),
    }
}

impl Site {
    async fn previews(&self, hashes: &[String]) -> kernel::Result<Vec<crate::views::parts::Cover>> {
        let pictures = self.media.get_many(&hashes.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        Ok(hashes.iter().filter_map(|hash| pictures.get(hash)).map(preview).collect())
    }

    async fn thread(
        &self,
        visit: &Visit,
        id: ArticleId,
        total: i64,
        reply: Option<CommentId>,
        owners: &[UserId],
    ) -> kernel::Result<Thread> {
        // A handful of comments needs no choice of the best.
        let mut hot = Vec::new();
        if total > HOT_COMMENTS as i64 {
            hot = self.comments.thread(id, Sort::Hot, Cursor::START, HOT_COMMENTS).await?.items;
            hot.retain(|floor| floor.comment.likes > 0);
        }
        let new = if total == 0 {
            kernel::Page::default()
        } else {
            self.comments.thread(id, Sort::New, Cursor::START, NEW_COMMENTS).await?
        };
        let all = new.next.map(|_| format!("/article/{id}/comments"));
        Ok(Thread {
            article: id,
            total,
            hot: floors(hot, owners),
            new: floors(new.items, owners),
            all,
            mine: self.my_comments(&visit.face, id, reply).await?,
        })
    }
}

#[derive(Default, Deserialize)]
pub struct Sorted {
    #[serde(default)]
    sort: String,
    #[serde(flatten)]
    from: From,
    reply: Option<CommentId>,
}

pub async fn comments(
    State(site): State<Site>,
    visit: Visit,
    Path(id): Path<ArticleId>,
    Query(asks): Query<Sorted>,
) -> Answer {
    let article = site.articles.get_visible(id).await?;
    let (sort, name) = if asks.sort == "hot" { (Sort::Hot, "hot") } else { (Sort::New, "new") };
    let page = site.comments.thread(id, sort, asks.from.cursor(), COMMENTS).await?;
    let pager = asks.from.pager(&format!("/article/{id}/comments?sort={name}"), &page);
    let owners = site.authors.owners(article.author).await?;
    let view = CommentsPage {
        article: id,
        total: site.comments.counts(&[id]).await?.get(&id).copied().unwrap_or(0),
        title: article.draft.title,
        language: article.language,
        sort: name,
        floors: floors(page.items, &owners),
        mine: site.my_comments(&visit.face, id, asks.reply).await?,
        pager,
    };
    // What the author's owners say is marked, and owners change.
    let things = vec![Shown::Article(id), Shown::Thread(id), Shown::Author(article.author)];
    let shows = Shows { things, keep: KEEP, reads: None };
    Ok(site.frame.shared(&visit, &view, shows).await?)
}
