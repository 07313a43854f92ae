//! Making an archive, part by part.

use std::sync::Arc;

use ::jobs::{Failure, Running};
use accounts::User;
use futures::TryStreamExt;
use kernel::{Cursor, Error, Locale, Result};
use mail::Letter;

use crate::archive::{Writer, folder};
use crate::letters::ExportReady;
use crate::model::{ExportId, Part, Row, State, TRIES};
use crate::pages::{Index, IndexPart, Pages, PartPage, Shown};
use crate::parts::{Item, Reader};
use crate::service::{Export, KEPT, hash};
use crate::store;
use crate::zip::Zip;

/// The parts twice, for files and for pages, the first page, and the pictures.
const STEPS: u64 = 2 * Part::ALL.len() as u64 + 2;
/// Pictures that one look asks for.
const PICTURES: usize = 200;

/// What makes archives. Cheap to clone.
#[derive(Clone)]
pub struct Maker {
    export: Export,
    pages: Arc<dyn Pages>,
}

/// One archive that is being made.
struct Making<'a> {
    maker: &'a Maker,
    running: &'a Running,
    user: &'a User,
    locale: Locale,
    zip: Zip,
    done: u64,
}

impl Maker {
    pub fn new(export: Export, pages: Arc<dyn Pages>) -> Self {
        Self { export, pages }
    }

    /// Makes it, unless it is made or its user is deleted. What can never be made is said to who asked.
    pub(crate) async fn make(&self, id: ExportId, running: &Running) -> Result<(), Failure> {
        let Export { db, objects, .. } = &self.export;
        let Some(row) = store::find(db, id).await?.filter(|row| row.state() == State::Waiting) else {
            // A try before may have left something of a user who was deleted since.
            if store::find(db, id).await?.is_none() {
                objects.delete_folder(&folder(id)).await?;
            }
            return Ok(());
        };
        let error = match self.try_make(&row, running).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let full = error.is_storage_full();
        if running.stop.is_cancelled() || (!full && running.tries() < i64::from(TRIES)) {
            return Err(error.into());
        }
        objects.delete_folder(&folder(id)).await?;
        let tx = db.write().await?;
        store::fail(&tx, id, if full { "full" } else { "other" }).await?;
        tx.commit().await?;
        Err(Failure::ForGood(error))
    }

    async fn try_make(&self, row: &Row, running: &Running) -> Result<()> {
        let Export { db, env, objects, outbox, of, .. } = &self.export;
        let user = of.accounts.find(row.user_id).await?.ok_or(Error::NotFound)?;
        let locale = Locale::of(&row.locale).unwrap_or_default();
        let zip = Zip::new(Writer::begin(objects.clone(), row.id).await?, env.now());
        let making = Making { maker: self, running, user: &user, locale, zip, done: 0 };
        let bytes = making.all().await?;
        let (token, now) = (env.token(), env.now());
        let until = now.plus(KEPT);
        let address = of.accounts.email(user.id).await?;
        let tx = db.write().await?;
        if !store::finish(&tx, row.id, &hash(&token), bytes as i64, now, until).await? {
            drop(tx);
            objects.delete_folder(&folder(row.id)).await?;
            return Ok(());
        }
        if let Some(to) = address {
            let megabytes = bytes.div_ceil(1 << 20) as i64;
            let content = ExportReady { handle: user.handle.to_string(), token, megabytes, until };
            let letter = Letter::new(&content, to, locale)?.with_zone(user.zone.clone());
            match outbox.enqueue(&tx, &letter).await {
                // They find it on the page, too.
                Ok(_) | Err(Error::TooMany(_)) => {}
                Err(error) => return Err(error),
            }
        }
        running.complete_in(&tx).await?;
        tx.commit().await
    }
}

