//! Recorded impressions of a site that is made up: topics, people with tastes, news that age.

use std::fs;

use super::*;

/// Repeatable chance (SplitMix64).
struct Chance(u64);

impl Chance {
    fn number(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.number() * n as f64) as usize
    }
}

const TOPICS: [[&str; 6]; 6] = [
    ["harbour", "tide", "ferry", "lighthouse", "anchor", "shoal"],
    ["bread", "oven", "flour", "yeast", "crust", "baker"],
    ["league", "goal", "keeper", "season", "coach", "derby"],
    ["budget", "council", "vote", "mayor", "tax", "district"],
    ["telescope", "comet", "orbit", "nebula", "eclipse", "star"],
    ["violin", "concert", "opera", "choir", "score", "conductor"],
];
const ITEMS: usize = 480;
const HOURS: f64 = 120.0;

struct Made {
    behaviors: String,
    items: String,
}

/// An item has a topic, an appeal and an hour; it is shown for a day and less and less wanted. Users have one or two topics. Of ten
/// items one is chosen: by taste, appeal, age and chance.
fn made() -> Made {
    let mut chance = Chance(7);
    let all: Vec<(usize, f64, f64)> = (0..ITEMS)
        .map(|n| (chance.below(TOPICS.len()), 2.0 * chance.number(), HOURS * n as f64 / ITEMS as f64))
        .collect();
    let mut items = String::new();
    for (n, (topic, ..)) in all.iter().enumerate() {
        let words: Vec<&str> = (0..3).map(|_| TOPICS[*topic][chance.below(6)]).collect();
        let title = words.join(" ");
        items += &format!(
            "{{\"id\":\"N{n}\",\"author\":\"a{}\",\"title\":\"{title}\",\"channel\":\"c{}\"}}\n",
            n % 40,
            topic / 2
        );
    }
    let users: Vec<[usize; 2]> =
        (0..150).map(|_| [chance.below(TOPICS.len()), chance.below(TOPICS.len())]).collect();
    let mut past: Vec<Vec<usize>> = vec![Vec::new(); users.len()];
    let mut behaviors = String::new();
    for n in 0u32..2_500 {
        let now = 10.0 + (HOURS - 10.0) * f64::from(n) / 2_500.0;
        let user = chance.below(users.len());
        let out = all.partition_point(|item| item.2 <= now);
        let shown: Vec<usize> = (0..10).map(|_| out - 1 - chance.below(out.min(96))).collect();
        let want = |&item: &usize, chance: &mut Chance| {
            let (topic, appeal, hour) = all[item];
            let taste = if users[user].contains(&topic) { 2.5 } else { 0.0 };
            let noise = -(-(chance.number().max(1e-9)).ln()).ln();
            taste + appeal - (now - hour) / 8.0 + noise
        };
        let wants: Vec<f64> = shown.iter().map(|item| want(item, &mut chance)).collect();
        let chosen = (0..10).max_by(|&a, &b| wants[a].total_cmp(&wants[b])).unwrap();
        let day = 11 + (now / 24.0) as u32;
        let (hour, minute) = (now as u32 % 24, (now.fract() * 60.0) as u32);
        let half = if hour < 12 { "AM" } else { "PM" };
        let history: Vec<String> = past[user].iter().map(|item| format!("N{item}")).collect();
        let list: Vec<String> = shown
            .iter()
            .enumerate()
            .map(|(at, item)| format!("N{item}-{}", u8::from(at == chosen)))
            .collect();
        behaviors += &format!(
            "{n}\tU{user}\t11/{day}/2019 {}:{minute:02}:00 {half}\t{}\t{}\n",
            (hour + 11) % 12 + 1,
            history.join(" "),
            list.join(" ")
        );
        past[user].push(shown[chosen]);
    }
    Made { behaviors, items }
}

#[test]
fn learns_taste_age_and_appeal() {
    let made = made();
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("behaviors.tsv"), folder.path().join("items.jsonl"));
    fs::write(&a, &made.behaviors).unwrap();
    fs::write(&b, &made.items).unwrap();
    let items = crate::files::lines::<Item>(&b).unwrap();
    let found = evaluate(&a, &items).unwrap();
    assert_eq!((found.impressions, found.tested, found.undecided), (2_500, 500, 0));
    let show = |report: &Report| {
        let line = |m: &Method| format!("{:28} {:?}\n", m.name, m.figures);
        report.methods.iter().map(line).collect::<String>()
    };
    let (ours, best) = (&found.methods[0].figures, &found.methods[1..]);
    for other in best {
        assert!(ours.auc > other.figures.auc + 0.05, "{}", show(&found));
        assert!(ours.ndcg_10 > 1.10 * other.figures.ndcg_10, "{}", show(&found));
        assert!(
            ours.mrr > 1.10 * other.figures.mrr && ours.ndcg_5 > 1.10 * other.figures.ndcg_5,
            "{}",
            show(&found)
        );
    }
    assert!(found.gain >= 1.10, "{}", show(&found));
    // Without a word about the items it knows less, but more than any of the others.
    let bare = evaluate(&a, &[]).unwrap();
    assert!(
        bare.methods[0].figures.auc < ours.auc - 0.01 && bare.gain > 1.0,
        "{}\n{}",
        show(&found),
        show(&bare)
    );
}

/// Who chooses what stands first, whatever it is, says nothing about what should stand first.
#[test]
fn choices_of_the_place_alone_teach_no_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("behaviors.tsv");
    for fresh in [false, true] {
        let mut chance = Chance(11);
        let mut text = String::new();
        for n in 0..3_000 {
            // The first of eight half the time, the second half of the rest, and so on.
            let chosen = (0..7).find(|_| chance.number() < 0.5).unwrap_or(7);
            let mut items: Vec<usize> =
                (0..60).map(|item| if fresh { 60 * n + item } else { item }).collect();
            let list: Vec<String> = (0..8)
                .map(|at| {
                    let item = items.swap_remove(chance.below(items.len()));
                    format!("N{item}-{}", u8::from(at == chosen))
                })
                .collect();
            text += &format!("{n}\tU{}\t{}\t\t{}\n", n % 200, 60 * n, list.join(" "));
        }
        fs::write(&path, text).unwrap();
        let found = evaluate(&path, &[]).unwrap();
        let ours = &found.methods[0].figures;
        assert!((0.45..0.55).contains(&ours.auc), "{found:?}");
        assert!(found.gain < 1.1, "{found:?}");
    }
}

/// What comes after an impression must not help with it.
#[test]
fn nothing_is_known_before_it_happens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("behaviors.tsv");
    let mut chance = Chance(3);
    let mut text = String::new();
    for n in 0..1_000 {
        let chosen = chance.below(5);
        let list: Vec<String> =
            (0..5).map(|at| format!("N{}-{}", 5 * n + at, u8::from(at == chosen))).collect();
        text += &format!("{n}\tU{n}\t{}\t\t{}\n", 60 * n, list.join(" "));
    }
    fs::write(&path, text).unwrap();
    let found = evaluate(&path, &[]).unwrap();
    for method in &found.methods {
        assert!((0.42..0.58).contains(&method.figures.auc), "{method:?}");
    }
}
