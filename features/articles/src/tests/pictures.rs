//! The pictures of a revision: seen before they are approved, and kept by who shows them.

use super::*;

/// A picture of one colour, as an upload.
pub async fn picture(desk: &Desk, shade: u8) -> String {
    let mut bytes = Vec::new();
    let pixels = image::RgbImage::from_pixel(8, 8, image::Rgb([shade, 0, 0]));
    pixels.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    desk.media.upload(Some(desk.user), bytes.into()).await.unwrap().hash
}

async fn covers(desk: &Desk) -> Vec<String> {
    desk.articles.latest(Cursor::START, 10).await.unwrap().items.remove(0).covers
}

#[db_test]
async fn covers_belong_to_the_revision_and_wait_with_it(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let (old, new, later) = (picture(&desk, 1).await, picture(&desk, 2).await, picture(&desk, 3).await);
    let with = |cover: &String| Draft { covers: vec![cover.clone()], ..draft("One") };
    let id = a.create(desk.author, desk.user, with(&old)).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap();
    assert_eq!(read.pictures(), std::slice::from_ref(&old));
    a.decide(id, Verdict::Approve(read.read()), async |_| Ok(())).await.unwrap();
    assert_eq!(covers(&desk).await, std::slice::from_ref(&old));

    // Nothing but the cover changes: it waits like any other change.
    a.edit(id, desk.user, with(&new), 1).await.unwrap();
    assert!(a.submit(id, None).await.unwrap().pending);
    assert_eq!(covers(&desk).await, std::slice::from_ref(&old));
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap();
    assert_eq!(read.draft.changes(&with(&old)), ["covers"]);
    a.edit(id, desk.user, with(&later), 2).await.unwrap();
    let stale = a.decide(id, Verdict::Approve(read.read()), async |_| Ok(())).await;
    assert!(matches!(stale, Err(Error::Conflict("article-edited"))));
    assert_eq!(covers(&desk).await, [old]);
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap().read();
    // The number alone does not do: it says nothing of what was seen.
    let unseen = crate::Read { digest: String::new(), ..read.clone() };
    let blind = a.decide(id, Verdict::Approve(unseen), async |_| Ok(())).await;
    assert!(matches!(blind, Err(Error::Conflict("article-edited"))));
    a.decide(id, Verdict::Approve(read), async |_| Ok(())).await.unwrap();
    assert_eq!(covers(&desk).await, [later]);
}

#[db_test]
async fn a_cover_is_a_picture_that_is_here(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let missing = Draft { covers: vec!["0123456789abcdef0123456789abcdef".into()], ..draft("One") };
    let refused =
        |error: Error| matches!(error, Error::Invalid(errors) if errors.0[0].code == "cover-unknown");
    assert!(refused(a.create(desk.author, desk.user, missing.clone()).await.unwrap_err()));
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    assert!(refused(a.edit(id, desk.user, missing.clone(), 1).await.unwrap_err()));
    let item = Imported {
        external_id: "x:1".into(),
        author: desk.author,
        place: None,
        draft: missing,
        state: State::Live,
        published_at: Time::from_millis(1),
        edited_at: None,
    };
    assert!(refused(a.import(vec![item]).await.unwrap_err()));
    assert!(listed(&desk).await.is_empty());
}

#[db_test]
async fn a_picture_that_comes_later_is_not_approved_unseen(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let id = a.create(desk.author, desk.user, draft("One")).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
    // Its hash can be worked out before it is uploaded.
    let mut bytes = Vec::new();
    let pixels = image::RgbImage::from_pixel(8, 8, image::Rgb([9, 9, 9]));
    pixels.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    let hash: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let body = format!("Text ![x](/media/{hash}/full.jpg)");
    a.edit(id, desk.user, Draft { body, ..draft("One") }, 1).await.unwrap();
    a.submit(id, None).await.unwrap();
    let read = a.revision(&a.get(id).await.unwrap()).await.unwrap();
    assert!(!read.html.as_str().contains(&hash));
    desk.media.upload(Some(desk.user), bytes.into()).await.unwrap();
    let unseen = a.decide(id, Verdict::Approve(read.read()), async |_| Ok(())).await;
    assert!(matches!(unseen, Err(Error::Conflict("article-edited"))));
}

