//! Publishing accounts, their profiles and owners, and applications for one
