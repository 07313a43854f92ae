//! Who is among the readers: how many of one network, and who does nothing else than read one article.
//!
//! All of it is forgotten within a day and never written: what leaves are sums.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::time::Duration;

use kernel::{ArticleId, Time};

use crate::counts::Counts;
use crate::slots::Slot;
use crate::visitor::{Visitor, make_room, salted};

/// The share of readers who do something else than read one article, where nothing is known of a site.
pub const ACTIVE_ELSEWHERE: f64 = 0.3;
/// Whoever reads something else within this time does not do nothing else.
const SESSION: Duration = Duration::from_hours(6);
/// Readers of one article from one network weigh less and less within this time.
const DAY: Duration = Duration::from_hours(24);
/// Whoever stayed this long has read.
pub const STAYED: Duration = Duration::from_secs(20);

#[derive(Default)]
pub struct FraudFilter {
    visitors: HashMap<u64, Last>,
    /// Readers of an article from a network, by a hash of both; with the last of them.
    networks: HashMap<u64, (u32, Time)>,
}

/// What a visitor read last.
struct Last {
    article: ArticleId,
    at: Time,
    slot: Slot,
    /// What the read weighs, in thousandths.
    weight: i64,
    /// Nothing else is known of the visitor.
    alone: bool,
}

impl FraudFilter {
    /// A visitor begins to read: what that adds to which article and slot. Returns what the read weighs, in thousandths.
    pub fn read(
        &mut self,
        visitor: Visitor,
        article: ArticleId,
        at: Time,
        mut add: impl FnMut((ArticleId, Slot), Counts),
    ) -> i64 {
        let weight = self.weigh(visitor.network, article, at);
        make_room(&mut self.visitors, SESSION, |last| at.since(last.at));
        let before = self.visitors.get(&visitor.number).filter(|last| at.since(last.at) < SESSION);
        let alone = before.is_none_or(|last| last.alone && last.article == article);
        if let Some(last) = before.filter(|last| last.alone && !alone) {
            add((last.article, last.slot), last.not_alone());
        }
        let slot = Slot::of(at);
        self.visitors.insert(visitor.number, Last { article, at, slot, weight, alone });
        let alone_weight = if alone { weight } else { 0 };
        let counts = Counts {
            reads: 1,
            repeats: 1_000 - weight,
            alone: i64::from(alone),
            alone_weight,
            ..Counts::default()
        };
        add((article, slot), counts);
        weight
    }

    /// A visitor really read what they began to read.
    pub fn stayed(
        &mut self,
        visitor: Visitor,
        article: ArticleId,
        add: impl FnOnce((ArticleId, Slot), Counts),
    ) {
        if let Some(last) =
            self.visitors.get_mut(&visitor.number).filter(|last| last.alone && last.article == article)
        {
            last.alone = false;
            add((article, last.slot), last.not_alone());
        }
    }

    /// What one more reader from a network weighs, in thousandths: less with each from the same neighbourhood, and a little less with
    /// each from the same region. A hundred from one house weigh like eight from eight; a hundred from a city's provider like 45.
    fn weigh(&mut self, network: IpAddr, article: ArticleId, at: Time) -> i64 {
        let (near, wide) = networks_of(network);
        let near = self.count((article, near, false), at);
        let wide = self.count((article, wide, true), at);
        (1_000.0 / (1.0 + f64::from(near) / 2.0).max(1.0 + f64::from(wide) / 32.0)) as i64
    }

    /// How many there were, before one more.
    fn count(&mut self, key: impl Hash, at: Time) -> u32 {
        make_room(&mut self.networks, DAY, |(_, last)| at.since(*last));
        let (count, last) = self.networks.entry(salted(key)).or_insert((0, at));
        let before = if at.since(*last) < DAY { *count } else { 0 };
        (*count, *last) = (before.saturating_add(1), at);
        before
    }
}

