use articles::Draft;
use follows::Subject;
use kernel::{Slug, Tag, TopicId};
use notify::jobs::TellTopic;

use super::*;

impl Desk {
    async fn choose_too(&self, user: &User, kind: Kind) {
        let mut choices = self.site.notify.choices(user.id).await.unwrap();
        choices.set(kind, Way::Site, true);
        self.site.notify.choose(user.id, &choices).await.unwrap();
    }

    /// A live article, a minute after the last, of which all are told whom the job tells.
    async fn publish(&self, title: &str, tag: &str) -> ArticleId {
        self.site.advance(MINUTE);
        let draft = Draft { tags: vec![Tag::new(tag).unwrap()], ..draft(title) };
        let id = self.site.article_of(self.site.author.id, draft, State::Live).await;
        self.tell_followers(id).await;
        for subject in self.site.notify.subjects_of(id).await.unwrap() {
            self.tell_subject(&subject, id).await;
        }
        id
    }

    async fn tell_subject(&self, subject: &Subject, article: ArticleId) {
        let mut after = None;
        while let Some(last) = self.site.notify.tell_subject(subject, article, after).await.unwrap() {
            after = Some(last);
        }
    }
}

#[db_test]
async fn what_is_new_in_something_followed_is_one_row(db: Db) {
    let desk = desk(&db).await;
    let (ann, bob, cat) = (&desk.ann, &desk.bob, &desk.cat);
    let lamps = Subject::Tag(Tag::new("Lamps").unwrap());
    let city = Subject::Channel(Slug::new("city").unwrap());
    desk.publish("Neap", "lamps").await;
    for user in [ann, bob, cat, &desk.site.writer] {
        desk.site.follows.follow_subject(user.id, &lamps).await.unwrap();
        desk.site.follows.follow_subject(user.id, &city).await.unwrap();
    }
    let seven = desk.publish("Ebb", "lamps").await;
    assert_eq!(desk.unread(ann).await, 0, "whoever chose nothing is not told of tags and channels");
    desk.choose_too(ann, Kind::Tag).await;
    desk.choose_too(ann, Kind::Channel).await;
    desk.choose_too(bob, Kind::Channel).await;
    desk.choose_too(cat, Kind::Channel).await;
    desk.choose_too(&desk.site.writer, Kind::Tag).await;
    desk.site.follows.follow(bob.id, desk.site.author.id).await.unwrap();
    let mute = blocks::Target::Author(desk.site.author.id);
    desk.site.blocks.set(cat.id, mute, blocks::How::Mute).await.unwrap();

    desk.publish("Spring", "lamps").await;
    let last = desk.publish("Flood", "Lamps").await;
    // Again, as after a process that died.
    desk.tell_subject(&lamps, last).await;
    desk.tell_subject(&city, last).await;
    assert_eq!(desk.words(ann).await, ["*2 in tag lamps: Flood"], "once, though the channel has it too");
    assert_eq!(desk.unread(ann).await, 1);
    let author = ["*article of harbour: Flood", "*article of harbour: Spring"];
    assert_eq!(desk.words(bob).await, author, "told by its author");
    assert_eq!(desk.unread(cat).await, 0, "who wants to hear nothing of its author");
    let own = desk.words(&desk.site.writer).await;
    assert!(own.iter().all(|words| !words.contains("in tag")), "one's own: {own:?}");

    // One that is taken down is one less, and the others stay.
    desk.site.decide(last, Verdict::Retract { code: "wrong".into() }).await;
    assert_eq!(desk.words(ann).await, ["*1 in tag lamps: gone"]);
    while desk.site.notify.forget_article(last).await.unwrap() {}
    assert_eq!(desk.words(ann).await, ["*1 in tag lamps: gone"]);
    assert_eq!(desk.words(bob).await, ["*article of harbour: Spring"]);

    desk.read_all(ann).await;
    desk.publish("Slack", "lamps").await;
    assert_eq!(desk.words(ann).await, ["*1 in tag lamps: Slack"], "what was read is not counted again");
    desk.publish("Bore", "moss").await;
    assert_eq!(desk.words(ann).await[0], "*1 in channel city: Bore");
    desk.site.follows.unfollow_subject(ann.id, &city).await.unwrap();
    desk.read_all(ann).await;
    desk.publish("Rip", "moss").await;
    assert_eq!(desk.unread(ann).await, 0);
    assert!(!desk.site.notify.is_in_topic(TopicId::new(7), seven).await.unwrap());
}

#[db_test]
async fn what_comes_into_a_topic_is_told_to_those_who_follow_it(db: Db) {
    let desk = desk(&db).await;
    let (site, e, editor) = (&desk.site, &desk.site.editorial, desk.site.viewer("editor").await);
    let text = editorial::TopicText { en: "Tides".into(), ..editorial::TopicText::default() };
    let topic = e.create_topic(&editor, "tides", text).await.unwrap();
    e.add_to_topic(&editor, topic, desk.article, "").await.unwrap();
    e.publish_topic(&editor, topic).await.unwrap();
    let subject = Subject::Topic(topic);
    for user in [&desk.ann, &desk.bob] {
        site.follows.follow_subject(user.id, &subject).await.unwrap();
    }
    desk.choose_not(&desk.bob, Kind::Topic).await;
    let article = site.article("High water", State::Live).await;
    e.add_to_topic(&editor, topic, article, "").await.unwrap();
    desk.settle().await;
    let job = site.jobs.find_by_key(&TellTopic { topic, article }).await.unwrap();
    assert!(job.is_some(), "the consumer leaves it to a job");
    let first = TellTopic { topic, article: desk.article };
    assert!(site.jobs.find_by_key(&first).await.unwrap().is_none(), "what was there when it came out");
    assert!(site.notify.is_in_topic(topic, article).await.unwrap());
    desk.tell_subject(&subject, article).await;
    assert_eq!(desk.words(&desk.ann).await, ["*1 in topic tides: High water"]);
    assert_eq!(desk.unread(&desk.bob).await, 0, "not wanted");

    e.withdraw_topic(&editor, topic).await.unwrap();
    assert_eq!(desk.words(&desk.ann).await, Vec::<String>::new(), "nobody sees it any more");
    assert!(!site.notify.is_in_topic(topic, article).await.unwrap());
}
