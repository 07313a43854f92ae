//! A form with a few texts and one picture (RFC 7578): the file goes to the disk, and becomes a picture when it is known that the sender may
//! have it and that the rest is fine.

use std::path::Path;

use axum::extract::Multipart;
use kernel::{Error, FieldError, Invalid, Result};

use crate::body::BodyMeter;
use crate::codes;
use crate::form_field::{past, whole};
use crate::upload::{TempUpload, UploadDir};

/// All texts of such a form together (bytes).
const TEXTS: usize = 64 << 10;
const PARTS: usize = 20;

/// What was sent. What went wrong on the way stands beside it, so that the texts are never lost.
pub struct PictureForm {
    /// The name of the file field.
    name: &'static str,
    fields: Vec<(String, String)>,
    file: Option<TempUpload>,
    pub errors: Invalid,
}

impl PictureForm {
    /// How long a request with such a form is at most (bytes), where the picture has up to so many MiB.
    pub const fn limit(megabytes: i64) -> u64 {
        ((megabytes as u64) << 20) + (1 << 20)
    }

    /// Reads the whole form, past a file that is too long: what stands behind it is read too.
    pub async fn read(
        mut form: Multipart,
        name: &'static str,
        megabytes: i64,
        uploads: &UploadDir,
        meter: &BodyMeter,
    ) -> Result<Self> {
        let mut sent = Self { name, fields: Vec::new(), file: None, errors: Invalid::default() };
        let mut room = TEXTS;
        for _ in 0..PARTS {
            let field = match form.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return Ok(sent),
                Err(_) => return Ok(sent.broken()),
            };
            let of = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_none() {
                let Some(text) = whole(field, room, meter).await else { return Ok(sent.broken()) };
                let text = String::from_utf8_lossy(&text).into_owned();
                room -= text.len().min(room);
                sent.fields.push((of, crate::nul::of_text(text)));
                continue;
            }
            if of != name || sent.file.is_some() {
                past(field, meter).await;
                continue;
            }
            match uploads.field(field, (megabytes as u64) << 20, meter).await {
                // A file field that was left alone.
                Ok(Some(upload)) if upload.is_empty() => {}
                Ok(Some(upload)) => sent.file = Some(upload),
                Ok(None) => sent.errors.add_limit(name, codes::PICTURE_LARGE, megabytes),
                Err(Error::Invalid(_)) => return Ok(sent.broken()),
                Err(error) => return Err(error),
            }
        }
        Ok(sent.broken())
    }

    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text)
    }

    /// Hands the file on to whoever makes a picture of it (`media::Media::upload_file`); nothing where there is none, or something is
    /// wrong, which then stands in [`PictureForm::errors`].
    pub async fn keep<T>(&mut self, take: impl AsyncFnOnce(&Path) -> Result<T>) -> Result<Option<T>> {
        let Some(file) = self.file.take().filter(|_| self.errors.0.is_empty()) else { return Ok(None) };
        match take(file.path()).await {
            Ok(picture) => return Ok(Some(picture)),
            Err(Error::Invalid(errors)) => {
                let own = errors.0.into_iter().map(|error| FieldError { field: self.name, ..error });
                self.errors.0.extend(own);
            }
            Err(Error::Quota(quota)) => self.errors.add_limit(self.name, quota.code, quota.limit),
            Err(full) if full.is_storage_full() => self.errors.add(self.name, codes::STORAGE_FULL),
            Err(error @ (Error::Busy(_) | Error::Unavailable(_))) => {
                tracing::warn!(%error, "a picture could not be taken in");
                self.errors.add(self.name, codes::PICTURE_BUSY);
            }
            Err(error) => return Err(error),
        }
        Ok(None)
    }

    fn broken(mut self) -> Self {
        self.file = None;
        self.errors.add("", codes::FORM_UNREADABLE);
        self
    }
}
