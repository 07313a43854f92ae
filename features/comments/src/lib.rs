//! Threads under articles, and likes of comments
