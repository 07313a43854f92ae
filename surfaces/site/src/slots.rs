//! The personal bits of pages that are kept for everybody, drawn into a page or fetched apart (`/-/slots?path=…`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::blocks::{Hidden, How, Target};
use accounts::{Action, User, Viewer};
use authors::Author;
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use follows::SubjectKind;
use kernel::{ArticleId, AuthorId, CommentId, Cursor, Error, Locale, Result, UserId};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use web::render::{handle_path, user_path};
use web::{CacheTag, Query, RequestContext, own_path};

use crate::hidden::Unwanted;
use crate::views::floors::{Comment, Floor};
use crate::views::for_you::ForYouFront;
use crate::views::parts::CardList;
use crate::views::parts::Follow;
use crate::views::slots::{Actions, Liked, MyComments, Reply, UserMenu};
use crate::{Answer, Site};

const FOR_YOU_FRONT: usize = 4;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asks {
    path: String,
}

/// The slots of a page for whoever is signed in; nothing for a visitor. The script of a page that is read POSTs, and the reading is
/// written down; GET changes nothing.
pub async fn show(State(site): State<Site>, context: RequestContext, Query(asks): Query<Asks>) -> Answer {
    let mut slots = BTreeMap::new();
    if let Some(user) = context.viewer.user() {
        let (path, query) = asks.path.split_once('?').unwrap_or((&asks.path, ""));
        let mut layout = site.frame.layout(&context, &context.viewer).await?;
        (layout.path, layout.query) = (own_path(path).into_owned(), query.to_owned());
        slots.insert("user-menu", site.frame.part(&layout, &UserMenu {})?);
        let (unwanted, mut talk) = (site.unwanted(&context.viewer).await?, None);
        let reply = query.split('&').find_map(|pair| pair.strip_prefix("reply=")?.parse().ok());
        let mut steps = path.trim_matches('/').split('/');
        match (steps.next(), steps.next()) {
            (Some("article"), Some(id)) => {
                if let Ok(id) = id.parse::<ArticleId>() {
                    let article = site.articles.get_visible(id).await?;
                    if let Some(author) = site.authors.find(article.author).await? {
                        let actions = site.actions(&context.viewer, id, &author).await?;
                        if !context.is_get && !actions.follow.own {
                            site.reads.record(id, reads::visitor(context.network, &context.agent));
                            site.for_you.read(user.id, id);
                        }
                        slots.insert("author-card-follow", site.frame.part(&layout, &actions.follow)?);
                        slots.insert("actions", site.frame.part(&layout, &actions)?);
                    }
                    let mine = site.my_comments(&context.viewer, id).await?;
                    slots.insert("my-comments", site.frame.part(&layout, &mine)?);
                    talk = Some(id);
                    let at = page_without_reply(path, query);
                    if let Some(reply) = site.reply(&context.viewer, id, reply, at).await? {
                        slots.insert("reply", site.frame.part(&layout, &reply)?);
                    }
                }
            }
            (Some("comment"), Some(id)) => {
                if let Some(comment) = site.visible_comment(id.parse().ok()).await? {
                    let liked = site.comments.liked_by(user.id, comment.article).await?;
                    slots.insert("liked", site.frame.part(&layout, &Liked { liked })?);
                    let at = page_without_reply(path, query);
                    talk = Some(comment.article);
                    if let Some(reply) = site.reply(&context.viewer, comment.article, reply, at).await? {
                        slots.insert("reply", site.frame.part(&layout, &reply)?);
                    }
                }
            }
            (Some(first), _) if first.starts_with('@') || first.starts_with("%40") => {
                let handle = first.trim_start_matches('@').trim_start_matches("%40");
                let handle = percent_decode_str(handle).decode_utf8_lossy();
                if let Ok(author) = site.author_of(&handle).await {
                    slots.insert(
                        "author-card-follow",
                        site.frame.part(&layout, &site.follow_of(&context.viewer, &author).await?)?,
                    );
                }
            }
            (Some(kind), Some(name)) if SubjectKind::named(kind).is_some() => {
                let name = percent_decode_str(name).decode_utf8_lossy();
                if let Some(kind) = SubjectKind::named(kind)
                    && let Some(subject) = site.find_subject(kind, &name).await?
                {
                    match site.subject_follow(&context.viewer, &subject).await {
                        Ok(follow) => {
                            slots.insert("subject-follow", site.frame.part(&layout, &follow)?);
                        }
                        Err(Error::NotFound) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
            }
            (Some(""), _) => {
                let front = site.following_front(&context.viewer, &unwanted, layout.locale).await?;
                slots.insert("following-front", site.frame.part(&layout, &front)?);
                let front = site.for_you_front(&context.viewer, layout.locale, !context.is_get).await?;
                slots.insert("for-you-front", site.frame.part(&layout, &front)?);
            }
            _ => {}
        }
        slots.insert("muted", site.frame.part(&layout, &site.muted(&unwanted, talk).await?)?);
        tracing::debug!(user = %user.id, path, "slots");
    }
    Ok(Json(slots).into_response())
}

impl Site {
    pub(crate) async fn follow_of(&self, viewer: &Viewer, author: &Author) -> Result<Follow> {
        let (following, own, how) = match viewer.user() {
            Some(user) => (
                self.follows.is_following(user.id, author.id).await?,
                self.authors.owns(user.id, author.id).await?,
                self.blocking.of(user.id).await?.how(Target::Author(author.id)),
            ),
            None => (false, false, None),
        };
        let muted = how.map(How::name);
        Ok(Follow { handle: author.handle.to_string(), name: author.name.clone(), following, own, muted })
    }

    pub(crate) async fn actions(
        &self,
        viewer: &Viewer,
        article: ArticleId,
        author: &Author,
    ) -> Result<Actions> {
        let likes = self.follows.like_counts(&[article]).await?.get(&article).copied().unwrap_or(0);
        let state = match viewer.user() {
            Some(user) => self.follows.state(user.id, article, author.id).await?,
            None => follows::ReaderState::default(),
        };
        let review = viewer.may(Action::ReadSubmissions);
        let follow = self.follow_of(viewer, author).await?;
        Ok(Actions { article, likes, liked: state.liked, favourited: state.favourite, review, follow })
    }

    pub(crate) async fn my_comments(&self, viewer: &Viewer, article: ArticleId) -> Result<MyComments> {
        let mut mine = MyComments {
            article,
            form: web::render::Form::default(),
            held: Vec::new(),
            removed: Vec::new(),
            liked: Vec::new(),
        };
        let Some(user) = viewer.user() else { return Ok(mine) };
        mine.held = self
            .comments
            .mine_held(user.id, article)
            .await?
            .into_iter()
            .map(|comment| view_of(comment, Voices::default()))
            .collect();
        let removed = self.comments.mine_removed(user.id, article).await?;
        mine.removed = removed.into_iter().map(|comment| view_of(comment, Voices::default())).collect();
        mine.liked = self.comments.liked_by(user.id, article).await?;
        Ok(mine)
    }

    /// The way to answer the comment that `?reply=` names, on the page `at`: anybody is shown where the answer would stand, and who may not
    /// answer this person is told so.
    pub(crate) async fn reply(
        &self,
        viewer: &Viewer,
        article: ArticleId,
        reply: Option<CommentId>,
        at: String,
    ) -> Result<Option<Reply>> {
        let to = self.visible_comment(reply).await?.filter(|comment| comment.article == article);
        let Some(to) = to else { return Ok(None) };
        let refused = match viewer.user() {
            Some(user) => match self.comments.check_contact(user.id, to.id).await {
                Err(Error::Conflict(code)) => Some(code),
                other => other.map(|()| None)?,
            },
            None => None,
        };
        let (to, form) = (view_of(to, Voices::default()), web::render::Form::default());
        Ok(Some(Reply { article, to, form, at, refused }))
    }

    /// A comment that everybody may see, under an article that the caller checks.
    pub(crate) async fn visible_comment(&self, id: Option<CommentId>) -> Result<Option<comments::Comment>> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.comments.find(id).await?.filter(|comment| comment.state.is_visible()))
    }
}

