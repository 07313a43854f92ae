//! About, rules, contact: the site's own words.

use std::io::ErrorKind;

use articles::{Draft, Format};
use axum::extract::State;
use kernel::{Locale, Result};
use settings::site::CONTACT;
use web::RequestContext;
use web::render::Html;

use super::list_policy;
use crate::views::prose::Prose;
use crate::{Answer, Site};

pub async fn about(State(site): State<Site>, context: RequestContext) -> Answer {
    show(&site, &context, "about").await
}

pub async fn rules(State(site): State<Site>, context: RequestContext) -> Answer {
    show(&site, &context, "rules").await
}

pub async fn contact(State(site): State<Site>, context: RequestContext) -> Answer {
    show(&site, &context, "contact").await
}

async fn show(site: &Site, context: &RequestContext, kind: &'static str) -> Answer {
    let html = site.own_words(kind, context.variant.locale).await?;
    let email = Some(site.settings.get(&CONTACT)).filter(|address| !address.is_empty());
    let view = Prose { kind, html, email };
    Ok(site.frame.shared(context, &view, list_policy(&[], [])).await?)
}

impl Site {
    /// What the operator wrote: `rules.en.md`, or `rules.md` for all languages, in the folder of the site's own words.
    async fn own_words(&self, kind: &str, locale: Locale) -> Result<Option<Html>> {
        for name in [format!("{kind}.{}.md", locale.tag()), format!("{kind}.md")] {
            match tokio::fs::read_to_string(self.words.join(name)).await {
                Ok(body) => {
                    let draft = Draft { format: Format::Markdown, body, ..Draft::default() };
                    return Ok(Some(self.articles.preview(None, &draft).await?.into()));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }
}
