//! Follows, favourites and likes
