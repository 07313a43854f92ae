//! How a part is shown on its page: which of what its file says stands where.

use crate::model::Part;

/// Names are those of the file.
pub(crate) struct Shape {
    /// What an entry is called by.
    pub(crate) title: &'static str,
    /// What somebody wrote.
    pub(crate) text: &'static str,
    /// In this order. Those that end with `_at` are times.
    pub(crate) facts: &'static [&'static str],
}

impl Part {
    /// The facts that its page shows of each entry: `export-field-<name>` in the locale files.
    pub const fn facts(self) -> &'static [&'static str] {
        self.shape().facts
    }

    pub(crate) const fn shape(self) -> Shape {
        let (title, text, facts): (_, _, &[&str]) = match self {
            Self::Account => (
                "name",
                "",
                &[
                    "handle",
                    "bio",
                    "picture",
                    "page_private",
                    "email",
                    "email_unconfirmed",
                    "region",
                    "roles",
                    "created_at",
                ],
            ),
            Self::Settings => (
                "",
                "",
                &[
                    "learns",
                    "zone",
                    "lang",
                    "edition",
                    "quiet_from",
                    "quiet_until",
                    "digest",
                    "notifications",
                ],
            ),
            Self::Sessions => ("agent", "", &["region", "network", "created_at", "last_at", "expires_at"]),
            Self::Tokens => ("name", "", &["created_at"]),
            Self::Passkeys => ("name", "", &["created_at", "last_at"]),
            Self::Identities => ("name", "", &["issuer", "subject", "created_at"]),
            Self::Invitations => {
                ("", "", &["role", "most", "used", "created_at", "expires_at", "revoked_at"])
            }
            Self::Subjects => ("name", "", &["kind", "since_at"]),
            Self::Follows => ("name", "", &["handle", "address"]),
            Self::Favourites | Self::Likes | Self::CommentLikes => ("title", "", &["address", "liked_at"]),
            Self::History => ("title", "", &["address", "read_at", "seconds", "finished"]),
            Self::Interests => ("name", "", &["kind", "wanted"]),
            Self::Comments => {
                ("", "text", &["address", "created_at", "state", "removed_for", "region", "likes", "answers"])
            }
            Self::Applications => {
                ("name", "reason", &["handle", "kind", "bio", "state", "note", "created_at", "decided_at"])
            }
            Self::Reports | Self::ProfileReports => {
                ("reason", "text", &["contact", "address", "created_at", "outcome", "closed_at"])
            }
            Self::Blocks => ("name", "", &["kind", "how", "since_at"]),
            Self::Notifications => ("kind", "", &["detail", "people", "address", "changed_at", "seen_at"]),
            Self::Devices => ("agent", "", &["created_at"]),
            Self::Authors => {
                ("name", "bio", &["handle", "kind", "field", "verified", "region", "picture", "created_at"])
            }
            Self::Articles => (
                "title",
                "",
                &[
                    "subtitle",
                    "author",
                    "state",
                    "channel",
                    "tags",
                    "address",
                    "created_at",
                    "updated_at",
                    "published_at",
                    "note",
                ],
            ),
            Self::Revisions => ("title", "source", &["article", "version", "format", "saved_at"]),
            Self::Pictures => ("hash", "", &["width", "height", "files"]),
        };
        Shape { title, text, facts }
    }
}
