//! The message itself (RFC 5322, MIME).

use std::time::{Duration, SystemTime};

use kernel::{Error, Result};
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::sender::Sender;
use crate::store::Stored;

/// What the templates make of a mail.
pub struct Rendered {
    /// What the site is called: whom the mail is from, unless the configuration says otherwise.
    pub site: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Longer subjects are cut: programs show less of them (characters).
const SUBJECT: usize = 200;

/// The whole message, the same at each try: whoever gets it twice has one of them thrown away by its `Message-ID`.
pub fn compose(mail: &Stored, rendered: Rendered, sender: &Sender) -> Result<Vec<u8>> {
    let Rendered { site, subject, text, html } = rendered;
    // A line of text ends nothing: what comes behind a line's end would be a header of its own.
    let subject: String = kernel::text::one_line(&subject).chars().take(SUBJECT).collect();
    let millis = mail.created_at.millis().max(0) as u64;
    let header = |name, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
    let mut builder = Message::builder()
        .from(sender.mailbox(&site).map_err(Error::internal)?)
        .to(Mailbox::new(None, mail.to.to_lettre().map_err(Error::internal)?))
        .subject(subject)
        .date(SystemTime::UNIX_EPOCH + Duration::from_millis(millis))
        .message_id(Some(format!("<{}@{}>", mail.id, sender.host())))
        // No answering machine answers (RFC 3834, section 5).
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(unsubscribe) = &mail.unsubscribe {
        builder = builder.raw_header(header("List-Unsubscribe", &format!("<{}>", unsubscribe.url())));
        if unsubscribe.is_one_click() {
            builder = builder.raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
    }
    // Plain letters are sent as they are: what some servers take for the end of the message, behind a bare CR, must not be among them.
    let [text, html] = [text, html].map(|part| part.replace("\r\n", "\n").replace('\r', "\n"));
    // Both parts are encoded (or plain letters), so none has such a line.
    let parts = MultiPart::alternative().boundary(format!("=_byline_{}", mail.id));
    let parts = parts.singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html));
    Ok(builder.multipart(parts).map_err(Error::internal)?.formatted())
}

#[cfg(test)]
mod tests {
    use kernel::{Locale, Time};
    use mail_parser::MessageParser;
    use serde_json::Value;

    use super::*;
    use crate::address::Address;
    use crate::letter::Unsubscribe;
    use crate::store::MailId;

    fn stored(unsubscribe: Option<&str>) -> Stored {
        Stored {
            id: MailId::new(48_151_623_421_337),
            template: "test".into(),
            to: Address::parse("ann@example.org").unwrap(),
            locale: Locale::En,
            zone: None,
            values: Value::Null,
            unsubscribe: unsubscribe.map(|url| Unsubscribe::new(url).unwrap()),
            created_at: Time::parse("2024-06-05T10:00:00Z").unwrap(),
        }
    }

    fn message(subject: &str, site: &str, text: &str, unsubscribe: Option<&str>) -> Vec<u8> {
        let html = format!("<p>{text}</p>");
        let rendered = Rendered { site: site.into(), subject: subject.into(), text: text.into(), html };
        let sender = Sender::new(None, "https://news.example").unwrap();
        compose(&stored(unsubscribe), rendered, &sender).unwrap()
    }

    #[test]
    fn a_message_has_both_parts_and_is_the_same_each_time() {
        let text = "潮汐表：今晚十一点。\n\nhttps://news.example/潮?a=1&b=2\n.\nA line with a dot above.";
        let bytes = message("确认你的邮箱地址", "临江日报·号", text, None);
        assert_eq!(bytes, message("确认你的邮箱地址", "临江日报·号", text, None));
        assert!(bytes.is_ascii(), "no server is asked for 8BITMIME");
        let longest = bytes.split(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap();
        assert!(longest <= 998, "{longest}");
        let mail = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(mail.subject(), Some("确认你的邮箱地址"));
        let from = mail.from().unwrap().first().unwrap();
        assert_eq!((from.name(), from.address()), (Some("临江日报·号"), Some("noreply@news.example")));
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("ann@example.org"));
        assert_eq!(mail.message_id(), Some(format!("{}@news.example", stored(None).id).as_str()));
        assert_eq!(mail.date().unwrap().to_rfc3339(), "2024-06-05T10:00:00Z");
        let plain = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
        assert_eq!(plain(&mail.body_text(0).unwrap()), text);
        assert_eq!(plain(&mail.body_html(0).unwrap()), format!("<p>{text}</p>"));
        let header = |name: &'static str| mail.header_raw(name).map(str::trim);
        assert_eq!(header("Auto-Submitted"), Some("auto-generated"));
        assert!(header("Content-Type").unwrap().starts_with("multipart/alternative"));
        assert_eq!((header("List-Unsubscribe"), header("List-Unsubscribe-Post")), (None, None));
        let raw = String::from_utf8(bytes).unwrap();
        assert!(raw.contains("Content-Type: text/plain; charset=utf-8\r\n"), "{raw}");
        assert!(raw.contains("Content-Type: text/html; charset=utf-8\r\n"), "{raw}");
    }

    #[test]
    fn a_digest_says_how_to_end_it() {
        let url = format!("https://news.example/unsubscribe?token={}", "a".repeat(800));
        let bytes = message("This week", "News", "Nothing", Some(&url));
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let header = |name: &'static str| mail.header_raw(name).map(|value| value.trim().to_owned());
        assert_eq!(header("List-Unsubscribe"), Some(format!("<{url}>")));
        assert_eq!(header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
        let bytes = message("This week", "News", "Nothing", Some("http://news.example/off"));
        let mail = MessageParser::default().parse(&bytes).unwrap();
        assert!(mail.header_raw("List-Unsubscribe-Post").is_none(), "one click counts by HTTPS only");
    }

    #[test]
    fn nothing_that_is_filled_in_makes_a_header() {
        for evil in [
            "a\r\nBcc: ben@example.com",
            "a\nBcc: ben@example.com",
            "a\r\n\r\nBcc: ben@example.com",
            "a\u{2028}Bcc: ben@example.com",
            "a\0\rBcc: ben@example.com",
            "a\r.\r\nMAIL FROM:<ben@example.com>",
            "=?utf-8?q?a=0D=0ABcc:_ben@example.com?=",
            "\"a\" <ben@example.com>, b",
        ] {
            let bytes = message(evil, evil, evil, None);
            let mail = MessageParser::default().parse(&bytes).unwrap();
            assert!(mail.bcc().is_none(), "{evil:?}");
            let all = (mail.from().unwrap().iter().count(), mail.to().unwrap().iter().count());
            assert_eq!(all, (1, 1), "{evil:?}");
            assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("noreply@news.example"));
            let names = mail.headers().iter().filter(|header| header.name().eq_ignore_ascii_case("bcc"));
            assert_eq!(names.count(), 0);
            let head = String::from_utf8_lossy(&bytes).split("\r\n\r\n").next().unwrap().to_owned();
            assert!(head.split("\r\n").all(|line| !line.starts_with("Bcc")), "{head}");
            let whole = String::from_utf8_lossy(&bytes).replace("\r\n", "");
            assert!(!whole.contains(['\r', '\n']), "{whole}");
        }
    }
}
