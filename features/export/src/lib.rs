//! What somebody takes along: all that is theirs, as JSON, as pages that open without the site, and as picture files, in one ZIP archive.
//!
//! A job makes it (`maker.rs`): it asks the features part by part (`parts.rs`), so that an account of any size takes the same memory, and
//! writes pieces of a few megabytes into the store of pictures (`archive.rs`), which all nodes share. A link in a mail opens it for a week;
//! then it is deleted.
//!
//! Table: `exports`.

mod archive;
pub mod codes;
mod fields;
pub mod jobs;
mod letters;
mod maker;
mod model;
mod pages;
mod parts;
mod service;
mod store;
mod zip;

pub use archive::Archive;
pub use letters::ExportReady;
pub use maker::Maker;
#[doc(hidden)]
pub use model::ExportMarker;
pub use model::{ExportId, Part, Standing, State};
pub use pages::{Fact, FactKind, Index, IndexPart, Pages, PartPage, Shown};
pub use parts::Features;
pub use service::{Export, KEPT};

pub static SCHEMA: db::Schema = db::schema!("export", needs: [&accounts::SCHEMA, &::jobs::SCHEMA, &mail::SCHEMA], migrations: ["0001_export"]);
