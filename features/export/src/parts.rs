//! What each feature gives of a user, in parts: a few hundred entries at once, however many there are.
//!
//! The names of fields are part of what people keep: one that is there stays (docs/operating/export.md).

use std::collections::HashMap;

use accounts::{Accounts, User};
use articles::Articles;
use authors::{Author, Authors};
use blocks::{Blocks, Target};
use comments::Comments;
use db::Db;
use follows::Follows;
use kernel::{ArticleId, AuthorId, Cursor, Locale, Markup, Page, Result, UserId};
use media::Media;
use moderation::Moderation;
use notify::{Kind, Notify, Way};
use serde_json::{Value, json};

use crate::model::Part;

/// Entries that are in memory at once.
const PART: usize = 200;
/// The same of articles and revisions, which may be long.
const LONG: usize = 10;

/// Whose things are taken along.
#[derive(Clone)]
pub struct Features {
    pub db: Db,
    pub accounts: Accounts,
    pub authors: Authors,
    pub media: Media,
    pub articles: Articles,
    pub blocks: Blocks,
    pub comments: Comments,
    pub follows: Follows,
    pub moderation: Moderation,
    pub notify: Notify,
    /// The site's address, without a slash at its end.
    pub url: String,
}

/// One thing of a part.
pub struct Item {
    pub value: Value,
    /// Of an article, as readers see it.
    pub body: Option<Markup>,
}

impl From<Value> for Item {
    fn from(value: Value) -> Self {
        Self { value, body: None }
    }
}

/// Reads one part from its beginning to its end.
pub struct Reader<'a> {
    of: &'a Features,
    user: &'a User,
    locale: Locale,
    part: Part,
    /// Whose articles come next, of those that the user owns alone.
    authors: Vec<Author>,
    next: Option<Cursor>,
}

impl<'a> Reader<'a> {
    pub async fn new(of: &'a Features, user: &'a User, locale: Locale, part: Part) -> Result<Self> {
        let authors = match part {
            Part::Articles | Part::Revisions => of.authors.solely_owned_by(user.id).await?,
            _ => Vec::new(),
        };
        Ok(Self { of, user, locale, part, authors, next: Some(Cursor::START) })
    }

    /// The next entries; nothing at the end. What comes may be none of them yet.
    pub async fn next(&mut self) -> Result<Option<Vec<Item>>> {
        let Some(from) = self.next.take() else { return Ok(None) };
        let page = match self.part {
            Part::Articles | Part::Revisions => return self.next_of_author(from).await.map(Some),
            Part::Account => only(self.account().await?),
            Part::Settings => only(self.settings().await?),
            Part::Sessions => self.sessions().await?,
            Part::Tokens => self.tokens().await?,
            Part::Passkeys => self.passkeys().await?,
            Part::Identities => self.identities().await?,
            Part::Invitations => self.invitations(from).await?,
            Part::Follows => self.follows().await?,
            Part::Subjects => self.subjects().await?,
            Part::Favourites => self.favourites(from).await?,
            Part::Likes => self.likes(from).await?,
            Part::CommentLikes => self.comment_likes(from).await?,
            Part::History => self.history(from).await?,
            Part::Interests => self.interests().await?,
            Part::Comments => self.comments(from).await?,
            Part::Applications => self.applications(from).await?,
            Part::Reports => self.reports(from).await?,
            Part::ProfileReports => self.profile_reports(from).await?,
            Part::Blocks => self.blocks(from).await?,
            Part::Notifications => self.notifications(from).await?,
            Part::Devices => self.devices().await?,
            Part::Authors => self.owned_authors().await?,
            Part::Pictures => self.pictures(from).await?,
        };
        self.next = page.next;
        Ok(Some(page.items.into_iter().map(Item::from).collect()))
    }

    async fn next_of_author(&mut self, from: Cursor) -> Result<Vec<Item>> {
        let Some(author) = self.authors.last().cloned() else { return Ok(Vec::new()) };
        let (items, next) = if self.part == Part::Articles {
            let page = self.of.articles.of_author(author.id, None, from, LONG).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for summary in page.items {
                items.push(self.article(&author, summary.id).await?);
            }
            (items, page.next)
        } else {
            let page = self.of.articles.revisions_of(author.id, from, LONG).await?;
            (page.items.into_iter().map(|saved| Item::from(revision(&saved))).collect(), page.next)
        };
        if next.is_none() {
            self.authors.pop();
        }
        self.next = next.or_else(|| (!self.authors.is_empty()).then_some(Cursor::START));
        Ok(items)
    }

