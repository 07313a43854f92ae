//! The site as browsers name it to passkeys.

use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

/// `None` where the site's address is none that browsers make passkeys for: that takes a name, which is `localhost` on one's own machine.
pub(crate) fn relying_party(url: &str) -> Option<Webauthn> {
    let origin = Url::parse(url).ok()?;
    let domain = origin.domain()?;
    WebauthnBuilder::new(domain, &origin).ok()?.rp_name(domain).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_passkeys_where_browsers_make_them() {
        for url in ["https://news.example", "http://localhost:8080", "https://news.example:8443"] {
            assert!(relying_party(url).is_some(), "{url}");
        }
        for url in ["http://127.0.0.1:8080", "https://[2001:db8::1]", "", "news.example"] {
            assert!(relying_party(url).is_none(), "{url}");
        }
    }
}
