//! Which parameters of the query each route reads, so that a page is kept once however else its address is decorated.

use std::borrow::Cow;
use std::sync::Arc;

use http::Uri;

use crate::address;

/// A route's pattern, as the router has it, and the names of the parameters that its pages read.
pub type RouteParams = (&'static str, &'static [&'static str]);

/// Pairs longer than this are not kept under: who sends them is served all the same (bytes).
const LONGEST: usize = 200;

/// What all routes with kept pages read.
#[derive(Clone, Default)]
pub struct Params(Arc<[RouteParams]>);

impl Params {
    pub fn new(routes: impl IntoIterator<Item = RouteParams>) -> Self {
        Self(routes.into_iter().collect())
    }

    /// The address with only what its route reads, in the route's order. `lang` and `edition` are left out too: they are part of
    /// the variant. `None` where the page is not to be kept: a query that its route has not declared, or a long one.
    pub fn canonical<'a>(&self, uri: &'a Uri) -> Option<Cow<'a, str>> {
        let path = address::canonical(uri.path());
        let Some(query) = uri.query() else { return Some(path) };
        let (_, names) = self.0.iter().find(|(pattern, _)| matches(pattern, &path))?;
        let mut address = path.into_owned();
        let mut mark = '?';
        for name in *names {
            let given = |pair: &&str| {
                let value = pair.strip_prefix(name).and_then(|rest| rest.strip_prefix('='));
                value.is_some_and(|value| !value.is_empty())
            };
            if let Some(pair) = query.split('&').find(given) {
                if pair.len() > LONGEST {
                    return None;
                }
                address.push(mark);
                address.push_str(pair);
                mark = '&';
            }
        }
        Some(Cow::Owned(address))
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut steps) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), steps.next()) {
            (None, None) => return true,
            (Some(pattern), Some(step)) => {
                let fits = match pattern.split_once('{') {
                    Some((before, _)) => step.strip_prefix(before).is_some_and(|rest| !rest.is_empty()),
                    None => pattern == step,
                };
                if !fits {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_its_route_reads() {
        let params = Params::new([
            ("/", &[][..]),
            ("/hot", &["span", "channel"][..]),
            ("/@{handle}/articles", &["cursor"][..]),
        ]);
        let long = format!("/hot?span={}", "x".repeat(LONGEST));
        for (address, want) in [
            ("/", Some("/")),
            ("/unknown", Some("/unknown")),
            ("/unknown?a=b", None),
            ("/?utm_source=a&utm_medium=b", Some("/")),
            ("/hot?utm=1&channel=tech&lang=en&span=day", Some("/hot?span=day&channel=tech")),
            ("/hot?span=&channel=a&channel=b", Some("/hot?channel=a")),
            ("/hot?spanner=1", Some("/hot")),
            ("/@nanpo/articles?cursor=1.2&x", Some("/@nanpo/articles?cursor=1.2")),
            ("/@NANPO/articles?cursor=1.2", Some("/@nanpo/articles?cursor=1.2")),
            ("/%68ot?span=day", Some("/hot?span=day")),
            ("/@/articles?cursor=1.2", None),
            ("/@nanpo?cursor=1.2", None),
            (&long, None),
        ] {
            let uri: Uri = address.parse().unwrap();
            assert_eq!(params.canonical(&uri).as_deref(), want, "{address}");
        }
    }
}
