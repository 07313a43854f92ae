//! Pictures: uploads, variants, ownership.
//!
//! Owns the tables `pictures`, `picture_owners`, `deleted_pictures` and `unclaimed_files`, and the objects of [`blob::Store`]. Appends `media.added`, `media.deleted`.
//! A picture is named by the hash of the uploaded bytes, so the same upload is the same picture. What people see is never
//! the upload itself but variants made from its pixels: whatever else was in the file (places, names, thumbnails, scripts) stays behind.

mod announced;
mod avif;
pub mod codes;
mod colour;
mod decode;
mod decoded;
pub mod events;
mod gif;
pub mod jobs;
mod jpeg;
mod make;
mod model;
mod motion;
mod png;
mod quota;
mod service;
mod store;
mod worker;

pub use model::{Claim, MAX_MEGABYTES, Motion, Picture, Variant};
pub use service::Media;
pub use worker::run as run_worker;

pub static SCHEMA: db::Schema = db::schema!("media", needs: [&::events::SCHEMA], migrations: ["0001_media", "0002_motion", "0003_deleted", "0004_quota", "0005_unclaimed"]);
