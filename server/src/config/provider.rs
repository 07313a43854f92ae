//! A provider, as it stands in the file.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// One of `[[oidc]]`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    pub(super) id: String,
    /// Default: the id.
    pub(super) label: Option<String>,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    pub(super) client_secret_file: Option<PathBuf>,
    #[serde(default = "scopes")]
    pub(super) scopes: Vec<String>,
}

fn scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(str::to_owned).into()
}
