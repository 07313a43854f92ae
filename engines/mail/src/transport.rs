//! Where mail goes.

use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Error, Result, Time};
use lettre::transport::smtp::client::Certificate;

use crate::folder::Folder;
use crate::reply::Problem;
use crate::sender::Sender;
use crate::server::Server;
use crate::smtp::Smtp;
use crate::store::Stored;

/// What carries mail. Cheap to clone.
#[derive(Clone)]
pub enum Transport {
    /// Whole messages as files, for a site that is tried out.
    Folder(Folder),
    Smtp(SmtpTransport),
}

/// A mail server and the connections to it.
#[derive(Clone)]
pub struct SmtpTransport(Arc<Smtp>);

impl Transport {
    pub fn folder(path: PathBuf) -> Result<Self> {
        Ok(Self::Folder(Folder::open(path)?))
    }

    /// Asks nothing yet.
    pub fn smtp(server: Server, sender: &Sender) -> Result<Self> {
        Self::trusting(server, sender, None)
    }

    pub(crate) fn trusting(server: Server, sender: &Sender, trusted: Option<Certificate>) -> Result<Self> {
        Ok(Self::Smtp(SmtpTransport(Arc::new(Smtp::new(server, sender, trusted)?))))
    }

    /// The folder, where that is where mail goes.
    pub fn kept(&self) -> Option<&Folder> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Smtp(_) => None,
        }
    }

    /// As people are told, without user and password.
    pub fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.path().display().to_string(),
            Self::Smtp(SmtpTransport(smtp)) => smtp.server.to_string(),
        }
    }

    /// Whether it takes mail, as far as can be told without sending any. Errors: [`Error::Unavailable`], with what is wrong.
    pub async fn check(&self) -> Result<()> {
        match self {
            Self::Folder(folder) => folder.check(),
            Self::Smtp(SmtpTransport(smtp)) => smtp.check().await.map_err(|problem| match problem {
                Problem::Later(why) | Problem::Wrong(why) => Error::Unavailable(why.into()),
                Problem::Refused(code) => {
                    Error::Unavailable(format!("the mail server answered {code}").into())
                }
            }),
        }
    }

    pub(crate) async fn send(
        &self,
        mail: &Stored,
        sender: &Sender,
        message: Vec<u8>,
        now: Time,
    ) -> Result<(), Problem> {
        match self {
            Self::Folder(folder) => {
                let kept = folder.keep(mail.id, mail.created_at, message, now).await;
                kept.map_err(|error| Problem::Later(format!("the folder for mail takes none: {error}")))
            }
            Self::Smtp(SmtpTransport(smtp)) => smtp.send(sender.address(), &mail.to, &message).await,
        }
    }
}
