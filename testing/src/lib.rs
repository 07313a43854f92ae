//! A whole site for tests: real services on a real database, a clock that is moved, people of each role, and browsers.
//!
//! ```ignore
//! #[db_test]
//! async fn a_reader_is_turned_away(db: Db) {
//!     let site = TestSite::new(&db).await;
//!     site.serve(my::routes(…));
//!     let id = site.article("Tides", State::Live).await;
//!     assert_eq!(site.get("reader", &format!("/secret/{id}")).await.status, 403);
//! }
//! ```
//!
//! `#[db_test]` makes the tables of `crate::SCHEMA`: a crate whose tests use this says `use testing::SCHEMA;` at its root.

mod answer;
mod articles;
mod client;
mod form;
mod people;
mod samples;
mod site;

pub use crate::answer::Answer;
pub use crate::client::{App, Client};
pub use crate::form::{Form, Multipart};
pub use crate::people::{PASSWORD, VISITOR};
pub use crate::samples::{channel, draft, png};
pub use crate::site::{Builder, Parts, START, TestSite, URL, ZONE, until};
pub use services::SCHEMA;
