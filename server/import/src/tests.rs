//! Whole imports on both databases. The real WordPress test file is too large and not ours:
//! `BYLINE_WXR=themeunittestdata.xml cargo test -p import` tries it too.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ::reads::Past;
use articles::{Article, State};
use comments::Sort;
use db::{Conn, Db, db_test};
use kernel::{Cursor, Handle, Slug, Tag, Time};
use testing::TestSite;

use crate::{Importer, Options, Progress, ReadsImporter, Report, Source};

struct Desk {
    site: TestSite,
    importer: Importer,
}

impl Deref for Desk {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.site
    }
}

/// The problems, as `record/line: reason`.
#[derive(Default)]
struct RecordingProgress(Mutex<Vec<String>>);

impl Progress for RecordingProgress {
    fn total_bytes(&self, _: u64) {}
    fn at_byte(&self, _: u64) {}
    fn problem(&self, record: u64, line: Option<u64>, reason: &str) {
        self.0.lock().unwrap().push(format!("{record}/{}: {reason}", line.unwrap_or(0)));
    }
}

async fn desk(db: &Db) -> Desk {
    let site = TestSite::builder().review(true).open_on(db).await;
    let s = &site.services;
    let (articles, authors, media) = (s.articles.clone(), s.authors.clone(), s.media.clone());
    let importer = Importer::new(s.env.clone(), articles, authors, s.comments.clone(), media);
    Desk { site, importer }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

impl Desk {
    async fn import(&self, source: Source, path: &Path) -> (Report, Vec<String>) {
        let reported = RecordingProgress::default();
        let default_channel = Slug::new("news").unwrap();
        let options = Options { source_name: None, default_channel, channels_from_categories: true };
        let report = self.importer.run(source, path, &options, &reported).await.unwrap();
        let reported = reported.0.into_inner().unwrap();
        assert_eq!(report.problems, reported.len() as u64);
        (report, reported)
    }

    /// The rows of every table an import writes, to see that a second one writes none.
    async fn rows(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in ["articles", "article_tags", "authors", "channels", "comments", "pictures", "journal"] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            counts.push(self.db.scalar(&sql, vec![]).await.unwrap().unwrap());
        }
        counts
    }

    async fn again(&self, source: Source, path: &Path, first: &Report) {
        let before = self.rows().await;
        let (report, _) = self.import(source, path).await;
        assert_eq!(self.rows().await, before);
        assert_eq!(report.articles_known, first.articles_new + first.articles_known);
        assert_eq!((report.articles_new, report.comments_new, report.authors_new), (0, 0, 0));
    }

    async fn imported(&self, external: &str) -> Article {
        let id = self.articles.by_external(external).await.unwrap();
        self.articles.get(id.unwrap_or_else(|| panic!("no {external}"))).await.unwrap()
    }

    /// `name: text < name: text of what it answers …`
    async fn thread(&self, external: &str) -> Vec<String> {
        let id = self.imported(external).await.id;
        let page = self.comments.thread(id, Sort::New, Cursor::START, 50).await.unwrap();
        let line = |floor: comments::Floor| {
            let said = std::iter::once(&floor.comment).chain(floor.quotes.iter().rev());
            said.map(|c| format!("{}: {}", c.name, c.text.replace('\n', "/"))).collect::<Vec<_>>().join(" < ")
        };
        page.items.into_iter().map(line).collect()
    }
}

