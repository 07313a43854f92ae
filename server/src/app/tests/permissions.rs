//! Who is let in where: every route of the router, asked for as everybody, against one list.

mod routes;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU8;

use ::http::Method;
use accounts::{Action, Actions, TypedRole};
use db::db_test;
use editorial::{Slot, SlotItem, Terms, TopicText};
use testing::{Multipart, png};

use super::*;
use routes::{ROUTES, Who};

/// These end the session with which they are asked for: they come last, each with a session of its own.
const ENDS: [&str; 2] = ["/logout", "/settings/sign-out-everywhere"];

/// Somebody who asks.
struct Person {
    /// As failures name them.
    name: String,
    handle: Option<String>,
    client: Client,
    /// By a token, and not by a session.
    token: bool,
    /// Writes for an author, and for the one whose things are asked for.
    writes: bool,
    owns: bool,
    may: Actions,
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Came {
    In,
    SignIn,
    Refused,
    /// As if there were no such thing.
    Hidden,
}

impl Person {
    /// What the list says of them.
    fn comes(&self, who: Who) -> Came {
        let let_in = |is_so: bool| if is_so { Came::In } else { Came::Refused };
        let with_session = self.handle.is_some() && !self.token;
        match who {
            Who::Anybody => Came::In,
            Who::WriterToken | Who::OwnerToken if !self.token => Came::SignIn,
            Who::WriterToken => let_in(self.writes),
            Who::OwnerToken => let_in(self.owns),
            _ if !with_session => Came::SignIn,
            Who::SignedIn => Came::In,
            Who::Writer => let_in(self.writes),
            Who::Owner => let_in(self.owns),
            Who::OwnerOr(action) => let_in(self.owns || self.may.has(action)),
            Who::Staff => let_in(!self.may.is_empty()),
            Who::May(action) => let_in(self.may.has(action)),
            Who::MayAll(actions) => let_in(actions.iter().all(|action| self.may.has(*action))),
        }
    }
}

/// What the placeholders stand for, but for what is made anew for each route.
type Things = Vec<(&'static str, String)>;

impl House {
    async fn session(&self, name: &str, handle: &str) -> Person {
        let client = Client::clone(&*self.client(handle).await);
        let user = self.user(handle).await;
        let owned = self.authors.owned_by(user.id).await.unwrap();
        Person {
            name: name.to_owned(),
            handle: Some(handle.to_owned()),
            client,
            token: false,
            writes: !owned.is_empty(),
            owns: owned.iter().any(|author| author.id == self.author.id),
            may: user.actions(),
        }
    }

    async fn program(&self, name: &str, handle: &str) -> Person {
        // Who signs in for the first time here is given a password, which ends their tokens.
        let person = self.session(name, handle).await;
        let token = self.token(handle).await;
        let client = Client::program(self.site.front.clone()).with_token(&token).with_journal(&self.journal);
        Person { client, token: true, ..person }
    }

    /// Whoever owns what is asked for comes last: they may make an end of it.
    async fn everybody(&self) -> Vec<Person> {
        let other = self.user("other").await;
        self.create_author("tides", &[&other]).await;
        let visitor = Person {
            name: VISITOR.to_owned(),
            handle: None,
            client: Client::clone(&*self.client(VISITOR).await),
            token: false,
            writes: false,
            owns: false,
            may: Actions::default(),
        };
        let mut people = vec![visitor];
        for (name, handle) in [
            ("reader", "reader"),
            ("other author", "other"),
            ("reviewer", "reviewer"),
            ("editor", "editor"),
            ("operator", "operator"),
        ] {
            people.push(self.session(name, handle).await);
        }
        for (name, handle) in [
            ("token of a reader", "reader"),
            ("token of another author", "other"),
            ("token of an operator", "operator"),
            ("token", "mara"),
        ] {
            people.push(self.program(name, handle).await);
        }
        people.push(self.session("author", "mara").await);
        people
    }

    async fn things(&self) -> Things {
        let live = self.article("Livewire", State::Live).await;
        let talker = self.user("talker").await;
        let comment = self.comments.post(&talker, live, None, "A word").await.unwrap().id;
        let editor = self.viewer("editor").await;
        let placed = SlotItem::Article(live);
        let placed = self.editorial.place(&editor, Slot::Home, placed, Terms::default()).await.unwrap();
        let text = TopicText { en: "Tides".into(), ..TopicText::default() };
        let topic = self.editorial.create_topic(&editor, "tides", text).await.unwrap();
        // No more than whoever may make roles at all may do.
        let role = TypedRole { name: "clerk", title: "Clerk", actions: &["manage-users"] };
        self.accounts.create_role(None, role).await.unwrap();
        let somebody = self.user("somebody").await.id;
        vec![
            ("live", live.to_string()),
            ("comment", comment.to_string()),
            ("placed", placed.to_string()),
            ("topic", topic.to_string()),
            ("role", "clerk".into()),
            ("user", somebody.to_string()),
            ("reader", "somebody".into()),
            ("author", self.author.id.to_string()),
            ("handle", self.author.handle.to_string()),
            ("channel", "city".into()),
            ("slot", "home".into()),
            ("tag", "lamps".into()),
            ("asset", "site.css".into()),
            ("nothing", "2".into()),
        ]
    }

    /// The address of a route: what somebody may make an end of is there for this one.
    async fn address(&self, path: &str, things: &Things) -> String {
        static SHADE: AtomicU8 = AtomicU8::new(0);
        let mut address = path.to_owned();
        for name in placeholders(path) {
            let value = match name {
                "draft" => self.article("Draft", State::Draft).await.to_string(),
                "sent" => self.article("Sent", State::Submitted).await.to_string(),
                "picture" => {
                    let pixels = png(40, 30, SHADE.fetch_add(1, Ordering::Relaxed));
                    self.media.trusting().upload(Some(self.writer.id), pixels.into()).await.unwrap().hash
                }
                name => {
                    let known = things.iter().find(|(known, _)| *known == name);
                    known.unwrap_or_else(|| panic!("{path}: {name}")).1.clone()
                }
            };
            address = address.replacen(&format!("{{{name}}}"), &value, 1);
        }
        address
    }

    /// Asks, and says what is wrong with what came of it.
    async fn ask_as(&self, person: &Person, method: &str, path: &str, who: Who) -> Option<String> {
        let fresh;
        let client = match &person.handle {
            Some(handle) if !person.token && ENDS.contains(&path) => {
                let (_, token) = self.accounts.sign_in(handle, PASSWORD, "127.0.0.1").await.unwrap();
                fresh = Client::browser(self.site.front.clone()).with_cookie("session", token.as_str());
                &fresh
            }
            _ => &person.client,
        };
        let verb = if method == "ANY" { "GET" } else { method };
        let answer = if verb == "GET" {
            client.get(path).await
        } else if verb == "POST" && is_article_form(path) {
            client.post(path, Multipart::default()).await
        } else {
            client.request(Method::from_bytes(verb.as_bytes()).unwrap(), path, "").await
        };
        let missing = path.split('/').any(|step| step == "2" || step == "sitemap-2");
        let came = match answer.status {
            401 => Came::SignIn,
            303 if answer.location().starts_with("/login?return=") => Came::SignIn,
            403 => Came::Refused,
            404 if !missing => Came::Hidden,
            _ => Came::In,
        };
        let wanted = person.comes(who);
        let of_owners = matches!(who, Who::Owner | Who::OwnerOr(_) | Who::OwnerToken);
        let is_as_said = came == wanted
            || wanted == Came::Refused && of_owners && came == Came::Hidden
            // What is not there at all, everybody learns, also of a request that names nothing.
            || wanted == Came::In && came == Came::Hidden
                && (path.starts_with("/api") || path == "/oembed" || path == "/history/forget")
            // Whoever may not set up the site is asked for the key that it printed.
            || wanted == Came::Refused && came == Came::SignIn && matches!(who, Who::MayAll(_));
        let of_desk = matches!(who, Who::May(_) | Who::Staff);
        let fits = match (verb, wanted) {
            (_, Came::In) if answer.status >= 500 => false,
            // A page of the desk is there; what is sent there is told what is missing, or done.
            ("GET", Came::In) if of_desk => answer.status == if missing { 404 } else { 200 },
            ("GET", Came::In) => matches!(answer.status, 200 | 303 | 308 | 400 | 404 | 422),
            (_, Came::In) if of_desk => matches!(answer.status, 303 | 404 | 409 | 422),
            _ => true,
        };
        let name = &person.name;
        (!is_as_said || !fits)
            .then(|| format!("{method} {path} as {name}: {who:?} is {wanted:?}, but {}", answer.status))
    }

    /// What is wrong, of all routes that `walks` names.
    async fn walk_as(&self, people: &[Person], things: &Things, walks: impl Fn(Who) -> bool) -> Vec<String> {
        let mut wrong = Vec::new();
        let (last, first): (Vec<_>, Vec<_>) =
            ROUTES.iter().filter(|(.., who)| walks(*who)).partition(|(_, path, _)| ENDS.contains(path));
        for &(method, path, who) in first.into_iter().chain(last) {
            let address = self.address(path, things).await;
            for person in people {
                wrong.extend(self.ask_as(person, method, &address, who).await);
            }
        }
        wrong
    }
}

/// These are sent with files.
fn is_article_form(path: &str) -> bool {
    matches!(path, "/studio/new" | "/settings/profile" | "/admin/settings/logo")
        || path.strip_prefix("/studio/article/").is_some_and(|rest| !rest.contains('/'))
}

/// The names in braces.
fn placeholders(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A pattern, whatever its placeholders are called.
fn shape(pattern: &str) -> String {
    let mut shape = String::new();
    for (n, part) in pattern.split(['{', '}']).enumerate() {
        shape.push_str(if n % 2 == 0 { part } else { "{}" });
    }
    shape
}

/// Visitor, reader, author, another author, reviewer, editor, operator, and programs with their tokens.
#[db_test]
async fn every_route_lets_in_whom_the_table_says(db: Db) {
    let house = House::configured(db, Env::system(), |config| config.review = Some(true)).await;
    let (things, people) = (house.things().await, house.everybody().await);
    let wrong = house.walk_as(&people, &things, |_| true).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    house.stop.cancel();
}

/// A role of one action opens what the table says of that action, and of what it includes, and nothing else.
#[db_test]
async fn a_role_of_one_action_opens_just_that(db: Db) {
    let house = House::configured(db, Env::system(), |config| config.review = Some(true)).await;
    let things = house.things().await;
    let mut people = Vec::new();
    for action in Action::ALL {
        let name = action.name();
        let role = TypedRole { name: &format!("may-{name}"), title: name, actions: &[name] };
        let role = house.accounts.create_role(None, role).await.unwrap();
        let user = house.user(&format!("who-{name}")).await.id;
        house.accounts.grant(None, user, role.name).await.unwrap();
        people.push(house.session(name, &format!("who-{name}")).await);
    }
    let of_actions = |who| matches!(who, Who::May(_) | Who::MayAll(_) | Who::OwnerOr(_) | Who::Staff);
    let wrong = house.walk_as(&people, &things, of_actions).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    house.stop.cancel();
}

#[db_test]
async fn every_route_has_a_row_and_every_action_a_route(db: Db) {
    let house = House::opened(db, Env::system(), |_| {}).await;
    let endpoints = house.site.endpoints.iter();
    let there: BTreeSet<_> = endpoints.map(|endpoint| (endpoint.method, shape(&endpoint.path))).collect();
    let listed: BTreeSet<_> = ROUTES.iter().map(|(method, path, _)| (*method, shape(path))).collect();
    let missing: Vec<_> = there.difference(&listed).collect();
    assert!(missing.is_empty(), "say in permissions/routes.rs who may: {missing:?}");
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(gone.is_empty(), "no such route any more: {gone:?}");
    assert_eq!(listed.len(), ROUTES.len(), "a route has one row");
    // What is asked of a name and not of an address.
    let no_address = [Action::UseReservedNames];
    for action in Action::ALL.iter().filter(|action| !no_address.contains(action)) {
        let opens = ROUTES.iter().any(|(.., who)| *who == Who::May(*action));
        assert!(opens, "{} opens nothing", action.name());
    }
}
