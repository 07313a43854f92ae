//! What is put in is found, also after the worst.

use std::fs;
use std::path::Path;

use index::{Alike, Document, Entry, Fit, Index, MatchedField, Order, Query, Wanted};
use kernel::{ArticleId, AuthorId, Error, Slug, Time};

const DAY: i64 = 24 * 3_600_000;

mod asked;

fn document(id: i64, title: &str, text: &str) -> Document {
    Document {
        id: ArticleId::new(id),
        author: AuthorId::new(id % 2),
        author_name: ["南坡观察", "Harbour Notes"][(id % 2) as usize].into(),
        handle: ["nanpo", "harbour"][(id % 2) as usize].into(),
        channel: Slug::new(["tech", "city"][(id % 2) as usize]).unwrap(),
        title: title.into(),
        text: text.into(),
        tags: Vec::new(),
        kinds: Vec::new(),
        published_at: Time::from_millis(id * DAY),
    }
}

fn query(text: &str) -> Query {
    Query {
        wanted: Wanted::read(text),
        author: None,
        channel: None,
        tag: None,
        kind: None,
        since: None,
        order: Order::Best,
        now: Time::from_millis(100 * DAY),
        offset: 0,
        limit: 20,
    }
}

fn found(index: &Index, query: &Query) -> Vec<i64> {
    index.search(query).unwrap().hits.iter().map(|hit| hit.id.raw()).collect()
}

fn check(index: &Index, text: &str, want: &[i64]) {
    assert_eq!(found(index, &query(text)), want, "{text}");
}

fn with(dir: &Path, documents: &[Document]) -> Index {
    let index = Index::open(dir).unwrap();
    index.put(documents).unwrap();
    index.commit(Some("7")).unwrap();
    index
}

fn library() -> Vec<Document> {
    vec![
        document(1, "星际云计算平台上线", "新的平台为天文台处理观测数据。"),
        document(2, "AI助手进了5G网络实验室", "iPhone15 也能用。"),
        document(3, "Backyard astronomy", "The telescopes of the harbour club, and the moon's slow wobble."),
        document(4, "面包师的凌晨", "酵母与面团，还有华人社区的早市。"),
        document(5, "中华人民共和国地图集", "古旧地图的修复。"),
        document(6, "A café on the pier", "Bread, coffee and the 6 o'clock ferry."),
    ]
}

#[test]
fn words_parts_of_words_and_mixed_scripts_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library());
    check(&index, "云计算", &[1]);
    check(&index, "云", &[1]);
    check(&index, "际云计", &[1]); // a part that is no word
    check(&index, "共和", &[5]);
    check(&index, "旧地", &[5]); // no word, found by its characters
    check(&index, "云际", &[]); // which must stand together
    check(&index, "雲計算", &[1]); // in traditional characters
    check(&index, "AI", &[2]);
    check(&index, "助手", &[2]);
    check(&index, "5G网络", &[2]);
    check(&index, "iphone", &[2]);
    check(&index, "ｉＰｈｏｎｅ 15", &[2]);
    check(&index, "telescope", &[3]);
    check(&index, "astro", &[3]); // not typed to its end
    check(&index, "astro ", &[]);
    check(&index, "CAFE", &[6]);
    check(&index, "南坡观察", &[6, 4, 2]); // the author's name; newer first
    check(&index, "the", &[6, 3]); // nothing but a stop word
    check(&index, "？！", &[]);
}

#[test]
fn names_with_signs_are_found_wherever_they_stand() {
    let names = [
        "C++",
        "C#",
        "F#",
        ".NET",
        "ASP.NET",
        "AT&T",
        "R&D",
        "GPT-4o",
        "iPhone15",
        "Node.js",
        "TCP/IP",
        "5G",
        "3.5%",
        "Ctrl+C",
        "A+",
        "Wi-Fi",
        "Objective-C++",
        "H.265",
        "I/O",
    ];
    let wide = |name: &str| -> String {
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(c as u32 - 0x21 + 0xff01).unwrap(),
            c => c,
        };
        name.chars().map(wide).collect()
    };
    for name in names {
        let texts: Vec<String> = [
            "{}",
            "学{}编程",
            "（{}）",
            "用 {} 写",
            "“{}”，真的",
            "前、{}。",
            "The {}, again",
            "{}：入门",
            "说{}",
        ]
        .iter()
        .map(|text| text.replace("{}", name))
        .chain([format!("学{}编程", wide(name)), format!("the {} way", name.to_lowercase())])
        .collect();
        let mut documents: Vec<Document> = Vec::new();
        for (n, text) in (0..).zip(&texts) {
            documents.push(document(2 * n + 1, text, ""));
            documents.push(document(2 * n + 2, "无关", &format!("先说别的。{text}")));
        }
        // What has only a piece of it, or the pieces apart.
        let others = [
            "C 语言与 F 调，A 级",
            "a net of js nodes at a t",
            "the R room, a D minor; O and I",
            "GPT 与 4 个 o",
            "H 与 265",
        ];
        let far = documents.len() as i64 + 1;
        documents.extend((far..).zip(others).map(|(id, text)| document(id, text, text)));
        let dir = tempfile::tempdir().unwrap();
        let index = with(dir.path(), &documents);
        for asked in
            [name.to_owned(), wide(name), name.to_lowercase(), format!("{name} "), format!("\"{name}\"")]
        {
            let found = index.search(&Query { limit: 100, ..query(&asked) }).unwrap();
            let mut ids: Vec<i64> = found.hits.iter().map(|hit| hit.id.raw()).collect();
            ids.sort_unstable();
            assert_eq!(ids, (1..far).collect::<Vec<_>>(), "{asked}");
            assert!(found.hits.iter().all(|hit| hit.fit == Fit::Whole), "{asked}");
        }
    }
}

