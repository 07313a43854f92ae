//! Reads that were counted elsewhere: a table of `time,user,item,action`.
//!
//! A thread reads the file; sums and pairs grow in memory until there are a million lines of them, and are written in one transaction with
//! how far the file is read. So a line counts once, also where an import was broken off; the file is known again by its digest.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use ::reads::{Past, Reads};
use articles::Articles;
use kernel::{ArticleId, Env, Error, Result, Time};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::{self, Sender};

use crate::names::hex;
use crate::{Progress, Source};

/// Lines that are handed over at once.
const BATCH: usize = 20_000;
/// Reads that are written in one transaction: some 200 bytes each in memory.
const AT_ONCE: usize = 1_000_000;
/// Items remembered; beyond this the memory begins anew.
const REMEMBERED: usize = 2_000_000;

/// What an import of reads came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadsReport {
    pub reads_new: u64,
    /// Lines that an earlier import of this file brought in.
    pub lines_known: u64,
    /// How often [`Progress::problem`] was told of one.
    pub problems: u64,
    /// What is left out on purpose: actions that are no reads, and `unknown item` for articles that are not here.
    pub skipped_by_kind: BTreeMap<String, u64>,
}

#[derive(Clone)]
pub struct ReadsImporter {
    pub env: Env,
    pub articles: Articles,
    pub reads: Reads,
}

enum Action {
    Read,
    Finish,
    Other(String),
}

struct Line {
    at: Time,
    user: String,
    item: String,
    action: Action,
}

#[derive(Default)]
struct Batch {
    lines: Vec<Line>,
    /// Line and reason.
    problems: Vec<(u64, String)>,
    /// How far into the file it reaches: the last line, and bytes.
    line: u64,
    end: u64,
}

impl ReadsImporter {
    /// Brings in what `path` holds and is not here yet. Items are the ids that articles came in with from `source`. Errors:
    /// [`Error::Unavailable`] where the file can't be read or has no such columns; what is wrong with single lines goes to `progress` and
    /// stops nothing.
    pub async fn run(
        &self,
        path: &Path,
        source: Option<&str>,
        progress: &dyn Progress,
    ) -> Result<ReadsReport> {
        let file = path.to_owned();
        let (digest, bytes) =
            tokio::task::spawn_blocking(move || digest(&file)).await.map_err(Error::internal)??;
        progress.total_bytes(bytes);
        let known = self.reads.taken_in(&digest).await?;
        let mut report = ReadsReport { lines_known: known.saturating_sub(1), ..ReadsReport::default() };

        let (to, mut from) = mpsc::channel(2);
        let (file, now) = (path.to_owned(), self.env.now());
        let reading = tokio::task::spawn_blocking(move || read(&file, known, now, &to));
        let mut items = Items { source: source.unwrap_or(Source::Jsonl.name()), known: HashMap::new() };
        let (mut past, mut line) = (Past::default(), known);
        while let Some(batch) = from.recv().await {
            items.look_up(&batch.lines, &self.articles).await?;
            for Line { at, user, item, action } in batch.lines {
                let article = items.known.get(&item).copied().flatten();
                let mut left_out =
                    |why: &str| *report.skipped_by_kind.entry(why.to_owned()).or_default() += 1;
                match (action, article) {
                    (Action::Other(name), _) => left_out(&name),
                    (_, None) => left_out("unknown item"),
                    (Action::Read, Some(article)) => {
                        past.read(&user, article, at);
                        report.reads_new += 1;
                    }
                    (Action::Finish, Some(article)) => past.finished(article, at),
                }
            }
            for (line, reason) in batch.problems {
                progress.problem(line, Some(line), &reason);
                report.problems += 1;
            }
            line = batch.line;
            if past.len() >= AT_ONCE {
                self.reads.take_in(&mut past, &digest, line).await?;
            }
            progress.at_byte(batch.end);
        }
        reading.await.map_err(Error::internal)??;
        if line > known {
            self.reads.take_in(&mut past, &digest, line).await?;
        }
        progress.at_byte(bytes);
        Ok(report)
    }
}

/// Which article each item is.
struct Items<'a> {
    source: &'a str,
    known: HashMap<String, Option<ArticleId>>,
}

