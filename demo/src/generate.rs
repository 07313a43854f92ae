//! Articles made of ready phrases, for trying a site under load. They are no reading matter, but their words are distributed
//! like words of articles: search, related articles and lists have something to work on.

use std::time::Duration;

use anyhow::Result;
use articles::{Draft, Imported, State};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{Cursor, Slug, Tag};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use services::Services;

/// Articles in one transaction.
const BATCH: u64 = 500;
const SENTENCES: usize = 12;
const YEAR: Duration = Duration::from_hours(365 * 24);

/// Who did something, what, where, and what came of it.
struct Phrases {
    language: &'static str,
    who: &'static [&'static str],
    what: &'static [&'static str],
    whither: &'static [&'static str],
    then: &'static [&'static str],
    join: &'static str,
    stop: &'static str,
}

const ZH: Phrases = Phrases {
    language: "zh",
    who: &[
        "邮局的值班员",
        "河边的修船人",
        "社区图书馆",
        "三位退休教师",
        "夜班公交的司机",
        "气象站的学徒",
        "巷口的面馆",
        "合唱队的低音部",
        "新来的园丁",
        "旧货市场的摊主",
        "水文站",
        "小学的科学课",
        "山腰的茶厂",
        "值夜的护士",
        "天文社的学生",
        "渔港的过磅员",
        "裁缝铺的老板娘",
        "自行车维修点",
        "剧场的灯光师",
        "菜地的主人",
    ],
    what: &[
        "把十年的记录重新抄了一遍",
        "数清了每一盏路灯",
        "换掉了用了二十年的水泵",
        "第一次公开账本",
        "修好了会唱歌的闸门",
        "画出了一张新的地图",
        "整理出四百封没寄出的信",
        "试种了两垄耐盐的水稻",
        "给每棵树挂上了编号",
        "重新调准了大钟",
        "请邻居们来喝一碗汤",
        "把旧仓库改成了排练厅",
        "量了一个冬天的雪深",
        "听完了所有的录音带",
        "学会了看潮汐表",
    ],
    whither: &[
        "在临江的东岸",
        "在南坡的第三个弯",
        "在老城墙下面",
        "在末班渡轮开走以后",
        "在梅雨停下来的那天",
        "在没有路灯的街上",
        "在水塔旁边的空地",
        "在集市散场以后",
        "在结冰的水库边",
        "在学校的地下室",
        "在旧火车站的站台",
        "在大桥的背阴处",
    ],
    then: &[
        "结果比所有人猜的都简单",
        "答案写在最后一页",
        "邻居们为此争论了一个星期",
        "没有人再提起当初的预算",
        "参加的人从七个变成了四十个",
        "剩下的部分明年再说",
        "这件事后来被写进了校史",
        "数字并不好看，但是真的",
        "连反对的人也来帮忙了",
        "他们决定把方法教给下一个村子",
    ],
    join: "，",
    stop: "。",
};

const EN: Phrases = Phrases {
    language: "en",
    who: &[
        "The night clerk",
        "A retired surveyor",
        "The parish library",
        "Three ferry pilots",
        "The tide station",
        "A street musician",
        "The evening class",
        "The allotment committee",
        "A piano tuner",
        "The repair café",
        "The lighthouse keeper’s niece",
        "The school kitchen",
        "A beekeeper from the ridge",
        "The harbour museum",
        "The last bookbinder",
        "A team of volunteers",
    ],
    what: &[
        "counted every bench twice",
        "copied ten years of readings by hand",
        "opened the accounts to anybody who asked",
        "mended a gate that used to sing",
        "drew a map of the quiet streets",
        "sorted four hundred unsent letters",
        "planted two rows of salt-proof barley",
        "numbered all the chestnut trees",
        "tuned the town clock again",
        "cooked soup for the whole row",
        "turned a warehouse into a rehearsal room",
        "measured one winter of snow",
    ],
    whither: &[
        "below the old sea wall",
        "at the far end of the tram line",
        "on the morning after the storm",
        "behind the fish market",
        "in the basement of the town hall",
        "by the frozen reservoir",
        "on the unlit side of the river",
        "under the railway arches",
        "between two tides",
        "in the week without buses",
    ],
    then: &[
        "and the answer was simpler than anybody had guessed",
        "which settled an argument of thirty years",
        "and nobody has mentioned the budget since",
        "so that seven people became forty",
        "and the rest will wait for spring",
        "although the figures are not pretty",
        "and even the sceptics came to help",
        "which is how the method reached the next valley",
    ],
    join: " ",
    stop: ". ",
};

/// Adds what is missing of `n` generated articles.
pub async fn add(services: &Services, n: u64) -> Result<()> {
    let last = services.articles.known(&[external(n)]).await?;
    if n == 0 || !last.is_empty() {
        return Ok(());
    }
    let authors = services.authors.list(Cursor::START, 100).await?.items;
    let channels: Vec<Slug> = services.articles.channels().await?.into_iter().map(|c| c.slug).collect();
    let now = services.env.now();
    let bar = ProgressBar::new(n)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} generated articles {eta}")?);
    for first in (1..=n).step_by(BATCH as usize) {
        let batch = (first..(first + BATCH).min(n + 1)).map(|number| {
            let mut chance = StdRng::seed_from_u64(number);
            let phrases = if number % 2 == 0 { &EN } else { &ZH };
            let author = &authors[number as usize % authors.len()];
            let tags = [pick(&mut chance, phrases.who), pick(&mut chance, phrases.whither)];
            let draft = Draft {
                title: format!("{} · {number}", sentence(&mut chance, phrases)),
                body: (0..3).map(|_| paragraph(&mut chance, phrases)).collect::<Vec<_>>().join("\n\n"),
                language: Some(phrases.language.to_owned()),
                channel: Some(channels[chance.random_range(0..channels.len())].clone()),
                tags: tags.into_iter().filter_map(|tag| Tag::new(tag).ok()).collect(),
                ..Draft::default()
            };
            Imported {
                external_id: external(number),
                author: author.id,
                place: author.region.clone(),
                draft,
                state: State::Live,
                published_at: now.minus(Duration::from_secs(chance.random_range(0..YEAR.as_secs()))),
                edited_at: None,
            }
        });
        bar.inc(services.articles.import(batch.collect()).await?.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

fn external(number: u64) -> String {
    format!("generated:{number}")
}

fn pick<'a>(chance: &mut StdRng, from: &[&'a str]) -> &'a str {
    from.choose(chance).copied().unwrap_or_default()
}

fn sentence(chance: &mut StdRng, of: &Phrases) -> String {
    [pick(chance, of.who), pick(chance, of.what), pick(chance, of.whither)].join(of.join)
}

fn paragraph(chance: &mut StdRng, of: &Phrases) -> String {
    (0..SENTENCES / 3)
        .map(|_| format!("{}{}{}{}", sentence(chance, of), of.join, pick(chance, of.then), of.stop))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_text() {
        let make = |n| paragraph(&mut StdRng::seed_from_u64(n), &ZH);
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
        assert!(make(7).ends_with('。'));
    }
}
