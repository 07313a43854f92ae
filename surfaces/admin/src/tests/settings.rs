//! Settings in the browser.

use db::{Db, db_test};
use settings::site::{CONTACT, NAME, TAGLINE};

use super::open;

const PAGE: &str = "/admin/settings";

#[db_test]
async fn what_is_set_is_in_force_and_what_is_wrong_keeps_what_was_typed(db: Db) {
    let site = open(&db).await;
    let page = site.get("operator", PAGE).await;
    for part in ["value=\"Byline\"", ">Who may sign up<", "The configuration file of the site says this"] {
        assert!(page.has(part), "{part}: {}", page.text);
    }
    let answer =
        site.post("operator", PAGE, &[("site.name", "Our Town"), ("site.contact", "a@news.example")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/admin/settings?done=settings"));
    assert_eq!(
        (site.settings.get(&NAME), site.settings.get(&CONTACT)),
        ("Our Town".into(), "a@news.example".into())
    );
    assert_eq!(site.settings.get(&TAGLINE), "", "what is not sent stays");

    let typed = [("site.name", " "), ("site.tagline", "By <all>"), ("site.zone", "Mars/Olympus")];
    let answer = site.post("operator", PAGE, &typed).await;
    assert_eq!(answer.status, 422);
    for part in ["Say something here", "Choose a time zone of the list", "value=\"By &lt;all&gt;\""] {
        assert!(answer.has(part), "{part}: {}", answer.text);
    }
    assert_eq!((site.settings.get(&NAME), site.settings.get(&TAGLINE)), ("Our Town".into(), String::new()));
    assert_eq!(site.post("operator", PAGE, &[("articles.review", "off")]).await.status, 409, "it is fixed");
    assert_eq!(site.post("operator", PAGE, &[("no.such", "x")]).await.status, 404);
}
