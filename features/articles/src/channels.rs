//! The sections of the site: made, changed, renamed, merged, removed.

use audit::Record;
use kernel::{Error, Invalid, Result, Slug};

use crate::codes;
use crate::draft::Draft;
use crate::events::{ChangeCause, Changed, ChannelsChanged};
use crate::model::{Channel, State, TypedChannel};
use crate::service::Articles;
use crate::store::channels as store;

/// Articles that a merge moves in one transaction: other writers get their turn in between.
const PART: usize = 200;

impl Articles {
    /// In their order.
    pub async fn channels(&self) -> Result<Vec<Channel>> {
        store::channels(&self.db).await
    }

    /// Where the address of a channel that is gone leads to.
    pub async fn channel_redirect(&self, slug: &Slug) -> Result<Option<Slug>> {
        store::redirect(&self.db, slug).await
    }

    /// What a channel was called in addresses before, and what was merged into it.
    pub async fn channel_aliases(&self, slug: &Slug) -> Result<Vec<Slug>> {
        store::redirects_to(&self.db, slug).await
    }

    /// Articles of a channel in any state, and those that their newest revision would move there.
    pub async fn count_in_channel(&self, slug: &Slug) -> Result<i64> {
        store::count_in_channel(&self.db, slug).await
    }

    /// As it would be stored, or all that is wrong with it at once. Codes: `slug-form`, `channel-name-empty`, `channel-name-long`,
    /// `colour-form`, `number-form`.
    pub fn check_channel(&self, typed: TypedChannel) -> Result<Channel> {
        typed.read()
    }

    /// Adds a channel unless its slug is taken; returns the one that articles for it go to: itself, or where it was merged into.
    pub async fn ensure_channel(&self, channel: &Channel) -> Result<Slug> {
        let tx = self.db.write().await?;
        if store::add_channel(&tx, channel).await? {
            self.journal.append(&tx, &ChannelsChanged {}).await?;
            self.record(&tx, "channel.create", &channel.slug).await?;
        }
        let into = store::redirect(&tx, &channel.slug).await?;
        tx.commit().await?;
        Ok(into.unwrap_or_else(|| channel.slug.clone()))
    }

    /// Codes: `channel-name-empty`, `channel-name-long`, `colour-form`, `slug-taken`.
    pub async fn create_channel(&self, channel: Channel) -> Result<()> {
        let channel = channel.tidy()?;
        let tx = self.db.write().await?;
        if !store::add_channel(&tx, &channel).await? {
            return Err(Error::invalid("slug", codes::SLUG_TAKEN));
        }
        self.journal.append(&tx, &ChannelsChanged {}).await?;
        self.record(&tx, "channel.create", &channel.slug).await?;
        tx.commit().await
    }

    /// Changes all of a channel but its slug. Codes as for [`Articles::create_channel`].
    pub async fn update_channel(&self, channel: Channel) -> Result<()> {
        let channel = channel.tidy()?;
        let tx = self.db.write().await?;
        if store::update_channel(&tx, &channel).await? == 0 {
            return Err(Error::NotFound);
        }
        self.journal.append(&tx, &ChannelsChanged {}).await?;
        self.record(&tx, "channel.change", &channel.slug).await?;
        tx.commit().await
    }

    /// Gives a channel another slug, and what else `channel` says; its old addresses lead to the new one. Codes as for
    /// [`Articles::create_channel`].
    pub async fn rename_channel(&self, from: &Slug, channel: Channel) -> Result<()> {
        if *from == channel.slug {
            return self.update_channel(channel).await;
        }
        let into = channel.slug.clone();
        self.create_channel(channel).await?;
        self.merge_channel(from, &into).await
    }

    /// Moves all articles of `from` into another channel and removes it; its addresses lead there from now on. Broken off, both are
    /// there, and a second call goes on. Conflict `channel-itself`.
    pub async fn merge_channel(&self, from: &Slug, into: &Slug) -> Result<()> {
        if from == into {
            return Err(Error::Conflict(codes::CHANNEL_ITSELF));
        }
        let known = self.channels().await?;
        let known = |slug: &Slug| known.iter().any(|channel| channel.slug == *slug);
        if !known(from) || !known(into) {
            return Err(Error::NotFound);
        }
        while self.move_part(from, into).await? == PART {}
        let tx = self.db.write().await?;
        // What somebody saved since then, and what waits to be shown.
        while self.moved(&tx, from, into).await? > 0 {}
        store::move_pending(&tx, from, into).await?;
        store::add_redirect(&tx, from, into, self.env.now()).await?;
        store::delete_channel(&tx, from).await?;
        self.journal.append(&tx, &ChannelsChanged {}).await?;
        let merged = Record::new("channel.merge", "channel", from).after(into);
        audit::record(&tx, &self.journal, merged).await?;
        tx.commit().await
    }

    async fn record(&self, tx: &db::Tx, action: &'static str, channel: &Slug) -> Result<()> {
        audit::record(tx, &self.journal, Record::new(action, "channel", channel)).await
    }

    /// Removes a channel that has no articles and that none is about to be moved into; its addresses are not found any more. Conflict `channel-in-use`.
    pub async fn delete_channel(&self, slug: &Slug) -> Result<()> {
        let tx = self.db.write().await?;
        if store::count_in_channel(&tx, slug).await? > 0 {
            return Err(Error::Conflict(codes::CHANNEL_IN_USE));
        }
        if store::delete_channel(&tx, slug).await? == 0 {
            return Err(Error::NotFound);
        }
        self.journal.append(&tx, &ChannelsChanged {}).await?;
        self.record(&tx, "channel.delete", slug).await?;
        tx.commit().await
    }

    async fn move_part(&self, from: &Slug, into: &Slug) -> Result<usize> {
        let tx = self.db.write().await?;
        let moved = self.moved(&tx, from, into).await?;
        tx.commit().await?;
        Ok(moved)
    }

    async fn moved(&self, tx: &db::Tx, from: &Slug, into: &Slug) -> Result<usize> {
        let moved = store::move_articles(tx, from, into, PART).await?;
        let live = moved.iter().filter(|article| article.state == State::Live.name());
        // Lists of both channels look different now.
        let events: Vec<Changed> = live
            .flat_map(|article| {
                [from, into].map(|slug| Changed {
                    id: article.id,
                    author: article.author_id,
                    channel: Some(slug.to_string()),
                    cause: ChangeCause::ChannelMoved,
                })
            })
            .collect();
        self.journal.append_all(tx, &events).await?;
        Ok(moved.len())
    }

    /// Puts a draft into a channel that is there: one that was merged stands for the other. Code `channel-unknown`.
    pub(crate) async fn in_channel(&self, draft: &mut Draft, errors: &mut Invalid) -> Result<()> {
        let Some(slug) = &draft.channel else { return Ok(()) };
        if self.channels().await?.iter().any(|channel| channel.slug == *slug) {
            return Ok(());
        }
        match self.channel_redirect(slug).await? {
            Some(into) => draft.channel = Some(into),
            None => errors.add("channel", codes::CHANNEL_UNKNOWN),
        }
        Ok(())
    }
}