#[test]
fn what_is_written_in_another_way_is_found_too() {
    let texts =
        ["GPT-4o", "GPT4o", "GPT 4o", "Wi-Fi", "WiFi", "ASP.NET", "用.NET8", "C/C++/C#/Java/Go", "a net"];
    let documents: Vec<Document> = (1..).zip(texts).map(|(id, text)| document(id, "无关", text)).collect();
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &documents);
    let sorted = |asked: &str| {
        let mut ids = found(&index, &query(asked));
        ids.sort_unstable();
        ids
    };
    assert_eq!(sorted("gpt-4o "), [1, 2, 3]);
    assert_eq!(sorted("gpt4o "), [1, 2]);
    assert_eq!(sorted("wi-fi "), [4, 5]);
    assert_eq!(sorted("wifi "), [4, 5]);
    assert_eq!(sorted(".NET "), [6, 7]);
    assert_eq!(sorted("asp.net "), [6]);
    assert_eq!(sorted("net "), [6, 7, 9]);
    assert_eq!(sorted("C++ "), [8]);
    assert_eq!(sorted("java "), [8]);
}

#[test]
fn all_words_first_and_some_where_nothing_has_all() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library());
    let all = index.search(&query("平台 数据")).unwrap();
    assert_eq!((all.total, all.whole), (1, 1));
    let some = index.search(&query("天文台 面团 修复")).unwrap();
    assert_eq!((some.total, some.whole), (3, 0));
    // A question: what has most of it first, then what has some.
    assert_eq!(found(&index, &query("天文台里的平台怎样发酵面团")), [1, 4]);
    let newest = Query { order: Order::Newest, ..query("平台 数据 天文台") };
    assert_eq!(found(&index, &newest), [1]);
}

#[test]
fn narrowed_and_ordered() {
    let dir = tempfile::tempdir().unwrap();
    let mut documents = library();
    documents.push(document(8, "云", "云"));
    documents.push(document(9, "天上", "云"));
    let index = with(dir.path(), &documents);
    check(&index, "云", &[8, 9, 1]);
    assert_eq!(found(&index, &Query { order: Order::Newest, ..query("云") }), [9, 8, 1]);
    assert_eq!(found(&index, &Query { since: Some(Time::from_millis(8 * DAY)), ..query("云") }), [8, 9]);
    assert_eq!(found(&index, &Query { channel: Some(Slug::new("city").unwrap()), ..query("云") }), [9, 1]);
    assert_eq!(found(&index, &Query { author: Some(AuthorId::new(0)), ..query("云") }), [8]);
    let second = index.search(&Query { offset: 1, limit: 1, ..query("云") }).unwrap();
    assert_eq!((second.hits[0].id.raw(), second.total), (9, 3));
}

#[test]
fn hits_show_why() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library());
    let hit = &index.search(&query("平台 观测")).unwrap().hits[0];
    assert_eq!(hit.title.pieces(), [("星际云计算", false), ("平台", true), ("上线", false)]);
    assert!(hit.passage.pieces().contains(&("观测", true)), "{:?}", hit.passage);
}

#[test]
fn nothing_is_seen_before_the_commit_and_what_is_replaced_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library());
    index.put(&[document(1, "改名了", "新的正文"), document(1, "又改名了", "再新的正文")]).unwrap();
    index.delete(&[ArticleId::new(2), ArticleId::new(99)]);
    check(&index, "云计算", &[1]);
    index.commit(Some("8")).unwrap();
    check(&index, "云计算", &[]);
    check(&index, "又改名了", &[1]);
    check(&index, "AI助手", &[]);
    assert_eq!(index.len(), 5);
    index.put(&[document(7, "没写完", "")]).unwrap();
    index.rollback().unwrap();
    index.commit(Some("9")).unwrap();
    check(&index, "没写完", &[]);
    let author = AuthorId::new(1);
    assert!(index.named_otherwise(author, "Harbour Notes", "harbour").unwrap().is_empty());
    let mut renamed = index.named_otherwise(author, "Pier Notes", "harbour").unwrap();
    renamed.sort_unstable();
    assert_eq!(renamed, [1, 3, 5].map(ArticleId::new));
}

