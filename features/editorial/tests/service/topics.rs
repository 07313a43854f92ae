use editorial::events::TopicChanged;
use editorial::{Topic, TopicText};

use super::*;

impl Desk {
    async fn topic(&self, slug: &str) -> TopicId {
        let text = TopicText { zh: "潮汐".into(), ..TopicText::default() };
        self.editorial.create_topic(&self.editor, slug, text).await.unwrap()
    }

    async fn order(&self, id: TopicId) -> Vec<(ArticleId, String)> {
        let members = self.editorial.members(&[id]).await.unwrap().remove(&id).unwrap_or_default();
        members.into_iter().map(|member| (member.article, member.section)).collect()
    }

    async fn named(&self, article: ArticleId) -> Vec<TopicId> {
        self.editorial.topics_of(article).await.unwrap().iter().map(|topic| topic.id).collect()
    }

    async fn changed(&self) -> Vec<TopicChanged> {
        self.site.events().await
    }
}

#[db_test]
async fn a_topic_is_seen_while_it_is_live(db: Db) {
    let desk = desk(&db).await;
    let (e, editor, a) = (&desk.editorial, &desk.editor, desk.live[0]);
    let id = desk.topic("tides").await;
    let slug = Slug::new("tides").unwrap();
    let taken = e.create_topic(editor, "tides", TopicText { en: "T".into(), ..TopicText::default() });
    assert_eq!(taken.await.unwrap_err().to_string(), "slug: topic-taken");
    assert_eq!(e.publish_topic(editor, id).await.unwrap_err().to_string(), "thing: topic-empty");
    e.add_to_topic(editor, id, a, "").await.unwrap();
    assert!(matches!(e.live_topic(&slug).await, Err(Error::NotFound)));
    assert!(desk.named(a).await.is_empty() && desk.changed().await.is_empty(), "nobody sees it yet");

    e.publish_topic(editor, id).await.unwrap();
    e.publish_topic(editor, id).await.unwrap();
    assert_eq!(e.live_topic(&slug).await.unwrap().id, id);
    assert_eq!(desk.named(a).await, [id]);
    let second = desk.topic("moon").await;
    e.add_to_topic(editor, second, a, "").await.unwrap();
    desk.site.advance(MINUTE);
    e.publish_topic(editor, second).await.unwrap();
    assert_eq!(desk.named(a).await, [second, id], "the newest first");
    let page = e.live_topics(Cursor::START, 1).await.unwrap();
    assert_eq!(page.items[0].id, second);
    let rest = e.live_topics(page.next.unwrap(), 1).await.unwrap();
    assert_eq!((rest.items[0].id, rest.next), (id, None));

    e.withdraw_topic(editor, id).await.unwrap();
    assert!(matches!(e.live_topic(&slug).await, Err(Error::NotFound)));
    assert_eq!(desk.named(a).await, [second]);
    let all: Vec<TopicId> = e.topics(Cursor::START, 9).await.unwrap().items.iter().map(|t| t.id).collect();
    assert_eq!(all, [second, id]);
    let changed: Vec<TopicId> = desk.changed().await.iter().map(|changed| changed.id).collect();
    assert_eq!(changed, [id, second, id]);
    // What comes into a topic that readers see is told apart from a topic that comes before them.
    e.add_to_topic(editor, second, desk.live[1], "").await.unwrap();
    let added: Vec<_> = desk.changed().await.into_iter().map(|changed| changed.added).collect();
    assert_eq!(added, [vec![], vec![], vec![], vec![desk.live[1]]]);
    let want = ["topic-create", "topic-add", "topic-publish", "topic-create", "topic-add", "topic-publish"];
    assert_eq!(desk.audit_actions().await, [&want[..], &["topic-withdraw", "topic-add"]].concat());
}

#[db_test]
async fn its_articles_have_an_order_and_sections(db: Db) {
    let desk = desk(&db).await;
    let (e, editor) = (&desk.editorial, &desk.editor);
    let [a, b, c] = desk.live[..] else { panic!() };
    let id = desk.topic("tides").await;
    for (article, section) in [(a, ""), (b, " The  harbour "), (c, "The harbour")] {
        e.add_to_topic(editor, id, article, section).await.unwrap();
    }
    let harbour = || "The harbour".to_owned();
    assert_eq!(desk.order(id).await, [(a, String::new()), (b, harbour()), (c, harbour())]);
    for (article, section, want) in [
        (a, "", "thing: placed-already"),
        (desk.draft, "", "thing: article-not-live"),
        (a, &*"长".repeat(41), "section: field-long (40)"),
    ] {
        let refused = e.add_to_topic(editor, id, article, section).await.unwrap_err();
        assert_eq!(refused.to_string(), want);
    }
    e.publish_topic(editor, id).await.unwrap();

    assert_eq!(e.move_in_topic(editor, id, c, 1).await.unwrap(), 1);
    assert_eq!(e.move_in_topic(editor, id, a, 99).await.unwrap(), 3);
    assert!(matches!(e.move_in_topic(editor, id, desk.draft, 1).await, Err(Error::NotFound)));
    e.set_section(editor, id, a, "Later").await.unwrap();
    e.set_section(editor, id, a, "Later").await.unwrap();
    assert_eq!(desk.order(id).await, [(c, harbour()), (b, harbour()), (a, "Later".into())]);

    let text = TopicText { en: "Tides".into(), summary_en: "Of the moon".into(), ..TopicText::default() };
    e.rewrite_topic(editor, id, text.clone(), Some(b)).await.unwrap();
    let Topic { text: now, cover, .. } = e.topic(id).await.unwrap();
    assert_eq!((now, cover), (text.clone(), Some(b)));
    for _ in 0..2 {
        e.drop_from_topic(editor, id, b).await.unwrap();
    }
    assert_eq!(desk.order(id).await, [(c, harbour()), (a, "Later".into())]);
    assert_eq!(e.topic(id).await.unwrap().cover, None, "no cover of an article that is not in it");
    e.rewrite_topic(editor, id, text, Some(b)).await.unwrap();
    assert_eq!(e.topic(id).await.unwrap().cover, None);

    // Whose page names the topic, or named it, is told.
    let changed = desk.changed().await;
    let dropped = &changed[changed.len() - 1];
    let mut all = vec![a, b, c];
    all.sort_unstable();
    assert_eq!(dropped, &TopicChanged { id, articles: all, added: vec![] });
    let deeds = desk.audit_actions().await;
    let after = ["topic-order", "topic-order", "topic-section", "topic-rewrite", "topic-drop"];
    assert_eq!(deeds[deeds.len() - 5..], after);
}

#[db_test]
async fn only_editors_make_topics(db: Db) {
    let desk = desk(&db).await;
    let (e, a) = (&desk.editorial, desk.live[0]);
    let id = desk.topic("tides").await;
    let text = e.topic(id).await.unwrap().text;
    let who = &desk.reviewer;
    for denied in [
        e.create_topic(who, "moon", text.clone()).await.map(drop),
        e.rewrite_topic(who, id, text, None).await,
        e.publish_topic(who, id).await,
        e.withdraw_topic(who, id).await,
        e.add_to_topic(who, id, a, "").await,
        e.drop_from_topic(who, id, a).await,
        e.move_in_topic(who, id, a, 1).await.map(drop),
        e.set_section(who, id, a, "").await,
    ] {
        assert!(matches!(denied, Err(Error::Denied)));
    }
    assert_eq!(desk.audit_actions().await, ["topic-create"]);
}
