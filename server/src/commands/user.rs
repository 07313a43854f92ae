//! `byline user`.

use std::io::IsTerminal;

use accounts::{Accounts, AnyRole, Role, TypedInvitation, User};
use anyhow::{Context, Result, bail};
use authors::Author;
use clap::Subcommand;
use events::Actor;
use kernel::{Cursor, Handle, Slug};
use serde_json::json;
use services::Services;
use web::render::Theme;

use crate::app;
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
        /// reviewer, editor, operator, or one that the site made; may be repeated
        #[arg(long)]
        role: Vec<String>,
    },
    /// Sets a user's password, read from standard input; ends their sessions and API tokens
    #[command(after_help = "Example: echo 'another long one' | byline user passwd mara")]
    Passwd { handle: String },
    /// Gives a user a role, or takes it
    #[command(
        after_help = "Example: byline user role mara reviewer\n         byline user role mara reviewer --remove"
    )]
    Role {
        handle: String,
        /// reviewer, editor, operator, or one that the site made
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
    /// Makes a link by which somebody makes an account, or mails it; what a link can do, whoever has it can do
    #[command(
        after_help = "Example: byline user invite --uses 5 --days 14\n         byline user invite --email mara@example.org --role editor"
    )]
    Invite {
        /// How many may come by it
        #[arg(long, default_value = "1")]
        uses: String,
        /// How many days it is good
        #[arg(long, default_value = "7")]
        days: String,
        /// Mails it there: good once, and the address counts as confirmed
        #[arg(long, default_value = "")]
        email: String,
        /// reviewer, editor, operator, or one that the site made: what whoever comes holds from the beginning
        #[arg(long, default_value = "")]
        role: String,
    },
    /// Says which e-mail address a user has shown to be theirs, and which waits for that
    #[command(after_help = "Example: byline user email mara")]
    Email { handle: String },
    /// Takes the second factors of a user who lost theirs, passkeys and recovery codes too: the password alone opens the account then. Make
    /// sure first that it is they; sessions end, and they are told by mail
    #[command(after_help = "Example: byline user reset-factors mara")]
    ResetFactors { handle: String },
    /// Shuts a user out: sessions and API tokens end at once, and nobody can sign in
    #[command(after_help = "Example: byline user suspend mara")]
    Suspend { handle: String },
    /// Lets a suspended user in again
    #[command(after_help = "Example: byline user restore mara")]
    Restore { handle: String },
    /// Deletes a user for good; not a word of published comments stays
    #[command(
        after_help = "Example: byline user delete mara        says what would go and what would stay\n         byline user delete mara --yes  does it"
    )]
    Delete {
        handle: String,
        /// Does it
        #[arg(long)]
        yes: bool,
        /// What would be done, as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let services = app::open_services(&config).await?.by(Actor::CommandLine);
        let accounts = &services.accounts;
        match self {
            Self::Create { handle, name, role } => {
                let mut roles = Vec::new();
                for role in &role {
                    roles.push(find_role(accounts, role).await?);
                }
                let name = name.unwrap_or_else(|| handle.clone());
                let user = accounts.create_user(&handle, &name, &password()?).await?;
                for role in roles {
                    accounts.grant(None, user.id, role).await?;
                }
                println!("{} is there", user.handle);
            }
            Self::Passwd { handle } => {
                let user = find(accounts, &handle).await?;
                accounts.set_password(&user.handle, &password()?).await?;
                println!("password set");
            }
            Self::Role { handle, role, remove } => {
                let role = find_role(accounts, &role).await?;
                let user = find(accounts, &handle).await?;
                if remove {
                    accounts.revoke(None, user.id, role).await?;
                } else {
                    accounts.grant(None, user.id, role).await?;
                }
                println!("done");
            }
            Self::Invite { uses, days, email, role } => {
                let typed = TypedInvitation { uses: &uses, days: &days, email: &email, role: &role };
                let locale = services.settings.get(&settings::site::LOCALE);
                match accounts.invite(None, typed, locale).await? {
                    (_, Some(token)) => println!("{}/signup?invite={token}", config.public_url()),
                    (_, None) => println!("a mail is on its way"),
                }
            }
            Self::Email { handle } => email(accounts, &find(accounts, &handle).await?).await?,
            Self::ResetFactors { handle } => {
                let user = find(accounts, &handle).await?;
                accounts.reset_factors(None, user.id).await?;
                println!("{} has no second factor any more", user.handle);
            }
            Self::Suspend { handle } => {
                let user = find(accounts, &handle).await?;
                accounts.suspend(None, user.id).await?;
                println!("{} is suspended", user.handle);
            }
            Self::Restore { handle } => {
                let user = find(accounts, &handle).await?;
                accounts.restore(None, user.id).await?;
                println!("{} can sign in again", user.handle);
            }
            Self::Delete { handle, yes, json } => {
                let user = find(accounts, &handle).await?;
                delete(&services, &config, &user, yes, json).await?;
            }
            Self::List { json } => {
                let mut next = Some(Cursor::START);
                while let Some(cursor) = next {
                    let page = accounts.list(cursor).await?;
                    for user in page.items {
                        if json {
                            println!("{}", serde_json::to_string(&user)?);
                        } else {
                            let mut roles: Vec<&str> = user.roles.iter().map(Role::name).collect();
                            roles.extend(user.custom_roles.names().iter().map(Slug::as_str));
                            let state = if user.suspended_at.is_some() { " suspended" } else { "" };
                            println!("{:<20} {:<24} {}{state}", user.handle, user.name, roles.join(","));
                        }
                    }
                    next = page.next;
                }
            }
        }
        Ok(())
    }
}

