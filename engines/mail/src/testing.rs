//! A mail server for tests: it speaks SMTP, keeps what it gets, and answers as it is told.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// What a command is answered with, in the place of what is usual.
pub enum Reply {
    Says(&'static str),
    /// The connection ends without a word.
    HangsUp,
    /// Nothing comes, for ever.
    Silent,
    /// The usual answer, once the other end was told of it, and told to go on.
    After(oneshot::Sender<()>, oneshot::Receiver<()>),
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// The lines `MAIL FROM:…` and `RCPT TO:…`.
    pub mail: String,
    pub rcpt: String,
    pub message: Vec<u8>,
    /// Whether it came by TLS.
    pub encrypted: bool,
    /// What was sent to sign in.
    pub credentials: Option<String>,
}

/// What the server can do.
#[derive(Clone, Copy, Default)]
pub struct Abilities {
    pub starttls: bool,
    /// TLS from the first byte.
    pub tls: bool,
    pub utf8: bool,
    /// Whoever has not signed in may not send.
    pub auth: bool,
}

#[derive(Default)]
struct State {
    replies: HashMap<&'static str, VecDeque<Reply>>,
    received: Vec<Received>,
    connections: usize,
    greeted: Vec<String>,
}

/// Listens on this machine until it is dropped.
pub struct MailServer {
    pub address: SocketAddr,
    /// Its certificate, which signs itself (DER).
    pub certificate: Vec<u8>,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The password of user `byline`, as PLAIN says both (RFC 4616): `\0byline\0p/w`.
const PLAIN: &str = "AGJ5bGluZQBwL3c=";

impl MailServer {
    pub async fn start(abilities: Abilities) -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a certificate with its key");
        let tls = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State::default()));
        let of = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (state, tls) = (of.clone(), tls.clone());
                tokio::spawn(async move { serve(stream, &state, &tls, abilities).await });
            }
        });
        Self { address, certificate: cert.der().to_vec(), state, task }
    }

    /// `smtp://` with its address.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The next times that `command` comes it is answered so. Beside commands there are `CONNECT`, and `.` for the end of a message.
    pub fn reply(&self, command: &'static str, replies: impl IntoIterator<Item = Reply>) {
        self.state().replies.entry(command).or_default().extend(replies);
    }

    pub fn received(&self) -> Vec<Received> {
        self.state().received.clone()
    }

    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// What clients called themselves.
    pub fn greeted(&self) -> Vec<String> {
        self.state().greeted.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `None`: the connection ends.
type Goes = Option<()>;

async fn serve(stream: TcpStream, state: &Mutex<State>, tls: &TlsAcceptor, abilities: Abilities) {
    lock(state).connections += 1;
    let client = Client { credentials: None, mail: String::new(), rcpt: String::new() };
    if abilities.tls {
        let Ok(stream) = tls.accept(stream).await else { return };
        Session { stream: BufReader::new(stream), encrypted: true, client, state, abilities }.run(true).await;
        return;
    }
    let plain = Session { stream: BufReader::new(stream), encrypted: false, client, state, abilities };
    // After STARTTLS both begin anew (RFC 3207, section 4.2).
    if let Some(stream) = plain.run(true).await
        && let Ok(stream) = tls.accept(stream).await
    {
        let client = Client { credentials: None, mail: String::new(), rcpt: String::new() };
        Session { stream: BufReader::new(stream), encrypted: true, client, state, abilities }
            .run(false)
            .await;
    }
}

struct Client {
    credentials: Option<String>,
    mail: String,
    rcpt: String,
}

struct Session<'a, S> {
    stream: BufReader<S>,
    encrypted: bool,
    client: Client,
    state: &'a Mutex<State>,
    abilities: Abilities,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<'_, S> {
    /// Until the connection ends, or goes on by TLS.
    async fn run(mut self, greets: bool) -> Option<S> {
        if greets {
            self.answer("CONNECT", "220 mail.test ready").await?;
        }
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_owned();
            let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    lock(self.state).greeted.push(line[4..].trim().to_owned());
                    self.answer("EHLO", &self.capabilities()).await?;
                }
                "STARTTLS" if self.abilities.starttls && !self.encrypted => {
                    self.answer("STARTTLS", "220 go on").await?;
                    return Some(self.stream.into_inner());
                }
                "AUTH" => self.sign_in(&line).await?,
                "MAIL" if self.abilities.auth && self.client.credentials.is_none() => {
                    self.say("530 5.7.0 Authentication required").await?;
                }
                "MAIL" => {
                    self.client.mail = line;
                    self.answer("MAIL", "250 2.1.0 ok").await?;
                }
                "RCPT" => {
                    self.client.rcpt = line;
                    self.answer("RCPT", "250 2.1.5 ok").await?;
                }
                "DATA" => {
                    if self.answer("DATA", "354 go on").await? {
                        self.take().await?;
                    }
                }
                "NOOP" | "RSET" => self.say("250 2.0.0 ok").await?,
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    return None;
                }
                _ => self.say("502 5.5.1 what?").await?,
            }
        }
    }

    fn capabilities(&self) -> String {
        let mut lines = vec!["mail.test".to_owned(), "PIPELINING".to_owned()];
        let Abilities { starttls, utf8, auth, .. } = self.abilities;
        if starttls && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if utf8 {
            lines.extend(["8BITMIME".to_owned(), "SMTPUTF8".to_owned()]);
        }
        if auth {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        let last = lines.len() - 1;
        let lines = lines
            .iter()
            .enumerate()
            .map(|(n, line)| format!("250{}{line}", if n == last { ' ' } else { '-' }));
        lines.collect::<Vec<_>>().join("\r\n")
    }

    async fn sign_in(&mut self, line: &str) -> Goes {
        let said = line.strip_prefix("AUTH PLAIN ").unwrap_or_default().to_owned();
        let usual = if said == PLAIN { "235 2.7.0 welcome" } else { "535 5.7.8 Authentication failed" };
        self.client.credentials = (said == PLAIN).then_some(said);
        self.answer("AUTH", usual).await.map(drop)
    }

    /// Reads the message up to the line with nothing but a dot.
    async fn take(&mut self) -> Goes {
        let mut message = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await.ok()? == 0 {
                return None;
            }
            if line == b".\r\n" {
                break;
            }
            // Dots at the beginning of a line were doubled (RFC 5321, section 4.5.2).
            message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let Client { credentials, mail, rcpt } = &self.client;
        let received = Received {
            mail: mail.clone(),
            rcpt: rcpt.clone(),
            message,
            encrypted: self.encrypted,
            credentials: credentials.clone(),
        };
        lock(self.state).received.push(received);
        self.answer(".", "250 2.0.0 taken").await.map(drop)
    }

    /// Answers as it was told to, or as is usual; whether it was a yes.
    async fn answer(&mut self, command: &'static str, usual: &str) -> Option<bool> {
        let told = lock(self.state).replies.get_mut(command).and_then(VecDeque::pop_front);
        match told {
            None => self.say(usual).await.map(|()| true),
            Some(Reply::Says(text)) => self.say(text).await.map(|()| text.starts_with(['2', '3'])),
            Some(Reply::HangsUp) => None,
            Some(Reply::Silent) => std::future::pending().await,
            Some(Reply::After(tells, goes_on)) => {
                let _ = tells.send(());
                let _ = goes_on.await;
                self.say(usual).await.map(|()| true)
            }
        }
    }

    async fn say(&mut self, text: &str) -> Goes {
        self.stream.write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
        self.stream.flush().await.ok()
    }
}
