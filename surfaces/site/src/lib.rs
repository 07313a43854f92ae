//! Reader pages: what visitors and readers see, and what they can do there.
//!
//! `compose` turns what the features know into the typed contexts of [`views`]; `pages` has a file for each group of addresses;
//! `acts` are the writes (like, follow, comment), `slots` the personal bits of pages that are kept for everybody, `followed` what
//! they follow, `hidden` what a reader muted, `listen` what open pages are told.

mod acts;
mod assets;
mod blocks;
pub mod codes;
mod compose;
mod errors;
mod followed;
mod hidden;
mod listen;
mod pages;
mod picks;
mod picture_access;
mod range;
mod seen;
mod shared_blocks;
mod slots;
mod state;
pub mod views;

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use web::again::{StepUp, guard};
use web::routing::{Endpoint, Router, get, post};
use web::{PictureForm, RouteParams, limited, writes_need_sign_in};

use pages::{
    accessibility, account, apply, article, author, comments, elsewhere, export, following, for_you, home,
    identities, interests, leaving, lists, mutes, notifications, passkeys, preview, profile, prose, report,
    reset, search as search_page, second_step, sessions, topics, two_factor, unsubscribe, user, verify,
};

pub use errors::error_page;
pub use picture_access::PictureAccess;
pub use shared_blocks::{AuthorFactsCache, Blocks};
use state::Answer;
pub use state::{Services, Site, Telling};
pub use views::check_theme;

/// Where visitors may send something too.
const OPEN: [&str; 18] = [
    "/login",
    "/login/oidc/{provider}",
    "/login/code",
    "/login/passkey",
    "/login/passkey/begin",
    "/signup",
    "/signup/oidc",
    "/logout",
    "/reset",
    "/verify",
    "/unsubscribe",
    "/settings/accessibility",
    "/settings/account/keep",
    "/article/{id}/report",
    "/comment/{id}/report",
    "/user/{handle}/report",
    "/-/slots",
    "/-/seen",
];

/// Before these whoever is signed in shows once more that it is they, if they did not lately. What has a field for the password asks by itself.
const GUARDED: [(&str, &str); 11] = [
    ("POST", "/settings/two-factor/begin"),
    ("POST", "/settings/two-factor/remove"),
    ("POST", "/settings/two-factor/codes"),
    ("GET", "/settings/passkeys/add"),
    ("POST", "/settings/passkeys/begin"),
    ("POST", "/settings/passkeys/{id}/remove"),
    ("POST", "/settings/tokens"),
    ("POST", "/settings/identities/{id}/link"),
    ("POST", "/settings/identities/{id}/remove"),
    ("POST", "/settings/export"),
    ("GET", "/settings/export/archive"),
];

/// What pages that are kept read of the query. A route that is not named here is not kept where it has one.
pub const PARAMS: [RouteParams; 16] = [
    ("/", &[]),
    ("/channel/{slug}", &["cursor"]),
    ("/hot", &["span", "channel"]),
    ("/latest", &["cursor"]),
    ("/tag/{tag}", &["cursor"]),
    ("/topics", &["cursor"]),
    ("/topic/{slug}", &[]),
    ("/article/{id}", &["reply"]),
    ("/article/{id}/comments", &["sort", "cursor", "reply"]),
    ("/article/{id}/qr.svg", &[]),
    ("/@{handle}", &[]),
    ("/@{handle}/articles", &["cursor"]),
    ("/user/{handle}", &["cursor"]),
    ("/about", &[]),
    ("/rules", &[]),
    ("/contact", &[]),
];

/// A form with a picture takes more than others.
async fn with_picture(request: Request, next: Next) -> Response {
    limited(PictureForm::limit(media::MAX_MEGABYTES), request, next).await
}

