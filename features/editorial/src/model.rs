//! Slots, what stands in them, and what is written down about it.

use std::collections::HashMap;

use kernel::{ArticleId, Error, Invalid, PlacementId, Result, Slug, Time, TopicId, UserId, name};

use crate::codes;

/// The longest note (characters): it stands beside a headline.
const NOTE_MAX: usize = 60;

/// A place of the site that editors fill. What they leave empty is filled as if there were no editors.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The top of the home page, the first place largest.
    Home,
    /// Topics on the home page.
    Topics,
    /// 要闻: the headline of a channel. One at a time: the first of those that stand.
    Headline(Slug),
    /// 置顶: at the top of a channel's page, after its headline.
    Pinned(Slug),
}

impl Slot {
    /// As stored and as named in addresses: `home`, `topics`, `headline-tech`, `pinned-tech`.
    pub fn name(&self) -> String {
        match self {
            Self::Home => "home".to_owned(),
            Self::Topics => "topics".to_owned(),
            Self::Headline(channel) => format!("headline-{channel}"),
            Self::Pinned(channel) => format!("pinned-{channel}"),
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        match name {
            "home" => return Some(Self::Home),
            "topics" => return Some(Self::Topics),
            _ => {}
        }
        let (kind, channel) = name.split_once('-')?;
        let channel = Slug::new(channel).ok()?;
        match kind {
            "headline" => Some(Self::Headline(channel)),
            "pinned" => Some(Self::Pinned(channel)),
            _ => None,
        }
    }

    /// Without its channel: `home`, `topics`, `headline` or `pinned`, for the words about it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Topics => "topics",
            Self::Headline(_) => "headline",
            Self::Pinned(_) => "pinned",
        }
    }

    pub const fn channel(&self) -> Option<&Slug> {
        match self {
            Self::Headline(channel) | Self::Pinned(channel) => Some(channel),
            Self::Home | Self::Topics => None,
        }
    }

    /// How many readers see at once.
    pub const fn capacity(&self) -> usize {
        match self {
            Self::Home => 5,
            Self::Headline(_) => 1,
            Self::Topics | Self::Pinned(_) => 3,
        }
    }
}

/// What is put into a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotItem {
    Article(ArticleId),
    Topic(TopicId),
}

/// From when until when something stands in a slot, and the editor's reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// At once where it is not given.
    pub starts_at: Option<Time>,
    /// Until it is removed where it is not given.
    pub ends_at: Option<Time>,
    /// Shown to readers beside the headline.
    pub note: Option<String>,
}

impl Terms {
    pub(crate) fn check(mut self, now: Time) -> Result<Self> {
        self.note = self.note.map(|note| name::one_line(&note)).filter(|note| !note.is_empty());
        let mut errors = Invalid::default();
        if self.note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX) {
            errors.add_limit("note", codes::FIELD_LONG, NOTE_MAX as i64);
        }
        if let Some(end) = self.ends_at {
            if end <= now {
                errors.add("ends", codes::ENDS_PAST);
            } else if self.starts_at.is_some_and(|start| end <= start) {
                errors.add("ends", codes::ENDS_BEFORE);
            }
        }
        errors.check().map(|()| self)
    }
}

/// Something in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub id: PlacementId,
    pub slot: Slot,
    pub thing: SlotItem,
    pub note: Option<String>,
    pub starts_at: Time,
    pub ends_at: Option<Time>,
    pub by: UserId,
    pub at: Time,
}

impl Placement {
    /// The rule that the query of `store.rs` follows.
    pub fn stands(&self, at: Time) -> bool {
        self.starts_at <= at && !self.is_over(at)
    }

    pub fn is_over(&self, at: Time) -> bool {
        self.ends_at.is_some_and(|end| end <= at)
    }
}

/// What stands in all slots at one moment, each in its order. An article among it may be one that is not to be seen.
#[derive(Clone, Debug, Default)]
pub struct Standing(HashMap<Slot, Vec<Placement>>);

impl Standing {
    pub(crate) fn of(placements: Vec<Placement>) -> Self {
        let mut slots = HashMap::<_, Vec<_>>::new();
        for placement in placements {
            slots.entry(placement.slot.clone()).or_default().push(placement);
        }
        Self(slots)
    }

    pub fn slot(&self, slot: &Slot) -> &[Placement] {
        self.0.get(slot).map_or(&[], Vec::as_slice)
    }

