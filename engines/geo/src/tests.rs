use kernel::Locale;

use super::*;
use crate::testing::Value::{List, Map};
use crate::testing::{china, division, file};

fn geo() -> Geo {
    let zhejiang = || division("ZJ", &[("en", "Zhejiang"), ("zh-CN", "浙江")]);
    let germany = division("DE", &[("en", "Germany"), ("zh-CN", "德国")]);
    let berlin = division("BE", &[("en", "Land Berlin")]);
    let bytes = file(&[
        ("1.2.3.0", 24, china(vec![zhejiang()])),
        ("1.2.4.0", 24, china(vec![])),
        ("10.0.0.0", 8, china(vec![zhejiang()])),
        ("5.0.0.0", 8, Map(vec![("country", germany), ("subdivisions", List(vec![berlin]))])),
        ("6.0.0.0", 8, Map(vec![("country", division("FR", &[("en", "France")]))])),
        ("7.0.0.0", 8, Map(vec![("country", division("IT", &[]))])),
        ("8.0.0.0", 8, Map(vec![("continent", division("EU", &[]))])),
        ("2400:1::", 32, china(vec![zhejiang()])),
        ("fd00::", 8, china(vec![zhejiang()])),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mmdb");
    std::fs::write(&path, bytes).unwrap();
    Geo::open(&path).unwrap()
}

#[test]
fn china_is_told_by_province_and_the_world_by_country() {
    let geo = geo();
    let region = |address: &str| {
        let found = geo.region(address.parse().unwrap())?;
        let (zh, en) = (found.name(Locale::ZhCn), found.name(Locale::En));
        Some(format!("{} {zh} {en}", found.code()))
    };
    for (address, want) in [
        ("1.2.3.4", Some("CN-ZJ 浙江 Zhejiang")),
        ("1.2.4.4", Some("CN 中国 China")),
        ("5.6.7.8", Some("DE 德国 Germany")),
        // In the language that there is; where there is none, by its code.
        ("6.1.1.1", Some("FR France France")),
        ("7.1.1.1", Some("IT IT IT")),
        // A continent is no country, and what the file lacks is nowhere.
        ("8.1.1.1", None),
        ("9.9.9.9", None),
        ("2400:1:2:3::", Some("CN-ZJ 浙江 Zhejiang")),
        ("2400:2::1", None),
        // IPv4 as IPv6 writes it.
        ("::ffff:1.2.3.4", Some("CN-ZJ 浙江 Zhejiang")),
        // Of no place, whatever the file says.
        ("10.1.2.3", None),
        ("127.0.0.1", None),
        ("192.168.1.1", None),
        ("169.254.1.1", None),
        ("100.64.1.1", None),
        ("::1", None),
        ("fd00::1", None),
        ("fe80::1", None),
        ("::ffff:10.1.2.3", None),
    ] {
        assert_eq!(region(address).as_deref(), want, "{address}");
    }
    assert!(Geo::default().region("1.2.3.4".parse().unwrap()).is_none());
}

#[test]
fn a_bad_file_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mmdb");
    let whole = file(&[("1.2.3.0", 24, china(vec![]))]);
    // The tree of this one points behind the end of the data.
    let mut points_away = whole.clone();
    let places: Vec<usize> = (0..points_away.len() / 4)
        .filter(|n| {
            let record: [u8; 4] = points_away[n * 4..n * 4 + 4].try_into().unwrap();
            u32::from_be_bytes(record) as usize == 120 + 16
        })
        .collect();
    points_away[places[0] * 4..places[0] * 4 + 4].copy_from_slice(&9_999_u32.to_be_bytes());
    let cases: [&[u8]; 5] = [b"", b"not a database", &whole[..whole.len() / 2], &[0xff; 4_096], &points_away];
    for bytes in cases {
        std::fs::write(&path, bytes).unwrap();
        let Err(Error::Unavailable(line)) = Geo::open(&path) else { panic!("taken: {} bytes", bytes.len()) };
        assert!(line.contains("a.mmdb") && !line.contains('\n'), "{line}");
    }
    let missing = Geo::open(&folder.path().join("nowhere.mmdb"));
    assert!(matches!(missing, Err(Error::Unavailable(line)) if line.contains("nowhere.mmdb")));
}
