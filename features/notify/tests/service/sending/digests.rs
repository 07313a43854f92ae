//! Mail that sums up a day or a week, and who gets none.

use super::*;

#[db_test]
async fn a_digest_comes_once_for_each_turn_with_what_is_still_to_be_seen(db: Db) {
    let post = post(desk(&db).await).await;
    let (notify, ann) = (&post.site.notify, &post.ann);
    post.address(&db, ann).await;
    let mut choices = notify.choices(ann.id).await.unwrap();
    // In an hour.
    choices.digest = Some(Digest { every: Every::Day, hour: 19, weekday: 1 });
    notify.choose(ann.id, &choices).await.unwrap();
    assert_eq!(notify.choices(ann.id).await.unwrap(), choices);

    let own = post.say(ann, None, "Which lamp?").await;
    let gone = post.say(&post.bob, Some(&own), "To be removed.").await;
    for n in 0..8 {
        post.say(&post.cat, None, &format!("@ann number {n}")).await;
    }
    assert_eq!(post.unread(ann).await, 9);
    assert!(!notify.send_digests().await.unwrap());
    assert!(post.server.received().is_empty(), "its turn has not come");
    post.site.advance(MINUTE * 60);
    // Of two nodes that look at once one has the turn, and who looks again finds none.
    let (one, other) = tokio::join!(notify.send_digests(), notify.send_digests());
    assert!(!one.unwrap() && !other.unwrap());
    notify.send_digests().await.unwrap();
    let (subject, text, html, off) = read(&post.received(1).await[0]);
    assert_eq!(subject, "News: your day (9 unread)");
    assert!(text.contains("To be removed.") && text.contains("And 3 more"), "{text}");
    assert!(
        text.contains("number 7") && !text.contains("number 2") && html.contains("<h2>Mentions</h2>"),
        "{text}"
    );
    let token = off.split_once("token=").unwrap().1;
    assert_eq!(notify.read_off(token).await.unwrap(), Some((ann.id, Off::Digest)));

    // The next day: nothing new, nothing sent.
    post.site.advance(Duration::from_hours(24));
    notify.send_digests().await.unwrap();
    // What is gone by then is not told of.
    let late = post.say(&post.bob, Some(&own), "Soon gone.").await;
    post.settle().await;
    post.remove(gone.id).await;
    post.remove(late.id).await;
    post.settle().await;
    post.site.advance(Duration::from_hours(24));
    notify.send_digests().await.unwrap();
    until("all mail is sent", async || {
        db.scalar::<i64>("SELECT COUNT(*) FROM mails", args![]).await.unwrap() == Some(0)
    })
    .await;
    assert_eq!(post.server.received().len(), 1);

    // By hand, also for who wants none; and then none any more.
    notify.turn_off(ann.id, Off::Digest).await.unwrap();
    assert_eq!(notify.choices(ann.id).await.unwrap().digest, None);
    notify.try_digest(ann.id).await.unwrap();
    assert!(read(&post.received(2).await[1]).1.contains("number 7"));
    post.site.advance(Duration::from_hours(24));
    notify.send_digests().await.unwrap();
    post.read_all(ann).await;
    assert!(notify.try_digest(ann.id).await.is_err(), "nothing to say");
}

#[db_test]
async fn the_next_digest_heeds_another_zone(db: Db) {
    let post = post(desk(&db).await).await;
    let ann = post.ann.id;
    post.address(&db, &post.ann).await;
    let mut choices = post.site.notify.choices(ann).await.unwrap();
    choices.digest = Some(Digest { every: Every::Day, hour: 19, weekday: 1 });
    post.site.notify.choose(ann, &choices).await.unwrap();
    let next = async || {
        let sql = "SELECT next_at FROM notification_digests WHERE user_id = $1";
        db.scalar::<Time>(sql, args![ann]).await.unwrap().unwrap()
    };
    let hour = |at: Time, zone: &str| at.timestamp().to_zoned_datetime(TimeZone::get(zone).unwrap()).hour();
    let before = next().await;
    for zone in ["Asia/Tokyo", "America/Lima"] {
        let own = accounts::Choices { zone: Some(zone.into()), ..accounts::Choices::default() };
        post.site.accounts.set_choices(ann, own).await.unwrap();
        post.settle().await;
        assert_eq!(hour(next().await, zone), 19, "{zone}");
    }
    // Whatever else changes leaves it where it is; what is due is not left out.
    post.site.advance(next().await.since(post.site.env.now()));
    let (due, own) = (next().await, accounts::Choices::default());
    assert_ne!(due, before);
    post.site.accounts.set_choices(ann, own).await.unwrap();
    post.settle().await;
    assert_eq!(next().await, due);
}

#[db_test]
async fn who_asked_to_be_deleted_is_warned_and_told_nothing_else(db: Db) {
    const PASSWORD: &str = "brass lamp on the quay";
    let post = post(desk(&db).await).await;
    let dan = post.site.accounts.ensure("dan", "Dan", None, Some(PASSWORD)).await.unwrap();
    post.address(&db, &dan).await;
    post.want(&dan, Kind::Answer, Way::Mail).await;
    let mut choices = post.site.notify.choices(dan.id).await.unwrap();
    choices.digest = Some(Digest { every: Every::Day, hour: 19, weekday: 1 });
    post.site.notify.choose(dan.id, &choices).await.unwrap();
    let own = post.say(&dan, None, "Which lamp?").await;
    post.say(&post.bob, Some(&own), "The brass one.").await;
    post.settle().await;
    let from = accounts::Origin { network: "n", ..accounts::Origin::default() };
    post.site.accounts.ask_to_delete(&dan, PASSWORD, true, true, from).await.unwrap();
    post.site.advance(Duration::from_hours(24));
    assert!(!post.site.notify.send_digests().await.unwrap());
    post.until_idle(&dan).await;
    let received = post.received(1).await;
    let message = MessageParser::default().parse(&received[0].message).unwrap();
    assert!(message.header_raw("List-Unsubscribe").is_none(), "a warning, that they are to be deleted");
}
