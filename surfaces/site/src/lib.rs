//! Reader pages
