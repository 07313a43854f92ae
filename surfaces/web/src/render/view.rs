//! Typed contexts.

use kernel::Locale;
use serde::Serialize;

use super::PageLayout;

/// The context of a page.
pub trait View: Serialize {
    const TEMPLATE: &'static str;

    /// Realistic samples, the hard ones among them: the longest title, nothing to show, too much to show.
    fn samples(locale: Locale) -> Vec<Self>
    where
        Self: Sized;

    /// Fills in what this view knows of the head: title, description, canonical address, structured data.
    fn fill_head(&self, page: &mut PageLayout) {
        let _ = page;
    }
}

/// The context of a piece of a page that is also fetched alone.
pub trait Part: Serialize {
    const TEMPLATE: &'static str;

    fn samples(locale: Locale) -> Vec<Self>
    where
        Self: Sized;
}
