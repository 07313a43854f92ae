//! The demo's pictures: drawn, then taken in like an author's upload.

use std::collections::HashMap;

use anyhow::{Context, Result};
use futures::stream::{self, StreamExt, TryStreamExt};
use kernel::UserId;
use media::{Media, Picture};
use tokio::task::spawn_blocking;

use crate::content::ArticleText;

/// 3:2, as covers are shown (pixels): for the whole width of a text, sharp on most screens.
const SIZE: (u32, u32) = (1200, 800);
/// For what only stands beside two others.
const SMALL: (u32, u32) = (640, 427);
const AVATAR: u32 = 320;
/// Two are encoded at once ([`Media`] has no more), while the next two are drawn: no processor waits for the disk.
const AT_ONCE: usize = 4;

/// Pictures by what articles call them: `kind:seed`.
pub type Pictures = HashMap<String, Picture>;

/// Draws what the articles name. `drawn` is told of each.
pub async fn draw(media: &Media, articles: &[ArticleText], drawn: impl Fn()) -> Result<Pictures> {
    let media = media.trusting();
    let small = articles.iter().flat_map(other_covers).map(|name| (name, SMALL));
    let large = articles.iter().flat_map(named).map(|name| (name, SIZE));
    // Large where it is wanted in both sizes.
    let names: HashMap<&str, (u32, u32)> = small.chain(large).collect();
    let draw = async |(name, (width, height)): (&str, (u32, u32))| {
        let (kind, seed) = name.split_once(':').with_context(|| format!("{name} is no kind:seed"))?;
        let (kind, seed) = (kind.to_owned(), seed.parse()?);
        let png = spawn_blocking(move || art::draw(&kind, seed, width, height)).await?;
        let picture = media.upload(None, png.with_context(|| format!("no picture {name}"))?.into()).await?;
        drawn();
        Ok((name.to_owned(), picture))
    };
    stream::iter(names.into_iter().map(draw)).buffer_unordered(AT_ONCE).try_collect().await
}

/// A portrait, the same for the same name.
pub async fn avatar(media: &Media, by: UserId, name: &str) -> Result<String> {
    // FNV-1a (Fowler, Noll, Vo): a number from a name.
    let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let png = spawn_blocking(move || art::avatar(seed, AVATAR)).await?;
    Ok(media.trusting().upload(Some(by), png.into()).await?.hash)
}

/// What an article shows, in its text and before it.
fn named(article: &ArticleText) -> impl Iterator<Item = &str> {
    let inside = article.body.split("](art:").skip(1).filter_map(|rest| rest.split([' ', ')']).next());
    inside.chain(article.cover.as_deref()).chain(article.covers.first().map(String::as_str))
}

/// The second and third of three covers, which are shown in lists alone.
fn other_covers(article: &ArticleText) -> impl Iterator<Item = &str> {
    article.covers.iter().skip(1).map(String::as_str)
}

/// The body with addresses of pictures in place of their names.
pub fn placed(body: &str, pictures: &Pictures) -> Result<String> {
    let mut pieces = body.split("](art:");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find([' ', ')']).context("a picture without an end")?;
        let picture = pictures.get(&piece[..end]).with_context(|| format!("no picture {}", &piece[..end]))?;
        out.push_str(&format!("]({}{}", picture.fallback(), &piece[end..]));
    }
    Ok(out)
}
