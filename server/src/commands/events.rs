//! `byline events`: how those stand who follow the journal with rows of their own.

use anyhow::{Result, bail};
use audit::Record;
use clap::Subcommand;
use events::{Actor, ConsumerStatus};
use kernel::Error;
use serde_json::json;

use crate::app;
use crate::config::Config;

/// Parked events that one look shows.
const SHOWN: usize = 1_000;

#[derive(Subcommand)]
pub enum Action {
    /// Lists the consumers: how far behind, what fails, how much is parked
    #[command(after_help = "Example: byline events consumers --json")]
    Consumers {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Lists events that a consumer could not apply and went on without, newest first
    Parked {
        /// Of this consumer only
        consumer: Option<String>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Has parked events tried again: one, or all of a consumer; the server that runs does so
    #[command(after_help = "Example: byline events retry notifications 4711")]
    Retry { consumer: String, seq: Option<i64> },
    /// Drops a parked event for good
    Drop { consumer: String, seq: i64 },
    /// Has a consumer make its rows anew from the tables; the server that runs does so
    Rebuild { consumer: String },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let services = app::open_services(&config).await?;
        let journal = &services.journal;
        let (tx, record) = match self {
            Self::Consumers { json } => {
                for one in journal.consumers().await? {
                    if json {
                        let line = json!({
                            "name": one.name, "behind": one.behind, "parked": one.parked, "failures": one.failures,
                            "error": one.error, "moved_at": one.moved_at.rfc3339(),
                        });
                        println!("{line}");
                    } else {
                        let more = if one.behind == ConsumerStatus::COUNTED { " or more" } else { "" };
                        println!("{}  {}{more} behind, {} parked", one.name, one.behind, one.parked);
                        if let Some(error) = one.error {
                            println!("    failed {} times, last: {error}", one.failures);
                        }
                    }
                }
                return Ok(());
            }
            Self::Parked { consumer, json } => {
                for event in journal.parked(consumer.as_deref(), SHOWN).await? {
                    if json {
                        let line = json!({
                            "consumer": event.consumer, "seq": event.seq, "kind": event.kind, "at": event.at.rfc3339(),
                            "error": event.error, "parked_at": event.parked_at.rfc3339(), "again": event.again,
                        });
                        println!("{line}");
                    } else {
                        println!("{} {}  {}  {}", event.consumer, event.seq, event.kind, event.error);
                    }
                }
                return Ok(());
            }
            Self::Retry { consumer, seq } => {
                let tx = services.db.write().await?;
                match journal.retry_parked_in(&tx, &consumer, seq).await? {
                    0 => bail!("nothing is parked there; `byline events parked` lists what is"),
                    n => {
                        println!("{n} to be tried again");
                        (tx, Record::new("event.retry", "consumer", consumer).before(seq))
                    }
                }
            }
            Self::Drop { consumer, seq } => {
                let tx = services.db.write().await?;
                match journal.drop_parked_in(&tx, &consumer, seq).await {
                    Err(Error::NotFound) => {
                        bail!("no such event is parked; `byline events parked` lists what is")
                    }
                    done => done?,
                }
                (tx, Record::new("event.drop", "consumer", consumer).before(seq))
            }
            Self::Rebuild { consumer } => {
                let tx = services.db.write().await?;
                match journal.rebuild_in(&tx, &consumer).await {
                    Err(Error::NotFound) => {
                        bail!("there is no consumer {consumer}; `byline events consumers` lists them")
                    }
                    done => done?,
                }
                (tx, Record::new("consumer.rebuild", "consumer", consumer))
            }
        };
        audit::record(&tx, &journal.by(Actor::CommandLine), record).await?;
        Ok(tx.commit().await?)
    }
}
