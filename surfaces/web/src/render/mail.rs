//! Mail: two templates each, `mail/x.html` and `mail/x.txt`, in the reader's language.
//!
//! In both are `letter` (what the mail says), `to` and `unsubscribe`, and `page`, of which the site is of use. The block `subject` of the
//! plain text is the subject. Nothing of a mail is fetched when it is read: no picture, no style sheet.

use kernel::{Error, Locale, Result};
use mail::{Content, Rendered, Stored};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::theme::Theme;
use super::{PageLayout, Site};

/// A mail that is being rendered, as templates see it.
struct Letter<'a> {
    template: &'a str,
    values: &'a serde_json::Value,
    to: &'a str,
    /// Where one click ends mail of this kind.
    unsubscribe: Option<&'a str>,
}

impl Theme {
    pub fn render_mail(&self, page: &PageLayout, mail: &Stored) -> Result<Rendered> {
        let letter = Letter {
            template: &mail.template,
            values: &mail.values,
            to: mail.to.expose(),
            unsubscribe: mail.unsubscribe.as_ref().map(mail::Unsubscribe::url),
        };
        self.render_letter(page, &letter)
    }

    fn render_letter(&self, page: &PageLayout, letter: &Letter<'_>) -> Result<Rendered> {
        let Letter { template, values, to, unsubscribe } = *letter;
        let (scope, page_value) = (self.scope(page), Value::from(Serde(page)));
        let letter = Value::from(Serde(values));
        let context = context! { page => page_value.clone(), letter => letter.clone(), to, unsubscribe, scope => scope.clone() };
        let (text, subject) = self.text_with_block(&format!("mail/{template}.txt"), "subject", context)?;
        let subject = kernel::text::one_line(&subject);
        let context =
            context! { page => page_value, letter, to, unsubscribe, subject => subject.as_str(), scope };
        let html = self.template(&format!("mail/{template}.html"), context)?;
        let text = kernel::text::lines(&text) + "\n";
        Ok(Rendered { site: page.site.name.clone(), subject, text, html })
    }
}

/// Renders every sample of a mail in both languages, for a site of the usual name and for one that is written as an attack, with and without a way
/// to end it; the first fault, in what was rendered too.
pub fn check_mail<C: Content>(theme: &Theme) -> Result<()> {
    for locale in Locale::ALL {
        let usual = PageLayout::sample(locale);
        let odd = Site { name: "<b>News</b> & \"Co\"".to_owned(), ..usual.site.clone() };
        for page in [PageLayout { site: odd, ..usual.clone() }, usual] {
            for content in C::samples(locale) {
                let values = serde_json::to_value(content).map_err(Error::internal)?;
                for unsubscribe in [None, Some("https://news.example.org/unsubscribe?token=a&b=c")] {
                    let to = "linqiu@example.org";
                    let letter = Letter { template: C::TEMPLATE, values: &values, to, unsubscribe };
                    lint(&letter, &page, &theme.render_letter(&page, &letter)?)
                        .map_err(|fault| Error::internal(format!("mail/{}: {fault}", C::TEMPLATE)))?;
                }
            }
        }
    }
    Ok(())
}

/// What would be fetched when it is read, would run, or is missing.
fn lint(letter: &Letter<'_>, page: &PageLayout, rendered: &Rendered) -> Result<(), String> {
    let Rendered { subject, text, html, .. } = rendered;
    let fetches = [
        "<script",
        "<img",
        "<link",
        "<iframe",
        " src=",
        "url(",
        "@import",
        "javascript:",
        " onclick=",
        "<form",
    ];
    if let Some(bad) = fetches.iter().find(|bad| html.contains(**bad)) {
        return Err(format!("{bad:?} in the HTML"));
    }
    for (part, of) in [("subject", subject), ("text", text), ("HTML", html)] {
        if of.trim().is_empty() {
            return Err(format!("the {part} is empty"));
        }
    }
    if html.contains("<b>News") {
        return Err("the HTML is not escaped".to_owned());
    }
    if text.contains("&amp;") || subject.contains("&amp;") {
        return Err("the plain text is escaped".to_owned());
    }
    if !text.contains(&page.site.name) {
        return Err("the text does not say whom it is from".to_owned());
    }
    // Who reads the plain text gets everywhere, too.
    let links = html.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for link in links.map(|link| link.replace("&amp;", "&")) {
        if !(link.starts_with("https://") || link.starts_with("http://")) {
            return Err(format!("the link {link:?} is not whole"));
        }
        if !text.contains(&link) {
            return Err(format!("the link {link:?} is not in the text"));
        }
    }
    match letter.unsubscribe {
        Some(url) if !(text.contains(url) && html.contains(&url.replace('&', "&amp;"))) => {
            Err("it does not say how to end it".to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use mail::TestLetter;

    use super::*;

    fn render(theme: &Theme, locale: Locale, values: &serde_json::Value) -> Rendered {
        let letter = Letter { template: "test", values, to: "ann@example.org", unsubscribe: None };
        theme.render_letter(&PageLayout::sample(locale), &letter).unwrap()
    }

    #[test]
    fn a_mail_is_written_in_the_readers_language() {
        let theme = Theme::load(None).unwrap();
        check_mail::<TestLetter>(&theme).unwrap();
        let values = serde_json::to_value(&TestLetter::samples(Locale::En)[0]).unwrap();
        let (en, zh) = (render(&theme, Locale::En, &values), render(&theme, Locale::ZhCn, &values));
        assert_eq!(en.subject, "Test mail from The Harbour Line");
        assert_eq!(zh.subject, "临江日报·号的测试邮件");
        assert!(en.html.contains("<html lang=\"en\"") && zh.html.contains("<html lang=\"zh-CN\""));
        assert!(en.text.contains("https://news.example.org/admin/mail"), "{}", en.text);
        assert!(!en.text.contains('<') && !en.text.contains("\n\n\n"), "{}", en.text);
    }

    #[test]
    fn a_theme_whose_mail_tells_on_readers_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("templates/mail");
        std::fs::create_dir_all(&folder).unwrap();
        let check = |name: &str, source: &str| {
            std::fs::write(folder.join(name), source).unwrap();
            let checked = check_mail::<TestLetter>(&Theme::load(Some(dir.path())).unwrap());
            std::fs::remove_file(folder.join(name)).unwrap();
            checked.err().map(|error| error.to_string()).unwrap_or_default()
        };
        let html = "{% extends \"mail/layout.html\" %}{% block why %}{% endblock %}{% block main %}MAIN{% endblock %}";
        for (main, fault) in [
            ("<img src=\"https://a.example/seen.gif\" alt=\"\">", "<img"),
            ("<p style=\"background: url(https://a.example/x)\">x</p>", "url("),
            ("<a href=\"/admin/mail\">x</a>", "is not whole"),
            ("<a href=\"https://a.example/\">x</a>", "is not in the text"),
            ("{{ letter.nonsense }}", "undefined"),
        ] {
            let said = check("test.html", &html.replace("MAIN", main));
            assert!(said.contains(fault), "{main}: {said}");
        }
        let text =
            "{% extends \"mail/layout.txt\" %}{% block why %}{% endblock %}{% block main %}x{% endblock %}";
        let said = check("test.txt", text);
        assert!(said.contains("subject"), "{said}");
        assert_eq!(
            check(
                "test.txt",
                "{% block subject %}<b>&{% endblock %}{{ page.site.name }} {{ page.site.url }}/ {{ page.site.url }}/admin/mail {{ unsubscribe }}"
            ),
            "",
            "plain text is not escaped"
        );
    }
}
