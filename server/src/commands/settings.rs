//! `byline settings`: what is set while the site runs.

use anyhow::{Result, bail};
use clap::Subcommand;
use events::Actor;
use kernel::Error;
use serde_json::json;
use settings::Standing;

use crate::app;
use crate::config::{Config, bounds};

#[derive(Subcommand)]
pub enum Action {
    /// Lists all settings of the site with their values
    #[command(after_help = "Example: byline settings list --json")]
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Prints the value of one
    #[command(after_help = "Example: byline settings get site.name")]
    Get { name: String },
    /// Sets one; servers that run go by it within a second. Without a value, back to the default
    #[command(after_help = "Example: byline settings set accounts.sign-up closed")]
    Set { name: String, value: Option<String> },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let settings = app::open_services(&config).await?.settings.by(Actor::CommandLine);
        let find = |name: &str| settings.all().into_iter().find(|one| one.of.name == name);
        match self {
            Self::List { json } => {
                for Standing { of, value, source } in settings.all() {
                    if json {
                        let line = json!({"name": of.name, "value": value, "source": source.name(), "default": of.default, "bounds": bounds(of.input)});
                        println!("{line}");
                    } else {
                        println!("{} = {value:?}  ({}, {})", of.name, source.name(), bounds(of.input));
                    }
                }
            }
            Self::Get { name } => match find(&name) {
                Some(one) => println!("{}", one.value),
                None => bail!("there is no setting {name}; `byline settings list` lists all"),
            },
            Self::Set { name, value } => {
                let set = match &value {
                    Some(value) => settings.set(&[(&name, value)]).await,
                    None => settings.unset(&name).await,
                };
                match set {
                    Ok(_) => {}
                    Err(Error::NotFound) => {
                        bail!("there is no setting {name}; `byline settings list` lists all")
                    }
                    Err(Error::Conflict(_)) => {
                        bail!("the configuration says what {name} is; take it out there to set it here")
                    }
                    Err(Error::Invalid(_)) => {
                        let wanted = find(&name).map(|one| bounds(one.of.input)).unwrap_or_default();
                        bail!("{name} takes {wanted}")
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }
}
