//! Addresses and names in every notation that a URL may have them in.

use super::*;

fn judged(url: &str, allow: &[&str]) -> Result<String, Error> {
    let allow: Vec<String> = allow.iter().map(|&entry| entry.to_owned()).collect();
    let url = Url::parse(url).map_err(|_| Error::BadUrl)?;
    judge(url, &Allowed::parse(&allow).unwrap()).map(String::from)
}

fn refused(url: &str) -> Option<Why> {
    match judged(url, &[]) {
        Err(Error::Refused { why }) => Some(why),
        _ => None,
    }
}

/// Of each range that is refused, one that somebody would name.
const INSIDE: [[u8; 4]; 22] = [
    [0, 0, 0, 0],
    [0, 1, 2, 3],
    [10, 0, 0, 1],
    [100, 64, 0, 1],
    [127, 0, 0, 1],
    [127, 255, 255, 254],
    [169, 254, 169, 254],
    [169, 254, 170, 2],
    [172, 16, 0, 1],
    [172, 31, 255, 254],
    [192, 0, 0, 192],
    [192, 0, 2, 1],
    [192, 88, 99, 1],
    [192, 168, 0, 1],
    [198, 18, 0, 1],
    [198, 19, 255, 254],
    [198, 51, 100, 1],
    [203, 0, 113, 1],
    [224, 0, 0, 1],
    [239, 255, 255, 250],
    [240, 0, 0, 1],
    [255, 255, 255, 255],
];

const OUTSIDE: [[u8; 4]; 8] = [
    [1, 1, 1, 1],
    [8, 8, 8, 8],
    [9, 9, 9, 9],
    [93, 184, 216, 34],
    [100, 128, 0, 1],
    [172, 32, 0, 1],
    [192, 88, 100, 1],
    [223, 255, 255, 254],
];

fn in_digits(text: &str, digit: impl Fn(u32) -> u32) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|value| char::from_u32(digit(value))).unwrap_or(c);
    text.chars().map(digit).collect()
}

