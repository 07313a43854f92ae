//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

#[cfg(feature = "demo")]
use crate::commands::demo;
use crate::commands::{
    self, config, evaluate, events, import, jobs, mail, media, settings, theme, token, user,
};
use crate::config::Config;
use crate::{failures, telemetry};

const EXAMPLE: &str = if cfg!(feature = "demo") {
    "Example: byline demo --listen 127.0.0.1:8080"
} else {
    "Example: byline serve --config /etc/byline.toml"
};

/// The software behind a self-media site: many accounts publish, one site reviews, stores and distributes.
#[derive(Parser)]
#[command(name = "byline", version, after_help = EXAMPLE)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves a site of demo articles; made at the first start, kept in its folder
    #[command(after_help = "Example: byline demo --data ./demo --articles 10000")]
    #[cfg(feature = "demo")]
    Demo(demo::Demo),
    /// Serves the site
    #[command(after_help = "Example: byline serve --config /etc/byline.toml")]
    Serve(ConfigArgs),
    /// Brings articles in from elsewhere; running it again changes nothing
    #[command(after_help = "Example: byline import wordpress export.xml")]
    Import {
        #[command(flatten)]
        import: import::Import,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Makes users, changes their passwords and roles, lists, suspends and deletes them
    #[command(after_help = "Example: byline user create mara --name 'Mara Ellison' --role operator")]
    User {
        #[command(subcommand)]
        action: user::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Makes, lists and revokes tokens for the API
    #[command(
        after_help = "Example: byline token create mara --name 'newsroom script'\n         byline token list mara"
    )]
    Token {
        #[command(subcommand)]
        action: token::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Makes the search index anew from the articles, beside the one that answers, on all nodes; servers may run
    #[command(after_help = "Example: byline reindex")]
    Reindex(ConfigArgs),
    /// Consumers of the journal: how far they are, and what they could not apply
    #[command(after_help = "Example: byline events consumers")]
    Events {
        #[command(subcommand)]
        action: events::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Work that is done beside the answers: what waits, and what failed for good
    #[command(after_help = "Example: byline jobs list")]
    Jobs {
        #[command(subcommand)]
        action: jobs::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Mail: sends a test, and knows addresses that take none
    #[command(after_help = "Example: byline mail test ann@example.org")]
    Mail {
        #[command(subcommand)]
        action: mail::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// What is set while the site runs: its name, who may sign up, what is reviewed
    #[command(after_help = "Example: byline settings list")]
    Settings {
        #[command(subcommand)]
        action: settings::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Looks whether what is stored is as it should be: the audit log, settings, jobs, events; a server may run meanwhile
    #[command(after_help = "Example: byline doctor")]
    Doctor(ConfigArgs),
    /// Pictures and the other files of the site
    #[command(after_help = "Example: byline media copy")]
    Media {
        #[command(subcommand)]
        action: media::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// What can be set, and whether what is set works
    #[command(after_help = "Example: byline config check")]
    Config {
        #[command(subcommand)]
        action: config::Action,
        #[command(flatten)]
        settings: ConfigArgs,
    },
    /// Offline ranking evaluation of recommendations
    Recommend {
        #[command(subcommand)]
        action: evaluate::Recommend,
    },
    /// Offline relevance evaluation of search
    Search {
        #[command(subcommand)]
        action: evaluate::Search,
    },
    /// Checks a theme folder against this version, and writes the default theme
    #[command(after_help = "Example: byline theme check ./my-theme")]
    Theme {
        #[command(subcommand)]
        action: theme::Action,
    },
}

impl Command {
    fn serves(&self) -> bool {
        match self {
            #[cfg(feature = "demo")]
            Self::Demo(_) => true,
            command => matches!(command, Self::Serve(_)),
        }
    }

    /// Where spans go. Settings that cannot be read are said when they are needed.
    fn collector(&self) -> Option<String> {
        match self {
            Self::Serve(settings) => settings.load(),
            #[cfg(feature = "demo")]
            Self::Demo(demo) => demo.settings(),
            _ => return None,
        }
        .ok()?
        .otlp_endpoint
    }
}

/// Where the site is.
#[derive(Args)]
pub struct ConfigArgs {
    /// Configuration file (default: byline.toml, if it is there)
    #[arg(long, global = true, env = "BYLINE_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the site's data, over what the file says
    #[arg(long, global = true)]
    data: Option<PathBuf>,
}

impl ConfigArgs {
    pub fn load(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        Ok(config)
    }
}

/// How long the end of the process waits for work that does not stop by itself.
const LAST_WORK: Duration = Duration::from_secs(5);

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = telemetry::start(cli.command.serves(), cli.command.collector().as_deref())
        .and_then(|_telemetry| work(cli.command));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("byline: {}", failures::in_words(&error));
            ExitCode::FAILURE
        }
    }
}

fn work(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(run(command));
    // What is still being worked at, off the threads that answer, has nobody who waits for it.
    runtime.shutdown_timeout(LAST_WORK);
    done
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        #[cfg(feature = "demo")]
        Command::Demo(demo) => Box::pin(demo.run()).await?,
        Command::Serve(settings) => Box::pin(working(&settings, commands::serve)).await?,
        Command::Import { import, settings } => {
            return working(&settings, async |config| Box::pin(import.run(config)).await).await;
        }
        Command::User { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Token { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Events { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Jobs { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Mail { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Settings { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Media { action, settings } => {
            Box::pin(working(&settings, async |config| Box::pin(action.run(config)).await)).await?;
        }
        Command::Config { action, settings } => Box::pin(action.run(|| settings.load())).await?,
        Command::Recommend { action } => action.run()?,
        Command::Search { action } => action.run()?,
        Command::Doctor(settings) => Box::pin(working(&settings, commands::doctor::run)).await?,
        Command::Reindex(settings) => Box::pin(working(&settings, commands::reindex::run)).await?,
        Command::Theme { action } => action.run()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs what works on a site's tables.
async fn working<T>(
    settings: &ConfigArgs,
    run: impl AsyncFnOnce(Config) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let config = settings.load()?;
    let place = config.database_url()?;
    run(config).await.map_err(|error| failures::working_on(&place, error))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// clap checks its description of the commands only when it is asked to.
    #[test]
    fn the_commands_are_described_without_contradiction() {
        super::Cli::command().debug_assert();
    }
}
