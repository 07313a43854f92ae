//! Every template renders with every sample, in both languages, for visitor and reader, in both editions.

use std::path::PathBuf;

use kernel::Locale;
use moderation::Reason;
use web::render::{Chrome, Messages, Theme, View, ViewerChrome, channels_css, check_view};
use web::{Edition, Prefs, Shade};

use super::{applications, authors, channels, comments, front, reports, review, users};

/// Calls `$do::<Type>($with)` for every view.
macro_rules! views {
    ($do:ident, $with:expr) => {
        $do::<front::Front>($with);
        $do::<review::Queue>($with);
        $do::<review::Review>($with);
        $do::<reports::Reports>($with);
        $do::<comments::Held>($with);
        $do::<applications::Applications>($with);
        $do::<applications::Asking>($with);
        $do::<authors::Authors>($with);
        $do::<authors::Profiled>($with);
        $do::<users::Users>($with);
        $do::<users::Member>($with);
        $do::<channels::Channels>($with);
        $do::<channels::Edited>($with);
    };
}

#[test]
fn every_view_renders() {
    fn check<V: View>(theme: &Theme) {
        check_view::<V>(theme).unwrap();
    }
    let theme = Theme::load(None).unwrap();
    views!(check, &theme);
}

/// Codes become words by their names: none may be without.
#[test]
fn every_code_has_its_words() {
    fn named<'a>(prefix: &'a str, codes: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
        codes.iter().map(move |code| format!("{prefix}-{code}"))
    }
    let keys = Messages::keys(Locale::ZhCn);
    let errors = [
        "code-empty",
        "handle-taken",
        "handle-unknown",
        "field-long",
        "role-own",
        "slug-form",
        "slug-taken",
        "channel-name-empty",
        "channel-name-long",
        "colour-form",
        "number-form",
    ];
    let said = named("notice-admin", &crate::around::DONE)
        .chain(named("return", &moderation::RETURN_CODES))
        .chain(named("retract", &moderation::RETRACT_CODES))
        .chain(named("reject", &::authors::REJECT_CODES))
        .chain(named("admin-verdict", &["approve", "return", "retract", "restore"]))
        .chain(named("conflict", &["article-state", "article-edited"]))
        .chain(named("error", &errors));
    for key in said.chain(Reason::ALL.map(|reason| format!("reason-{}", reason.name()))) {
        assert!(keys.contains(&key), "{key}");
    }
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

fn frames(locale: Locale) -> [(&'static str, Chrome); 3] {
    let viewer = ViewerChrome {
        name: "林秋".into(),
        handle: "linqiu".into(),
        is_reviewer: true,
        is_editor: true,
        is_operator: true,
        ..ViewerChrome::default()
    };
    let plain = Chrome { path: "/admin".to_owned(), viewer: Some(viewer), ..Chrome::sample(locale) };
    let dark = Prefs { shade: Shade::Dark, ..Prefs::default() };
    [
        ("light", plain.clone()),
        ("dark", Chrome { prefs: dark, ..plain.clone() }),
        ("care", Chrome { edition: Edition::Care, ..plain }),
    ]
}
