//! Where the candidates of readers' own lists come from.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use articles::{Articles, Listed};
use async_trait::async_trait;
use editorial::Editorial;
use futures::future::try_join_all;
use kernel::{ArticleId, Result, Time};
use moka::sync::Cache;
use reads::CoReads;

use crate::activity::{Activity, ActivityTracker};
use crate::article_facts::{ArticleFactsCache, NewOf};
use crate::pipeline::{Candidate, Question, Source};
use crate::reader::Subject;
use crate::related::Related;
use crate::select::{UNPROVEN, UNPROVEN_SOURCE};
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
    ids: impl IntoIterator<Item = ArticleId>,
    source: &'static str,
    strength: f64,
    why: &Why,
) -> Vec<Candidate> {
    let one = |(n, id): (usize, ArticleId)| Candidate::new(id, source, why.clone(), faded(strength, n));
    ids.into_iter().enumerate().map(one).collect()
}

fn faded(strength: f64, n: usize) -> f64 {
    strength / (1.0 + n as f64 / 20.0)
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
        let new = self.0.newest_by_authors(&authors, OFFERED).await?;
        Ok(newest(new.into_iter().map(|article| article.id), self.name(), 0.9, &Why::Followed))
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
        let reader = for_reader!(question);
        let authors = reader.top_authors(AUTHORS);
        let new = self.0.newest_by_authors(&authors, OFFERED).await?;
        let one = |(n, article): (usize, Listed)| {
            let asked = reader.wishes.wants(Subject::Author, &article.author.to_string());
            let why = if asked { Why::Asked } else { Why::YourAuthor };
            Candidate::new(article.id, self.name(), why, faded(0.7, n))
        };
        Ok(new.into_iter().enumerate().map(one).collect())
    }
}

/// What is hot in the channels that the reader reads most; where little happens, the newest follow.
pub struct OfChannels(pub Hot, pub ArticleFactsCache);

#[async_trait]
impl Source for OfChannels {
    fn name(&self) -> &'static str {
        "channels"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const CHANNELS: usize = 3;
        const OFFERED: usize = 15;
        let mut offered = Vec::new();
        let reader = for_reader!(question);
        for channel in reader.top_channels(CHANNELS) {
            let mut list: Vec<ArticleId> =
                self.0.ranked(Some(&channel), OFFERED).into_iter().map(|(id, _)| id).collect();
            if list.len() < OFFERED {
                list.extend(self.1.newest(NewOf::Channel(&channel)).await?.iter().map(|(id, _)| *id));
            }
            let asked = reader.wishes.wants(Subject::Channel, channel.as_str());
            let why = if asked {
                Why::Asked
            } else if reader.followed_channels.contains(&channel) {
                Why::FollowedChannel
            } else {
                Why::YourChannel
            };
            offered.extend(newest(list, self.name(), 0.4, &why));
        }
        Ok(offered)
    }
}

/// What is new about the subjects that the reader reads about, or asked for.
pub struct OfTags(pub ArticleFactsCache);

#[async_trait]
impl Source for OfTags {
    fn name(&self) -> &'static str {
        "tags"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const TAGS: usize = 4;
        let reader = for_reader!(question);
        let tags = reader.top_tags(TAGS);
        let new = try_join_all(tags.iter().map(|tag| self.0.newest(NewOf::Tag(tag)))).await?;
        let offered = tags.iter().zip(new).map(|(tag, new)| {
            let asked = reader.wishes.wants(Subject::Tag, &tag.folded());
            let why = if asked {
                Why::Asked
            } else if reader.followed_tags.contains(&tag.folded()) {
                Why::FollowedTag(tag.to_string())
            } else {
                Why::YourTag(tag.to_string())
            };
            newest(new.iter().map(|(id, _)| *id), self.name(), 0.6, &why)
        });
        Ok(offered.flatten().collect())
    }
}

/// What others read together with what the reader read.
pub struct CoRead(pub CoReads);

