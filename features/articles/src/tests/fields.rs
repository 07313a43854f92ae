//! Every field on its way into the tables and back. The drafts are written out field by field: a new one is here, too.

use super::*;
use crate::store;

async fn full(desk: &Desk) -> Draft {
    Draft::with_every_field(slug(), vec![pictures::picture(desk, 9).await])
}

#[db_test]
async fn every_field_comes_back_as_it_was_saved(db: Db) {
    let desk = desk(&db, true).await;
    let (a, full) = (&desk.articles, full(&desk).await);
    let made = a.create(desk.author, desk.user, full.clone()).await.unwrap();
    assert_eq!(made.draft, full);
    assert_eq!(a.get(made.id).await.unwrap().draft, full);
    assert_eq!(a.draft_at(made.id, 1).await.unwrap().unwrap(), full);

    // Emptied, nothing of it is left; filled again, all of it.
    let empty = Draft { language: Some("de".into()), ..Draft::default() };
    a.edit(made.id, desk.user, empty.clone(), 1).await.unwrap();
    assert_eq!(a.get(made.id).await.unwrap().draft, empty);
    a.edit(made.id, desk.user, full.clone(), 2).await.unwrap();
    assert_eq!(a.get(made.id).await.unwrap().draft, full);
}

#[db_test]
async fn every_column_comes_back_as_it_was_written(db: Db) {
    let desk = desk(&db, true).await;
    let id = desk.articles.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    let at = |n: i64| Time::from_millis(n * 1_000);
    let article = crate::Article {
        id,
        author: desk.author,
        state: State::Retracted,
        draft: Draft { language: Some("pt".into()), ..full(&desk).await },
        html: kernel::Markup::sanitise("<p>At five.</p>"),
        excerpt: "At five.".into(),
        language: "pt".into(),
        place: Some("浙江".into()),
        reading_minutes: 7,
        version: 3,
        latest: 4,
        pending: true,
        created_at: at(1),
        updated_at: at(2),
        publish_at: Some(at(3)),
        published_at: Some(at(4)),
        edited_at: Some(at(5)),
        return_code: Some("facts".into()),
        return_note: Some("Which year?".into()),
        retract_code: Some("wrong".into()),
        external_id: Some("x:1".into()),
    };
    for written in [article.clone(), crate::Article { id, ..crate::Article::new(id, desk.author, at(6)) }] {
        let tx = db.write().await.unwrap();
        store::save(&tx, &written).await.unwrap();
        tx.commit().await.unwrap();
        let mut read = store::find(&db, id).await.unwrap().unwrap();
        // What was guessed stands in the column.
        read.draft.language.clone_from(&written.draft.language);
        assert_eq!(format!("{read:?}"), format!("{written:?}"));
    }
}

#[db_test]
async fn all_that_is_wrong_is_said_at_once(db: Db) {
    let desk = desk(&db, true).await;
    let wrong = Draft {
        title: "长".repeat(201),
        channel: Slug::new("mars").ok(),
        covers: vec!["00".into()],
        source_url: Some("ftp://a".into()),
        ..Draft::default()
    };
    let refused = desk.articles.create(desk.author, desk.user, wrong).await.unwrap_err();
    let said =
        "title: title-long (200); source_url: url-form; channel: channel-unknown; covers[0]: cover-unknown";
    assert_eq!(refused.to_string(), said);
}
