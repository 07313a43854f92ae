//! Articles, by the ways that people go.

use std::time::Duration;

use articles::{Draft, State};
use kernel::{ArticleId, AuthorId, UserId};
use moderation::Verdict;

use crate::samples::{draft, png};
use crate::site::TestSite;

impl TestSite {
    /// An article of the site's author in that state.
    pub async fn article(&self, title: &str, state: State) -> ArticleId {
        self.article_of(self.author.id, draft(title), state).await
    }

    /// Written by `writer`; what takes a decision is decided by `reviewer`, where the site has reviews.
    pub async fn article_of(&self, author: AuthorId, draft: Draft, state: State) -> ArticleId {
        let articles = &self.articles;
        let id = articles.create(author, self.writer.id, draft).await.expect("a draft").id;
        if state == State::Draft {
            return id;
        }
        let articles = articles.by(self.writer.id);
        let later = (state == State::Scheduled).then(|| self.env.now().plus(Duration::from_hours(1)));
        let mut now = articles.submit(id, later).await.expect("submitted").state;
        if now == State::Submitted && matches!(state, State::Scheduled | State::Live | State::Retracted) {
            now = self.approve(id).await;
        }
        if state == State::Returned {
            let (code, note) = ("facts".into(), "Which year?".into());
            now = self.decide(id, Verdict::Return { read: None, code, note }).await;
        }
        if state == State::Retracted {
            now = self.decide(id, Verdict::Retract { code: "wrong".into() }).await;
        }
        assert_eq!(now, state, "a site without reviews has nothing that waits for one");
        id
    }

    /// Approved by `reviewer` as it is now.
    pub async fn approve(&self, id: ArticleId) -> State {
        let read = self.articles.reading(id).await.expect("a revision");
        self.decide(id, Verdict::Approve(read)).await
    }

    /// What `reviewer` says of it.
    pub async fn decide(&self, id: ArticleId, verdict: Verdict) -> State {
        let reviewer = self.viewer("reviewer").await;
        self.moderation.decide(&reviewer, id, verdict).await.expect("decided").state
    }

    pub async fn state(&self, id: ArticleId) -> State {
        self.articles.get(id).await.expect("the article").state
    }

    /// Uploads a picture of 40 by 30 pixels; its hash.
    pub async fn picture(&self, by: UserId, shade: u8) -> String {
        self.media.upload(Some(by), png(40, 30, shade).into()).await.expect("a picture").hash
    }
}
