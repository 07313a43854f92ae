//! Signing in and out, signing up, settings.

use axum::extract::State;
use http::{HeaderValue, Response, header};
use kernel::{Error, Invalid, Locale, TokenId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{Form, Path, Prefs, Query, Visit, local};

use crate::views::account::{AccessibilitySettings, AccountSettings, Login, Signup, TokenSettings};
use crate::{Answer, Site};

/// `?return=/article/…`
#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(default, rename = "return")]
    back: String,
}

pub async fn login(State(site): State<Site>, visit: Visit, Query(to): Query<Back>) -> Answer {
    if visit.viewer.user().is_some() {
        return Ok(see_other(local(&to.back)));
    }
    let view = Login { form: Filled::default(), back: local(&to.back).to_owned() };
    Ok(site.frame.page(&visit, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignIn {
    handle: String,
    password: String,
    #[serde(rename = "return")]
    back: String,
}

pub async fn sign_in(State(site): State<Site>, visit: Visit, Form(sent): Form<SignIn>) -> Answer {
    match site.accounts.sign_in(&sent.handle, &sent.password, &visit.network.to_string()).await {
        Ok((_, token)) => Ok(welcome(&site, token.as_str(), &sent.back)),
        Err(Error::Invalid(wrong)) => {
            let form = Filled::sent([("handle", sent.handle.as_str())]).refused(&wrong);
            Ok(site.frame.refused(&visit, &Login { form, back: local(&sent.back).to_owned() }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn signup(State(site): State<Site>, visit: Visit, Query(to): Query<Back>) -> Answer {
    if visit.viewer.user().is_some() {
        return Ok(see_other(local(&to.back)));
    }
    let view = Signup { form: Filled::default(), back: local(&to.back).to_owned() };
    Ok(site.frame.page(&visit, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignUp {
    handle: String,
    name: String,
    password: String,
    #[serde(rename = "return")]
    back: String,
}

pub async fn sign_up(State(site): State<Site>, visit: Visit, Form(sent): Form<SignUp>) -> Answer {
    let network = visit.network.to_string();
    let made = site.accounts.sign_up(&sent.handle, &sent.name, &sent.password, &network).await;
    match made {
        Ok(user) => {
            let (_, token) = site.accounts.sign_in(user.handle.as_str(), &sent.password, &network).await?;
            Ok(welcome(&site, token.as_str(), &sent.back))
        }
        Err(Error::Invalid(wrong)) => {
            let form = Filled::sent([("handle", sent.handle.as_str()), ("name", &sent.name)]).refused(&wrong);
            Ok(site.frame.refused(&visit, &Signup { form, back: local(&sent.back).to_owned() }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn welcome(site: &Site, token: &str, back: &str) -> Response<axum::body::Body> {
    let mut response = see_other(local(back));
    session::set(response.headers_mut(), token, site.frame.setup().secure());
    response
}

pub async fn sign_out(State(site): State<Site>, visit: Visit) -> Answer {
    if let Some(token) = &visit.session {
        site.accounts.sign_out(token).await?;
    }
    let mut response = see_other("/");
    session::clear(response.headers_mut(), site.frame.setup().secure());
    Ok(response)
}

pub async fn sign_out_everywhere(State(site): State<Site>, visit: Visit) -> Answer {
    let user = visit.viewer.signed_in()?;
    site.accounts.sign_out_everywhere(user.id).await?;
    let mut response = see_other("/login");
    session::clear(response.headers_mut(), site.frame.setup().secure());
    Ok(response)
}

pub async fn settings(visit: Visit) -> Answer {
    visit.viewer.signed_in()?;
    Ok(see_other("/settings/account"))
}

pub async fn account(State(site): State<Site>, visit: Visit) -> Answer {
    let view = own_settings(&visit)?;
    Ok(site.frame.page(&visit, &view).await?)
}

fn own_settings(visit: &Visit) -> kernel::Result<AccountSettings> {
    let user = visit.viewer.signed_in()?;
    Ok(AccountSettings {
        handle: user.handle.to_string(),
        since: user.created_at,
        region: user.region.clone(),
        form: Filled::default().with("name", user.name.as_str()),
        password: Filled::default(),
        sessions: Vec::new(),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Rename {
    name: String,
}

pub async fn rename(State(site): State<Site>, visit: Visit, Form(sent): Form<Rename>) -> Answer {
    let user = visit.viewer.signed_in()?;
    match site.accounts.rename(user.id, &sent.name).await {
        Ok(()) => Ok(see_other("/settings/account")),
        Err(Error::Invalid(wrong)) => {
            let form = Filled::sent([("name", sent.name.as_str())]).refused(&wrong);
            Ok(site.frame.refused(&visit, &AccountSettings { form, ..own_settings(&visit)? }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewPassword {
    current: String,
    password: String,
}

/// Changing the password ends all sessions but this one's, which begins anew.
pub async fn password(State(site): State<Site>, visit: Visit, Form(sent): Form<NewPassword>) -> Answer {
    let user = visit.viewer.signed_in()?;
    let (handle, network) = (user.handle.clone(), visit.network.to_string());
    let checked = match site.accounts.sign_in(handle.as_str(), &sent.current, &network).await {
        Ok(_) => site.accounts.set_password(&handle, &sent.password).await,
        Err(Error::Invalid(_)) => Err(Error::Invalid(Invalid::default().with("current", "password-wrong"))),
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => {
            let (_, token) = site.accounts.sign_in(handle.as_str(), &sent.password, &network).await?;
            Ok(welcome(&site, token.as_str(), "/settings/account"))
        }
        Err(Error::Invalid(wrong)) => {
            let password = Filled::default().refused(&wrong);
            Ok(site.frame.refused(&visit, &AccountSettings { password, ..own_settings(&visit)? }).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// API tokens. Whoever has some sees them; those who write for an author make more.
pub async fn tokens(State(site): State<Site>, visit: Visit) -> Answer {
    let view = site.own_tokens(&visit).await?;
    Ok(site.frame.page(&visit, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewToken {
    name: String,
}

/// Answers with the token itself: an address to go on to would have to carry it, or the server to keep it.
pub async fn create_token(State(site): State<Site>, visit: Visit, Form(sent): Form<NewToken>) -> Answer {
    let user = visit.viewer.signed_in()?;
    if site.authors.owned_by(user.id).await?.is_empty() {
        return Err(Error::Denied.into());
    }
    match site.accounts.create_token(user.id, &sent.name).await {
        Ok((_, secret)) => {
            let view = TokenSettings { made: Some(secret), ..site.own_tokens(&visit).await? };
            let mut response = site.frame.page(&visit, &view).await?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(Error::Invalid(wrong)) => {
            let form = Filled::sent([("name", sent.name.as_str())]).refused(&wrong);
            let view = TokenSettings { form, ..site.own_tokens(&visit).await? };
            Ok(site.frame.refused(&visit, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn delete_token(State(site): State<Site>, visit: Visit, Path(id): Path<TokenId>) -> Answer {
    let user = visit.viewer.signed_in()?;
    site.accounts.delete_token(user.id, id).await?;
    Ok(see_other("/settings/tokens"))
}

impl Site {
    async fn own_tokens(&self, visit: &Visit) -> kernel::Result<TokenSettings> {
        let user = visit.viewer.signed_in()?;
        Ok(TokenSettings {
            tokens: self.accounts.tokens(user.id).await?,
            writes: !self.authors.owned_by(user.id).await?.is_empty(),
            made: None,
            form: Filled::default(),
        })
    }
}

/// 无障碍浏览: for visitors too; the choices are kept in cookies.
pub async fn accessibility(State(site): State<Site>, visit: Visit, Query(to): Query<Back>) -> Answer {
    let view = AccessibilitySettings { back: local(&to.back).to_owned() };
    Ok(site.frame.page(&visit, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Choices {
    text: String,
    contrast: String,
    spacing: String,
    shade: String,
    edition: String,
    lang: String,
    #[serde(rename = "return")]
    back: String,
}

pub async fn set_accessibility(State(site): State<Site>, Form(sent): Form<Choices>) -> Answer {
    let flag = |on: &str| if on == "1" { '1' } else { '0' };
    let shade = sent.shade.chars().next().unwrap_or('a');
    let prefs =
        Prefs::parse(&format!("{:.1}{}{}{shade}", sent.text, flag(&sent.contrast), flag(&sent.spacing)));
    let secure = site.frame.setup().secure();
    let mut response = see_other(local(&sent.back));
    let headers = response.headers_mut();
    session::set_plain(headers, "prefs", &prefs.cookie(), secure);
    session::set_plain(headers, "edition", if sent.edition == "care" { "care" } else { "standard" }, secure);
    if let Some(locale) = Locale::of(&sent.lang) {
        session::set_plain(headers, "lang", locale.tag(), secure);
    }
    Ok(response)
}