    async fn account(&self) -> Result<Value> {
        let text = |address: mail::Address| address.expose().to_owned();
        let email = self.of.accounts.email(self.user.id).await?.map(text);
        let waiting = self.of.accounts.waiting_email(self.user.id).await?.map(text);
        let profile = self.of.accounts.profile(self.user.id).await?;
        let User { id, handle, name, roles, region, created_at, .. } = self.user;
        Ok(json!({
            "id": id, "handle": handle.as_str(), "name": name, "email": email, "email_unconfirmed": waiting,
            "region": region, "roles": roles, "created_at": created_at, "bio": profile.bio,
            "picture": profile.avatar, "page_private": profile.private,
        }))
    }

    async fn settings(&self) -> Result<Value> {
        let choices = self.of.notify.choices(self.user.id).await?;
        let wanted = |kind: Kind| {
            let ways: Vec<&str> =
                Way::ALL.into_iter().filter(|&way| choices.wants(kind, way)).map(Way::name).collect();
            (kind.name().to_owned(), json!(ways))
        };
        let told: serde_json::Map<String, Value> = Kind::ALL.into_iter().map(wanted).collect();
        let shown = self.of.accounts.choices(self.user.id).await?;
        let learns = recommend::learns(&self.of.db, self.user.id).await?;
        Ok(json!({
            "learns": learns, "zone": shown.zone, "lang": shown.lang, "edition": shown.edition, "prefs": shown.prefs,
            "notifications": told,
            "quiet_from": choices.quiet.map(|quiet| clock(quiet.from)),
            "quiet_until": choices.quiet.map(|quiet| clock(quiet.until)),
            "digest": choices.digest.map(|digest| json!({
                "every": digest.every.name(), "hour": digest.hour, "weekday": digest.weekday,
            })),
        }))
    }

    async fn sessions(&self) -> Result<Page<Value>> {
        let sessions = self.of.accounts.sessions(self.user.id).await?;
        let locale = self.locale;
        let value = |session: accounts::Session| {
            json!({
                "agent": session.agent, "network": session.network,
                "region": session.region.as_ref().map(|region| region.name(locale)),
                "created_at": session.created_at, "last_at": session.seen_at, "expires_at": session.expires_at,
            })
        };
        Ok(all(sessions.into_iter().map(value).collect()))
    }

    async fn tokens(&self) -> Result<Page<Value>> {
        let tokens = self.of.accounts.tokens(self.user.id).await?;
        let value = |token: accounts::ApiToken| json!({"name": token.name, "created_at": token.created_at});
        Ok(all(tokens.into_iter().map(value).collect()))
    }

    async fn passkeys(&self) -> Result<Page<Value>> {
        let keys = self.of.accounts.passkeys(self.user.id).await?;
        let value = |key: accounts::Passkey| json!({"name": key.name, "created_at": key.created_at, "last_at": key.used_at});
        Ok(all(keys.into_iter().map(value).collect()))
    }

    async fn identities(&self) -> Result<Page<Value>> {
        let identities = self.of.accounts.identities(self.user.id).await?;
        let value = |one: accounts::Identity| {
            json!({
                "issuer": one.issuer, "subject": one.subject, "name": one.name, "created_at": one.created_at,
            })
        };
        Ok(all(identities.into_iter().map(value).collect()))
    }

    /// Not to whom they were mailed: those addresses are other people's.
    async fn invitations(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.accounts.invitations_by(self.user.id, from, PART).await?;
        Ok(page.map(|one| {
            json!({
                "id": one.id, "role": one.role, "most": one.most, "used": one.used, "created_at": one.created_at,
                "expires_at": one.expires_at, "revoked_at": one.revoked_at,
            })
        }))
    }

    async fn subjects(&self) -> Result<Page<Value>> {
        let followed = self.of.follows.subjects(self.user.id).await?;
        let value = |one: follows::FollowedSubject| json!({"kind": one.subject.kind().name(), "name": one.subject.name(), "since_at": one.at});
        Ok(all(followed.into_iter().map(value).collect()))
    }

    async fn follows(&self) -> Result<Page<Value>> {
        let followed = self.of.follows.following(self.user.id).await?;
        let mut values = Vec::with_capacity(followed.len());
        for part in followed.chunks(PART) {
            values.extend(self.of.authors.get_many(part).await?.iter().map(|author| self.named(author)));
        }
        Ok(all(values))
    }

