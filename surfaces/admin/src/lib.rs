//! 管理后台: where reviewers decide, editors choose, and operators look after people and channels.
//!
//! Owns `/admin` and everything under it. Every handler begins by naming the action that it takes (`accounts::Action`, whose table says
//! which role may do what).

mod access;
mod applications;
mod audit;
mod authors;
mod changes;
mod channels;
pub mod codes;
mod comments;
mod decisions;
mod events;
mod front;
mod headlines;
mod insights;
mod invitations;
mod jobs;
mod layout;
mod log;
mod mail;
mod nodes;
mod notice;
mod permissions;
mod placed;
mod profiles;
mod reports;
mod review;
mod settings;
mod setup;
mod setup_key;
mod state;
#[cfg(test)]
mod tests;
mod topics;
mod users;
mod verdict;
mod views;
pub use setup_key::SetupKey;
use state::Answer;
pub use state::{Admin, Services};
pub use views::check_theme;

use accounts::{Action, Missing};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response as AnyResponse};
use web::again::{StepUp, guard};
use web::routing::{Router, get, post};
use web::session::see_other;
use web::{Failure, PictureForm, RequestContext, limited, percent};

#[cfg(test)]
use testing::SCHEMA;

/// Before these whoever is signed in shows once more that it is they, if they did not lately: what gives power, and what leaves no trace of itself.
const GUARDED: [(&str, &str); 13] = [
    // Links in mail open accounts.
    ("GET", "/admin/mail/{name}"),
    ("GET", "/admin/mail/{name}/html"),
    ("POST", "/admin/authors/{id}/owners"),
    ("POST", "/admin/invitations"),
    ("POST", "/admin/users/{id}"),
    ("POST", "/admin/users/{id}/reset-factors"),
    ("POST", "/admin/users/{id}/delete"),
    ("POST", "/admin/permissions"),
    ("POST", "/admin/permissions/{role}"),
    ("POST", "/admin/permissions/{role}/remove"),
    ("POST", "/admin/settings"),
    ("POST", "/admin/jobs/{id}/drop"),
    ("POST", "/admin/events/{consumer}/{seq}/drop"),
];

const LOGO: &str = "/admin/settings/logo";

/// Before anything that was sent is read: whoever may do nothing here has nothing to send. Which action it takes, the handler asks. Where the site
/// asks for a second factor, it leads there first.
async fn gate(
    State(admin): State<Admin>,
    context: RequestContext,
    route: MatchedPath,
    request: Request,
    next: Next,
) -> AnyResponse {
    // A form with a file takes more, of whoever may send it.
    let file = route.as_str() == LOGO && !context.is_get;
    let may = if file && !context.viewer.is_limited() {
        context.viewer.require(Action::ChangeSettings)
    } else {
        context.viewer.require_staff()
    };
    let missing = match may {
        Ok(user) => admin.accounts.missing_for_desk(user, context.session.as_deref()).await,
        Err(error) => Err(error),
    };
    let here = if context.is_get { context.here() } else { "/admin" };
    match missing {
        Ok(None) if file => limited(PictureForm::limit(media::MAX_MEGABYTES), request, next).await,
        Ok(None) => next.run(request).await,
        Ok(Some(Missing::Factor)) => see_other("/settings/two-factor?why=desk"),
        Ok(Some(Missing::Step)) => see_other(&format!("/login/again?return={}", percent(here))),
        Err(error) => Failure(error).into_response(),
    }
}

/// `/admin/…` and `/setup`
pub fn routes(admin: Admin) -> Router {
    let set_up = Router::new()
        .route("/setup", get(setup::show).post(setup::save))
        .route_layer(from_fn_with_state(admin.clone(), setup::gate))
        .with_state(admin.clone());
    set_up.merge(desks(admin))
}

