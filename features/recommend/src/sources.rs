//! Where the candidates of lists come from.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use articles::{Articles, Card};
use async_trait::async_trait;
use editorial::Editorial;
use kernel::{ArticleId, Cursor, Result, Time};
use search::Search;

use crate::pipeline::{Candidate, Question, Source};
use crate::pulse::Pulse;
use crate::related::Related;
use crate::together::Together;
use crate::why::Why;
use crate::{Hot, Reader};

/// A source that has nothing to offer where there is no reader.
macro_rules! for_reader {
    ($question:ident) => {
        match &$question.reader {
            Some(reader) => reader,
            None => return Ok(Vec::new()),
        }
    };
}

/// Newest first: each place counts a little less.
fn newest(
    cards: Vec<Card>,
    source: &'static str,
    strength: f64,
    why: impl Fn(&Card) -> Why,
) -> Vec<Candidate> {
    let one = |(n, card): (usize, Card)| {
        let faded = strength / (1.0 + n as f64 / 20.0);
        Candidate { card: Some(card.clone()), ..Candidate::new(card.id, source, why(&card), faded) }
    };
    cards.into_iter().enumerate().map(one).collect()
}

/// What those published whom the reader follows.
pub struct Followed(pub Articles);

#[async_trait]
impl Source for Followed {
    fn name(&self) -> &'static str {
        "followed"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const AUTHORS: usize = 300;
        const OFFERED: usize = 40;
        let reader = for_reader!(question);
        let authors: Vec<_> = reader.follows.iter().copied().take(AUTHORS).collect();
        let cards = self.0.by_authors(&authors, Cursor::START, OFFERED).await?.items;
        Ok(newest(cards, self.name(), 0.9, |_| Why::Followed))
    }
}

/// What the authors published whom the reader reads most.
pub struct OfAuthors(pub Articles);

#[async_trait]
impl Source for OfAuthors {
    fn name(&self) -> &'static str {
        "authors"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const AUTHORS: usize = 6;
        const OFFERED: usize = 30;
        let authors = for_reader!(question).top_authors(AUTHORS);
        let cards = self.0.by_authors(&authors, Cursor::START, OFFERED).await?.items;
        Ok(newest(cards, self.name(), 0.7, |_| Why::YourAuthor))
    }
}

/// What is hot in the channels that the reader reads most.
pub struct OfChannels(pub Hot);

#[async_trait]
impl Source for OfChannels {
    fn name(&self) -> &'static str {
        "channels"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const CHANNELS: usize = 3;
        const OFFERED: usize = 15;
        let mut offered = Vec::new();
        for channel in for_reader!(question).top_channels(CHANNELS) {
            let hot = self.0.by_channel(&channel, OFFERED).await?;
            let cards = hot.into_iter().map(|picked| picked.card).collect();
            offered.extend(newest(cards, self.name(), 0.4, |_| Why::YourChannel));
        }
        Ok(offered)
    }
}

/// What is new about the subjects that the reader reads about, or asked for.
pub struct OfTags(pub Articles);

#[async_trait]
impl Source for OfTags {
    fn name(&self) -> &'static str {
        "tags"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const TAGS: usize = 4;
        const OFFERED: usize = 12;
        let mut offered = Vec::new();
        for tag in for_reader!(question).top_tags(TAGS) {
            let cards = self.0.by_tag(&tag, Cursor::START, OFFERED).await?.items;
            offered.extend(newest(cards, self.name(), 0.6, |_| Why::YourTag(tag.to_string())));
        }
        Ok(offered)
    }
}

/// What others read together with what the reader read.
pub struct ReadTogether(pub Together);

#[async_trait]
impl Source for ReadTogether {
    fn name(&self) -> &'static str {
        "together"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const PAST: usize = 15;
        const FADES: f64 = 0.9;
        /// So many more are as good as never read together: what one visitor did says little.
        const DOUBT: f64 = 3.0;
        const OFFERED: usize = 60;
        let reader = for_reader!(question);
        let past: Vec<ArticleId> = reader.past.iter().take(PAST).map(|read| read.article_id).collect();
        let near = self.0.near(&past).await?;
        let mut found: HashMap<ArticleId, (Candidate, f64)> = HashMap::new();
        let mut counts = 1.0;
        for (n, read) in past.iter().enumerate() {
            let list = near.get(read).map_or(&[][..], Vec::as_slice);
            let all: f64 = list.iter().map(|(_, weight)| weight).sum();
            for &(other, weight) in list {
                let share = counts * weight / (all + DOUBT);
                let title = reader.titles.get(read).cloned();
                let (candidate, strongest) = found
                    .entry(other)
                    .or_insert_with(|| (Candidate::new(other, self.name(), Why::Together, 0.0), 0.0));
                candidate.together += share;
                if n == 0 {
                    candidate.after_last = share;
                }
                if share > *strongest {
                    *strongest = share;
                    candidate.why = title.map_or(Why::Together, Why::BecauseYouRead);
                }
            }
            counts *= FADES;
        }
        let mut offered: Vec<Candidate> = found.into_values().map(|(candidate, _)| candidate).collect();
        offered.sort_by(|a, b| b.together.total_cmp(&a.together).then_with(|| b.id.cmp(&a.id)));
        offered.truncate(OFFERED);
        for candidate in &mut offered {
            candidate.strength = 0.5 + candidate.together.min(1.0) / 2.0;
        }
        Ok(offered)
    }
}

