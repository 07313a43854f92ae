//! Signing in with an account elsewhere: there, back, and for the first time.

use accounts::{Admission, AnyRole, Arrival, Flow, Invited, NewFlow, SignUp};
use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Response, header};
use kernel::name::one_line;
use kernel::{Error, Handle, Invalid};
use mail::Address;
use oidc::Claims;
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{Form, Path, Query, RequestContext, local, percent};

use super::letting_in::{go_on, welcome};
use super::verify::of_page;
use super::whence::Whence;
use crate::codes;
use crate::views::elsewhere::{Invitation, Joining, Leaving, NotSignedIn, ProviderButton};
use crate::{Answer, Site};

/// Characters of what somebody calls themselves elsewhere.
const NAME: usize = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Begin {
    invite: String,
    #[serde(rename = "return")]
    back: String,
}

/// `POST /login/oidc/{provider}`
pub async fn begin(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Path(provider): Path<String>,
    Form(sent): Form<Begin>,
) -> Answer {
    let flow = NewFlow { invitation: &sent.invite, back: local(&sent.back), ..NewFlow::default() };
    site.leave(&context, &headers, &provider, flow).await
}

/// What a provider says in the address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    code: String,
    state: String,
    error: String,
    iss: String,
}

/// `GET /login/oidc/{provider}/callback`: of a browser that was sent there, once.
pub async fn callback(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Path(provider): Path<String>,
    Query(back): Query<Back>,
) -> Answer {
    let known = site.oidc.find(&provider).ok_or(Error::NotFound)?;
    let secure = site.frame.setup().secure();
    let flow = match session::away(&headers, secure) {
        Some(browser) if !back.state.is_empty() => {
            site.accounts.take_flow(browser, &provider, &back.state).await?
        }
        _ => None,
    };
    let Some(flow) = flow else {
        let failed = Failed { label: &known.label, code: codes::OIDC_EXPIRED, back: "/", linking: false };
        return site.not_signed_in(&context, failed).await;
    };
    let failed = |code: &'static str| Failed {
        label: &known.label,
        code,
        back: &flow.back,
        linking: flow.user_id.is_some(),
    };
    if !back.error.is_empty() {
        let denied = back.error == "access_denied";
        tracing::info!(provider, denied, "a sign-in provider sent somebody back without a code");
        let code = if denied { codes::OIDC_DENIED } else { codes::OIDC_REFUSED };
        return site.not_signed_in(&context, failed(code)).await;
    }
    // RFC 9207: where a provider says who it is, it must be the one to which the browser was sent.
    if !back.iss.is_empty() && back.iss != known.issuer {
        tracing::warn!(provider, "another provider answered than the one that was asked");
        return site.not_signed_in(&context, failed(codes::OIDC_UNTRUSTED)).await;
    }
    let (verifier, nonce) = (flow.verifier.clone(), flow.nonce.clone());
    let claims = match Box::pin(site.oidc.finish(&provider, back.code, verifier, nonce)).await {
        Ok(claims) => claims,
        Err(error) => return site.not_signed_in(&context, failed(code_of(&provider, &error))).await,
    };
    let came = if flow.user_id.is_some() {
        site.link(&context, claims, &flow).await
    } else {
        site.come(&headers, &Whence::of(&site, &context, &headers), claims, &flow).await
    };
    match came {
        Ok(response) => Ok(response),
        Err(Error::Invalid(errors)) => {
            let code = errors.0.first().map_or(codes::OIDC_UNTRUSTED, |error| error.code);
            site.not_signed_in(&context, failed(code)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /signup/oidc`: how somebody who came from a provider wants to be called.
pub async fn ask(State(site): State<Site>, context: RequestContext, headers: HeaderMap) -> Answer {
    let Some(arrival) = site.arrived(&headers).await? else { return site.too_late(&context).await };
    // Many providers call people by their address: what stands before the sign may be a handle.
    let username = arrival.username.clone().unwrap_or_default();
    let handle = Handle::new(username.split('@').next().unwrap_or_default());
    let handle = handle.map(|handle| handle.as_str().to_owned()).unwrap_or_default();
    let name = arrival.name.clone().unwrap_or_else(|| handle.clone());
    let form = Filled::default().with("handle", handle).with("name", name);
    let view = site.joining(&arrival, form).await?;
    let mut response = site.frame.page(&context, &view).await?;
    not_stored(&mut response);
    Ok(response)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Join {
    handle: String,
    name: String,
    email: String,
}

/// `POST /signup/oidc`
pub async fn join(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Join>,
) -> Answer {
    let secure = site.frame.setup().secure();
    let Some(arrival) = site.arrived(&headers).await? else { return site.too_late(&context).await };
    let whence = Whence::of(&site, &context, &headers);
    let made = match site.check_reader(&sent.handle, &sent.name).await {
        Ok(()) => {
            let browser = session::away(&headers, secure).unwrap_or_default();
            let Join { handle, name, email } = &sent;
            let typed = SignUp { handle, name, email, ..SignUp::default() };
            Box::pin(site.accounts.sign_up_with(browser, typed, whence.origin())).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok((signed_in, arrival)) => {
            let waits = site.accounts.waiting_email(signed_in.user.id).await?.is_some();
            let verify = format!("/verify?return={}", percent(local(&arrival.back)));
            let back = if waits { &verify } else { &arrival.back };
            let mut response = welcome(&site, &headers, &signed_in, back).await;
            session::clear_away(response.headers_mut(), secure);
            Ok(response)
        }
        Err(Error::Invalid(errors)) => {
            let typed = [("handle", sent.handle.as_str()), ("name", &sent.name), ("email", &sent.email)];
            let view = site.joining(&arrival, Filled::sent(typed).refused(&errors)).await?;
            Ok(site.frame.refused(&context, &view).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Why somebody is not signed in, and where they go from here.
struct Failed<'a> {
    label: &'a str,
    code: &'static str,
    back: &'a str,
    linking: bool,
}

/// What is said of it to whoever wanted to sign in; the rest is for whoever looks after the site.
fn code_of(provider: &str, error: &oidc::Error) -> &'static str {
    tracing::warn!(provider, %error, "sign-in elsewhere failed");
    match error {
        oidc::Error::Unreachable(_) => codes::OIDC_UNREACHABLE,
        oidc::Error::Unknown | oidc::Error::Unusable(_) => codes::OIDC_UNUSABLE,
        oidc::Error::Refused(_) => codes::OIDC_REFUSED,
        oidc::Error::Untrusted(_) => codes::OIDC_UNTRUSTED,
    }
}

fn not_stored(response: &mut Response<Body>) {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

impl Site {
    pub(super) fn provider_buttons(&self) -> Vec<ProviderButton> {
        let button = |provider: &oidc::Provider| ProviderButton {
            id: provider.id.clone(),
            label: provider.label.clone(),
        };
        self.oidc.providers().map(button).collect()
    }

    /// Those by which somebody can sign in now.
    pub(super) fn usable_issuers(&self) -> Vec<String> {
        self.oidc.providers().map(|provider| provider.issuer.clone()).collect()
    }

    /// Sends a browser to a provider. `flow` says why and whereto it comes back.
    pub(super) async fn leave(
        &self,
        context: &RequestContext,
        headers: &HeaderMap,
        provider: &str,
        flow: NewFlow<'_>,
    ) -> Answer {
        let known = self.oidc.find(provider).ok_or(Error::NotFound)?;
        let begun = match Box::pin(self.oidc.begin(provider, context.variant.locale)).await {
            Ok(begun) => begun,
            Err(error) => {
                let (code, back) = (code_of(provider, &error), flow.back);
                let failed = Failed { label: &known.label, code, back, linking: flow.user.is_some() };
                return self.not_signed_in(context, failed).await;
            }
        };
        let flow =
            NewFlow { provider, state: &begun.state, nonce: &begun.nonce, verifier: &begun.verifier, ..flow };
        let (whence, secure) = (Whence::of(self, context, headers), self.frame.setup().secure());
        let token = self.accounts.begin_flow(session::away(headers, secure), flow, whence.origin()).await?;
        let view = Leaving { label: known.label.clone(), url: begun.url };
        let mut response = self.frame.page(context, &view).await?;
        session::set_away(response.headers_mut(), &token, secure);
        not_stored(&mut response);
        Ok(response)
    }

    async fn not_signed_in(&self, context: &RequestContext, failed: Failed<'_>) -> Answer {
        let Failed { label, code, back, linking } = failed;
        let view = NotSignedIn { label: label.into(), code: code.into(), back: local(back).into(), linking };
        let mut response = self.frame.refused(context, &view).await?;
        not_stored(&mut response);
        Ok(response)
    }

    async fn too_late(&self, context: &RequestContext) -> Answer {
        let failed = Failed { label: "", code: codes::OIDC_EXPIRED, back: "/", linking: false };
        self.not_signed_in(context, failed).await
    }

    /// Links an account elsewhere to whoever asked for that, if they are still the one who is signed in here.
    async fn link(
        &self,
        context: &RequestContext,
        claims: Claims,
        flow: &Flow,
    ) -> kernel::Result<Response<Body>> {
        let user = context.viewer.user().filter(|user| Some(user.id) == flow.user_id);
        let user = user.ok_or_else(|| Error::invalid("", codes::OIDC_OTHER))?;
        self.accounts.link(user, &arrival(claims, flow)).await?;
        let mut response = see_other("/settings/identities?done=linked");
        session::clear_away(response.headers_mut(), self.frame.setup().secure());
        Ok(response)
    }

    /// Signs in whoever it is, or leads a new one to where they say how they want to be called.
    async fn come(
        &self,
        headers: &HeaderMap,
        whence: &Whence<'_>,
        claims: Claims,
        flow: &Flow,
    ) -> kernel::Result<Response<Body>> {
        let secure = self.frame.setup().secure();
        let (issuer, subject) = (&claims.issuer, &claims.subject);
        if let Some(admission) = self.accounts.sign_in_with(issuer, subject, whence.origin()).await? {
            let mut response = match admission {
                Admission::In(signed_in) => welcome(self, headers, &signed_in, &flow.back).await,
                Admission::Second(token) => go_on(self, &token, &flow.back),
            };
            session::clear_away(response.headers_mut(), secure);
            return Ok(response);
        }
        let invited = match &flow.invitation {
            Some(hash) => self.accounts.check_invitation_hash(hash).await.map(|_| true),
            None => Ok(self.accounts.may_sign_up()),
        };
        match invited {
            Ok(true) => {}
            Ok(false) | Err(Error::Conflict(_)) => return Err(Error::invalid("", codes::OIDC_CLOSED)),
            Err(error) => return Err(error),
        }
        let token = self.accounts.keep_arrival(&arrival(claims, flow)).await?;
        let mut response = see_other("/signup/oidc");
        session::set_away(response.headers_mut(), &token, secure);
        Ok(response)
    }

    async fn arrived(&self, headers: &HeaderMap) -> kernel::Result<Option<Arrival>> {
        match session::away(headers, self.frame.setup().secure()) {
            Some(browser) => self.accounts.arrival(browser).await,
            None => Ok(None),
        }
    }

    async fn joining(&self, arrival: &Arrival, form: Filled) -> kernel::Result<Joining> {
        let invited = match &arrival.invitation {
            Some(hash) => self.accounts.check_invitation_hash(hash).await,
            None => Err(Error::NotFound),
        };
        let (invited, form) = match invited {
            Ok(invited) => (Some(invited), form),
            Err(Error::Invalid(errors)) => (None, form.refused(&of_page(errors))),
            Err(_) => (None, form),
        };
        let address = match self.accounts.email_of(arrival).await? {
            Some(address) => Some(address),
            None => invited.as_ref().and_then(|invited| invited.email.clone()),
        };
        let invitation = match &invited {
            Some(invited) => Some(self.invitation("", invited).await?),
            None => None,
        };
        let label = self.oidc.find(&arrival.provider).map(|provider| provider.label.clone());
        Ok(Joining {
            label: label.unwrap_or_else(|| arrival.provider.clone()),
            form,
            email: self.accounts.email_use(),
            address: address.map(|address| address.expose().to_owned()),
            invitation,
        })
    }

    /// What is said of an invitation to whoever has its link.
    pub(super) async fn invitation(&self, token: &str, invited: &Invited) -> kernel::Result<Invitation> {
        let (role, role_title) = match &invited.role {
            None => (None, None),
            Some(AnyRole::BuiltIn(role)) => (Some(role.name().to_owned()), None),
            Some(AnyRole::Custom(name)) => (None, Some(self.accounts.get_custom_role(name).await?.title)),
        };
        Ok(Invitation {
            token: token.to_owned(),
            by: invited.by.as_ref().map(|by| by.name.clone()),
            role,
            role_title,
            address: invited.email.as_ref().map(|email| email.expose().to_owned()),
        })
    }

    /// The same for a token; what is wrong with it is said of the page.
    pub(super) async fn invited(&self, token: &str) -> kernel::Result<Result<Option<Invitation>, Invalid>> {
        if token.is_empty() {
            return Ok(Ok(None));
        }
        match self.accounts.check_invitation(token).await {
            Ok(invited) => Ok(Ok(Some(self.invitation(token, &invited).await?))),
            Err(Error::Invalid(errors)) => Ok(Err(of_page(errors))),
            // A site that is closed says that itself.
            Err(Error::Conflict(_)) => Ok(Ok(None)),
            Err(error) => Err(error),
        }
    }
}

/// Anybody may call themselves anything there: of names one line is kept, of addresses what is one.
fn arrival(claims: Claims, flow: &Flow) -> Arrival {
    let Claims { issuer, subject, username, name, email } = claims;
    let line = |text: Option<String>| {
        let line: String = one_line(&text?).chars().take(NAME).collect();
        (!line.is_empty()).then_some(line)
    };
    Arrival {
        provider: flow.provider.clone(),
        issuer,
        subject,
        username: line(username),
        name: line(name),
        email: email.filter(|email| Address::parse(email).is_ok()),
        invitation: flow.invitation.clone(),
        back: flow.back.clone(),
    }
}
