//! Nothing that is not live shows anywhere.

mod walk;

use accounts::{NewProfile, User};
use articles::{Declaration, Draft, LineKind, State};
use authors::NewApplication;
use db::{Db, db_test};
use editorial::{Slot, SlotItem, Terms, TopicText};
use kernel::{ArticleId, Env, Slug, Tag, UserId};
use moderation::{NewReport, Reason, Verdict};

use testing::Answer;

use super::{COMMON, Duration, House, own_words};
use walk::{Values, walk};

/// Pages of somebody's own: visitors are asked to sign in.
const OWN: [&str; 5] = ["/following", "/following?kind=authors", "/favourites", "/history", "/notifications"];

/// What must not be seen, in words that stand nowhere else.
#[derive(Default)]
struct Planted {
    /// Words, names, hashes and ids, each with what it is.
    marks: Vec<(String, String)>,
    hidden: Vec<(State, ArticleId)>,
    tags: Vec<String>,
    hashes: Vec<String>,
}

impl Planted {
    /// A word that stands nowhere else.
    fn canary(&mut self, what: &str) -> String {
        let word = format!("zq{}", what.replace([' ', '-'], ""));
        self.marks.push((word.clone(), what.to_owned()));
        word
    }

    /// What of all this stands in an answer. What the question had is not told by the answer.
    fn found_in(&self, path: &str, text: &str) -> Option<&str> {
        let text = text.to_lowercase();
        let found = self.marks.iter().find(|(mark, _)| {
            let mark = mark.to_lowercase();
            text.contains(&mark) && !path.to_lowercase().contains(&mark)
        });
        found.map(|(_, what)| what.as_str())
    }
}

impl House {
    /// A draft of which every part is marked.
    async fn marked(&self, of: &str, shade: u8, planted: &mut Planted) -> Draft {
        let (cover, inside) =
            (self.picture(self.writer.id, shade).await, self.picture(self.writer.id, shade + 1).await);
        for (hash, what) in [(&cover, "cover"), (&inside, "picture")] {
            planted.marks.push((hash.clone(), format!("{of} {what}")));
            planted.hashes.push(hash.clone());
        }
        let tag = planted.canary(&format!("{of} tag"));
        planted.tags.push(tag.clone());
        let mut word = |part: &str| planted.canary(&format!("{of} {part}"));
        let mut draft = Draft {
            title: format!("{} {COMMON}", word("title")),
            body: format!(
                "{}: {COMMON}.\n\n![{}](/media/{inside}/full.jpg)\n\n{}",
                word("body"),
                word("alt"),
                own_words(of)
            ),
            channel: Slug::new("city").ok(),
            tags: vec![Tag::new("lamps").unwrap(), Tag::new(&tag).unwrap()],
            covers: vec![cover],
            declarations: vec![Declaration::Reprint],
            source_url: Some(format!("https://{}.example/", word("source-url"))),
            ..Draft::default()
        };
        for line in Draft::LINES.iter().filter(|line| matches!(line.kind, LineKind::Text(_))) {
            line.set(&mut draft, Some(word(line.name)));
        }
        draft
    }

    /// An article in that state, all of whose parts are marked.
    async fn plant(&self, state: State, shade: u8, planted: &mut Planted) -> ArticleId {
        let draft = self.marked(state.name(), shade, planted).await;
        let id = if state == State::Returned {
            let id = self.article_of(self.author.id, draft, State::Submitted).await;
            let note = planted.canary("note to the author");
            self.decide(id, Verdict::Return { read: None, code: "facts".into(), note }).await;
            id
        } else {
            self.article_of(self.author.id, draft, state).await
        };
        planted.marks.push((id.to_string(), format!("{} id", state.name())));
        planted.hidden.push((state, id));
        assert_eq!(self.state(id).await, state);
        id
    }

