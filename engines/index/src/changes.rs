//! Changing the index. Nothing is seen before [`Index::commit`].

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};

use kernel::{ArticleId, AuthorId, Result};
use tantivy::collector::DocSetCollector;
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::merge_policy::NoMergePolicy;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{TantivyDocument, Term};

use crate::document::name_of;
use crate::open::Live;
use crate::writer::{Writer, failed, merges};
use crate::{Document, Index, internal};

impl Index {
    /// Puts documents in, each in the place of the one with its id.
    pub fn put(&self, documents: &[Document]) -> Result<()> {
        let live = self.live();
        let mut writer = live.writer();
        let view = self.view();
        for document in documents {
            let term = view.id_term(document.id);
            // Most documents are new, and a deletion is looked for in every segment: asked for only where there is something to delete.
            if !writer.fresh.insert(document.id) || view.searcher.doc_freq(&term).map_err(internal)? > 0 {
                writer.inner.delete_term(term);
            }
            writer.inner.add_document(document.in_fields(&self.0.fields)).map_err(internal)?;
        }
        Ok(())
    }

    /// Takes documents out; those that are not there are passed over.
    pub fn delete(&self, ids: &[ArticleId]) {
        let (live, view) = (self.live(), self.view());
        let writer = live.writer();
        for &id in ids {
            writer.inner.delete_term(view.id_term(id));
        }
    }

    /// Takes everything out, and forgets the owner's words. What is put in from now on is left as it comes until [`Index::filled`].
    pub fn clear(&self) -> Result<()> {
        {
            let live = self.live();
            let writer = live.writer();
            writer.inner.set_merge_policy(Box::new(NoMergePolicy));
            writer.inner.delete_all_documents().map_err(internal)?;
        }
        self.commit(None)
    }

    /// Makes one segment of all that was committed: each is looked into for each word that is asked for. Changes may go on meanwhile;
    /// a million articles take a minute or two.
    pub fn filled(&self) -> Result<()> {
        let live = self.live();
        let merged = {
            let mut writer = live.writer();
            writer.inner.set_merge_policy(merges());
            let segments = writer.inner.index().searchable_segment_ids().map_err(internal)?;
            if segments.len() < 2 {
                return Ok(());
            }
            writer.inner.merge(&segments)
        };
        merged.wait().map_err(internal)?;
        // Not while somebody commits: the later one is to see more.
        let _writer = live.writer();
        live.look()
    }

    /// Writes anew what has documents in it that were taken out: until then their words are still in its files. Changes may go on meanwhile.
    pub fn expunge(&self) -> Result<()> {
        let live = self.live();
        let merged = {
            let mut writer = live.writer();
            let segments = writer.inner.index().searchable_segment_metas().map_err(internal)?;
            let old: Vec<SegmentId> =
                segments.iter().filter(|segment| segment.has_deletes()).map(SegmentMeta::id).collect();
            if old.is_empty() {
                return Ok(());
            }
            writer.inner.merge(&old)
        };
        merged.wait().map_err(internal)?;
        let writer = live.writer();
        // Who searches now holds the old files; whoever comes later does not.
        live.look()?;
        writer.inner.garbage_collect_files().wait().map(drop).map_err(internal)
    }

    /// Makes all changes since the last commit durable and visible, together with `place`, which [`Index::place`] gives back.
    /// A commit that fails leaves the index as the last one did; the changes are lost and must be made again.
    pub fn commit(&self, place: Option<&str>) -> Result<()> {
        let live = self.live();
        let mut writer = live.writer();
        writer.fresh.clear();
        let done = writer.inner.prepare_commit().and_then(|mut commit| {
            if let Some(place) = place {
                commit.set_payload(place);
            }
            commit.commit()
        });
        if let Err(error) = done {
            writer.roll_back()?;
            return Err(failed(error));
        }
        live.look()
    }

    /// Drops all changes since the last commit.
    pub fn rollback(&self) -> Result<()> {
        let live = self.live();
        live.writer().roll_back()
    }

    /// What the last commit was given; `None` for a new index and after one that was given nothing.
    pub fn commit_payload(&self) -> Result<Option<String>> {
        Ok(self.live().writer().inner.index().load_metas().map_err(internal)?.payload)
    }

    /// A number that changes with every commit of this process: answers to the same question stay the same while it does.
    pub fn generation(&self) -> u64 {
        let before = self.0.taken_over.load(Ordering::Relaxed);
        before << 40 | self.searcher().generation().generation_id()
    }

    /// How many documents can be found.
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All documents of an author that are there under another name or handle.
    pub fn named_otherwise(&self, author: AuthorId, name: &str, handle: &str) -> Result<Vec<ArticleId>> {
        let name = name_of(name, handle);
        let view = self.view();
        let term = Term::from_field_i64(self.0.fields.author, author.raw());
        let found = view.searcher.search(&TermQuery::new(term, IndexRecordOption::Basic), &DocSetCollector);
        let mut ids = Vec::new();
        for at in found.map_err(internal)? {
            let stored: TantivyDocument = view.searcher.doc(at).map_err(internal)?;
            if stored.get_first(self.0.fields.name).and_then(|v| v.as_str()) != Some(&name) {
                ids.push(view.id_of(at));
            }
        }
        Ok(ids)
    }
}

impl Live {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
