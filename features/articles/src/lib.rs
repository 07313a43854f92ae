//! Articles: drafts, revisions, states, channels, tags