    fn named(&self, author: &Author) -> Value {
        let handle = author.handle.as_str();
        json!({"name": author.name, "handle": handle, "address": format!("{}/@{handle}", self.of.url)})
    }

    async fn favourites(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.follows.favourites(self.user.id, from, PART).await?;
        let titles = self.titles(page.items.iter().map(|kept| kept.article)).await?;
        Ok(page.map(|kept| self.about(kept.article, &titles, json!({"liked_at": kept.at}))))
    }

    async fn likes(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.follows.liked(self.user.id, from, PART).await?;
        let titles = self.titles(page.items.iter().map(|liked| liked.article)).await?;
        Ok(page.map(|liked| self.about(liked.article, &titles, json!({"liked_at": liked.at}))))
    }

    async fn comment_likes(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.comments.liked_by_user(self.user.id, from, PART).await?;
        let titles = self.titles(page.items.iter().map(|liked| liked.article)).await?;
        Ok(page.map(|liked| {
            let more = json!({"comment": liked.comment, "liked_at": liked.at});
            self.about(liked.article, &titles, more)
        }))
    }

    async fn history(&self, from: Cursor) -> Result<Page<Value>> {
        let page = recommend::all_reads(&self.of.db, self.user.id, from, PART).await?;
        let titles = self.titles(page.items.iter().map(|read| read.article_id)).await?;
        Ok(page.map(|read| {
            let more = json!({"read_at": read.read_at, "seconds": read.seconds, "finished": read.finished});
            self.about(read.article_id, &titles, more)
        }))
    }

    async fn interests(&self) -> Result<Page<Value>> {
        let wishes = recommend::wishes(&self.of.db, self.user.id).await?;
        let value = |wish: recommend::WishRow| {
            json!({
                "kind": wish.kind, "name": wish.name, "wanted": wish.wanted,
            })
        };
        Ok(all(wishes.into_iter().map(value).collect()))
    }

    async fn comments(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.comments.all_of_user(self.user.id, from, PART).await?;
        let (url, locale) = (&self.of.url, self.locale);
        Ok(page.map(|comment| {
            json!({
                "id": comment.id, "article": comment.article, "answers": comment.parent, "name": comment.name,
                "text": comment.text, "state": comment.state, "removed_for": comment.removed_for,
                "region": comment.region.as_ref().map(|region| region.name(locale)), "likes": comment.likes,
                "created_at": comment.created_at, "address": format!("{url}/comment/{}", comment.id),
            })
        }))
    }

    async fn applications(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.authors.applications_by(self.user.id, from, PART).await?;
        Ok(page.map(|asked| json!({
            "id": asked.id, "handle": asked.handle.as_str(), "name": asked.name, "kind": asked.kind.name(),
            "bio": asked.bio, "reason": asked.reason, "state": asked.state.name(), "code": asked.code,
            "note": asked.note, "created_at": asked.created_at, "decided_at": asked.decided_at,
        })))
    }

    async fn reports(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.moderation.reports_by(self.user.id, from, PART).await?;
        let url = &self.of.url;
        Ok(page.map(|report| json!({
            "id": report.id, "article": report.article, "comment": report.comment, "reason": report.reason.name(),
            "text": report.text, "contact": report.contact, "outcome": report.outcome.map(moderation::Outcome::name),
            "created_at": report.created_at, "closed_at": report.closed_at,
            "address": format!("{url}/article/{}", report.article),
        })))
    }

    /// Reports on pages of users, with the address of those that are open.
    async fn profile_reports(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.moderation.profile_reports_by(self.user.id, from, PART).await?;
        let about: Vec<UserId> = page.items.iter().map(|report| report.about).collect();
        let users = self.of.accounts.get_many(&about).await?;
        let address = |id: UserId| {
            let user = users.iter().find(|user| user.id == id && user.has_page())?;
            Some(format!("{}/user/{}", self.of.url, user.handle))
        };
        Ok(page.map(|report| {
            json!({
                "id": report.id, "reason": report.reason.name(), "text": report.text, "contact": report.contact,
                "outcome": report.outcome.map(moderation::Outcome::name), "created_at": report.created_at,
                "closed_at": report.closed_at, "address": address(report.about),
            })
        }))
    }

