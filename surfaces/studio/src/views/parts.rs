//! Pieces that the studio's pages share.

use media::Picture;
use serde::Serialize;
use web::render::{Notice, PageLayout};

/// An author that the viewer writes as.
#[derive(Clone, Debug, Serialize)]
pub struct AuthorRef {
    pub handle: String,
    pub name: String,
}

/// What stands around a page of the studio.
#[derive(Clone, Debug, Serialize)]
pub struct DeskLayout {
    /// The entry of the rail where the page belongs: `list`, `new`, `pictures`, `profile`.
    pub at: &'static str,
    pub author: AuthorRef,
    /// All that the viewer may write as.
    pub authors: Vec<AuthorRef>,
    #[serde(skip)]
    pub notice: Option<Notice>,
}

impl DeskLayout {
    /// The studio is nobody else's business, search engines' least.
    pub fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
        page.notice.clone_from(&self.notice);
    }

    pub fn sample(at: &'static str) -> Self {
        let author_ref = |handle: &str, name: &str| AuthorRef { handle: handle.into(), name: name.into() };
        let first = author_ref("nanpo-observer", "南坡观察");
        let notice = crate::notice::notice("saved");
        Self {
            at,
            author: first.clone(),
            authors: vec![first, author_ref("tide-tables", "The Tide Tables")],
            notice,
        }
    }
}

/// The way through a long table.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Paging {
    pub next: Option<String>,
    /// The way back to the beginning, from further on.
    pub first: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    pub value: String,
    pub text: String,
}

/// A small picture.
#[derive(Clone, Debug, Serialize)]
pub struct Thumb {
    pub hash: String,
    pub src: String,
    pub width: u32,
    pub height: u32,
    pub colour: String,
}

impl From<&Picture> for Thumb {
    fn from(picture: &Picture) -> Self {
        Self {
            hash: picture.hash.clone(),
            src: picture.url(320),
            width: picture.width,
            height: picture.height,
            colour: picture.colour.clone(),
        }
    }
}

impl Thumb {
    pub fn sample() -> Self {
        let hash = "0123456789abcdef0123456789abcdef".to_owned();
        Self {
            src: format!("/media/{hash}/w320.webp"),
            hash,
            width: 960,
            height: 640,
            colour: "#8d9db0".into(),
        }
    }
}
