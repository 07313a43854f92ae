//! Every address that answers a GET, as the router itself lists them, with ids of all that is planted.

use web::routing::Endpoint;

/// How each public address is asked for; `+` before one says that it must show the live article. `{live}`, `{other}`, `{hidden}`,
/// `{comment}`, `{topic}`, `{tag}` and `{hash}` stand for each of what is planted. An address that is missing here fails the
/// walk: whoever adds one says how it is walked. Desks (see [`DESKS`]) need no line.
const PUBLIC: [(&str, &[&str]); 85] = [
    ("/", &["+/", "/?edition=care", "/?lang=zh-CN"]),
    ("/channel/{slug}", &["+/channel/city", "/channel/city?edition=care"]),
    ("/hot", &["+/hot", "+/hot?span=week&channel=city"]),
    ("/latest", &["+/latest"]),
    ("/following", &["+/following", "+/following?kind=authors", "/following?kind=topics"]),
    ("/for-you", &["+/for-you"]),
    ("/favourites", &["/favourites"]),
    ("/history", &["/history"]),
    ("/notifications", &["+/notifications"]),
    ("/tag/{tag}", &["+/tag/lamps", "/tag/{tag}"]),
    ("/tag/{tag}/feed.xml", &["+/tag/lamps/feed.xml", "/tag/{tag}/feed.xml"]),
    ("/tag/{tag}/rss.xml", &["+/tag/lamps/rss.xml", "/tag/{tag}/rss.xml"]),
    ("/tag/{tag}/feed.json", &["+/tag/lamps/feed.json", "/tag/{tag}/feed.json"]),
    ("/topics", &["/topics"]),
    ("/topic/{slug}", &["+/topic/lamps", "/topic/{topic}"]),
    ("/preview/home", &["/preview/home"]),
    ("/preview/channel/{slug}", &["/preview/channel/city"]),
    (
        "/search",
        &[
            "+/search?q=lighthouse",
            "+/search?q=lighthouse&author=harbour",
            "/search?q=lighthuose",
            "/search?q=zq",
            "/search?q=lamps&kind=gallery",
            "/search?q=northern&channel=city&order=new",
        ],
    ),
    ("/search/suggest", &["/search/suggest?q=light", "/search/suggest?q=zq", "/search/suggest?q=Comp"]),
    (
        "/article/{id}",
        &["/article/{live}", "/article/{live}?edition=care", "/article/{other}", "/article/{hidden}"],
    ),
    (
        "/article/{id}/comments",
        &[
            "/article/{live}/comments",
            "/article/{live}/comments?sort=new",
            "/article/{live}/comments?reply={comment}",
            "/article/{hidden}/comments",
        ],
    ),
    ("/article/{id}/qr.svg", &["/article/{live}/qr.svg", "/article/{hidden}/qr.svg"]),
    (
        "/article/{id}/report",
        &["/article/{live}/report", "/article/{hidden}/report", "/article/{hidden}/report?kind=copyright"],
    ),
    ("/comment/{id}", &["/comment/{comment}", "/comment/{comment}?from=1"]),
    ("/comment/{id}/mute", &["/comment/{comment}/mute"]),
    ("/setup", &["/setup", "/setup?key=nothing"]),
    ("/comment/{id}/report", &["/comment/{comment}/report"]),
    ("/@{handle}", &["+/@harbour", "/@{handle}"]),
    ("/@{handle}/articles", &["+/@harbour/articles", "/@{handle}/articles"]),
    (
        "/user/{handle}",
        &[
            "+/user/commentator",
            "/user/{handle}",
            "/user/commentator?edition=care",
            "/user/held-writer?cursor=a",
        ],
    ),
    ("/user/{handle}/report", &["/user/commentator/report", "/user/{handle}/report"]),
    ("/user/{handle}/mute", &["/user/commentator/mute", "/user/{handle}/mute"]),
    ("/apply", &["/apply"]),
    ("/login", &["/login", "/login?return=/article/{hidden}"]),
    ("/login/code", &["/login/code"]),
    ("/login/again", &["/login/again"]),
    ("/login/oidc/{provider}/callback", &["/login/oidc/nothing/callback?code=a&state=b"]),
    ("/signup", &["/signup", "/signup?invite=nothing"]),
    ("/signup/oidc", &["/signup/oidc"]),
    ("/reset", &["/reset", "/reset?token=nothing"]),
    ("/verify", &["/verify", "/verify?token=nothing"]),
    ("/about", &["/about"]),
    ("/rules", &["/rules"]),
    ("/contact", &["/contact"]),
    (
        "/-/slots",
        &[
            "/-/slots?path=/",
            "/-/slots?path=/article/{live}",
            "/-/slots?path=/article/{live}?reply={comment}",
            "/-/slots?path=/article/{hidden}",
            "/-/slots?path=/@harbour",
            "/-/slots?path=/@{handle}",
            "/-/slots?path=/tag/{tag}",
            "/-/slots?path=/topic/{topic}",
            "/-/slots?path=/user/{handle}",
        ],
    ),
    ("/-/notifications", &["/-/notifications"]),
    ("/unsubscribe", &["/unsubscribe", "/unsubscribe?token=nothing"]),
    ("/sw.js", &["/sw.js"]),
    ("/assets/{*path}", &["/assets/site.css", "/assets/channels.css", "/assets/{hash}"]),
    ("/media/{hash}/{variant}", &["/media/{hash}/full.jpg", "/media/{hash}/w8.webp"]),
    ("/feed.xml", &["+/feed.xml"]),
    ("/rss.xml", &["+/rss.xml"]),
    ("/feed.json", &["+/feed.json"]),
    ("/channel/{slug}/feed.xml", &["+/channel/city/feed.xml"]),
    ("/channel/{slug}/rss.xml", &["+/channel/city/rss.xml"]),
    ("/channel/{slug}/feed.json", &["+/channel/city/feed.json"]),
    ("/@{handle}/feed.xml", &["+/@harbour/feed.xml", "/@{handle}/feed.xml"]),
    ("/@{handle}/rss.xml", &["+/@harbour/rss.xml", "/@{handle}/rss.xml"]),
    ("/@{handle}/feed.json", &["+/@harbour/feed.json", "/@{handle}/feed.json"]),
    ("/sitemap.xml", &["+/sitemap.xml"]),
    ("/sitemap-{part}", &["/sitemap-0.xml", "+/sitemap-1.xml", "/sitemap-2.xml"]),
    ("/news-sitemap.xml", &["+/news-sitemap.xml"]),
    ("/robots.txt", &["/robots.txt"]),
    (
        "/oembed",
        &[
            "/oembed?url=http://127.0.0.1:8080/article/{live}",
            "/oembed?url=http://127.0.0.1:8080/article/{hidden}",
            "/oembed?url=http://127.0.0.1:8080/article/{hidden}&format=xml",
        ],
    ),
    (
        "/api/v1/articles",
        &[
            "+/api/v1/articles",
            "+/api/v1/articles?channel=city",
            "+/api/v1/articles?author=harbour",
            "+/api/v1/articles?tag=lamps",
            "/api/v1/articles?tag={tag}",
        ],
    ),
    ("/api/v1/articles/{id}", &["+/api/v1/articles/{live}", "/api/v1/articles/{hidden}"]),
    (
        "/api/v1/articles/{id}/comments",
        &["/api/v1/articles/{live}/comments", "/api/v1/articles/{hidden}/comments"],
    ),
    (
        "/api/v1/articles/{id}/related",
        &[
            "/api/v1/articles/{live}/related",
            "+/api/v1/articles/{other}/related",
            "/api/v1/articles/{hidden}/related",
        ],
    ),
    ("/api/v1/hot", &["+/api/v1/hot"]),
    ("/api/v1/search", &["+/api/v1/search?q=lighthouse", "/api/v1/search?q=zq"]),
    ("/api/v1/search/suggest", &["/api/v1/search/suggest?q=light", "/api/v1/search/suggest?q=zq"]),
    ("/api/v1/headlines", &["+/api/v1/headlines", "/api/v1/headlines?channel=city"]),
    ("/api/v1/topics", &["/api/v1/topics"]),
    ("/api/v1/topics/{slug}", &["+/api/v1/topics/lamps", "/api/v1/topics/{topic}"]),
    ("/api/v1/channels", &["/api/v1/channels"]),
    ("/api/v1/authors/{handle}", &["/api/v1/authors/harbour", "/api/v1/authors/{handle}"]),
    ("/api/openapi.json", &["/api/openapi.json"]),
    ("/api/docs", &["/api/docs"]),
    ("/api/docs.css", &["/api/docs.css"]),
    ("/api", &["/api"]),
    ("/api/", &["/api/"]),
    ("/api/{*rest}", &["/api/v1/nothing/{hidden}"]),
    ("/healthz", &["/healthz"]),
    ("/readyz", &["/readyz"]),
    ("/metrics", &["/metrics"]),
];

