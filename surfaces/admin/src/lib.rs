//! Pages of reviewers, editors and operators
