//! Decisions and reports on a whole site.

use accounts::{Role, Viewer};
use articles::State;
use comments::{Comment, State as CommentState};
use db::{Db, db_test};
use kernel::{ArticleId, CommentId, Cursor, Error, ReportId, Result};
use moderation::{Moderation, NewReport, Outcome, Reason, Verdict};
use testing::{SCHEMA, TestSite};

/// A reviewer who may all, one who owns the author and says something, and one who reports.
struct Desk {
    site: TestSite,
    moderation: Moderation,
    reviewer: Viewer,
    owner: Viewer,
    reporter: Viewer,
    /// Waits for review.
    waiting: ArticleId,
    live: ArticleId,
    /// The owner's, under the live one.
    said: Comment,
}

impl Desk {
    async fn report(&self, comment: Option<CommentId>, reason: Reason) -> ReportId {
        let report = NewReport {
            article: self.live,
            comment,
            reason: Some(reason),
            text: "x".into(),
            contact: Some("ann@example.org".into()),
            by: self.reporter.user().map(|user| user.id),
        };
        self.moderation.report(report, "network").await.unwrap()
    }
}

async fn desk(db: &Db) -> Desk {
    let site = TestSite::builder().review(true).open_on(db).await;
    let holding = async |handle: &str, role: Role| {
        let id = site.user(handle).await.id;
        site.accounts.grant(None, id, role).await.unwrap();
        site.viewer(handle).await
    };
    let reviewer = holding("reviewer", Role::Editor).await;
    let owner = holding("mara", Role::Operator).await;
    let reporter = holding("reporter", Role::Reviewer).await;
    let waiting = site.article("Waiting", State::Submitted).await;
    let live = site.article("Live", State::Live).await;
    let said = site.comments.post(&site.writer, live, None, "Mine").await.unwrap();
    let moderation = site.moderation.clone();
    Desk { site, moderation, reviewer, owner, reporter, waiting, live, said }
}

fn is_own<T>(decided: Result<T>) -> bool {
    matches!(decided, Err(Error::Conflict("decide-own")))
}

#[db_test]
async fn nobody_decides_on_what_is_their_own(db: Db) {
    let desk = desk(&db).await;
    let m = &desk.moderation;
    let read = desk.site.articles.reading(desk.waiting).await.unwrap();
    assert!(is_own(m.decide(&desk.owner, desk.waiting, Verdict::Approve(read)).await));
    let back = Verdict::Return { read: None, code: "facts".into(), note: String::new() };
    assert!(is_own(m.decide(&desk.owner, desk.waiting, back).await));
    let law = Verdict::Retract { code: "law".into() };
    assert!(is_own(m.decide(&desk.owner, desk.live, law.clone()).await));
    m.decide(&desk.reviewer, desk.live, law).await.unwrap();
    assert!(is_own(m.decide(&desk.owner, desk.live, Verdict::Restore).await));
    m.decide(&desk.reviewer, desk.live, Verdict::Restore).await.unwrap();

    // Whoever reported it, wrote it or may write for its author.
    let on_article = desk.report(None, Reason::False).await;
    let on_comment = desk.report(Some(desk.said.id), Reason::Abuse).await;
    for outcome in [Outcome::Upheld, Outcome::Rejected] {
        for id in [on_article, on_comment] {
            for viewer in [&desk.owner, &desk.reporter] {
                assert!(is_own(m.close(viewer, id, outcome, "wrong").await), "{outcome:?} {id}");
            }
        }
    }
    assert!(is_own(m.remove_comment(&desk.owner, desk.said.id, "abuse", "").await));
    assert_eq!(m.open_reports().await.unwrap(), 2);
    assert_eq!(desk.site.articles.get(desk.live).await.unwrap().state, State::Live);
    assert_eq!(desk.site.articles.get(desk.waiting).await.unwrap().state, State::Submitted);
    m.close(&desk.reviewer, on_article, Outcome::Rejected, "").await.unwrap();
}

