//! Forms with files (RFC 7578): texts are kept as they come, files go to the disk, and become pictures when it is known that the sender
//! may have them.

use axum::extract::Multipart;
use kernel::{Error, Invalid, Result, UserId};
use media::{MAX_MEGABYTES, Media, Motion, Picture};
use web::form_field::{past, whole};
use web::{BodyMeter, TempUpload, UploadDir};

use crate::codes;
use crate::gate::RESCUED;

/// File fields of our forms; errors can only stand beside these.
const FILES: [&str; 5] = ["cover1", "cover2", "cover3", "picture", "avatar"];
/// All texts of a form together (bytes): twice the longest body.
const TEXTS: usize = 4 << 20;
/// Parts of a form, and files among them: several times what the largest of ours has. A file is a file on the disk, then a process.
const PARTS: usize = 100;
const MOST_FILES: usize = 12;

/// What was sent. What went wrong on the way stands beside it, so that the texts are never lost.
#[derive(Default)]
pub struct Sent {
    pub fields: Vec<(String, String)>,
    /// Files that wait for the sender to be asked who they are, by the name of their field.
    files: Vec<(&'static str, TempUpload)>,
    /// By the name of the file field.
    pub pictures: Vec<(&'static str, Picture)>,
    pub errors: Invalid,
}

impl Sent {
    /// Reads the whole form, past files that are too long: what stands behind them is read too. Nothing of it is kept yet.
    /// Where there are too many files none of them is taken, and a form of too many parts is read no further.
    pub async fn read(mut form: Multipart, uploads: &UploadDir, meter: &BodyMeter) -> Result<Self> {
        let mut sent = Self::default();
        let mut room = TEXTS;
        for _ in 0..PARTS {
            let field = match form.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return Ok(sent),
                Err(_) => return Ok(sent.broken("")),
            };
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                let Some(file) = FILES.into_iter().find(|&file| file == name) else {
                    past(field, meter).await;
                    continue;
                };
                if sent.has(codes::FORM_FILES) {
                    past(field, meter).await;
                    continue;
                }
                match uploads.field(field, (MAX_MEGABYTES as u64) << 20, meter).await {
                    // A file field that was left alone.
                    Ok(Some(upload)) if upload.is_empty() => {}
                    Ok(Some(_)) if sent.files.len() == MOST_FILES => {
                        sent.files.clear();
                        sent.errors.add_limit(file, codes::FORM_FILES, MOST_FILES as i64);
                    }
                    Ok(Some(upload)) => sent.files.push((file, upload)),
                    Ok(None) => sent = sent.broken(file),
                    Err(Error::Invalid(_)) => return Ok(sent.broken("")),
                    Err(error) => return Err(error),
                }
                continue;
            }
            let Some(text) = whole(field, room, meter).await else { return Ok(sent.broken("")) };
            room -= text.len();
            sent.fields.push((name, web::nul::of_text(String::from_utf8_lossy(&text).into_owned())));
        }
        if !matches!(form.next_field().await, Ok(None)) {
            sent.files.clear();
            sent.errors.add_limit("", codes::FORM_PARTS, PARTS as i64);
        }
        Ok(sent)
    }

    /// Reads the texts alone, as far as they go.
    pub async fn texts_of(mut form: Multipart, meter: &BodyMeter) -> Self {
        let mut sent = Self::default();
        let mut room = RESCUED as usize;
        for _ in 0..PARTS {
            let Ok(Some(field)) = form.next_field().await else { break };
            if field.file_name().is_some() {
                past(field, meter).await;
                continue;
            }
            let name = field.name().unwrap_or_default().to_owned();
            let Some(text) = whole(field, room, meter).await else { break };
            room -= text.len();
            sent.fields.push((name, String::from_utf8_lossy(&text).into_owned()));
        }
        sent
    }

    /// Takes in the files as pictures of `by`, who may write here.
    pub async fn keep(mut self, media: &Media, by: UserId) -> Result<Self> {
        for (name, file) in std::mem::take(&mut self.files) {
            match media.upload_file(Some(by), file.path()).await {
                Ok(picture) => self.pictures.push((name, picture)),
                Err(Error::Invalid(errors)) => {
                    self.errors.0.extend(
                        errors.0.into_iter().map(|error| kernel::FieldError { field: name, ..error }),
                    );
                }
                // What keeps this one out keeps the others out too.
                Err(Error::Quota(quota)) => {
                    self.errors.add_limit(name, quota.code, quota.limit);
                    break;
                }
                Err(full) if full.is_storage_full() => {
                    self.errors.add(name, codes::STORAGE_FULL);
                    break;
                }
                Err(error @ (Error::Busy(_) | Error::Unavailable(_))) => {
                    tracing::warn!(%error, "a picture could not be taken in");
                    self.errors.add(name, codes::PICTURE_BUSY);
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(self)
    }

    fn broken(mut self, file: &'static str) -> Self {
        if file.is_empty() {
            self.errors.add("", codes::FORM_UNREADABLE);
        } else {
            self.errors.add_limit(file, codes::PICTURE_LARGE, MAX_MEGABYTES);
        }
        self
    }

    fn has(&self, code: &str) -> bool {
        self.errors.0.iter().any(|error| error.code == code)
    }

    /// Whether something that was sent moved and does no more.
    pub fn stopped(&self) -> bool {
        self.pictures.iter().any(|(_, picture)| picture.motion == Motion::Dropped)
    }

    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    pub fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    pub fn pictures_in<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Picture> {
        self.pictures.iter().filter(move |(field, _)| *field == name).map(|(_, picture)| picture)
    }
}
