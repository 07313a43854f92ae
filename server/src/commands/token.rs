//! `byline token`.

use anyhow::{Context, Result};
use clap::Subcommand;
use kernel::Handle;

use crate::app::Services;
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
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let Self::Create { handle, name, json } = self;
        let services = Services::open(&config).await?;
        let handle = Handle::new(&handle)?;
        let user =
            services.accounts.find_by_handle(&handle).await?.with_context(|| format!("no user {handle}"))?;
        let (id, token) = services.accounts.create_token(user.id, &name).await?;
        if json {
            println!("{}", serde_json::json!({ "id": id, "token": token }));
        } else {
            println!("{token}");
        }
        Ok(())
    }
}
