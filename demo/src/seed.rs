//! Making the demo's site out of its texts. Each step may be done twice: one broken off goes on at the next start.

use std::collections::HashMap;
use std::time::Duration;

use accounts::{User, Viewer};
use anyhow::{Context, Result};
use articles::{Channel, Declaration, Draft, Imported, State, Verdict};
use authors::{Author, Kind, NewApplication, Profile};
use comments::ImportedComment;
use events::Actor;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{ArticleId, Cursor, Handle, Slug, Tag, Time};
use moderation::{NewReport, Reason};
use reads::{Past, Reads};
use services::Services;

use crate::content::{self, ArticleText};
use crate::people::{PASSWORD, USERS};
use crate::pictures::{self, Pictures};
use crate::{editorial, readership};

/// Makes the site unless it is there; says whether it was made. The reads come last, in one transaction: a site that has some is complete.
pub async fn fill(services: &Services) -> Result<bool> {
    let reads = Reads::new(services.db.clone(), services.env.clone());
    let texts = content::articles("articles")?;
    let external: Vec<String> = texts.iter().map(|text| external(&text.slug)).collect();
    let known: Vec<ArticleId> = services.articles.known(&external).await?.into_values().collect();
    if !reads.totals(&known).await?.is_empty() {
        return Ok(false);
    }
    eprintln!("Making the demo: {} articles, their pictures, comments and a month of readers.", texts.len());
    let seed = Seed { on: &services.by(Actor::Demo), now: services.env.now() };
    seed.channels().await?;
    let drafts = content::articles("drafts")?;
    // The pictures are most of the work, and want nobody.
    let ((users, authors), pictures) = tokio::try_join!(seed.people(), seed.pictures(&texts))?;
    let articles = seed.articles(&texts, &authors, &pictures).await?;
    seed.comments(&texts, &articles, &users).await?;
    seed.drafts(&drafts, &authors, &users).await?;
    seed.queues(&articles, &users).await?;
    let editor = Viewer::from(users["editor"].clone());
    editorial::fill(&services.editorial, &editor, &articles, seed.now).await?;
    let readers: Vec<&User> = users.values().collect();
    readership::follow(&services.follows, &readers, &authors, &texts).await?;
    readership::like(&services.follows, &readers, &texts, &articles).await?;
    let mut month = Past::default();
    for (article, at, n) in readership::month(&texts, &articles, seed.now) {
        month.add(article, at, n);
    }
    reads.take_in(&mut month, "demo", 0).await?;
    Ok(true)
}

struct Seed<'a> {
    on: &'a Services,
    now: Time,
}

type Users = HashMap<String, User>;
type Authors = HashMap<String, Author>;
/// By slug.
type Made = HashMap<String, ArticleId>;

