//! Who asks, for what, and how they want it shown.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use accounts::Viewer;
use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, Uri, header};
use kernel::{Locale, Time};
use serde::Serialize;

use crate::Failure;
use crate::trace::Trace;

/// Which edition of the site: the ordinary one, or 关怀版 with larger type, one column and fewer blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Edition {
    #[default]
    Ordinary,
    Care,
}

impl Edition {
    /// As the address would ask for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "standard",
            Self::Care => "care",
        }
    }
}

/// Light or dark, where the reader has a say other than the device's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shade {
    #[default]
    Auto,
    Light,
    Dark,
}

/// What the reader set on the accessibility page (无障碍浏览).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Prefs {
    /// 0 is the site's size, 3 the largest.
    pub text: u8,
    pub contrast: bool,
    pub spacing: bool,
    pub shade: Shade,
}

impl Prefs {
    /// From the `prefs` cookie: four characters, text size, contrast, spacing, shade. Anything else is the default.
    pub fn parse(text: &str) -> Self {
        let [text, contrast, spacing, shade] = text.as_bytes() else { return Self::default() };
        let shade = match shade {
            b'l' => Shade::Light,
            b'd' => Shade::Dark,
            _ => Shade::Auto,
        };
        Self {
            text: text.saturating_sub(b'0').min(3),
            contrast: *contrast == b'1',
            spacing: *spacing == b'1',
            shade,
        }
    }

    /// As [`Prefs::parse`] reads it.
    pub fn cookie(self) -> String {
        let shade = match self.shade {
            Shade::Auto => 'a',
            Shade::Light => 'l',
            Shade::Dark => 'd',
        };
        format!("{}{}{}{shade}", self.text, u8::from(self.contrast), u8::from(self.spacing))
    }
}

/// All that makes two visitors' copies of one public page differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Variant {
    pub locale: Locale,
    pub edition: Edition,
    pub prefs: Prefs,
}

impl Variant {
    /// From the address (`?lang=`, `?edition=`), then the cookies, then `Accept-Language`, then the site's own language.
    pub fn of(uri: &Uri, headers: &HeaderMap, site: Locale) -> Self {
        let mut variant = Self {
            locale: cookie(headers, "lang").and_then(Locale::of).unwrap_or_else(|| {
                let accepts = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
                accepts.and_then(Locale::negotiate).unwrap_or(site)
            }),
            edition: if cookie(headers, "edition") == Some("care") {
                Edition::Care
            } else {
                Edition::Ordinary
            },
            prefs: cookie(headers, "prefs").map(Prefs::parse).unwrap_or_default(),
        };
        match asked(uri, "edition") {
            Some("care") => variant.edition = Edition::Care,
            Some("standard") => variant.edition = Edition::Ordinary,
            _ => {}
        }
        if let Some(locale) = asked(uri, "lang").and_then(Locale::of) {
            variant.locale = locale;
        }
        variant
    }
}

/// A parameter of the query, undecoded: for the few that hold plain words.
pub fn asked<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// A cookie's value (RFC 6265). Another one that is no text, which any host of the domain may set, hides none.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b';'));
    let value = |pair: &'a [u8]| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"=");
    pairs.filter_map(value).find_map(|value| std::str::from_utf8(value).ok())
}

/// One request, as handlers want to know it.
#[derive(Clone)]
pub struct RequestContext(Arc<Inner>);

pub struct Inner {
    /// Who asks: what they may do.
    pub viewer: Viewer,
    /// Whose personal bits a public page is drawn with: nobody's where the browser fetches them by itself.
    pub rendered_for: Viewer,
    pub is_get: bool,
    /// The reader goes to this address, by a link or by hand; no picture, frame or script fetches it.
    pub navigates: bool,
    /// The session's token, to end it.
    pub session: Option<String>,
    pub variant: Variant,
    pub uri: Uri,
    pub now: Time,
    pub network: IpAddr,
    pub agent: String,
    pub trace: Trace,
}

impl RequestContext {
    pub fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The path and query, to come back to after signing in.
    pub fn here(&self) -> &str {
        self.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str)
    }
}

