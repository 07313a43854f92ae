//! `byline mail`.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::Subcommand;
use jobs::{State, Workers};
use kernel::Error;
use mail::{Accepted, Address, HOURLY, Letter, MailId, SendMail, Standing, TestLetter, Transport};
use services::Services;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::app;
use crate::config::Config;
use crate::jobs::zone;

#[derive(Subcommand)]
pub enum Action {
    /// Sends a test mail by the queue that all mail takes, and says what became of it; a server may run meanwhile
    #[command(after_help = "Example: byline mail test ann@example.org")]
    Test { address: String },
    /// Notes that mail to an address came back for good: it gets none until it is cleared
    #[command(after_help = "Example: byline mail bounced ann@example.org")]
    Bounced { address: String },
    /// Has mail sent again to an address that took none, or to all of them
    #[command(after_help = "Example: byline mail clear ann@example.org")]
    Clear {
        #[arg(required_unless_present = "all")]
        address: Option<String>,
        /// To all addresses, such as after a mail server was wrong about them
        #[arg(long, conflicts_with = "address")]
        all: bool,
    },
}

/// Longer than a mail may take.
const PATIENCE: Duration = Duration::from_secs(90);
/// "Requested action not taken: mailbox unavailable" (RFC 5321, section 4.2.2).
const UNAVAILABLE: u16 = 550;

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let address = match &self {
            Self::Test { address }
            | Self::Bounced { address }
            | Self::Clear { address: Some(address), .. } => address,
            Self::Clear { address: None, .. } => return Box::pin(clear_all(&config)).await,
        };
        let Ok(to) = Address::parse(address) else { bail!("{address} is no e-mail address") };
        let services = app::open_services(&config).await?;
        let outbox = &services.outbox;
        match self {
            Self::Test { .. } => Box::pin(test(&config, &services, to)).await,
            Self::Bounced { .. } => {
                let tx = services.db.write().await?;
                outbox.refuse(&tx, &to, UNAVAILABLE).await?;
                tx.commit().await?;
                println!("{address} gets no mail until it is cleared");
                Ok(())
            }
            Self::Clear { .. } => {
                let tx = services.db.write().await?;
                let was_refused = outbox.clear(&tx, &to).await?;
                tx.commit().await?;
                if !was_refused {
                    bail!("nobody has said that {address} takes no mail");
                }
                println!("{address} gets mail again");
                Ok(())
            }
        }
    }
}

async fn clear_all(config: &Config) -> Result<()> {
    let services = app::open_services(config).await?;
    let tx = services.db.write().await?;
    let cleared = services.outbox.clear_all(&tx).await?;
    tx.commit().await?;
    println!("{cleared} addresses get mail again");
    Ok(())
}

async fn test(config: &Config, services: &Services, to: Address) -> Result<()> {
    let letter = TestLetter { asked_at: services.env.now() };
    let letter = Letter::new(&letter, to.clone(), services.settings.identity().locale)?;
    let id = match services.outbox.post(&letter).await {
        Ok(Accepted::Queued(id)) => id,
        Ok(Accepted::Refused(refusal)) => bail!(
            "a mail server said that this address takes no mail ({}); `byline mail clear` has it tried again",
            refusal.code
        ),
        Err(Error::TooMany(_)) => bail!("one address gets no more than {HOURLY} mails an hour"),
        Err(error) => return Err(error.into()),
    };
    // Here, should no server run. Where one does, either may send it.
    let frame = app::open_frame(services, config).await?;
    let mail = app::open_mail(config)?;
    let transport = mail.0.clone();
    let mailer = app::mailer(services, &frame, mail);
    let stop = CancellationToken::new();
    let workers = Workers::new(services.jobs.clone(), move || zone(&frame)).on::<SendMail>(mailer);
    let working = tokio::spawn(workers.run(stop.clone()));
    let outcome = wait(services, id).await;
    stop.cancel();
    working.await?;
    outcome?;
    if let Some(refusal) = services.outbox.refusal(&to).await? {
        bail!("{} says that this address takes no mail ({})", transport.name(), refusal.code);
    }
    println!("{}", place(&transport, id).await?);
    Ok(())
}

/// Until it is known what becomes of it.
async fn wait(services: &Services, id: MailId) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match services.outbox.standing(id).await? {
            Standing::Over => return Ok(()),
            Standing::Dropped => bail!("somebody dropped its job"),
            Standing::Kept(job) => match (State::of(&job.state), job.error) {
                (Some(State::Failed), error) => {
                    services.jobs.discard(job.id).await?;
                    bail!("it cannot be sent: {}", error.unwrap_or_default());
                }
                (Some(State::Queued), Some(error)) => {
                    bail!("it was not sent yet, and is tried again where a server runs: {error}");
                }
                _ => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    bail!("it was not sent within {} s; `byline jobs list --state queued` says why", PATIENCE.as_secs())
}

/// Where it went.
async fn place(transport: &Transport, id: MailId) -> Result<String> {
    let Some(folder) = transport.kept() else {
        return Ok(format!("{} took it", transport.name()));
    };
    let named = |name: &str| name.ends_with(&format!("-{id}.eml"));
    let kept = folder.list(100).await?.into_iter().find(|kept| named(&kept.name));
    let name = kept.map_or_else(String::new, |kept| kept.name);
    Ok(format!("kept as {}", folder.path().join(name).display()))
}
