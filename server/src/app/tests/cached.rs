//! Pages out of the cache show what is new.

use articles::State;
use db::{Db, db_test};
use kernel::Env;

use super::House;

/// The page is asked for all the time, so it is kept from before the new article can be found.
#[db_test]
async fn a_new_article_appears_among_what_is_related_to_an_old_one(db: Db) {
    let house = House::new(db, Env::system()).await;
    // Told apart by enough words that they are no copies of each other.
    let old = "Rope walks of the eastern quay, where hemp is twisted by seven sisters and a patient mule:";
    let old = house.article(old, State::Live).await;
    let page = format!("/article/{old}");
    house.wait_as(async || house.get_anonymous(&page).await.text, &page, "id=\"related\"", true).await;
    let new = "Bell towers on the western hill, whose clocks are wound at dusk by whoever lost the bet:";
    let new = house.article(new, State::Live).await.to_string();
    let related = async || {
        let html = house.get_anonymous(&page).await.text;
        let block = html.split("id=\"related\"").nth(1).and_then(|rest| rest.split("</section>").next());
        block.unwrap_or_default().to_owned()
    };
    house.wait_as(related, &page, &new, true).await;
    house.stop.cancel();
}
