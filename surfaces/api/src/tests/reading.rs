//! What everybody may read.

use tokio_util::sync::CancellationToken;

use super::*;

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn lists_hold_what_is_live_page_by_page() {
    let desk = Desk::open(false).await;
    let mut live = Vec::new();
    for _ in 0..5 {
        live.insert(0, desk.live().await.to_string());
    }
    desk.tagged(&desk.author, "tech", "潮汐", false).await;

    let (mut path, mut read) = ("/api/v1/articles?limit=2&channel=tech".to_owned(), Vec::new());
    loop {
        let answer = desk.anybody.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let page = answer.json();
        read.extend(ids(&page));
        let Some(next) = page["next"].as_str() else {
            assert_eq!(answer.header(header::LINK), "");
            break;
        };
        let link = answer.header(header::LINK);
        let address = link.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\"")).unwrap();
        assert!(address.contains(next) && address.contains("channel=tech"), "{address}");
        path = address.strip_prefix(SITE).unwrap().to_owned();
    }
    assert_eq!(read, live);

    let card = &desk.anybody.get("/api/v1/articles?limit=1").await.json()["items"][0];
    assert_eq!(card["url"], format!("{SITE}/article/{}", live[0]));
    assert_eq!((&card["author"]["handle"], &card["channel"]), (&"nanpo".into(), &"tech".into()));
    assert_eq!(card["published_at"], "2024-06-05T10:00:05Z");
}

#[tokio::test]
async fn filters_meet() {
    let desk = Desk::open(false).await;
    let profile = Profile { handle: "other".into(), name: "别人".into(), ..Profile::default() };
    let other = desk.authors.create(profile, &[]).await.unwrap();
    let mut all = Vec::new();
    for author in [&desk.author, &other] {
        for channel in ["tech", "city"] {
            for tag in ["a", "b"] {
                all.push((
                    author.handle.to_string(),
                    channel,
                    tag,
                    desk.tagged(author, channel, tag, true).await.to_string(),
                ));
            }
        }
    }
    all.reverse();
    let check = async |query: &str, fits: &dyn Fn(&str, &str, &str) -> bool| {
        let want: Vec<String> =
            all.iter().filter(|(a, c, t, _)| fits(a, c, t)).map(|(.., id)| id.clone()).collect();
        assert_eq!(
            ids(&desk.anybody.get(&format!("/api/v1/articles?{query}")).await.json()),
            want,
            "{query}"
        );
    };
    check("", &|_, _, _| true).await;
    check("tag=A", &|_, _, t| t == "a").await;
    check("author=other", &|a, _, _| a == "other").await;
    check("author=other&channel=city", &|a, c, _| a == "other" && c == "city").await;
    check("author=nanpo&channel=tech&tag=b", &|a, c, t| (a, c, t) == ("nanpo", "tech", "b")).await;

    let first = desk.anybody.get("/api/v1/articles?channel=tech&tag=a&limit=1").await.json();
    let next =
        format!("/api/v1/articles?channel=tech&tag=a&limit=1&cursor={}", first["next"].as_str().unwrap());
    let second = desk.anybody.get(&next).await.json();
    assert_eq!([ids(&first), ids(&second)].concat().len(), 2);
    assert_ne!(ids(&first), ids(&second));
}

#[tokio::test]
async fn an_article_is_for_everybody_once_it_is_live() {
    let desk = Desk::open(false).await;
    let id = desk.tagged(&desk.author, "tech", "潮汐", false).await;
    let path = format!("/api/v1/articles/{id}");
    assert_eq!(desk.anybody.get(&path).await.status, 404);
    assert_eq!(desk.stranger.get(&path).await.status, 404);
    let own = desk.own.get(&path).await.json();
    assert_eq!((&own["desk"]["state"], &own["desk"]["version"]), (&"draft".into(), &1.into()));
    assert_eq!((&own["desk"]["draft"]["body"], &own["published_at"]), (&"正文".into(), &Value::Null));

    desk.articles.submit(id, None).await.unwrap();
    let article = desk.anybody.get(&path).await.json();
    assert_eq!((&article["html"], &article["tags"][0]), (&"<p>正文</p>".into(), &"潮汐".into()));
    assert_eq!((article.get("desk"), &article["language"]), (None, &"zh".into()));

    desk.articles.retract(id).await.unwrap();
    let gone = desk.anybody.get(&path).await;
    let problem = gone.problem(&path);
    assert_eq!((gone.status, &problem["code"]), (410, &"author".into()));
    assert_eq!(desk.anybody.get(&format!("{path}/comments")).await.status, 410);
    assert_eq!(desk.own.get(&path).await.json()["desk"]["state"], "retracted");
}

