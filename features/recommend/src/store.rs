//! The only SQL that names the tables of recommendation.

pub mod models;
pub mod personal;
