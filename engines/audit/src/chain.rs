//! Each row vouches for itself and for all before it.

use db::{FromQueryResult, Value, args};
use kernel::Time;
use sha2::{Digest, Sha256};

pub(crate) const COLUMNS: &str =
    "seq, at, actor, action, target_kind, target, before_value, after_value, network, hash";

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Row {
    pub seq: i64,
    pub at: Time,
    pub actor: Option<String>,
    pub action: String,
    pub target_kind: String,
    pub target: String,
    pub before_value: Option<String>,
    pub after_value: Option<String>,
    pub network: Option<String>,
    pub hash: String,
}

impl Row {
    /// In the order of [`COLUMNS`].
    pub fn values(self) -> Vec<Value> {
        let Self { seq, at, actor, action, target_kind, target, before_value, after_value, network, hash } =
            self;
        args![seq, at, actor, action, target_kind, target, before_value, after_value, network, hash]
    }

    /// SHA-256 in hexadecimal of the hash before and of each field, with its length before it, so that no two rows are written alike.
    pub fn hash_after(&self, before: &str) -> String {
        let (seq, at) = (self.seq.to_string(), self.at.millis().to_string());
        let fields = [
            Some(before),
            Some(&seq),
            Some(&at),
            self.actor.as_deref(),
            Some(&self.action),
            Some(&self.target_kind),
            Some(&self.target),
            self.before_value.as_deref(),
            self.after_value.as_deref(),
            self.network.as_deref(),
        ];
        let mut hasher = Sha256::new();
        for field in fields {
            // What is none has no length: it differs from what is empty.
            match field {
                Some(text) => {
                    hasher.update((text.len() as u64).to_be_bytes());
                    hasher.update(text);
                }
                None => hasher.update(u64::MAX.to_be_bytes()),
            }
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
