//! Addresses, checked once, and never shown by accident.

use std::fmt;

use sha2::{Digest, Sha256};

/// The longest address, in bytes (RFC 5321, section 4.5.3.1.3, without the brackets).
const LONGEST: usize = 254;

/// An address that mail can go to, as far as its form tells. The domain is lower-case ASCII (IDNA); what stands before the `@` is as its owner
/// writes it. Whoever needs the text asks for it ([`Address::expose`]); there is no `Display`, and `Debug` says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// The text is no address, or one of a form that nobody's mail has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

impl Address {
    /// Takes what RFC 5321 and RFC 6531 call a mailbox, without quoted parts and without addresses of machines (`[192.0.2.1]`) in the place of
    /// a domain: both are legal, nobody has them, and programs on the way disagree about them.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(NotAnAddress)?;
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| NotAnAddress)?;
        let last = domain.rsplit('.').next().unwrap_or_default();
        let is_name = domain.contains('.') && !last.bytes().all(|byte| byte.is_ascii_digit());
        // What hides or turns would let one address pose as another.
        let is_plain = !local.contains(['"', '@']) && kernel::text::one_line(local) == local;
        let address = format!("{local}@{domain}");
        let well_formed = address.parse::<lettre::Address>().is_ok();
        if is_name && is_plain && well_formed && address.len() <= LONGEST {
            Ok(Self(address))
        } else {
            Err(NotAnAddress)
        }
    }

    /// What [`Address::expose`] gave.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The whole address: for the envelope, the header `To`, a form that shows it to its owner, a column. Never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(crate) fn to_lettre(&self) -> Result<lettre::Address, NotAnAddress> {
        self.0.parse().map_err(|_| NotAnAddress)
    }

    /// Whether a server must know SMTPUTF8 (RFC 6531) to take it.
    pub(crate) fn needs_utf8(&self) -> bool {
        !self.0.is_ascii()
    }

    /// As it stands in the table of those that take no mail: so that a row does not say whose it is. Who has the table can still try addresses
    /// out. No server that anybody knows tells upper case from lower.
    pub(crate) fn hashed(&self) -> String {
        let digest = Sha256::digest(format!("byline mail\0{}", self.0.to_lowercase()));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The mailbox that it leads to, for limits and for whose it is: what stands behind a `+` is the owner's own business (RFC 5233), and would be
    /// a way to send one person any number of mails.
    pub fn mailbox(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let local =
            local.split_once('+').map_or(local, |(name, _)| if name.is_empty() { local } else { name });
        format!("{}@{domain}", local.to_lowercase())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl fmt::Display for NotAnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an e-mail address")
    }
}

impl std::error::Error for NotAnAddress {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_people_have_are_taken() {
        for (text, address) in [
            ("ann@example.org", "ann@example.org"),
            (" Ann.Lee+news@Mail.EXAMPLE.org\n", "Ann.Lee+news@mail.example.org"),
            ("林秋@例子.测试", "林秋@xn--fsqu00a.xn--0zwm56d"),
            ("o'hara_1=a@xn--fsqu00a.example", "o'hara_1=a@xn--fsqu00a.example"),
        ] {
            assert_eq!(Address::parse(text).unwrap().expose(), address);
        }
    }

    #[test]
    fn what_no_mailbox_is_called_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}.org", "b.".repeat(130));
        for text in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@localhost",
            "ann@127.0.0.1",
            "ann@[127.0.0.1]",
            "ann@exa mple.org",
            "ann@-example.org",
            "ann@example..org",
            "ann@example.org.",
            ".ann@example.org",
            "ann..lee@example.org",
            "ann lee@example.org",
            "\"ann lee\"@example.org",
            "ann@ben@example.org",
            "ann@example.org, ben@example.org",
            "Ann <ann@example.org>",
            "ann@example.org\r\nBcc: ben@example.org",
            "ann\r\nRCPT TO:<ben>@example.org",
            "ann\0@example.org",
            "an\u{200b}n@example.org",
            "ann\u{202e}@example.org",
            &long,
            &longer,
        ] {
            assert_eq!(Address::parse(text), Err(NotAnAddress), "{text:?}");
        }
    }

    #[test]
    fn it_is_not_shown_by_accident() {
        let address = Address::parse("ann.lee@example.org").unwrap();
        assert_eq!(format!("{address:?} {:?}", Some(&address)), "Address(…) Some(Address(…))");
        let hash = address.hashed();
        assert!(hash.len() == 64 && !hash.contains("ann"));
        assert_eq!(hash, Address::parse("Ann.Lee@EXAMPLE.org").unwrap().hashed());
    }

    #[test]
    fn a_mailbox_has_many_addresses() {
        let mailbox = |text: &str| Address::parse(text).unwrap().mailbox();
        assert_eq!(mailbox("Ann+news+1@Example.org"), mailbox("ann@example.org"));
        assert_ne!(mailbox("ann@example.org"), mailbox("ann@example.com"));
        assert_eq!(mailbox("+1@example.org"), "+1@example.org");
    }
}
