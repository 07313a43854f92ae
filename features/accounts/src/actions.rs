//! The one table of permissions: what may be done besides reading and talking, and which role may do it.

use std::fmt;
use std::ops::BitOr;

use sea_orm::{ColIdx, QueryResult, TryGetError, TryGetable};

use crate::role::{Role, Roles};

/// An action, its name, and the built-in roles that may do it, beside operators, who may do all. The name is stored in the roles that a
/// site makes and stays; `action-<name>` in the locale files says it to people.
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident $name:literal [$($role:ident)*])*) => {
        /// What somebody who looks after the site may do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$action),*];

            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }

            /// The built-in roles that may do it, but for operators.
            const fn of_roles(self) -> &'static [Role] {
                match self {
                    $(Self::$action => &[$(Role::$role),*],)*
                }
            }
        }
    };
}

actions! {
    /// What authors sent in, taken down articles too, with pictures that readers do not see.
    ReadSubmissions "read-submissions" [Reviewer Editor]
    /// To publish what was sent in, or send it back.
    ReviewArticles "review-articles" [Reviewer]
    /// To take articles down.
    RetractArticles "retract-articles" [Reviewer]
    /// To put back what was taken down.
    RestoreArticles "restore-articles" [Editor]
    /// To close reports, and take away what they name.
    HandleReports "handle-reports" [Reviewer]
    /// To publish comments that are held, and remove any. One's own are not held.
    ModerateComments "moderate-comments" [Reviewer]
    /// Who becomes an author, and what authors change of their profiles.
    DecideApplications "decide-applications" [Reviewer]
    /// Who decided what about articles and comments, and why.
    SeeDecisions "see-decisions" [Reviewer Editor]
    /// Headlines, pins and the lead of the home page.
    CurateHeadlines "curate-headlines" [Editor]
    /// To make topics (专题), fill and publish them.
    CurateTopics "curate-topics" [Editor]
    /// How lists and recommendations do.
    SeeInsights "see-insights" [Editor]
    ManageChannels "manage-channels" []
    /// Verified, trusted, who owns them.
    ManageAuthors "manage-authors" []
    /// To shut users out, let them in, end their sessions and tokens, delete them.
    ManageUsers "manage-users" []
    /// To be called like the site, or like those who look after it. It opens no address: it is asked of whoever takes a name.
    UseReservedNames "use-reserved-names" []
    /// To make roles, and to give and take them.
    ManagePermissions "manage-permissions" []
    ChangeSettings "change-settings" []
    /// All that was done, by whom and from which network.
    SeeAuditLog "see-audit-log" []
    /// What the site sent, where it goes to a folder: whoever reads it can open others' accounts.
    ReadMail "read-mail" []
    /// Jobs, events, nodes and learned models.
    RunOperations "run-operations" []
}

impl Action {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }

    /// What nobody could do it without: whoever may do it may do these.
    pub const fn includes(self) -> &'static [Self] {
        match self {
            Self::ReviewArticles
            | Self::RetractArticles
            | Self::RestoreArticles
            | Self::ModerateComments
            | Self::DecideApplications
            | Self::SeeDecisions => &[Self::ReadSubmissions],
            Self::HandleReports => &[Self::ReadSubmissions, Self::RetractArticles, Self::ModerateComments],
            Self::ManagePermissions => &[Self::ManageUsers],
            _ => &[],
        }
    }
}

/// A set of actions: names with spaces between them in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actions(u32);

impl Actions {
    pub const fn has(self, action: Action) -> bool {
        self.0 & (1 << action as u32) != 0
    }

    pub const fn has_all(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.iter().copied().filter(move |action| self.has(*action))
    }

    /// The actions of a stored list, and the names that this program does not know: a newer one wrote them.
    pub fn read(text: &str) -> (Self, Vec<&str>) {
        let mut unknown = Vec::new();
        let known = text.split_ascii_whitespace().filter_map(|name| {
            let action = Action::named(name);
            if action.is_none() {
                unknown.push(name);
            }
            action
        });
        let known = known.collect();
        (known, unknown)
    }
}

/// With what each of them includes.
impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Self {
        let mut set = Self::default();
        for action in actions {
            for one in action.includes().iter().chain([&action]) {
                set.0 |= 1 << *one as u32;
            }
        }
        set
    }
}

impl BitOr for Actions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Action::name).collect();
        f.write_str(&names.join(" "))
    }
}

impl TryGetable for Actions {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, index)?;
        let (known, unknown) = Self::read(&text);
        if !unknown.is_empty() {
            tracing::warn!(
                actions = unknown.join(" "),
                "a role has actions that this version does not know; they are ignored"
            );
        }
        Ok(known)
    }
}

impl Role {
    pub fn actions(self) -> Actions {
        let may = |action: &Action| self == Self::Operator || action.of_roles().contains(&self);
        Action::ALL.iter().copied().filter(may).collect()
    }
}

impl Roles {
    pub fn actions(self) -> Actions {
        self.iter().fold(Actions::default(), |all, role| all | role.actions())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as people would write it down, so that nobody changes it in passing.
    #[test]
    fn what_each_role_may_do() {
        let table = [
            (
                Role::Reviewer,
                "read-submissions review-articles retract-articles handle-reports moderate-comments decide-applications see-decisions",
            ),
            (
                Role::Editor,
                "read-submissions restore-articles see-decisions curate-headlines curate-topics see-insights",
            ),
        ];
        for (role, actions) in table {
            assert_eq!(role.actions().to_string(), actions, "{}", role.name());
        }
        assert!(Action::ALL.iter().all(|action| Role::Operator.actions().has(*action)));
        let both = Roles::from(vec![Role::Reviewer, Role::Editor]).actions();
        assert!(both.has_all(Role::Editor.actions()) && !both.has(Action::ManageUsers));
        assert!(Roles::default().actions().is_empty());
    }

    #[test]
    fn nobody_may_do_half_of_something() {
        for action in Action::ALL {
            let alone: Actions = [*action].into_iter().collect();
            for included in action.includes() {
                assert!(alone.has(*included), "{}", action.name());
                assert!(included.includes().iter().all(|one| alone.has(*one)), "{}", action.name());
            }
            // The roles that every site has say all that they may do.
            for role in action.of_roles() {
                assert!(
                    action.includes().iter().all(|one| one.of_roles().contains(role)),
                    "{}",
                    action.name()
                );
            }
        }
    }

    #[test]
    fn a_set_is_read_as_it_was_written() {
        let set: Actions = [Action::ManageChannels, Action::HandleReports].into_iter().collect();
        assert_eq!(
            set.to_string(),
            "read-submissions retract-articles handle-reports moderate-comments manage-channels"
        );
        assert_eq!(Actions::read(&set.to_string()), (set, vec![]));
        let (known, unknown) = Actions::read("curate-topics walk-on-water");
        assert_eq!((known.to_string().as_str(), unknown), ("curate-topics", vec!["walk-on-water"]));
        for action in Action::ALL {
            assert_eq!(Action::named(action.name()), Some(*action));
            assert!(kernel::Slug::new(action.name()).is_ok(), "a name stands in forms and addresses");
        }
    }
}