#[db_test]
async fn a_report_ends_once_with_the_reason_that_was_given(db: Db) {
    let desk = desk(&db).await;
    let m = &desk.moderation;
    let (first, second) = (desk.report(None, Reason::False).await, desk.report(None, Reason::Spam).await);
    let reasonless = m.close(&desk.reviewer, first, Outcome::Upheld, "mood").await;
    assert!(matches!(reasonless, Err(Error::Invalid(errors)) if errors.0[0].code == "code-empty"));
    let code = m.find_report(first).await.unwrap().unwrap().reason.code();
    m.close(&desk.reviewer, first, Outcome::Upheld, code).await.unwrap();
    let gone = desk.site.articles.get(desk.live).await.unwrap();
    assert_eq!((gone.state, gone.retract_code.as_deref()), (State::Retracted, Some("wrong")));
    let again = m.close(&desk.reviewer, first, Outcome::Rejected, "").await;
    assert!(matches!(again, Err(Error::Conflict("report-closed"))));
    // What is gone already stays gone for the reason it went.
    m.close(&desk.reviewer, second, Outcome::Upheld, "spam").await.unwrap();
    let gone = desk.site.articles.get(desk.live).await.unwrap();
    assert_eq!(gone.retract_code.as_deref(), Some("wrong"));
    let closed = m.reports(false, Cursor::START, 10).await.unwrap().items;
    let codes: Vec<_> = closed.iter().map(|report| report.code.as_deref()).collect();
    assert_eq!(codes, [Some("spam"), Some("wrong")]);
    assert_eq!(m.log(Cursor::START, 10).await.unwrap().items.len(), 2, "approved, retracted");
}

#[db_test]
async fn what_is_done_to_a_comment_names_who_and_why(db: Db) {
    let desk = desk(&db).await;
    let m = &desk.moderation;
    let id = desk.said.id;
    assert!(matches!(m.remove_comment(&desk.reviewer, id, "", "").await, Err(Error::Invalid(_))));
    for _ in 0..2 {
        m.remove_comment(&desk.reviewer, id, "abuse", " names \u{202e}people ").await.unwrap();
    }
    assert_eq!(desk.site.comments.find(id).await.unwrap().unwrap().state, CommentState::Removed);
    m.release_comment(&desk.reviewer, id).await.unwrap();
    let on_comment = desk.report(Some(id), Reason::Spam).await;
    m.close(&desk.reviewer, on_comment, Outcome::Upheld, "spam").await.unwrap();
    let by = desk.reviewer.user().unwrap().id;
    let done = m.decisions_on_comment(id).await.unwrap();
    let said: Vec<_> = done.iter().map(|d| (d.verdict.as_str(), d.code.as_deref(), d.by)).collect();
    assert_eq!(said, [("remove", Some("spam"), by), ("release", None, by), ("remove", Some("abuse"), by)]);
    assert_eq!((done[2].note.as_deref(), done[2].article), (Some("names people"), desk.live));
    assert!(m.decisions(desk.live).await.unwrap().iter().all(|d| d.comment.is_none()));
    let log = m.log(Cursor::START, 2).await.unwrap();
    assert_eq!((log.items.len(), log.items[0].comment), (2, Some(id)));
    assert!(log.next.is_some());
}

#[db_test]
async fn notes_turn_nothing_around_and_end(db: Db) {
    let desk = desk(&db).await;
    let back = |note: &str| Verdict::Return { read: None, code: "facts".into(), note: note.into() };
    let long = "长".repeat(1_001);
    let refused = desk.moderation.decide(&desk.reviewer, desk.waiting, back(&long)).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0[0].code == "note-long"));
    let refused = desk.moderation.remove_comment(&desk.reviewer, desk.said.id, "abuse", &long).await;
    assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.0[0].code == "note-long"));
    let note = " Which\u{202e} tide?\u{200b}\n\n\n ";
    let returned = desk.moderation.decide(&desk.reviewer, desk.waiting, back(note)).await.unwrap();
    assert_eq!(returned.return_note.as_deref(), Some("Which tide?"));
    let written = desk.moderation.decisions(desk.waiting).await.unwrap();
    assert_eq!(written[0].note.as_deref(), Some("Which tide?"));
}
