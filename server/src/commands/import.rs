//! `byline import`.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use ::import::{Importer, Options, Progress, ReadsImporter, ReadsReport, Report, Source};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::Slug;
use reads::Reads;
use tokio::time::Instant;

use crate::app;
use crate::config::Config;

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// One article a line, as the documentation says
    Jsonl,
    /// A WordPress export (WXR)
    Wordpress,
    /// An RSS or Atom file
    Rss,
    /// What was read elsewhere: a table of time,user,item,action
    Reads,
}

#[derive(Args)]
#[group(skip)]
pub struct Import {
    kind: Kind,
    path: PathBuf,
    /// What outside ids begin with (default: jsonl, or the host of the blog or feed)
    #[arg(long)]
    source: Option<String>,
    /// Channel of articles that name none the site has; made if it is missing
    #[arg(long, default_value = "general")]
    channel: String,
    /// Makes channels of WordPress categories instead of tags
    #[arg(long)]
    channels_from_categories: bool,
    /// The report as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Fails, after everything else went in, where a record could not.
    pub async fn run(self, config: Config) -> Result<ExitCode> {
        let Ok(default_channel) = Slug::new(&self.channel) else {
            bail!("--channel: {} is no slug", self.channel)
        };
        let s = app::open_services(&config).await?;
        let shown = ProgressDisplay::new();
        let source = match self.kind {
            Kind::Jsonl => Source::Jsonl,
            Kind::Wordpress => Source::Wordpress,
            Kind::Rss => Source::Rss,
            Kind::Reads => {
                let importer = ReadsImporter {
                    reads: Reads::new(s.db, s.env.clone()),
                    env: s.env,
                    articles: s.articles,
                };
                let report = importer.run(&self.path, self.source.as_deref(), &shown).await?;
                shown.bar.finish_and_clear();
                println!(
                    "{}",
                    if self.json { reads_json(&report).to_string() } else { reads_words(&report) }
                );
                return Ok(code(report.problems));
            }
        };
        let options = Options {
            source_name: self.source,
            default_channel,
            channels_from_categories: self.channels_from_categories,
        };
        let importer = Importer::new(s.env, s.articles, s.authors, s.comments, s.media);
        let report = importer.run(source, &self.path, &options, &shown).await?;
        shown.bar.finish_and_clear();
        println!("{}", if self.json { json(&report).to_string() } else { words(&report) });
        Ok(code(report.problems))
    }
}

fn code(problems: u64) -> ExitCode {
    if problems > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A bar on a terminal, a line every few seconds elsewhere.
struct ProgressDisplay {
    bar: ProgressBar,
    terminal: bool,
    said: Mutex<Instant>,
}

const SAY_EVERY: Duration = Duration::from_secs(5);

impl ProgressDisplay {
    fn new() -> Self {
        let bar = ProgressBar::no_length();
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent}% {bytes}/{total_bytes} {eta}") {
            bar.set_style(style);
        }
        Self { bar, terminal: std::io::stderr().is_terminal(), said: Mutex::new(Instant::now()) }
    }
}

impl Progress for ProgressDisplay {
    fn total_bytes(&self, bytes: u64) {
        self.bar.set_length(bytes);
    }

    fn at_byte(&self, byte: u64) {
        self.bar.set_position(byte);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.terminal && said.elapsed() >= SAY_EVERY {
            *said = Instant::now();
            eprintln!("{} of {} bytes read", byte, self.bar.length().unwrap_or_default());
        }
    }

    fn problem(&self, record: u64, line: Option<u64>, reason: &str) {
        let place = match line {
            Some(line) if line != record => format!("record {record} (line {line})"),
            Some(line) => format!("line {line}"),
            None => format!("record {record}"),
        };
        self.bar.suspend(|| eprintln!("{place}: {reason}"));
    }
}

fn words(report: &Report) -> String {
    let mut text = format!(
        "{} new articles ({} were here), {} new comments, {} new authors",
        report.articles_new, report.articles_known, report.comments_new, report.authors_new
    );
    text.push_str(&aside(&report.skipped_by_kind, report.problems, "records"));
    text
}

fn reads_words(report: &ReadsReport) -> String {
    let text = format!("{} new reads ({} lines were here)", report.reads_new, report.lines_known);
    text + &aside(&report.skipped_by_kind, report.problems, "lines")
}

/// What did not come in.
fn aside(skipped: &BTreeMap<String, u64>, problems: u64, of: &str) -> String {
    let mut text = String::new();
    if !skipped.is_empty() {
        let kinds: Vec<String> = skipped.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
        text.push_str(&format!("\nleft out: {}", kinds.join(", ")));
    }
    if problems > 0 {
        text.push_str(&format!("\n{problems} {of} had problems, named above; the rest is in"));
    }
    text
}

fn reads_json(report: &ReadsReport) -> serde_json::Value {
    serde_json::json!({
        "reads_new": report.reads_new,
        "lines_known": report.lines_known,
        "problems": report.problems,
        "skipped": report.skipped_by_kind,
    })
}

fn json(report: &Report) -> serde_json::Value {
    serde_json::json!({
        "articles_new": report.articles_new,
        "articles_known": report.articles_known,
        "comments_new": report.comments_new,
        "authors_new": report.authors_new,
        "problems": report.problems,
        "skipped": report.skipped_by_kind,
    })
}
