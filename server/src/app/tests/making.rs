//! While the text index is being made.

use db::db_test;

use super::*;

/// A site that has articles and no index, as after a restore from a backup.
#[db_test]
async fn until_the_index_is_made_everybody_is_told(db: Db) {
    let house = Box::pin(House::opened(db, Env::system(), |_| {})).await;
    house.article("Quay", State::Live).await;
    let Answer { status, text: why, .. } = house.get_anonymous("/readyz").await;
    assert_eq!((status, why.as_str()), (503, "the search index is being made\n"));
    assert_eq!(house.get_anonymous("/healthz").await.status, 200);
    let places = [
        ("/search?q=lighthouse", "The search index is being made"),
        ("/api/v1/search?q=lighthouse", "\"partial\":true"),
        ("/api/v1/search/suggest?q=lighthouse", "\"partial\":true"),
    ];
    for (path, word) in places {
        let Answer { status, text: page, .. } = house.get_anonymous(path).await;
        assert!(status == 200 && page.contains(word), "{path} {page}");
    }

    house.site.start(&house.stop, &TaskTracker::new()).await.unwrap();
    house.wait("/readyz", "being made", false).await;
    let ready = house.get_anonymous("/readyz").await;
    assert_eq!((ready.status, ready.text.as_str()), (200, "ready\n"));
    for (path, word) in places {
        assert!(!house.get_anonymous(path).await.text.contains(word), "{path}");
    }
    assert!(house.get_anonymous("/api/v1/search?q=lighthouse").await.text.contains("\"total\":1"));
    house.stop.cancel();
}
