//! The files as a reader program gets them, read back with a parser.

use std::ops::{Deref, Range};
use std::time::Duration;

use articles::{Channel, Declaration, Draft, Imported, State};
use authors::Profile;
use editorial::TopicText;
use http::header;
use kernel::{ArticleId, Locale, Slug, Tag, Time};
use media::Picture;
use testing::{Answer, Client, TestSite, URL as SITE, channel};
use web::{CachePolicy, CacheTag};

use crate::Feeds;
use crate::parts::Parts;
use crate::versions::Versions;

mod discovery;

/// A site whose feeds a program reads.
pub struct Desk {
    site: TestSite,
    program: Client,
}

impl Deref for Desk {
    type Target = TestSite;

    fn deref(&self) -> &TestSite {
        &self.site
    }
}

/// What caches are told of it.
fn cache_policy(answer: &Answer) -> CachePolicy {
    answer.extensions.get().cloned().unwrap()
}

impl Desk {
    pub async fn open() -> Self {
        Self::cut_into(Parts::default()).await
    }

    /// With a sitemap in such parts.
    async fn cut_into(parts: Parts) -> Self {
        let author = Profile {
            handle: "南坡观察".into(),
            name: "南坡 & 观察".into(),
            bio: "山上的事".into(),
            ..Profile::default()
        };
        let site = TestSite::builder().named("临江号", "写给临江").locale(Locale::ZhCn).author(author, "lin");
        let site = site.open().await;
        let tech = Channel { zh: "科技".into(), en: "Technology".into(), ..channel("tech") };
        site.articles.ensure_channel(&tech).await.unwrap();
        let s = &site.services;
        let feeds = Feeds {
            articles: s.articles.clone(),
            authors: s.authors.clone(),
            media: s.media.clone(),
            editorial: s.editorial.clone(),
            env: s.env.clone(),
            frame: site.frame(),
            parts,
            versions: Versions::default(),
            begun: s.env.now(),
        };
        let router: axum::Router = crate::router(feeds).into();
        Self { site, program: Client::program(router) }
    }

    async fn get(&self, path: &str) -> Answer {
        self.program.get(path).await
    }

    /// A topic, which is published if it has an article.
    async fn topic(&self, slug: &str, article: Option<ArticleId>) {
        let editor = self.viewer("editor").await;
        let text = TopicText { zh: slug.into(), ..TopicText::default() };
        let topic = self.editorial.create_topic(&editor, slug, text).await.unwrap();
        if let Some(article) = article {
            self.editorial.add_to_topic(&editor, topic, article, "").await.unwrap();
            self.editorial.publish_topic(&editor, topic).await.unwrap();
        }
    }

    async fn wide_picture(&self) -> Picture {
        self.media.upload(Some(self.writer.id), testing::png(700, 350, 200).into()).await.unwrap()
    }

    /// A live article with all that a feed can carry.
    async fn publish(&self) -> ArticleId {
        let picture = self.wide_picture().await;
        let draft = Draft {
            title: "潮汐 <1> & \u{b}月亮".into(),
            subtitle: Some("涨 <3 米> ]]>".into()),
            body: format!("第一段，见[频道](/channel/tech)。\n\n![浪](/media/{}/full.jpg)", picture.hash),
            channel: Some(slug()),
            tags: vec![Tag::new("潮汐").unwrap()],
            covers: vec![picture.hash],
            declarations: vec![Declaration::Reprint],
            source_name: Some("海洋报".into()),
            source_url: Some("https://sea.example/1".into()),
            ..Draft::default()
        };
        self.article_of(self.author.id, draft, State::Live).await
    }

    /// Articles of one minute after the other.
    pub async fn import(&self, minutes: Range<u64>) -> Vec<ArticleId> {
        self.import_at(&minutes.collect::<Vec<_>>()).await
    }

    pub async fn import_at(&self, minutes: &[u64]) -> Vec<ArticleId> {
        let start = Time::parse("2020-01-01T00:00:00Z").unwrap();
        let item = |(n, &minute): (usize, &u64)| Imported {
            external_id: format!("test:{n}:{minute}:{}", minutes.len()),
            author: self.author.id,
            place: None,
            draft: Draft {
                title: "旧文".into(),
                body: "旧".into(),
                channel: Some(slug()),
                ..Draft::default()
            },
            state: State::Live,
            published_at: start.plus(Duration::from_mins(minute)),
            edited_at: None,
        };
        let batch = minutes.iter().enumerate().map(item).collect();
        self.articles.import(batch).await.unwrap().into_iter().map(|(_, id)| id).collect()
    }
}