impl Items<'_> {
    async fn look_up(&mut self, lines: &[Line], articles: &Articles) -> Result<()> {
        if self.known.len() > REMEMBERED {
            self.known.clear();
        }
        let mut new: Vec<&str> = lines.iter().map(|line| line.item.as_str()).collect();
        new.retain(|item| !self.known.contains_key(*item));
        new.sort_unstable();
        new.dedup();
        let external: Vec<String> = new.iter().map(|item| format!("{}:{item}", self.source)).collect();
        let found = articles.known(&external).await?;
        for (item, external) in new.into_iter().zip(external) {
            self.known.insert(item.to_owned(), found.get(&external).copied());
        }
        Ok(())
    }
}

fn unreadable(path: &Path, error: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("{}: {error}", path.display()).into())
}

/// What tells the file from others, and its size.
pub fn digest(path: &Path) -> Result<(String, u64)> {
    let mut file = File::open(path).map_err(|error| unreadable(path, error))?;
    let (mut hash, mut block, mut bytes) = (Sha256::new(), vec![0; 1 << 20], 0);
    loop {
        let n = file.read(&mut block).map_err(|error| unreadable(path, error))?;
        if n == 0 {
            break;
        }
        hash.update(&block[..n]);
        bytes += n as u64;
    }
    Ok((hex(&hash.finalize()), bytes))
}

/// Where the columns are.
struct Columns {
    time: usize,
    user: usize,
    item: usize,
    action: Option<usize>,
}

/// Reads the lines after `known`, as fast as `to` takes them.
fn read(path: &Path, known: u64, now: Time, to: &Sender<Batch>) -> Result<()> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(|error| unreadable(path, error))?;
    let columns = {
        let head = reader.headers().map_err(|error| unreadable(path, error))?;
        let place = |name: &str| head.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
        let needed = |name: &str| {
            place(name).ok_or_else(|| {
                unreadable(
                    path,
                    format!("the first line names no column `{name}`; it should be time,user,item,action"),
                )
            })
        };
        Columns {
            time: needed("time")?,
            user: needed("user")?,
            item: needed("item")?,
            action: place("action"),
        }
    };
    let mut batch = Batch::default();
    let mut record = csv::ByteRecord::new();
    loop {
        if !reader.read_byte_record(&mut record).map_err(|error| unreadable(path, error))? {
            break;
        }
        let line = record.position().map_or(0, csv::Position::line);
        if line <= known {
            continue;
        }
        let parsed = if reader.position().line() > line + 1 {
            Err("a quoted text goes on over several lines: a quote may be missing".into())
        } else {
            parse(&record, &columns, now)
        };
        match parsed {
            Ok(read) => batch.lines.push(read),
            Err(reason) => batch.problems.push((line, reason)),
        }
        (batch.line, batch.end) = (line, reader.position().byte());
        if batch.lines.len() + batch.problems.len() >= BATCH
            && to.blocking_send(std::mem::take(&mut batch)).is_err()
        {
            // Nobody wants the rest.
            return Ok(());
        }
    }
    if batch.line > 0 {
        let _ = to.blocking_send(batch);
    }
    Ok(())
}

fn parse(record: &csv::ByteRecord, columns: &Columns, now: Time) -> std::result::Result<Line, String> {
    let text = |column: usize, name: &str| {
        let value = record.get(column).ok_or_else(|| format!("the {name} is missing"))?;
        std::str::from_utf8(value).map(str::trim).map_err(|_| format!("the {name} is no UTF-8"))
    };
    let (time, user, item) =
        (text(columns.time, "time")?, text(columns.user, "user")?, text(columns.item, "item")?);
    if user.is_empty() || item.is_empty() {
        return Err("the user or the item is missing".into());
    }
    let seconds = time.parse::<f64>().ok().filter(|time| (0.0..1e11).contains(time));
    let seconds = seconds.ok_or_else(|| format!("the time `{time}` is no number of seconds since 1970"))?;
    let at = Time::from_millis((seconds * 1_000.0) as i64);
    if at > now {
        return Err(format!("the time `{time}` is yet to come"));
    }
    let action = match columns.action.map(|column| text(column, "action")).transpose()? {
        None | Some("" | "read" | "view" | "click") => Action::Read,
        Some("finish") => Action::Finish,
        Some(other) => Action::Other(other.chars().take(40).collect()),
    };
    Ok(Line { at, user: user.to_owned(), item: item.to_owned(), action })
}
