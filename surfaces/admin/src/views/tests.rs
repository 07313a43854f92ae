//! Every template renders with every sample, in both languages, for visitor and reader, in both editions.

use std::path::Path;

use accounts::Action;
use kernel::Locale;
use moderation::Reason;
use web::render::{LayoutViewer, Messages, PageLayout, Theme, View, look_folder, write_view};
use web::{Edition, Prefs, Shade};

#[test]
fn every_view_renders() {
    let faults = super::check_theme(&Theme::load(None).unwrap());
    assert!(faults.is_empty(), "{faults:?}");
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
        "time-unclear",
        "ends-past",
        "ends-before",
        "thing-empty",
        "thing-other",
        "article-not-live",
        "topic-unknown",
        "placed-already",
        "slot-full",
        "topic-full",
        "topic-empty",
        "topic-taken",
        "topic-title-empty",
    ];
    let states = ::comments::State::ALL.map(::comments::State::name);
    let consumers = ::events::ConsumerState::ALL.map(::events::ConsumerState::name);
    let actions = editorial::AuditAction::ALL.map(editorial::AuditAction::name);
    let parts = articles::Draft::parts();
    let said = named("notice-admin", &crate::notice::DONE)
        .chain(named("return", &moderation::RETURN_CODES))
        .chain(named("retract", &moderation::RETRACT_CODES))
        .chain(named("remove", &moderation::RETRACT_CODES))
        .chain(named("changed", &parts))
        .chain(named("comment-state", &states))
        .chain(named("reject", &::authors::REJECT_CODES))
        .chain(named("admin-verdict", &["approve", "return", "retract", "restore", "remove", "release"]))
        .chain(named("admin-action", &actions))
        .chain(named("admin-consumer", &consumers))
        .chain(named(
            "conflict",
            &[
                "article-state",
                "article-edited",
                "placement-over",
                "decide-own",
                "report-closed",
                "comment-removed",
                "comment-erased",
                "picture-missing",
            ],
        ))
        .chain(named("error", &errors));
    for key in said.chain(Reason::ALL.map(|reason| format!("reason-{}", reason.name()))) {
        assert!(keys.contains(&key), "{key}");
    }
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
        may: Action::ALL.iter().copied().map(Action::name).collect(),
        ..LayoutViewer::default()
    };
    let plain = PageLayout { path: "/admin".to_owned(), viewer: Some(viewer), ..PageLayout::sample(locale) };
    let dark = Prefs { shade: Shade::Dark, ..Prefs::default() };
    vec![
        ("light", plain.clone()),
        ("dark", PageLayout { prefs: dark, ..plain.clone() }),
        ("care", PageLayout { edition: Edition::Care, ..plain }),
    ]
}