    /// What else is nobody's business: changes that wait, comments that do not stand, applications, reports.
    async fn plant_beside(&self, live: ArticleId, planted: &mut Planted) -> Vec<String> {
        let s = &self.services;
        let changes = self.marked("waiting change", 50, planted).await;
        s.articles.edit(live, self.writer.id, changes, 1).await.unwrap();
        assert!(s.articles.submit(live, None).await.unwrap().pending);

        let name = planted.canary("held name");
        let writer = s.accounts.ensure("held-writer", &name, None, None).await.unwrap();
        let links = "https://a.example https://b.example https://c.example";
        let text = format!("{} {links}", planted.canary("held comment"));
        let held = s.comments.post(&writer, live, None, &text).await.unwrap();
        assert_eq!(held.state, comments::State::Held);
        let removed = s.comments.post(&writer, live, None, &planted.canary("removed comment")).await.unwrap();
        let answering = s.accounts.ensure("answering", "CancellableResponse", None, None).await.unwrap();
        s.comments.post(&answering, live, Some(removed.id), "An answer that stays").await.unwrap();
        self.plant_people(&writer, live, planted).await;
        let note = planted.canary("note on a comment");
        s.moderation
            .remove_comment(&self.viewer("reviewer").await, removed.id, "abuse", &note)
            .await
            .unwrap();

        let application = NewApplication {
            handle: planted.canary("applied handle"),
            name: planted.canary("applied name"),
            bio: planted.canary("applied bio"),
            reason: planted.canary("applied reason"),
            ..NewApplication::default()
        };
        s.authors.apply(writer.id, application).await.unwrap();
        // What an author wants to be called and to look like from now on.
        let avatar = self.picture(self.writer.id, 60).await;
        planted.marks.push((avatar.clone(), "waiting avatar".into()));
        planted.hashes.push(avatar.clone());
        let author = s.authors.find(self.author.id).await.unwrap().unwrap();
        let wanted = authors::Profile {
            name: planted.canary("waiting name"),
            bio: planted.canary("waiting bio"),
            region: Some(planted.canary("waiting place")),
            avatar: Some(avatar),
            ..authors::Profile::from(author)
        };
        assert!(s.authors.propose(&self.writer, self.author.id, wanted).await.unwrap(), "it waits");
        let report = NewReport {
            article: live,
            comment: None,
            reason: Some(Reason::False),
            text: planted.canary("report text"),
            contact: Some(planted.canary("report contact")),
            by: None,
        };
        s.moderation.report(report, "network").await.unwrap();
        vec![held.id.to_string(), removed.id.to_string()]
    }

    /// What users do not show: a page that is closed, a bio and a picture that wait.
    async fn plant_people(&self, closed: &User, live: ArticleId, planted: &mut Planted) {
        let accounts = &self.services.accounts;
        let mut profile = async |of: &str, by: UserId, shade| {
            let avatar = self.picture(by, shade).await;
            // Whom the walk asks for pictures has this one, too.
            self.picture(self.writer.id, shade).await;
            planted.marks.push((avatar.clone(), format!("{of} avatar")));
            planted.hashes.push(avatar.clone());
            NewProfile { bio: planted.canary(&format!("{of} bio")), avatar: Some(avatar), private: false }
        };
        let own = NewProfile { private: true, ..profile("closed", closed.id, 70).await };
        accounts.set_profile(closed.id, own, false).await.unwrap();
        let commentator = self.user("commentator").await;
        let held = profile("held", commentator.id, 71).await;
        accounts.set_profile(commentator.id, held, true).await.unwrap();
        self.services.comments.post(&commentator, live, None, "Said in public").await.unwrap();
    }

    /// Into every slot, and into a topic on the home page. What was taken back was placed while it was live.
    async fn place_all(&self, articles: &[ArticleId], other: ArticleId, planted: &mut Planted) {
        let s = &self.services;
        let editor = self.viewer("editor").await;
        let city = Slug::new("city").unwrap();
        let text = TopicText { en: "Lamps".into(), ..TopicText::default() };
        let topic = s.editorial.create_topic(&editor, "lamps", text).await.unwrap();
        let retracted = articles[articles.len() - 1];
        s.moderation.decide(&editor, retracted, Verdict::Restore).await.unwrap();
        // Said while it was there.
        let commentator = self.user("commentator").await;
        let said = planted.canary("comment under what was taken back");
        s.comments.post(&commentator, retracted, None, &said).await.unwrap();
        for &id in articles {
            for slot in [Slot::Home, Slot::Headline(city.clone()), Slot::Pinned(city.clone())] {
                s.editorial.place(&editor, slot, SlotItem::Article(id), Terms::default()).await.unwrap();
            }
            s.editorial.add_to_topic(&editor, topic, id, "").await.unwrap();
        }
        let wrong = Verdict::Retract { code: "wrong".into() };
        self.decide(retracted, wrong).await;
        s.editorial.publish_topic(&editor, topic).await.unwrap();
        s.editorial.place(&editor, Slot::Topics, SlotItem::Topic(topic), Terms::default()).await.unwrap();
        // A place that has not begun, and a topic that is not published.
        for slot in [Slot::Home, Slot::Headline(city.clone()), Slot::Pinned(city)] {
            let terms = Terms {
                starts_at: Some(s.env.now().plus(Duration::from_hours(1))),
                note: Some(planted.canary("note of a later place")),
                ..Terms::default()
            };
            s.editorial.place(&editor, slot, SlotItem::Article(other), terms).await.unwrap();
        }
        let text = TopicText {
            zh: planted.canary("topic title zh"),
            en: planted.canary("topic title"),
            summary_en: planted.canary("topic summary"),
            ..TopicText::default()
        };
        let unlisted = s.editorial.create_topic(&editor, "unlisted-topic", text).await.unwrap();
        s.editorial.add_to_topic(&editor, unlisted, other, "").await.unwrap();
    }
}

