//! What happens to settings, for those who follow the journal.

use serde::{Deserialize, Serialize};

/// Some settings have other values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettingsChanged {
    /// Which; of events of before there were names, none is said.
    #[serde(default)]
    pub names: Vec<String>,
}

impl ::events::Event for SettingsChanged {
    const KIND: &'static str = "settings.changed";
}
