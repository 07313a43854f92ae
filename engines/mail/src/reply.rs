//! What the answers of a mail server mean for a mail (RFC 5321, section 4.2; RFC 3463).

use std::error::Error as _;

use lettre::transport::smtp::Error;

/// Why a mail was not sent. Nothing of it names the recipient: servers like to repeat whom they refuse.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// May be over at another time.
    Later(String),
    /// The address takes no mail; the server's reply.
    Refused(u16),
    /// Somebody must change something.
    Wrong(String),
}

/// Where in the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Connect,
    SignIn,
    Sender,
    Recipient,
    Content,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Connect => "when it was greeted",
            Self::SignIn => "to user and password",
            Self::Sender => "to the sender",
            Self::Recipient => "to the recipient",
            Self::Content => "to the message",
        }
    }

    /// What is said from there on may repeat the recipient or the text.
    const fn is_private(self) -> bool {
        matches!(self, Self::Recipient | Self::Content)
    }
}

impl Problem {
    pub fn of(step: Step, error: &Error) -> Self {
        let Some(code) = error.status().map(u16::from) else {
            return Self::broken(step, error);
        };
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        if code >= 500 && step.is_private() && refuses(step, code, &text) {
            return Self::Refused(code);
        }
        let enhanced = enhanced(&text);
        let reply = match enhanced {
            _ if !step.is_private() && !text.is_empty() => format!("{code} {}", without_addresses(&text)),
            Some((class, subject, detail)) => format!("{code} {class}.{subject}.{detail}"),
            None => code.to_string(),
        };
        let said = format!("the mail server answered {reply} {}", step.name());
        let is_full = matches!((code, enhanced), (552, None) | (_, Some((5, 2, 2))));
        if code < 500 || is_full { Self::Later(said) } else { Self::Wrong(said) }
    }

    /// There was no answer that can be read.
    fn broken(step: Step, error: &Error) -> Self {
        // Of one that cannot be read, the text is in the error.
        if error.is_response() {
            return Self::Later(
                "the mail server ended the conversation, or answered what cannot be read".to_owned(),
            );
        }
        let why = without_addresses(&innermost(error));
        if error.is_client() && step == Step::SignIn {
            return Self::Wrong(format!("the mail server takes no user and password: {why}"));
        }
        Self::Later(format!("no mail server to talk to: {why}"))
    }
}

fn innermost(error: &Error) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        text = error.to_string();
        inner = error.source();
    }
    text
}

/// The code that is more exact than the reply's own, where a server says one.
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let mut parts = text.split_whitespace().next()?.split('.').map(str::parse);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(class)), Some(Ok(subject)), Some(Ok(detail)), None) => Some((class, subject, detail)),
        _ => None,
    }
}

/// Whether it is about the address, and for good. All else is about who sends, what is sent, or the server itself.
fn refuses(step: Step, code: u16, text: &str) -> bool {
    match enhanced(text) {
        // Bad destinations; 5.1.7 and 5.1.8 are about the sender's address, and so is what Postfix says of a sender whom it does not know: 5.1.0
        // (its `smtpd_dsn_fix.c`), at the recipient's step.
        Some((5, 1, detail)) => !matches!(detail, 0 | 7 | 8),
        // Mailboxes that are disabled, and of which nothing more is said.
        Some((5, 2, detail)) => matches!(detail, 0 | 1),
        // A domain that mail leads nowhere from.
        Some((5, 4, 4)) => true,
        // RFC 6531: it would need SMTPUTF8 on its whole way.
        Some((5, 6, 7)) => step == Step::Recipient,
        Some(_) => false,
        // RFC 7504 for 556. After the message a bare code is most often about that.
        None => step == Step::Recipient && matches!(code, 550 | 551 | 553 | 556) && !is_about_us(text),
    }
}

/// Of a bare code only the words tell a mailbox that is not there from a client that may not send: Exim says `550 relay not permitted` and
/// `550 Sender verify failed`. Where in doubt it is about us: a job that failed can be tried again, while a mark keeps mail from somebody.
fn is_about_us(text: &str) -> bool {
    const WORDS: [&str; 10] =
        ["relay", "sender", "authenti", "spf", "dkim", "dmarc", "block", "black", "policy", "spam"];
    let text = without_addresses(text).to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}

/// What has an `@` in it is left out.
fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_the_address_is_told_from_what_is_about_us() {
        use Step::{Content, Recipient};
        for (step, code, text, refused) in [
            (Recipient, 550, "5.1.1 <ann@example.org>: unknown", true),
            (Recipient, 550, "No such user here", true),
            (Recipient, 556, "", true),
            (Recipient, 550, "<relay@example.org>: No such user here", true),
            (Recipient, 550, "relay not permitted", false),
            (Recipient, 550, "Sender verify failed", false),
            (Recipient, 550, "5.1.0 <noreply@news.example>: Sender address rejected: User unknown", false),
            (Recipient, 550, "5.2.1 The account is disabled", true),
            (Recipient, 554, "5.7.1 <ann@example.org>: Relay access denied", false),
            (Recipient, 550, "5.7.26 Unauthenticated mail is prohibited", false),
            (Recipient, 530, "5.7.0 Authentication required", false),
            (Recipient, 554, "Transaction failed", false),
            (Recipient, 501, "5.1.7 Bad sender", false),
            (Recipient, 501, "5.1.3 Bad recipient syntax", true),
            (Content, 550, "5.1.1 unknown", true),
            (Content, 550, "looks like spam", false),
            (Content, 552, "5.3.4 too large", false),
            (Content, 553, "5.6.7 no SMTPUTF8 beyond here", false),
        ] {
            assert_eq!(refuses(step, code, text), refused, "{step:?} {code} {text}");
        }
    }

    #[test]
    fn what_looks_like_an_address_is_left_out() {
        assert_eq!(
            without_addresses("5.7.8 <post@news.example>: Authentication\r\n failed: smtp:post@x"),
            "5.7.8 … Authentication failed: …"
        );
        assert_eq!(enhanced("5.7.8 x"), Some((5, 7, 8)));
        assert_eq!(enhanced("1.2.3.4 is listed"), None);
    }
}
