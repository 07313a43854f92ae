//! HTML from elsewhere, changed so that the sanitiser keeps what readers saw there. Nothing here makes it safe.
//!
//! One adaptation for all: what is typed or pasted in the studio, sent to the API, imported.

mod addresses;
mod anchors;
mod breaks;
mod context;
mod elements;
mod figures;
mod media;
mod style;
#[cfg(test)]
mod tests;

use kernel::markup::{Limits, Own, TooComplex, Tree};
use kernel::{Error, Invalid, Result};
use url::Url;

use crate::codes;

pub(crate) use anchors::link_places;
pub(crate) use breaks::join_lines;
use context::LinkContext;
pub(crate) use figures::make_figures;

/// HTML of a page of `base` as it may be stored as the body of a draft: addresses become whole, frames become links, pictures that
/// scripts would have loaded load by themselves, elements that are not on the list become their nearest kin, bare addresses links.
pub fn adapt(html: &str, base: Option<&Url>) -> Result<String> {
    if !html.contains('<') {
        return Ok(html.to_owned());
    }
    let mut tree = Tree::parse(html, Limits::default(), &|| false).map_err(refused)?;
    elements::adapt(&mut tree, &LinkContext { base, own: &Own::default() });
    addresses::link(&mut tree);
    Ok(tree.to_html())
}

/// What remains to be adapted of a tree whose addresses are this site's.
pub(crate) fn adapt_own(tree: &mut Tree, own: &Own) {
    elements::adapt(tree, &LinkContext { base: None, own });
    addresses::link(tree);
}

/// Says to the writer of a body what is too complex about it. Codes: `body-nested`, `body-attributes`, `body-complex`.
pub(crate) fn refused(why: TooComplex) -> Error {
    let mut errors = Invalid::default();
    match why {
        TooComplex::Depth(limit) => errors.add_limit("body", codes::BODY_NESTED, limit as i64),
        TooComplex::Attributes(limit) => errors.add_limit("body", codes::BODY_ATTRIBUTES, limit as i64),
        TooComplex::Work | TooComplex::Cancelled => errors.add("body", codes::BODY_COMPLEX),
    }
    Error::Invalid(errors)
}
