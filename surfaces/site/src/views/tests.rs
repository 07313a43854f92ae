//! Every template renders with every sample, in both languages, for visitor and reader, in both editions.

use std::path::Path;

use kernel::Locale;
use web::render::{LayoutViewer, Messages, PageLayout, Theme, View, look_folder, write_view};
use web::{Edition, Prefs, Shade};

use super::{account, article};

#[test]
fn every_view_renders() {
    let faults = super::check_theme(&Theme::load(None).unwrap());
    assert!(faults.is_empty(), "{faults:?}");
}

/// Blocks of the article page: other sites, skip links and themes rely on these ids.
#[test]
fn the_article_page_has_every_block_in_order() {
    let blocks = [
        "site-bar",
        "breadcrumb",
        "headline",
        "share",
        "body",
        "notice",
        "actions",
        "comments",
        "related",
        "hot",
        "author-card",
        "archive",
        "channel-headlines",
        "features",
        "foot",
    ];
    let theme = Theme::load(None).unwrap();
    for locale in Locale::ALL {
        for edition in [Edition::Ordinary, Edition::Care] {
            for view in article::ArticlePage::samples(locale) {
                let page = PageLayout { edition, ..PageLayout::sample(locale) };
                let html = theme.render(&page, &view).unwrap();
                let places: Vec<_> = blocks.iter().map(|id| html.find(&format!(" id=\"{id}\""))).collect();
                assert!(places.iter().all(Option::is_some), "{places:?}");
                assert!(places.is_sorted(), "{places:?}");
            }
        }
    }
}

#[test]
fn each_page_of_the_settings_lists_all_and_marks_itself() {
    let theme = Theme::load(None).unwrap();
    let pages = [
        ("/settings/tokens", "tokens"),
        ("/settings/password", "account"),
        ("/settings/identities/3fQk2/remove", "account"),
        ("/settings/passkeys/add", "passkeys"),
        ("/settings/notifications/digest", "notifications"),
        ("/settings/account/delete", "account/delete"),
    ];
    for (path, marked) in pages {
        let viewer = LayoutViewer { handle: "ann".into(), ..LayoutViewer::default() };
        let page =
            PageLayout { path: path.to_owned(), viewer: Some(viewer), ..PageLayout::sample(Locale::En) };
        for view in account::TokenSettings::samples(Locale::En) {
            let html = theme.render(&page, &view).unwrap();
            let (_, menu) = html.split_once("settings-menu").unwrap();
            let (menu, _) = menu.split_once("</nav>").unwrap();
            assert_eq!(menu.matches("<a ").count(), 13);
            let address = format!("\"/settings/{marked}\"");
            let here: Vec<_> = menu.lines().filter(|line| line.contains("aria-current=\"page\"")).collect();
            assert!(here.len() == 1 && here[0].replace("&#x2f;", "/").contains(&address), "{here:?}");
        }
    }
}

#[test]
fn the_head_tells_machines_what_the_page_is() {
    let theme = Theme::load(None).unwrap();
    let bare = article::ArticlePage::samples(Locale::ZhCn).swap_remove(1);
    let html = theme.render(&PageLayout::sample(Locale::ZhCn), &bare).unwrap();
    assert!(html.contains(r#"<link rel="canonical" href="https://www.example.org/a?b&amp;c">"#));
    let data: Vec<serde_json::Value> = html
        .split("<script type=\"application/ld+json\">")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap())
        .collect();
    assert_eq!(data[0]["@type"], "NewsArticle");
    assert_eq!(data[0]["headline"], bare.article.text.title.as_str());
    assert_eq!(data[0]["dateModified"], data[0]["datePublished"]);
    assert_eq!(data[1]["itemListElement"][1]["item"], "https://news.example.org/@nanpo-observer");
}

/// `{% extends %}`, `t('…')`: what a template names must be there.
#[test]
fn every_message_that_a_template_names_exists() {
    let theme = Theme::load(None).unwrap();
    let keys = Messages::keys(Locale::ZhCn);
    let mut named = 0;
    for name in theme.templates() {
        let source = theme.source(name).unwrap();
        for start in ["t(\"", "t('"] {
            for (at, _) in source.match_indices(start) {
                let rest = &source[at + start.len()..];
                let (Some(end), false) =
                    (rest.find(['"', '\'']), source[..at].ends_with(|c: char| c.is_alphanumeric()))
                else {
                    continue;
                };
                let key = &rest[..end];
                // `t("kind-" ~ kind)`: at least one message begins so.
                let known =
                    keys.contains(key) || (key.ends_with('-') && keys.iter().any(|k| k.starts_with(key)));
                assert!(known, "{name}: no message {key:?}");
                named += 1;
            }
        }
        for forbidden in ["|safe", "| safe", "autoescape", "style=\"", " onclick", " onchange"] {
            assert!(!source.contains(forbidden), "{name}: {forbidden}");
        }
    }
    assert!(named > 200, "the search for keys finds {named}");
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
    let plain = PageLayout { path: "/article/3fQk2".to_owned(), ..PageLayout::sample(locale) };
    let viewer =
        LayoutViewer {
            name: "林秋".into(), handle: "linqiu".into(), is_author: true, ..Default::default()
        };
    let dark = Prefs { shade: Shade::Dark, ..Prefs::default() };
    let contrast = Prefs { text: 2, contrast: true, spacing: true, ..Prefs::default() };
    vec![
        ("light", plain.clone()),
        ("dark", PageLayout { viewer: Some(viewer), prefs: dark, ..plain.clone() }),
        ("care", PageLayout { edition: Edition::Care, ..plain.clone() }),
        ("contrast", PageLayout { prefs: contrast, ..plain }),
    ]
}
