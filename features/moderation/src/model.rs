//! Reasons, reports and outcomes.

use kernel::{ArticleId, CommentId, Invalid, ReportId, Result, Time, UserId, text};

use crate::codes;

/// Why an article goes back to its author (`return-…` in the locale files).
pub const RETURN_CODES: [&str; 6] = ["facts", "source", "title", "picture", "language", "other"];
/// Why an article is taken from the readers (`retract-…`) or a comment removed (`remove-…`); authors who take their own
/// article back leave `author`.
pub const RETRACT_CODES: [&str; 7] = ["spam", "abuse", "wrong", "law", "copyright", "rules", "other"];

/// The longest report (characters).
const TEXT_MAX: usize = 2_000;

/// What somebody says is wrong with an article or a comment (`reason-…` in the locale files).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Spam,
    Abuse,
    False,
    Illegal,
    /// 侵权投诉
    Copyright,
    Other,
}

impl Reason {
    pub const ALL: [Self; 6] =
        [Self::Spam, Self::Abuse, Self::False, Self::Illegal, Self::Copyright, Self::Other];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "abuse",
            Self::False => "false",
            Self::Illegal => "illegal",
            Self::Copyright => "copyright",
            Self::Other => "other",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// Which of [`RETRACT_CODES`] fits where the report was right; whoever decides may choose another.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "abuse",
            Self::False => "wrong",
            Self::Illegal => "law",
            Self::Copyright => "copyright",
            Self::Other => "other",
        }
    }
}

/// How a report ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The report was right, and what it names was taken away.
    Upheld,
    /// Nothing wrong was found.
    Rejected,
}

impl Outcome {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Upheld, Self::Rejected].into_iter().find(|outcome| outcome.name() == name)
    }
}

/// A report as it comes in. Anybody may make one; a copyright complaint needs somebody to answer to.
#[derive(Clone, Debug)]
pub struct NewReport {
    pub article: ArticleId,
    pub comment: Option<CommentId>,
    pub reason: Option<Reason>,
    pub text: String,
    pub contact: Option<String>,
    pub by: Option<UserId>,
}

impl NewReport {
    pub(crate) fn check(mut self) -> Result<(Self, Reason)> {
        let reason = check_words(self.reason, &mut self.text, &mut self.contact)?;
        Ok((self, reason))
    }
}

/// A report on the page of a user, as it comes in.
#[derive(Clone, Debug)]
pub struct NewProfileReport {
    pub about: UserId,
    pub reason: Option<Reason>,
    pub text: String,
    pub contact: Option<String>,
    pub by: Option<UserId>,
}

impl NewProfileReport {
    pub(crate) fn check(mut self) -> Result<(Self, Reason)> {
        let reason = check_words(self.reason, &mut self.text, &mut self.contact)?;
        Ok((self, reason))
    }
}

/// Such a report as it stands.
#[derive(Clone, Debug)]
pub struct ProfileReport {
    pub id: ReportId,
    pub about: UserId,
    pub reason: Reason,
    pub text: String,
    pub contact: Option<String>,
    pub created_at: Time,
    pub outcome: Option<Outcome>,
    pub closed_at: Option<Time>,
}

/// What every report says, cleaned.
fn check_words(reason: Option<Reason>, words: &mut String, contact: &mut Option<String>) -> Result<Reason> {
    *words = text::lines(words);
    *contact = contact.take().map(|c| text::one_line(&c)).filter(|c| !c.is_empty());
    let mut errors = Invalid::default();
    if reason.is_none() {
        errors.add("reason", codes::REASON_EMPTY);
    }
    if words.chars().count() > TEXT_MAX {
        errors.add_limit("text", codes::REPORT_LONG, TEXT_MAX as i64);
    }
    if reason == Some(Reason::Copyright) {
        if words.is_empty() {
            errors.add("text", codes::COPYRIGHT_TEXT);
        }
        if contact.is_none() {
            errors.add("contact", codes::COPYRIGHT_CONTACT);
        }
    }
    if contact.as_ref().is_some_and(|c| c.chars().count() > 200) {
        errors.add_limit("contact", codes::CONTACT_LONG, 200);
    }
    errors.check()?;
    Ok(reason.unwrap_or(Reason::Other))
}

#[derive(Clone, Debug)]
pub struct Report {
    pub id: ReportId,
    pub article: ArticleId,
    pub comment: Option<CommentId>,
    pub reason: Reason,
    pub text: String,
    pub contact: Option<String>,
    pub by: Option<UserId>,
    pub created_at: Time,
    pub outcome: Option<Outcome>,
    /// The reason given where it was upheld: one of [`RETRACT_CODES`].
    pub code: Option<String>,
    pub closed_by: Option<UserId>,
    pub closed_at: Option<Time>,
}

/// A decision as it was written down.
#[derive(Clone, Debug)]
pub struct Decision {
    pub id: i64,
    pub article: ArticleId,
    /// Where it was about a comment there and not the article.
    pub comment: Option<CommentId>,
    /// `approve`, `return`, `retract` or `restore`; of a comment `remove` or `release`.
    pub verdict: String,
    pub code: Option<String>,
    pub note: Option<String>,
    pub by: UserId,
    pub at: Time,
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Error;

    #[test]
    fn every_kind_of_report_has_its_reason() {
        for reason in Reason::ALL {
            assert!(RETRACT_CODES.contains(&reason.code()), "{reason:?}");
        }
        assert_eq!((Reason::False.code(), Reason::Spam.code()), ("wrong", "spam"));
    }

    #[test]
    fn a_report_says_what_and_a_complaint_says_who() {
        let report = |reason, text: &str| NewReport {
            article: ArticleId::new(1),
            comment: None,
            reason,
            text: text.into(),
            contact: None,
            by: None,
        };
        assert!(report(Some(Reason::Spam), "").check().is_ok());
        let Err(Error::Invalid(errors)) = report(None, "").check() else { panic!("accepted") };
        assert_eq!(errors.0[0].code, "reason-empty");
        let Err(Error::Invalid(errors)) = report(Some(Reason::Copyright), " ").check() else {
            panic!("accepted")
        };
        assert_eq!(errors.0.iter().map(|e| e.field).collect::<Vec<_>>(), ["text", "contact"]);
    }
}
