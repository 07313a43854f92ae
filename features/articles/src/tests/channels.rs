//! Channels that something is still on its way to.

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
        a.decide(id, Verdict::Approve, async |_| Ok(())).await.unwrap();
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

    let shown = a.decide(live[0], Verdict::Approve, async |_| Ok(())).await.unwrap();
    assert_eq!(shown.draft.channel, Some(named("pending")));
    let shown = a.submit(live[1], None).await.unwrap();
    assert!(shown.pending);
}
