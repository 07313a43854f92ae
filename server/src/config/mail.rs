//! Where mail goes, out of several settings.

use ::mail::{Sender, Server};

use super::{Config, InvalidSetting, MAIL_AS_FILES};

impl Config {
    /// The mail server; nothing where mail is kept as files.
    pub fn mail_server(&self) -> Result<Option<Server>, InvalidSetting> {
        let invalid = |name, why: String| InvalidSetting { name, why: format!("{name}: {why}") };
        let credentials = match (&self.mail_user, &self.mail_password) {
            (Some(user), Some(password)) => Some((user.clone(), password.clone())),
            (None, None) => None,
            (Some(_), None) => return Err(invalid("mail_user", "mail_password is not set".to_owned())),
            (None, Some(_)) => return Err(invalid("mail_password", "mail_user is not set".to_owned())),
        };
        if self.mail == MAIL_AS_FILES {
            return match credentials {
                Some(_) => Err(invalid("mail_user", "mail names no mail server to sign in to".to_owned())),
                None => Ok(None),
            };
        }
        let server = Server::parse(&self.mail)
            .map_err(|why| invalid("mail", format!("{why}; or {MAIL_AS_FILES:?}, to keep mail as files")))?;
        let Some((user, password)) = credentials else { return Ok(Some(server)) };
        server.with_credentials(user, password).map(Some).map_err(|why| invalid("mail_user", why))
    }

    /// Whom mail is from.
    pub fn mail_sender(&self) -> Result<Sender, InvalidSetting> {
        Sender::new(self.mail_from.as_deref(), &self.public_url()).map_err(|_| InvalidSetting {
            name: "mail_from",
            why: "mail_from: use an address, or a name with one: News <post@news.example>".to_owned(),
        })
    }
}
