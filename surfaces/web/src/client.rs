//! Whence a request came.

use std::net::IpAddr;

use http::HeaderMap;

/// The client's address as the nearest proxy saw it: the last entry of the last line, which that proxy has put there. What stands
/// before it may be anybody's word.
pub(crate) fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    // In bytes: a client may begin the line with what is no text, and the proxy goes on behind it.
    let line = headers.get_all("x-forwarded-for").iter().next_back()?.as_bytes();
    let last = std::str::from_utf8(line.rsplit(|&byte| byte == b',').next()?).ok()?.trim();
    let bare = |last: &str| last.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || last.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    last.parse().ok().or_else(|| bare(last)).or_else(with_port)
}

/// Whom limits and counts take for one: an IPv4 address, or the /64 that a provider gives to one IPv6 customer (RFC 6177).
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_nearest_proxy_is_believed() {
        let client = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", HeaderValue::from_bytes(line.as_bytes()).unwrap());
            }
            forwarded(&headers).map(|address| address.to_string())
        };
        for (lines, want) in [
            (&["192.0.2.1"][..], Some("192.0.2.1")),
            (&["203.0.113.9, 192.0.2.1"], Some("192.0.2.1")),
            (&["203.0.113.9", "192.0.2.1"], Some("192.0.2.1")),
            (&["192.0.2.1", "203.0.113.9, 198.51.100.7:4711"], Some("198.51.100.7")),
            (&["没有, 192.0.2.1"], Some("192.0.2.1")),
            (&["2001:db8::1"], Some("2001:db8::1")),
            (&["[2001:db8::1]:443"], Some("2001:db8::1")),
            (&["[2001:db8::1]"], Some("2001:db8::1")),
            (&["192.0.2.1", "unknown"], None),
            (&[], None),
        ] {
            assert_eq!(client(lines).as_deref(), want, "{lines:?}");
        }
    }
}