impl Making<'_> {
    async fn all(mut self) -> Result<u64> {
        let mut counts = Vec::with_capacity(Part::ALL.len());
        for part in Part::ALL {
            let count = self.file(part).await?;
            counts.push((part, count));
            self.step().await?;
        }
        for &(part, count) in &counts {
            if count > 0 {
                self.pages(part).await?;
            }
            self.step().await?;
        }
        self.pictures().await?;
        self.step().await?;
        let parts = counts.iter().map(|&(part, count)| IndexPart {
            name: part.name(),
            count,
            page: format!("pages/{}", page_name(part, 1)),
            file: file_name(part),
        });
        let index = Index {
            name: self.user.name.clone(),
            handle: self.user.handle.to_string(),
            made_at: self.maker.export.env.now(),
            parts: parts.collect(),
        };
        let html = self.maker.pages.index(self.locale, &index)?;
        self.zip.begin("index.html", false).await?;
        self.zip.write(html.as_bytes()).await?;
        self.step().await?;
        self.zip.finish().await
    }

    /// Says how far it is. Errors where the process stops, or somebody else has the job.
    async fn step(&mut self) -> Result<()> {
        self.done += 1;
        self.running.progress(self.done, STEPS).await;
        self.goes_on()
    }

    fn goes_on(&self) -> Result<()> {
        if self.running.stop.is_cancelled() { Err(Error::internal("the process stops")) } else { Ok(()) }
    }

    /// A part as JSON: one object, or a list of them; how many.
    async fn file(&mut self, part: Part) -> Result<i64> {
        let single = matches!(part, Part::Account | Part::Settings);
        let mut reader = Reader::new(&self.maker.export.of, self.user, self.locale, part).await?;
        self.zip.begin(&file_name(part), false).await?;
        let mut count = 0;
        while let Some(items) = reader.next().await? {
            for item in items {
                let before = match (single, count) {
                    (true, _) => "",
                    (false, 0) => "[\n",
                    (false, _) => ",\n",
                };
                let text = serde_json::to_string_pretty(&item.value).map_err(Error::internal)?;
                self.zip.write(before.as_bytes()).await?;
                self.zip.write(text.as_bytes()).await?;
                count += 1;
            }
            self.goes_on()?;
        }
        let end = match (single, count) {
            (true, _) => "\n",
            (false, 0) => "[]\n",
            (false, _) => "\n]\n",
        };
        self.zip.write(end.as_bytes()).await?;
        Ok(count)
    }

    /// The same to be read, some entries a page.
    async fn pages(&mut self, part: Part) -> Result<()> {
        let mut reader = Reader::new(&self.maker.export.of, self.user, self.locale, part).await?;
        let (mut number, mut ahead) = (0, some(&mut reader).await?);
        while let Some(items) = ahead {
            number += 1;
            // Whether another page follows is known before this one is written.
            ahead = some(&mut reader).await?;
            let page = PartPage {
                name: part.name(),
                number,
                previous: (number > 1).then(|| page_name(part, number - 1)),
                next: ahead.is_some().then(|| page_name(part, number + 1)),
                entries: items.into_iter().map(|item| Shown::of(part, item)).collect(),
            };
            let html = self.maker.pages.part(self.locale, &page)?;
            self.zip.begin(&format!("pages/{}", page_name(part, number)), false).await?;
            self.zip.write(html.as_bytes()).await?;
            self.goes_on()?;
        }
        Ok(())
    }

    /// The files of pictures that the user brought, under the names that pages know them by.
    async fn pictures(&mut self) -> Result<()> {
        let media = &self.maker.export.of.media;
        let mut from = Some(Cursor::START);
        while let Some(cursor) = from {
            let page = media.owned_by(self.user.id, cursor, PICTURES).await?;
            from = page.next;
            for picture in page.items {
                for name in picture.files() {
                    let file = match media.open(&picture.hash, &name).await {
                        Ok(file) => file,
                        // Deleted meanwhile.
                        Err(Error::NotFound) => continue,
                        Err(error) => return Err(error),
                    };
                    self.zip.begin(&format!("media/{}/{name}", picture.hash), true).await?;
                    let mut bytes = file.object.read(0..file.size()).await?;
                    while let Some(chunk) = bytes.try_next().await? {
                        self.zip.write(&chunk).await?;
                    }
                }
                self.goes_on()?;
            }
        }
        Ok(())
    }
}

/// The next entries that are some.
async fn some(reader: &mut Reader<'_>) -> Result<Option<Vec<Item>>> {
    while let Some(items) = reader.next().await? {
        if !items.is_empty() {
            return Ok(Some(items));
        }
    }
    Ok(None)
}

fn file_name(part: Part) -> String {
    format!("data/{}.json", part.name())
}

fn page_name(part: Part, number: usize) -> String {
    if number == 1 { format!("{}.html", part.name()) } else { format!("{}-{number}.html", part.name()) }
}