/// An IPv4 address as URLs may write it: what `inet_aton` takes, in what IDNA and percent-encoding take for digits and dots.
fn notations([a, b, c, d]: [u8; 4]) -> Vec<String> {
    let whole = u32::from_be_bytes([a, b, c, d]);
    let (low24, low16) = (whole & 0xff_ffff, whole & 0xffff);
    let plain = format!("{a}.{b}.{c}.{d}");
    vec![
        format!("{plain}."),
        format!("{whole}"),
        format!("{whole:#x}"),
        format!("0X{whole:X}"),
        format!("{whole:#x}."),
        format!("0{whole:o}"),
        format!("0000{whole:o}"),
        format!("{a}.{low24}"),
        format!("{a}.{b}.{low16}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0x00{a:x}.0x00{b:X}.{c}.{d}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("000{a:o}.000{b:o}.000{c:o}.000{d:o}"),
        format!("{a:#x}.0{b:o}.{low16}"),
        format!("0{a:o}.{low24:#x}"),
        format!("{a}.0{b:o}.{c:#x}.{d}"),
        // Percent-encoded: digits, dots, all of it.
        plain.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        plain.replace('.', "%2E"),
        format!("%{:02x}{}", plain.as_bytes()[0], &plain[1..]),
        // Full-width digits, and the dots that IDNA takes for one.
        in_digits(&plain, |digit| 0xff10 + digit),
        plain.replace('.', "。"),
        plain.replace('.', "．"),
        plain.replace('.', "｡"),
        in_digits(&plain, |digit| 0xff10 + digit).replace('.', "。"),
        in_digits(&format!("{whole}"), |digit| 0xff10 + digit),
        format!("０ｘ{whole:x}"),
        // Digits in circles (① to ⑨, and ⓪), for mathematics (bold, double-struck, monospace), superscript.
        in_digits(&plain, |digit| if digit == 0 { 0x24ea } else { 0x245f + digit }),
        in_digits(&plain, |digit| 0x1d7ce + digit),
        in_digits(&plain, |digit| 0x1d7d8 + digit),
        in_digits(&plain, |digit| 0x1d7f6 + digit),
        in_digits(&plain, |digit| {
            [0x2070, 0xb9, 0xb2, 0xb3].get(digit as usize).copied().unwrap_or(0x2070 + digit)
        }),
        // The same in UTF-8, percent-encoded; what is there but not seen (a soft hyphen, a zero-width joiner's like).
        in_digits(&plain, |digit| 0xff10 + digit).bytes().map(|byte| format!("%{byte:02X}")).collect(),
        plain.replace('.', "\u{ad}."),
        plain.replace('.', ".\u{200b}"),
        plain.replace('.', "\t."),
    ]
}

#[test]
fn no_notation_of_an_address_gets_through() {
    let mut tried = 0;
    for ip in INSIDE {
        let plain = refused(&format!("http://{}/", std::net::Ipv4Addr::from(ip)));
        assert!(matches!(plain, Some(Why::Address(_))), "{ip:?}");
        for host in notations(ip) {
            for url in [
                format!("http://{host}/"),
                format!("HTTPS://{host}:8443/path?query"),
                format!("http:\\\\{host}"),
            ] {
                assert_eq!(refused(&url), plain, "{url}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 22 * 35 * 3);
    // They are refused for where they lead, not for how they are written.
    for ip in OUTSIDE {
        let plain = format!("http://{}/", std::net::Ipv4Addr::from(ip));
        for host in notations(ip) {
            assert_eq!(judged(&format!("http://{host}"), &[]).as_ref(), Ok(&plain), "{host}");
        }
    }
}

#[test]
fn no_address_of_version_6_gets_through_that_is_not_the_internets() {
    for host in [
        "::",
        "::0",
        "0::0",
        "0:0:0:0:0:0:0:0",
        "::0.0.0.0",
        "::1",
        "0:0:0:0:0:0:0:1",
        "0000:0000:0000:0000:0000:0000:0000:0001",
        "0::1",
        "::0:1",
        "::0001",
        "::0.0.0.1",
        "::127.0.0.1",
        "::7f00:1",
        "::7F00:0001",
        "::10.0.0.1",
        "::a9fe:a9fe",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::FFFF:127.0.0.1",
        "::ffff:7f00:1",
        "::fFfF:7F00:1",
        "0:0:0:0:0:ffff:127.0.0.1",
        "0:0:0:0:0:ffff:7f00:0001",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:a9fe:a9fe",
        "::ffff:192.168.1.1",
        "::ffff:0.0.0.0",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "::ffff:0:7f00:1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:FF9B::10.0.0.1",
        "0064:ff9b:0:0:0:0:169.254.169.254",
        "64:ff9b::c0a8:101",
        "64:ff9b::0.0.0.0",
        "64:ff9b:1::",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
        "64:ff9b:0:1::8.8.8.8",
        "100::",
        "100::1",
        "0100::ffff:ffff:ffff:ffff",
        "100:0:0:1::1",
        "2001::",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:0000::1",
        "2001:1::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:2f:ffff::1",
        "2001:1ff::1",
        "2001:db8::",
        "2001:db8::1",
        "2001:DB8::1",
        "2001:0db8:ffff::1",
        "2002:7f00:1::",
        "2002:7F00:0001::1",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::",
        "2002:c0a8:101::1",
        "2002:0:0::",
        "2002:ac10:1::1",
        "2002:e000:1::1",
        "3fff::",
        "3fff::1",
        "3fff:fff::1",
        "5f00::",
        "5f00::1",
        "4000::1",
        "6000::1",
        "8000::1",
        "a000::1",
        "e000::1",
        "fc00::",
        "fc00::1",
        "FC00::1",
        "fd00::1",
        "fd00:ec2::254",
        "fdff:ffff::1",
        "fe00::1",
        "fe80::",
        "fe80::1",
        "FE80::1",
        "fe80:0:0:0:1:2:3:4",
        "febf::1",
        "fec0::1",
        "feff::1",
        "ff00::",
        "ff01::1",
        "ff02::1",
        "FF02::1",
        "ff05::2",
        "ff0e::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "1::",
        "1fff::1",
    ] {
        for url in [format!("http://[{host}]/"), format!("https://[{host}]:8443")] {
            assert!(matches!(refused(&url), Some(Why::Address(_))), "{url}: {:?}", judged(&url, &[]));
        }
    }
    for (host, same) in [
        ("2606:4700:4700::1111", "2606:4700:4700::1111"),
        ("2A00:1450:4001:0:0:0:0:200e", "2a00:1450:4001::200e"),
        ("2001:4860:4860::8888", "2001:4860:4860::8888"),
        ("2001:200::1", "2001:200::1"),
        ("64:ff9b::8.8.8.8", "64:ff9b::808:808"),
        ("2002:808:808::1", "2002:808:808::1"),
        ("3ffe::1", "3ffe::1"),
    ] {
        assert_eq!(judged(&format!("http://[{host}]"), &[]), Ok(format!("http://[{same}]/")), "{host}");
    }
    for host in [
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[::1%251]",
        "[::1",
        "::1",
        "[127.0.0.1]",
        "[::127.1]",
        "[::g]",
        "[:::1]",
        "[::ffff:256.0.0.1]",
    ] {
        assert_eq!(judged(&format!("http://{host}/"), &[]), Err(Error::BadUrl), "{host}");
    }
}

#[test]
fn names_of_machines_and_networks_are_refused_before_they_are_looked_up() {
    for host in [
        "localhost",
        "LOCALHOST",
        "LocalHost",
        "localhost.",
        "ｌｏｃａｌｈｏｓｔ",
        "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
        "%6c%6f%63%61%6c%68%6f%73%74",
        "loc\u{ad}alhost",
        "local\u{200b}host",
        "𝐥𝐨𝐜𝐚𝐥𝐡𝐨𝐬𝐭",
        "lo\tcal\nhost",
        "LocalHost。",
        "localho%73t",
        "a.localhost",
        "A.B.LocalHost.",
        "a。localhost",
        "localhost.localdomain",
        "localhost6.localdomain6.localdomain",
        "ip6-localhost",
        "broadcasthost",
        "db",
        "redis",
        "postgres",
        "wpad",
        "router",
        "metadata",
        "instance-data",
        "kubernetes",
        "printer.local",
        "PRINTER.LOCAL.",
        "a.b.local",
        "kubernetes.default.svc.cluster.local",
        "metadata.google.internal",
        "METADATA.Google.Internal.",
        "metadata。google。internal",
        "ｍｅｔａｄａｔａ.google.internal",
        "instance-data.ec2.internal",
        "host.docker.internal",
        "ip-10-0-0-1.ec2.internal",
        "a.internal",
        "internal",
        "metadata.goog",
        "a.metadata.goog",
        "wiki.intranet",
        "wiki.corp",
        "nas.home",
        "nas.lan",
        "nas.private",
        "router.home.arpa",
        "1.0.0.127.in-addr.arpa",
        "a.test",
        "a.example",
        "a.invalid",
        "a.onion",
        "a.alt",
        "com",
        "ai.",
    ] {
        for url in [format!("http://{host}/"), format!("https://{host}:8443")] {
            assert_eq!(refused(&url), Some(Why::Name), "{url}");
        }
    }
    for (host, same) in [
        ("example.com", "example.com"),
        ("EXAMPLE.com.", "example.com"),
        ("localhost.com", "localhost.com"),
        ("mylocalhost.org", "mylocalhost.org"),
        ("local.example.org", "local.example.org"),
        ("internal.example.org", "internal.example.org"),
        ("notmetadata.goog", "notmetadata.goog"),
        ("bücher.example.org", "xn--bcher-kva.example.org"),
        ("新闻.中国", "xn--efvy88h.xn--fiqs8s"),
        ("_a-1.example.org", "_a-1.example.org"),
        // Where this one leads is judged when it is looked up.
        ("127.0.0.1.nip.io", "127.0.0.1.nip.io"),
    ] {
        assert_eq!(judged(&format!("https://{host}/"), &[]), Ok(format!("https://{same}/")), "{host}");
    }
    for host in [
        "",
        ".",
        "..",
        "a..com",
        "example.com..",
        "a b.com",
        "a%00.com",
        "a%2fb.com",
        "a,b.com",
        "*.com",
        "a'b.com",
        "256.256.256.256",
        "1.2.3.4.5",
        "0x1ffffffff",
    ] {
        assert_eq!(judged(&format!("http://{host}/"), &[]), Err(Error::BadUrl), "{host}");
    }
    assert_eq!(judged(&format!("http://{}.com/", "a".repeat(64)), &[]), Err(Error::BadUrl));
    assert_eq!(judged(&format!("http://{}com/", "a.".repeat(126)), &[]), Err(Error::BadUrl));
}

#[test]
fn scheme_user_and_port_are_judged_too() {
    for url in [
        "ftp://a.com/",
        "file:///etc/passwd",
        "gopher://a.com:70/",
        "data:text/plain,a",
        "javascript:1",
        "ws://a.com/",
        "blob:http://a.com/1",
        "unix:/run/db.sock",
        "dict://a.com/",
    ] {
        assert_eq!(refused(url), Some(Why::Scheme), "{url}");
    }
    for url in [
        "http://a@b.com/",
        "http://a:b@b.com/",
        "https://:b@b.com/",
        "https://127.0.0.1@b.com",
        "http://b.com%40@c.com/",
        "http://a.com:80@b.com/",
    ] {
        assert_eq!(refused(url), Some(Why::UserInfo), "{url}");
    }
    for port in [0, 1, 21, 22, 23, 25, 110, 143, 389, 465, 587, 993, 2049, 5060, 6000, 6667, 6697, 10080] {
        assert_eq!(refused(&format!("https://a.com:{port}/")), Some(Why::Port(port)), "{port}");
    }
    for port in [80, 443, 8080, 8443, 3000] {
        assert_eq!(refused(&format!("https://a.com:{port}/")), None, "{port}");
    }
    assert!(BAD_PORTS.is_sorted());
    for (url, is) in [
        ("http://a.com/a%20b?c=d#e", "http://a.com/a%20b?c=d"),
        ("https:a.com", "https://a.com/"),
        ("https://a.com:443", "https://a.com/"),
        ("http://a.com\\@127.0.0.1/", "http://a.com/@127.0.0.1/"),
        ("http://a.com#@127.0.0.1/", "http://a.com/"),
        ("http://a.com?@127.0.0.1/", "http://a.com/?@127.0.0.1/"),
    ] {
        assert_eq!(judged(url, &[]), Ok(is.to_owned()), "{url}");
    }
}

#[test]
fn what_the_operator_allows_may_be_asked() {
    for (entry, url) in [
        ("idp", "http://idp/"),
        ("idp", "http://IDP.:8080"),
        ("idp.corp:8443", "https://idp.corp:8443"),
        ("localhost:6000", "http://localhost:6000"),
        ("127.0.0.1:9000", "http://2130706433:9000"),
        ("10.0.0.0/8", "http://0xa.1:8080"),
        ("::1", "http://[0::1]"),
        ("fd00::/8", "https://[fd00:ec2::254]"),
    ] {
        assert!(judged(url, &[entry]).is_ok(), "{entry} {url}");
        assert!(refused(url).is_some(), "{url}");
    }
    for (entry, url) in [
        ("idp", "http://idp2/"),
        ("idp.corp", "http://a.idp.corp/"),
        ("idp", "http://idp:25/"),
        ("idp.corp:8443", "https://idp.corp/"),
        ("127.0.0.1:9000", "http://127.0.0.1:9001"),
        ("127.0.0.1", "http://localhost/"),
        ("10.0.0.0/8", "http://11.0.0.1:25"),
        ("::1", "http://[::ffff:127.0.0.1]"),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]"),
        ("localhost", "http://127.0.0.1/"),
        ("127.0.0.1", "http://a@127.0.0.1/"),
    ] {
        assert!(matches!(judged(url, &[entry]), Err(Error::Refused { .. })), "{entry} {url}");
    }
}
