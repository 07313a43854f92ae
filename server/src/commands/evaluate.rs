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
        let found = search::evaluate::evaluate(&documents, &queries, folder.path())?;
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

fn print(figures: &impl Serialize) -> Result<()> {
    println!("{}", serde_json::to_string_pretty(figures)?);
    Ok(())
}
