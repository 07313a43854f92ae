//! Providers, as an operator declares them.

use std::collections::HashSet;
use std::fmt;

use kernel::Slug;
use openidconnect::IssuerUrl;
use url::{Host, Url};

use crate::ask::Ask;

/// What stays out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[derive(Clone, Debug)]
pub struct Provider {
    /// In addresses: a slug.
    pub id: String,
    /// On buttons.
    pub label: String,
    /// As the provider writes it, to the last slash. Subjects are its own, so whoever changes it has another provider.
    pub issuer: String,
    pub client_id: String,
    /// Without one, PKCE alone shows that it is we who come with the code.
    pub client_secret: Option<Secret>,
    /// Beside `openid`.
    pub scopes: Vec<String>,
}

/// Why a provider cannot be declared so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {why}")]
pub struct InvalidProvider {
    pub id: String,
    pub why: String,
}

/// Those of a site, checked. Nobody is asked for that.
#[derive(Clone, Default)]
pub struct Providers(pub(crate) Vec<Checked>);

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|checked| &checked.provider)).finish()
    }
}

#[derive(Clone)]
pub(crate) struct Checked {
    pub provider: Provider,
    pub issuer: IssuerUrl,
    pub ask: Ask,
}

impl Providers {
    /// `allow` are hosts that may be asked though they are not public ([`outbound::Options::allow`]).
    pub fn new(declared: Vec<Provider>, allow: &[String]) -> Result<Self, InvalidProvider> {
        let mut ids = HashSet::new();
        declared
            .into_iter()
            .map(|provider| {
                let invalid = |why: String| InvalidProvider { id: provider.id.clone(), why };
                if Slug::new(&provider.id).is_err() {
                    return Err(invalid("an id is of small letters, digits and hyphens".to_owned()));
                }
                if !ids.insert(provider.id.clone()) {
                    return Err(invalid("another provider has the same id".to_owned()));
                }
                for (name, value) in [("label", &provider.label), ("client_id", &provider.client_id)] {
                    if value.trim().is_empty() {
                        return Err(invalid(format!("{name} is not set")));
                    }
                }
                let issuer = issuer(&provider.issuer).map_err(|why| invalid(why.to_owned()))?;
                let ask = Ask::new(allow).map_err(|error| invalid(error.to_string()))?;
                Ok(Checked { provider, issuer, ask })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn issuer(text: &str) -> Result<IssuerUrl, &'static str> {
    let url = Url::parse(text).map_err(|_| "issuer must be an address: https://…")?;
    if !is_fit(&url) {
        return Err("issuer must begin with https://");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("issuer has neither ? nor #");
    }
    IssuerUrl::new(text.to_owned()).map_err(|_| "issuer must be an address: https://…")
}

/// Whether secrets may go there: by TLS, or to this machine.
pub(crate) fn is_fit(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || url.scheme() == "http" && here
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider() -> Provider {
        Provider {
            id: "work".into(),
            label: "Work".into(),
            issuer: "https://id.example".into(),
            client_id: "byline".into(),
            client_secret: Some(Secret::new("hunter2".into())),
            scopes: vec![],
        }
    }

    #[test]
    fn a_declaration_that_cannot_work_is_named() {
        let why = |declared: Vec<Provider>| Providers::new(declared, &[]).err().unwrap().to_string();
        for (wrong, want) in [
            (Provider { id: "My Work".into(), ..provider() }, "My Work: an id is"),
            (Provider { label: " ".into(), ..provider() }, "work: label is not set"),
            (Provider { client_id: String::new(), ..provider() }, "work: client_id is not set"),
            (Provider { issuer: "id.example".into(), ..provider() }, "work: issuer must be an address"),
            (
                Provider { issuer: "http://id.example".into(), ..provider() },
                "work: issuer must begin with https",
            ),
            (Provider { issuer: "https://id.example?a=b".into(), ..provider() }, "work: issuer has neither"),
        ] {
            assert!(why(vec![wrong]).starts_with(want), "{want}");
        }
        assert!(why(vec![provider(), provider()]).starts_with("work: another provider"));
        assert!(Providers::new(vec![provider()], &["a b".to_owned()]).is_err());
        let local = Provider { id: "here".into(), issuer: "http://127.0.0.1:9000".into(), ..provider() };
        assert!(Providers::new(vec![provider(), local], &["127.0.0.1".to_owned()]).is_ok());
    }

    #[test]
    fn a_secret_is_in_no_log() {
        let providers = Providers::new(vec![provider()], &[]).unwrap();
        let said = format!("{providers:?}");
        assert!(said.contains("id.example") && !said.contains("hunter2"), "{said}");
    }
}