impl std::ops::Deref for RequestContext {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let context = parts.extensions.get::<Self>().cloned();
        context.ok_or_else(|| Failure(kernel::Error::internal("a handler outside the front")))
    }
}

/// Whether a request is somebody going to a page. Browsers say so themselves (Fetch Metadata); of others, those that ask for HTML
/// are taken at their word: no picture does.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-dest") {
        Some(dest) => dest == "document",
        None => text(header::ACCEPT.as_str()).is_some_and(|accepts| accepts.contains("text/html")),
    }
}

/// An address for the log, without the part that tells one person from their neighbours: `192.0.2.0/24`, `2001:db8:1::/48`.
pub fn truncated(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// A path as links on this site's own pages may have it. One that begins with two slashes would be another host's (RFC 3986, 4.2), and
/// browsers take a backslash for a slash.
pub fn own_path(path: &str) -> Cow<'_, str> {
    if path.starts_with('/') && local(path) == path {
        return Cow::Borrowed(path);
    }
    let rest = path.trim_start_matches(['/', '\\', '\t', '\r', '\n']);
    let rest = rest.replace('\\', "%5C").replace(['\t', '\r', '\n'], "");
    Cow::Owned(format!("/{rest}"))
}

/// A path of this site to go back to, or `/`: never another site.
pub fn local(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn variant_from_address_cookie_and_header() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        let variant = |uri: &'static str, headers: &HeaderMap| {
            Variant::of(&Uri::from_static(uri), headers, Locale::ZhCn)
        };
        assert_eq!(variant("/", &headers).locale, Locale::En);
        headers.insert(header::COOKIE, HeaderValue::from_static("lang=zh-CN; edition=care; prefs=210d"));
        let v = variant("/", &headers);
        assert_eq!((v.locale, v.edition), (Locale::ZhCn, Edition::Care));
        assert_eq!(v.prefs, Prefs { text: 2, contrast: true, spacing: false, shade: Shade::Dark });
        assert_eq!(Prefs::parse(&v.prefs.cookie()), v.prefs);
        assert_eq!(variant("/?edition=standard&lang=en", &headers).edition, Edition::Ordinary);
        // What somebody else put beside them hides them not.
        let beside = HeaderValue::from_bytes(b"x=\xff; edition=care; lang=\xe4").unwrap();
        headers.insert(header::COOKIE, beside);
        assert_eq!(variant("/", &headers).edition, Edition::Care);
    }

    #[test]
    fn goes_back_to_this_site_only() {
        for (path, want) in [
            ("/a?b=c#d", "/a?b=c#d"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(path), want);
        }
    }

    #[test]
    fn links_stay_on_this_site() {
        for (path, want) in [
            ("/a/b", "/a/b"),
            ("//evil.example/x", "/evil.example/x"),
            ("///evil.example", "/evil.example"),
            ("/\\evil.example", "/evil.example"),
            ("/\t/evil.example", "/evil.example"),
            ("\\\\evil.example", "/evil.example"),
            ("evil.example", "/evil.example"),
            ("/a\\b", "/a%5Cb"),
            ("/%2F/evil.example", "/%2F/evil.example"),
            ("/%5Cevil.example", "/%5Cevil.example"),
        ] {
            assert_eq!(own_path(path), want, "{path}");
        }
    }

    #[test]
    fn pictures_and_scripts_are_no_navigation() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_navigation(&pairs.collect())
        };
        assert!(check(&[("sec-fetch-dest", "document"), ("accept", "*/*")]));
        assert!(!check(&[("sec-fetch-dest", "image"), ("accept", "text/html")]));
        assert!(!check(&[("sec-fetch-dest", "empty"), ("accept", "text/html")]));
        assert!(check(&[("accept", "text/html,*/*;q=0.8")]));
        assert!(!check(&[("accept", "image/avif,image/webp,*/*;q=0.8")]));
        assert!(!check(&[]));
    }

    #[test]
    fn the_log_has_no_whole_address() {
        let check = |address: &str| truncated(address.parse().unwrap());
        assert_eq!(check("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(check("2001:db8:1:2:3::4"), "2001:db8:1::/48");
        assert_eq!(check("::ffff:192.0.2.77"), "192.0.2.0/24");
    }
}
