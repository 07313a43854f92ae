//! What ways to sign in have in common.

use accounts::{EmailUse, PendingToken, SignedIn};
use axum::body::Body;
use http::{HeaderMap, Response};
use kernel::Error;
use web::render::Form as Filled;
use web::session::{self, see_other};
use web::{RequestContext, local, percent, truncated};

use super::leaving;
use crate::Site;
use crate::views::account::Login;

pub fn login_page(
    site: &Site,
    context: &RequestContext,
    headers: &HeaderMap,
    back: &str,
    form: Filled,
) -> Login {
    let here = if context.is_get { context.here() } else { "/login" };
    Login {
        form,
        back: local(back).to_owned(),
        over_http: site.frame.setup().over_http(headers, here),
        forgot: site.accounts.email_use() != EmailUse::Off,
        passkeys: site.accounts.has_passkeys(),
        providers: site.provider_buttons(),
    }
}

/// One line for whoever looks after the site. Neither the address in full nor what was typed, which may be a password in the wrong field.
pub fn log_failure(context: &RequestContext, error: &Error) {
    let reason = match error {
        Error::Invalid(errors) => errors.0.first().map_or("invalid", |errors| errors.code),
        Error::TooMany(_) => "too-many",
        Error::Unavailable(_) => "busy",
        _ => "failed",
    };
    tracing::warn!(network = %truncated(context.network), reason, "sign-in failed");
}

/// Whoever is in finds the site as they have chosen it, also in a browser that does not know them.
pub async fn welcome(site: &Site, headers: &HeaderMap, signed_in: &SignedIn, back: &str) -> Response<Body> {
    // Whoever asked to be deleted can do nothing else with the session.
    let to = if signed_in.leaving { leaving::KEEP } else { local(back) };
    let (mut response, secure) = (see_other(to), site.frame.setup().secure());
    session::set(response.headers_mut(), signed_in.session.as_str(), secure);
    session::set_device(response.headers_mut(), signed_in.device.as_str(), secure);
    site.join_choices(signed_in.user.id, headers, response.headers_mut()).await;
    response
}

/// The password was right; this browser may go on.
pub fn go_on(site: &Site, token: &PendingToken, back: &str) -> Response<Body> {
    let mut response = see_other(&format!("/login/code?return={}", percent(local(back))));
    session::set_pending(response.headers_mut(), token.as_str(), site.frame.setup().secure());
    response
}
