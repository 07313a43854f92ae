//! Small files in MaxMind's format for tests, written byte by byte as <https://maxmind.github.io/MaxMind-DB/> says.

use std::net::IpAddr;

use Value::{List, Long, Map, Number, Short, Text};

/// A value of the data section.
pub enum Value {
    Text(&'static str),
    Map(Vec<(&'static str, Value)>),
    List(Vec<Value>),
    Number(u32),
    /// Of 16 bits, as some fields of the metadata must be.
    Short(u16),
    Long(u64),
}
impl Value {
    fn write(&self, out: &mut Vec<u8>) {
        // Types up to 7 stand in the first three bits, later ones in a byte of their own; all sizes here are below 29 or below 285.
        let control = |out: &mut Vec<u8>, kind: u8, size: usize| {
            let (first, more) = if size < 29 { (size as u8, None) } else { (29, Some((size - 29) as u8)) };
            if kind > 7 {
                out.extend([first, kind - 7]);
            } else {
                out.push(kind << 5 | first);
            }
            out.extend(more);
        };
        match self {
            Text(text) => {
                control(out, 2, text.len());
                out.extend(text.as_bytes());
            }
            Map(pairs) => {
                control(out, 7, pairs.len());
                for (key, value) in pairs {
                    Text(key).write(out);
                    value.write(out);
                }
            }
            List(items) => {
                control(out, 11, items.len());
                for item in items {
                    item.write(out);
                }
            }
            Short(number) => {
                control(out, 5, 2);
                out.extend(number.to_be_bytes());
            }
            Long(number) => {
                control(out, 9, 8);
                out.extend(number.to_be_bytes());
            }
            Number(number) => {
                control(out, 6, 4);
                out.extend(number.to_be_bytes());
            }
        }
    }
}

/// A whole file for IPv6 and IPv4 (below `::/96`), 32 bits a record.
pub fn file(networks: &[(&str, u32, Value)]) -> Vec<u8> {
    // Each node has two records: another node, a place in the data, or nothing.
    #[derive(Clone, Copy)]
    enum Record {
        Nothing,
        Node(usize),
        Data(usize),
    }
    let mut nodes = vec![[Record::Nothing; 2]];
    let mut data = Vec::new();
    for (address, length, value) in networks {
        let at = data.len();
        value.write(&mut data);
        let (bits, length) = match address.parse::<IpAddr>().unwrap() {
            IpAddr::V4(v4) => (u128::from(u32::from(v4)), length + 96),
            IpAddr::V6(v6) => (u128::from(v6), *length),
        };
        let mut node = 0;
        for depth in 0..length {
            let bit = (bits >> (127 - depth) & 1) as usize;
            if depth + 1 == length {
                nodes[node][bit] = Record::Data(at);
            } else if let Record::Node(next) = nodes[node][bit] {
                node = next;
            } else {
                nodes.push([Record::Nothing; 2]);
                nodes[node][bit] = Record::Node(nodes.len() - 1);
                node = nodes.len() - 1;
            }
        }
    }
    let count = nodes.len();
    let mut out = Vec::new();
    for record in nodes.iter().flatten() {
        let value = match *record {
            Record::Nothing => count,
            Record::Node(node) => node,
            Record::Data(at) => count + 16 + at,
        };
        out.extend((value as u32).to_be_bytes());
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    let metadata = Map(vec![
        ("node_count", Number(count as u32)),
        ("record_size", Short(32)),
        ("ip_version", Short(6)),
        ("database_type", Text("Test-City")),
        ("languages", List(vec![Text("en"), Text("zh-CN")])),
        ("binary_format_major_version", Short(2)),
        ("binary_format_minor_version", Short(0)),
        ("build_epoch", Long(1_700_000_000)),
        ("description", Map(vec![("en", Text("a test"))])),
    ]);
    metadata.write(&mut out);
    out
}

/// A country or a part of one.
pub fn division(code: &'static str, names: &[(&'static str, &'static str)]) -> Value {
    let names = names.iter().map(|&(language, name)| (language, Text(name))).collect();
    Map(vec![("iso_code", Text(code)), ("names", Map(names))])
}

/// China, and which part of it.
pub fn china(parts: Vec<Value>) -> Value {
    let country = division("CN", &[("en", "China"), ("zh-CN", "中国")]);
    Map(vec![("country", country), ("subdivisions", List(parts))])
}
