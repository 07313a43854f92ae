//! The one who writes into the index, and whoever takes its place when it cannot go on.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kernel::{ArticleId, Error, Result};
use tantivy::merge_policy::{LogMergePolicy, MergePolicy};
use tantivy::{IndexWriter, TantivyError};

use crate::internal;

/// What an indexing thread holds at most before it writes a segment, in bytes: some twenty thousand articles.
const MEMORY: usize = 64 << 20;

pub(crate) struct Writer {
    pub inner: IndexWriter,
    /// Documents added since the last commit.
    pub fresh: HashSet<ArticleId>,
}

impl Writer {
    pub fn new(index: &tantivy::Index) -> Result<Self, TantivyError> {
        Ok(Self { inner: writer_of(index)?, fresh: HashSet::new() })
    }

    /// Back to the last commit, with a writer that works. One that could not write a file (the disk is full) takes nothing more, and one whose
    /// rollback failed has lost its lock and would panic at the next: another takes its place.
    pub fn roll_back(&mut self) -> Result<()> {
        self.fresh.clear();
        let done = catch_unwind(AssertUnwindSafe(|| self.inner.rollback()));
        if matches!(done, Ok(Ok(_))) {
            return Ok(());
        }
        tracing::warn!("the search index takes another writer");
        self.inner = writer_of(self.inner.index()).map_err(failed)?;
        Ok(())
    }
}

fn writer_of(index: &tantivy::Index) -> Result<IndexWriter, TantivyError> {
    let writer = index.writer_with_num_threads(2, 2 * MEMORY)?;
    writer.set_merge_policy(merges());
    Ok(writer)
}

/// How segments become fewer while articles come in one by one.
pub(crate) fn merges() -> Box<dyn MergePolicy> {
    let mut merges = LogMergePolicy::default();
    // A publication is a commit, and so a segment: few of the smallest are let stand.
    merges.set_min_num_segments(6);
    Box::new(merges)
}

/// A disk without room is told apart: whoever tries again later may find some.
pub(crate) fn failed(error: TantivyError) -> Error {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(cause) = source {
        let shared = cause.downcast_ref::<Arc<std::io::Error>>().map(|io| &**io);
        let io = cause.downcast_ref::<std::io::Error>().or(shared);
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::StorageFull) {
            return Error::storage_full();
        }
        source = cause.source();
    }
    internal(error)
}