/// Below these stands what is one's own or one's work: asked for by people whose work it is not, with all ids there are.
const DESKS: [&str; 3] = ["/admin", "/studio", "/settings"];

/// What the placeholders stand for.
pub struct Values(pub Vec<(&'static str, Vec<String>)>);

impl Values {
    /// The paths that a template stands for, one for each way to fill it in.
    fn fill(&self, template: &str) -> Vec<String> {
        let Some((before, rest)) = template.split_once('{') else { return vec![template.to_owned()] };
        let (name, after) = rest.split_once('}').unwrap();
        let (_, values) =
            self.0.iter().find(|(key, _)| *key == name).unwrap_or_else(|| panic!("{template}: {name}"));
        values.iter().flat_map(|value| self.fill(&format!("{before}{value}{after}"))).collect()
    }

    /// Every planted value for each parameter of a pattern.
    fn fill_with_all(&self, pattern: &str) -> Vec<String> {
        let Some((before, rest)) = pattern.split_once('{') else { return vec![pattern.to_owned()] };
        let (_, after) = rest.split_once('}').unwrap();
        let all = self.0.iter().flat_map(|(_, values)| values);
        all.flat_map(|value| self.fill_with_all(&format!("{before}{value}{after}"))).collect()
    }
}

/// One address to ask for.
pub struct Call {
    pub path: String,
    /// It must show the live article.
    pub lists: bool,
    /// It is somebody's desk.
    pub desk: bool,
}

/// The whole walk, or the addresses that nobody has said how to walk.
pub fn walk(endpoints: &[Endpoint], values: &Values) -> Vec<Call> {
    let mut steps = Vec::new();
    let mut unknown = Vec::new();
    for endpoint in endpoints.iter().filter(|endpoint| matches!(endpoint.method, "GET" | "ANY")) {
        let pattern = endpoint.path.as_str();
        if let Some((_, templates)) = PUBLIC.iter().find(|(known, _)| *known == pattern) {
            for template in *templates {
                let (lists, template) =
                    template.strip_prefix('+').map_or((false, *template), |rest| (true, rest));
                steps.extend(values.fill(template).into_iter().map(|path| Call { path, lists, desk: false }));
            }
        } else if DESKS.iter().any(|desk| pattern == *desk || pattern.starts_with(&format!("{desk}/"))) {
            let paths = values.fill_with_all(pattern).into_iter();
            steps.extend(paths.map(|path| Call { path, lists: false, desk: true }));
        } else {
            unknown.push(pattern);
        }
    }
    assert!(unknown.is_empty(), "say in PUBLIC how to walk {unknown:?}");
    let gone: Vec<&str> = PUBLIC
        .iter()
        .map(|(pattern, _)| *pattern)
        .filter(|pattern| !endpoints.iter().any(|endpoint| endpoint.path == *pattern))
        .collect();
    assert!(gone.is_empty(), "no such address any more: {gone:?}");
    steps
}
