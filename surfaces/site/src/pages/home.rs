//! `/`

use std::collections::HashSet;

use axum::extract::State;
use kernel::Cursor;
use recommend::{Picked, Why};
use web::{Shown, Visit};

use super::shows;
use crate::compose::{picked, plain};
use crate::views::home::Home;
use crate::views::parts::{ChannelRef, Strip};
use crate::{Answer, Site};

const LEAD: usize = 5;
const HOT: usize = 10;
const LATEST: usize = 20;
const FRONT: usize = 4;

pub async fn show(State(site): State<Site>, visit: Visit) -> Answer {
    let locale = visit.variant.locale;
    let blocks = site.shared_blocks(locale).await?;
    let hot = site.hot.top(HOT + LEAD * 3).await?;
    let latest = site.articles.latest(Cursor::START, LATEST + LEAD).await?.items;
    // The lead is what is hot and has a picture, one an author; what stands there does not stand below again.
    let mut authors = HashSet::new();
    let with_picture = |p: &&Picked| !p.card.covers.is_empty() && authors.insert(p.card.author);
    let mut lead: Vec<Picked> = hot.iter().filter(with_picture).take(LEAD).cloned().collect();
    if lead.is_empty() {
        let newest = latest.iter().take(LEAD).cloned();
        lead = newest.map(|card| Picked { card, why: Why::New }).collect();
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
    let shows = shows(&[lists.as_slice(), &[plain(&blocks.ids)]].concat(), [Shown::Latest, Shown::Hot]);
    let mut done = site.card_lists(&lists, locale).await?.into_iter();
    let view = Home {
        lead: done.next().unwrap_or_default(),
        latest: done.next().unwrap_or_default(),
        hot: blocks.hot.iter().take(HOT).cloned().collect(),
        following: site.following_front(&visit.face, locale).await?,
        for_you: site.for_you_front(&visit.face, locale).await?,
        fronts: fronts
            .iter()
            .zip(done)
            .map(|((channel, _), cards)| Strip { channel: channel.clone(), cards })
            .collect(),
    };
    Ok(site.frame.shared(&visit, &view, shows).await?)
}
