//! The ways from an article to the desks: for those who work there, and never on everybody's page.

use articles::State;
use db::{Db, db_test};
use kernel::Env;
use web::CacheTag;

use testing::Answer;

use super::{House, get};

#[db_test]
async fn the_way_to_a_desk_is_on_ones_own_page_only(db: Db) {
    let house = House::new(db, Env::system()).await;
    let id = house.article("Livewire", State::Live).await;
    let (page, slots) = (format!("/article/{id}"), format!("/-/slots?path=/article/{id}"));
    let (edit, review) = (format!("/studio/article/{id}"), format!("/admin/review/{id}"));

    for (who, edits, reviews) in [
        ("reader", false, false),
        ("reviewer", false, true),
        ("editor", false, true),
        ("mara", true, false), // owns the author
    ] {
        let cookie = house.cookie(who).await;
        // Without the script, the page is drawn for whoever asks.
        let Answer { status, text: own, .. } = house.send(get(&page).header("cookie", &cookie)).await;
        assert_eq!((status, own.contains(&edit), own.contains(&review)), (200, edits, reviews), "{who}");
        // With it, they get everybody's page, and the bits apart.
        let scripted = format!("{cookie}; js=1");
        let bits = house.send(get(&slots).header("cookie", &scripted)).await.text;
        assert_eq!((bits.contains(&edit), bits.contains(&review)), (edits, reviews), "{who}");
        // Drawn anew, so that it is this person for whom it could be drawn wrongly.
        house.site.pages.invalidate([CacheTag::Article(id)]);
        let shared = house.send(get(&page).header("cookie", &scripted)).await.text;
        let visited = house.get_anonymous(&page).await.text;
        for everybodys in [shared, visited] {
            assert!(everybodys.contains("data-slot=\"actions\""));
            assert!(!everybodys.contains(&edit) && !everybodys.contains(&review), "{who}");
        }
    }
    house.stop.cancel();
}
