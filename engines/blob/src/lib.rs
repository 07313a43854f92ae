//! Content-addressed objects, in a folder of this machine or in a bucket of an S3 server.
//!
//! An object is `<folder>/<name>`: the folder is a hash of what the objects in it were made from, so an object never
//! changes and may be cached for ever. It appears whole or not at all. On the disk it is written to a file in the store's own
//! `tmp`, flushed, then renamed; what a killed process left in `tmp` goes when the store is next opened.

mod bucket;
mod folder;
mod key;
mod session;
mod store;

pub use bucket::BucketOptions;
pub use key::Key;
pub use store::{Content, Object, Store};
