//! `byline search evaluate`, `byline recommend evaluate`: how good the lists are, on recorded data.

use std::path::PathBuf;

use anyhow::Result;
use clap::Subcommand;
use serde::Serialize;

#[derive(Subcommand)]
pub enum Search {
    /// Asks recorded questions, and says how high what answers them stands
    #[command(
        after_help = "Example: byline search evaluate --documents paragraphs.jsonl --queries questions.jsonl"
    )]
    Evaluate {
        /// A JSON object a line: id, title, text, tags
        #[arg(long)]
        documents: PathBuf,
        /// A JSON object a line: text, and in `documents` the id or ids that it should find
        #[arg(long)]
        queries: PathBuf,
        /// The figures as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Search {
    pub fn run(self) -> Result<()> {
        let Self::Evaluate { documents, queries, json } = self;
        let folder = tempfile::tempdir()?;
        let found = ::evaluate::search::evaluate(&documents, &queries, folder.path())?;
        if json {
            return print(&found);
        }
        println!("{} documents, {} queries", found.documents, found.queries);
        println!("MRR@10     {:.4}", found.mrr_10);
        println!("recall@10  {:.4}", found.recall_10);
        println!("p50        {:.2} ms", found.p50_ms);
        println!("p95        {:.2} ms", found.p95_ms);
        Ok(())
    }
}

#[derive(Subcommand)]
pub enum Recommend {
    /// Foresees recorded reads and choices, next to simple methods, and says how often it was right
    #[command(
        after_help = "Example: byline recommend evaluate --events events.csv --impressions behaviors.tsv --items items.jsonl"
    )]
    Evaluate {
        /// Lines of time,user,item,action under a line that says so; the time in seconds since 1970
        #[arg(long, required_unless_present = "impressions")]
        events: Option<PathBuf>,
        /// Lines of impression, user, time, history and candidates with -0 or -1, tabs between them (MIND)
        #[arg(long)]
        impressions: Option<PathBuf>,
        /// A JSON object a line: id, and what is known of author, title, text, channel, published_at
        #[arg(long)]
        items: Option<PathBuf>,
        /// The figures as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Recommend {
    pub fn run(self) -> Result<()> {
        let Self::Evaluate { events, impressions, items, json } = self;
        let found = ::evaluate::recommend(events.as_deref(), impressions.as_deref(), items.as_deref())?;
        if json {
            return print(&found);
        }
        if let Some(found) = &found.next_read {
            next_read(found);
        }
        if let Some(impressions) = &found.impressions {
            if found.next_read.is_some() {
                println!("\n");
            }
            chosen(impressions);
        }
        Ok(())
    }
}

fn next_read(found: &::evaluate::next_read::Report) {
    println!("{} events of {} users with {} items", found.events, found.users, found.items);
    println!(
        "tested {}; left out {} by users who had read the item before, {} with items that were no candidates\n",
        found.tested, found.read_before, found.unseen
    );
    println!("{:26}  HR@10 nDCG@10    MRR  rec@5 rec@10  cover <1 day top 1 %", "");
    for method in &found.methods {
        let p = &method.ranks;
        print!(
            "{:26} {:6.4}  {:6.4} {:6.4} {:6.4} {:6.4}",
            method.name, p.hr_10, p.ndcg_10, p.mrr, p.recall_5, p.recall_10
        );
        println!(" {:6.3} {:6.3} {}", method.coverage, method.under_a_day, share(method.top_authors));
    }
    compared(found.gain, found.best_baseline, &found.weights);
}

fn chosen(found: &::evaluate::impressions::Report) {
    println!("{} impressions of {} users with {} items", found.impressions, found.users, found.items);
    println!("tested {}; left out {} of which all was chosen, or nothing\n", found.tested, found.undecided);
    println!("{:26}    AUC    MRR nDCG@5 nDCG@10", "");
    for method in &found.methods {
        let f = &method.figures;
        println!("{:26} {:6.4} {:6.4} {:6.4}  {:6.4}", method.name, f.auc, f.mrr, f.ndcg_5, f.ndcg_10);
    }
    compared(found.gain, found.best_baseline, &found.weights);
}

fn compared(gain: f64, best: &str, weights: &[(&str, f64)]) {
    println!("\nnDCG@10 is {gain:.3} times that of the best other: {best}");
    println!("\nWhat the model weighs most:");
    for (feature, weight) in weights.iter().take(12) {
        println!("{weight:7.2}  {feature}");
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "     –".into(), |share| format!("{share:6.3}"))
}

fn print(figures: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string_pretty(figures)?);
    Ok(())
}
