//! Which addresses anybody may be asked at: those that IANA lets the whole internet route to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

const HERE: &str = "of this machine";
const LINK: &str = "of the link that this machine is on";
const PRIVATE: &str = "of a private network";
const MANY: &str = "of many machines at once";
const RESERVED: &str = "reserved";
const EXAMPLE: &str = "for examples and measurements";
const TUNNEL: &str = "of a tunnel";

/// IANA IPv4 Special-Purpose Address Registry, without what is globally reachable, and the multicast addresses.
const REFUSED_V4: [(Ipv4Net, &str); 16] = [
    (v4(0, 0, 0, 0, 8), HERE),
    (v4(10, 0, 0, 0, 8), PRIVATE),
    (v4(100, 64, 0, 0, 10), PRIVATE),
    (v4(127, 0, 0, 0, 8), HERE),
    // Clouds tell their machines secrets at 169.254.169.254.
    (v4(169, 254, 0, 0, 16), LINK),
    (v4(172, 16, 0, 0, 12), PRIVATE),
    (v4(192, 0, 0, 0, 24), RESERVED),
    (v4(192, 0, 2, 0, 24), EXAMPLE),
    (v4(192, 88, 99, 0, 24), TUNNEL),
    (v4(192, 168, 0, 0, 16), PRIVATE),
    (v4(198, 18, 0, 0, 15), EXAMPLE),
    (v4(198, 51, 100, 0, 24), EXAMPLE),
    (v4(203, 0, 113, 0, 24), EXAMPLE),
    (v4(224, 0, 0, 0, 4), MANY),
    (v4(255, 255, 255, 255, 32), MANY),
    (v4(240, 0, 0, 0, 4), RESERVED),
];

/// All that IANA has given out as global unicast so far; what is outside is refused, whatever it will be.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);
/// IPv4 behind a translator (RFC 6052): where a network has no IPv4, all of the internet's is here.
const TRANSLATED: Ipv6Net = v6(0x64, 0xff9b, 0, 96);
/// IPv4 in 6to4 (RFC 3056): the 32 bits behind the prefix.
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 16);

/// IANA IPv6 Special-Purpose Address Registry: inside of [`GLOBAL_V6`], and outside where there is more to say than that it is not in it.
const REFUSED_V6: [(Ipv6Net, &str); 12] = [
    (v6(0x2001, 0, 0, 23), TUNNEL),
    (v6(0x2001, 0xdb8, 0, 32), EXAMPLE),
    (v6(0x3fff, 0, 0, 20), EXAMPLE),
    // ::, ::1, and IPv4 as in ::127.0.0.1 (RFC 4291, 2.5.5.1).
    (v6(0, 0, 0, 96), HERE),
    (v6(0x64, 0xff9b, 1, 48), PRIVATE),
    (v6(0x100, 0, 0, 64), RESERVED),
    (v6(0x5f00, 0, 0, 16), RESERVED),
    (v6(0xfc00, 0, 0, 7), PRIVATE),
    (v6(0xfe80, 0, 0, 10), LINK),
    (v6(0xfec0, 0, 0, 10), PRIVATE),
    (v6(0xff00, 0, 0, 8), MANY),
    // IPv4 as in ::ffff:127.0.0.1: a system would connect to the address inside. No name has such an address, so nobody needs them.
    (Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96), RESERVED),
];

/// What an address is that is not the internet's; nothing where anybody may be asked there.
pub(crate) fn refused(address: &SocketAddr) -> Option<&'static str> {
    match address {
        SocketAddr::V6(address) if address.scope_id() != 0 => Some(LINK),
        address => refused_ip(address.ip()),
    }
}

fn refused_ip(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => REFUSED_V4.iter().find(|(net, _)| net.contains(&ip)).map(|(_, what)| *what),
        IpAddr::V6(ip) => refused_v6(ip),
    }
}

fn refused_v6(ip: Ipv6Addr) -> Option<&'static str> {
    let [_, b, c, .., y, z] = ip.segments();
    let embedded =
        |high: u16, low: u16| refused_ip(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)).into());
    if TRANSLATED.contains(&ip) {
        return embedded(y, z);
    }
    if SIX_TO_FOUR.contains(&ip) {
        return embedded(b, c);
    }
    let listed = REFUSED_V6.iter().find(|(net, _)| net.contains(&ip)).map(|(_, what)| *what);
    listed.or_else(|| (!GLOBAL_V6.contains(&ip)).then_some(RESERVED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ends_where_its_registry_says() {
        for (inside, outside) in [
            ("0.255.255.255", "1.0.0.0"),
            ("10.0.0.0", "9.255.255.255"),
            ("10.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("100.127.255.255", "100.128.0.0"),
            ("127.0.0.0", "126.255.255.255"),
            ("127.255.255.255", "128.0.0.0"),
            ("169.254.0.0", "169.253.255.255"),
            ("169.254.255.255", "169.255.0.0"),
            ("172.16.0.0", "172.15.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("192.0.0.0", "191.255.255.255"),
            ("192.0.0.255", "192.0.1.0"),
            ("192.0.2.0", "192.0.1.255"),
            ("192.0.2.255", "192.0.3.0"),
            ("192.88.99.0", "192.88.98.255"),
            ("192.88.99.255", "192.88.100.0"),
            ("192.168.0.0", "192.167.255.255"),
            ("192.168.255.255", "192.169.0.0"),
            ("198.18.0.0", "198.17.255.255"),
            ("198.19.255.255", "198.20.0.0"),
            ("198.51.100.0", "198.51.99.255"),
            ("198.51.100.255", "198.51.101.0"),
            ("203.0.113.0", "203.0.112.255"),
            ("203.0.113.255", "203.0.114.0"),
            ("224.0.0.0", "223.255.255.255"),
            ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::"),
            ("4000::", "3fff:1000::"),
            ("3fff:fff:ffff::", "3ffe:ffff::"),
            ("2001::", "2000:ffff::"),
            ("2001:1ff:ffff::", "2001:200::"),
            ("2001:db8:ffff::", "2001:db9::"),
            ("2002:7f00:1::", "2002:8000:1::"),
            ("64:ff9b::7fff:ffff", "64:ff9b::8000:0"),
        ] {
            let says = |ip: &str| refused_ip(ip.parse().unwrap());
            assert!(says(inside).is_some(), "{inside}");
            assert_eq!(says(outside), None, "{outside}");
        }
    }

    #[test]
    fn an_address_with_a_zone_is_of_the_link() {
        let zone =
            |id| SocketAddr::V6(std::net::SocketAddrV6::new(v6(0x2606, 0x4700, 0, 128).addr(), 443, 0, id));
        assert_eq!((refused(&zone(0)), refused(&zone(2))), (None, Some(LINK)));
    }
}
