//! What the studio's pages are made of: one typed context a template (`themes/default/templates/studio_*.html`), each with
//! samples.

pub mod delete;
pub mod desk;
pub mod expired;
pub mod list;
pub mod parts;
pub mod pictures;
pub mod preview;
pub mod profile;
#[cfg(test)]
mod tests;
