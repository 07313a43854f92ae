//! The words everything is said in: ids, time, errors, pages of a list, names, sanitised markup.
//!
//! No I/O and no async. Every other crate depends on this one, so a word is worth adding here only when
//! two floors need it.

pub mod codes;
pub mod colour;
pub mod confusable;
pub mod env;
pub mod error;
pub mod id;
pub mod lang;
pub mod markup;
pub mod measure;
pub mod name;
pub mod page;
mod region;
mod sql;
pub mod text;
pub mod throttle;
pub mod time;

pub use colour::Colour;
pub use env::Env;
pub use error::{Error, FieldError, Invalid, Quota, Result};
pub use id::{
    ApplicationId, ArticleId, AuthorId, CommentId, Id, MediaId, PasskeyId, PlacementId, ReportId, TokenId,
    TopicId, UserId,
};
pub use lang::Locale;
pub use markup::Markup;
pub use name::{Handle, Slug, Tag};
pub use page::{Cursor, Page};
pub use region::Region;
pub use throttle::Throttle;
pub use time::{Clock, Time};