#[tokio::test]
async fn comments_are_those_that_everybody_may_see() {
    let desk = Desk::open(false).await;
    let id = desk.live().await;
    let user = desk.writer.clone();
    let first = desk.comments.post(&user, id, None, "沙发").await.unwrap();
    desk.advance(Duration::from_secs(1));
    let reader = desk.user("mo").await;
    let second = desk.comments.post(&reader, id, Some(first.id), "楼上说得对").await.unwrap();
    desk.comments.post(&user, id, None, "www.a.example www.b.example www.c.example").await.unwrap();

    let path = format!("/api/v1/articles/{id}/comments");
    let list = desk.anybody.get(&format!("{path}?sort=new")).await.json();
    assert_eq!(ids(&list), [second.id.to_string(), first.id.to_string()]);
    let floor = &list["items"][0];
    assert_eq!((&floor["text"], &floor["quotes"][0]["text"]), (&"楼上说得对".into(), &"沙发".into()));
    assert_eq!((&floor["by_author"], &floor["quotes"][0]["by_author"]), (&false.into(), &true.into()));
    assert_eq!(desk.anybody.get(&format!("/api/v1/articles/{id}")).await.json()["comments"], 2);
    assert_eq!(desk.anybody.get(&format!("{path}?sort=old")).await.field_errors(), ["sort sort-unknown"]);

    let draft = desk.tagged(&desk.author, "tech", "潮汐", false).await;
    assert_eq!(desk.anybody.get(&format!("/api/v1/articles/{draft}/comments")).await.status, 404);
}

#[tokio::test]
async fn channels_and_authors() {
    let desk = Desk::open(false).await;
    desk.live().await;
    let channels = desk.anybody.get("/api/v1/channels").await.json();
    assert_eq!(
        (&channels["items"][1]["slug"], &channels["items"][0]["name"]["zh"]),
        (&"city".into(), &"频道".into())
    );
    let author = desk.anybody.get("/api/v1/authors/NanPo").await.json();
    assert_eq!((&author["id"], &author["articles"]), (&desk.author.id.to_string().into(), &1.into()));
    assert_eq!(author["url"], format!("{SITE}/@nanpo"));
    assert_eq!(desk.anybody.get("/api/v1/authors/nobody").await.status, 404);
}

#[tokio::test]
async fn a_search_marks_what_it_found_and_goes_on() {
    let desk = Desk::open(false).await;
    for _ in 0..3 {
        desk.live().await;
    }
    desk.tagged(&desk.author, "tech", "潮汐", false).await;
    desk.search().rebuild(&CancellationToken::new(), |_| {}).await.unwrap();
    let path = "/api/v1/search?q=%E6%BD%AE%E6%B1%90&limit=2&author=nanpo&since=2024-01-01T00:00:00Z";
    let answer = desk.anybody.get(path).await;
    let found = answer.json();
    assert_eq!((&found["total"], found["items"].as_array().unwrap().len()), (&3.into(), 2));
    assert_eq!(found["items"][0]["title"][1], serde_json::json!({"text": "潮汐", "mark": true}));
    assert!(answer.header(header::LINK).contains("rel=\"next\""));
    let rest = desk.anybody.get(&format!("{path}&cursor={}", found["next"].as_str().unwrap())).await.json();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (1, &Value::Null));

    let wrong = desk.anybody.get("/api/v1/search?q=+&since=now&order=worst&cursor=2.2").await;
    assert_eq!(
        wrong.field_errors(),
        ["cursor cursor-form", "q query-empty", "since time-form", "order order-unknown"]
    );
}
