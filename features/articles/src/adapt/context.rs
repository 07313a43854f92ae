//! What an adaptation is told, and what all of it does to a tree.

use kernel::markup::{NodeId, Own, Tree};
use url::Url;

/// Where a fragment comes from and goes to.
pub(crate) struct LinkContext<'a> {
    /// What relative addresses are relative to. Nothing where they are this site's own.
    pub base: Option<&'a Url>,
    pub own: &'a Own,
}

pub fn replace(tree: &mut Tree, old: NodeId, new: NodeId) {
    tree.insert_before(old, new);
    tree.detach(old);
}