impl Site {
    /// The first of the reader's own list; nothing for visitors and for those who let the site learn nothing. `looks`: a person asked
    /// for it.
    pub(crate) async fn for_you_front(
        &self,
        viewer: &Viewer,
        locale: Locale,
        looks: bool,
    ) -> Result<ForYouFront> {
        let Some(user) = viewer.user() else { return Ok(ForYouFront::default()) };
        let first = self.for_you.first(user.id, FOR_YOU_FRONT).await?.unwrap_or_default();
        if looks {
            self.for_you.record_impression(user.id, 0, first.len());
        }
        let cards = self.cards(crate::compose::picked(&first), locale).await?;
        Ok(ForYouFront { list: CardList::new(cards) })
    }
}

/// The address of a page, without the answer that is written on it.
pub(crate) fn page_without_reply(path: &str, query: &str) -> String {
    let rest: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("reply=")).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

/// Who is who in a thread. Nobody in particular, by default.
#[derive(Clone, Copy, Default)]
pub(crate) struct Voices<'a> {
    /// The users behind the article's author: what they say is marked.
    pub owners: &'a [UserId],
    /// Of whom the reader wants to see nothing: what they say is folded.
    pub hidden: Option<&'a Hidden>,
    /// Where their names lead.
    pub pages: Option<&'a Pages>,
}