fn slug() -> Slug {
    Slug::new("tech").unwrap()
}

const AUTHOR_PATH: &str = "/@%E5%8D%97%E5%9D%A1%E8%A7%82%E5%AF%9F";

#[tokio::test]
async fn atom_reads_back() {
    let desk = Desk::open().await;
    let id = desk.publish().await;
    let answer = desk.get("/feed.xml").await;
    assert_eq!(
        (answer.status, answer.header(header::CONTENT_TYPE)),
        (200, "application/atom+xml; charset=utf-8")
    );
    let feed = atom_syndication::Feed::read_from(answer.text.as_bytes()).unwrap();
    assert_eq!((feed.title.as_str(), feed.lang.as_deref()), ("临江号", Some("zh-CN")));
    assert_eq!(feed.id, format!("{SITE}/feed.xml"));
    assert_eq!(feed.updated.to_rfc3339(), "2024-06-05T10:00:00+00:00");
    let [entry] = feed.entries.as_slice() else { panic!("one entry") };
    assert_eq!(entry.id, format!("{SITE}/article/{id}"));
    assert_eq!(entry.title.as_str(), "潮汐 <1> & 月亮");
    assert_eq!(
        (entry.authors[0].name.as_str(), entry.authors[0].uri.clone().unwrap()),
        ("南坡 & 观察", format!("{SITE}{AUTHOR_PATH}"))
    );
    assert_eq!(entry.categories.iter().map(|c| c.term.as_str()).collect::<Vec<_>>(), ["科技", "潮汐"]);
    let rels: Vec<_> = entry.links.iter().map(|link| link.rel.as_str()).collect();
    assert_eq!(rels, ["alternate", "enclosure", "via"]);
    let content = entry.content.as_ref().unwrap();
    assert_eq!(content.lang.as_deref(), Some("zh"));
    let html = content.value.as_ref().unwrap();
    assert!(html.contains(&format!("href=\"{SITE}/channel/tech\"")), "{html}");
    assert!(html.contains(&format!("src=\"{SITE}/media/")) && !html.contains("srcset"), "{html}");

    let things = cache_policy(&answer).tags;
    assert_eq!(things, [CacheTag::Latest, CacheTag::Article(id), CacheTag::Author(desk.author.id)]);
}

#[tokio::test]
async fn rss_of_an_author_reads_back() {
    let desk = Desk::open().await;
    let id = desk.publish().await;
    let answer = desk.get(&format!("{AUTHOR_PATH}/rss.xml")).await;
    assert_eq!(
        (answer.status, answer.header(header::CONTENT_TYPE)),
        (200, "application/rss+xml; charset=utf-8")
    );
    let channel = rss::Channel::read_from(answer.text.as_bytes()).unwrap();
    assert_eq!((channel.title.as_str(), channel.description.as_str()), ("南坡 & 观察 · 临江号", "山上的事"));
    assert_eq!(channel.link, format!("{SITE}{AUTHOR_PATH}"));
    let own = &channel.extensions["atom"]["link"][0].attrs["href"];
    assert_eq!(*own, format!("{SITE}{AUTHOR_PATH}/rss.xml"));
    let [item] = channel.items.as_slice() else { panic!("one item") };
    let guid = item.guid.as_ref().unwrap();
    assert_eq!((guid.value.clone(), guid.permalink), (format!("{SITE}/article/{id}"), true));
    assert_eq!(item.pub_date.as_deref(), Some("Wed, 05 Jun 2024 10:00:00 GMT"));
    assert_eq!(item.dublin_core_ext.as_ref().unwrap().creators, ["南坡 & 观察"]);
    let enclosure = item.enclosure.as_ref().unwrap();
    assert!(enclosure.url.ends_with("/full.jpg") && enclosure.length.parse::<u64>().unwrap() > 100);
    assert!(item.content.as_ref().unwrap().contains("第一段"));
    assert_eq!(item.description.as_deref(), Some("<p>涨 &lt;3 米&gt; ]]&gt;</p>"));
    assert!(cache_policy(&answer).tags.contains(&CacheTag::NewOfAuthor(desk.author.id)));
}