    async fn blocks(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.blocks.list(self.user.id, from, PART).await?;
        let (mut users, mut authors): (Vec<UserId>, Vec<AuthorId>) = (Vec::new(), Vec::new());
        for block in &page.items {
            match block.target {
                Target::User(id) => users.push(id),
                Target::Author(id) => authors.push(id),
            }
        }
        let users = self.of.accounts.get_many(&users).await?;
        let authors = self.of.authors.get_many(&authors).await?;
        let name = |target: Target| match target {
            Target::User(id) => users.iter().find(|user| user.id == id).map(|user| user.name.clone()),
            Target::Author(id) => {
                authors.iter().find(|author| author.id == id).map(|author| author.name.clone())
            }
        };
        Ok(page.map(|block| {
            json!({
                "kind": block.target.kind().name(), "name": name(block.target), "how": block.how.name(),
                "since_at": block.at,
            })
        }))
    }

    async fn notifications(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.notify.told(self.user.id, from, PART).await?;
        let url = &self.of.url;
        Ok(page.map(|row| {
            json!({
                "kind": row.kind, "people": row.actors, "article": row.article_id, "comment": row.comment_id,
                "detail": row.detail, "changed_at": row.changed_at, "seen_at": row.read_at,
                "address": row.article_id.map(|id| format!("{url}/article/{id}")),
            })
        }))
    }

    /// Browsers that are told while nobody looks; not whereby.
    async fn devices(&self) -> Result<Page<Value>> {
        let devices = self.of.notify.devices(self.user.id).await?;
        let value = |one: notify::Device| json!({"agent": one.agent, "created_at": one.created_at});
        Ok(all(devices.into_iter().map(value).collect()))
    }

    async fn owned_authors(&self) -> Result<Page<Value>> {
        let authors = self.of.authors.owned_by(self.user.id).await?;
        let value = |author: Author| {
            json!({
                "id": author.id, "handle": author.handle.as_str(), "name": author.name, "kind": author.kind.name(),
                "bio": author.bio, "field": author.field, "verified": author.verified, "region": author.region,
                "picture": author.avatar, "created_at": author.created_at,
            })
        };
        Ok(all(authors.into_iter().map(value).collect()))
    }

    async fn article(&self, author: &Author, id: ArticleId) -> Result<Item> {
        let article = self.of.articles.get(id).await?;
        let draft = &article.draft;
        let value = json!({
            "id": id, "author": author.name, "state": article.state.name(), "title": draft.title,
            "subtitle": draft.subtitle, "language": article.language, "channel": draft.channel.as_ref().map(kernel::Slug::as_str),
            "tags": draft.tags.iter().map(kernel::Tag::as_str).collect::<Vec<_>>(), "covers": draft.covers,
            "declarations": draft.declarations, "source_name": draft.source_name, "source_url": draft.source_url,
            "canonical_url": draft.canonical_url, "format": draft.format.name(), "source": draft.body,
            "html": article.html.as_str(), "note": article.return_note, "created_at": article.created_at,
            "updated_at": article.updated_at, "published_at": article.published_at,
            "address": article.state.is_visible().then(|| format!("{}/article/{id}", self.of.url)),
        });
        Ok(Item { value, body: Some(article.html) })
    }

    async fn pictures(&self, from: Cursor) -> Result<Page<Value>> {
        let page = self.of.media.owned_by(self.user.id, from, PART).await?;
        Ok(page.map(|picture| json!({
            "hash": picture.hash, "width": picture.width, "height": picture.height,
            "files": picture.files().iter().map(|file| format!("media/{}/{file}", picture.hash)).collect::<Vec<_>>(),
        })))
    }

    /// Of those that readers see now.
    async fn titles(&self, ids: impl Iterator<Item = ArticleId>) -> Result<HashMap<ArticleId, String>> {
        let ids: Vec<ArticleId> = ids.collect();
        let cards = self.of.articles.cards(&ids).await?;
        Ok(cards.into_iter().map(|card| (card.id, card.title)).collect())
    }

    /// What was done with an article.
    fn about(&self, id: ArticleId, titles: &HashMap<ArticleId, String>, more: Value) -> Value {
        let address = format!("{}/article/{id}", self.of.url);
        let mut value = json!({"article": id, "title": titles.get(&id), "address": address});
        if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
            value.extend(more);
        }
        value
    }
}

fn revision(saved: &articles::Saved) -> Value {
    let draft = &saved.draft;
    json!({
        "article": saved.article, "version": saved.version, "saved_at": saved.at, "title": draft.title,
        "subtitle": draft.subtitle, "format": draft.format.name(), "source": draft.body, "covers": draft.covers,
    })
}

fn only(value: Value) -> Page<Value> {
    all(vec![value])
}

fn all(items: Vec<Value>) -> Page<Value> {
    Page { items, next: None }
}

/// Minutes after midnight.
fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
