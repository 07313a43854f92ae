//! Crowds that come over HTTP: a farm of a thousand does not bring an article onto the hot list, sixty readers who mean it do.

use std::collections::BTreeMap;

use db::db_test;

use super::*;

const AUTHORS: usize = 30;

impl House {
    /// Authors with an article each; the first is the oldest.
    async fn town(&self) -> Vec<ArticleId> {
        let s = &self.services;
        let mut ids = Vec::new();
        for n in 0..AUTHORS {
            let profile =
                Profile { handle: format!("town{n}"), name: format!("Town {n}"), ..Profile::default() };
            let author = s.authors.create(profile, &[self.writer.id]).await.unwrap().id;
            let draft = Draft {
                title: format!("Town {n} {COMMON}"),
                body: format!("{COMMON} {n}"),
                channel: Some(Slug::new("city").unwrap()),
                ..Draft::default()
            };
            ids.push(self.article_of(author, draft, State::Live).await);
        }
        ids
    }

    /// Waits until the hot list has met them.
    async fn known(&self, ids: &[ArticleId]) {
        let began = tokio::time::Instant::now();
        while !ids.iter().all(|id| self.site.lists.hot.knows(*id)) {
            assert!(began.elapsed() < PATIENCE, "the hot list does not know them");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn read(&self, id: ArticleId, from: &str, agent: &str) {
        let request =
            get(&format!("/article/{id}")).header("x-forwarded-for", from).header("user-agent", agent);
        assert_eq!(self.send(request).await.status, 200);
    }

    async fn twenty(&self) -> String {
        self.get_anonymous("/api/v1/hot?limit=20").await.text
    }

    /// The status of what a browser tells.
    async fn tell(&self, body: String, from: &str, agent: &str, header: Option<&'static str>) -> Answer {
        let mut request = ::http::Request::post("/-/seen")
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", from)
            .header("user-agent", agent);
        if let Some(header) = header {
            request = request.header(header, "1");
        }
        self.answer(request.body(Body::from(body)).unwrap()).await
    }
}

/// From everywhere, repeatable.
fn address(n: usize) -> String {
    Ipv4Addr::from((n as u32).wrapping_mul(2_654_435_761)).to_string()
}

fn browser(n: usize) -> String {
    format!("Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0")
}

#[db_test]
async fn a_farm_is_not_hot_and_a_burst_is(db: Db) {
    let house = House::new(db, Env::system()).await;
    let town = house.town().await;
    let (quiet, farmed) = (town[0], town[1]);
    house.known(&town).await;
    // A usual day: half of the readers read something else.
    for n in 0..120 {
        let (from, agent) = (address(10_000 + n), browser(n));
        house.read(town[10 + n % 20], &from, &agent).await;
        if n % 2 == 0 {
            house.read(town[10 + (n / 2 + 7) % 20], &from, &agent).await;
        }
    }
    for n in 0..1_000 {
        house.read(farmed, &address(n), &browser(n)).await;
    }
    for n in 0..1_000 {
        house.read(farmed, &format!("203.0.113.{}", n % 250), &browser(2_000 + n)).await;
    }
    // Real people, a third of whom go on to something else.
    for n in 0..60 {
        let (from, agent) = (address(50_000 + n), browser(n));
        house.read(quiet, &from, &agent).await;
        if n % 3 == 0 {
            house.read(town[10 + n % 20], &from, &agent).await;
        }
    }
    house.wait_as(async || house.twenty().await, "hot", &quiet.to_string(), true).await;
    assert!(!house.twenty().await.contains(&farmed.to_string()), "the farm made it");
    assert!(house.site.lists.reads.total(farmed).await.unwrap() >= 1_900, "its reads were counted");
    house.stop.cancel();
}

#[db_test]
async fn what_browsers_tell_is_taken_with_care(db: Db) {
    let house = House::new(db, Env::system()).await;
    let town = house.town().await;
    let (id, other) = (town[0], town[1]);
    house.known(&town).await;
    let (from, agent) = ("198.51.100.7", browser(126));
    let body = format!(r#"{{"shown":[["{id}","hot",1],["{other}","hot",2]],"opened":[["{id}","hot",1]]}}"#);
    let answer = house.tell(body.clone(), from, &agent, None).await;
    assert_eq!((answer.status, answer.header("set-cookie")), (204, ""), "no cookie is set");
    for header in ["dnt", "sec-gpc"] {
        assert_eq!(house.tell(body.clone(), "198.51.100.8", &agent, Some(header)).await.status, 204);
    }
    house.tell(body.clone(), "198.51.100.9", "curl/8.5.0 (x86_64)", None).await;
    // An article that nobody knows is no reason to write anything down.
    let made_up = format!(r#"{{"shown":[["{}","hot",3],["{id}","made-up",1]]}}"#, ArticleId::new(77));
    assert_eq!(house.tell(made_up, "198.51.100.10", &agent, None).await.status, 204);
    for wrong in [
        "{".to_owned(),
        r#"{"more":1}"#.to_owned(),
        format!(r#"{{"shown":[["{id}","hot",-1]]}}"#),
        format!(r#"{{"shown":[{}]}}"#, vec![format!(r#"["{id}","hot",1]"#); 61].join(",")),
        format!(r#"{{"opened":[["{id}","{}",1]]}}"#, "x".repeat(5_000)),
    ] {
        assert_eq!(house.tell(wrong.clone(), from, &agent, None).await.status, 422, "{wrong}");
    }
    let listed = async || {
        house.site.lists.reads.flush().await.unwrap();
        let mut sums: BTreeMap<(String, i64), (i64, i64)> = BTreeMap::new();
        for line in house.site.lists.reads.lists(kernel::Time::from_millis(0)).await.unwrap() {
            let sum = sums.entry((line.list, line.place)).or_default();
            *sum = (sum.0 + line.shown, sum.1 + line.opened);
        }
        format!("{sums:?}")
    };
    let want = r#"{("hot", 1): (1, 1), ("hot", 2): (1, 0), ("other", 1): (1, 0)}"#;
    house.wait_as(listed, "what is written", want, true).await;
    let mut refused = 0;
    for _ in 0..200 {
        refused += usize::from(house.tell(body.clone(), "198.51.100.11", &agent, None).await.status == 429);
    }
    assert!(refused >= 70, "{refused}");
    house.stop.cancel();
}