#[db_test]
async fn a_picture_that_was_deleted_is_not_approved_unseen(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let approve =
        async |id, read: &crate::Read| a.decide(id, Verdict::Approve(read.clone()), async |_| Ok(())).await;
    let read = async |id| a.revision(&a.get(id).await.unwrap()).await.unwrap();
    let (cover, inside, new) = (picture(&desk, 1).await, picture(&desk, 2).await, picture(&desk, 3).await);
    let with = |cover: &String| Draft {
        covers: vec![cover.clone()],
        body: format!("Text ![x](/media/{inside}/full.jpg)"),
        ..draft("One")
    };
    let id = a.create(desk.author, desk.user, with(&cover)).await.unwrap().id;
    a.submit(id, None).await.unwrap();
    let waits = a.uses(&inside, 9).await.unwrap();
    assert!(waits[0].waits && waits[0].is_needed() && !waits[0].live);
    for (shade, hash) in [(1, &cover), (2, &inside)] {
        let whole = read(id).await.read();
        desk.media.delete(desk.user, hash, false).await.unwrap();
        let lost = read(id).await;
        assert_eq!(lost.missing, std::slice::from_ref(hash));
        // Neither on what shows it, nor on what shows that it is not there.
        assert!(matches!(approve(id, &whole).await, Err(Error::Conflict("article-edited"))));
        assert!(matches!(approve(id, &lost.read()).await, Err(Error::Conflict("picture-missing"))));
        // Brought again, it is another page than the one that was read.
        picture(&desk, shade).await;
        assert!(matches!(approve(id, &lost.read()).await, Err(Error::Conflict("article-edited"))));
    }
    approve(id, &read(id).await.read()).await.unwrap();

    // The same for a new cover of what is live.
    a.edit(id, desk.user, with(&new), 1).await.unwrap();
    assert!(!a.uses(&new, 9).await.unwrap()[0].is_needed(), "not sent in yet");
    a.submit(id, None).await.unwrap();
    assert!(a.uses(&new, 9).await.unwrap()[0].is_needed());
    desk.media.delete(desk.user, &new, false).await.unwrap();
    let lost = read(id).await.read();
    assert!(matches!(approve(id, &lost).await, Err(Error::Conflict("picture-missing"))));
    picture(&desk, 3).await;
    assert!(matches!(approve(id, &lost).await, Err(Error::Conflict("article-edited"))));
    assert_eq!(covers(&desk).await, [cover]);
    approve(id, &read(id).await.read()).await.unwrap();
    assert_eq!(covers(&desk).await, std::slice::from_ref(&new));

    // What is gone before it is sent in is asked for then.
    let late = a.create(desk.author, desk.user, with(&new)).await.unwrap().id;
    desk.media.delete(desk.user, &new, false).await.unwrap();
    let refused = a.submit(late, None).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0[0].code == "cover-unknown"));
}

#[db_test]
async fn what_was_brought_for_an_author_stays_the_authors(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let (cover, strange) = (picture(&desk, 1).await, "0123456789abcdef0123456789abcdef");
    let with = |cover: &str| Draft { covers: vec![cover.into()], ..draft("One") };
    let made = a.create(desk.author, desk.user, with(&cover)).await.unwrap();
    assert_eq!(a.authors_keeping(&cover).await.unwrap(), [desk.author]);
    assert!(a.authors_keeping(strange).await.unwrap().is_empty());
    // Another author names it without having it.
    let env = Env::system();
    let others = Authors::new(db.clone(), desk.journal.clone(), env.clone());
    let other = others.ensure("other", "Other").await.unwrap().id;
    a.create(other, UserId::new(7), with(&cover)).await.unwrap();
    assert_eq!(a.authors_keeping(&cover).await.unwrap(), [desk.author]);
    // What no article of theirs has any more is nobody's business.
    a.edit(made.id, desk.user, draft("One"), 1).await.unwrap();
    a.delete(made.id, async |_| Ok(())).await.unwrap();
    assert!(a.authors_keeping(&cover).await.unwrap().is_empty());
}
