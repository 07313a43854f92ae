//! Who does what the journal tells of.

use db::Value;
use kernel::UserId;

/// Who did what an event tells of: a user, or a part of the program. Stored as the user's number or the name of the part, both of which stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// Nobody is named: the event is from before actors were noted, or tells nobody who it was (what a reader likes or keeps).
    #[default]
    Anonymous,
    /// May be deleted since: then the number finds nobody's name any more.
    User(UserId),
    /// What was scheduled fell due, or the site did by itself what follows from what others did.
    Schedule,
    /// What was published elsewhere is brought in.
    Import,
    /// The demo is made.
    Demo,
    /// Whoever runs commands on the machine, or sets a new site up with the key that it printed.
    CommandLine,
}

/// The parts of the program, by the names under which they are stored.
const PARTS: [(&str, Actor); 4] = [
    ("schedule", Actor::Schedule),
    ("import", Actor::Import),
    ("demo", Actor::Demo),
    ("command-line", Actor::CommandLine),
];

impl Actor {
    /// A user, or whoever runs commands on the machine.
    pub fn user_or_command_line(user: Option<UserId>) -> Self {
        user.map_or(Self::CommandLine, Self::User)
    }

    pub const fn user(self) -> Option<UserId> {
        if let Self::User(id) = self { Some(id) } else { None }
    }

    /// As it is stored; nothing where nobody is named.
    pub fn stored(self) -> Option<String> {
        match self {
            Self::User(id) => Some(id.raw().to_string()),
            part => PARTS.iter().find(|(_, named)| *named == part).map(|(name, _)| (*name).to_owned()),
        }
    }

    /// A name that only a newer program knows is nobody's.
    pub fn read(stored: Option<&str>) -> Self {
        let Some(stored) = stored else { return Self::Anonymous };
        if let Ok(number) = stored.parse() {
            return Self::User(UserId::new(number));
        }
        PARTS.iter().find(|(name, _)| *name == stored).map_or(Self::Anonymous, |(_, actor)| *actor)
    }
}

impl From<UserId> for Actor {
    fn from(id: UserId) -> Self {
        Self::User(id)
    }
}

impl From<Actor> for Value {
    fn from(actor: Actor) -> Self {
        Self::from(actor.stored())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again() {
        let actors = PARTS.iter().map(|(_, actor)| *actor);
        for actor in actors.chain([Actor::Anonymous, Actor::User(UserId::new(4711))]) {
            assert_eq!(Actor::read(actor.stored().as_deref()), actor);
        }
        assert_eq!(Actor::read(Some("oracle")), Actor::Anonymous);
    }
}
