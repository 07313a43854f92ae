//! Sitemaps, robots.txt and oEmbed.

use super::*;

#[tokio::test]
async fn sitemaps_list_pages_and_news_are_new() {
    let desk = Desk::open().await;
    let old = desk.import(0..1).await[0];
    let new = desk.publish().await;
    desk.topic("moon", None).await;
    desk.topic("sea", Some(new)).await;
    let answer = desk.get("/sitemap.xml").await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/xml; charset=utf-8");
    let paths = [
        "/",
        "/latest",
        "/hot",
        "/channel/city",
        "/channel/tech",
        "/topics",
        "/topic/sea",
        AUTHOR_PATH,
        &format!("/article/{new}"),
        &format!("/article/{old}"),
    ];
    assert_eq!(all(&answer.text, "loc"), paths.map(|path| format!("{SITE}{path}")));
    assert_eq!(all(&answer.text, "lastmod"), ["2024-06-05T10:00:00Z", "2020-01-01T00:00:00Z"]);

    let news = desk.get("/news-sitemap.xml").await.text;
    assert_eq!(all(&news, "loc"), [format!("{SITE}/article/{new}")]);
    assert_eq!(all(&news, "news:language"), ["zh-cn"]);
    desk.advance(Duration::from_hours(49));
    assert!(all(&desk.get("/news-sitemap.xml").await.text, "loc").is_empty());
}

#[tokio::test]
async fn a_large_site_has_an_index_of_sitemaps() {
    let desk = Desk::cut_into(Parts::sized(4, 5)).await;
    let articles = desk.import(0..10).await;
    let index = desk.get("/sitemap.xml").await.text;
    assert!(
        index.contains("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"),
        "{index}"
    );
    let parts = all(&index, "loc");
    assert_eq!(parts, [0, 1, 2, 3].map(|n| format!("{SITE}/sitemap-{n}.xml")));
    let mut listed = Vec::new();
    for part in &parts[1..] {
        listed.extend(all(&desk.get(part.strip_prefix(SITE).unwrap()).await.text, "loc").into_iter().rev());
    }
    assert_eq!(listed, articles.iter().map(|id| format!("{SITE}/article/{id}")).collect::<Vec<_>>());
    assert_eq!(all(&desk.get("/sitemap-0.xml").await.text, "loc")[0], format!("{SITE}/"));
    assert_eq!(desk.get("/sitemap-4.xml").await.status, 404);
}

#[tokio::test]
async fn robots_find_the_sitemaps() {
    let desk = Desk::open().await;
    let text = desk.get("/robots.txt").await.text;
    assert!(text.starts_with("User-agent: *\nDisallow: /admin/\n"), "{text}");
    assert!(
        text.ends_with(&format!("\n\nSitemap: {SITE}/sitemap.xml\nSitemap: {SITE}/news-sitemap.xml\n")),
        "{text}"
    );
}

#[tokio::test]
async fn oembed_in_both_formats() {
    let desk = Desk::open().await;
    let id = desk.publish().await;
    let answer =
        desk.get(&format!("/oembed?url=https%3A%2F%2Fnews.example%2Farticle%2F{id}&maxwidth=400")).await;
    assert_eq!((answer.status, answer.header(header::CONTENT_TYPE)), (200, "application/json"));
    let link = answer.json();
    assert_eq!(
        (&link["version"], &link["type"], &link["title"]),
        (&"1.0".into(), &"link".into(), &"潮汐 <1> & 月亮".into())
    );
    assert_eq!((&link["thumbnail_width"], &link["thumbnail_height"]), (&320.into(), &160.into()));

    let answer = desk.get(&format!("/oembed?url={SITE}/article/{id}&format=xml&maxwidth=50")).await;
    assert_eq!(answer.header(header::CONTENT_TYPE), "text/xml; charset=utf-8");
    assert_eq!(all(&answer.text, "provider_name"), ["临江号"]);
    assert!(all(&answer.text, "thumbnail_url").is_empty());
    assert_eq!(desk.get(&format!("/oembed?url={SITE}/article/{id}&format=yaml")).await.status, 501);
}
