//! Pictures: uploads, variants, ownership.
//!
//! Owns the tables `pictures` and `picture_owners`, and the objects of [`blob::Store`]. Appends `media.added`.
//! A picture is named by the hash of the uploaded bytes, so the same upload is the same picture. What people see is never
//! the upload itself but variants made from its pixels: whatever else was in the file (places, names, thumbnails, scripts) stays behind.

mod avif;
mod colour;
mod decode;
pub mod events;
mod gif;
mod make;
mod model;
mod scale;
mod service;
mod store;

pub use avif::worker::run as run_avif_worker;
pub use model::{MAX_MEGABYTES, Picture, Variant};
pub use service::Media;

pub static SCHEMA: db::Schema = db::schema!("media", needs: [&::events::SCHEMA], steps: ["0001_media"]);