#[tokio::test]
async fn json_of_a_channel_reads_back() {
    let desk = Desk::open().await;
    let id = desk.publish().await;
    let answer = desk.get("/channel/tech/feed.json").await;
    assert_eq!(
        (answer.status, answer.header(header::CONTENT_TYPE)),
        (200, "application/feed+json; charset=utf-8")
    );
    let feed = answer.json();
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["title"], "科技 · 临江号");
    assert_eq!(feed["feed_url"], format!("{SITE}/channel/tech/feed.json"));
    let item = &feed["items"][0];
    assert_eq!(item["id"], format!("{SITE}/article/{id}"));
    assert_eq!(item["date_published"], "2024-06-05T10:00:00Z");
    assert_eq!(item["external_url"], "https://sea.example/1");
    assert_eq!(item["authors"][0]["name"], "南坡 & 观察");
    assert_eq!(item["tags"], serde_json::json!(["科技", "潮汐"]));
    assert!(cache_policy(&answer).tags.contains(&CacheTag::NewOfChannel(slug())));
}

impl Desk {
    /// A live article as an import brings it.
    async fn imported(&self, id: &str, draft: Draft, published_at: Time) -> ArticleId {
        let draft = Draft { title: id.into(), channel: Some(slug()), ..draft };
        let article = Imported {
            external_id: id.into(),
            author: self.author.id,
            place: None,
            draft,
            state: State::Live,
            published_at,
            edited_at: None,
        };
        self.articles.import(vec![article]).await.unwrap()[0].1
    }
}

const FEEDS: [&str; 3] = ["feed.xml", "rss.xml", "feed.json"];

#[tokio::test]
async fn a_tag_has_feeds_of_its_articles() {
    let desk = Desk::open().await;
    let id = desk.publish().await;
    desk.import(0..1).await;
    for file in FEEDS {
        let answer = desk.get(&format!("/tag/%E6%BD%AE%E6%B1%90/{file}")).await;
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.text.contains(&format!("/article/{id}")), "{file}: {}", answer.text);
        assert!(answer.text.contains("#潮汐 · 临江号") && !answer.text.contains("旧文"), "{file}");
        assert_eq!(desk.get(&format!("/tag/none/{file}")).await.status, 404);
    }
}

#[tokio::test]
async fn a_feed_says_since_when_it_is_so() {
    let desk = Desk::open().await;
    assert_eq!(desk.get("/feed.xml").await.header(header::LAST_MODIFIED), "", "an empty one is not dated");
    let first = desk.publish().await;
    for path in FEEDS.map(|file| format!("/{file}")) {
        assert_eq!(
            desk.get(&path).await.header(header::LAST_MODIFIED),
            "Wed, 05 Jun 2024 10:00:00 GMT",
            "{path}"
        );
    }
    desk.advance(Duration::from_hours(1));
    desk.publish().await;
    assert_eq!(desk.get("/feed.xml").await.header(header::LAST_MODIFIED), "Wed, 05 Jun 2024 11:00:00 GMT");
    desk.advance(Duration::from_hours(1));
    // What was taken back changes the feed though its newest article is as old as before.
    desk.articles.retract(first).await.unwrap();
    assert_eq!(desk.get("/feed.xml").await.header(header::LAST_MODIFIED), "Wed, 05 Jun 2024 12:00:00 GMT");
    desk.advance(Duration::from_hours(1));
    assert_eq!(desk.get("/feed.xml").await.header(header::LAST_MODIFIED), "Wed, 05 Jun 2024 12:00:00 GMT");
}

#[tokio::test]
async fn nothing_is_empty_or_dated_with_a_zero() {
    let desk = Desk::open().await;
    let picture = desk.wide_picture().await;
    let body = format!("![](/media/{}/full.jpg)", picture.hash);
    let zero = Time::parse("0001-01-01T00:00:00Z").unwrap();
    desk.imported("only a picture", Draft { body, ..Draft::default() }, zero).await;
    let title_only = Draft { body: "Ciao".into(), ..Draft::default() };
    desk.imported("short", title_only, Time::from_millis(0)).await;
    for path in ["/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml"] {
        let text = desk.get(path).await.text;
        for wrong in [
            "0001-",
            "1970",
            "Jan 1970",
            "und",
            "<summary></summary>",
            "<description></description>",
            "\"summary\":\"\"",
            "<lastmod></lastmod>",
        ] {
            assert!(!text.contains(wrong), "{path}: {wrong} in {text}");
        }
    }
    let atom = atom_syndication::Feed::read_from(desk.get("/feed.xml").await.text.as_bytes()).unwrap();
    assert_eq!(atom.entries.len(), 2);
    assert!(
        atom.entries
            .iter()
            .all(|entry| entry.published.is_none() && entry.updated.to_rfc3339().starts_with("2024-"))
    );
    let rss = rss::Channel::read_from(desk.get("/rss.xml").await.text.as_bytes()).unwrap();
    assert!(rss.items.iter().all(|item| item.pub_date.is_none()));
}

