//! `byline user`.

use std::io::IsTerminal;

use accounts::Role;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use kernel::{Cursor, Handle};

use crate::app::Services;
use crate::config::Config;

#[derive(Subcommand)]
pub enum Action {
    /// Makes a user; the password is read from standard input
    #[command(
        after_help = "Example: echo 'a long password' | byline user create mara --name 'Mara Ellison' --role operator"
    )]
    Create {
        /// Name in addresses: letters and digits
        handle: String,
        /// Name as shown
        #[arg(long)]
        name: Option<String>,
        /// reviewer, editor or operator; may be repeated
        #[arg(long)]
        role: Vec<String>,
    },
    /// Sets a user's password, read from standard input
    #[command(after_help = "Example: echo 'another long one' | byline user passwd mara")]
    Passwd { handle: String },
    /// Gives a user a role, or takes it
    #[command(
        after_help = "Example: byline user role mara reviewer\n         byline user role mara reviewer --remove"
    )]
    Role {
        handle: String,
        /// reviewer, editor or operator
        role: String,
        #[arg(long)]
        remove: bool,
    },
    /// Lists users, newest first
    #[command(after_help = "Example: byline user list --json")]
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let services = Services::open(&config).await?;
        let accounts = &services.accounts;
        match self {
            Self::Create { handle, name, role } => {
                let roles = role.iter().map(|role| parse(role)).collect::<Result<Vec<_>>>()?;
                let name = name.unwrap_or_else(|| handle.clone());
                let user = accounts.sign_up(&handle, &name, &password()?, "console").await?;
                for role in roles {
                    accounts.grant(user.id, role).await?;
                }
                println!("{} is there", user.handle);
            }
            Self::Passwd { handle } => {
                accounts.set_password(&Handle::new(&handle)?, &password()?).await?;
                println!("password set");
            }
            Self::Role { handle, role, remove } => {
                let role = parse(&role)?;
                let handle = Handle::new(&handle)?;
                let user =
                    accounts.find_by_handle(&handle).await?.with_context(|| format!("no user {handle}"))?;
                if remove {
                    accounts.revoke(user.id, role).await?;
                } else {
                    accounts.grant(user.id, role).await?;
                }
                println!("done");
            }
            Self::List { json } => {
                let mut next = Some(Cursor::START);
                while let Some(cursor) = next {
                    let page = accounts.list(cursor).await?;
                    for user in page.items {
                        if json {
                            println!("{}", serde_json::to_string(&user)?);
                        } else {
                            let roles: Vec<&str> = user.roles.iter().map(Role::name).collect();
                            println!("{:<20} {:<24} {}", user.handle, user.name, roles.join(","));
                        }
                    }
                    next = page.next;
                }
            }
        }
        Ok(())
    }
}

fn parse(role: &str) -> Result<Role> {
    Role::named(role).with_context(|| format!("{role}: the roles are reviewer, editor and operator"))
}

/// One line of standard input: never an argument, which others on the machine could see.
fn password() -> Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("Password: ");
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("cannot read the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("no password on standard input");
    }
    Ok(password)
}