impl Last {
    fn not_alone(&self) -> Counts {
        Counts { alone: -1, alone_weight: -self.weight, ..Counts::default() }
    }
}

/// The network that a house, firm or school has, and the one of its provider: /24 and /16, or /48 and /32.
fn networks_of(address: IpAddr) -> (IpAddr, IpAddr) {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            (IpAddr::from([a, b, c, 0]), IpAddr::from([a, b, 0, 0]))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            (IpAddr::from([a, b, c, 0, 0, 0, 0, 0]), IpAddr::from([a, b, 0, 0, 0, 0, 0, 0]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(number: u64, network: [u8; 4]) -> Visitor {
        Visitor { number, network: network.into() }
    }

    /// Reads, and sums up for each article.
    fn read(
        fraud: &mut FraudFilter,
        visitor: Visitor,
        article: i64,
        minute: u64,
        sums: &mut HashMap<i64, Counts>,
    ) {
        let at = Time::from_millis(0).plus(Duration::from_mins(minute));
        fraud.read(visitor, ArticleId::new(article), at, |(id, _), counts| {
            *sums.entry(id.raw()).or_default() += counts;
        });
    }

    #[test]
    fn who_reads_something_else_is_not_alone() {
        let (mut fraud, mut sums) = (FraudFilter::default(), HashMap::new());
        let (ann, bob) = (visitor(1, [10, 0, 0, 1]), visitor(2, [10, 9, 0, 1]));
        read(&mut fraud, ann, 7, 0, &mut sums);
        read(&mut fraud, bob, 7, 1, &mut sums);
        assert_eq!((sums[&7].reads, sums[&7].alone, sums[&7].alone_weight), (2, 2, 2_000));
        read(&mut fraud, ann, 8, 2, &mut sums);
        assert_eq!((sums[&7].alone, sums[&8].alone), (1, 0), "the first one is made good");
        read(&mut fraud, ann, 9, 3, &mut sums);
        assert_eq!((sums[&7].alone, sums[&8].alone, sums[&9].alone), (1, 0, 0), "once");
        read(&mut fraud, bob, 7, 60, &mut sums);
        assert_eq!((sums[&7].reads, sums[&7].alone), (3, 2), "coming back is nothing else");
        fraud.stayed(bob, ArticleId::new(7), |_, counts| *sums.get_mut(&7).unwrap() += counts);
        assert_eq!(sums[&7].alone, 1);
        fraud.stayed(bob, ArticleId::new(7), |_, _| panic!("told already"));
        read(&mut fraud, bob, 8, 60 * 10, &mut sums);
        assert_eq!(sums[&8].alone, 1, "the next day is another session");
    }

    #[test]
    fn many_of_one_network_weigh_little() {
        let (mut fraud, mut sums) = (FraudFilter::default(), HashMap::new());
        let weight = |sums: &HashMap<i64, Counts>| {
            let of = &sums[&1];
            (of.reads * 1_000 - of.repeats) / 1_000
        };
        for n in 0..200 {
            read(&mut fraud, visitor(n, [10, 0, 0, n as u8]), 1, 0, &mut sums);
        }
        assert!((8..11).contains(&weight(&sums)), "{sums:?}");
        let (mut fraud, mut sums) = (FraudFilter::default(), HashMap::new());
        for n in 0..200 {
            read(&mut fraud, visitor(n, [10, 0, n as u8, 1]), 1, 0, &mut sums);
        }
        assert!((55..70).contains(&weight(&sums)), "of one provider: {sums:?}");
        let (mut fraud, mut sums) = (FraudFilter::default(), HashMap::new());
        for n in 0..200 {
            read(&mut fraud, visitor(n, [n as u8, 1, 1, 1]), 1, 0, &mut sums);
        }
        assert_eq!(weight(&sums), 200, "from everywhere");
        assert_eq!(
            networks_of("2001:db8:7:8::".parse().unwrap()).0,
            "2001:db8:7::".parse::<IpAddr>().unwrap()
        );
    }
}
