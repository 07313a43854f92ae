//! 无障碍浏览: how the site is shown, for visitors too. A browser keeps it in cookies; of whoever is signed in the account keeps it, and other
//! browsers take it over when they sign in there.

use accounts::Choices;
use axum::extract::State;
use http::HeaderMap;
use kernel::{Error, Locale, UserId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{Form, Prefs, Query, RequestContext, cookie, local};

use super::account::Back;
use crate::views::account::AccessibilitySettings;
use crate::{Answer, Site};

/// `GET /settings/accessibility`
pub async fn show(State(site): State<Site>, context: RequestContext, Query(to): Query<Back>) -> Answer {
    let view = site.accessibility(&context, &to.back);
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    text: String,
    contrast: String,
    spacing: String,
    shade: String,
    edition: String,
    lang: String,
    /// Of those who are signed in.
    zone: String,
    #[serde(rename = "return")]
    back: String,
}

/// `POST /settings/accessibility`
pub async fn save(State(site): State<Site>, context: RequestContext, Form(sent): Form<Chosen>) -> Answer {
    let flag = |on: &str| if on == "1" { '1' } else { '0' };
    let shade = sent.shade.chars().next().unwrap_or('a');
    let prefs =
        Prefs::parse(&format!("{:.1}{}{}{shade}", sent.text, flag(&sent.contrast), flag(&sent.spacing)));
    let choices = Choices {
        zone: Some(sent.zone.clone()).filter(|zone| !zone.is_empty()),
        lang: Locale::of(&sent.lang).map(|locale| locale.tag().to_owned()),
        edition: Some(if sent.edition == "care" { "care" } else { "standard" }.to_owned()),
        prefs: Some(prefs.cookie()),
    };
    if let Some(user) = context.viewer.user() {
        match site.accounts.set_choices(user.id, choices.clone()).await {
            Ok(()) => {}
            Err(Error::Invalid(errors)) => {
                let form = Filled::sent([("zone", sent.zone.as_str())]).refused(&errors);
                let view = AccessibilitySettings { form, ..site.accessibility(&context, &sent.back) };
                return Ok(site.frame.refused(&context, &view).await?);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let mut response = see_other(local(&sent.back));
    site.keep_choices(&choices, response.headers_mut());
    Ok(response)
}

impl Site {
    fn accessibility(&self, context: &RequestContext, back: &str) -> AccessibilitySettings {
        let user = context.viewer.user();
        AccessibilitySettings {
            back: local(back).to_owned(),
            zones: user.map(|_| settings::zones()).unwrap_or_default(),
            form: Filled::default().with("zone", user.and_then(|user| user.zone.clone()).unwrap_or_default()),
        }
    }

    /// After signing in: what the account knows goes first, what only this browser knows the account takes over. Where that fails, nobody
    /// is kept out for it.
    pub(super) async fn join_choices(&self, user: UserId, asks: &HeaderMap, headers: &mut HeaderMap) {
        let own = |name: &str| cookie(asks, name);
        let browser = Choices {
            zone: None,
            lang: own("lang").and_then(Locale::of).map(|locale| locale.tag().to_owned()),
            edition: own("edition").filter(|name| matches!(*name, "care" | "standard")).map(str::to_owned),
            prefs: own("prefs").map(|text| Prefs::parse(text).cookie()),
        };
        match self.accounts.join_choices(user, browser).await {
            Ok(choices) => self.keep_choices(&choices, headers),
            Err(error) => tracing::warn!(%error, "how somebody wants the site shown was not looked up"),
        }
    }

    fn keep_choices(&self, choices: &Choices, headers: &mut HeaderMap) {
        let secure = self.frame.setup().secure();
        let Choices { lang, edition, prefs, .. } = choices;
        for (name, value) in [("prefs", prefs), ("edition", edition), ("lang", lang)] {
            if let Some(value) = value {
                session::set_plain(headers, name, value, secure);
            }
        }
    }
}
