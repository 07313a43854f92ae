//! Reader pages

pub mod views;