#[test]
fn content_and_place_survive_together() {
    let dir = tempfile::tempdir().unwrap();
    let index = with(dir.path(), &library());
    // Written but not committed, as by a process that is killed.
    index.put(&[document(7, "没提交", "")]).unwrap();
    assert!(matches!(Index::open(dir.path()), Err(Error::Unavailable(_))));
    drop(index);
    let index = Index::open(dir.path()).unwrap();
    assert_eq!((index.len(), index.commit_payload().unwrap().as_deref()), (6, Some("7")));
    index.clear().unwrap();
    assert_eq!((index.len(), index.commit_payload().unwrap()), (0, None));
}

#[test]
fn a_broken_or_older_index_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let meta = dir.path().join("files/meta.json");
    let largest = |dir: &Path| {
        let files = fs::read_dir(dir.join("files")).unwrap().map(|file| file.unwrap().path());
        files.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap()
    };
    let broken: [&dyn Fn(); 4] = [
        &|| fs::write(&meta, "{").unwrap(),
        &|| fs::remove_file(&meta).unwrap(),
        &|| fs::write(largest(dir.path()), "short").unwrap(),
        &|| fs::write(dir.path().join("version"), "0").unwrap(),
    ];
    for (n, damage) in broken.iter().enumerate() {
        drop(with(dir.path(), &library()));
        damage();
        let index = Index::open(dir.path()).unwrap();
        assert_eq!((index.len(), index.commit_payload().unwrap()), (0, None), "damage {n}");
    }
}

#[test]
fn similar_texts_and_copies() {
    let dir = tempfile::tempdir().unwrap();
    let tide = "潮汐表先量一年的水位，再把月亮和太阳的周期从里面找出来。港口的潮位站每六分钟记一次水位。";
    let mut documents = library();
    documents.extend([
        document(10, "潮汐表是怎样做出来的", tide),
        document(11, "潮汐表是怎么做出来的", &format!("{tide}（转载）")),
        document(12, "风暴潮来了，水位站在看什么", "潮位站的水位比潮汐表高出一米，港口的水位报警响了。"),
        document(13, "面团与酵母", "面包师的早市。"),
    ]);
    let index = with(dir.path(), &documents);
    let (sketch, similar) = index.similar(ArticleId::new(10), 5).unwrap().unwrap();
    let ids: Vec<i64> = similar.iter().map(|s| s.id.raw()).collect();
    assert_eq!(ids[..2], [11, 12], "{similar:?}");
    assert!(sketch.is_copy(&similar[0].sketch) && !sketch.is_copy(&similar[1].sketch));
    let sketches = index.sketches(&[ArticleId::new(10), ArticleId::new(99)]).unwrap();
    assert_eq!((sketches.len(), &sketches[&ArticleId::new(10)]), (1, &sketch));
    assert!(similar[0].closeness > similar[1].closeness && similar[0].closeness <= 1.0);
    assert!(index.similar(ArticleId::new(99), 5).unwrap().is_none());
}

#[test]
fn short_texts_are_close_by_their_characters_and_by_what_others_say() {
    let dir = tempfile::tempdir().unwrap();
    let titles = [
        "湖人客场大胜",
        "火箭主场小负",
        "湖人主场险胜",
        "火箭客场惨败",
        "楼市新盘开售",
        "新盘价格下调",
        "楼市成交回落",
    ];
    let documents: Vec<Document> = (1..).zip(titles).map(|(id, title)| document(id, title, "")).collect();
    let index = with(dir.path(), &documents);
    let (_, near) = index.similar(ArticleId::new(1), 3).unwrap().unwrap();
    let mut near: Vec<i64> = near.iter().map(|near| near.id.raw()).collect();
    assert_eq!(near[0], 3, "the same team");
    near.sort_unstable();
    assert_eq!(near, [2, 3, 4], "and then the same game, though nothing of it stands in both");
}

#[test]
fn the_first_two_of_a_subject_are_close_on_a_large_site() {
    let dir = tempfile::tempdir().unwrap();
    let filler = "The harbour is dry at low water, and the boats lie on their sides until the tide is back; "
        .repeat(3);
    let many: Vec<Document> =
        (1..=1_500).map(|id| document(id, &format!("Low water {id}"), &filler)).collect();
    let index = with(dir.path(), &many);
    // So few more change nothing of what was counted.
    let about = format!("{filler} A quernstone from Vindelgard.");
    let new = [
        document(2_001, "Quernstones", &about),
        document(2_002, "What came from Vindelgard", &format!("{about} It was ground smooth.")),
        document(2_003, "Ostriches of Umbria", ""),
        document(2_004, "Umbria without ostriches", ""),
    ];
    index.put(&new).unwrap();
    index.commit(None).unwrap();
    for (one, other) in [(2_001, 2_002), (2_002, 2_001), (2_003, 2_004), (2_004, 2_003)] {
        let (_, near) = index.similar(ArticleId::new(one), 5).unwrap().unwrap();
        assert_eq!(near.first().map(|near| near.id.raw()), Some(other), "{one}: {near:?}");
    }
}
