//! Whom mail comes from.

use lettre::message::Mailbox;
use url::{Host, Url};

use crate::address::{Address, NotAnAddress};

/// What stands in `From`, and what messages and greetings are named by.
#[derive(Clone)]
pub struct Sender {
    /// The site's name where there is none.
    name: Option<String>,
    address: Address,
    /// Of the site, as others find it; `localhost` where its address names none.
    host: String,
}

impl Sender {
    /// `from`: an address, or a name with an address in angle brackets; `noreply` at the host of `url` where it is not said.
    pub fn new(from: Option<&str>, url: &str) -> Result<Self, NotAnAddress> {
        let host = match Url::parse(url).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
            Some(Host::Domain(host)) => host,
            _ => "localhost".to_owned(),
        };
        let Some(from) = from else {
            return Ok(Self { name: None, address: Address::stored(format!("noreply@{host}")), host });
        };
        let (name, address) = match from.trim().strip_suffix('>').and_then(|from| from.rsplit_once('<')) {
            Some((name, address)) => (kernel::text::one_line(name.trim().trim_matches('"')), address),
            None => (String::new(), from),
        };
        let name = Some(name).filter(|name| !name.is_empty());
        Ok(Self { name, address: Address::parse(address)?, host })
    }

    /// Whether it is an address of a domain that others can find.
    pub fn is_public(&self) -> bool {
        Address::parse(self.address.expose()).is_ok()
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn mailbox(&self, site: &str) -> Result<Mailbox, NotAnAddress> {
        let name = self.name.clone().unwrap_or_else(|| kernel::text::one_line(site));
        Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), self.address.to_lettre()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_comes_from_the_site() {
        for (from, url, mailbox, host) in [
            (None, "https://news.example", "The News <noreply@news.example>", "news.example"),
            (
                None,
                "https://例子.测试",
                "The News <noreply@xn--fsqu00a.xn--0zwm56d>",
                "xn--fsqu00a.xn--0zwm56d",
            ),
            (None, "http://127.0.0.1:8080", "The News <noreply@localhost>", "localhost"),
            (Some("post@news.example"), "http://[::1]", "The News <post@news.example>", "localhost"),
            (Some("Desk <post@news.example>"), "https://a.example", "Desk <post@news.example>", "a.example"),
            (
                Some("\"A, B\"  <post@news.example>"),
                "https://a.example",
                "\"A, B\" <post@news.example>",
                "a.example",
            ),
        ] {
            let sender = Sender::new(from, url).unwrap();
            assert_eq!(sender.mailbox("The\r\nNews").unwrap().to_string(), mailbox);
            assert_eq!(sender.host(), host);
            assert_eq!(sender.is_public(), !mailbox.contains("@localhost"));
        }
        assert!(Sender::new(Some("nobody"), "https://a.example").is_err());
        assert!(Sender::new(Some("Desk <post@news.example> and others"), "https://a.example").is_err());
    }
}
