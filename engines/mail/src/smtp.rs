//! Mail by SMTP.
//!
//! The conversation is held step by step with lettre's connection, as its transport does not say at which step a server refused: at the
//! recipient's it is about the address, before that about us.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{Error, Result};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tokio::time::{Instant, sleep, timeout};

use crate::address::{Address, NotAnAddress};
use crate::reply::{Problem, Step};
use crate::sender::Sender;
use crate::server::{Security, Server};

/// A machine that does not answer by then is as good as gone.
const CONNECT: Duration = Duration::from_secs(10);
/// The longest that a mail may take. RFC 5321, section 4.5.3.2 would let a server think for ten minutes; whoever needs that is asked again.
const WHOLE: Duration = Duration::from_mins(1);
/// A connection waits so long for the next mail; servers ask for fewer connections, and greeting takes longer than sending.
const IDLE: Duration = Duration::from_secs(20);
/// So many wait.
const IDLE_MOST: usize = 2;
/// For a farewell.
const QUIT: Duration = Duration::from_secs(2);

pub struct Smtp {
    pub server: Server,
    hello: ClientId,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    idle: Arc<Mutex<Vec<(AsyncSmtpConnection, Instant)>>>,
}

impl Smtp {
    /// Asks nothing yet. `trusted`: a certificate beside those that the system trusts.
    pub fn new(server: Server, sender: &Sender, trusted: Option<Certificate>) -> Result<Self> {
        let tls = match server.security {
            Security::None => None,
            Security::Tls | Security::StartTls => {
                let builder = TlsParameters::builder(server.host());
                let builder = match trusted {
                    Some(certificate) => builder.add_root_certificate(certificate),
                    None => builder,
                };
                Some(builder.build().map_err(Error::internal)?)
            }
        };
        let hello = match sender.host() {
            "localhost" => ClientId::default(),
            host => ClientId::Domain(host.to_owned()),
        };
        let credentials = server.credentials.clone().map(|(user, password)| Credentials::new(user, password));
        Ok(Self { server, hello, tls, credentials, idle: Arc::default() })
    }

    /// Whether the server lets us in. Nothing is sent.
    pub async fn check(&self) -> Result<(), Problem> {
        within(WHOLE, async {
            let mut connection = self.connect().await?;
            farewell(&mut connection).await;
            Ok(())
        })
        .await
    }

    pub async fn send(&self, from: &Address, to: &Address, message: &[u8]) -> Result<(), Problem> {
        within(WHOLE, async {
            let mut connection = match self.take_idle().await {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            let sent = converse(&mut connection, from, to, message).await;
            match sent {
                Ok(()) => self.keep(connection),
                Err(_) => farewell(&mut connection).await,
            }
            sent
        })
        .await
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Problem> {
        let at = (self.server.host(), self.server.port);
        let of = |step| move |error| Problem::of(step, &error);
        let wrapped = self.tls.clone().filter(|_| self.server.security == Security::Tls);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (at.0.as_str(), at.1),
            Some(CONNECT),
            &self.hello,
            wrapped,
            None,
        )
        .await
        .map_err(of(Step::Connect))?;
        if let Some(tls) = self.tls.clone().filter(|_| self.server.security == Security::StartTls) {
            connection.starttls(tls, &self.hello).await.map_err(of(Step::Connect))?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(of(Step::SignIn))?;
        }
        Ok(connection)
    }

    /// One that still answers.
    async fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (mut connection, since) = lock(&self.idle).pop()?;
            let answers = timeout(QUIT, connection.test_connected());
            if since.elapsed() < IDLE && answers.await.unwrap_or(false) {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = lock(&self.idle);
        if idle.len() >= IDLE_MOST {
            return;
        }
        idle.push((connection, Instant::now()));
        let of = self.idle.clone();
        tokio::spawn(async move {
            sleep(IDLE).await;
            lock(&of).retain(|(_, since)| since.elapsed() < IDLE);
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let late = |_| Err(Problem::Later(format!("the mail server took longer than {} s", limit.as_secs())));
    timeout(limit, work).await.unwrap_or_else(late)
}

async fn farewell(connection: &mut AsyncSmtpConnection) {
    let _ = timeout(QUIT, connection.abort()).await;
}

async fn converse(
    connection: &mut AsyncSmtpConnection,
    from: &Address,
    to: &Address,
    message: &[u8],
) -> Result<(), Problem> {
    let of = |step| move |error| Problem::of(step, &error);
    let mailbox = |address: &Address| {
        address.to_lettre().map_err(|NotAnAddress| Problem::Wrong("not an address".to_owned()))
    };
    let mut parameters = Vec::new();
    let knows = |extension| connection.server_info().supports_feature(extension);
    if from.needs_utf8() || to.needs_utf8() {
        if !knows(Extension::SmtpUtfEight) {
            if from.needs_utf8() {
                return Err(Problem::Wrong(
                    "the mail server does not know letters as in mail_from".to_owned(),
                ));
            }
            // As such a server would say itself, if it could be asked (RFC 6531, section 3.5).
            return Err(Problem::Refused(553));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    // Only headers with such an address: both parts are encoded. Who knows SMTPUTF8 knows this too (RFC 6531, section 3.1).
    if !message.is_ascii() {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection.command(Mail::new(Some(mailbox(from)?), parameters)).await.map_err(of(Step::Sender))?;
    connection.command(Rcpt::new(mailbox(to)?, Vec::new())).await.map_err(of(Step::Recipient))?;
    connection.command(Data).await.map_err(of(Step::Content))?;
    connection.message(message).await.map_err(of(Step::Content))?;
    Ok(())
}
