//! Signing in and out, signing up, settings.

use accounts::{Admission, SignUp as NewAccount, SignUpUse, User};
use axum::extract::State;
use http::{HeaderMap, HeaderValue, header};
use kernel::{Error, Handle, Invalid, TokenId};
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{Form, Path, Query, RequestContext, local, percent};

use super::letting_in::{go_on, log_failure, login_page, welcome};
use super::whence::Whence;
use crate::codes;
use crate::views::account::{AccountSettings, EmailSettings, Signup, TokenSettings};
use crate::{Answer, Site};

/// The settings, which say that what was sent is kept.
pub(super) const SAVED: &str = "/settings/account?done=saved";

/// `?return=/article/…`
#[derive(Default, Deserialize)]
pub struct Back {
    #[serde(default, rename = "return")]
    pub(super) back: String,
}

pub async fn login(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Query(to): Query<Back>,
) -> Answer {
    if context.viewer.user().is_some() {
        return Ok(see_other(local(&to.back)));
    }
    let view = login_page(&site, &context, &headers, &to.back, Filled::default());
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignIn {
    handle: String,
    password: String,
    #[serde(rename = "return")]
    back: String,
}

pub async fn sign_in(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<SignIn>,
) -> Answer {
    let whence = Whence::of(&site, &context, &headers);
    let admission = site.accounts.sign_in_by_password(&sent.handle, &sent.password, whence.origin()).await;
    if let Err(error) = &admission {
        log_failure(&context, error);
    }
    match admission {
        Ok(Admission::In(signed_in)) => Ok(welcome(&site, &headers, &signed_in, &sent.back).await),
        Ok(Admission::Second(token)) => Ok(go_on(&site, &token, &sent.back)),
        Err(Error::Invalid(errors)) => {
            let form = Filled::sent([("handle", sent.handle.as_str())]).refused(&errors);
            let view = login_page(&site, &context, &headers, &sent.back, form);
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// `?return=/article/…&invite=…`
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ToSignUp {
    invite: String,
    #[serde(rename = "return")]
    back: String,
}

pub async fn signup(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Query(to): Query<ToSignUp>,
) -> Answer {
    if context.viewer.user().is_some() {
        return Ok(see_other(local(&to.back)));
    }
    let over_http = site.frame.setup().over_http(&headers, context.here());
    let view = Signup { over_http, ..site.to_sign_up(&to.invite, &to.back, Filled::default()).await? };
    let mut response = site.frame.page(&context, &view).await?;
    if !to.invite.is_empty() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SignUp {
    handle: String,
    name: String,
    password: String,
    email: String,
    invite: String,
    #[serde(rename = "return")]
    back: String,
}

pub async fn sign_up(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<SignUp>,
) -> Answer {
    let whence = Whence::of(&site, &context, &headers);
    let made = match site.check_reader(&sent.handle, &sent.name).await {
        Ok(()) => {
            let SignUp { handle, name, password, email, invite, .. } = &sent;
            let typed = NewAccount { handle, name, password, email, invitation: invite };
            Box::pin(site.accounts.sign_up_as(typed, whence.origin())).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(signed_in) => {
            let waits = site.accounts.waiting_email(signed_in.user.id).await?.is_some();
            let verify = format!("/verify?return={}", percent(local(&sent.back)));
            Ok(welcome(&site, &headers, &signed_in, if waits { &verify } else { &sent.back }).await)
        }
        Err(Error::Invalid(errors)) => {
            let typed = [("handle", sent.handle.as_str()), ("name", &sent.name), ("email", &sent.email)];
            // What is wrong with the invitation, the page says by itself.
            let errors = Invalid(errors.0.into_iter().filter(|error| error.field != "invitation").collect());
            let form = Filled::sent(typed).refused(&errors);
            let over_http = site.frame.setup().over_http(&headers, context.here());
            let view = Signup { over_http, ..site.to_sign_up(&sent.invite, &sent.back, form).await? };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn sign_out(State(site): State<Site>, context: RequestContext) -> Answer {
    if let Some(token) = &context.session {
        site.accounts.sign_out(token).await?;
    }
    let mut response = see_other("/");
    session::clear(response.headers_mut(), site.frame.setup().secure());
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Everywhere {
    /// Ends the keys to the API, too.
    keys: String,
}

pub async fn sign_out_everywhere(
    State(site): State<Site>,
    context: RequestContext,
    Form(sent): Form<Everywhere>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    site.accounts.sign_out_everywhere(user.id, !sent.keys.is_empty()).await?;
    let mut response = see_other("/login");
    session::clear(response.headers_mut(), site.frame.setup().secure());
    Ok(response)
}

pub async fn settings(context: RequestContext) -> Answer {
    context.viewer.signed_in()?;
    Ok(see_other("/settings/account"))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `saved`
    done: String,
}

pub async fn account(
    State(site): State<Site>,
    context: RequestContext,
    Query(asked): Query<Asked>,
) -> Answer {
    let view = AccountSettings { saved: asked.done == "saved", ..site.own_settings(&context).await? };
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Rename {
    name: String,
}

pub async fn rename(State(site): State<Site>, context: RequestContext, Form(sent): Form<Rename>) -> Answer {
    let user = context.viewer.signed_in()?;
    let renamed = match site.check_reader_name(Some(user), &sent.name).await {
        Ok(()) => site.accounts.rename(user.id, &sent.name).await,
        Err(error) => Err(error),
    };
    match renamed {
        Ok(()) => Ok(see_other(SAVED)),
        Err(Error::Invalid(errors)) => {
            let form = Filled::sent([("name", sent.name.as_str())]).refused(&errors);
            Ok(site
                .frame
                .refused(&context, &AccountSettings { form, ..site.own_settings(&context).await? })
                .await?)
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewPassword {
    current: String,
    password: String,
    /// Ends the keys to the API, too.
    tokens: String,
}

/// Sets a first password, which ends nothing, or another: that ends all sessions but this one's, which begins anew.
pub async fn password(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<NewPassword>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let whence = Whence::of(&site, &context, &headers);
    let tokens = !sent.tokens.is_empty();
    let changed = if site.accounts.has_password(user.id).await? {
        let changed =
            site.accounts.change_password(user, &sent.current, &sent.password, whence.origin(), tokens);
        Box::pin(changed).await.map(Some)
    } else {
        let session = context.session.as_deref().unwrap_or_default();
        let set = site.accounts.set_first_password(user, session, &sent.password, whence.origin());
        Box::pin(set).await.map(|()| None)
    };
    match changed {
        Ok(Some(signed_in)) => Ok(welcome(&site, &headers, &signed_in, SAVED).await),
        Ok(None) => Ok(see_other(SAVED)),
        Err(Error::Invalid(errors)) => {
            let password = Filled::sent([("tokens", sent.tokens.as_str())]).refused(&errors);
            let view = AccountSettings { password, ..site.own_settings(&context).await? };
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// API tokens. Whoever has some sees them; those who write for an author make more.
pub async fn tokens(State(site): State<Site>, context: RequestContext) -> Answer {
    let view = site.own_tokens(&context).await?;
    Ok(site.frame.page(&context, &view).await?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct NewToken {
    name: String,
}

/// Answers with the token itself: an address to go on to would have to carry it, or the server to keep it.
pub async fn create_token(
    State(site): State<Site>,
    context: RequestContext,
    Form(sent): Form<NewToken>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    if site.authors.owned_by(user.id).await?.is_empty() {
        return Err(Error::Denied.into());
    }
    match site.accounts.create_token(user.id, &sent.name).await {
        Ok((_, secret)) => {
            let view = TokenSettings { made: Some(secret), ..site.own_tokens(&context).await? };
            let mut response = site.frame.page(&context, &view).await?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(Error::Invalid(errors)) => site.refused_token(&context, &sent, &errors).await,
        Err(Error::TooMany(wait)) => {
            let mut errors = Invalid::default();
            let minutes = wait.as_secs().div_ceil(60).max(1) as i64;
            errors.add_limit("name", codes::TOKENS_OFTEN, minutes);
            site.refused_token(&context, &sent, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn delete_token(
    State(site): State<Site>,
    context: RequestContext,
    Path(id): Path<TokenId>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    site.accounts.delete_token(user.id, id).await?;
    Ok(see_other("/settings/tokens"))
}

impl Site {
    async fn refused_token(&self, context: &RequestContext, sent: &NewToken, errors: &Invalid) -> Answer {
        let form = Filled::sent([("name", sent.name.as_str())]).refused(errors);
        let view = TokenSettings { form, ..self.own_tokens(context).await? };
        Ok(self.frame.refused(context, &view).await?)
    }

    /// The page that asks for a new account, by an invitation where there is one.
    async fn to_sign_up(&self, invite: &str, back: &str, form: Filled) -> kernel::Result<Signup> {
        let (invitation, form) = match self.invited(invite).await? {
            Ok(invitation) => (invitation, form),
            Err(errors) => (None, form.refused(&errors)),
        };
        let allowed = self.accounts.sign_up_use();
        Ok(Signup {
            form,
            back: local(back).to_owned(),
            closed: allowed == SignUpUse::Closed,
            by_invitation: allowed == SignUpUse::Invitation && invitation.is_none(),
            invitation,
            email: self.accounts.email_use(),
            providers: self.provider_buttons(),
            ..Signup::default()
        })
    }

    /// Nobody new has the handle of an author, or one that looks like it (`handle-alike`), or an author's name.
    pub(super) async fn check_reader(&self, handle: &str, name: &str) -> kernel::Result<()> {
        if let Ok(handle) = Handle::new(handle)
            && self.authors.is_handle_alike(&handle).await?
        {
            return Err(Error::invalid("handle", codes::HANDLE_ALIKE));
        }
        self.check_reader_name(None, name).await
    }

    /// Nobody is called like an author who is not theirs (`name-taken`), so that readers know who speaks in a thread.
    async fn check_reader_name(&self, user: Option<&User>, name: &str) -> kernel::Result<()> {
        let kept = user.is_some_and(|user| user.name == kernel::name::one_line(name));
        if !kept && self.authors.is_imitated_by(user.map(|user| user.id), name).await? {
            return Err(Error::invalid("name", codes::NAME_TAKEN));
        }
        Ok(())
    }

    pub(super) async fn own_settings(&self, context: &RequestContext) -> kernel::Result<AccountSettings> {
        let user = context.viewer.signed_in()?;
        let text = |address: mail::Address| address.expose().to_owned();
        let (email, waiting) =
            (self.accounts.email(user.id).await?, self.accounts.waiting_email(user.id).await?);
        let (address, waiting) = (email.map(text), waiting.map(text));
        let form =
            Filled::default().with("email", waiting.clone().or_else(|| address.clone()).unwrap_or_default());
        Ok(AccountSettings {
            email: EmailSettings { email: self.accounts.email_use(), address, waiting, form },
            handle: user.handle.to_string(),
            since: user.created_at,
            region: user.region.clone(),
            form: Filled::default().with("name", user.name.as_str()),
            password: Filled::default().with("tokens", "1"),
            has_password: self.accounts.has_password(user.id).await?,
            elsewhere: self.oidc.providers().next().is_some()
                || !self.accounts.identities(user.id).await?.is_empty(),
            least: *accounts::PASSWORD_CHARS.start(),
            saved: false,
        })
    }

    async fn own_tokens(&self, context: &RequestContext) -> kernel::Result<TokenSettings> {
        let user = context.viewer.signed_in()?;
        Ok(TokenSettings {
            tokens: self.accounts.tokens(user.id).await?,
            writes: !self.authors.owned_by(user.id).await?.is_empty(),
            made: None,
            form: Filled::default(),
        })
    }
}
