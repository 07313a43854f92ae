//! Every template renders with every sample, in both languages and editions, for every kind of reader.

use std::path::Path;

use articles::{Declaration, State};
use kernel::Locale;
use web::render::{LayoutViewer, Messages, PageLayout, Theme, View, look_folder, write_view};
use web::{Edition, Prefs, Shade};

use super::desk;

#[test]
fn every_view_renders() {
    let faults = super::check_theme(&Theme::load(None).unwrap());
    assert!(faults.is_empty(), "{faults:?}");
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
    let done = crate::notice::DONE.map(|done| format!("notice-desk-{done}"));
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
    let html = theme.render(&PageLayout::sample(Locale::En), &view).unwrap();
    let text = html.split("<textarea id=\"body\"").nth(1).unwrap();
    assert!(text.split_once('>').unwrap().1.starts_with("\n\nverse</textarea>"), "{text}");
}

/// Writes pages to look at into the folder that `BYLINE_LOOK` names.
#[test]
fn pages_to_look_at() {
    fn write<V: View>((theme, folder): (&Theme, &Path)) {
        write_view::<V>(theme, folder, frames).unwrap();
    }
    let Some(folder) = look_folder().unwrap() else { return };
    let theme = Theme::load(None).unwrap();
    views!(write, (&theme, &folder));
}

fn frames(locale: Locale) -> Vec<(&'static str, PageLayout)> {
    let viewer = LayoutViewer {
        name: "林秋".into(),
        handle: "linqiu".into(),
        is_author: true,
        ..LayoutViewer::default()
    };
    let plain = PageLayout { path: "/studio".to_owned(), viewer: Some(viewer), ..PageLayout::sample(locale) };
    let dark = Prefs { shade: Shade::Dark, ..Prefs::default() };
    let contrast = Prefs { text: 2, contrast: true, spacing: true, ..Prefs::default() };
    vec![
        ("light", plain.clone()),
        ("dark", PageLayout { prefs: dark, ..plain.clone() }),
        ("care", PageLayout { edition: Edition::Care, ..plain.clone() }),
        ("contrast", PageLayout { prefs: contrast, ..plain }),
    ]
}