/// Anybody may read; each handler that writes or shows something of one's own begins by asking who it is.
pub fn routes(site: Site) -> Router {
    let router = Router::new()
        .route("/", get(home::show))
        .route("/channel/{slug}", get(lists::channel))
        .route("/channel/{slug}/follow", post(acts::follow_channel))
        .route("/channel/{slug}/unfollow", post(acts::unfollow_channel))
        .route("/hot", get(lists::hot))
        .route("/latest", get(lists::latest))
        .route("/following", get(following::list))
        .route("/for-you", get(for_you::show))
        .route("/favourites", get(lists::favourites))
        .route("/history", get(interests::history))
        .route("/history/forget", post(interests::forget))
        .route("/notifications", get(notifications::list))
        .route("/notifications/read", post(notifications::read_all))
        .route("/notifications/{id}/read", post(notifications::read))
        .route("/tag/{tag}", get(lists::tag))
        .route("/tag/{tag}/follow", post(acts::follow_tag))
        .route("/tag/{tag}/unfollow", post(acts::unfollow_tag))
        .route("/topics", get(topics::list))
        .route("/topic/{slug}", get(topics::show))
        .route("/topic/{slug}/follow", post(acts::follow_topic))
        .route("/topic/{slug}/unfollow", post(acts::unfollow_topic))
        .route("/preview/home", get(preview::home))
        .route("/preview/channel/{slug}", get(preview::channel))
        .route("/search", get(search_page::show))
        .route("/search/suggest", get(search_page::suggest))
        .route("/article/{id}", get(article::show))
        .route("/article/{id}/comments", get(comments::list).post(comments::send))
        .route("/article/{id}/qr.svg", get(assets::qr))
        .route("/article/{id}/report", get(report::article).post(report::send_article))
        .route("/article/{id}/like", post(acts::like))
        .route("/article/{id}/unlike", post(acts::unlike))
        .route("/article/{id}/favourite", post(acts::favourite))
        .route("/article/{id}/unfavourite", post(acts::unfavourite))
        .route("/comment/{id}", get(comments::show))
        .route("/comment/{id}/like", post(acts::like_comment))
        .route("/comment/{id}/unlike", post(acts::unlike_comment))
        .route("/comment/{id}/mute", get(mutes::ask).post(mutes::writer))
        .route("/comment/{id}/report", get(report::comment).post(report::send_comment))
        .route("/@{handle}", get(author::show))
        .route("/@{handle}/articles", get(author::archive))
        .route("/@{handle}/follow", post(acts::follow))
        .route("/@{handle}/unfollow", post(acts::unfollow))
        .route("/@{handle}/mute", post(mutes::author))
        .route("/user/{handle}", get(user::show))
        .route("/user/{handle}/mute", get(user::ask_mute).post(user::mute))
        .route("/user/{handle}/report", get(report::user).post(report::send_user))
        .route("/apply", get(apply::show).post(apply::send))
        .route("/login", get(account::login).post(account::sign_in))
        .route("/login/oidc/{provider}", post(elsewhere::begin))
        .route("/login/oidc/{provider}/callback", get(elsewhere::callback))
        .route("/login/code", get(second_step::show).post(second_step::send))
        .route("/login/passkey", post(second_step::by_passkey))
        .route("/login/passkey/begin", post(second_step::begin))
        .route("/login/again", get(second_step::ask_again).post(second_step::again))
        .route("/logout", post(account::sign_out))
        .route("/signup", get(account::signup).post(account::sign_up))
        .route("/signup/oidc", get(elsewhere::ask).post(elsewhere::join))
        .route("/reset", get(reset::show).post(reset::send))
        .route("/verify", get(verify::show).post(verify::verify))
        .route("/verify/again", post(verify::send_again))
        .route("/settings", get(account::settings))
        .route("/settings/account", get(account::account).post(account::rename))
        .route("/settings/account/delete", get(leaving::show).post(leaving::delete))
        .route("/settings/account/keep", get(leaving::keeping).post(leaving::keep))
        .route("/settings/export", get(export::show).post(export::ask))
        .route("/settings/export/link", get(export::link))
        .route("/settings/export/archive", get(export::archive))
        .route("/settings/profile", get(profile::show).post(profile::save).layer(from_fn(with_picture)))
        .route("/settings/email", post(verify::change_email))
        .route("/settings/password", post(account::password))
        .route("/settings/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/settings/sessions", get(sessions::list))
        .route("/settings/sessions/end-others", post(sessions::end_others))
        .route("/settings/sessions/{id}/end", post(sessions::end))
        .route("/settings/two-factor", get(two_factor::show).post(two_factor::confirm))
        .route("/settings/two-factor/begin", post(two_factor::begin))
        .route("/settings/two-factor/remove", post(two_factor::remove))
        .route("/settings/two-factor/codes", post(two_factor::renew))
        .route("/settings/passkeys", get(passkeys::list).post(passkeys::add))
        .route("/settings/passkeys/add", get(passkeys::show_add))
        .route("/settings/passkeys/begin", post(passkeys::begin))
        .route("/settings/passkeys/{id}/remove", post(passkeys::remove))
        .route("/settings/tokens", get(account::tokens).post(account::create_token))
        .route("/settings/tokens/{id}/delete", post(account::delete_token))
        .route("/settings/blocks", get(mutes::list).post(mutes::change))
        .route("/settings/following", get(following::settings))
        .route("/settings/identities", get(identities::list))
        .route("/settings/identities/{id}/link", post(identities::link))
        .route("/settings/identities/{id}/remove", post(identities::remove))
        .route("/settings/interests", get(interests::show))
        .route("/settings/interests/switch", post(interests::switch))
        .route("/settings/interests/wish", post(interests::wish))
        .route("/settings/interests/unwish", post(interests::unwish))
        .route("/settings/interests/reset", post(interests::reset))
        .route("/settings/notifications", get(notifications::settings).post(notifications::choose))
        .route("/settings/notifications/digest", post(notifications::try_digest))
        .route("/settings/notifications/devices", post(notifications::add_device))
        .route("/settings/notifications/devices/{id}/remove", post(notifications::remove_device))
        .route("/unsubscribe", get(unsubscribe::show).post(unsubscribe::send))
        .route("/settings/accessibility", get(accessibility::show).post(accessibility::save))
        .route("/about", get(prose::about))
        .route("/rules", get(prose::rules))
        .route("/contact", get(prose::contact))
        .route("/-/slots", get(slots::show).post(slots::show))
        .route("/-/seen", post(seen::tell))
        .route("/-/notifications", get(listen::listen))
        .route("/sw.js", get(assets::worker))
        .route("/assets/{*path}", get(assets::asset))
        .route("/media/{hash}/{variant}", get(assets::media));
    let known: Arc<[Endpoint]> = router.endpoints().into();
    let step_up = StepUp::new(site.accounts.clone(), site.frame.clone(), &GUARDED);
    router
        .route_layer(from_fn_with_state(step_up, guard))
        .route_layer(from_fn(move |request: Request, next: Next| {
            let known = known.clone();
            async move { writes_need_sign_in(&OPEN, &known, request, next).await }
        }))
        .with_state(site)
}