#[db_test]
async fn bad_lines_are_told_by_number_and_the_rest_goes_in(db: Db) {
    let desk = desk(&db).await;
    let path = desk.folder().join("in.jsonl");
    std::fs::write(desk.folder().join("a.png"), testing::png(3, 2, 0)).unwrap();
    let long = "长".repeat(201);
    let lines = [
        "\u{feff}{\"id\":\"1\",\"author\":\"Evening News\",\"author_name\":\"晚间新闻\",\"title\":\"一\",\"html\":\"<p style='x'>甲<script>1</script>\\u0000</p>\",\"channel\":\"city-life\",\"tags\":[\"海\",\"海\",\"\"],\"published_at\":\"2024-06-04T11:43:17Z\",\"cover\":\"a.png\",\"comments\":[{\"name\":\"n\",\"text\":\"好\\u0000\",\"at\":\"2024-06-04T12:00:00Z\"}]}".to_owned(),
        String::new(),
        "not json".to_owned(),
        format!("{{\"id\":\"2\",\"author\":\"a b\",\"title\":\"{long}\",\"text\":\"x\"}}"),
        "{\"id\":\"3\",\"author\":\"evening-news\",\"title\":\"三\",\"text\":\"x\",\"cover\":\"../../etc/passwd\",\"channel\":\"City\",\"published_at\":\"2030-01-01T00:00:00Z\"}".to_owned(),
        "{\"id\":\"1\",\"author\":\"evening-news\",\"title\":\"twice\",\"text\":\"x\"}\r".to_owned(),
        format!("{{\"id\":\"4\",\"author\":\"a\",\"title\":\"t\",\"text\":\"{}\"}}", "x".repeat(9 << 20)),
        "{\"id\":\"5\",\"author\":\"evening-news\",\"title\":\"五\",\"text\":\"x\",\"channel\":\"城市 生活\",\"language\":\"zh\"}".to_owned(),
        "{\"id\":\"6\",\"author\":\"evening-news\",\"title\":\"cut".to_owned(),
    ];
    std::fs::write(&path, lines.join("\n")).unwrap();
    let (report, reported) = desk.import(Source::Jsonl, &path).await;
    let numbers: Vec<&str> = reported.iter().map(|line| line.split('/').next().unwrap()).collect();
    assert_eq!(numbers, ["3", "4", "5", "7", "9"], "{reported:#?}");
    assert_eq!((report.articles_new, report.articles_known, report.comments_new), (3, 1, 1));
    assert_eq!((report.authors_new, report.skipped_by_kind["tag"]), (2, 1));

    let one = desk.imported("jsonl:1").await;
    assert_eq!((one.html.as_str(), one.state, one.language.as_str()), ("<p>甲</p>", State::Live, "zh"));
    assert_eq!((one.draft.channel.unwrap().as_str(), one.draft.covers.len()), ("city-life", 1));
    assert_eq!((one.draft.tags.len(), one.published_at), (1, Time::parse("2024-06-04T11:43:17Z")));
    assert_eq!(desk.thread("jsonl:1").await, ["n: 好"]);
    let author = desk.authors.find(one.author).await.unwrap().unwrap();
    assert_eq!((author.handle.as_str(), author.name.as_str()), ("evening-news", "晚间新闻"));
    let three = desk.imported("jsonl:3").await;
    assert_eq!((three.state, three.draft.covers.len()), (State::Scheduled, 0));
    assert_eq!(three.draft.channel.unwrap().as_str(), "city");
    assert_eq!(desk.imported("jsonl:5").await.draft.channel.unwrap().as_str(), "news");

    desk.again(Source::Jsonl, &path, &report).await;
}

#[db_test]
async fn a_run_that_was_broken_off_goes_on(db: Db) {
    let desk = desk(&db).await;
    let path = desk.folder().join("in.jsonl");
    let line = |n: usize| {
        format!(
            "{{\"id\":{n},\"author\":\"a{}\",\"title\":\"t{n}\",\"text\":\"x\",\"comments\":[{{\"name\":\"n\",\"text\":\"c\"}}]}}\n",
            n % 7
        )
    };
    // Killed between the articles and their comments, and in the middle of a line.
    std::fs::write(&path, (0..700).map(line).collect::<String>()).unwrap();
    desk.import(Source::Jsonl, &path).await;
    for table in ["comment_counts", "comments"] {
        desk.db.write().await.unwrap().exec_and_commit(&format!("DELETE FROM {table}")).await;
    }
    std::fs::write(&path, (0..1_300).map(line).collect::<String>() + "{\"id\":").unwrap();
    let (report, reported) = desk.import(Source::Jsonl, &path).await;
    assert_eq!((report.articles_known, report.articles_new, report.comments_new), (700, 600, 1_300));
    assert_eq!((report.authors_new, reported.len()), (0, 1));
    desk.again(Source::Jsonl, &path, &report).await;
}

trait ExecAndCommit {
    async fn exec_and_commit(self, sql: &str);
}

