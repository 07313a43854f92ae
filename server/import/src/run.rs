//! Writing what was read: authors, channels, pictures, articles, comments.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use articles::{Articles, Imported, State};
use authors::Authors;
use comments::{Comments, ImportedComment};
use events::Actor;
use futures::stream::{self, StreamExt as _};
use kernel::{ArticleId, AuthorId, Env, Error, Handle, Result, Slug, Time};
use media::Media;
use tokio::sync::mpsc;

use crate::entry::{Entry, Found, Origin, Said};
use crate::names::{author_name, channel, handle_of};
use crate::out::Batch;
use crate::problem::said;
use crate::{Options, Progress, Report, Source, read};

/// Authors remembered; beyond this the memory begins anew.
const REMEMBERED: usize = 50_000;
/// Pictures taken in at once. Media decodes no more than two.
const PICTURES: usize = 2;
/// A cover larger than this is not even read (media refuses from 20 MB on).
const COVER_BYTES: u64 = 32 << 20;

#[derive(Clone)]
pub struct Importer {
    env: Env,
    articles: Articles,
    authors: Authors,
    comments: Comments,
    media: Media,
}

#[derive(Clone)]
struct Writer {
    id: AuthorId,
    /// Where the author says to be.
    place: Option<String>,
}

/// One import under way.
struct Run<'a> {
    on: &'a Importer,
    options: &'a Options,
    progress: &'a dyn Progress,
    /// Where relative covers are.
    folder: PathBuf,
    /// The site's channels, by slug and by folded name.
    channels: HashMap<String, Slug>,
    last_position: i64,
    writers: HashMap<String, Writer>,
    /// What is wrong in the batch at hand: record, line, reason.
    problems: Vec<(u64, Option<u64>, String)>,
    report: Report,
}

impl Importer {
    pub fn new(env: Env, articles: Articles, authors: Authors, comments: Comments, media: Media) -> Self {
        let (articles, authors) = (articles.by(Actor::Import), authors.by(Actor::Import));
        let (comments, media) = (comments.by(Actor::Import), media.by(Actor::Import));
        Self { env, articles, authors, comments, media }
    }

    /// Brings in what `path` holds and is not here yet. Errors: [`Error::Unavailable`] where the file can't be read; what is wrong
    /// with single records goes to `progress` and stops nothing.
    pub async fn run(
        &self,
        source: Source,
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
    ) -> Result<Report> {
        let unreadable =
            |error: std::io::Error| Error::Unavailable(format!("{}: {error}", path.display()).into());
        let metadata = tokio::fs::metadata(path).await.map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(Error::Unavailable(format!("{} is a folder, not a file", path.display()).into()));
        }
        progress.total_bytes(metadata.len());
        let mut run = Run {
            on: self,
            options,
            progress,
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            channels: HashMap::new(),
            last_position: 0,
            writers: HashMap::new(),
            problems: Vec::new(),
            report: Report::default(),
        };
        run.know_channels().await?;

        let (to, mut from) = mpsc::channel(2);
        let (path, origin) = (path.to_owned(), Origin(options.source_name.clone()));
        let reading = tokio::task::spawn_blocking(move || read::read(source, path, origin, to));
        while let Some(batch) = from.recv().await {
            run.write(batch).await?;
        }
        reading.await.map_err(Error::internal)??;
        progress.at_byte(metadata.len());
        Ok(run.report)
    }
}

