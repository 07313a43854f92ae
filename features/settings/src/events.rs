//! What happens to settings, for those who follow the journal.

use serde::{Deserialize, Serialize};

/// Some setting has another value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettingsChanged {}

impl ::events::Event for SettingsChanged {
    const KIND: &'static str = "settings.changed";
}