impl Seed<'_> {
    async fn channels(&self) -> Result<()> {
        for (channel, position) in content::channels()?.into_iter().zip(1..) {
            let content::ChannelText { slug, zh, en, colour } = channel;
            let channel = Channel { slug: Slug::new(&slug)?, zh, en, colour, position };
            self.on.articles.ensure_channel(&channel).await?;
        }
        Ok(())
    }

    async fn people(&self) -> Result<(Users, Authors)> {
        let users = self.users().await?;
        let authors = self.authors(&users).await?;
        Ok((users, authors))
    }

    async fn users(&self) -> Result<Users> {
        let accounts = &self.on.accounts;
        let mut users = Users::new();
        for (handle, name, role, _) in USERS {
            let user = accounts.ensure(handle, name, None, Some(PASSWORD)).await?;
            if let Some(role) = role {
                accounts.grant(None, user.id, role).await?;
            }
            users.insert(handle.to_owned(), accounts.find(user.id).await?.unwrap_or(user));
        }
        let writers = content::authors()?.into_iter().map(|a| (a.owner, a.owner_name, a.region));
        let readers = content::readers()?.into_iter().map(|r| (r.handle, r.name, r.region));
        for (handle, name, region) in writers.chain(readers) {
            // The few who can sign in are there already, and stay as they are.
            let user = accounts.ensure(&handle, &name, Some(&region), None).await?;
            users.entry(handle).or_insert(user);
        }
        Ok(users)
    }

    async fn authors(&self, users: &Users) -> Result<Authors> {
        let mut authors = Authors::new();
        for text in content::authors()? {
            let handle = Handle::new(&text.handle)?;
            let author = if let Some(author) = self.on.authors.find_by_handle(&handle).await? {
                author
            } else {
                let owner = users[&text.owner].id;
                let profile = Profile {
                    handle: text.handle.clone(),
                    name: text.name,
                    kind: Kind::named(&text.kind).with_context(|| format!("no kind {}", text.kind))?,
                    bio: text.bio,
                    verified: text.field.is_some(),
                    field: text.field,
                    region: Some(text.region),
                    avatar: Some(pictures::avatar(&self.on.media, owner, &text.handle).await?),
                    trusted: text.trusted,
                };
                self.on.authors.create(profile, &[owner]).await?
            };
            authors.insert(text.handle, author);
        }
        Ok(authors)
    }

    async fn pictures(&self, texts: &[ArticleText]) -> Result<Pictures> {
        let bar = ProgressBar::no_length()
            .with_style(ProgressStyle::with_template("{spinner} {pos} pictures drawn {elapsed}")?);
        let pictures = pictures::draw(&self.on.media, texts, || bar.inc(1)).await?;
        bar.finish_and_clear();
        Ok(pictures)
    }

    async fn articles(&self, texts: &[ArticleText], authors: &Authors, pictures: &Pictures) -> Result<Made> {
        let mut batch = Vec::with_capacity(texts.len());
        for text in texts {
            let author = &authors[&text.author];
            batch.push(Imported {
                external_id: external(&text.slug),
                author: author.id,
                place: author.region.clone(),
                draft: draft(text, pictures)?,
                state: State::Live,
                published_at: text.published(self.now),
                edited_at: None,
            });
        }
        self.on.articles.import(batch).await?;
        self.made(texts).await
    }

    async fn made(&self, texts: &[ArticleText]) -> Result<Made> {
        let ids: Vec<String> = texts.iter().map(|text| external(&text.slug)).collect();
        let known = self.on.articles.known(&ids).await?;
        Ok(texts
            .iter()
            .filter_map(|text| Some((text.slug.clone(), *known.get(&external(&text.slug))?)))
            .collect())
    }

    async fn comments(&self, texts: &[ArticleText], articles: &Made, users: &Users) -> Result<()> {
        let batch = texts.iter().map(|text| {
            let start = text.published(self.now);
            let comments = text.comments.iter().enumerate().map(|(n, comment)| {
                let user = users.get(&comment.by);
                ImportedComment {
                    external: n.to_string(),
                    parent_external: comment.reply_to.map(|n| n.to_string()),
                    by: user.map(|user| user.id),
                    name: user.map_or_else(|| comment.by.clone(), |user| user.name.clone()),
                    text: comment.text.clone(),
                    likes: comment.likes,
                    at: start
                        .plus(Duration::from_secs_f64(comment.hours * 3_600.0))
                        .min(self.now.minus(Duration::from_mins(2))),
                }
            });
            (articles[&text.slug], comments.collect())
        });
        self.on.comments.import_all(batch.collect()).await?;
        Ok(())
    }

    /// Articles that are on their way: what the studio and the reviewers' desk show.
    async fn drafts(&self, texts: &[ArticleText], authors: &Authors, users: &Users) -> Result<()> {
        let reviewer = Viewer::from(users["reviewer"].clone());
        let batch = texts.iter().map(|text| {
            Ok(Imported {
                external_id: external(&text.slug),
                author: authors[&text.author].id,
                place: authors[&text.author].region.clone(),
                draft: draft(text, &Pictures::new())?,
                state: State::Draft,
                published_at: self.now.minus(Duration::from_hours(5)),
                edited_at: None,
            })
        });
        self.on.articles.import(batch.collect::<Result<_>>()?).await?;
        let made = self.made(texts).await?;
        for text in texts {
            let id = made[&text.slug];
            let state = text.state.as_deref().and_then(State::named).unwrap_or(State::Draft);
            if state == State::Draft || self.on.articles.get(id).await?.state != State::Draft {
                continue;
            }
            let at = text.in_hours.map(|hours| self.now.plus(Duration::from_secs_f64(hours * 3_600.0)));
            let article = self.on.articles.submit(id, at).await?;
            let verdict = match state {
                State::Scheduled if article.state == State::Submitted => {
                    Verdict::Approve(self.on.articles.reading(id).await?)
                }
                State::Returned => Verdict::Return {
                    read: None,
                    code: text.return_code.clone().unwrap_or_else(|| "other".to_owned()),
                    note: text.return_note.clone().unwrap_or_default(),
                },
                _ => continue,
            };
            self.on.moderation.decide(&reviewer, id, verdict).await?;
        }
        Ok(())
    }

    /// Something to decide for those who sign in as reviewer or operator.
    async fn queues(&self, articles: &Made, users: &Users) -> Result<()> {
        for application in content::applications()? {
            let user = &users[&application.by];
            if self.on.authors.application_of(user.id).await?.is_none() {
                let new = NewApplication {
                    handle: application.handle,
                    name: application.name,
                    kind: Kind::named(&application.kind).unwrap_or_default(),
                    bio: application.bio,
                    reason: application.reason,
                };
                self.on.authors.apply(user.id, new).await?;
            }
        }
        if self.on.moderation.open_reports().await? > 0 {
            return Ok(());
        }
        for report in content::reports()? {
            let article = *articles.get(&report.article).with_context(|| report.article.clone())?;
            let thread =
                self.on.comments.thread(article, comments::Sort::New, Cursor::START, 100).await?.items;
            let comment =
                report.comment.and_then(|text| thread.iter().find(|f| f.comment.text.contains(&text)));
            let new = NewReport {
                article,
                comment: comment.map(|floor| floor.comment.id),
                reason: Reason::named(&report.reason),
                text: report.text,
                contact: None,
                by: users.get(&report.by).map(|user| user.id),
            };
            self.on.moderation.report(new, "demo").await?;
        }
        for held in content::held()? {
            let article = *articles.get(&held.article).with_context(|| held.article.clone())?;
            self.on.comments.post(&users[&held.by], article, None, &held.text).await?;
        }
        Ok(())
    }
}

fn external(slug: &str) -> String {
    format!("demo:{slug}")
}

fn draft(text: &ArticleText, pictures: &Pictures) -> Result<Draft> {
    let cover = |name: &String| pictures.get(name).map(|picture| picture.hash.clone());
    let covers: Vec<String> = match text.covers.len() {
        3.. => text.covers.iter().take(3).filter_map(cover).collect(),
        _ => text.cover.iter().chain(&text.covers).take(1).filter_map(cover).collect(),
    };
    Ok(Draft {
        title: text.title.clone(),
        subtitle: text.subtitle.clone(),
        body: pictures::placed(&text.body, pictures)?,
        language: Some(text.language.clone()),
        channel: Some(Slug::new(&text.channel)?),
        tags: text.tags.iter().map(|tag| Tag::new(tag)).collect::<kernel::Result<_>>()?,
        covers,
        declarations: text.declarations.iter().filter_map(|name| Declaration::named(name)).collect(),
        source_name: text.source_name.clone(),
        source_url: text.source_url.clone(),
        ..Draft::default()
    })
}
