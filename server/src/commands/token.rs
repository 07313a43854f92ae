//! `byline token`.

use anyhow::{Result, bail};
use clap::Subcommand;
use events::Actor;
use kernel::TokenId;

use super::user::find;
use crate::app;
use crate::config::Config;

#[derive(Subcommand)]
pub enum Action {
    /// Makes a token that may do over the API what the user may do; shown once
    #[command(after_help = "Example: byline token create mara --name 'newsroom script'")]
    Create {
        handle: String,
        /// What it is for, to tell tokens apart
        #[arg(long, default_value = "token")]
        name: String,
        /// {"id": …, "token": …}
        #[arg(long)]
        json: bool,
    },
    /// Lists a user's tokens, oldest first; never the tokens themselves
    #[command(after_help = "Example: byline token list mara --json")]
    List {
        handle: String,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Ends a token, or all of a user
    #[command(after_help = "Example: byline token revoke 3fQk2aB9\n         byline token revoke --all mara")]
    Revoke {
        /// The id that `list` shows
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// The user whose tokens all end
        #[arg(long, value_name = "HANDLE", conflicts_with = "id")]
        all: Option<String>,
    },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let services = app::open_services(&config).await?.by(Actor::CommandLine);
        let accounts = &services.accounts;
        match self {
            Self::Create { handle, name, json } => {
                let user = find(accounts, &handle).await?;
                let (id, token) = accounts.create_token(user.id, &name).await?;
                if json {
                    println!("{}", serde_json::json!({ "id": id, "token": token }));
                } else {
                    println!("{token}");
                }
            }
            Self::List { handle, json } => {
                for token in accounts.tokens(find(accounts, &handle).await?.id).await? {
                    if json {
                        println!("{}", serde_json::to_string(&token)?);
                    } else {
                        println!("{:<12} {} {}", token.id, token.created_at.rfc3339(), token.name);
                    }
                }
            }
            Self::Revoke { all: Some(handle), .. } => {
                let user = find(accounts, &handle).await?;
                let tokens = accounts.tokens(user.id).await?;
                for token in &tokens {
                    accounts.delete_token(user.id, token.id).await?;
                }
                println!("{} ended", tokens.len());
            }
            Self::Revoke { id, .. } => {
                let id = id.unwrap_or_default();
                let Ok(token) = id.parse::<TokenId>() else { bail!("no token {id}") };
                match accounts.revoke_token(token).await {
                    Err(kernel::Error::NotFound) => bail!("no token {id}"),
                    done => done?,
                }
                println!("{id} ended");
            }
        }
        Ok(())
    }
}
