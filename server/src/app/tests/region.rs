//! IP属地 is what the site finds out, never what somebody typed.

use articles::State;
use axum::body::Body;
use db::{Db, db_test};
use geo::testing::{china, division, file};
use kernel::{ArticleId, Env};

use super::{House, get, services_on};

/// Somebody in Zhejiang, as a proxy tells.
const FAR: &str = "1.2.3.4";

fn database(config: &mut crate::config::Config) {
    let zhejiang = division("ZJ", &[("en", "Zhejiang"), ("zh-CN", "浙江")]);
    let path = config.data.join("test.mmdb");
    std::fs::write(&path, file(&[("1.2.3.0", 24, china(vec![zhejiang]))])).unwrap();
    config.geo_database = Some(path);
}

impl House {
    /// The reader says something, from that address.
    async fn say(&self, article: ArticleId, text: &str, from: &str) {
        let request = ::http::Request::post(format!("/article/{article}/comments"))
            .header("cookie", self.cookie("reader").await)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", from)
            .body(Body::from(format!("text={text}")))
            .unwrap();
        assert_eq!(self.answer(request).await.status, 303);
    }

    async fn write_from(&self, title: &str, from: &str) -> String {
        let (_, secret) = self.accounts.create_token(self.writer.id, "test").await.unwrap();
        let request = ::http::Request::post("/api/v1/articles")
            .header("authorization", format!("Bearer {secret}"))
            .header("content-type", "application/json")
            .header("x-forwarded-for", from)
            .body(Body::from(format!(r#"{{"title":"{title}","body":"Text.","channel":"city"}}"#)))
            .unwrap();
        let answer = self.answer(request).await;
        assert_eq!(answer.status, 201);
        answer.text
    }

    async fn in_chinese(&self, path: &str) -> String {
        self.send(::http::Request::get(path).header("accept", "text/html").header("accept-language", "zh-CN"))
            .await
            .text
    }
}

#[db_test]
async fn a_region_comes_from_the_address_and_is_said_in_the_readers_language(db: Db) {
    let house = House::configured(db, Env::system(), database).await;
    let id = house.article("Lamps", State::Live).await;
    house.say(id, "From+afar", FAR).await;
    house.say(id, "From+here", "192.168.1.7").await;
    let page = format!("/article/{id}/comments?sort=new");
    house.wait_as(async || house.get_anonymous(&page).await.text, &page, "From here", true).await;
    let english = house.send(get(&page)).await.text;
    assert_eq!(english.matches("IP region: Zhejiang").count(), 1, "{english}");
    let chinese = house.in_chinese(&page).await;
    assert_eq!(chinese.matches("IP属地：浙江").count(), 1, "{chinese}");
    assert!(!chinese.contains("1.2.3.4") && !english.contains("1.2.3.4"));
    let api = house.get_anonymous(&format!("/api/v1/articles/{id}/comments")).await.text;
    assert!(api.contains(r#""code":"CN-ZJ""#) && api.contains(r#""zh":"浙江""#), "{api}");
    let written = house.write_from("By the sea", FAR).await;
    assert!(written.contains(r#""region":{"code":"CN-ZJ""#), "{written}");
    house.stop.cancel();
}

#[db_test]
async fn what_an_author_types_is_a_place(db: Db) {
    let house = House::configured(db, Env::system(), |_| {}).await;
    let s = &house.services;
    let author = s.authors.find(house.author.id).await.unwrap().unwrap();
    let typed = authors::Profile { region: Some("Nanpo Hill".into()), ..author.into() };
    s.authors.update(house.author.id, typed).await.unwrap();
    let id = house.article("Lamps", State::Live).await;
    house.say(id, "Hello", FAR).await;
    let page = format!("/article/{id}");
    house.wait_as(async || house.get_anonymous(&page).await.text, &page, "Hello", true).await;
    let english = house.send(get(&page)).await.text;
    assert!(english.contains("Location") && english.contains("Nanpo Hill"), "{english}");
    assert!(!english.contains("IP region") && !house.in_chinese(&page).await.contains("IP属地"));
    house.stop.cancel();
}

#[db_test]
async fn a_broken_geo_database_stops_the_start_in_one_line(db: Db) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.mmdb");
    std::fs::write(&path, "no database").unwrap();
    let config = crate::config::Config {
        data: folder.path().to_owned(),
        geo_database: Some(path),
        ..crate::config::Config::default()
    };
    let services = services_on(db, Env::system(), &config);
    let Err(error) = super::Site::open(services, &config).await else { panic!("it starts") };
    let line = format!("{error:#}");
    assert!(
        line.starts_with("geo_database: ") && line.contains("broken.mmdb") && !line.contains('\n'),
        "{line}"
    );
}
