//! How the sitemap of a large site is cut: into parts of fixed places in time, the oldest first. A full part stays as it is
//! while new articles come in behind it, so search engines need to fetch the last part only.

use std::sync::Arc;

use articles::{Articles, Card};
use kernel::{ArticleId, Cursor, Error, Result, Time};
use tokio::sync::Mutex;

use crate::dates::changed;

/// The most addresses in one file. (The protocol's own limit is 50,000.)
pub const MOST: usize = 10_000;
/// So many articles are in a part when it is cut, which leaves room for those that come in late with an early date.
const FULL: usize = 9_000;
/// Cards read at once.
const STEP: usize = 1_000;

/// Remembers where the full parts end. The first who asks walks through all articles (by keyset, newest to oldest),
/// later ones through the last, open part only.
#[derive(Clone)]
pub struct Parts {
    /// The newest article of each full part.
    tops: Arc<Mutex<Vec<Cursor>>>,
    full: usize,
    most: usize,
}

impl Default for Parts {
    fn default() -> Self {
        Self::sized(FULL, MOST)
    }
}

/// What the parts are.
pub struct Cut {
    /// The newest article of each full part.
    tops: Vec<Cursor>,
    /// How many articles are in the open part behind them.
    pub open: usize,
}

/// A page to be found.
pub struct SitemapEntry {
    pub id: ArticleId,
    /// Where its dates are no zeros.
    pub changed: Option<Time>,
}

impl Cut {
    /// How many parts there are, the open one included unless it is empty.
    pub fn len(&self) -> usize {
        self.tops.len() + usize::from(self.open > 0)
    }

    /// Everything fits in one part.
    pub fn is_small(&self) -> bool {
        self.tops.is_empty()
    }

    /// From where to read part `n` (the first is 1), and where to stop.
    fn bounds(&self, n: usize) -> Option<(Cursor, Option<Cursor>)> {
        let stop = match n.checked_sub(2) {
            Some(before) => Some(*self.tops.get(before)?),
            None => None,
        };
        // Lists begin after their cursor; the top itself is in the part.
        let from = self.tops.get(n.checked_sub(1)?);
        Some((from.map_or(Cursor::START, |top| Cursor { id: top.id + 1, ..*top }), stop))
    }
}

impl Parts {
    pub fn sized(full: usize, most: usize) -> Self {
        Self { tops: Arc::default(), full, most }
    }

    pub async fn cut(&self, articles: &Articles) -> Result<Cut> {
        let (this, articles) = (self.clone(), articles.clone());
        // To the end even if the asker goes away: the next one would begin anew.
        tokio::spawn(async move { this.extend(&articles).await }).await.map_err(Error::internal)?
    }

    /// The articles of part `n`, newest first; none where there is no such part.
    pub async fn read(&self, articles: &Articles, n: usize) -> Result<Vec<SitemapEntry>> {
        for _ in 0..2 {
            let Some((from, stop)) = self.cut(articles).await?.bounds(n) else { return Ok(Vec::new()) };
            let mut places = Vec::new();
            walk(articles, from, stop, self.most + 1, |card| {
                places.push(SitemapEntry { id: card.id, changed: changed(card) });
            })
            .await?;
            if places.len() <= self.most {
                return Ok(places);
            }
            // Too many came in late: cut everything anew.
            self.tops.lock().await.clear();
        }
        Err(Error::Unavailable("sitemap".into()))
    }

    async fn extend(&self, articles: &Articles) -> Result<Cut> {
        let mut tops = self.tops.lock().await;
        let mut open = Vec::new();
        walk(articles, Cursor::START, tops.last().copied(), usize::MAX, |card| open.push(cursor_of(card)))
            .await?;
        open.reverse();
        tops.extend(open.chunks_exact(self.full).filter_map(<[_]>::last));
        Ok(Cut { tops: tops.clone(), open: open.len() % self.full })
    }
}

fn cursor_of(card: &Card) -> Cursor {
    Cursor { key: card.published_at.millis(), id: card.id.raw() }
}

/// Shows up to `most` visible articles after `from`, newest first, those at and before `stop` left out.
async fn walk(
    articles: &Articles,
    from: Cursor,
    stop: Option<Cursor>,
    most: usize,
    mut show: impl FnMut(&Card),
) -> Result<()> {
    let (mut from, mut shown) = (from, 0);
    loop {
        let page = articles.latest(from, STEP).await?;
        for card in &page.items {
            let at = cursor_of(card);
            if shown == most || stop.is_some_and(|stop| (at.key, at.id) <= (stop.key, stop.id)) {
                return Ok(());
            }
            show(card);
            shown += 1;
        }
        match page.next {
            Some(next) => from = next,
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Desk;

    #[test]
    fn bounds_meet_without_gap_or_overlap() {
        let top = |key| Cursor { key, id: 1 };
        let cut = Cut { tops: vec![top(10), top(20)], open: 1 };
        assert_eq!(cut.len(), 3);
        assert_eq!(cut.bounds(1), Some((Cursor { key: 10, id: 2 }, None)));
        assert_eq!(cut.bounds(2), Some((Cursor { key: 20, id: 2 }, Some(top(10)))));
        assert_eq!(cut.bounds(3), Some((Cursor::START, Some(top(20)))));
        assert_eq!((cut.bounds(0), cut.bounds(4)), (None, None));
    }

    #[tokio::test]
    async fn full_parts_stay_and_new_articles_come_in_behind() {
        let desk = Desk::open().await;
        let parts = Parts::sized(4, 5);
        let read = async |n| {
            let places = parts.read(&desk.articles, n).await.unwrap();
            places.iter().map(|place| place.id).collect::<Vec<ArticleId>>()
        };
        let old = desk.import(0..10).await;
        let cut = parts.cut(&desk.articles).await.unwrap();
        assert_eq!((cut.len(), cut.open), (3, 2));
        let first = read(1).await;
        let all: Vec<_> = [read(3).await, read(2).await, first.clone()].concat();
        assert_eq!(all, old.iter().rev().copied().collect::<Vec<_>>());

        let new = desk.import(10..13).await;
        assert_eq!((read(1).await, read(4).await), (first, vec![new[2]]));
        assert!(read(5).await.is_empty());

        // Two that come in late into the first part are one too many: all is cut anew.
        desk.import_at(&[0, 0]).await;
        assert_eq!((read(1).await.len(), read(4).await.len(), read(5).await.len()), (4, 3, 0));
    }
}
