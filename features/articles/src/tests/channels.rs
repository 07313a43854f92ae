//! Channels: added, renamed, merged, and those that something is still on its way to.

use super::*;

fn named(slug: &str) -> Slug {
    Slug::new(slug).unwrap()
}

fn moved(title: &str, channel: &str) -> Draft {
    Draft { channel: Some(named(channel)), ..draft(title) }
}

/// A change that waits, one that was not sent in, and a draft: each could never be approved if its channel were gone.
#[db_test]
async fn a_channel_that_a_change_points_to_stays(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let channel = |slug: &str| Channel {
        slug: named(slug),
        zh: "海".into(),
        en: "Sea".into(),
        colour: "#123456".into(),
        position: 2,
    };
    for slug in ["pending", "unsent", "draft", "left"] {
        a.create_channel(channel(slug)).await.unwrap();
    }
    let in_use = async |slug: &str| {
        let removed = a.delete_channel(&named(slug)).await;
        matches!(removed, Err(Error::Conflict("channel-in-use")))
    };
    let mut live = Vec::new();
    for title in ["One", "Two"] {
        let id = a.create(desk.author, desk.user, draft(title)).await.unwrap().id;
        a.submit(id, None).await.unwrap();
        a.decide(id, Verdict::Approve(a.reading(id).await.unwrap()), async |_| Ok(())).await.unwrap();
        live.push(id);
    }
    a.edit(live[0], desk.user, moved("One", "left"), 1).await.unwrap();
    desk.clock.advance(Duration::from_hours(1));
    a.edit(live[0], desk.user, moved("One", "pending"), 2).await.unwrap();
    a.submit(live[0], None).await.unwrap();
    a.edit(live[1], desk.user, moved("Two", "unsent"), 1).await.unwrap();
    a.create(desk.author, desk.user, moved("Three", "draft")).await.unwrap();
    for slug in ["pending", "unsent", "draft"] {
        assert_eq!(a.count_in_channel(&named(slug)).await.unwrap(), 1, "{slug}");
        assert!(in_use(slug).await, "{slug}");
    }
    // What only an older revision names may go.
    assert_eq!(a.count_in_channel(&named("left")).await.unwrap(), 0);
    a.delete_channel(&named("left")).await.unwrap();

    let shown = a
        .decide(live[0], Verdict::Approve(a.reading(live[0]).await.unwrap()), async |_| Ok(()))
        .await
        .unwrap();
    assert_eq!(shown.draft.channel, Some(named("pending")));
    let shown = a.submit(live[1], None).await.unwrap();
    assert!(shown.pending);
}

#[db_test]
async fn channels_are_added_once_and_keep_their_address(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let channel = |slug: &str, zh: &str, colour: &str| Channel {
        slug: Slug::new(slug).unwrap(),
        zh: zh.into(),
        en: " Sea  life ".into(),
        colour: colour.into(),
        position: 0,
    };
    a.create_channel(channel("sea", "海", "#0F766E")).await.unwrap();
    let taken = a.create_channel(channel("sea", "海", "#0f766e")).await;
    assert!(matches!(taken, Err(Error::Invalid(errors)) if errors.0[0].code == "slug-taken"));
    let Err(Error::Invalid(errors)) = a.create_channel(channel("sky", " ", "red")).await else {
        panic!("accepted")
    };
    assert_eq!(errors.0.iter().map(|e| e.code).collect::<Vec<_>>(), ["channel-name-empty", "colour-form"]);
    a.update_channel(channel("sea", "大海", "#123456")).await.unwrap();
    assert!(matches!(a.update_channel(channel("sky", "天", "#123456")).await, Err(Error::NotFound)));
    let all = a.channels().await.unwrap();
    assert_eq!(all[0], Channel { en: "Sea life".into(), ..channel("sea", "大海", "#123456") });
    assert_eq!(all.len(), 2);
}

/// An article, a change of it that waits, a draft: none stays behind, and addresses lead on.
#[db_test]
async fn a_channel_is_renamed_and_merged_with_all_that_is_in_it(db: Db) {
    let desk = desk(&db, true).await;
    let a = &desk.articles;
    let named = |slug: &str| Slug::new(slug).unwrap();
    let channel = |slug: &str| Channel {
        slug: named(slug),
        zh: "海".into(),
        en: "Sea".into(),
        colour: "#123456".into(),
        position: 2,
    };
    let live = a.create(desk.author, desk.user, draft("Tides")).await.unwrap();
    a.submit(live.id, None).await.unwrap();
    a.decide(live.id, Verdict::Approve(a.reading(live.id).await.unwrap()), async |_| Ok(())).await.unwrap();
    let text = Draft { body: r#"It says "channel":"city" here."#.into(), ..draft("Tides, again") };
    a.edit(live.id, desk.user, text.clone(), 1).await.unwrap();
    let unfinished = a.create(desk.author, desk.user, draft("Boats")).await.unwrap();
    let before = events::testing::all(&desk.journal).await.len();

    a.rename_channel(&slug(), channel("town")).await.unwrap();
    assert!(a.channels().await.unwrap().iter().all(|channel| channel.slug != slug()));
    assert_eq!(a.channel_redirect(&slug()).await.unwrap(), Some(named("town")));
    let newest = a.newest(live.id).await.unwrap().unwrap();
    assert_eq!((newest.channel, newest.body), (Some(named("town")), text.body));
    assert_eq!(a.get(unfinished.id).await.unwrap().draft.channel, Some(named("town")));
    let lists = a.by_channel(&named("town"), Cursor::START, 9).await.unwrap().items;
    assert_eq!(lists.iter().map(|card| card.id).collect::<Vec<_>>(), [live.id]);
    let events = events::testing::all(&desk.journal).await;
    let channels: Vec<_> = events[before..]
        .iter()
        .filter_map(|entry| entry.read::<crate::events::Changed>())
        .map(|event| event.channel.unwrap())
        .collect();
    assert_eq!(channels, ["city", "town"]);

    // Whoever has the old name on their desk writes for the new one, and nobody makes a channel of it.
    let late = a.create(desk.author, desk.user, draft("Late")).await.unwrap();
    assert_eq!(late.draft.channel, Some(named("town")));
    assert_eq!(a.ensure_channel(&channel("city")).await.unwrap(), named("town"));
    assert!(a.create_channel(channel("city")).await.is_err());

    let in_use = a.delete_channel(&named("town")).await;
    assert!(matches!(in_use, Err(Error::Conflict("channel-in-use"))));
    a.create_channel(channel("sea")).await.unwrap();
    a.merge_channel(&named("town"), &named("sea")).await.unwrap();
    assert_eq!(a.channel_redirect(&slug()).await.unwrap(), Some(named("sea")), "one step, not two");
    assert_eq!(a.count_in_channel(&named("sea")).await.unwrap(), 3);
    let itself = a.merge_channel(&named("sea"), &named("sea")).await;
    assert!(matches!(itself, Err(Error::Conflict("channel-itself"))));
    assert!(matches!(a.merge_channel(&slug(), &named("sea")).await, Err(Error::NotFound)));

    a.create_channel(channel("empty")).await.unwrap();
    a.delete_channel(&named("empty")).await.unwrap();
    assert!(matches!(a.delete_channel(&named("empty")).await, Err(Error::NotFound)));
}
