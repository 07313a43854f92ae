//! What this layer must know of the site, and how a request came to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use http::HeaderMap;
use kernel::Locale;

/// What the front must know of the site.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The site's own language.
    pub locale: SiteLocale,
    /// The public address without a slash at its end, e.g. `https://news.example`.
    pub url: String,
    /// Take the client's address from `X-Forwarded-For` (the last entry of all its lines): only behind a proxy that sets it.
    pub behind_proxy: bool,
    /// Answers that take so long are logged; none where it is zero.
    pub slow: Duration,
}

/// The site's own language, which changes while the server runs: all copies hold the same.
#[derive(Clone, Debug)]
pub struct SiteLocale(Arc<AtomicU8>);

impl From<Locale> for SiteLocale {
    fn from(locale: Locale) -> Self {
        Self(Arc::new(AtomicU8::new(locale as u8)))
    }
}

impl SiteLocale {
    pub fn get(&self) -> Locale {
        let number = self.0.load(Ordering::Relaxed);
        Locale::ALL.into_iter().find(|locale| *locale as u8 == number).unwrap_or_default()
    }

    pub fn set(&self, locale: Locale) {
        self.0.store(locale as u8, Ordering::Relaxed);
    }
}

impl Setup {
    /// Cookies are `Secure` where the public address is.
    pub fn secure(&self) -> bool {
        self.url.starts_with("https://")
    }

    /// The https address of the page `here`, where the site's cookies are for https alone and a request with these headers may have come
    /// over http: whoever signs in there is a visitor again on the next page. It errs only towards old browsers, so the words say "if".
    pub fn over_http(&self, headers: &HeaderMap, here: &str) -> Option<String> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let plain = match (text("x-forwarded-proto"), text("origin")) {
            (Some(proto), _) => {
                !proto.rsplit(',').next().unwrap_or_default().trim().eq_ignore_ascii_case("https")
            }
            (None, Some(origin)) if origin != "null" => origin.starts_with("http://"),
            // Browsers send it to https and to their own machine alone (Fetch Metadata, 2), and there under another name; those from before
            // 2023 may send it to nobody.
            _ => {
                !headers.contains_key("sec-fetch-site")
                    || text("host").is_some_and(|host| !host.eq_ignore_ascii_case(self.host()))
            }
        };
        (self.secure() && plain).then(|| format!("{}{here}", self.url))
    }

    pub(crate) fn host(&self) -> &str {
        self.url.split_once("://").map_or("", |(_, host)| host)
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn cookies_for_https_are_told_apart_from_requests_over_http() {
        let check = |url: &str, pairs: &[(&'static str, &'static str)], want: bool| {
            let setup = Setup {
                locale: Locale::En.into(),
                url: url.to_owned(),
                behind_proxy: true,
                slow: Duration::ZERO,
            };
            let headers = pairs
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            let address = setup.over_http(&headers, "/login");
            assert_eq!(address, want.then(|| format!("{url}/login")), "{pairs:?}");
        };
        let site = "https://news.example";
        check(site, &[("host", "127.0.0.1:8080")], true);
        check(site, &[("host", "127.0.0.1:8080"), ("sec-fetch-site", "none")], true);
        check(site, &[("host", "news.example")], true);
        check(site, &[("host", "news.example"), ("sec-fetch-site", "none")], false);
        check(site, &[("host", "news.example"), ("x-forwarded-proto", "https")], false);
        check(site, &[("host", "news.example"), ("origin", "http://news.example")], true);
        check(site, &[("host", "news.example"), ("origin", "https://news.example")], false);
        check(site, &[("host", "inside"), ("x-forwarded-proto", "https")], false);
        check(site, &[("host", "news.example"), ("x-forwarded-proto", "https, http")], true);
        check("http://news.example", &[("host", "127.0.0.1:8080")], false);
    }
}
