//! Atom, RSS, JSON feeds, sitemaps, oEmbed
