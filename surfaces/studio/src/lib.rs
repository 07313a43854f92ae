//! Author pages
