//! Markup from outside, made safe. [`Markup`] is the only type that a page writes unescaped.

mod address;
mod allowed;
mod attributes;
mod parse;
mod sink;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod unclosed;
mod write;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use address::Own;
use allowed::ALLOWED;
pub use tree::{Limits, NodeId, TooComplex, Tree};
pub use write::escape;

/// Sanitised HTML. Made by the functions here and by nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Markup(String);

/// How a picture that moves begins: its still twin, for whoever asked their system for less motion.
pub const STILL_TWIN: &str = "<source media=\"(prefers-reduced-motion: reduce)\"";

impl Markup {
    /// With the still twins of moving pictures for everybody.
    #[must_use]
    pub fn without_motion(self) -> Self {
        // In texts and values the sign `<` or the quotes would be written otherwise: this is a tag.
        if self.0.contains(STILL_TWIN) { Self(self.0.replace(STILL_TWIN, "<source")) } else { self }
    }

    /// For a page that is read without the site: the site's own pictures are looked for in `folder`, such as `../media/`. Whatever else begins so
    /// behind a quote is changed with them, and is still no markup.
    #[must_use]
    pub fn with_media_in(self, folder: &'static str) -> Self {
        Self(self.0.replace("\"/media/", &format!("\"{folder}")).replace(", /media/", &format!(", {folder}")))
    }

    /// Makes HTML from anywhere safe: scripts, styles, event handlers, frames, forms and foreign schemes go,
    /// links get `rel="nofollow ugc noopener"`, first-level headings become second-level (the page has its own).
    /// What is too complex to be read within bounds ([`Limits`]) is shown as the text it is.
    pub fn sanitise(html: &str) -> Self {
        Self::try_sanitise(html).unwrap_or_else(|_| Self::from_text(html))
    }

    /// The same, or why it is too complex.
    pub fn try_sanitise(html: &str) -> Result<Self, TooComplex> {
        let mut tree = Tree::parse(html, Limits::default(), &|| false)?;
        for node in tree.descendants(Tree::ROOT) {
            if tree.name(node) == "h1" {
                tree.rename(node, "h2");
            }
        }
        Self::of(&tree, &|| false)
    }

    /// What is allowed of a tree, which may have been changed since it was read. The sanitiser reads it with a parser of its own that
    /// has no bounds: it gets what was read within them once more.
    pub fn of(tree: &Tree, cancelled: &dyn Fn() -> bool) -> Result<Self, TooComplex> {
        let converged = tree.converged(Limits::default(), cancelled)?;
        Ok(Self(ALLOWED.clean(&converged.to_html_in_parts()).to_string().trim().to_owned()))
    }

    /// Plain text: blank lines part paragraphs, other line ends break lines.
    pub fn from_text(text: &str) -> Self {
        let unix = text.replace("\r\n", "\n");
        let paragraphs = unix.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
        Self(paragraphs.map(|p| format!("<p>{}</p>", escape(p).replace('\n', "<br>"))).collect())
    }

    /// For `store.rs` files only: HTML that was a `Markup` when it was written to its column.
    pub const fn stored(html: String) -> Self {
        Self(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words alone: no tags, entities decoded, block ends as line ends, white space folded.
    pub fn text(&self) -> String {
        text::plain_text(&self.0)
    }

    /// Addresses that a browser loads without being asked: pictures, films, sounds. Each once, in order.
    pub fn loads(&self) -> Vec<String> {
        text::loads(&self.0)
    }

    /// The words before the footnotes.
    pub fn text_before_notes(&self) -> String {
        text::plain_text(text::before_notes(&self.0))
    }
}

impl From<Markup> for String {
    fn from(markup: Markup) -> Self {
        markup.0
    }
}

impl<'de> Deserialize<'de> for Markup {
    /// From outside means from anywhere: what is read is sanitised.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::sanitise(&Cow::<'de, str>::deserialize(from)?))
    }
}
