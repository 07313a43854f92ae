//! What an operator can set: a TOML file, over it the environment (`BYLINE_<NAME>`), over it the command line.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use db::DatabaseUrl;
use kernel::Locale;
use serde::{Deserialize, Serialize};
use services::Options;
use settings::Stored;

use crate::failures;

/// Every setting has a default that runs.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Public address of the site, without a slash at its end. Default: `http://` and `listen`.
    pub url: Option<String>,
    /// Folder of everything the site keeps: database, pictures, index.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://user:password@host:port/database`. Default: `byline.db` in `data`.
    pub database: Option<String>,
    /// The site's name and what stands under it. What is set here cannot be changed while the site runs; what is not, can.
    pub name: Option<String>,
    pub tagline: Option<String>,
    /// Rights or registration, shown at the foot.
    pub licence: Option<String>,
    /// Where readers write to, shown on the contact page.
    pub contact: Option<String>,
    /// Language of visitors who ask for none that the site speaks: `zh-CN` or `en`.
    pub locale: Option<Locale>,
    /// IANA time zone in which times are shown.
    pub zone: Option<String>,
    /// Whether a reviewer sees articles of authors who are not trusted before readers do.
    pub review: bool,
    /// Whether a reviewer sees every comment before readers do (先审后发).
    pub review_comments: bool,
    /// Take client addresses from `X-Forwarded-For`: only behind a proxy that sets it.
    pub behind_proxy: bool,
    /// Days that events of the journal are kept, and longer while a consumer has not applied them; 0 keeps them for ever.
    pub journal_days: u32,
    /// Memory for finished pages, in MiB; 0 turns the page cache off.
    pub page_cache: u64,
    /// Folder with files that replace the default theme's, one by one.
    pub theme: Option<PathBuf>,
    /// File in MaxMind's format that tells regions of addresses (IP属地).
    pub geo_database: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            url: None,
            data: PathBuf::from("data"),
            database: None,
            name: None,
            tagline: None,
            licence: None,
            contact: None,
            locale: None,
            zone: None,
            review: true,
            review_comments: false,
            behind_proxy: false,
            journal_days: 30,
            page_cache: 48,
            theme: None,
            geo_database: None,
        }
    }
}

/// The file that is read where none is named and it exists.
const FILE: &str = "byline.toml";

impl Config {
    /// Reads `file` (or `byline.toml`, if it is there), then the environment.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let path = file.unwrap_or(Path::new(FILE));
        let text = match std::fs::read_to_string(path) {
            Err(error) if file.is_none() && error.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(|error| failures::unreadable(path, &error))?,
        };
        Self::read(path, &text, std::env::vars())
    }

    /// What is wrong is said with the line or the variable that it stands in.
    fn read(path: &Path, text: &str, variables: impl IntoIterator<Item = (String, String)>) -> Result<Self> {
        let line = |before: &str| format!("{}, line {}", path.display(), before.matches('\n').count() + 1);
        let in_file = |error: &toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            failures::setting(&line(before), error.message())
        };
        toml::from_str::<Self>(text).map_err(|error| in_file(&error))?;
        let mut table: toml::Table = toml::from_str(text).map_err(|error| in_file(&error))?;
        let defaults = toml::Table::try_from(Self::default())?;
        let mut set = Vec::new();
        for (name, value) in variables {
            let Some(key) = name.strip_prefix("BYLINE_").map(str::to_lowercase) else { continue };
            if !NOT_SETTINGS.contains(&key.as_str()) {
                let value = typed(&value, defaults.get(&key)).and_then(|value| {
                    toml::Table::from_iter([(key.clone(), value.clone())]).try_into::<Self>()?;
                    Ok(value)
                });
                table.insert(key, value.map_err(|error| failures::setting(&name, &error.to_string()))?);
                set.push(name);
            }
        }
        let config: Self = table.try_into()?;
        config.check().map_err(|InvalidSetting { name, why }| {
            let variable = format!("BYLINE_{}", name.to_uppercase());
            let stands = |line: &&str| line.split('=').next().is_some_and(|before| before.trim() == name);
            let before = text.lines().take_while(|line| !stands(line)).count();
            let at = if set.contains(&variable) { variable } else { line(&"\n".repeat(before)) };
            failures::setting(&at, &why)
        })?;
        Ok(config)
    }

    fn check(&self) -> Result<(), InvalidSetting> {
        let wrong = |name, why: String| Err(InvalidSetting { name, why: format!("{name}: {why}") });
        if let Some(url) = &self.url
            && (!(url.starts_with("https://") || url.starts_with("http://")) || url.ends_with('/'))
        {
            return wrong(
                "url",
                format!("{url} must begin with http:// or https:// and not end with a slash"),
            );
        }
        if let Some(zone) = &self.zone
            && jiff::tz::TimeZone::get(zone).is_err()
        {
            return wrong("zone", format!("{zone} is no IANA time zone, such as Asia/Shanghai"));
        }
        match self.database_url() {
            Ok(_) => Ok(()),
            Err(error) => Err(InvalidSetting { name: "database", why: error.to_string() }),
        }
    }

    pub fn database_url(&self) -> Result<DatabaseUrl> {
        match &self.database {
            Some(url) => {
                url.parse().map_err(|_| anyhow::anyhow!("database: use sqlite:PATH or postgres://…"))
            }
            None => Ok(DatabaseUrl::Sqlite(self.data.join("byline.db"))),
        }
    }

    /// What the configuration says of the site's identity.
    pub fn fixed(&self) -> Stored {
        Stored {
            name: self.name.clone(),
            tagline: self.tagline.clone(),
            locale: self.locale,
            zone: self.zone.clone(),
        }
    }

    /// What the services are told.
    pub fn options(&self) -> Options {
        Options {
            url: self.public_url(),
            identity: self.fixed(),
            review: self.review,
            review_comments: self.review_comments,
            image_worker: None,
        }
    }

    pub fn public_url(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}

