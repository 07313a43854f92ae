//! `byline config`.

use std::fmt::Display;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use db::Db;
use kernel::Env;
use oidc::{Oidc, Provider};
use services::SCHEMA;
use tokio::net::{TcpListener, lookup_host};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use web::render::Theme;

use crate::config::{Config, reference};
use crate::folder::owner;
use crate::{app, failures};

#[derive(Subcommand)]
pub enum Action {
    /// Prints every setting with what it means, its variable and its default, as a file that may be kept
    #[command(after_help = "Example: byline config reference > /etc/byline.toml")]
    Reference,
    /// Tries what is set: folder, database, bucket, mail server, clock, addresses, theme, sign-in providers; a server may run meanwhile
    #[command(after_help = "Example: byline config check --config /etc/byline.toml")]
    Check,
}

/// Longer than this no single look takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// Clocks that are further apart than this are said to be.
const APART: u64 = 1_000;

impl Action {
    /// `load` reads the settings, which the reference needs not.
    pub async fn run(self, load: impl FnOnce() -> Result<Config>) -> Result<()> {
        match self {
            Self::Reference => {
                print!("{}", reference()?);
                Ok(())
            }
            Self::Check => Box::pin(check(load()?)).await,
        }
    }
}

/// What came of one look.
enum Found {
    Good(String),
    /// It works, and somebody may want to know.
    Note(String),
}

async fn check(config: Config) -> Result<()> {
    let mut wrong = 0;
    let mut say = |what: &str, found: Result<Found>| {
        let (state, text) = match found {
            Ok(Found::Good(text)) => ("ok", text),
            Ok(Found::Note(text)) => ("note", text),
            Err(error) => {
                wrong += 1;
                ("wrong", failures::in_words(&error))
            }
        };
        println!("{state:<6} {what:<9} {text}");
    };
    say("data", bounded(async { folder(&config.data) }).await);
    say("database", bounded(database(&config)).await);
    say("pictures", bounded(pictures(&config)).await);
    say("mail", Box::pin(bounded(mail(&config))).await);
    say("listen", bounded(listen(config.listen)).await);
    say("url", bounded(url(&config)).await);
    say("theme", bounded(theme(&config)).await);
    let providers = config.providers().map_err(|invalid| anyhow::anyhow!(invalid.why))?;
    let oidc = Oidc::new(providers, &config.public_url(), Env::system());
    for provider in oidc.providers() {
        say("oidc", bounded(answers(&oidc, provider)).await);
    }
    match wrong {
        0 => Ok(()),
        1 => bail!("one of them does not work"),
        n => bail!("{n} of them do not work"),
    }
}

async fn bounded(look: impl Future<Output = Result<Found>>) -> Result<Found> {
    timeout(PATIENCE, look).await.with_context(|| format!("it did not answer within {PATIENCE:?}"))?
}

/// Whether files can be made in the folder, or in the next above that is there.
fn folder(wanted: &Path) -> Result<Found> {
    let there = wanted.exists();
    let above = wanted.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    tempfile::tempfile_in(above).map_err(|error| failures::folder(above, error))?;
    let name = wanted.display();
    Ok(Found::Good(if there { name.to_string() } else { format!("{name}; it is made at the first start") }))
}

/// Whether the database answers, has tables that this program can work on, takes a write, and agrees about the time.
async fn database(config: &Config) -> Result<Found> {
    let place = config.database_url()?;
    let name = failures::database_name(&place);
    if let db::DatabaseUrl::Sqlite(file) = &place
        && !file.exists()
    {
        return Ok(Found::Good(format!("{name}; it is made at the first start")));
    }
    let failed = |error: &kernel::Error| failures::database(&place, error);
    let (db, env) = (Db::open(&place).await.map_err(|error| failed(&error))?, Env::system());
    let waiting = db.pending(&SCHEMA).await.map_err(|error| failures::tables(&place, &error))?;
    if waiting == 0 {
        db.prove_write().await.map_err(|error| failed(&error))?;
        let identity = db.identity().await.map_err(|error| failed(&error))?;
        if owner(&config.data)?.is_some_and(|owner| owner != identity) {
            return Err(failures::other_site(&config.data, &place));
        }
    }
    let asked = env.now();
    let clock = db.clock().await.map_err(|error| failed(&error))?;
    let half = env.now().since(asked) / 2;
    let apart = clock.map_or(0, |clock| clock.millis().abs_diff(asked.plus(half).millis()));
    if apart > APART {
        return Ok(Found::Note(format!(
            "{name}; its clock and this machine's are {} s apart: the site goes by the database's",
            apart / 1_000
        )));
    }
    Ok(Found::Good(match waiting {
        0 => format!("{name}; it takes writes"),
        n => format!("{name}; {n} migrations are for the next start"),
    }))
}

