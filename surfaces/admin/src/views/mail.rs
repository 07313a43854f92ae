//! `/admin/mail` and `/admin/mail/{name}`

use kernel::{Locale, Time};
use mail::Kept;
use serde::Serialize;
use web::render::{Form, PageLayout, View};

use super::parts::{DeskLayout, noon};

/// A message of the folder.
#[derive(Clone, Debug, Serialize)]
pub struct MailLine {
    /// The file's.
    pub name: String,
    pub at: Time,
    pub to: String,
    pub subject: String,
}

impl From<Kept> for MailLine {
    fn from(Kept { name, at, to, subject }: Kept) -> Self {
        Self { name, at, to, subject }
    }
}

impl MailLine {
    fn sample(n: u32, locale: Locale, subject: (&str, &str)) -> Self {
        Self {
            name: format!("20240605T02033{n}Z-3yQqvR4Tz{n}.eml"),
            at: noon(),
            to: "linqiu@example.org".into(),
            subject: match locale {
                Locale::ZhCn => subject.0.into(),
                Locale::En => subject.1.into(),
            },
        }
    }
}

/// Where mail goes, and the form of a test: `address`.
#[derive(Clone, Debug, Serialize)]
pub struct Mail {
    pub layout: DeskLayout,
    /// A folder, or a mail server.
    pub place: String,
    /// The newest of the folder; nothing where mail is sent.
    pub kept: Option<Vec<MailLine>>,
    pub form: Form,
}

impl View for Mail {
    const TEMPLATE: &'static str = "admin_mail.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let long = ("潮汐表与渡轮时刻，".repeat(20), "Tides and ferries of the week, ".repeat(6));
        let folder = Self {
            layout: DeskLayout::sample_done("mail", "mail-test"),
            place: "/var/lib/byline/mail".into(),
            kept: Some(vec![
                MailLine::sample(
                    2,
                    locale,
                    ("临江日报·号的测试邮件 <b>", "Test mail from The Harbour Line <b>"),
                ),
                MailLine::sample(1, locale, (&long.0, &long.1)),
                MailLine {
                    subject: String::new(),
                    to: String::new(),
                    ..MailLine::sample(0, locale, ("", ""))
                },
            ]),
            form: Form::default(),
        };
        let empty = Self { layout: DeskLayout::sample("mail"), kept: Some(Vec::new()), ..folder.clone() };
        let sent = Self {
            layout: DeskLayout::sample("mail"),
            place: "smtps://mail.example:465".into(),
            kept: None,
            form: Form::default().with("address", "<b>ann").with_error("address", "address-form"),
        };
        vec![folder, empty, sent]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}

/// One message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    pub layout: DeskLayout,
    pub mail: MailLine,
    pub from: String,
    pub text: String,
    pub has_html: bool,
}

impl View for Message {
    const TEMPLATE: &'static str = "admin_mail_message.html";

    fn samples(locale: Locale) -> Vec<Self> {
        let text =
            "The Harbour Line\nhttps://news.example.org/\n\nMail arrives <b>\n\n--\nYou get this because.";
        let message = Self {
            layout: DeskLayout::sample("mail"),
            mail: MailLine::sample(
                2,
                locale,
                ("临江日报·号的测试邮件 <b>", "Test mail from The Harbour Line <b>"),
            ),
            from: "The Harbour Line <noreply@news.example.org>".into(),
            text: text.into(),
            has_html: true,
        };
        let bare = Self { text: String::new(), has_html: false, ..message.clone() };
        vec![message, bare]
    }

    fn fill_head(&self, page: &mut PageLayout) {
        self.layout.fill_head(page);
    }
}
