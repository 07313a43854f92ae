//! Every template renders with every sample, in both languages and editions, for every kind of reader.

use std::path::PathBuf;

use articles::{Declaration, State};
use kernel::Locale;
use web::render::{Chrome, Messages, Theme, View, ViewerChrome, channels_css, check_view};
use web::{Edition, Prefs, Shade};

use super::{desk, expired, list, pictures, preview, profile};

/// Calls `$do!(Type, with)` for every view.
macro_rules! views {
    ($do:ident, $with:expr) => {
        $do::<list::List>($with);
        $do::<list::NoAuthor>($with);
        $do::<desk::Desk>($with);
        $do::<desk::Closed>($with);
        $do::<expired::Expired>($with);
        $do::<preview::Preview>($with);
        $do::<pictures::Pictures>($with);
        $do::<profile::ProfileForm>($with);
    };
}

#[test]
fn every_view_renders() {
    fn check<V: View>(theme: &Theme) {
        check_view::<V>(theme).unwrap();
    }
    views!(check, &Theme::load(None).unwrap());
}

/// Codes become words by their names: none may be without.
#[test]
fn every_code_has_its_words() {
    let keys = Messages::keys(Locale::ZhCn);
    let states = State::ALL.map(|state| format!("state-{}", state.name()));
    let declared = Declaration::ALL.map(|declaration| format!("declaration-{}", declaration.name()));
    let returned =
        ["facts", "source", "title", "picture", "language", "other"].map(|code| format!("return-{code}"));
    let closed = ["submitted", "scheduled"].map(|state| format!("closed-{state}"));
    let done = crate::desk::DONE.map(|done| format!("notice-desk-{done}"));
    let fields = ["url-form", "publish-at-form", "publish-at-past", "picture-none", "form-unreadable"];
    let errors = fields.map(|code| format!("error-{code}"));
    for key in states.into_iter().chain(declared).chain(returned).chain(closed).chain(done).chain(errors) {
        assert!(keys.contains(&key), "{key}");
    }
}

/// The first line break within a text area is not part of its text (HTML, 13.2.6.4.7): one stands there for it.
#[test]
fn a_text_that_begins_with_an_empty_line_keeps_it() {
    let theme = Theme::load(None).unwrap();
    let mut view = desk::Desk::samples(Locale::En).swap_remove(1);
    view.form = view.form.with("body", "\nverse");
    let html = theme.render(&Chrome::sample(Locale::En), &view).unwrap();
    let text = html.split("<textarea id=\"body\"").nth(1).unwrap();
    assert!(text.split_once('>').unwrap().1.starts_with("\n\nverse</textarea>"), "{text}");
}

/// Writes pages to look at into the folder that `BYLINE_LOOK` names.
#[test]
fn pages_to_look_at() {
    fn write<V: View>((theme, folder): (&Theme, &PathBuf)) {
        for locale in Locale::ALL {
            for (n, view) in V::samples(locale).iter().enumerate() {
                for (kind, page) in frames(locale) {
                    let stem = V::TEMPLATE.trim_end_matches(".html");
                    let file = folder.join(format!("{stem}-{n}.{}.{kind}.html", locale.tag()));
                    std::fs::write(file, theme.render(&page, view).unwrap()).unwrap();
                }
            }
        }
    }
    let Ok(folder) = std::env::var("BYLINE_LOOK").map(PathBuf::from) else { return };
    let theme = Theme::load(None).unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("channels.css"), channels_css(&Chrome::sample(Locale::En).channels)).unwrap();
    views!(write, (&theme, &folder));
}

fn frames(locale: Locale) -> [(&'static str, Chrome); 4] {
    let viewer = ViewerChrome {
        name: "林秋".into(),
        handle: "linqiu".into(),
        is_author: true,
        ..ViewerChrome::default()
    };
    let plain = Chrome { path: "/studio".to_owned(), viewer: Some(viewer), ..Chrome::sample(locale) };
    let dark = Prefs { shade: Shade::Dark, ..Prefs::default() };
    let contrast = Prefs { text: 2, contrast: true, spacing: true, ..Prefs::default() };
    [
        ("light", plain.clone()),
        ("dark", Chrome { prefs: dark, ..plain.clone() }),
        ("care", Chrome { edition: Edition::Care, ..plain.clone() }),
        ("contrast", Chrome { prefs: contrast, ..plain }),
    ]
}