    /// The articles in all slots.
    pub fn articles(&self) -> Vec<ArticleId> {
        let things = self.0.values().flatten().map(|placement| placement.thing);
        things.filter_map(|thing| if let SlotItem::Article(id) = thing { Some(id) } else { None }).collect()
    }

    /// The topics, in the order of their slot.
    pub fn topics(&self) -> Vec<TopicId> {
        let things = self.slot(&Slot::Topics).iter().map(|placement| placement.thing);
        things.filter_map(|thing| if let SlotItem::Topic(id) = thing { Some(id) } else { None }).collect()
    }
}

/// What editors do that is written down (`editorial-<name>` in the locale files).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    Place,
    Change,
    Move,
    Remove,
    Create,
    Rewrite,
    Publish,
    Withdraw,
    Add,
    Drop,
    Order,
    Section,
}

impl AuditAction {
    pub const ALL: [Self; 12] = [
        Self::Place,
        Self::Change,
        Self::Move,
        Self::Remove,
        Self::Create,
        Self::Rewrite,
        Self::Publish,
        Self::Withdraw,
        Self::Add,
        Self::Drop,
        Self::Order,
        Self::Section,
    ];

    /// As the audit log calls it.
    pub(crate) const fn audited(self) -> &'static str {
        match self {
            Self::Place => "slot.place",
            Self::Change => "slot.change",
            Self::Move => "slot.move",
            Self::Remove => "slot.remove",
            Self::Create => "topic.create",
            Self::Rewrite => "topic.rewrite",
            Self::Publish => "topic.publish",
            Self::Withdraw => "topic.withdraw",
            Self::Add => "topic.add",
            Self::Drop => "topic.drop",
            Self::Order => "topic.order",
            Self::Section => "topic.section",
        }
    }

    /// The first four are done in slots, the others to topics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Change => "change",
            Self::Move => "move",
            Self::Remove => "remove",
            Self::Create => "topic-create",
            Self::Rewrite => "topic-rewrite",
            Self::Publish => "topic-publish",
            Self::Withdraw => "topic-withdraw",
            Self::Add => "topic-add",
            Self::Drop => "topic-drop",
            Self::Order => "topic-order",
            Self::Section => "topic-section",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|action| action.name() == name);
        known.ok_or_else(|| Error::internal(format!("stored action {name}")))
    }
}

/// A line of the log: who did what, when. What does not belong to an action is empty.
#[derive(Clone, Debug)]
pub struct Logged {
    pub id: i64,
    pub action: AuditAction,
    pub slot: Option<Slot>,
    pub article: Option<ArticleId>,
    pub topic: Option<TopicId>,
    /// Places count from one.
    pub from_place: Option<i64>,
    pub to_place: Option<i64>,
    pub starts_at: Option<Time>,
    pub ends_at: Option<Time>,
    /// A placement's note, a topic's title, an article's section.
    pub note: Option<String>,
    pub by: UserId,
    pub at: Time,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_have_names_that_come_back() {
        let tech = Slug::new("tech-and-home").unwrap();
        for slot in [Slot::Home, Slot::Topics, Slot::Headline(tech.clone()), Slot::Pinned(tech)] {
            assert_eq!(Slot::named(&slot.name()), Some(slot));
        }
        for name in ["", "tech", "headline", "headline-", "pinned-Tech", "footer-tech"] {
            assert_eq!(Slot::named(name), None, "{name}");
        }
    }

    #[test]
    fn deeds_have_names_that_come_back() {
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::named(action.name()).unwrap(), action);
        }
        assert!(AuditAction::named("nothing").is_err());
    }

    #[test]
    fn terms_end_after_they_begin_and_after_now() {
        let now = Time::from_millis(1_000);
        let check = |starts: Option<i64>, ends: Option<i64>, note: &str| {
            let at = |millis: Option<i64>| millis.map(Time::from_millis);
            Terms { starts_at: at(starts), ends_at: at(ends), note: Some(note.into()) }.check(now)
        };
        assert_eq!(check(None, None, " \n ").unwrap().note, None);
        assert_eq!(check(Some(2_000), Some(3_000), "a  b").unwrap().note.as_deref(), Some("a b"));
        assert!(check(Some(500), None, "").is_ok(), "what began before goes on");
        for (starts, ends, want) in
            [(None, Some(1_000), "ends: ends-past"), (Some(5_000), Some(5_000), "ends: ends-before")]
        {
            assert_eq!(check(starts, ends, "").unwrap_err().to_string(), want);
        }
        assert_eq!(check(None, None, &"长".repeat(61)).unwrap_err().to_string(), "note: field-long (60)");
    }
}
