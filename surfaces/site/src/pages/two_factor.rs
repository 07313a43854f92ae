//! A second factor of one's own: an app's codes, and codes on paper.

use axum::body::Body;
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Response, header};
use kernel::Error;
use qrcode::QrCode;
use qrcode::render::svg;
use serde::Deserialize;
use web::render::Form as Filled;
use web::session::see_other;
use web::{Form, Query, RequestContext, path_segment, percent};

use super::whence::Whence;
use crate::views::security::{RecoveryCodes, SettingUp, TwoFactor};
use crate::{Answer, Site};

const HERE: &str = "/settings/two-factor";

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `desk`, where a desk led here.
    why: String,
}

/// `GET /settings/two-factor`
pub async fn show(State(site): State<Site>, context: RequestContext, Query(asked): Query<Asked>) -> Answer {
    let view = site.two_factor(&context).await?;
    let view = TwoFactor { needed: view.needed || asked.why == "desk" && view.lacks(), ..view };
    let response = site.frame.page(&context, &view).await?;
    Ok(unkept(response))
}

/// `POST /settings/two-factor/begin`
pub async fn begin(State(site): State<Site>, context: RequestContext) -> Answer {
    let user = context.viewer.signed_in()?;
    let session = context.session.as_deref().ok_or(Error::SignIn)?;
    site.accounts.begin_totp(user.id, session).await?;
    Ok(see_other(HERE))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    code: String,
}

/// `POST /settings/two-factor`: answers with the recovery codes themselves, as no address may carry them.
pub async fn confirm(
    State(site): State<Site>,
    context: RequestContext,
    headers: HeaderMap,
    Form(sent): Form<Typed>,
) -> Answer {
    let user = context.viewer.signed_in()?;
    let session = context.session.as_deref().ok_or(Error::SignIn)?;
    let whence = Whence::of(&site, &context, &headers);
    match site.accounts.confirm_totp(user, session, &sent.code, whence.origin()).await {
        Ok(codes) => site.show_codes(&context, codes, true).await,
        Err(Error::Invalid(errors)) => {
            let mut form = Filled::sent([("code", sent.code.as_str())]).refused(&errors);
            let view = site.two_factor(&context).await?;
            if view.setting_up.is_none() {
                // The page has no such field any more.
                form = Filled::default().with_error("", accounts::codes::TOTP_NONE);
            }
            let response = site.frame.refused(&context, &TwoFactor { form, ..view }).await?;
            Ok(unkept(response))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/two-factor/remove`
pub async fn remove(State(site): State<Site>, context: RequestContext, headers: HeaderMap) -> Answer {
    let user = context.viewer.signed_in()?;
    let whence = Whence::of(&site, &context, &headers);
    site.accounts.remove_totp(user, whence.origin()).await?;
    Ok(see_other(HERE))
}

/// `POST /settings/two-factor/codes`: new ones
pub async fn renew(State(site): State<Site>, context: RequestContext, headers: HeaderMap) -> Answer {
    let user = context.viewer.signed_in()?;
    let whence = Whence::of(&site, &context, &headers);
    let codes = site.accounts.renew_codes(user, whence.origin()).await?;
    site.show_codes(&context, codes, false).await
}

fn unkept(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl TwoFactor {
    fn lacks(&self) -> bool {
        self.totp.is_none() && self.passkeys == 0
    }
}

impl Site {
    async fn two_factor(&self, context: &RequestContext) -> kernel::Result<TwoFactor> {
        let user = context.viewer.signed_in()?;
        let factors = self.accounts.factors(user.id).await?;
        let session = context.session.as_deref().ok_or(Error::SignIn)?;
        let waiting = self.accounts.waiting_totp(user.id, session).await?;
        let setting_up = match waiting {
            Some(secret) => Some(setting_up(&self.frame.site().name, user.handle.as_str(), &secret)?),
            None => None,
        };
        Ok(TwoFactor {
            form: Filled::default(),
            totp: factors.totp,
            passkeys: factors.passkeys,
            codes_left: factors.codes_left,
            setting_up,
            needed: self.accounts.must_have_second(user) && !factors.any(),
            has_passkeys: self.accounts.has_passkeys(),
        })
    }

    async fn show_codes(&self, context: &RequestContext, codes: Vec<String>, first: bool) -> Answer {
        let file = format!("data:text/plain;charset=utf-8,{}", percent(&format!("{}\n", codes.join("\n"))));
        let response = self.frame.page(context, &RecoveryCodes { codes, file, first }).await?;
        Ok(unkept(response))
    }
}

/// As apps read it (github.com/google/google-authenticator/wiki/Key-Uri-Format).
fn setting_up(site: &str, handle: &str, secret: &str) -> kernel::Result<SettingUp> {
    // A colon parts the two names.
    let (site, handle) = (path_segment(&site.replace(':', " ")), path_segment(handle));
    let address = format!("otpauth://totp/{site}:{handle}?secret={secret}&issuer={site}");
    let code = QrCode::new(&address).map_err(Error::internal)?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(220, 220).quiet_zone(true).build();
    let groups: Vec<&str> =
        (0..secret.len()).step_by(4).filter_map(|at| secret.get(at..secret.len().min(at + 4))).collect();
    Ok(SettingUp { qr: format!("data:image/svg+xml,{}", percent(&image)), address, secret: groups.join(" ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apps_are_told_where_the_code_is_for() {
        let up = setting_up("News: the town", "林秋", "JBSWY3DPEHPK3PXP").unwrap();
        let named = "otpauth://totp/News%20%20the%20town:%E6%9E%97%E7%A7%8B?secret=JBSWY3DPEHPK3PXP&issuer=News%20%20the%20town";
        assert_eq!(up.address, named);
        assert_eq!(up.secret, "JBSW Y3DP EHPK 3PXP");
        assert!(up.qr.starts_with("data:image/svg+xml,%3C") && !up.qr.contains(['<', '"', '#']));
    }
}
