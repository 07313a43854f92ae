//! Web Push: a message to a browser, by the push service that the browser's maker runs (RFC 8030).
//!
//! A [`Subscription`] is what the browser gives away: an address at the service, and keys that only the browser has the other half of. What is
//! sent there is encrypted for it alone ([`encrypt`], RFC 8291), and signed by the site's [`ServerKey`] (VAPID, RFC 8292), without which nobody
//! can send to it. [`send`] says what the service answered. Addresses of subscriptions are as good as passwords for sending: they stand in no
//! log and no error.

mod encrypt;
mod send;
mod subscription;
mod vapid;

pub use encrypt::{MOST, encrypt};
pub use send::{Failed, Message, Urgency, send};
pub use subscription::{NotASubscription, Subscription};
pub use vapid::{NotAKey, ServerKey};