/// What is close in content to what the reader read last.
pub struct CloseToRead(pub Related);

#[async_trait]
impl Source for CloseToRead {
    fn name(&self) -> &'static str {
        "close"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const PAST: usize = 3;
        const OFFERED: usize = 10;
        let reader = for_reader!(question);
        let mut offered = Vec::new();
        for (back, read) in reader.past.iter().take(PAST).enumerate() {
            let Some(title) = reader.titles.get(&read.article_id) else { continue };
            let related = self.0.of(read.article_id, OFFERED).await?;
            for (n, picked) in related.into_iter().filter(|picked| picked.why == Why::Close).enumerate() {
                let close = 1.0 / (1.0 + back as f64 / 3.0 + n as f64 / 10.0);
                let why = Why::BecauseYouRead(title.clone());
                offered.push(Candidate {
                    close,
                    card: Some(picked.card.clone()),
                    ..Candidate::new(picked.card.id, self.name(), why, 0.7 * close)
                });
            }
        }
        Ok(offered)
    }
}

/// What is hot on the whole site.
pub struct SiteHot(pub Hot);

#[async_trait]
impl Source for SiteHot {
    fn name(&self) -> &'static str {
        "hot"
    }

    async fn offer(&self, _: &Question) -> Result<Vec<Candidate>> {
        const OFFERED: usize = 50;
        let hot = self.0.top(OFFERED).await?;
        let one = |(n, picked): (usize, crate::Picked)| {
            let strength = 0.3 / (1.0 + n as f64 / 20.0);
            let id = picked.card.id;
            Candidate { card: Some(picked.card), ..Candidate::new(id, "hot", picked.why, strength) }
        };
        Ok(hot.into_iter().enumerate().map(one).collect())
    }
}

/// What the editors put forward now.
pub struct EditorsPicks(pub Editorial);

#[async_trait]
impl Source for EditorsPicks {
    fn name(&self) -> &'static str {
        "editors"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        let picks = self.0.standing(question.now).await?.articles();
        let one =
            |id: ArticleId| Candidate { picked: true, ..Candidate::new(id, "editors", Why::Editor, 0.35) };
        Ok(picks.into_iter().map(one).collect())
    }
}

/// Readers that an article may have had and still be unproven.
pub const UNPROVEN: f64 = 20.0;
/// The source whose candidates are promised places in a list ([`crate::select::Varied`]).
pub const UNPROVEN_SOURCE: &str = "new";

/// What is new and hardly found out about yet: each reader is offered some of it, and each of it comes to some readers. So a first article
/// of an unknown author is seen.
pub struct Unproven {
    pub articles: Articles,
    pub pulse: Pulse,
}

#[async_trait]
impl Source for Unproven {
    fn name(&self) -> &'static str {
        UNPROVEN_SOURCE
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const LOOKED_AT: usize = 100;
        const OFFERED: usize = 15;
        const NEW: std::time::Duration = std::time::Duration::from_hours(3 * 24);
        let reader = for_reader!(question);
        let cards = self.articles.latest(Cursor::START, LOOKED_AT).await?.items;
        let ids: Vec<ArticleId> = cards.iter().map(|card| card.id).collect();
        let known = self.pulse.of(&ids);
        let unproven = |(card, activity): (Card, Option<crate::pulse::Activity>)| {
            let readers = activity.map_or(0.0, |activity| activity.readers);
            let new = question.now.since(card.published_at) <= NEW;
            (new && readers < UNPROVEN).then(|| (draw(reader, card.id, question.now), card))
        };
        let mut drawn: Vec<(u64, Card)> = cards.into_iter().zip(known).filter_map(unproven).collect();
        drawn.sort_by_key(|(number, _)| *number);
        let one = |(_, card): (u64, Card)| {
            let id = card.id;
            Candidate { card: Some(card), ..Candidate::new(id, UNPROVEN_SOURCE, Why::New, 0.2) }
        };
        Ok(drawn.into_iter().take(OFFERED).map(one).collect())
    }
}

/// A lot that stays for an hour: another one for each reader and article.
fn draw(reader: &Reader, article: ArticleId, now: Time) -> u64 {
    let mut hasher = DefaultHasher::new();
    (reader.id.raw(), article.raw(), now.millis() / 3_600_000).hash(&mut hasher);
    hasher.finish()
}

/// What is close in content to the article that is read, with its sketch.
pub struct Close(pub Search);

/// Candidates that the index is asked for.
pub const CLOSE: usize = 60;
/// What is less close than this is near by chance.
const FAR: f32 = 0.03;

#[async_trait]
impl Source for Close {
    fn name(&self) -> &'static str {
        "close"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        let Some(article) = question.article else { return Ok(Vec::new()) };
        let Some((_, similar)) = self.0.similar(article, CLOSE).await? else { return Ok(Vec::new()) };
        let near = similar.into_iter().filter(|near| near.closeness >= FAR);
        let one = |near: search::Similar| Candidate {
            close: f64::from(near.closeness),
            sketch: Some(near.sketch),
            ..Candidate::new(near.id, "close", Why::Close, 1.0)
        };
        Ok(near.map(one).collect())
    }
}