impl Run<'_> {
    async fn know_channels(&mut self) -> Result<()> {
        for channel in self.on.articles.channels().await? {
            self.last_position = self.last_position.max(channel.position);
            for name in [channel.slug.as_str(), &channel.zh, &channel.en] {
                self.channels.entry(name.to_lowercase()).or_insert_with(|| channel.slug.clone());
            }
            // A slug goes before another channel's name.
            self.channels.insert(channel.slug.to_string(), channel.slug);
        }
        let default = &self.options.default_channel;
        if !self.channels.contains_key(default.as_str()) {
            self.make_channel(default, None).await?;
        }
        Ok(())
    }

    /// Says where its articles go: one that was merged into another stands for that.
    async fn make_channel(&mut self, slug: &Slug, name: Option<&str>) -> Result<Slug> {
        self.last_position += 1;
        let made = self.on.articles.ensure_channel(&channel(slug, name, self.last_position)).await?;
        self.channels.insert(slug.to_string(), made.clone());
        Ok(made)
    }

    /// One batch: articles in one transaction, then their comments in another. Broken off in between, the next run finds the
    /// articles and brings the comments.
    async fn write(&mut self, batch: Batch) -> Result<()> {
        let mut entries = Vec::with_capacity(batch.found.len());
        for found in batch.found {
            match found {
                Found::Entry(entry) => entries.push(*entry),
                Found::Problem { record, line, reason } => self.problems.push((record, line, reason)),
                Found::Skipped(kind, count) => *self.report.skipped_by_kind.entry(kind).or_default() += count,
            }
        }
        let external: Vec<String> = entries.iter().map(|entry| entry.external_id.clone()).collect();
        let mut here = self.on.articles.known(&external).await?;
        let mut comments = Vec::new();
        let mut fresh = Vec::new();
        for mut entry in entries {
            comments.push((
                entry.external_id.clone(),
                entry.published_at,
                std::mem::take(&mut entry.comments),
            ));
            if here.contains_key(&entry.external_id) {
                self.report.articles_known += 1;
            } else {
                fresh.push(entry);
            }
        }
        let covers = self.covers(&fresh).await;
        let mut articles = Vec::with_capacity(fresh.len());
        for (entry, cover) in fresh.into_iter().zip(covers) {
            let (record, line) = (entry.record, entry.line);
            let cover = cover.unwrap_or_else(|reason| {
                self.problems.push((record, line, reason));
                None
            });
            match self.article(entry, cover).await? {
                Ok(article) => articles.push(article),
                Err(reason) => self.problems.push((record, line, reason)),
            }
        }
        let given = articles.len();
        let new = self.on.articles.import(articles).await?;
        self.report.articles_new += new.len() as u64;
        // The same id twice in one batch.
        self.report.articles_known += (given - new.len()) as u64;
        here.extend(new);
        self.comments(&here, comments).await?;
        self.tell_problems();
        self.progress.at_byte(batch.end);
        Ok(())
    }

    /// In the file's order, whoever noticed first.
    fn tell_problems(&mut self) {
        self.problems.sort_by_key(|(record, ..)| *record);
        self.report.problems += self.problems.len() as u64;
        for (record, line, reason) in self.problems.drain(..) {
            self.progress.problem(record, line, &reason);
        }
    }

    /// The cover of each entry: its hash, or why there is none although one is named.
    async fn covers(&self, entries: &[Entry]) -> Vec<Result<Option<String>, String>> {
        let cover = async |entry: &Entry| {
            let Some(name) = &entry.cover else { return Ok(None) };
            let hash = self.cover(name).await.map_err(|why| format!("cover {name}: {why}"))?;
            self.progress.at_byte(entry.end);
            Ok(Some(hash))
        };
        stream::iter(entries.iter().map(cover)).buffered(PICTURES).collect().await
    }

    async fn cover(&self, name: &str) -> Result<String, String> {
        let folder = self.folder.clone();
        let file = self.folder.join(name);
        let read = tokio::task::spawn_blocking(move || {
            let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
            let (folder, file) = (folder.canonicalize()?, file.canonicalize()?);
            if !file.starts_with(&folder) {
                return Err(std::io::Error::other("not below the imported file's folder"));
            }
            let metadata = file.metadata()?;
            if !metadata.is_file() || metadata.len() > COVER_BYTES {
                return Err(std::io::Error::other("not a picture file of a sensible size"));
            }
            std::fs::read(file)
        });
        let bytes = read.await.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
        self.on.media.upload(None, bytes.into()).await.map(|picture| picture.hash).map_err(|e| e.to_string())
    }

    /// An entry with everything it names looked up or made; the inner error is what is wrong with it.
    async fn article(&mut self, entry: Entry, cover: Option<String>) -> Result<Result<Imported, String>> {
        let writer = match self.writer(&entry.author, entry.author_name.as_deref()).await {
            Ok(writer) => writer,
            Err(Error::Invalid(errors)) => return Ok(Err(format!("author {}: {errors}", entry.author))),
            Err(error) => return Err(error),
        };
        let now = self.on.env.now();
        let published_at = entry.published_at.unwrap_or(now);
        let mut article = Imported {
            external_id: entry.external_id,
            author: writer.id,
            place: writer.place,
            draft: entry.draft,
            state: match published_at > now {
                _ if entry.hidden => State::Draft,
                true => State::Scheduled,
                false => State::Live,
            },
            published_at,
            edited_at: entry.edited_at,
        };
        article.draft.covers = cover.into_iter().collect();
        let mut article = match article.tidy() {
            Ok(article) => article,
            Err(Error::Invalid(errors)) => return Ok(Err(said(&errors))),
            Err(error) => return Err(error),
        };
        article.draft.channel = Some(self.channel(entry.sections).await?);
        Ok(Ok(article))
    }

    async fn writer(&mut self, author: &str, name: Option<&str>) -> Result<Writer> {
        let handle = handle_of(author).ok_or_else(|| Error::invalid("handle", "handle-form"))?;
        if let Some(writer) = self.writers.get(handle.as_str()) {
            return Ok(writer.clone());
        }
        let found = match self.on.authors.find_by_handle(&handle).await? {
            Some(author) => author,
            None => self.new_author(&handle, author, name).await?,
        };
        if self.writers.len() >= REMEMBERED {
            self.writers.clear();
        }
        let writer = Writer { id: found.id, place: found.region };
        self.writers.insert(handle.into(), writer.clone());
        Ok(writer)
    }

    async fn new_author(
        &mut self,
        handle: &Handle,
        raw: &str,
        name: Option<&str>,
    ) -> Result<authors::Author> {
        let name = Some(author_name(name, raw)).filter(|name| !name.is_empty());
        let made =
            self.on.authors.ensure(handle.as_str(), name.as_deref().unwrap_or(handle.as_str())).await?;
        self.report.authors_new += 1;
        Ok(made)
    }

    /// The first of `sections` that the site has; else the first that may be made; else the default.
    async fn channel(&mut self, sections: Vec<crate::entry::Section>) -> Result<Slug> {
        let known =
            sections.iter().find_map(|section| self.channels.get(&section.slug.trim().to_lowercase()));
        if let Some(slug) = known {
            return Ok(slug.clone());
        }
        let made = sections.iter().find_map(|section| {
            let may = section.make && (section.name.is_none() || self.options.channels_from_categories);
            Slug::new(section.slug.trim()).ok().filter(|_| may).map(|slug| (slug, section.name.clone()))
        });
        let (slug, name) = made.unwrap_or_else(|| (self.options.default_channel.clone(), None));
        if let Some(slug) = self.channels.get(slug.as_str()) {
            return Ok(slug.clone());
        }
        self.make_channel(&slug, name.as_deref()).await
    }

    async fn comments(
        &mut self,
        here: &HashMap<String, ArticleId>,
        comments: Vec<(String, Option<Time>, Vec<Said>)>,
    ) -> Result<()> {
        let mut all = Vec::new();
        for (external, published_at, said) in comments {
            let Some(&article) = here.get(&external).filter(|_| !said.is_empty()) else { continue };
            let at = published_at.unwrap_or_else(|| self.on.env.now());
            let comment = |said: Said| ImportedComment {
                external: said.external_id,
                parent_external: said.parent,
                name: said.name,
                text: said.text,
                at: said.at.unwrap_or(at),
                ..ImportedComment::default()
            };
            all.push((article, said.into_iter().map(comment).collect()));
        }
        if !all.is_empty() {
            self.report.comments_new += self.on.comments.import_all(all).await? as u64;
        }
        Ok(())
    }
}