/// Whether the bucket takes an object, gives it back and deletes it; of a folder, whether files can be made there.
async fn pictures(config: &Config) -> Result<Found> {
    let Some(name) = config.pictures.clone() else { return folder(&config.data.join("media")) };
    let store = app::open_pictures(config)?;
    store.check(&random_folder()).await.map_err(|error| failures::pictures(&name, &error))?;
    Ok(Found::Good(format!("{name}; an object was written, read and deleted")))
}

/// Whether the mail server lets us in, or files can be made. No mail is sent: `byline mail test` does.
async fn mail(config: &Config) -> Result<Found> {
    if config.mail_server().map_err(|invalid| anyhow::anyhow!(invalid.why))?.is_none() {
        return folder(&config.data.join("mail"));
    }
    let (transport, sender) = app::open_mail(config)?;
    let name = transport.name();
    transport.check().await.map_err(|error| failures::mail(&name, &error))?;
    if !sender.is_public() {
        return Ok(Found::Note(format!("{name}; `url` names no host that others find: set mail_from")));
    }
    Ok(Found::Good(format!("{name}; it lets us in")))
}

/// A folder of objects that nobody has.
fn random_folder() -> String {
    let mut bytes = [0; 16];
    Env::system().fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

async fn listen(address: SocketAddr) -> Result<Found> {
    match TcpListener::bind(address).await {
        Ok(_) => Ok(Found::Good(address.to_string())),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            Ok(Found::Note(format!("{address}: somebody listens there; the site itself, if it runs")))
        }
        Err(error) => Err(failures::listening(address, &error)),
    }
}

/// Whether the public name leads anywhere. Whether it leads here only a reader knows.
async fn url(config: &Config) -> Result<Found> {
    let url = config.public_url();
    let parsed = url::Url::parse(&url).with_context(|| format!("{url} is no address"))?;
    let host = parsed.host_str().with_context(|| format!("{url} names no host"))?;
    let port = parsed.port_or_known_default().unwrap_or(80);
    if let Err(error) = lookup_host((host.trim_matches(['[', ']']), port)).await {
        return Ok(Found::Note(format!("{url}: {host} is not found from here ({})", one_line(&error))));
    }
    let local = config.listen.ip().is_loopback();
    if parsed.scheme() == "https" && local && !config.behind_proxy {
        return Ok(Found::Note(format!(
            "{url}: the site listens for a proxy on this machine, and behind_proxy is false: limits by address take all readers for one"
        )));
    }
    Ok(Found::Good(url))
}

/// Whether a provider says of itself what is needed. Whether it knows us, only somebody who signs in learns.
async fn answers(oidc: &Oidc, provider: &Provider) -> Result<Found> {
    let Provider { id, issuer, .. } = provider;
    oidc.check(id).await.with_context(|| format!("{id} ({issuer})"))?;
    Ok(Found::Good(format!("{id} ({issuer}); it has to know {}", oidc.callback(id))))
}

async fn theme(config: &Config) -> Result<Found> {
    Theme::load(config.theme.as_deref()).map_err(|error| failures::theme(config.theme.as_deref(), &error))?;
    if let Some(path) = config.geo_database.clone() {
        spawn_blocking(move || geo::Geo::open(&path))
            .await?
            .map_err(|error| failures::setting("geo_database", &failures::cause(&error)))?;
    }
    let name =
        config.theme.as_ref().map_or_else(|| "the default".to_owned(), |path| path.display().to_string());
    Ok(Found::Good(name))
}

fn one_line(error: &impl Display) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
