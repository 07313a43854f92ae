//! Providers by which people sign in.

use ::oidc::{Provider, Providers, Secret};

use super::{Config, InvalidSetting, first_line};

impl Config {
    /// Takes in the secrets that stand in files of their own.
    pub(super) fn read_provider_secrets(&mut self) -> Result<(), InvalidSetting> {
        for provider in &mut self.oidc {
            let Some(file) = &provider.client_secret_file else { continue };
            let line = first_line("oidc", file)?;
            if provider.client_secret.replace(line).is_some() {
                return Err(InvalidSetting {
                    name: "oidc",
                    why: format!("oidc: {}: both client_secret and client_secret_file are set", provider.id),
                });
            }
        }
        Ok(())
    }

    /// Those that are declared, checked; nobody is asked.
    pub fn providers(&self) -> Result<Providers, InvalidSetting> {
        let declared = self.oidc.iter().cloned().map(|provider| Provider {
            label: provider.label.unwrap_or_else(|| provider.id.clone()),
            id: provider.id,
            issuer: provider.issuer,
            client_id: provider.client_id,
            client_secret: provider.client_secret.map(Secret::new),
            scopes: provider.scopes,
        });
        // A list that is wrong for all is named for itself.
        outbound::Client::new(outbound::Options {
            allow: self.outbound_allow.clone(),
            ..outbound::Options::default()
        })
        .map_err(|error| InvalidSetting {
            name: "outbound_allow",
            why: format!("outbound_allow: {error}"),
        })?;
        Providers::new(declared.collect(), &self.outbound_allow)
            .map_err(|error| InvalidSetting { name: "oidc", why: format!("oidc: {error}") })
    }
}
