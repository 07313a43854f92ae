//! `/`

use std::collections::HashSet;

use accounts::Role;
use axum::extract::State;
use editorial::Slot;
use kernel::{Cursor, Result, Time};
use recommend::{Picked, Why};
use web::{CachePolicy, CacheTag, RequestContext, session};

use super::list_policy;
use crate::compose::{picked, plain};
use crate::views::home::Home;
use crate::views::parts::{CardList, ChannelRef, Strip};
use crate::{Answer, Site};

const HOT: usize = 10;
const LATEST: usize = 20;
const FRONT: usize = 4;

pub async fn show(State(site): State<Site>, context: RequestContext) -> Answer {
    let (view, policy) = site.home(&context, site.env.now()).await?;
    if view.lead.cards.is_empty() && view.latest.is_empty() && site.is_new().await? {
        return Ok(session::see_other("/setup"));
    }
    Ok(site.frame.shared(&context, &view, policy).await?)
}

impl Site {
    /// Whether nobody has set the site up yet.
    async fn is_new(&self) -> Result<bool> {
        let operators = self.accounts.holding(Role::Operator, Cursor::START).await?;
        Ok(operators.items.is_empty() && self.articles.channels().await?.is_empty())
    }

    /// The home page with what editors have on it at a time; all else is as now.
    pub(crate) async fn home(&self, context: &RequestContext, at: Time) -> Result<(Home, CachePolicy)> {
        let (site, locale, places) = (self, context.variant.locale, Slot::Home.capacity());
        let unwanted = site.unwanted(&context.rendered_for).await?;
        let blocks = site.shared_blocks(locale).await?;
        let picks = site.picks(at).await?;
        let hot = site.hot.top(HOT + places * 3).await?;
        let latest = site.articles.latest(Cursor::START, LATEST + places).await?.items;
        // First what editors chose, then what is hot and has a picture, one an author; what stands there does not stand below again.
        let mut lead = picks.of(&Slot::Home);
        let mut authors: HashSet<_> = lead.iter().map(|picked| picked.card.author).collect();
        let free = places - lead.len();
        let with_picture = |p: &&Picked| !p.card.covers.is_empty() && authors.insert(p.card.author);
        lead.extend(hot.iter().filter(with_picture).take(free).cloned());
        if lead.is_empty() {
            let newest = latest.iter().take(places).cloned();
            lead = newest.map(|card| Picked { why: Why::of_new(card.published_at, at), card }).collect();
        }
        let led: HashSet<_> = lead.iter().map(|picked| picked.card.id).collect();
        let latest: Vec<_> = latest.into_iter().filter(|card| !led.contains(&card.id)).take(LATEST).collect();
        let channels = site.frame.channels().await?;
        let mut fronts = Vec::new();
        for channel in &channels.list {
            let cards = site.articles.by_channel(&channel.slug, Cursor::START, FRONT).await?.items;
            if !cards.is_empty() {
                fronts.push((
                    ChannelRef { slug: channel.slug.to_string(), name: channel.name(locale).to_owned() },
                    cards,
                ));
            }
        }
        let mut lists = vec![picked(&lead), plain(&latest)];
        lists.extend(fronts.iter().map(|(_, cards)| plain(cards)));
        let also = [CacheTag::Latest, CacheTag::Hot, CacheTag::Lead, CacheTag::Topics];
        let also = also.into_iter().chain(picks.tags(&[Slot::Home]));
        let policy = list_policy(&[lists.as_slice(), &[plain(&blocks.ids)]].concat(), also);
        let mut done = site.card_lists(&lists, locale).await?.into_iter();
        let view = Home {
            lead: unwanted.list_of(done.next().unwrap_or_default()),
            latest: unwanted.left_of(done.next().unwrap_or_default()),
            hot: CardList::new(blocks.hot_but(&unwanted, HOT)),
            topics: site.picked_topics(&picks, locale).await?,
            following: site.following_front(&context.rendered_for, &unwanted, locale).await?,
            for_you: site.for_you_front(&context.rendered_for, locale, context.navigates).await?,
            fronts: fronts
                .iter()
                .zip(done)
                .map(|((channel, _), cards)| Strip {
                    channel: channel.clone(),
                    cards: unwanted.left_of(cards),
                })
                .filter(|strip| !strip.cards.is_empty())
                .collect(),
            preview: None,
        };
        Ok((view, policy))
    }
}
