//! Names of hosts.

/// The name as it is looked up and compared, out of what a URL has: without the dot that says that it is whole. Nothing where it is no name.
pub(crate) fn tidy(host: &str) -> Option<&str> {
    let name = host.strip_suffix('.').unwrap_or(host);
    let good = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    (name.len() <= 253 && name.split('.').all(good)).then_some(name)
}

/// Names that end so are no one's on the internet: IANA's special-use domain names, and what RFC 6762 (appendix G) knows private networks to use.
const ENDS: [&str; 15] = [
    "alt",
    "arpa",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "test",
    "example",
];

/// Names in public domains that clouds have for what they tell their machines.
const NAMES: [&str; 1] = ["metadata.goog"];

/// Whether a name is refused before it is looked up: those who are asked for it would learn something, and it cannot be meant.
/// One without a dot is a machine's of the own network.
pub(crate) fn is_internal(name: &str) -> bool {
    let listed = NAMES
        .iter()
        .any(|own| name == *own || name.strip_suffix(own).is_some_and(|rest| rest.ends_with('.')));
    listed || name.rsplit_once('.').is_none_or(|(_, end)| ENDS.contains(&end))
}
