//! The order of the hot list, overall and in each channel, for each span.

use std::collections::HashMap;

use articles::Card;
use kernel::{ArticleId, AuthorId, Slug, Time};

use crate::attention::weight;
use crate::heat::{HALF_LIVES, Heat, Span, Usual};
use crate::model::vary;
use crate::why::Why;

/// Articles that are kept ranked, overall and for each channel.
const LONG: usize = 200;
const CHANNEL_LONG: usize = 60;

/// For each of [`Span::ALL`].
#[derive(Default, PartialEq)]
pub struct Ranking([Order; Span::ALL.len()]);

#[derive(Default, PartialEq)]
pub struct Order {
    pub all: Vec<Ranked>,
    pub by_channel: HashMap<Slug, Vec<Ranked>>,
}

#[derive(Clone, PartialEq)]
pub struct Ranked {
    pub id: ArticleId,
    pub why: Why,
    author: AuthorId,
    channel: Slug,
}

impl Ranking {
    pub fn of(heats: &HashMap<ArticleId, Heat>, landmark: Time, now: Time) -> Self {
        let at = HALF_LIVES.map(|half_life| weight(now, landmark, half_life));
        let usual = Usual::of(heats.values(), &at);
        Self(Span::ALL.map(|span| {
            let value = |(&id, heat): (&ArticleId, &_)| (Heat::value(heat, span, now, &at, &usual), id);
            let mut values: Vec<(f64, ArticleId)> = heats.iter().map(value).collect();
            // Of those that are equally hot, the newest.
            let newer = |a: ArticleId, b: ArticleId| {
                heats[&b].published_at.cmp(&heats[&a].published_at).then(b.cmp(&a))
            };
            values.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| newer(a.1, b.1)));
            Order::of(
                values.into_iter().map(|(_, id)| id),
                |id| {
                    let heat = &heats[&id];
                    let why = heat.why(span, now, &at, &usual);
                    Ranked { id, why, author: heat.author, channel: heat.channel.clone() }
                },
                |id| &heats[&id].channel,
            )
        }))
    }

    pub fn order(&self, span: Span) -> &Order {
        &self.0[span as usize]
    }
}

impl Order {
    /// `sorted`: the hottest first.
    fn of<'a>(
        sorted: impl Iterator<Item = ArticleId>,
        ranked: impl Fn(ArticleId) -> Ranked,
        channel: impl Fn(ArticleId) -> &'a Slug,
    ) -> Self {
        let mut all = Vec::new();
        let mut by_channel: HashMap<Slug, Vec<Ranked>> = HashMap::new();
        for id in sorted {
            let of_channel = match by_channel.get_mut(channel(id)) {
                Some(of_channel) => of_channel,
                None => by_channel.entry(channel(id).clone()).or_default(),
            };
            let (long, longer) = (of_channel.len() < CHANNEL_LONG, all.len() < 3 * LONG);
            if !long && !longer {
                continue;
            }
            let one = ranked(id);
            if long {
                of_channel.push(one.clone());
            }
            if longer {
                all.push(one);
            }
        }
        let all = vary(all, LONG, true, |ranked| ranked.author, |ranked| ranked.channel.clone());
        Self { all, by_channel }
    }
}

/// Adds cards that are not there yet.
pub fn append(cards: &mut Vec<Card>, more: Vec<Card>) {
    for card in more {
        if !cards.iter().any(|known| known.id == card.id) {
            cards.push(card);
        }
    }
}