impl ExecAndCommit for db::Tx {
    async fn exec_and_commit(self, sql: &str) {
        self.exec(sql, vec![]).await.unwrap();
        self.commit().await.unwrap();
    }
}

#[db_test]
async fn a_blog_comes_in_whole(db: Db) {
    let desk = desk(&db).await;
    let path = fixture("export.xml");
    let (report, reported) = desk.import(Source::Wordpress, &path).await;
    assert_eq!(reported, ["9/46: no wp:post_id"]);
    assert_eq!((report.articles_new, report.comments_new, report.authors_new), (6, 2, 2));
    let skipped: Vec<(&str, u64)> =
        report.skipped_by_kind.iter().map(|(kind, &n)| (kind.as_str(), n)).collect();
    let want = [
        ("attachment", 2),
        ("comment (not approved)", 1),
        ("comment (ping)", 1),
        ("page", 1),
        ("password", 1),
    ];
    assert_eq!(skipped, want);

    let tides = desk.imported("harbour.example:10").await;
    assert_eq!(tides.draft.title, "Tides & times");
    assert_eq!(tides.draft.subtitle.as_deref(), Some("When low water comes"));
    assert_eq!(tides.published_at, Time::parse("2019-03-02T07:30:00Z"));
    assert_eq!(tides.draft.channel.unwrap().as_str(), "sea-life");
    let channels = desk.articles.channels().await.unwrap();
    assert!(channels.iter().any(|channel| channel.en == "Sea & Life"));
    assert_eq!(tides.draft.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["Sea & Life", "港", "tides"]);
    let author = desk.authors.find(tides.author).await.unwrap().unwrap();
    assert_eq!((author.handle.as_str(), author.name.as_str()), ("mara", "Mara & Crew"));
    let html = tides.html.as_str();
    for part in [
        "<p>First <a href=\"https://harbour.example/about\"",
        "line</a><br>\nsecond line</p>",
        "<div class=\"gallery\"><figure><img src=\"https://harbour.example/boat.jpg\"",
        "<figcaption>The quay</figcaption>",
        "<img src=\"https://harbour.example/2019/03/tides/x.jpg\"",
        "<figcaption>On the quay</figcaption>",
        "<h4 id=\"h-small-head\">Small head</h4>",
        "<a href=\"https://video.example/1\"",
    ] {
        assert!(html.contains(part), "{part}\n{html}");
    }
    let thread = desk.thread("harbour.example:10").await;
    assert_eq!(
        thread,
        ["Deep: third, under one that waits < Jan ’n: first/and more", "Jan ’n: first/and more"]
    );

    for (id, title, state) in [
        (14, "A text without a title.", State::Live),
        (15, "Later", State::Scheduled),
        (16, "Unfinished", State::Draft),
        (17, "Locked", State::Draft),
    ] {
        let article = desk.imported(&format!("harbour.example:{id}")).await;
        assert_eq!((article.draft.title.as_str(), article.state), (title, state));
    }
    let untitled = desk.imported("harbour.example:14").await;
    assert_eq!(untitled.published_at, Time::parse("2019-03-01T08:00:00Z"));
    assert_eq!(untitled.draft.channel.unwrap().as_str(), "news");
    // Nobody's address becomes public.
    assert!(desk.authors.find_by_handle(&Handle::new("stranger").unwrap()).await.unwrap().is_some());
    let featured = desk.imported("harbour.example:18").await;
    assert_eq!(featured.draft.tags.len(), 11);
    assert!(featured.html.as_str().starts_with("<figure><img src=\"https://harbour.example/quay.jpg\""));

    desk.again(Source::Wordpress, &path, &report).await;
}

