//! Whence a form came that has to do with an account.

pub use web::Whence;
