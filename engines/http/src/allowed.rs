//! What an operator allows though it is not public: servers of an intranet, and those of tests.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;
use url::Host;

use crate::name;

/// Names and networks, each at one port or at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed {
    names: Vec<(String, Option<u16>)>,
    networks: Vec<(IpNet, Option<u16>)>,
}

/// An entry of the list that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host, host:port, address or network")]
pub struct InvalidEntry(pub String);

impl Allowed {
    pub fn parse(entries: &[String]) -> Result<Self, InvalidEntry> {
        let mut allowed = Self::default();
        for entry in entries {
            allowed.add(entry.trim()).ok_or_else(|| InvalidEntry(entry.clone()))?;
        }
        Ok(allowed)
    }

    fn add(&mut self, entry: &str) -> Option<()> {
        if let Ok(network) = entry.parse::<IpNet>() {
            self.networks.push((network.trunc(), None));
            return Some(());
        }
        if let Ok(ip) = entry.parse::<IpAddr>() {
            self.networks.push((ip.into(), None));
            return Some(());
        }
        let (host, port) = match entry.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (entry, None),
        };
        // As URLs write it, and so as they are compared.
        match Host::parse(host).ok()? {
            Host::Ipv4(ip) => self.networks.push((IpAddr::from(ip).into(), port)),
            Host::Ipv6(ip) => self.networks.push((IpAddr::from(ip).into(), port)),
            Host::Domain(host) => self.names.push((name::tidy(&host)?.to_owned(), port)),
        }
        Some(())
    }

    /// Whether whatever stands at this name may be asked, wherever it is.
    pub fn has_name(&self, name: &str, port: u16) -> bool {
        self.names.iter().any(|(own, at)| own == name && is_at(*at, port))
    }

    pub fn has_address(&self, address: &SocketAddr) -> bool {
        let (ip, port) = (address.ip(), address.port());
        self.networks.iter().any(|(own, at)| own.contains(&ip) && is_at(*at, port))
    }

    /// Whether this very port is written down for it.
    pub fn has_port(&self, host: &Host<&str>, port: u16) -> bool {
        let ip: IpAddr = match *host {
            Host::Domain(name) => {
                return self.names.iter().any(|(own, at)| own == name && *at == Some(port));
            }
            Host::Ipv4(ip) => ip.into(),
            Host::Ipv6(ip) => ip.into(),
        };
        self.networks.iter().any(|(own, at)| own.contains(&ip) && *at == Some(port))
    }
}

fn is_at(own: Option<u16>, port: u16) -> bool {
    own.is_none_or(|own| own == port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(entries: &[&str]) -> Result<Allowed, InvalidEntry> {
        Allowed::parse(&entries.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_entry_allows_what_it_says_and_no_more() {
        for (entry, is, is_not) in [
            ("10.1.2.3", &["10.1.2.3:80", "10.1.2.3:443"][..], &["10.1.2.4:80"][..]),
            ("10.1.2.3:8080", &["10.1.2.3:8080"], &["10.1.2.3:80", "10.1.2.4:8080"]),
            ("10.1.0.0/16", &["10.1.0.0:80", "10.1.255.255:1"], &["10.2.0.0:80", "10.0.255.255:80"]),
            ("10.1.2.3/16", &["10.1.0.1:80"], &["10.2.0.0:80"]),
            ("::1", &["[::1]:80"], &["[::2]:80", "127.0.0.1:80"]),
            ("[::1]", &["[::1]:80"], &["[::2]:80"]),
            ("[::1]:90", &["[::1]:90"], &["[::1]:80"]),
            ("fd00::/8", &["[fd12::1]:80"], &["[fc00::1]:80"]),
        ] {
            let allowed = parse(&[entry]).unwrap();
            let has = |address: &str| allowed.has_address(&address.parse().unwrap());
            assert!(is.iter().all(|address| has(address)), "{entry}");
            assert!(!is_not.iter().any(|address| has(address)), "{entry}");
        }
        let allowed = parse(&["Idp", "mail.Corp.:8443", " bücher.lan "]).unwrap();
        for (name, port, is) in [
            ("idp", 443, true),
            ("a.idp", 443, false),
            ("mail.corp", 8443, true),
            ("mail.corp", 443, false),
            ("corp", 8443, false),
            ("xn--bcher-kva.lan", 80, true),
        ] {
            assert_eq!(allowed.has_name(name, port), is, "{name}:{port}");
        }
    }

    #[test]
    fn an_entry_that_means_nothing_is_named() {
        for entry in [
            "",
            "*.corp",
            "http://idp",
            "idp/",
            "a b",
            "idp:",
            "idp:99999",
            "10.0.0.0/33",
            "[::1",
            "u@idp",
            ".",
            "a..b",
            "a:b:1",
        ] {
            assert_eq!(parse(&["idp", entry]).unwrap_err(), InvalidEntry(entry.to_owned()), "{entry}");
        }
    }
}
