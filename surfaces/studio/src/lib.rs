//! 创作中心: where authors write, send in, schedule and take back, and where they keep their pictures and profile.
//!
//! Owns `/studio` and everything under it. Every page needs somebody signed in; every write needs an author that they own.

mod actions;
pub mod codes;
mod delete;
mod desk;
mod form;
mod gate;
mod insert;
mod list;
mod notice;
mod pictures;
mod preview;
mod profile;
mod state;
#[cfg(test)]
mod tests;
mod upload;
mod views;
mod write;

pub use state::{Services, Studio};
pub use views::check_theme;

use axum::middleware::from_fn_with_state;
use web::routing::{Router, get, post};

/// `/studio/…`
pub fn routes(studio: Studio) -> Router {
    Router::new()
        .route("/studio", get(list::list))
        .route("/studio/new", get(write::blank).post(write::create))
        .route("/studio/article/{id}", get(write::open).post(write::save))
        .route("/studio/article/{id}/submit", post(actions::submit))
        .route("/studio/article/{id}/withdraw", post(actions::withdraw))
        .route("/studio/article/{id}/retract", post(actions::retract))
        .route("/studio/article/{id}/preview", get(preview::page))
        .route("/studio/article/{id}/delete", get(delete::ask_article).post(delete::article))
        .route("/studio/preview", post(preview::fragment))
        .route("/studio/pictures", get(pictures::list).post(pictures::upload))
        .route("/studio/pictures/{hash}/delete", get(delete::ask_picture).post(delete::picture))
        .route("/studio/profile", get(profile::form).post(profile::save))
        .route_layer(from_fn_with_state(studio.clone(), gate::gate))
        .with_state(studio)
}