#[async_trait]
impl Source for CoRead {
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
                candidate.co_reads += share;
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
        offered.sort_by(|a, b| b.co_reads.total_cmp(&a.co_reads).then_with(|| b.id.cmp(&a.id)));
        offered.truncate(OFFERED);
        for candidate in &mut offered {
            candidate.strength = 0.5 + candidate.co_reads.min(1.0) / 2.0;
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
            let related = self.0.chosen(read.article_id).await?;
            let closest = related.iter().filter(|(_, why)| *why == Why::Close).take(OFFERED);
            for (n, &(id, _)) in closest.enumerate() {
                let close = 1.0 / (1.0 + back as f64 / 3.0 + n as f64 / 10.0);
                let why = Why::BecauseYouRead(title.clone());
                offered.push(Candidate { close, ..Candidate::new(id, self.name(), why, 0.7 * close) });
            }
        }
        Ok(offered)
    }
}

/// What is hot on the whole site; where little happens, the newest follow.
pub struct SiteHot(pub Hot, pub ArticleFactsCache);

#[async_trait]
impl Source for SiteHot {
    fn name(&self) -> &'static str {
        "hot"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const OFFERED: usize = 50;
        let mut list = self.0.ranked(None, OFFERED);
        if list.len() < OFFERED {
            let new = self.1.newest(NewOf::Site).await?;
            list.extend(new.iter().map(|(id, at)| (*id, Why::of_new(*at, question.now))));
        }
        let strength = |n: usize| 0.3 / (1.0 + n as f64 / 20.0);
        let hot = list.into_iter().enumerate();
        Ok(hot.map(|(n, (id, why))| Candidate::new(id, self.name(), why, strength(n))).collect())
    }
}

/// What the editors put forward now.
pub struct EditorsPicks {
    editorial: Editorial,
    /// As it stood a moment ago, for all readers.
    standing: Cache<(), Arc<[ArticleId]>>,
}

impl EditorsPicks {
    pub fn new(editorial: Editorial) -> Self {
        Self { editorial, standing: Cache::builder().time_to_live(Duration::from_secs(1)).build() }
    }
}

#[async_trait]
impl Source for EditorsPicks {
    fn name(&self) -> &'static str {
        "editors"
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        let picks = if let Some(picks) = self.standing.get(&()) {
            picks
        } else {
            let picks: Arc<[ArticleId]> = self.editorial.standing(question.now).await?.articles().into();
            self.standing.insert((), picks.clone());
            picks
        };
        let one = |&id: &ArticleId| Candidate {
            picked: true,
            ..Candidate::new(id, self.name(), Why::Editor, 0.35)
        };
        Ok(picks.iter().map(one).collect())
    }
}

/// What is new and hardly found out about yet: each reader is offered some of it, and each of it comes to some readers. So a first article
/// of an unknown author is seen.
pub struct Unproven {
    pub facts: ArticleFactsCache,
    pub activity: ActivityTracker,
}

#[async_trait]
impl Source for Unproven {
    fn name(&self) -> &'static str {
        UNPROVEN_SOURCE
    }

    async fn offer(&self, question: &Question) -> Result<Vec<Candidate>> {
        const OFFERED: usize = 15;
        const NEW: Duration = Duration::from_hours(3 * 24);
        let reader = for_reader!(question);
        let newest = self.facts.newest(NewOf::Site).await?;
        let ids: Vec<ArticleId> = newest.iter().map(|(id, _)| *id).collect();
        let known = self.activity.of(&ids);
        let unproven = |(&(id, published_at), activity): (&(ArticleId, Time), Option<Activity>)| {
            let readers = activity.map_or(0.0, |activity| activity.readers);
            let new = question.now.since(published_at) <= NEW;
            let why = Why::of_new(published_at, question.now);
            (new && readers < UNPROVEN).then(|| (draw(reader, id, question.now), id, why))
        };
        let mut drawn: Vec<(u64, ArticleId, Why)> = newest.iter().zip(known).filter_map(unproven).collect();
        drawn.sort_unstable_by_key(|&(lot, id, _)| (lot, id));
        let one = |(_, id, why): (u64, ArticleId, Why)| Candidate::new(id, UNPROVEN_SOURCE, why, 0.2);
        Ok(drawn.into_iter().take(OFFERED).map(one).collect())
    }
}

/// A lot that stays for an hour: another one for each reader and article.
fn draw(reader: &Reader, article: ArticleId, now: Time) -> u64 {
    let mut hasher = DefaultHasher::new();
    (reader.id.raw(), article.raw(), now.millis() / 3_600_000).hash(&mut hasher);
    hasher.finish()
}
