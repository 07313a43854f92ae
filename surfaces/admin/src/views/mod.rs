//! What the pages are made of: one typed context a template (`themes/default/templates/admin_…`), each with samples.

pub mod access;
pub mod applications;
pub mod audit;
pub mod authors;
pub mod changes;
pub mod channels;
pub mod comments;
pub mod front;
pub mod headlines;
pub mod insights;
pub mod log;
pub mod parts;
pub mod reports;
pub mod review;
pub mod setup;
#[cfg(test)]
mod tests;
pub mod topics;
pub mod users;
