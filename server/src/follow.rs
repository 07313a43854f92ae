//! The page cache follows the journal: what an event changed, the pages that show it are dropped.

use articles::events::{Changed, Gone, Live};
use async_trait::async_trait;
use events::{Entry, Follower};
use kernel::{AuthorId, Result, Slug};
use web::{Pages, Shown};

pub struct DropPages(pub Pages);

#[async_trait]
impl Follower for DropPages {
    fn name(&self) -> &'static str {
        "pages"
    }

    async fn apply(&mut self, batch: &[Entry]) -> Result<()> {
        self.0.drop_shown(batch.iter().flat_map(changed));
        Ok(())
    }
}

/// What looks different after an event.
fn changed(entry: &Entry) -> Vec<Shown> {
    if let Some(live) = entry.read::<Live>() {
        return lists(live.author, live.channel).chain([Shown::Article(live.id)]).collect();
    }
    if let Some(changed) = entry.read::<Changed>() {
        return lists(changed.author, changed.channel).chain([Shown::Article(changed.id)]).collect();
    }
    if let Some(gone) = entry.read::<Gone>() {
        return lists(gone.author, gone.channel).chain([Shown::Article(gone.id)]).collect();
    }
    if let Some(posted) = entry.read::<comments::events::Posted>() {
        return vec![Shown::Thread(posted.article)];
    }
    if let Some(changed) = entry.read::<comments::events::Changed>() {
        return vec![Shown::Thread(changed.article)];
    }
    if let Some(followed) = entry.read::<follows::events::FollowChanged>() {
        return vec![Shown::Followers(followed.author)];
    }
    if let Some(liked) = entry.read::<follows::events::ArticleLiked>() {
        return vec![Shown::Thread(liked.id)];
    }
    if let Some(author) = entry.read::<authors::events::AuthorChanged>() {
        return vec![Shown::Author(author.id)];
    }
    Vec::new()
}

fn lists(author: AuthorId, channel: Option<String>) -> impl Iterator<Item = Shown> {
    let channel = channel.and_then(|slug| Slug::new(&slug).ok()).map(Shown::NewOfChannel);
    [Shown::Latest, Shown::NewOfAuthor(author)].into_iter().chain(channel)
}
