//! 跟贴: the comments of an article, and the page of all of them.

use kernel::{ArticleId, Locale};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::floors::{Comment, Floor};
use super::parts::Pager;
use super::samples;
use super::slots::{Liked, MyComments, Reply};

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
    /// The answer that is being written (`?reply=…`): under the comment where that stands here, else above all.
    pub reply: Option<Reply>,
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
    /// This part of the list, with its cursor.
    pub at: String,
    pub floors: Vec<Floor>,
    pub mine: MyComments,
    pub reply: Option<Reply>,
    pub pager: Pager,
}

/// `/comment/{id}?from=…`: a comment on all that it answers.
#[derive(Clone, Debug, Serialize)]
pub struct CommentPage {
    pub article: ArticleId,
    pub title: String,
    pub language: String,
    /// The comment, and the floors of this part of its tower.
    pub floor: Floor,
    pub reply: Option<Reply>,
    pub liked: Liked,
}

impl View for CommentPage {
    const TEMPLATE: &'static str = "comment.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let page = |floors: Vec<i64>, top: i64, reply| {
            let quote = |floor: i64| Comment { floor, ..samples::comment(locale, floor as usize) };
            Self {
                article: samples::ARTICLE,
                title: samples::title(locale, 0).to_owned(),
                language: samples::language(locale).to_owned(),
                floor: Floor::new(quote(top), floors.into_iter().map(quote).collect()),
                reply,
                liked: Liked::default(),
            }
        };
        let whole = page((1..9).collect(), 9, None);
        let reply = Reply { to: whole.floor.comment.clone(), ..Reply::sample(locale) };
        let refused = Reply { form: Form::default().with_error("text", "comment-empty"), ..reply };
        vec![
            page((101..201).collect(), 412, None),
            page(vec![], 1, None),
            page((1..9).collect(), 9, Some(refused)),
            whole,
        ]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.title = Some(self.title.clone());
        page.canonical = Some(page.absolute(&format!("/article/{}", self.article)));
        page.index = false;
    }
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
            at: format!("/article/3fQk2/comments?sort={sort}"),
            floors,
            mine: MyComments::sample(),
            reply: None,
            pager: Pager { next: next.map(str::to_owned), first: next.is_none() },
        };
        let next = "/article/3fQk2/comments?sort=new&cursor=a.b";
        let full = page(samples::floors(locale, 300), "new", Some(next));
        let to = full.floors[5].comment.clone();
        let answering = Self { reply: Some(Reply { to, ..Reply::sample(locale) }), ..full.clone() };
        let elsewhere = Self { reply: Some(Reply::sample(locale)), ..page(Vec::new(), "hot", None) };
        vec![full, answering, page(Vec::new(), "hot", None), elsewhere]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.title = Some(self.title.clone());
        page.canonical = Some(page.absolute(&format!("/article/{}", self.article)));
        page.index = false;
    }
}
