//! The check that every view renders.

use std::path::{Path, PathBuf};

use accounts::Action;
use kernel::{Locale, Result};

use super::{LayoutViewer, PageLayout, Part, Theme, View, channels_css};
use crate::context::{Edition, Prefs, Shade};

/// Renders every sample of `V` in every language, for a visitor and for someone signed in, in both editions.
/// For tests: returns the first fault, in what was rendered too (see [`lint`]).
pub fn check_view<V: View>(theme: &Theme) -> Result<()> {
    for page in page_layouts() {
        for view in V::samples(page.locale) {
            lint(V::TEMPLATE, &theme.render(&page, &view)?)?;
        }
    }
    Ok(())
}

/// As [`check_view`], for a part.
pub fn check_part<P: Part>(theme: &Theme) -> Result<()> {
    for page in page_layouts() {
        for part in P::samples(page.locale) {
            lint(P::TEMPLATE, theme.render_part(&page, &part)?.as_str())?;
        }
    }
    Ok(())
}

/// The folder for pages to look at, where `BYLINE_LOOK` names one: made, with the style sheet of the samples' channels in it.
pub fn look_folder() -> Result<Option<PathBuf>> {
    let Ok(folder) = std::env::var("BYLINE_LOOK").map(PathBuf::from) else { return Ok(None) };
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("channels.css"), channels_css(&PageLayout::sample(Locale::En).channels))?;
    Ok(Some(folder))
}

/// Writes every sample of `V` into `folder`, in every language and in each of its frames: `template-0.en.light.html`.
pub fn write_view<V: View>(
    theme: &Theme,
    folder: &Path,
    frames: impl Fn(Locale) -> Vec<(&'static str, PageLayout)>,
) -> Result<()> {
    let stem = V::TEMPLATE.trim_end_matches(".html");
    for locale in Locale::ALL {
        for (n, view) in V::samples(locale).iter().enumerate() {
            for (kind, page) in frames(locale) {
                let file = folder.join(format!("{stem}-{n}.{}.{kind}.html", locale.tag()));
                std::fs::write(file, theme.render(&page, view)?)?;
            }
        }
    }
    Ok(())
}

fn page_layouts() -> impl Iterator<Item = PageLayout> {
    Locale::ALL.into_iter().flat_map(|locale| {
        let plain = PageLayout::sample(locale);
        let mut own = plain.clone();
        own.edition = Edition::Care;
        own.prefs = Prefs { text: 3, contrast: true, spacing: true, shade: Shade::Dark };
        own.viewer = Some(LayoutViewer {
            name: "<b>林秋</b>".to_owned(),
            handle: "linqiu".to_owned(),
            is_author: true,
            unread: 100,
            may: Action::ALL.iter().copied().map(Action::name).collect(),
        });
        [plain, own]
    })
}

/// What the content security policy would refuse, and what nobody wants to read: inline styles and handlers, unescaped input,
/// words that stand for a missing value.
fn lint(template: &str, html: &str) -> Result<()> {
    let found = [
        "style=",
        "<style",
        " onclick=",
        " onload=",
        "javascript:",
        "<b>林秋",
        ">None<",
        ">none<",
        "undefined",
    ]
    .into_iter()
    .find(|bad| html.contains(bad));
    let twice = repeated_id(html);
    match (found, twice) {
        (None, None) => Ok(()),
        (Some(bad), _) => Err(kernel::Error::internal(format!("{template}: {bad:?} in what was rendered"))),
        (_, Some(id)) => Err(kernel::Error::internal(format!("{template}: two elements have the id {id:?}"))),
    }
}

fn repeated_id(html: &str) -> Option<&str> {
    let mut seen = std::collections::HashSet::new();
    let ids = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    ids.into_iter().find(|id| !seen.insert(*id))
}
