//! Content-addressed objects in local files.
//!
//! An object is `<folder>/<name>`: the folder is a hash of what the objects in it were made from, so an object never
//! changes and may be cached for ever. It appears whole or not at all: it is written to a file in the store's own
//! `tmp`, flushed to the disk, then renamed. What a killed process left in `tmp` goes when the store is next opened.
//!
//! Everything here waits for the disk: call it from a blocking thread.

mod key;
mod session;
mod store;

pub use key::Key;
pub use store::Store;
