//! The demo: a small site of articles written for it, made at the first start and then served like any other.
//!
//! Its texts are below `demo/texts`, compiled in; pictures are drawn by the `art` crate.

mod content;
mod editorial;
mod generate;
mod people;
mod pictures;
mod readership;
mod seed;

pub use generate::add as add_generated;
pub use people::greeting;
pub use seed::fill;

pub const NAME: &str = "众声 Byline";
pub const TAGLINE: &str = "A demo of many voices · 许多人写，许多人读";
pub const LICENCE: &str = "Demo texts and pictures: CC0";
pub const CONTACT: &str = "editor@byline.example";
