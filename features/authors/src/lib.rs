//! Authors (号): the accounts that publish, who owns them, and applications for one (申请入驻).
//!
//! Tables: `authors`, `author_owners`, `author_changes`, `applications`. Events: those of [`events`].

mod changes;
pub mod codes;
pub mod events;
mod model;
mod service;
mod store;

pub use changes::RETURN_CODES;
pub use model::{Application, Author, Change, Kind, NewApplication, Profile, REJECT_CODES, State};
pub use service::Authors;

pub static SCHEMA: db::Schema = db::schema!(
    "authors",
    needs: [&accounts::SCHEMA, &::events::SCHEMA],
    migrations: ["0001_authors", "0002_avatars", "0003_names", "0004_changes", "0005_places"]
);