fn desks(admin: Admin) -> Router {
    let step_up = StepUp::new(admin.accounts.clone(), admin.frame.clone(), &GUARDED);
    Router::new()
        .route("/admin", get(front::show))
        .route("/admin/review", get(review::list))
        .route("/admin/review/{id}", get(review::show))
        .route("/admin/review/{id}/approve", post(verdict::approve))
        .route("/admin/review/{id}/return", post(verdict::send_back))
        .route("/admin/review/{id}/retract", post(verdict::retract))
        .route("/admin/review/{id}/restore", post(verdict::restore))
        .route("/admin/reports", get(reports::list))
        .route("/admin/reports/{id}", get(reports::show).post(reports::close))
        .route("/admin/comments", get(comments::list))
        .route("/admin/comments/{id}", get(comments::show))
        .route("/admin/comments/{id}/release", post(comments::release))
        .route("/admin/comments/{id}/remove", post(comments::remove))
        .route("/admin/profiles", get(profiles::list))
        .route("/admin/profiles/{id}/show", post(profiles::show))
        .route("/admin/profiles/{id}/clear", post(profiles::clear))
        .route("/admin/audit", get(audit::show))
        .route("/admin/audit.csv", get(audit::file))
        .route("/admin/decisions", get(decisions::show))
        .route("/admin/applications", get(applications::list))
        .route("/admin/applications/profile/{id}", get(changes::show))
        .route("/admin/applications/profile/{id}/approve", post(changes::approve))
        .route("/admin/applications/profile/{id}/return", post(changes::send_back))
        .route("/admin/applications/{id}", get(applications::show))
        .route("/admin/applications/{id}/approve", post(applications::approve))
        .route("/admin/applications/{id}/reject", post(applications::reject))
        .route("/admin/headlines", get(headlines::list))
        .route("/admin/headlines/log", get(log::show))
        .route("/admin/headlines/{slot}", get(headlines::show).post(headlines::place))
        .route("/admin/headlines/{slot}/{id}", get(placed::show).post(placed::change))
        .route("/admin/headlines/{slot}/{id}/move", post(placed::move_to))
        .route("/admin/headlines/{slot}/{id}/remove", post(placed::remove))
        .route("/admin/topics", get(topics::list).post(topics::add))
        .route("/admin/topics/{id}", get(topics::show).post(topics::save))
        .route("/admin/topics/{id}/publish", post(topics::publish))
        .route("/admin/topics/{id}/withdraw", post(topics::withdraw))
        .route("/admin/topics/{id}/articles", post(topics::add_article))
        .route("/admin/topics/{id}/articles/{article}/move", post(topics::move_article))
        .route("/admin/topics/{id}/articles/{article}/section", post(topics::set_section))
        .route("/admin/topics/{id}/articles/{article}/remove", post(topics::remove_article))
        .route("/admin/authors", get(authors::list))
        .route("/admin/authors/{id}", get(authors::show).post(authors::save))
        .route("/admin/authors/{id}/owners", post(authors::add_owner))
        .route("/admin/authors/{id}/owners/{user}/remove", post(authors::remove_owner))
        .route("/admin/users", get(users::list))
        .route("/admin/users/{id}", get(users::show).post(users::save))
        .route("/admin/users/{id}/suspend", post(access::suspend))
        .route("/admin/users/{id}/restore", post(access::restore))
        .route("/admin/users/{id}/sign-out", post(access::sign_out))
        .route("/admin/users/{id}/reset-factors", post(access::reset_factors))
        .route("/admin/users/{id}/sessions/{session}/end", post(access::end_session))
        .route("/admin/users/{id}/tokens/{token}/revoke", post(access::revoke_token))
        .route("/admin/users/{id}/delete", get(access::ask_delete).post(access::delete))
        .route("/admin/invitations", get(invitations::list).post(invitations::add))
        .route("/admin/invitations/{id}/revoke", post(invitations::revoke))
        .route("/admin/permissions", get(permissions::list).post(permissions::add))
        .route("/admin/permissions/{role}", get(permissions::show).post(permissions::save))
        .route("/admin/permissions/{role}/remove", post(permissions::remove))
        .route("/admin/channels", get(channels::list).post(channels::add))
        .route("/admin/channels/{slug}", get(channels::show).post(channels::save))
        .route("/admin/channels/{slug}/merge", post(channels::merge))
        .route("/admin/channels/{slug}/remove", post(channels::remove))
        .route("/admin/events", get(events::show))
        .route("/admin/events/{consumer}/retry", post(events::retry_all))
        .route("/admin/events/{consumer}/rebuild", get(events::ask_rebuild).post(events::rebuild))
        .route("/admin/events/{consumer}/{seq}/retry", post(events::retry))
        .route("/admin/events/{consumer}/{seq}/drop", post(events::drop_one))
        .route("/admin/settings", get(settings::show).post(settings::save))
        .route(LOGO, post(settings::save_logo))
        .route("/admin/jobs", get(jobs::show))
        .route("/admin/jobs/{id}/retry", post(jobs::retry))
        .route("/admin/jobs/{id}/drop", post(jobs::drop_one))
        .route("/admin/jobs/kinds/{kind}/retry", post(jobs::retry_kind))
        .route("/admin/mail", get(mail::list))
        .route("/admin/mail/test", post(mail::test))
        .route("/admin/mail/{name}", get(mail::show))
        .route("/admin/mail/{name}/html", get(mail::html))
        .route("/admin/nodes", get(nodes::show))
        .route("/admin/insights", get(insights::show))
        .route("/admin/insights/models/{version}/withdraw", post(insights::withdraw))
        .route_layer(from_fn_with_state(step_up, guard))
        .route_layer(from_fn_with_state(admin.clone(), gate))
        .with_state(admin)
}
