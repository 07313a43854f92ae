//! What a reviewer reads: the newest revision, just as an approval would show it, pictures and all.

use kernel::Markup;
use sha2::{Digest, Sha256};

use crate::body::{self, Body};
use crate::draft::Draft;
use crate::model::Article;

/// Which revision somebody has read, and what it looked like. Content is told by its digest too, not by its number alone: what
/// surrounds a text (pictures, the way it is rendered) can change without a new revision, and would go live unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub version: i64,
    pub digest: String,
}

/// All that an approval makes public.
#[derive(Clone, Debug)]
pub struct Revision {
    pub version: i64,
    pub draft: Draft,
    pub html: Markup,
    pub excerpt: String,
    /// BCP 47, given or guessed.
    pub language: String,
    pub reading_minutes: i64,
    /// Hashes of pictures in it that the site does not have: somebody deleted them since it was saved.
    pub missing: Vec<String>,
}

impl Revision {
    /// What stands in the article's own columns.
    pub fn of(article: &Article) -> Self {
        Self {
            version: article.version,
            draft: article.draft.clone(),
            html: article.html.clone(),
            excerpt: article.excerpt.clone(),
            language: article.language.clone(),
            reading_minutes: article.reading_minutes,
            missing: Vec::new(),
        }
    }

    pub(crate) fn into_parts(self) -> (Draft, Body) {
        let Self { draft, html, excerpt, language, reading_minutes, .. } = self;
        (draft, Body { html, excerpt, language, reading_minutes })
    }

    /// What a reviewer who has this before them sends back with the decision.
    pub fn read(&self) -> Read {
        let mut digest = Sha256::new();
        let parts = [
            self.version.to_string(),
            // Plain fields of text: it cannot fail, and if it did, nothing could be approved.
            serde_json::to_string(&self.draft).unwrap_or_default(),
            self.html.as_str().to_owned(),
            self.excerpt.clone(),
            self.language.clone(),
            // Where one was missing, nobody saw it.
            self.missing.join(","),
        ];
        for part in parts {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        let digest = digest.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Read { version: self.version, digest }
    }

    /// Hashes of every picture of this site in it: covers, in the text, and what its markup names without showing it at once
    /// (`srcset`, `poster`, links). Each once, covers first.
    pub fn pictures(&self) -> Vec<String> {
        let mut all = self.draft.covers.clone();
        for hash in body::all_pictures_in(self.html.as_str()) {
            if !self.draft.covers.contains(&hash) {
                all.push(hash);
            }
        }
        all
    }
}

impl Revision {
    /// Addresses of pictures, video and audio in it that are not this site's.
    pub fn elsewhere(&self) -> Vec<String> {
        body::elsewhere(&self.html)
    }
}