#[db_test]
async fn feeds_come_in(db: Db) {
    let desk = desk(&db).await;
    let (report, reported) = desk.import(Source::Rss, &fixture("feed.rss")).await;
    assert_eq!(reported, ["3/28: neither a title nor a text"]);
    assert_eq!((report.articles_new, report.authors_new), (2, 2));
    let one = desk.imported("port.example:port-1").await;
    assert_eq!((one.draft.title.as_str(), one.language.as_str()), ("L’été & la mer", "fr"));
    assert_eq!(one.draft.canonical_url.as_deref(), Some("https://port.example/ete?a=1&b=2"));
    assert_eq!(one.draft.source_url, one.draft.canonical_url);
    assert_eq!((one.draft.tags.len(), one.draft.channel.unwrap().as_str()), (2, "city"));
    for part in ["href=\"https://port.example/mer\"", "src=\"https://port.example/img/a.jpg\"", "<audio src="]
    {
        assert!(one.html.as_str().contains(part), "{part}\n{}", one.html.as_str());
    }
    let newest = desk.articles.latest(Cursor::START, 1).await.unwrap().items.remove(0);
    assert_eq!(newest.title, "Un texte sans titre ni lien. Et une suite.");
    let author = desk.authors.find(newest.author).await.unwrap().unwrap();
    assert_eq!((author.handle.as_str(), author.name.as_str()), ("la-rédaction", "La rédaction"));
    desk.again(Source::Rss, &fixture("feed.rss"), &report).await;
}

#[db_test]
async fn a_feed_that_breaks_off_gives_what_it_has(db: Db) {
    let desk = desk(&db).await;
    let (report, reported) = desk.import(Source::Rss, &fixture("feed.atom")).await;
    assert_eq!((report.articles_new, report.authors_new, reported.len()), (2, 2, 1));
    assert!(reported[0].starts_with("3/28: the XML can't be read beyond byte "), "{reported:?}");
    let one = desk.imported("yard.example:tag:yard.example,2024:1").await;
    assert_eq!(one.draft.title, "Use of <br> in text");
    assert_eq!(one.draft.canonical_url.as_deref(), Some("https://yard.example/one"));
    assert_eq!(one.published_at, Time::parse("2024-06-01T00:00:00Z"));
    assert_eq!(one.edited_at, Time::parse("2024-06-02T00:00:00Z"));
    assert!(one.html.as_str().starts_with("<figure><img src=\"https://yard.example/one.png\""));
    assert!(one.html.text().ends_with("One & only\nline"));
    assert_eq!(desk.imported("yard.example:tag:yard.example,2024:2").await.draft.title, "A < B");
    desk.again(Source::Rss, &fixture("feed.atom"), &report).await;
}

#[db_test]
async fn what_is_no_such_file_is_said(db: Db) {
    let desk = desk(&db).await;
    let (report, reported) = desk.import(Source::Wordpress, &fixture("../Cargo.toml")).await;
    assert_eq!(report.articles_new, 0);
    assert!(reported[0].contains("there is no <rss> or <feed> in it"), "{reported:?}");
    let options = Options {
        source_name: None,
        default_channel: Slug::new("city").unwrap(),
        channels_from_categories: false,
    };
    let missing =
        desk.importer.run(Source::Jsonl, &fixture("none"), &options, &RecordingProgress::default()).await;
    assert!(missing.unwrap_err().to_string().contains("No such file"));
}

#[db_test]
async fn the_wordpress_theme_test_file(db: Db) {
    let Ok(path) = std::env::var("BYLINE_WXR") else {
        eprintln!("skipped: BYLINE_WXR names no file");
        return;
    };
    let desk = desk(&db).await;
    let (report, reported) = desk.import(Source::Wordpress, Path::new(&path)).await;
    assert_eq!(reported, [String::new(); 0]);
    assert_eq!((report.articles_new, report.comments_new, report.authors_new), (51, 22, 2));
    let live: Option<i64> =
        desk.db.scalar("SELECT COUNT(*) FROM articles WHERE state = 'live'", vec![]).await.unwrap();
    assert_eq!(live, Some(48)); // 49 published, one of them behind a password
    desk.again(Source::Wordpress, Path::new(&path), &report).await;
}

