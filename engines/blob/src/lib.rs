//! Content-addressed objects in local files
