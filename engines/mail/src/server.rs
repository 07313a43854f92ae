//! A mail server by its address.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

/// How the way there is closed to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// From the first byte (`smtps://`; RFC 8314).
    Tls,
    /// After STARTTLS, without which nothing is said (`smtp://`; RFC 3207).
    StartTls,
    /// Not at all: on this machine, or where that is said.
    None,
}

/// `smtps://USER:PASSWORD@HOST:PORT` or `smtp://…`.
#[derive(Clone)]
pub struct Server {
    pub(crate) host: Host<String>,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) credentials: Option<(String, String)>,
}

/// Submission (RFC 8314, section 7.3; RFC 6409).
const SUBMISSIONS: u16 = 465;
const SUBMISSION: u16 = 587;

impl Server {
    /// Errors: why it cannot be one, without the password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form =
            || "use smtps://HOST or smtp://HOST, with :PORT where it is another than 465 or 587".to_owned();
        let url = Url::parse(text).map_err(|_| form())?;
        // Of schemes that it does not know, `url` reads the host as it stands.
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(form)?;
        let host = Host::parse(host).map_err(|_| form())?;
        let (default, usual) = match url.scheme() {
            "smtps" => (SUBMISSIONS, Security::Tls),
            "smtp" if is_here(&host) => (SUBMISSION, Security::None),
            "smtp" => (SUBMISSION, Security::StartTls),
            _ => return Err(form()),
        };
        let security = match (url.scheme(), url.query()) {
            (_, None) => usual,
            ("smtp", Some("tls=none")) => Security::None,
            ("smtp", Some("tls=required")) => Security::StartTls,
            _ => {
                return Err(
                    "behind the host may stand ?tls=none or ?tls=required, with smtp:// only".to_owned()
                );
            }
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(form());
        }
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8().map_err(|_| form())?;
            Ok::<_, String>(text.into_owned())
        };
        let server = Self { host, port: url.port().unwrap_or(default), security, credentials: None };
        match (url.username(), url.password()) {
            ("", None) => Ok(server),
            (user, Some(password)) if !user.is_empty() => {
                server.with_credentials(decoded(user)?, decoded(password)?)
            }
            _ => Err("user and password go together".to_owned()),
        }
    }

    /// Signs in. Errors: where it would in the clear, or does already.
    pub fn with_credentials(self, user: String, password: String) -> Result<Self, String> {
        if self.credentials.is_some() {
            return Err("user and password are set twice".to_owned());
        }
        if self.security == Security::None && !is_here(&self.host) {
            return Err("a password is not sent in the clear: leave ?tls=none out".to_owned());
        }
        Ok(Self { credentials: Some((user, password)), ..self })
    }

    /// As `lookup_host` and certificates have it.
    pub(crate) fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }
}

/// Whether it is this machine.
fn is_here(host: &Host<String>) -> bool {
    match host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Without user and password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.security == Security::Tls { "smtps" } else { "smtp" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read_and_shown_without_its_password() {
        for (text, shown, security, user) in [
            ("smtps://mail.example", "smtps://mail.example:465", Security::Tls, None),
            (
                "smtps://ann%40a.example:p%2Fw@Mail.example:4465/",
                "smtps://mail.example:4465",
                Security::Tls,
                Some("ann@a.example"),
            ),
            ("smtp://mail.example", "smtp://mail.example:587", Security::StartTls, None),
            ("smtp://a:b@mail.example:25", "smtp://mail.example:25", Security::StartTls, Some("a")),
            ("smtp://mail.example?tls=none", "smtp://mail.example:587", Security::None, None),
            ("smtp://localhost:25", "smtp://localhost:25", Security::None, None),
            ("smtp://localhost?tls=required", "smtp://localhost:587", Security::StartTls, None),
            ("smtp://a:b@127.0.0.1", "smtp://127.0.0.1:587", Security::None, Some("a")),
            ("smtp://[::1]:25", "smtp://[::1]:25", Security::None, None),
        ] {
            let server = Server::parse(text).unwrap();
            assert_eq!((format!("{server:?}").as_str(), server.security), (shown, security), "{text}");
            assert_eq!(server.credentials.as_ref().map(|(user, _)| user.as_str()), user, "{text}");
        }
        let server = Server::parse("smtps://a:p%2Fw%20%E6%BD%AE@mail.example").unwrap();
        assert_eq!(server.credentials.unwrap().1, "p/w 潮");
    }

    #[test]
    fn what_cannot_work_is_refused_without_the_password() {
        for text in [
            "mail.example",
            "file",
            "http://mail.example",
            "smtp://",
            "smtps://mail.example/folder",
            "smtps://mail.example?tls=none",
            "smtp://mail.example?tls=maybe",
            "smtps://user@mail.example",
            "smtps://:hunter2@mail.example",
            "smtp://user:hunter2@mail.example?tls=none",
        ] {
            let why = Server::parse(text).unwrap_err();
            assert!(!why.contains("hunter2"), "{why}");
        }
        let server = Server::parse("smtps://a:b@mail.example").unwrap();
        assert!(server.with_credentials("c".into(), "d".into()).is_err());
    }
}
