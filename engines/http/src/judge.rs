//! What may be asked, by what a URL says. Where a name leads is judged where it is connected to (`connect.rs`).

use std::net::SocketAddr;

use url::{Host, Url};

use crate::address;
use crate::allowed::Allowed;
use crate::error::{Error, Why};
use crate::name;

/// Ports of other protocols, whose servers could take a request for something of theirs (Fetch, "Port blocking").
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Where a URL leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Address(SocketAddr),
    /// To be looked up. `allowed`: whatever address it has.
    Name {
        name: String,
        port: u16,
        allowed: bool,
    },
}

/// The URL as it is asked: without a fragment, and without a dot at the end of its host. `url` has read it as browsers do (WHATWG URL), so that
/// a host in whatever notation is one address or one name here.
pub(crate) fn judge(mut url: Url, allowed: &Allowed) -> Result<Url, Error> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Error::Refused { why: Why::Scheme });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::Refused { why: Why::UserInfo });
    }
    url.set_fragment(None);
    if let Some(Host::Domain(host)) = url.host() {
        let name = name::tidy(host).ok_or(Error::BadUrl)?.to_owned();
        url.set_host(Some(&name)).map_err(|_| Error::BadUrl)?;
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(Error::BadUrl);
    };
    destination(host, port, allowed)?;
    Ok(url)
}

/// Where a host leads that may be asked.
pub(crate) fn destination(host: Host<&str>, port: u16, allowed: &Allowed) -> Result<Destination, Error> {
    if BAD_PORTS.contains(&port) && !allowed.has_port(&host, port) {
        return Err(Error::Refused { why: Why::Port(port) });
    }
    let ip = match host {
        Host::Domain(name) => {
            let allowed = allowed.has_name(name, port);
            if !allowed && name::is_internal(name) {
                return Err(Error::Refused { why: Why::Name });
            }
            return Ok(Destination::Name { name: name.to_owned(), port, allowed });
        }
        Host::Ipv4(ip) => ip.into(),
        Host::Ipv6(ip) => ip.into(),
    };
    let address = SocketAddr::new(ip, port);
    judge_address(&address, allowed).map_err(|why| Error::Refused { why })?;
    Ok(Destination::Address(address))
}

/// Whether an address may be asked, wherever it was found.
pub(crate) fn judge_address(address: &SocketAddr, allowed: &Allowed) -> Result<(), Why> {
    match address::refused(address) {
        Some(what) if !allowed.has_address(address) => Err(Why::Address(what)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
