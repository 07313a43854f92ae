//! Rendering: a theme's templates over typed contexts, in the reader's language.
//!
//! A page is a [`View`]: a struct that serialises, names its template and knows samples of itself. In the template it is `view`;
//! what the frame around every page needs is a [`PageLayout`], called `page`. A piece that is also fetched alone (the personal bits
//! of a cached page) is a [`Part`], called `part`. Only [`Html`] is written unescaped. How templates are written
//! stands in `themes/default/README.md`.

mod accent;
mod article;
mod asset;
mod check;
mod export;
mod filters;
mod form;
mod html;
mod layout;
mod mail;
mod messages;
mod palette;
mod scope;
mod tables;
mod theme;
mod view;
mod words;

pub use self::export::check_export;
pub use accent::Accent;
pub use article::{ArticleText, Source};
pub use asset::Asset;
pub use check::{check_part, check_view, look_folder, write_view};
pub use form::{Form, FormError};
pub use html::Html;
pub use layout::{Alternate, Feed, LayoutViewer, Logo, NavChannel, Notice, PageLayout, Site, Tone};
pub use mail::check_mail;
pub use messages::Messages;
pub use palette::{channels_css, placeholder_class};
pub use theme::{Overrides, Theme};
pub use view::{Part, View};
pub use words::{handle_path, tag_path, user_path};
