//! The studio as browsers use it: forms in, pages out, against real services.

mod pictures;
mod refusals;
mod writing;

use articles::State;
use authors::Profile;
use axum::body::Body;
use http::{Request, header};
use kernel::ArticleId;
use testing::{Answer, Multipart, TestSite, VISITOR, png};

use crate::{Services, Studio};

/// `lin` owns `nanpo`; `mo` owns `tides`; `an` owns nothing.
async fn open(review: bool) -> TestSite {
    let nanpo = Profile { handle: "nanpo".into(), name: "nanpo".into(), ..Profile::default() };
    let site = TestSite::builder().author(nanpo, "lin").review(review).open().await;
    site.create_author("tides", &[&site.user("mo").await]).await;
    let s = &site.services;
    let studio = Studio::new(Services {
        env: s.env.clone(),
        frame: site.frame(),
        authors: s.authors.clone(),
        articles: s.articles.clone(),
        media: s.media.clone(),
        comments: s.comments.clone(),
        moderation: s.moderation.clone(),
        reads: site.lists().reads.clone(),
        uploads: site.uploads(),
    });
    site.serve(crate::routes(studio));
    site
}

/// Writes an article and says where it is.
async fn write(site: &TestSite, fields: &[(&str, &str)]) -> ArticleId {
    let answer = site.post("lin", "/studio/new", Multipart::of(fields)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let id = answer.location().strip_prefix("/studio/article/").unwrap();
    id.split('?').next().unwrap().parse().unwrap()
}

/// A whole article.
const WHOLE: [(&str, &str); 6] = [
    ("title", "Tide tables"),
    ("format", "markdown"),
    ("body", "At five **every morning**."),
    ("channel", "city"),
    ("tags", "tides, 海"),
    ("declared", "original"),
];