#[tokio::test]
async fn an_empty_feed_is_a_feed() {
    let desk = Desk::open().await;
    let atom = atom_syndication::Feed::read_from(desk.get("/feed.xml").await.text.as_bytes()).unwrap();
    assert_eq!(atom.updated.to_rfc3339(), "2024-06-05T10:00:00+00:00");
    let rss = rss::Channel::read_from(desk.get("/rss.xml").await.text.as_bytes()).unwrap();
    assert_eq!((rss.items.len(), rss.last_build_date), (0, None));
    let json = desk.get("/feed.json").await.json();
    assert_eq!(json["items"], serde_json::json!([]));
}

#[tokio::test]
async fn each_item_says_its_language() {
    let desk = Desk::open().await;
    let body = "تُطبع جداول المد والجزر في الميناء مرة واحدة في السنة، وقد تخطئ بدقيقة أو دقيقتين.";
    let at = Time::parse("2024-06-01T00:00:00Z").unwrap();
    desk.imported("جداول المد", Draft { body: body.into(), ..Draft::default() }, at).await;
    let atom = atom_syndication::Feed::read_from(desk.get("/feed.xml").await.text.as_bytes()).unwrap();
    let entry = &atom.entries[0];
    assert_eq!(
        (entry.title.lang.as_deref(), entry.content.as_ref().unwrap().lang.as_deref()),
        (Some("ar"), Some("ar"))
    );
    let json = desk.get("/feed.json").await.json();
    assert_eq!((&json["language"], &json["items"][0]["language"]), (&"zh-CN".into(), &"ar".into()));
    let rss = rss::Channel::read_from(desk.get("/rss.xml").await.text.as_bytes()).unwrap();
    assert_eq!(rss.items[0].dublin_core_ext.as_ref().unwrap().languages, ["ar"]);
}

#[tokio::test]
async fn what_stands_elsewhere_first_is_in_no_sitemap() {
    let desk = Desk::open().await;
    let now = Time::parse("2024-06-05T09:00:00Z").unwrap();
    let with = |address: &str| Draft {
        body: "正文".into(),
        canonical_url: Some(address.into()),
        ..Draft::default()
    };
    let reprint = desk.imported("转载", with("https://sea.example/1"), now).await;
    let lookalike = desk.imported("像的", with("https://news.example.evil.example/article/1"), now).await;
    let own = desk.imported("自己的", Draft { body: "正文".into(), ..Draft::default() }, now).await;
    for path in ["/sitemap.xml", "/news-sitemap.xml"] {
        let text = desk.get(path).await.text;
        assert!(text.contains(&own.to_string()), "{path}");
        for elsewhere in [reprint, lookalike] {
            assert!(!text.contains(&elsewhere.to_string()), "{path}");
        }
    }
    // Feeds are for readers, and say where it comes from.
    assert!(desk.get("/feed.xml").await.text.contains(&reprint.to_string()));
}

#[tokio::test]
async fn only_what_is_live_and_only_what_exists() {
    let desk = Desk::open().await;
    let draft =
        Draft { title: "秘密".into(), body: "草稿".into(), channel: Some(slug()), ..Draft::default() };
    let secret = desk.article_of(desk.author.id, draft, State::Draft).await;
    let gone = desk.publish().await;
    desk.articles.retract(gone).await.unwrap();
    let author = format!("{AUTHOR_PATH}/feed.xml");
    for path in [
        "/feed.xml",
        "/rss.xml",
        "/feed.json",
        "/channel/tech/rss.xml",
        &author,
        "/sitemap.xml",
        "/news-sitemap.xml",
    ] {
        let answer = desk.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        for id in [secret, gone] {
            assert!(!answer.text.contains(&id.to_string()), "{path}");
        }
    }
    let [oembed, oembed_gone] = [secret, gone].map(|id| format!("/oembed?url={SITE}/article/{id}"));
    for path in [
        "/channel/none/feed.xml",
        "/tag/none/feed.xml",
        "/channel/No!/feed.xml",
        "/@nobody/rss.xml",
        "/sitemap-1.xml",
        "/sitemap-x.xml",
        &oembed,
        &oembed_gone,
    ] {
        assert_eq!(desk.get(path).await.status, 404, "{path}");
    }
}

/// The text of every `name` element.
fn all(xml: &str, name: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut inside, mut found) = (false, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => inside = tag.name().as_ref() == name,
            Event::Text(text) if inside => found.push(text.into_inner().into_owned()),
            Event::End(_) => inside = false,
            Event::Eof => return found,
            _ => {}
        }
    }
}
