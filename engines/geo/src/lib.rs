//! From a network address to a region, by a file in MaxMind's format that the operator supplies. Without a file nothing is known.
//!
//! The file is read whole when it is opened; a newer one is taken up by a restart. Addresses are looked up and forgotten: what is
//! kept of them is the region.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;

use kernel::{Error, Region, Result};
use maxminddb::Reader;
use serde::Deserialize;

/// Knows regions of addresses. Cheap to clone.
#[derive(Clone, Default)]
pub struct Geo(Option<Arc<Reader<Vec<u8>>>>);

/// What the file says of a network, as far as it is used here (GeoIP2 and GeoLite2, City and Country; others follow them).
#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    country: Option<Division>,
    #[serde(default)]
    subdivisions: Vec<Division>,
}

#[derive(Deserialize)]
struct Division {
    #[serde(default)]
    iso_code: Option<String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

/// Where the province is told, and not the country alone.
const BY_PROVINCE: &str = "CN";

impl Geo {
    /// Opens a file; [`Error::Unavailable`] with one line that names it and what is wrong with it.
    pub fn open(path: &Path) -> Result<Self> {
        let wrong = |reason: String| Error::Unavailable(format!("{}: {reason}", path.display()).into());
        let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let no = |error: maxminddb::MaxMindDbError| {
            wrong(format!("not a whole file in MaxMind's format ({})", one_line(&error.to_string())))
        };
        let reader = Reader::from_source(bytes).map_err(no)?;
        // A file that was cut off often has its end, where it describes itself, and lacks what its tree points to.
        reader.verify().map_err(no)?;
        Ok(Self(Some(Arc::new(reader))))
    }

    /// The region of an address: in China the province, elsewhere the country. `None` for addresses of no place (private ones, this
    /// machine's) and those that the file does not know.
    pub fn region(&self, address: IpAddr) -> Option<Region> {
        let reader = self.0.as_ref()?;
        let address = address.to_canonical();
        if !is_public(address) {
            return None;
        }
        let found = reader.lookup(address).and_then(|found| found.decode::<Record>());
        let place = match found {
            Ok(place) => place?,
            Err(error) => {
                // Without the address: it is nobody's business.
                tracing::warn!(%error, "cannot read a region from the geo database");
                return None;
            }
        };
        let country = place.country?;
        let code = country.iso_code.as_deref()?;
        let province = place.subdivisions.first().filter(|_| code == BY_PROVINCE);
        match province.and_then(|province| Some((province, province.iso_code.as_deref()?))) {
            Some((province, part)) => region(&format!("{code}-{part}"), province),
            None => region(code, &country),
        }
    }
}

fn region(code: &str, of: &Division) -> Option<Region> {
    let name = |language: &str| of.names.get(language).map(String::as_str);
    Region::new(code, name("zh-CN"), name("en"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an address can be that of somebody elsewhere (the registries of RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4 == Ipv4Addr::UNSPECIFIED)
                && !(v4.is_broadcast() || v4.is_documentation() || v4.is_multicast() || shared || a == 0)
        }
        IpAddr::V6(v6) => {
            let own = v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local();
            !(own || v6.is_unspecified() || v6.is_multicast() || is_documentation(v6))
        }
    }
}

fn is_documentation(v6: Ipv6Addr) -> bool {
    let [a, b, ..] = v6.segments();
    (a, b) == (0x2001, 0xdb8)
}

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
