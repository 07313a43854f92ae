//! Reviews and reports, and the decisions on them
