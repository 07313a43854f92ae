//! What reader pages are made of: one typed context a template, each with samples of itself.
//!
//! Handlers fill these from the features; templates (`themes/default/templates`) know nothing else. Pieces that many pages
//! share stand in [`parts`]; those that differ from reader to reader, and are fetched apart from cached pages, in [`slots`].

pub mod account;
pub mod apply;
pub mod article;
pub mod author;
pub mod blocks;
pub mod channel;
pub mod comments;
pub mod errors;
pub mod for_you;
pub mod home;
pub mod interests;
pub mod lists;
pub mod parts;
pub mod prose;
pub mod report;
pub mod samples;
pub mod search;
pub mod slots;
pub mod tag;
pub mod topics;

#[cfg(test)]
mod tests;
