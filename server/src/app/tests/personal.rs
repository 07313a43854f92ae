//! The switch: who has the site learn nothing is shown what everybody is shown, and nothing of them is written.

use db::db_test;

use super::*;

impl House {
    /// Sends a form as somebody.
    async fn send_form(&self, path: &str, cookie: &str, form: &str) -> u16 {
        let request = ::http::Request::post(path)
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.answer(request.body(Body::from(form.to_owned())).unwrap()).await.status
    }

    async fn as_somebody(&self, path: &str, cookie: &str) -> String {
        let Answer { status, text: body, .. } = self.send(get(path).header("cookie", cookie)).await;
        assert_eq!(status, 200, "{path}");
        body
    }
}

#[db_test]
async fn who_switches_it_off_gets_what_everybody_gets(db: Db) {
    let house = House::new(db, Env::system()).await;
    let s = &house.services;
    let mut ids = Vec::new();
    for n in 0..8 {
        let profile = Profile { handle: format!("town{n}"), name: format!("Town {n}"), ..Profile::default() };
        let author = s.authors.create(profile, &[house.writer.id]).await.unwrap().id;
        let draft = Draft {
            title: format!("Town {n} {COMMON}"),
            body: own_words(&format!("Town {n}")),
            channel: Some(Slug::new("city").unwrap()),
            tags: vec![Tag::new(&format!("tag {n}")).unwrap()],
            ..Draft::default()
        };
        ids.push(house.article_of(author, draft, State::Live).await);
    }
    // Two of one name, so that nothing else tells them apart.
    let mut cookies = Vec::new();
    for handle in ["anna", "bela"] {
        s.accounts.ensure(handle, "Somebody", None, None).await.unwrap();
        cookies.push(house.cookie(handle).await);
    }
    let pages = ["/for-you", "/", "/-/slots?path=%2F", "/-/slots?path=%2Ffor-you"];
    house
        .wait_as(async || house.get_anonymous("/api/v1/hot").await.text, "hot", &ids[7].to_string(), true)
        .await;
    for (cookie, read) in cookies.iter().zip([&ids[..3], &ids[4..7]]) {
        for id in read {
            house.as_somebody(&format!("/article/{id}"), cookie).await;
        }
    }
    // While it is on they differ.
    let titles = [0, 4].map(|n| format!("Town {n} "));
    for (n, cookie) in cookies.iter().enumerate() {
        let read = format!("/article/{}", ids[4 * n]);
        house.wait_as(async || house.as_somebody("/history", cookie).await, "/history", &read, true).await;
        let list = house.as_somebody("/for-you", cookie).await;
        let list = list.split("id=\"why-for-you\"").nth(1).unwrap();
        assert!(!list.contains(&format!("{read}\"")), "{} is read already", titles[n]);
    }
    let lists =
        [house.as_somebody("/for-you", &cookies[0]).await, house.as_somebody("/for-you", &cookies[1]).await];
    assert!(lists[0] != lists[1], "they read other things");

    for cookie in &cookies {
        assert_eq!(house.send_form("/settings/interests/switch", cookie, "learns=no").await, 303);
    }
    for page in pages {
        let mut last = (String::new(), String::new());
        // Both are asked between two changes of the hot list.
        for _ in 0..50 {
            last = (house.as_somebody(page, &cookies[0]).await, house.as_somebody(page, &cookies[1]).await);
            if last.0 == last.1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(last.0 == last.1, "{page} differs");
    }
    // What is read now is not written: the history is as long as it was.
    house.as_somebody(&format!("/article/{}", ids[3]), &cookies[0]).await;
    assert_eq!(
        house.send_form("/settings/interests/wish", &cookies[0], "subject=tag&name=tag+1&wish=more").await,
        409
    );
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(house.send_form("/settings/interests/switch", &cookies[0], "learns=yes").await, 303);
    let history = house.as_somebody("/history", &cookies[0]).await;
    assert!(ids[..3].iter().all(|id| history.contains(&format!("value=\"{id}\""))));
    assert!(!history.contains(&format!("value=\"{}\"", ids[3])));

    // Said, and forgotten.
    let form = format!("subject=article&name={}&wish=none&return=%2Ffor-you", ids[7]);
    assert_eq!(house.send_form("/settings/interests/wish", &cookies[0], &form).await, 303);
    let list = house.as_somebody("/for-you", &cookies[0]).await;
    assert!(!list.contains(&format!("name=\"name\" value=\"{}\"", ids[7])));
    assert_eq!(
        house
            .send_form("/settings/interests/wish", &cookies[0], "subject=author&name=nobody&wish=more")
            .await,
        422
    );
    assert_eq!(house.send_form("/settings/interests/reset", &cookies[0], "").await, 422);
    assert_eq!(house.send_form("/settings/interests/reset", &cookies[0], "sure=yes").await, 303);
    assert!(!house.as_somebody("/history", &cookies[0]).await.contains(&format!("value=\"{}\"", ids[0])));
    // None of it is for visitors.
    for page in ["/history", "/settings/interests"] {
        assert_eq!(house.get_anonymous(page).await.status, 303, "{page} asks to sign in");
    }
    house.stop.cancel();
}
