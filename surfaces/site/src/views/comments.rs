//! 跟贴: comments with the chains they answer, and the page of all of them.

use kernel::{ArticleId, CommentId, Locale, Region, Time};
use serde::Serialize;
use web::render::{Chrome, View};

use super::parts::Pager;
use super::samples;
use super::slots::MyComments;

#[derive(Clone, Debug, Serialize)]
pub struct Comment {
    pub id: CommentId,
    pub name: String,
    /// Path of the writer's page, where there is one.
    pub href: Option<String>,
    /// IP属地, in the languages that there are: `zh`, `en`.
    pub region: Option<Region>,
    pub text: String,
    pub likes: i64,
    pub at: Time,
    /// Whether the writer is the article's author.
    pub by_author: bool,
    /// Taken down: its place stays in the chain, its words do not.
    pub removed: bool,
    /// Why: the message `remove-…`.
    pub removed_for: Option<String>,
}

/// A comment with those it answers, oldest first (盖楼).
#[derive(Clone, Debug, Serialize)]
pub struct Floor {
    pub comment: Comment,
    pub quotes: Vec<Comment>,
}

/// The `comments` block of the article page.
#[derive(Clone, Debug, Serialize)]
pub struct Thread {
    pub article: ArticleId,
    pub total: i64,
    pub hot: Vec<Floor>,
    pub new: Vec<Floor>,
    /// Address of all comments, where there are more than stand here.
    pub all: Option<String>,
    pub mine: MyComments,
}

/// `/article/{id}/comments?sort=hot|new&cursor=…`
#[derive(Clone, Debug, Serialize)]
pub struct CommentsPage {
    pub article: ArticleId,
    pub title: String,
    pub language: String,
    pub total: i64,
    /// `hot` or `new`.
    pub sort: &'static str,
    pub floors: Vec<Floor>,
    pub mine: MyComments,
    pub pager: Pager,
}

impl View for CommentsPage {
    const TEMPLATE: &'static str = "comments.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let page = |floors, sort, next: Option<&str>| Self {
            article: samples::ARTICLE,
            title: samples::title(locale, 0).to_owned(),
            language: samples::language(locale).to_owned(),
            total: 300,
            sort,
            floors,
            mine: samples::my_comments(),
            pager: Pager { next: next.map(str::to_owned), first: next.is_none() },
        };
        let next = "/article/3fQk2/comments?sort=new&cursor=a.b";
        vec![page(samples::floors(locale, 300), "new", Some(next)), page(Vec::new(), "hot", None)]
    }

    fn dress(&self, page: &mut Chrome) {
        page.title = Some(self.title.clone());
        page.canonical = Some(page.absolute(&format!("/article/{}", self.article)));
        page.index = false;
    }
}
