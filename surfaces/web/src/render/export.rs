//! Pages of an archive that somebody takes along: `export/index.html` and `export/part.html`. They are read from a disk, years later maybe,
//! so nothing in them leads to a file of the site: style and all stands in each.

use export::{Fact, FactKind, Index, IndexPart, Part, PartPage, Shown};
use kernel::{Error, Locale, Markup, Result, Time};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::theme::Theme;
use super::{Html, PageLayout};

/// An entry as templates see it.
#[derive(Serialize)]
struct Entry<'a> {
    shown: &'a Shown,
    body: Option<Html>,
}

impl Theme {
    pub fn render_export_index(&self, page: &PageLayout, index: &Index) -> Result<String> {
        let (scope, page) = (self.scope(page), Value::from(Serde(page)));
        self.template("export/index.html", context! { page, index => Value::from(Serde(index)), scope })
    }

    pub fn render_export_part(&self, page: &PageLayout, part: &PartPage) -> Result<String> {
        let (scope, page) = (self.scope(page), Value::from(Serde(page)));
        let mut entries = Vec::with_capacity(part.entries.len());
        for shown in &part.entries {
            entries.push(Entry { shown, body: shown.body.clone().map(Html::from) });
        }
        let entries = Value::from(Serde(&entries));
        self.template("export/part.html", context! { page, part => Value::from(Serde(part)), entries, scope })
    }
}

/// Renders both pages in both languages, every part and every kind of fact; the first fault.
pub fn check_export(theme: &Theme) -> Result<()> {
    let at = Time::from_millis(1_717_553_000_000);
    for locale in Locale::ALL {
        let page = PageLayout::sample(locale);
        let part = |part: Part| IndexPart {
            name: part.name(),
            count: 12_000,
            page: format!("pages/{}.html", part.name()),
            file: format!("data/{}.json", part.name()),
        };
        let parts = Part::ALL.into_iter().map(part).collect();
        let index = Index { name: "<b>".into(), handle: "长".repeat(40), made_at: at, parts };
        lint("index", &theme.render_export_index(&page, &index)?)?;
        for part in Part::ALL {
            let fact = |&name: &&'static str| Fact {
                name,
                kind: if name.ends_with("_at") { FactKind::Time } else { FactKind::Text },
                value: if name.ends_with("_at") { at.rfc3339() } else { "<i>潮</i>".into() },
            };
            let mut facts: Vec<Fact> = part.facts().iter().map(fact).collect();
            for (kind, value) in
                [(FactKind::Yes, "true"), (FactKind::No, "false"), (FactKind::Link, "https://a.example/?a&b")]
            {
                facts.push(Fact { name: "address", kind, value: value.into() });
            }
            let shown = Shown {
                title: "<b>T".into(),
                facts,
                text: "a\n\nb <b>".into(),
                body: Some(Markup::sanitise("<p>Tides</p>")),
                picture: Some("media/0a/full.jpg".into()),
            };
            let bare =
                Shown { title: String::new(), facts: vec![], text: String::new(), body: None, picture: None };
            let name = part.name();
            let (previous, next) = (Some(format!("{name}.html")), Some(format!("{name}-3.html")));
            let full = PartPage { name, number: 2, previous, next, entries: vec![shown, bare] };
            lint(name, &theme.render_export_part(&page, &full)?)?;
            let empty = PartPage { name, number: 1, previous: None, next: None, entries: vec![] };
            lint(name, &theme.render_export_part(&page, &empty)?)?;
        }
    }
    Ok(())
}

/// What would be fetched, would run, or is not escaped.
fn lint(name: &str, html: &str) -> Result<()> {
    let bad = [
        "<script",
        "<link",
        "<iframe",
        "@import",
        "url(",
        " src=\"http",
        " src=\"/",
        "<b>",
        "<i>潮",
        "javascript:",
    ];
    match bad.iter().find(|bad| html.contains(**bad)) {
        Some(bad) => Err(Error::internal(format!("export/{name}: {bad:?} in it"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_an_archive_stand_by_themselves() {
        check_export(&Theme::load(None).unwrap()).unwrap();
    }
}