impl<'a> Voices<'a> {
    pub fn new(owners: &'a [UserId], unwanted: &'a Unwanted, pages: &'a Pages) -> Self {
        Self { owners, hidden: Some(unwanted.people.as_ref()), pages: Some(pages) }
    }
}

/// The pages of those who speak in a thread.
#[derive(Default)]
pub(crate) struct Pages {
    /// The path of the article's author: who speaks as that is not said to be a certain user.
    author: Option<String>,
    /// The paths of those who have a page that is open.
    users: HashMap<UserId, String>,
    /// All who speak, whether they have a page or not.
    writers: Vec<UserId>,
}

impl Pages {
    /// What a page that leads there shows: whoever opens or closes theirs changes it.
    pub fn tags(&self) -> impl Iterator<Item = CacheTag> {
        self.writers.iter().map(|&user| CacheTag::User(user))
    }

    fn of(&self, by: Option<UserId>, by_author: bool) -> Option<String> {
        if by_author { self.author.clone() } else { self.users.get(&by?).cloned() }
    }
}

impl Site {
    /// Where the names in these floors lead, under an article of that author.
    pub(crate) async fn pages_in<'a>(
        &self,
        author: AuthorId,
        comments: impl Iterator<Item = &'a comments::Comment>,
    ) -> Result<Pages> {
        let writers: BTreeSet<UserId> = comments.filter_map(|comment| comment.by).collect();
        let writers: Vec<UserId> = writers.into_iter().collect();
        if writers.is_empty() {
            return Ok(Pages::default());
        }
        let author = self.authors_by_id(&[author]).await?.remove(&author);
        let open = self.accounts.get_many(&writers).await?.into_iter().filter(User::has_page);
        let users = open.map(|user| (user.id, user_path(user.handle.as_str()))).collect();
        Ok(Pages { author: author.map(|author| handle_path(author.handle.as_str())), users, writers })
    }
}

/// All comments of these floors.
pub(crate) fn voices_in(floors: &[comments::Floor]) -> impl Iterator<Item = &comments::Comment> {
    floors.iter().flat_map(|floor| floor.quotes.iter().chain([&floor.comment]))
}

/// As lists show them.
pub(crate) fn floors(floors: Vec<comments::Floor>, voices: Voices<'_>) -> Vec<Floor> {
    floors.into_iter().map(|floor| floor_of(floor.comment, floor.quotes, voices).short()).collect()
}

pub(crate) fn floor_of(
    comment: comments::Comment,
    quotes: Vec<comments::Comment>,
    voices: Voices<'_>,
) -> Floor {
    let quotes = quotes.into_iter().map(|quote| view_of(quote, voices)).collect();
    Floor::new(view_of(comment, voices), quotes)
}

fn view_of(comment: comments::Comment, voices: Voices<'_>) -> Comment {
    let by_author = comment.by.is_some_and(|by| voices.owners.contains(&by));
    let is_muted = |by: UserId| voices.hidden.is_some_and(|hidden| hidden.users.contains_key(&by));
    Comment {
        id: comment.id,
        floor: comment.floor,
        gap: 0,
        href: voices.pages.and_then(|pages| pages.of(comment.by, by_author)),
        region: comment.region,
        likes: comment.likes,
        at: comment.created_at,
        by_author,
        known: comment.by.is_some(),
        muted: comment.by.is_some_and(is_muted),
        removed: comment.text.is_empty(),
        removed_for: comment.removed_for,
        name: comment.name,
        text: comment.text,
        cut: false,
    }
}