#[db_test]
async fn what_is_not_live_is_nowhere(db: Db) {
    let house = House::new(db, Env::system()).await;
    let mut planted = Planted::default();
    let states = [State::Draft, State::Submitted, State::Scheduled, State::Returned, State::Retracted];
    for (n, state) in states.into_iter().enumerate() {
        house.plant(state, n as u8 * 2, &mut planted).await;
    }
    let live = house.article("Livewire", State::Live).await;
    // Beside it on its own page stands another, so that there is something related.
    let other = house.article("Companion", State::Live).await;
    let word = live.to_string();
    house.wait("/search?q=lighthouse", &other.to_string(), true).await;
    house.wait(&format!("/api/v1/articles/{live}/related"), &other.to_string(), true).await;
    // Suggestions follow the journal by themselves.
    house.wait("/search/suggest?q=zq", "zq", false).await;
    let (scheduled, retracted) = (planted.hidden[2].1, planted.hidden[4].1);
    house.place_all(&[live, scheduled, retracted], other, &mut planted).await;
    let comments = house.plant_beside(live, &mut planted).await;

    let values = Values(vec![
        ("live", vec![word.clone()]),
        ("other", vec![other.to_string()]),
        ("hidden", planted.hidden.iter().map(|(_, id)| id.to_string()).collect()),
        ("comment", comments),
        ("topic", vec!["unlisted-topic".into()]),
        ("tag", planted.tags.clone()),
        ("hash", planted.hashes.clone()),
        ("handle", vec!["zqappliedhandle".into(), "held-writer".into()]),
    ]);
    let steps = walk(&house.site.endpoints, &values);
    let lists: Vec<&str> = steps.iter().filter(|step| step.lists).map(|step| step.path.as_str()).collect();
    for path in &lists {
        house.wait(path, &word, true).await;
    }
    for step in &steps {
        let path = step.path.as_str();
        let (own, visited) = (house.ask(path).await, house.get_anonymous(path).await);
        for (who, Answer { status, text, .. }) in [("a reader", &own), ("a visitor", &visited)] {
            assert!(*status < 500, "{path} for {who}: {status}");
            if let Some(what) = planted.found_in(path, text) {
                panic!("{path} tells {who} the {what}: {status}\n{text}");
            }
            if path.starts_with("/media/") {
                assert!(matches!(status, 404 | 410), "{path} for {who}: {status}");
            }
            if step.desk && path.starts_with("/admin") {
                assert_ne!(*status, 200, "{path} for {who}");
            }
        }
        if step.lists {
            assert_eq!(own.status, 200, "{path}");
            assert_eq!(visited.status, if OWN.contains(&path) { 303 } else { 200 }, "{path}");
        }
    }
    // Those pictures are there, for who owns them.
    let owner = house.cookie("mara").await;
    for hash in &planted.hashes {
        let request = super::get(&format!("/media/{hash}/full.jpg")).header("cookie", &owner);
        let status = house.answer(request.body(axum::body::Body::empty()).unwrap()).await.status;
        assert_eq!(status, 200, "{hash}");
    }
    for (state, id) in &planted.hidden {
        let want = if *state == State::Retracted { 410 } else { 404 };
        for path in [
            format!("/article/{id}"),
            format!("/article/{id}/comments"),
            format!("/api/v1/articles/{id}"),
            format!("/api/v1/articles/{id}/comments"),
            format!("/api/v1/articles/{id}/related"),
            format!("/oembed?url=http://127.0.0.1:8080/article/{id}"),
        ] {
            let Answer { status, .. } = house.ask(&path).await;
            assert!(
                status == want || status == 404,
                "{path} of an article that is {}: {status}",
                state.name()
            );
        }
    }

    // And what was live goes from everywhere.
    let law = Verdict::Retract { code: "law".into() };
    house.decide(live, law).await;
    for path in lists.iter().filter(|path| !path.contains(&word)) {
        house.wait(path, &word, false).await;
        if !OWN.contains(path) {
            house.wait_as(async || house.get_anonymous(path).await.text, path, &word, false).await;
        }
    }
    assert_eq!(house.ask(&format!("/article/{live}")).await.status, 410);
    assert_eq!(house.get_anonymous(&format!("/article/{live}")).await.status, 410);
    house.stop.cancel();
}

/// The list that walks go by is that of the router itself.
#[db_test]
async fn every_address_is_listed_once(db: Db) {
    let house = House::new(db, Env::system()).await;
    let endpoints = &house.site.endpoints;
    let mut sorted = endpoints.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), endpoints.len());
    for path in ["/", "/admin/review", "/studio/new", "/feed.xml", "/api/v1/articles", "/healthz"] {
        assert!(endpoints.iter().any(|e| e.method == "GET" && e.path == path), "{path}");
    }
    house.stop.cancel();
}

/// A walk that leaves an address out is no walk.
#[test]
#[should_panic(expected = "/secret/{id}")]
fn an_address_that_nobody_walks_is_told() {
    use web::routing::{Router, get};
    let router: Router = Router::new().route("/secret/{id}", get(async || "told"));
    walk(router.endpoints(), &Values(Vec::new()));
}
