//! From what the features know to what the API shows.

use std::collections::HashMap;

use articles::Declaration;
use kernel::{ArticleId, AuthorId, Error, Result, UserId};
use media::Picture;
use recommend::Picked;

use crate::Api;
use crate::view;

impl Api {
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.frame.setup().url)
    }

    /// Articles that were chosen, with the reason.
    pub async fn picked(&self, picked: Vec<Picked>) -> Result<Vec<view::Card>> {
        let (cards, why): (Vec<_>, Vec<_>) = picked.into_iter().map(|p| (p.card, p.why.code())).unzip();
        let cards = self.cards(cards).await?.into_iter().zip(why);
        Ok(cards.map(|(card, why)| view::Card { why: Some(why), ..card }).collect())
    }

    /// Cards with all they name, each at its place.
    pub async fn cards(&self, cards: Vec<articles::Card>) -> Result<Vec<view::Card>> {
        let ids: Vec<ArticleId> = cards.iter().map(|card| card.id).collect();
        let (authors, pictures, comments) = tokio::try_join!(
            self.bylines(cards.iter().map(|card| card.author)),
            self.pictures(cards.iter().flat_map(|card| &card.covers)),
            self.comments.counts(&ids),
        )?;
        let card = |card: articles::Card| {
            let author = authors.get(&card.author).cloned();
            Ok(view::Card {
                id: card.id,
                url: self.address(&format!("/article/{}", card.id)),
                title: card.title,
                subtitle: card.subtitle,
                excerpt: card.excerpt,
                language: card.language,
                author: author.ok_or_else(|| Error::internal("an article without its author"))?,
                channel: card.channel,
                covers: self.covers(&card.covers, &pictures),
                declarations: names(&card.declarations),
                comments: comments.get(&card.id).copied().unwrap_or(0),
                published_at: card.published_at,
                edited_at: card.edited_at,
                why: None,
            })
        };
        cards.into_iter().map(card).collect()
    }

    pub fn byline(&self, author: &authors::Author) -> view::Byline {
        view::Byline {
            id: author.id,
            handle: author.handle.clone(),
            name: author.name.clone(),
            verified: author.verified,
            url: self.address(&web::render::handle_path(author.handle.as_str())),
        }
    }

    pub fn picture(&self, picture: &Picture) -> view::Picture {
        let variant = |&width: &u32| view::Variant { width, url: self.address(&picture.url(width)) };
        view::Picture {
            id: picture.id,
            hash: picture.hash.clone(),
            url: self.address(&picture.fallback()),
            width: picture.width,
            height: picture.height,
            colour: picture.colour.clone(),
            animation: picture.animation().map(|path| self.address(&path)),
            first_frame_only: picture.motion == media::Motion::Dropped,
            variants: picture.widths.iter().map(variant).collect(),
        }
    }

    pub async fn bylines(
        &self,
        ids: impl IntoIterator<Item = AuthorId>,
    ) -> Result<HashMap<AuthorId, view::Byline>> {
        let mut ids: Vec<AuthorId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let authors = self.authors.get_many(&ids).await?;
        Ok(authors.iter().map(|author| (author.id, self.byline(author))).collect())
    }

    pub async fn pictures(
        &self,
        hashes: impl IntoIterator<Item = &String>,
    ) -> Result<HashMap<String, Picture>> {
        let mut hashes: Vec<&str> = hashes.into_iter().map(String::as_str).collect();
        hashes.sort_unstable();
        hashes.dedup();
        self.media.get_many(&hashes).await
    }

    pub fn covers(&self, hashes: &[String], pictures: &HashMap<String, Picture>) -> Vec<view::Picture> {
        hashes.iter().filter_map(|hash| pictures.get(hash)).map(|picture| self.picture(picture)).collect()
    }
}

/// `owners` are those who write for the article's author.
pub fn comment(comment: comments::Comment, owners: &[UserId]) -> view::Comment {
    let comment = comment.for_everybody();
    view::Comment {
        id: comment.id,
        parent: comment.parent,
        available: comment.state.is_visible(),
        name: comment.name,
        by_author: comment.by.is_some_and(|user| owners.contains(&user)),
        region: comment.region.map(Into::into),
        text: comment.text,
        likes: comment.likes,
        created_at: comment.created_at,
    }
}

pub fn names(declarations: &[Declaration]) -> Vec<&'static str> {
    declarations.iter().map(|declaration| declaration.name()).collect()
}
