//! What a redirect asks for, by the rules of Fetch ("HTTP-redirect fetch").

use bytes::Bytes;
use http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, COOKIE, LOCATION,
};
use http::{HeaderMap, Method, StatusCode};
use url::Url;

use crate::error::{Error, Why};

/// One request of those that a redirect makes of one.
#[derive(Clone)]
pub(crate) struct Hop {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Where an answer redirects to; nothing where it is the answer.
pub(crate) fn target(from: &Url, status: StatusCode, headers: &HeaderMap) -> Result<Option<Url>, Error> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let mut locations = headers.get_all(LOCATION).iter();
    let Some(location) = locations.next() else { return Ok(None) };
    if locations.any(|other| other != location) {
        return Err(Error::BadUrl);
    }
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_| Error::BadUrl)?;
    let to = from.join(location).map_err(|_| Error::BadUrl)?;
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Error::Refused { why: Why::Downgrade });
    }
    Ok(Some(to))
}

impl Hop {
    /// The request that is sent there in its place.
    pub fn redirected(mut self, status: StatusCode, to: Url) -> Self {
        let becomes_get = match status {
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            StatusCode::SEE_OTHER => !matches!(self.method, Method::GET | Method::HEAD),
            _ => false,
        };
        if becomes_get {
            (self.method, self.body) = (Method::GET, Bytes::new());
            for name in [CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE] {
                self.headers.remove(name);
            }
        }
        if self.url.origin() != to.origin() {
            for name in [AUTHORIZATION, COOKIE] {
                self.headers.remove(name);
            }
        }
        Self { url: to, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn target_of(from: &str, status: u16, locations: &[&str]) -> Result<Option<String>, Error> {
        let mut headers = HeaderMap::new();
        for location in locations {
            headers.append(LOCATION, HeaderValue::from_bytes(location.as_bytes()).unwrap());
        }
        Ok(target(&url(from), StatusCode::from_u16(status).unwrap(), &headers)?.map(String::from))
    }

    #[test]
    fn a_redirect_leads_where_it_says_but_not_down_to_http() {
        let from = "https://a.com/one/two?x=1";
        for (location, to) in [
            ("three", "https://a.com/one/three"),
            ("/three", "https://a.com/three"),
            ("//b.com", "https://b.com/"),
            ("?y", "https://a.com/one/two?y"),
            ("https://b.com/书", "https://b.com/%E4%B9%A6"),
            ("ftp://b.com/", "ftp://b.com/"),
        ] {
            for status in [301, 302, 303, 307, 308] {
                assert_eq!(
                    target_of(from, status, &[location]),
                    Ok(Some(to.to_owned())),
                    "{status} {location}"
                );
            }
        }
        for status in [200, 201, 300, 304, 305, 306, 404] {
            assert_eq!(target_of(from, status, &["/three"]), Ok(None), "{status}");
        }
        assert_eq!(target_of(from, 302, &[]), Ok(None));
        assert_eq!(target_of(from, 302, &["/a", "/a"]), Ok(Some("https://a.com/a".to_owned())));
        assert_eq!(target_of(from, 302, &["/a", "/b"]), Err(Error::BadUrl));
        assert_eq!(target_of(from, 302, &["http://"]), Err(Error::BadUrl));
        let down = Err(Error::Refused { why: Why::Downgrade });
        assert_eq!(target_of(from, 302, &["http://a.com/"]), down);
        assert_eq!(target_of(from, 308, &["HTTP://b.com"]), down);
        assert_eq!(
            target_of("http://a.com/", 302, &["https://a.com/"]),
            Ok(Some("https://a.com/".to_owned()))
        );
    }

    #[test]
    fn method_and_body_follow_the_rules_of_fetch() {
        for (status, method, becomes) in [
            (301, Method::POST, Method::GET),
            (302, Method::POST, Method::GET),
            (303, Method::POST, Method::GET),
            (303, Method::PUT, Method::GET),
            (303, Method::HEAD, Method::HEAD),
            (301, Method::PUT, Method::PUT),
            (302, Method::DELETE, Method::DELETE),
            (307, Method::POST, Method::POST),
            (308, Method::POST, Method::POST),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/plain"))]);
            let body = Bytes::from_static(b"body");
            let hop = Hop { method: method.clone(), url: url("https://a.com/"), headers, body };
            let next = hop.redirected(StatusCode::from_u16(status).unwrap(), url("https://a.com/b"));
            let kept = becomes == method;
            assert_eq!(next.method, becomes, "{status} {method}");
            assert_eq!((next.body.is_empty(), next.headers.is_empty()), (!kept, !kept), "{status} {method}");
            assert_eq!(next.url.path(), "/b");
        }
    }

    #[test]
    fn what_signs_in_stays_with_its_origin() {
        let headers = HeaderMap::from_iter(
            [AUTHORIZATION, COOKIE, CONTENT_TYPE].map(|name| (name, HeaderValue::from_static("x"))),
        );
        for (to, left) in [
            ("https://a.com/b", 3),
            ("https://a.com:443/b", 3),
            ("https://a.com:444/", 1),
            ("https://b.a.com/", 1),
            ("https://b.com/", 1),
            ("http://a.com/", 1),
        ] {
            let (method, body) = (Method::POST, Bytes::new());
            let hop = Hop { method, url: url("https://a.com/"), headers: headers.clone(), body };
            let next = hop.redirected(StatusCode::TEMPORARY_REDIRECT, url(to));
            assert_eq!(next.headers.len(), left, "{to}");
        }
    }
}
