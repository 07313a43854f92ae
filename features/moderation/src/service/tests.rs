use accounts::{Accounts, User};
use articles::{Channel, Draft, Policy, State};
use authors::{Authors, Profile};
use comments::State as CommentState;
use db::db_test;
use events::Journal;
use kernel::{Slug, Time};
use media::Media;

use super::*;
use crate::Reason;

/// A reviewer who looks at all, one who owns the author and says something, and one who reports.
struct Desk {
    moderation: Moderation,
    articles: Articles,
    comments: Comments,
    reviewer: Viewer,
    owner: Viewer,
    reporter: Viewer,
    /// Waits for review.
    waiting: ArticleId,
    live: ArticleId,
    /// The owner's, under the live one.
    said: Comment,
    _folder: tempfile::TempDir,
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
    let (env, _) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let journal = Journal::new(db.clone(), env.clone());
    let accounts = Accounts::new(db.clone(), journal.clone(), env.clone());
    let person = async |handle: &str, roles: &[Role]| -> User {
        let id = accounts.ensure(handle, handle, None, None).await.unwrap().id;
        for &role in roles {
            accounts.grant(id, role).await.unwrap();
        }
        accounts.find(id).await.unwrap().unwrap()
    };
    let reviewer = person("reviewer", &[Role::Reviewer, Role::Editor]).await;
    let owner = person("owner", &[Role::Operator]).await;
    let reporter = person("reporter", &[Role::Reviewer]).await;
    let authors = Authors::new(db.clone(), journal.clone(), env.clone());
    let profile = Profile { handle: "harbour".into(), name: "Harbour".into(), ..Profile::default() };
    let author = authors.create(profile, &[owner.id]).await.unwrap().id;
    let folder = tempfile::tempdir().unwrap();
    let store = blob::Store::open(folder.path()).unwrap();
    let media = Media::new(db.clone(), journal.clone(), env.clone(), store);
    let policy = Policy { review: true };
    let articles = Articles::new(db.clone(), journal.clone(), env.clone(), authors, media, policy);
    let slug = Slug::new("city").unwrap();
    let channel = Channel {
        slug: slug.clone(),
        zh: "城市".into(),
        en: "City".into(),
        colour: "#000000".into(),
        position: 1,
    };
    articles.ensure_channel(&channel).await.unwrap();
    let comments = Comments::new(db.clone(), journal, env.clone(), articles.clone());
    let moderation = Moderation::new(db.clone(), env, articles.clone(), comments.clone());
    let (reviewer, owner, reporter) = (reviewer.into(), owner, reporter.into());
    let submitted = async |title: &str| {
        let draft = Draft {
            title: title.into(),
            body: "Text.".into(),
            channel: Some(slug.clone()),
            ..Draft::default()
        };
        let id = articles.create(author, owner.id, draft).await.unwrap().id;
        articles.submit(id, None).await.unwrap().id
    };
    let (waiting, live) = (submitted("Waiting").await, submitted("Live").await);
    moderation
        .decide(&reviewer, live, Verdict::Approve(articles.reading(live).await.unwrap()))
        .await
        .unwrap();
    let said = comments.post(&owner, live, None, "Mine").await.unwrap();
    Desk {
        moderation,
        articles,
        comments,
        reviewer,
        owner: owner.into(),
        reporter,
        waiting,
        live,
        said,
        _folder: folder,
    }
}

fn is_own<T>(decided: Result<T>) -> bool {
    matches!(decided, Err(Error::Conflict("decide-own")))
}

#[db_test]
async fn nobody_decides_on_what_is_their_own(db: Db) {
    let desk = desk(&db).await;
    let m = &desk.moderation;
    let read = desk.articles.reading(desk.waiting).await.unwrap();
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
    assert_eq!(desk.articles.get(desk.live).await.unwrap().state, State::Live);
    assert_eq!(desk.articles.get(desk.waiting).await.unwrap().state, State::Submitted);
    m.close(&desk.reviewer, on_article, Outcome::Rejected, "").await.unwrap();
}

#[db_test]
async fn a_report_ends_once_with_the_reason_that_was_given(db: Db) {
    let desk = desk(&db).await;
    let m = &desk.moderation;
    let (first, second) = (desk.report(None, Reason::False).await, desk.report(None, Reason::Spam).await);
    let reasonless = m.close(&desk.reviewer, first, Outcome::Upheld, "mood").await;
    assert!(matches!(reasonless, Err(Error::Invalid(wrong)) if wrong.0[0].code == "code-empty"));
    let code = m.find_report(first).await.unwrap().unwrap().reason.code();
    m.close(&desk.reviewer, first, Outcome::Upheld, code).await.unwrap();
    let gone = desk.articles.get(desk.live).await.unwrap();
    assert_eq!((gone.state, gone.retract_code.as_deref()), (State::Retracted, Some("wrong")));
    let again = m.close(&desk.reviewer, first, Outcome::Rejected, "").await;
    assert!(matches!(again, Err(Error::Conflict("report-closed"))));
    // What is gone already stays gone for the reason it went.
    m.close(&desk.reviewer, second, Outcome::Upheld, "spam").await.unwrap();
    let gone = desk.articles.get(desk.live).await.unwrap();
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
    assert_eq!(desk.comments.find(id).await.unwrap().unwrap().state, CommentState::Removed);
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
    assert!(matches!(refused, Err(Error::Invalid(wrong)) if wrong.0[0].code == "note-long"));
    let refused = desk.moderation.remove_comment(&desk.reviewer, desk.said.id, "abuse", &long).await;
    assert!(matches!(refused, Err(Error::Invalid(wrong)) if wrong.0[0].code == "note-long"));
    let note = " Which\u{202e} tide?\u{200b}\n\n\n ";
    let returned = desk.moderation.decide(&desk.reviewer, desk.waiting, back(note)).await.unwrap();
    assert_eq!(returned.return_note.as_deref(), Some("Which tide?"));
    let written = desk.moderation.decisions(desk.waiting).await.unwrap();
    assert_eq!(written[0].note.as_deref(), Some("Which tide?"));
}
