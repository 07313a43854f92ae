//! `/article/{id}`, the page that everything else serves.

use axum::extract::State;
use kernel::{ArticleId, CommentId, Error};
use serde::Deserialize;
use web::render::ArticleText;
use web::{CachePolicy, CacheTag, Edition, Path, Query, RequestContext};

use super::KEEP;
use crate::compose::{author_ref, picked, plain, preview, tags_of};
use crate::picks::topic_ref;
use crate::views::article::{Article as Text, ArticlePage};
use crate::{Answer, Site};

const RELATED: usize = 10;

#[derive(Default, Deserialize)]
pub struct Asks {
    /// The comment to answer.
    reply: Option<CommentId>,
}

pub async fn show(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<ArticleId>,
    Query(asks): Query<Asks>,
) -> Answer {
    let locale = context.variant.locale;
    let mut article = site.articles.get_visible(id).await?;
    if context.variant.edition == Edition::Care {
        article.html = article.html.without_motion();
    }
    let facts = site.author_facts(article.author).await?;
    let author = &facts.author;
    let blocks = site.shared_blocks(locale).await?;
    let drawn = site.drawn_blocks(&context, &blocks).await?;
    let unwanted = site.unwanted(&context.rendered_for).await?;
    let shown = site.blocks_but(&context, &blocks, drawn, &unwanted).await?;
    let related = site.related.of(id, RELATED).await?;
    let archive = facts.archive(id);
    let lists = [picked(&related), plain(&archive)];
    let mut tags: Vec<CacheTag> = lists.iter().flat_map(|list| tags_of(list)).collect();
    tags.extend(tags_of(&plain(&blocks.ids)));
    tags.extend(blocks.placed());
    tags.extend([
        CacheTag::Article(id),
        CacheTag::Related(id),
        CacheTag::Thread(id),
        CacheTag::Author(author.id),
        CacheTag::Followers(author.id),
        CacheTag::NewOfAuthor(author.id),
    ]);
    let counted: Vec<ArticleId> = lists.iter().flatten().map(|entry| entry.card.id).chain([id]).collect();
    let counts = site.comments.counts(&counted).await?;
    let total = counts.get(&id).copied().unwrap_or(0);
    let mut done = site.card_lists_with(&lists, &counts, locale).await?.into_iter();
    let channel = article.draft.channel.clone().ok_or(Error::NotFound)?;
    let topics = site.editorial.topics_of(id).await?;
    let (thread, spoken) = site.thread(&context, (id, author.id), total, asks.reply, &facts.owners).await?;
    tags.extend(spoken);
    let view = ArticlePage {
        topics: topics.iter().map(|topic| topic_ref(topic, locale)).collect(),
        actions: site.actions(&context.rendered_for, id, author).await?,
        thread,
        related: unwanted.list_of(done.next().unwrap_or_default()),
        archive: done.next().unwrap_or_default(),
        hot: shown.hot_without(id),
        hot_why: shown.hot_why.clone(),
        headlines: shown.headlines.clone(),
        features: shown.features.clone(),
        author: facts.card(site.follow_of(&context.rendered_for, author).await?),
        article: Text {
            id,
            channel: site.channel_ref(&channel, locale).await?.ok_or(Error::NotFound)?,
            author: author_ref(author),
            covers: site.previews(&article.draft.covers).await?,
            excerpt: article.excerpt,
            published: Some(article.published_at.unwrap_or(article.created_at))
                .filter(|at| at.is_publication()),
            updated: article.edited_at,
            region: article.draft.region.clone(),
            place: article.place,
            reading: article.reading_minutes,
            text: ArticleText::new(article.draft, article.html, article.language),
        },
    };
    if let Some(user) = context.rendered_for.user().filter(|_| context.navigates && !view.actions.follow.own)
    {
        site.reads.record(id, reads::visitor(context.network, &context.agent));
        site.for_you.read(user.id, id);
    }
    let policy = CachePolicy { tags, keep: KEEP, reads: Some(id) };
    Ok(site.frame.shared(&context, &view, policy).await?)
}

impl Site {
    async fn previews(&self, hashes: &[String]) -> kernel::Result<Vec<crate::views::parts::Cover>> {
        let pictures = self.media.get_many(&hashes.iter().map(String::as_str).collect::<Vec<_>>()).await?;
        Ok(hashes.iter().filter_map(|hash| pictures.get(hash)).map(preview).collect())
    }
}
