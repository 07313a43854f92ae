//! What somebody was told, and what they want to be told of.

use kernel::{Locale, Time};
use notify::{Decision, DeviceId, Kind, NotificationId, Queue, Way};
use serde::Serialize;
use web::render::{Form, Notice, PageLayout, View};

use super::parts::Pager;
use super::samples;

/// `/notifications?cursor=…`. POST `/notifications/read`: `until`, `return`; `/notifications/{id}/read`: `return`.
#[derive(Clone, Debug, Serialize)]
pub struct NotificationsPage {
    pub items: Vec<Item>,
    /// Of all pages, up to 100.
    pub unread: i64,
    /// When this was looked up (milliseconds): what comes later stays unread.
    pub until: i64,
    /// This part of the list.
    pub at: String,
    pub pager: Pager,
}

/// One line: `notify-<message>` with `name` and `n`, then what it is about.
#[derive(Clone, Debug, Serialize)]
pub struct Item {
    pub id: NotificationId,
    pub message: String,
    /// Who did it, as they call themselves.
    pub name: String,
    pub n: i64,
    pub unread: bool,
    pub at: Time,
    /// Where it leads.
    pub href: Option<String>,
    /// Of the article that it is about.
    pub title: Option<String>,
    /// BCP 47, of the title.
    pub language: String,
    /// The beginning of what was said.
    pub words: Option<String>,
    /// Why: the messages that have it (`return`, `retract`, `reject`) and its code.
    pub reason: Option<(&'static str, String)>,
}

impl Default for Item {
    fn default() -> Self {
        Self {
            id: NotificationId::new(1),
            message: String::new(),
            name: String::new(),
            n: 0,
            unread: false,
            at: Time::default(),
            href: None,
            title: None,
            language: String::new(),
            words: None,
            reason: None,
        }
    }
}

impl NotificationsPage {
    fn sample(locale: Locale) -> Vec<Item> {
        let about = |n: usize, message: &str| Item {
            id: NotificationId::new(100 + n as i64),
            message: message.to_owned(),
            name: samples::author(locale, n).name,
            n: n as i64 + 1,
            unread: n < 3,
            at: samples::before(40 * n as i64),
            href: Some("/comment/3fQk2".into()),
            title: Some(samples::title(locale, n).to_owned()),
            language: samples::language(locale).to_owned(),
            ..Item::default()
        };
        let said = |n: usize, message: &str| Item {
            words: Some(samples::comment(locale, n).text),
            ..about(n, message)
        };
        let plain = |n: usize, message: String| Item { title: None, ..about(n, &message) };
        let mut items = vec![
            said(0, "answer"),
            said(1, "answers"),
            Item { name: "<script>".into(), words: Some("<b>".into()), ..said(2, "mention") },
            said(3, "like"),
            about(4, "article"),
            about(0, "topic"),
        ];
        items.extend(["topic", "tag", "channel"].map(|kind| plain(7, kind.to_owned())));
        for decision in Decision::ALL {
            let code = if decision.reasons().is_some() { "other" } else { "" }.to_owned();
            let reason = decision.reasons().zip(Some(code));
            items.push(Item { reason, ..plain(5, format!("decided-{}", decision.name())) });
        }
        items.extend(Queue::ALL.map(|queue| plain(6, format!("queue-{}", queue.name()))));
        // Each has its own id, as on a page.
        for (n, item) in items.iter_mut().enumerate() {
            item.id = NotificationId::new(200 + n as i64);
        }
        items
    }
}

impl View for NotificationsPage {
    const TEMPLATE: &'static str = "notifications.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let pager = |next: Option<&str>, first| Pager { next: next.map(str::to_owned), first };
        let (until, at) = (1_717_581_600_000, "/notifications".to_owned());
        let full = Self {
            items: Self::sample(locale),
            unread: 100,
            until,
            at: at.clone(),
            pager: pager(Some("/notifications?cursor=a.b"), true),
        };
        let read = Self {
            items: Self::sample(locale).into_iter().map(|item| Item { unread: false, ..item }).collect(),
            unread: 0,
            pager: pager(None, false),
            ..full.clone()
        };
        let empty = Self { items: vec![], unread: 0, until, at, pager: pager(None, true) };
        vec![full, read, empty]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}

/// A kind: the messages `notify-kind-<kind>` and `notify-kind-<kind>-what`.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub kind: &'static str,
    /// The name of the box of each way, in their order.
    pub fields: Vec<String>,
}

