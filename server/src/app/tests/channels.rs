//! Channels that were renamed, merged, removed: what readers and feed readers find at their addresses.

use accounts::Role;
use axum::body::Body;
use db::db_test;

use super::*;

#[db_test]
async fn old_addresses_of_a_channel_lead_on(db: Db) {
    let house = House::new(db, Env::system()).await;
    let (articles, accounts) = (&house.articles, &house.accounts);
    let reader = house.user("reader").await;
    accounts.grant(None, reader.id, Role::Operator).await.unwrap();
    let cookie = house.cookie("reader").await;
    let to = async |path: &str| {
        let answer = house.answer(get(path).body(Body::empty()).unwrap()).await;
        let location = answer.location();
        (answer.status, location.to_owned())
    };
    house.article("Quay", State::Live).await;
    let fields = "slug=town&zh=%E5%9F%8E&en=Town&colour=%23123456&position=1";
    assert_eq!(house.post_as(&cookie, "/admin/channels/city", fields).await.status, 303);
    for end in ["", "/feed.xml", "/rss.xml", "/feed.json"] {
        let (old, new) = (format!("/channel/city{end}"), format!("/channel/town{end}"));
        assert_eq!(to(&old).await, (301, new.clone()));
        assert_eq!(house.get_anonymous(&new).await.status, 200, "{new}");
    }
    assert!(house.get_anonymous("/channel/town/feed.xml").await.text.contains("Quay"));

    // Both lead to the one that took them in, in one step.
    articles.create_channel(testing::channel("sea")).await.unwrap();
    assert_eq!(house.post_as(&cookie, "/admin/channels/town/merge", "into=sea&sure=1").await.status, 303);
    house.wait("/channel/sea", "Quay", true).await;
    for old in ["/channel/city", "/channel/town"] {
        assert_eq!(to(old).await, (301, "/channel/sea".to_owned()));
    }
    house.stop.cancel();
}
