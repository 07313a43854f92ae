//! Addresses in markup from outside.

use url::{Host, Url};

/// Stands for this site where its own address is not known: paths belong to it, and nothing else does.
const NOWHERE: &str = "own.invalid";

/// Which host is this site.
#[derive(Clone, Debug)]
pub struct Own {
    base: Url,
}

impl Default for Own {
    fn default() -> Self {
        Self::of(NOWHERE)
    }
}

impl Own {
    /// The site at a public address such as `https://news.example`.
    pub fn at(url: &str) -> Self {
        match Url::parse(url).ok().as_ref().and_then(Url::host) {
            Some(host) => Self::of(&host.to_string()),
            None => Self::default(),
        }
    }

    /// `https`, whatever the site has: where no scheme is given, none is as safe.
    fn of(host: &str) -> Self {
        let base = Url::parse(&format!("https://{host}/"));
        Self { base: base.unwrap_or_else(|_| Url::parse("https://own.invalid/").expect("a valid address")) }
    }

    fn is(&self, url: &Url) -> bool {
        match (self.base.host(), url.host()) {
            (Some(Host::Domain(own)), Some(Host::Domain(other))) => own == other.trim_end_matches('.'),
            (own, other) => own == other,
        }
    }

    /// Reads an address as a browser on a page of this site would.
    fn read(&self, address: &str) -> Option<Url> {
        let url = self.base.join(address).ok()?;
        (url.as_str().len() <= 8_192).then_some(url)
    }

    /// Where a picture, a film or a sound comes from, in its normal form: a path below `/media/` on this site, or a place
    /// on another one. A browser asks for it unasked and with the reader's cookies, so no other path of this site will do.
    pub fn picture(&self, address: &str) -> Option<String> {
        let mut url = self.read(address)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return None;
        }
        if self.is(&url) {
            return is_media(url.path()).then(|| url.path().to_owned());
        }
        // The name of a host tells no lie where nothing stands before it.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        url.set_fragment(None);
        Some(url.into())
    }

    /// A link: to another site, a place on the page, a path of this site (also where it was written with the site's name), a
    /// mail address, a telephone number.
    pub fn link(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.starts_with('#') {
            return Some(address.to_owned());
        }
        match Url::parse(address) {
            Ok(url) if matches!(url.scheme(), "mailto" | "tel") => Some(address.to_owned()),
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let written = address.get(url.scheme().len()..).is_some_and(|rest| rest.starts_with("://"))
                    && !address.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\');
                Some(if written { address.to_owned() } else { self.read(address)?.into() })
            }
            // Only what means the same on every page.
            Err(_) if address.starts_with(['/', '\\']) => {
                let url = self.read(address)?;
                if !self.is(&url) {
                    return Some(url.into());
                }
                Some(url[url::Position::BeforePath..].to_owned())
            }
            Ok(_) | Err(_) => None,
        }
    }
}

/// `/media/{hash}/{variant}`: nothing in it needs an escape, and no step leads out of it.
fn is_media(path: &str) -> bool {
    path.strip_prefix("/media/").is_some_and(|rest| {
        !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_'))
            && rest
                .split('/')
                .all(|part| !part.is_empty() && part.trim_start_matches('.').len() == part.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_this_site_are_media_and_nothing_else() {
        let own = Own::at("https://news.example:8443/");
        for (address, want) in [
            ("/media/0a/w640.webp", Some("/media/0a/w640.webp")),
            ("https://news.example/media/0a/w640.webp", Some("/media/0a/w640.webp")),
            ("HTTP://NEWS.example.:80/media/0a/w640.webp?x#y", Some("/media/0a/w640.webp")),
            ("//news.example/media/0a/b.jpg", Some("/media/0a/b.jpg")),
            ("/logout", None),
            ("https://news.example/logout", None),
            ("https://news.example:1/logout", None),
            ("https://a:b@news.example/logout", None),
            ("/media/../logout", None),
            ("/media/%2e%2e/logout", None),
            ("/media/..%2flogout", None),
            ("/media/.%2e/.%2e/logout", None),
            ("/media\\..\\logout", None),
            ("\\media\\0a\\b.jpg", Some("/media/0a/b.jpg")),
            ("/me\tdia/../log\nout", None),
            (" \u{1}/logout", None),
            ("https:logout", None),
            ("https:/logout", None),
            ("http:/logout", Some("http://logout/")),
            ("\\\\e.org\\a.png", Some("https://e.org/a.png")),
            ("/\\e.org/a.png", Some("https://e.org/a.png")),
            ("a.png", None),
            ("?do=logout", None),
            ("", None),
            ("data:image/png;base64,AA", None),
            ("javascript:alert(1)", None),
            ("//i0.hdslb.com/a.jpg", Some("https://i0.hdslb.com/a.jpg")),
            ("http://e.org/图.png", Some("http://e.org/%E5%9B%BE.png")),
            ("https://news.example@e.org/a.png", Some("https://e.org/a.png")),
            ("https://e.org/a.png?w=1&h=2", Some("https://e.org/a.png?w=1&h=2")),
        ] {
            assert_eq!(own.picture(address).as_deref(), want, "{address:?}");
        }
        // Where the site's address is not known, paths are still its own.
        assert_eq!(Own::default().picture("/logout"), None);
        assert_eq!(Own::at("http://127.0.0.1:8080").picture("http://127.1/logout"), None);
    }

    #[test]
    fn links_keep_their_form_where_it_is_plain() {
        let own = Own::at("https://news.example");
        for (address, want) in [
            ("https://example.com", Some("https://example.com")),
            ("//e.org/a", Some("https://e.org/a")),
            ("/\\e.org/a", Some("https://e.org/a")),
            ("/article/x?a=1#b", Some("/article/x?a=1#b")),
            ("#小结", Some("#小结")),
            ("mailto:a@e.org", Some("mailto:a@e.org")),
            ("https:/e.org", Some("https://news.example/e.org")),
            ("javascript:alert(1)", None),
            ("java\nscript:alert(1)", None),
            ("a/b", None),
        ] {
            assert_eq!(own.link(address).as_deref(), want, "{address:?}");
        }
    }
}