/// A browser that is told something while nobody looks. POST `/settings/notifications/devices/{id}/remove`.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    pub id: DeviceId,
    pub agent: Option<String>,
    pub since: Time,
    /// The one that asks.
    pub this: bool,
}

/// `/settings/notifications`. POST here: a box for each kind and way, `quiet_from`, `quiet_until`, `digest` (empty, `day`, `week`), `digest_hour`,
/// `digest_weekday`. POST `/settings/notifications/digest`: a digest now; `/settings/notifications/devices`: `endpoint`, `p256dh`, `auth`.
#[derive(Clone, Debug, Serialize)]
pub struct NotificationSettings {
    /// The messages `notify-way-<way>`.
    pub ways: Vec<&'static str>,
    pub choices: Vec<Choice>,
    /// Whether there is an address that takes mail.
    pub has_address: bool,
    /// By which hours are meant.
    pub zone: String,
    /// With which browsers subscribe.
    pub push_key: String,
    pub devices: Vec<Device>,
    /// A digest is on its way.
    pub sent: bool,
    /// What was sent is kept.
    pub saved: bool,
    pub form: Form,
}

impl View for NotificationSettings {
    const TEMPLATE: &'static str = "settings_notifications.html";

    fn samples(_: Locale) -> Vec<Self> {
        let choice = |kind: Kind| Choice {
            kind: kind.name(),
            fields: Way::ALL.map(|way| format!("{}-{}", kind.name(), way.name())).to_vec(),
        };
        let device = |n: i64, agent: Option<&str>| Device {
            id: DeviceId::new(n),
            agent: agent.map(str::to_owned),
            since: samples::before(40 * n),
            this: n == 1,
        };
        let form = Form::default()
            .with("answer-site", "1")
            .with("article-digest", "1")
            .with("digest", "week")
            .with("digest_hour", "18")
            .with("digest_weekday", "7");
        let usual = Self {
            ways: Way::ALL.map(Way::name).to_vec(),
            choices: Kind::ALL.map(choice).to_vec(),
            has_address: true,
            zone: "Asia/Shanghai".into(),
            push_key:
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
                    .into(),
            devices: vec![device(1, Some("Firefox, Linux")), device(2, None)],
            sent: true,
            saved: true,
            form,
        };
        let refused = Self {
            form: Form::default()
                .with("quiet_from", "25:00\"")
                .with_error("quiet_from", "quiet-form")
                .with_error("quiet_until", "quiet-half")
                .with_error("digest", "digest-address")
                .with_error("digest_hour", "digest-form"),
            choices: usual.choices[..5].to_vec(),
            has_address: false,
            devices: Vec::new(),
            sent: false,
            saved: false,
            ..usual.clone()
        };
        vec![usual, refused]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        page.notice = self.saved.then(Notice::saved);
    }
}

/// `/unsubscribe?token=…`. POST here, which asks for nothing more (RFC 8058).
#[derive(Clone, Debug, Serialize)]
pub struct Unsubscribe {
    pub token: String,
    /// The message `notify-off-<off>`; nothing where the link is not ours.
    pub off: Option<&'static str>,
    pub done: bool,
}

impl View for Unsubscribe {
    const TEMPLATE: &'static str = "unsubscribe.html";

    fn samples(_: Locale) -> Vec<Self> {
        let of = |off, done| Self { token: "3fQk2.answer.aZ09-_x".into(), off, done };
        let kinds = Kind::ALL.into_iter().map(|kind| of(Some(kind.name()), false));
        kinds.chain([of(Some("digest"), false), of(Some("digest"), true), of(None, false)]).collect()
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        // No link of the page carries the token on.
        page.query.clear();
    }
}