async fn email(accounts: &Accounts, user: &User) -> Result<()> {
    let (shown, waiting) = (accounts.email(user.id).await?, accounts.waiting_email(user.id).await?);
    if shown.is_none() && waiting.is_none() {
        bail!("{} has no e-mail address", user.handle);
    }
    if let Some(address) = shown {
        println!("{}", address.expose());
    }
    if let Some(address) = waiting {
        println!("{} (not confirmed)", address.expose());
    }
    Ok(())
}

pub async fn find(accounts: &Accounts, handle: &str) -> Result<User> {
    let handle = Handle::new(handle)?;
    accounts.find_by_handle(&handle).await?.with_context(|| format!("no user {handle}"))
}

async fn delete(services: &Services, config: &Config, user: &User, yes: bool, json: bool) -> Result<()> {
    let preview = services.erasure.preview(user.id).await?;
    let handles = |authors: &[Author]| authors.iter().map(|a| a.handle.to_string()).collect::<Vec<_>>();
    let (sole, shared) = (handles(&preview.sole), handles(&preview.shared));
    if !yes {
        if json {
            let (handle, comments) = (&user.handle, preview.comments);
            println!("{}", json!({ "handle": handle, "comments": comments, "sole": sole, "shared": shared }));
        } else {
            println!(
                "{}: the account, sessions, tokens, follows, likes, history and wishes would go",
                user.handle
            );
            println!(
                "{} published comments would lose every word; of those that were answered the place would stay",
                preview.comments
            );
            for author in &shared {
                println!("@{author} would keep its other owners");
            }
            for author in &sole {
                println!("@{author} has no other owner; give it one first");
            }
        }
        bail!("nothing is deleted without --yes");
    }
    let theme = Theme::load(config.theme.as_deref())?;
    let locale = services.settings.get(&settings::site::LOCALE);
    let name = theme.messages().say(locale, "user-deleted", &[]);
    services.erasure.delete(None, user.id, &name).await?;
    println!("{} is deleted", user.handle);
    Ok(())
}

/// A role that there is.
async fn find_role(accounts: &Accounts, name: &str) -> Result<AnyRole> {
    if let Some(role) = accounts.find_role(name).await? {
        return Ok(role);
    }
    let custom = accounts.custom_roles().await?;
    let mut all: Vec<&str> = Role::ALL.into_iter().map(Role::name).collect();
    all.extend(custom.iter().map(|role| role.name.as_str()));
    bail!("{name}: the roles are {}", all.join(", "))
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
