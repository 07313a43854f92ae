//! The kit under every page: rendering, sessions, forms, errors, the page cache.

mod cache;
mod csrf;
mod encode;
mod failure;
mod form;
mod frame;
mod front;
pub mod local_time;
pub mod nul;
pub mod render;
pub mod routing;
pub mod session;
mod visit;

pub use cache::{Pages, Shown, Shows, http_date};
pub use encode::Coding;
pub use failure::{BUSY, Cause, Failure, status};
pub use form::{Form, Path, Query};
pub use frame::{Channels, Frame};
pub use front::{Front, Hooks, Setup, SiteLocale};
pub use visit::{Edition, Prefs, Shade, Variant, Visit, cookie, local};