#[db_test]
async fn reads_count_once_by_the_ids_the_articles_came_with(db: Db) {
    let desk = desk(&db).await;
    let articles = "{\"id\": \"a\", \"author\": \"ann\", \"title\": \"One\", \"text\": \"Text\"}\n{\"id\": \"b\", \"author\": \"ann\", \"title\": \"Two\", \"text\": \"Text\"}\n";
    let (file, table) = (desk.folder().join("a.jsonl"), desk.folder().join("reads.csv"));
    std::fs::write(&file, articles).unwrap();
    desk.import(Source::Jsonl, &file).await;
    let one = desk.articles.by_external("jsonl:a").await.unwrap().unwrap();
    let two = desk.articles.by_external("jsonl:b").await.unwrap().unwrap();
    let reads = desk.lists().reads.clone();
    let (env, articles) = (desk.env.clone(), desk.site.services.articles.clone());
    let importer = ReadsImporter { env, articles, reads: reads.clone() };
    let import = async || {
        let reported = RecordingProgress::default();
        let report = importer.run(&table, None, &reported).await.unwrap();
        (report, reported.0.into_inner().unwrap())
    };

    // 1717578000 is nine o'clock of that day.
    let mut lines = String::from(
        "time,user,item,action\n1717578000,ann,a,read\n1717578060,ann,b,read\n1717578070,ann,b,finish\n1717578000,bob,\"a\",click\n\
         soon,bob,a,read\n1817578000,bob,a,read\n1717578000,,a,read\n1717578000,bob\n1717578100,bob,zzz,read\n1717578100,bob,a,like\n",
    );
    std::fs::write(&table, &lines).unwrap();
    let (report, reported) = import().await;
    assert_eq!((report.reads_new, report.lines_known, report.problems), (3, 0, 4));
    let left_out: Vec<(&str, u64)> =
        report.skipped_by_kind.iter().map(|(kind, n)| (kind.as_str(), *n)).collect();
    assert_eq!(left_out, [("like", 1), ("unknown item", 1)]);
    assert_eq!(
        reported,
        [
            "6/6: the time `soon` is no number of seconds since 1970",
            "7/7: the time `1817578000` is yet to come",
            "8/8: the user or the item is missing",
            "9/9: the item is missing",
        ]
    );
    let totals = reads.totals(&[one, two]).await.unwrap();
    assert_eq!((totals[&one], totals[&two]), (2, 1));
    let near = reads.co_reads().near(&[one]).await.unwrap();
    assert_eq!(near[&one].iter().map(|(id, _)| *id).collect::<Vec<_>>(), [two]);

    // The same file again changes nothing; another one is another one.
    let (report, reported) = import().await;
    assert_eq!((report.reads_new, report.lines_known, reported.len()), (0, 10, 0));
    assert_eq!(reads.total(one).await.unwrap(), 2);
    lines.push_str("1717578200,bob,a,read\n");
    std::fs::write(&table, lines.lines().take(1).chain(lines.lines().last()).collect::<Vec<_>>().join("\n"))
        .unwrap();
    assert_eq!(import().await.0.reads_new, 1);
    assert_eq!(reads.total(one).await.unwrap(), 3);

    // What is broken off goes on where it was: a file of which some lines are in.
    std::fs::write(&table, &lines).unwrap();
    let (digest, _) = crate::reads::digest(&table).unwrap();
    reads.take_in(&mut Past::default(), &digest, 11).await.unwrap();
    let (report, _) = import().await;
    assert_eq!((report.reads_new, report.lines_known), (1, 10));

    // A quote that is not closed takes the rest with it; a line that is no UTF-8 only itself.
    let mut bytes = b"time,user,item,action\n1717578300,bob,a,read\n1717578301,\xff,a,read\n".to_vec();
    bytes.extend(b"1717578302,\"bob,a,read\n1717578303,bob,a,read\n");
    std::fs::write(&table, bytes).unwrap();
    let (report, reported) = import().await;
    assert_eq!((report.reads_new, report.problems), (1, 2));
    assert_eq!(reported[0], "3/3: the user is no UTF-8");
    assert!(reported[1].starts_with("4/4: a quoted text goes on"), "{reported:?}");

    std::fs::write(&table, "when,who\n1,2\n").unwrap();
    let error = importer.run(&table, None, &RecordingProgress::default()).await.unwrap_err();
    assert!(error.to_string().contains("names no column `time`"), "{error}");
    let nowhere = importer
        .run(&desk.folder().join("nowhere.csv"), None, &RecordingProgress::default())
        .await
        .unwrap_err();
    assert!(nowhere.to_string().contains("nowhere.csv"), "{nowhere}");
}
