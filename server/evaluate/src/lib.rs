//! Offline ranking evaluation: how good search and recommendations are, on recorded data. `byline search evaluate` and
//! `byline recommend evaluate`.
//!
//! The model and what it is told of articles and readers are those that the lists run on ([`recommend::rank`]); what records say of them is
//! worked out here ([`signals`], [`showings`]).

mod files;
pub mod impressions;
mod metrics;
mod mind;
pub mod next_read;
mod protocol;
mod records;
pub mod search;
mod showings;
mod signals;
mod words;

use std::path::Path;

use serde::Serialize;

pub use files::EvaluationError;

/// What was found, for each of the files that were given.
#[derive(Debug, Serialize)]
pub struct Found {
    #[serde(flatten)]
    pub next_read: Option<next_read::Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impressions: Option<impressions::Report>,
}

/// Reads the files and tests. `items` tells of the items in both.
pub fn recommend(
    events: Option<&Path>,
    impressions: Option<&Path>,
    items: Option<&Path>,
) -> Result<Found, EvaluationError> {
    let items = items.map(files::lines::<records::Item>).transpose()?.unwrap_or_default();
    Ok(Found {
        next_read: events.map(|events| next_read::evaluate(events, &items)).transpose()?,
        impressions: impressions.map(|path| impressions::evaluate(path, &items)).transpose()?,
    })
}
