//! `byline doctor`: looks whether what is stored is as it should be.

use anyhow::{Result, bail};
use audit::{Broken, Verified};
use kernel::Locale;
use services::Services;
use web::render::Messages;

use crate::app;
use crate::config::Config;

/// What a look found: good, or a sentence that says what is wrong and what helps.
type Found = kernel::Result<std::result::Result<String, Vec<String>>>;

pub async fn run(config: Config) -> Result<()> {
    let services = app::open_services(&config).await?;
    let looks = [
        ("audit", audit(&services).await),
        ("settings", settings(&services).await),
        ("jobs", jobs(&services).await),
        ("events", events(&services).await),
    ];
    let mut wrong = 0;
    for (what, found) in looks {
        match found {
            Ok(Ok(text)) => println!("ok     {what:<9} {text}"),
            Ok(Err(texts)) => {
                wrong += texts.len();
                for text in texts {
                    println!("wrong  {what:<9} {text}");
                }
            }
            Err(error) => {
                wrong += 1;
                println!("wrong  {what:<9} it could not be looked at: {error}");
            }
        }
    }
    match wrong {
        0 => Ok(()),
        1 => bail!("one thing is wrong"),
        n => bail!("{n} things are wrong"),
    }
}

async fn audit(s: &Services) -> Found {
    let Verified { rows, hash, broken } = s.audit.verify().await?;
    let first = match broken {
        None if rows == 0 => return Ok(Ok("the audit log is empty".to_owned())),
        None => {
            return Ok(Ok(format!(
                "{rows} rows of the audit log vouch for one another; the last hash is {hash}"
            )));
        }
        Some(Broken::Changed(seq)) => format!("row {seq} of the audit log is not as it was written"),
        Some(Broken::Missing(seq)) => format!("row {seq} of the audit log is missing"),
        Some(Broken::Added(seq)) => format!("row {seq} of the audit log was put in after its end"),
    };
    Ok(Err(vec![format!("{first}: somebody has changed the database by hand; compare it with a backup")]))
}

async fn settings(s: &Services) -> Found {
    let broken = s.settings.broken().await?;
    if broken.is_empty() {
        return Ok(Ok("all that are set can be read".to_owned()));
    }
    let messages = Messages::embedded()?;
    let sentence = |(name, code): (&str, &str)| {
        let why = messages.say(Locale::En, &format!("error-{code}"), &[("limit", 0)]);
        format!("{name} cannot be read, its default is in force ({why}): byline settings set {name} VALUE")
    };
    Ok(Err(broken.into_iter().map(sentence).collect()))
}

async fn jobs(s: &Services) -> Found {
    Ok(match s.jobs.count_failed().await? {
        0 => Ok("none has failed for good".to_owned()),
        n => Err(vec![format!(
            "{n} failed for good: `byline jobs list` says why, `byline jobs retry` tries again"
        )]),
    })
}

async fn events(s: &Services) -> Found {
    Ok(match s.journal.count_parked().await? {
        0 => Ok("none is parked".to_owned()),
        n => Err(vec![format!(
            "{n} are parked: `byline events parked` says why, `byline events retry` tries again"
        )]),
    })
}
