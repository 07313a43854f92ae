//! A user's page, and what they show there.

use kernel::{ArticleId, CommentId, Locale, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View, user_path};

use super::parts::{Cover, Pager};
use super::samples;

/// What a user said, and under which article.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub id: CommentId,
    pub text: String,
    pub at: Time,
    pub likes: i64,
    pub article: ArticleId,
    pub title: String,
    /// Of the article.
    pub language: String,
}

/// `/user/{handle}?cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct UserPage {
    pub handle: String,
    pub name: String,
    /// Path of the page.
    pub href: String,
    pub avatar: Option<Cover>,
    /// May be empty.
    pub bio: String,
    pub since: Time,
    /// Newest first.
    pub comments: Vec<Said>,
    pub pager: Pager,
    /// Whether search engines may list it.
    pub index: bool,
}

impl View for UserPage {
    const TEMPLATE: &'static str = "user.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let said = |n: usize| {
            let comment = samples::comment(locale, n);
            Said {
                id: comment.id,
                text: comment.text,
                at: comment.at,
                likes: comment.likes,
                article: samples::ARTICLE,
                title: samples::title(locale, n % 3).to_owned(),
                language: samples::language(locale).to_owned(),
            }
        };
        let full = Self {
            handle: "linqiu".into(),
            name: samples::comment(locale, 0).name,
            href: "/user/linqiu".into(),
            avatar: samples::author_card(locale).avatar,
            bio: samples::author_card(locale).bio,
            since: samples::before(60 * 24 * 200),
            comments: (0..12).map(said).collect(),
            pager: Pager { next: Some("/user/linqiu?cursor=a.b".into()), first: true },
            index: false,
        };
        let empty = Self {
            name: "长".repeat(40),
            handle: "a".repeat(40),
            avatar: None,
            bio: String::new(),
            comments: vec![],
            pager: Pager { next: None, first: true },
            index: true,
            ..full.clone()
        };
        let long = Self {
            bio: format!("<b>{}\n\n{}", "W".repeat(100), "长".repeat(190)),
            pager: Pager { next: None, first: false },
            ..full.clone()
        };
        vec![long, empty, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.title = Some(self.name.clone());
        page.canonical = Some(page.absolute(&self.href));
        page.kind = "profile";
        page.index = self.index;
        if !self.bio.is_empty() {
            page.description = Some(self.bio.clone());
        }
        page.image = self.avatar.as_ref().map(|avatar| page.absolute(&avatar.src));
    }
}

/// `/settings/profile`. POST there, with a file: `bio`, `avatar`, `avatar_drop`, `open` (`1` or absent).
#[derive(Clone, Debug, Serialize)]
pub struct ProfileSettings {
    pub form: Form,
    pub name: String,
    /// Path of the page that others see, or would.
    pub href: String,
    /// Others see it.
    pub open: bool,
    pub avatar: Option<Cover>,
    /// Bio and picture wait for a reviewer.
    pub held: bool,
    /// How many characters a bio has at most.
    pub most: usize,
    /// It was saved just now.
    pub done: bool,
}

impl View for ProfileSettings {
    const TEMPLATE: &'static str = "settings_profile.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let full = Self {
            form: Form::default().with("bio", samples::author_card(locale).bio).with("open", "1"),
            name: samples::comment(locale, 0).name,
            href: user_path("linqiu"),
            open: true,
            avatar: samples::author_card(locale).avatar,
            held: false,
            most: accounts::BIO_CHARS,
            done: true,
        };
        let closed = Self { form: Form::default(), open: false, avatar: None, done: false, ..full.clone() };
        let mut invalid = kernel::Invalid::default().with("avatar", "picture-type");
        invalid.add_limit("bio", "bio-long", accounts::BIO_CHARS as i64);
        let wrong = Self {
            form: Form::default().with("bio", "<b>\"").refused(&invalid),
            held: true,
            done: false,
            ..full.clone()
        };
        vec![closed, wrong, full]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.index = false;
    }
}