/// A setting that can be read and cannot work.
struct InvalidSetting {
    name: &'static str,
    why: String,
}

/// Environment variables of ours that are no settings.
const NOT_SETTINGS: [&str; 3] = ["test_postgres", "log", "config"];

/// A variable's text as what the setting's default is; those without a default are texts.
fn typed(value: &str, default: Option<&toml::Value>) -> Result<toml::Value> {
    Ok(match default {
        Some(toml::Value::Boolean(_)) => value.parse::<bool>()?.into(),
        Some(toml::Value::Integer(_)) => value.parse::<i64>()?.into(),
        _ => value.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_default_and_a_mistake_is_named() {
        let read = |text: &str, variables: &[(&str, &str)]| {
            let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Config::read(Path::new("/etc/byline.toml"), text, variables).map_err(|error| error.to_string())
        };
        assert!(read("", &[("BYLINE_LOG", "info"), ("BYLINE_PAGE_CACHE", "9"), ("HOME", "/")]).is_ok());
        let file = "/etc/byline.toml, line";
        for (text, variables, at, why) in [
            ("name = \"a\"\nlisen = 1", &[][..], "2", "unknown field `lisen`"),
            ("\n\nname = a", &[], "3", ""),
            ("review = \"no\"", &[], "1", "expected a boolean"),
            ("name = \"a\"\nurl = \"https://a.example/\"", &[], "2", "url: https://a.example/ must"),
            ("zone = \"Mars\"", &[], "1", "zone: Mars"),
            ("\ndatabase = \"mysql://a\"", &[], "2", "database: use sqlite:"),
            ("url = \"http://a\"", &[("BYLINE_URL", "a.example")], "BYLINE_URL", "url: a.example must"),
            ("", &[("BYLINE_LISEN", "1")], "BYLINE_LISEN", "unknown field `lisen`"),
            ("", &[("BYLINE_REVIEW", "perhaps")], "BYLINE_REVIEW", "true"),
            ("", &[("BYLINE_LISTEN", "here")], "BYLINE_LISTEN", "invalid socket address"),
        ] {
            let at = if at.len() == 1 { format!("{file} {at}: ") } else { format!("{at}: ") };
            let said = read(text, variables).err().unwrap_or_default();
            let whole =
                said.starts_with(&at) && said.contains(why) && said.contains("every setting has a default");
            assert!(whole && !said.contains('\n'), "{text} {variables:?}: {said}");
        }
    }

    #[test]
    fn the_environment_is_read_as_what_a_setting_is() {
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        let read = |key: &str, value: &str| typed(value, defaults.get(key));
        assert_eq!(read("name", "163").unwrap(), "163".into());
        assert_eq!(read("page_cache", "163").unwrap(), 163.into());
        assert_eq!(read("review", "false").unwrap(), false.into());
        assert_eq!(read("licence", "true").unwrap(), "true".into());
        assert!(read("review", "perhaps").is_err());
    }
}
