//! 跟贴: comments with the chains they answer, and the page of all of them.

use kernel::{ArticleId, CommentId, Locale, Region, Time};
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::Pager;
use super::samples;
use super::slots::{Liked, MyComments, Reply};

/// How much of a quoted comment stands in a tower (characters); the whole of it stands on its own page.
pub const QUOTE_CHARS: usize = 100;

#[derive(Clone, Debug, Serialize)]
pub struct Comment {
    pub id: CommentId,
    /// Which floor of its tower it is, from 1.
    pub floor: i64,
    /// How many floors right below it are not shown.
    pub gap: i64,
    pub name: String,
    /// Path of the writer's page, where there is one.
    pub href: Option<String>,
    /// IP属地, in the languages that there are: `zh`, `en`.
    pub region: Option<Region>,
    pub text: String,
    /// Whether `text` is the beginning of what was said.
    pub cut: bool,
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
    /// Whether the page has its address here: of a comment that stands in two lists only one has.
    pub anchor: bool,
}

impl Floor {
    /// Floors keep their numbers: what is missing between two is counted.
    pub fn new(mut comment: Comment, mut quotes: Vec<Comment>) -> Self {
        let mut below = 0;
        for floor in quotes.iter_mut().chain([&mut comment]) {
            floor.gap = (floor.floor - below - 1).max(0);
            below = floor.floor;
        }
        Self { comment, quotes, anchor: true }
    }

    /// As a list has it: of what it answers no more than the beginning.
    #[must_use]
    pub fn short(mut self) -> Self {
        for quote in &mut self.quotes {
            if let Some((end, _)) = quote.text.char_indices().nth(QUOTE_CHARS) {
                quote.text.truncate(end);
                quote.cut = true;
            }
        }
        self
    }
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
        let reply = Reply { to: whole.floor.comment.clone(), ..samples::reply(locale) };
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
            mine: samples::my_comments(),
            reply: None,
            pager: Pager { next: next.map(str::to_owned), first: next.is_none() },
        };
        let next = "/article/3fQk2/comments?sort=new&cursor=a.b";
        let full = page(samples::floors(locale, 300), "new", Some(next));
        let to = full.floors[5].comment.clone();
        let answering = Self { reply: Some(Reply { to, ..samples::reply(locale) }), ..full.clone() };
        let elsewhere = Self { reply: Some(samples::reply(locale)), ..page(Vec::new(), "hot", None) };
        vec![full, answering, page(Vec::new(), "hot", None), elsewhere]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        page.title = Some(self.title.clone());
        page.canonical = Some(page.absolute(&format!("/article/{}", self.article)));
        page.index = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_between_floors_is_counted() {
        let comment = |floor| Comment { floor, ..samples::comment(Locale::En, 1) };
        let floor = Floor::new(comment(9), vec![comment(1), comment(7), comment(8)]);
        let gaps: Vec<i64> = floor.quotes.iter().chain([&floor.comment]).map(|c| c.gap).collect();
        assert_eq!(gaps, [0, 5, 0, 0]);
    }

    #[test]
    fn quotes_in_lists_are_cut_between_characters() {
        let said = |n: usize| Comment { text: "潮".repeat(n), ..samples::comment(Locale::En, 1) };
        let floor = Floor::new(said(500), vec![said(QUOTE_CHARS), said(QUOTE_CHARS + 1)]).short();
        let shown: Vec<_> = floor.quotes.iter().map(|q| (q.text.chars().count(), q.cut)).collect();
        assert_eq!(shown, [(QUOTE_CHARS, false), (QUOTE_CHARS, true)]);
        assert_eq!(floor.comment.text.chars().count(), 500);
    }
}
