//! When an article last changed.

use articles::Card;
use kernel::Time;

/// Nothing where its dates are zeros.
pub fn changed(card: &Card) -> Option<Time> {
    [card.edited_at, Some(card.published_at)].into_iter().flatten().find(|at| at.is_publication())
}
