//! The kit under every page: rendering, sessions, forms, errors, the page cache
