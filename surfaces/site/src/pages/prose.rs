//! About, rules, contact: the site's own words.

use axum::extract::State;
use web::Visit;

use super::shows;
use crate::views::prose::Prose;
use crate::{Answer, Site};

pub async fn about(State(site): State<Site>, visit: Visit) -> Answer {
    show(&site, &visit, "about").await
}

pub async fn rules(State(site): State<Site>, visit: Visit) -> Answer {
    show(&site, &visit, "rules").await
}

pub async fn contact(State(site): State<Site>, visit: Visit) -> Answer {
    show(&site, &visit, "contact").await
}

async fn show(site: &Site, visit: &Visit, kind: &'static str) -> Answer {
    let view = Prose { kind, html: None, email: site.contact.clone() };
    Ok(site.frame.shared(visit, &view, shows(&[], [])).await?)
}
