//! The kit under every page: rendering, sessions, forms, errors, the page cache.

mod access;
mod body;
mod cache;
mod client;
mod csrf;
mod encode;
mod failure;
mod form;
mod frame;
mod front;
pub mod local_time;
pub mod nul;
mod params;
pub mod render;
pub mod routing;
pub mod session;
mod setup;
mod slash;
mod upload;
mod visit;

pub use access::writes_need_sign_in;
pub use body::{BodyMeter, limited};
pub use cache::{Pages, Shown, Shows, http_date};
pub use client::network_of;
pub use encode::Coding;
pub use failure::{BUSY, Cause, Failure, status};
pub use form::{Form, Path, Query};
pub use frame::{Channels, Frame};
pub use front::{Front, Hooks};
pub use params::{Params, RouteParams};
pub use setup::{Setup, SiteLocale};
pub use upload::{TempUpload, UploadDir};
pub use visit::{Edition, Prefs, Shade, Variant, Visit, cookie, local, own_path, truncated};
