//! What an operator can set: a TOML file, over it the environment (`BYLINE_<NAME>`), over it the command line.

mod mail;
mod oidc;
mod provider;
mod reference;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Result;
use blob::BucketOptions;
use db::DatabaseUrl;
use documented::DocumentedFields;
use kernel::Locale;
use serde::{Deserialize, Serialize};
use services::Options;
use settings::{Fixed, Setting, Value, site};

use self::provider::ProviderConfig;
pub use self::reference::{bounds, reference};
use crate::failures;

/// Every setting has a default that runs. What stands above a field is what `byline config reference` says of it.
#[derive(Clone, Deserialize, Serialize, DocumentedFields)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on. HTTP/1.1, without TLS: that is the proxy's.
    pub listen: SocketAddr,
    /// The public address, with `http://` or `https://` and without a slash at its end. Feeds, sitemaps, canonical links, QR codes and the API
    /// name it. With `https://`, cookies are `Secure`. Default: `http://` and `listen`.
    pub url: Option<String>,
    /// Folder of all that this node keeps: pictures where they are in no bucket, the text index, and on SQLite the database. Made if missing.
    pub data: PathBuf,
    /// `sqlite:PATH`, or `postgres://user:password@host:port/database`. Default: `byline.db` in `data`.
    pub database: Option<String>,
    /// File whose first line is the setting `database`, so that its password stands in no file that others read. Not both.
    pub database_file: Option<PathBuf>,
    /// `s3://BUCKET` or `s3://BUCKET/PREFIX`: pictures are in a bucket of an S3 server, which several nodes share. Default: the folder `media`
    /// in `data`.
    pub pictures: Option<String>,
    /// Address of the S3 server, with `http://` or `https://`. Buckets are asked for by path (`https://server/BUCKET/…`).
    pub s3_endpoint: Option<String>,
    /// Its region; Garage's is `garage` where nothing else is set.
    pub s3_region: String,
    /// A key that may read, write, list and delete in the bucket.
    pub s3_access_key: Option<String>,
    /// Its secret.
    pub s3_secret_key: Option<String>,
    /// File whose first line is the secret. Not both.
    pub s3_secret_key_file: Option<PathBuf>,
    /// Where mail goes. `file`: whole messages are kept in the folder `mail` in `data` and shown at `/admin/mail`, for a site that is tried out.
    /// `smtps://HOST`, with `:PORT` where it is another than 465: a mail server, by TLS. `smtp://HOST`, port 587: the same by STARTTLS, which is
    /// not asked for on this machine, or where `?tls=none` is added.
    pub mail: String,
    /// Whom mail is from: an address that the mail server lets us use, or a name with one, as in `News <post@news.example>`. Default: `noreply`
    /// at the host of `url`, with the site's name.
    pub mail_from: Option<String>,
    /// Signs in to the mail server.
    pub mail_user: Option<String>,
    /// Its password.
    pub mail_password: Option<String>,
    /// File whose first line is the password. Not both.
    pub mail_password_file: Option<PathBuf>,
    /// Push services of browsers that may be asked though they are not on the internet, for tests and intranets: names and addresses, with a port
    /// or without, and networks (`10.1.0.0/16`); commas between them in the variable. Readers name these services, so anybody who is signed in can
    /// have something sent to what is allowed here.
    pub push_allow: Vec<String>,
    /// The site's name. This setting and those up to `review_comments` are for sites that keep them with their configuration: what is set here
    /// goes first, and cannot be changed while the site runs. Where it is not, it is set at `/admin/settings` or by `byline settings`
    /// (name, tagline, language and zone are asked for on the first visit). Default: `Byline`.
    pub name: Option<String>,
    /// What stands under it, and describes the site to search engines.
    pub tagline: Option<String>,
    /// A line at the foot: rights, registration number.
    pub licence: Option<String>,
    /// E-mail address that readers write to; shown on the pages about, rules and contact.
    pub contact: Option<String>,
    /// The site's own language, `zh-CN` or `en`: of feeds, and of visitors whose browser asks for none that the site speaks. Default: `zh-CN`.
    pub locale: Option<Locale>,
    /// IANA time zone in which times are shown, and in which authors schedule. Default: `Asia/Shanghai`.
    pub zone: Option<String>,
    /// Whether a reviewer sees what authors submit before readers do, `true` or `false`. Authors whom an operator marks as trusted
    /// (`/admin/authors`) publish at once either way. Default: `true`.
    pub review: Option<bool>,
    /// Whether a reviewer sees every comment before readers do (先审后发), `true` or `false`. Comments with more than two links wait either way.
    /// Default: `false`.
    pub review_comments: Option<bool>,
    /// Take a client's address from `X-Forwarded-For` (the last entry of its last line), and the trace of a request from `traceparent`. Only
    /// behind a proxy that sets them: otherwise anybody may claim any address, and limits by address mean nothing.
    pub behind_proxy: bool,
    /// Days that events of the journal are kept, and longer while a consumer (`byline events consumers`) has not applied them; 0 keeps them for
    /// ever. A search index that comes back from further behind is made anew from the articles.
    pub journal_days: u32,
    /// Milliseconds from which on a request is written to the log (`a request was slow`) though all is well; 0 writes none. Pages out of the
    /// page cache are not timed.
    pub slow_request_ms: u64,
    /// Address of an OpenTelemetry collector (OTLP over HTTP), as in `http://127.0.0.1:4318`: spans of requests go there, down to the statements
    /// of SQL. Metrics are at `/metrics`, for Prometheus. `OTEL_TRACES_SAMPLER` and its like are heeded.
    pub otlp_endpoint: Option<String>,
    /// Memory for finished pages, in MiB; 0 turns the page cache off.
    pub page_cache: u64,
    /// Folder whose files stand in the place of the default theme's, one by one. Read at start; `byline theme check FOLDER` tells whether it
    /// can be.
    pub theme: Option<PathBuf>,
    /// File in MaxMind's format (`.mmdb`: GeoLite2-City, GeoIP2 or another with the same fields) that tells the region of an address. With it,
    /// comments and articles say where they were written (IP属地): in China the province, elsewhere the country. The region is kept, the address
    /// is not. Without it nothing is shown. Read at start: after a new file, restart. A file that is broken stops the start with one line.
    pub geo_database: Option<PathBuf>,
    /// Servers of others that may be asked though they are not public: an intranet's, or a test's. A list of `host`, `host:port`, addresses and
    /// networks (`["id.intranet.example", "10.1.0.0/16"]`; commas between them in the variable). Only those who sign in elsewhere (`oidc`) reach
    /// them; nothing that readers or authors name is asked there.
    pub outbound_allow: Vec<String>,
    /// Providers of OpenID Connect by which people sign in, each a table `[[oidc]]` at the end of the file: `id` (in addresses, such as `work`),
    /// `label` (on the button), `issuer` (as the provider writes it, to the last slash), `client_id`, `client_secret` or `client_secret_file`, and
    /// `scopes` (default: `openid`, `profile`, `email`). Register `<url>/login/oidc/<id>/callback` there. Not in the environment. See
    /// docs/operating/sign-in.md.
    pub oidc: Vec<ProviderConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            url: None,
            data: PathBuf::from("data"),
            database: None,
            database_file: None,
            pictures: None,
            s3_endpoint: None,
            s3_region: "us-east-1".to_owned(),
            s3_access_key: None,
            s3_secret_key: None,
            s3_secret_key_file: None,
            mail: MAIL_AS_FILES.to_owned(),
            mail_from: None,
            mail_user: None,
            mail_password: None,
            mail_password_file: None,
            push_allow: Vec::new(),
            name: None,
            tagline: None,
            licence: None,
            contact: None,
            locale: None,
            zone: None,
            review: None,
            review_comments: None,
            behind_proxy: false,
            journal_days: 30,
            slow_request_ms: 1_000,
            otlp_endpoint: None,
            page_cache: 48,
            theme: None,
            geo_database: None,
            outbound_allow: Vec::new(),
            oidc: Vec::new(),
        }
    }
}

/// The file that is read where none is named and it exists.
const FILE: &str = "byline.toml";
/// What `mail` is where mail goes into a folder.
const MAIL_AS_FILES: &str = "file";

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
                let value = typed(&value, &key, defaults.get(&key)).and_then(|value| {
                    toml::Table::from_iter([(key.clone(), value.clone())]).try_into::<Self>()?;
                    Ok(value)
                });
                table.insert(key, value.map_err(|error| failures::setting(&name, &error.to_string()))?);
                set.push(name);
            }
        }
        let mut config: Self = table.try_into()?;
        config.read_secrets().and_then(|()| config.check()).map_err(|InvalidSetting { name, why }| {
            let variable = format!("BYLINE_{}", name.to_uppercase());
            let table = format!("[[{name}]]");
            let stands = |line: &&str| {
                line.split('=').next().is_some_and(|before| before.trim() == name) || line.trim() == table
            };
            let before = text.lines().take_while(|line| !stands(line)).count();
            let at = if set.contains(&variable) { variable } else { line(&"\n".repeat(before)) };
            failures::setting(&at, &why)
        })?;
        Ok(config)
    }

    /// Takes in what stands in files of its own.
    fn read_secrets(&mut self) -> Result<(), InvalidSetting> {
        let secrets = [
            ("database_file", &self.database_file, &mut self.database),
            ("s3_secret_key_file", &self.s3_secret_key_file, &mut self.s3_secret_key),
            ("mail_password_file", &self.mail_password_file, &mut self.mail_password),
        ];
        for (name, file, setting) in secrets {
            let Some(file) = file else { continue };
            if setting.replace(first_line(name, file)?).is_some() {
                let why = format!("{name}: the same is set without a file; leave one of them out");
                return Err(InvalidSetting { name, why });
            }
        }
        self.read_provider_secrets()
    }

    /// The bucket in which pictures are; nothing where they are in a folder.
    pub fn bucket(&self) -> Result<Option<BucketOptions>, InvalidSetting> {
        let Some(pictures) = &self.pictures else { return Ok(None) };
        let invalid = |name, why: &str| InvalidSetting { name, why: format!("{name}: {why}") };
        let named = pictures.strip_prefix("s3://").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        let Some((bucket, prefix)) = named.filter(|(bucket, _)| !bucket.is_empty()) else {
            return Err(invalid(
                "pictures",
                "use s3://BUCKET or s3://BUCKET/PREFIX, or leave it out for a folder in data",
            ));
        };
        let missing = |name| invalid("pictures", &format!("a bucket needs {name}, which is not set"));
        let endpoint = self.s3_endpoint.clone().ok_or_else(|| missing("s3_endpoint"))?;
        if !(endpoint.starts_with("https://") || endpoint.starts_with("http://")) {
            return Err(invalid("s3_endpoint", "must begin with http:// or https://"));
        }
        Ok(Some(BucketOptions {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            region: self.s3_region.clone(),
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            access_key: self.s3_access_key.clone().ok_or_else(|| missing("s3_access_key"))?,
            secret_key: self.s3_secret_key.clone().ok_or_else(|| missing("s3_secret_key"))?,
        }))
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
        self.fixed()?;
        self.bucket()?;
        self.mail_server()?;
        self.mail_sender()?;
        self.providers()?;
        let allow = self.push_allow.clone();
        if let Err(error) = outbound::Client::new(outbound::Options { allow, ..outbound::Options::default() })
        {
            return wrong("push_allow", error.to_string());
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

    /// The settings of the site that are set here, as they would be stored.
    fn fixed(&self) -> Result<Fixed, InvalidSetting> {
        fn text<T: Value>(
            fixed: &mut Fixed,
            name: &'static str,
            of: &'static Setting<T>,
            value: Option<&str>,
        ) -> Result<(), InvalidSetting> {
            let (Some(value), of) = (value, of.declared()) else { return Ok(()) };
            let value = of.input.tidy(value).map_err(|wrong| InvalidSetting {
                name,
                why: match wrong.limit {
                    Some(limit) => format!("{name}: {value:?} cannot be used ({}, {limit})", wrong.code),
                    None => format!("{name}: {value:?} cannot be used ({})", wrong.code),
                },
            })?;
            fixed.insert(of.name, value);
            Ok(())
        }
        let switch = |on: Option<bool>| on.map(|on| if on { "on" } else { "off" });
        let mut fixed = Fixed::new();
        text(&mut fixed, "name", &site::NAME, self.name.as_deref())?;
        text(&mut fixed, "tagline", &site::TAGLINE, self.tagline.as_deref())?;
        text(&mut fixed, "licence", &site::LICENCE, self.licence.as_deref())?;
        text(&mut fixed, "contact", &site::CONTACT, self.contact.as_deref())?;
        text(&mut fixed, "locale", &site::LOCALE, self.locale.map(Locale::tag))?;
        text(&mut fixed, "zone", &site::ZONE, self.zone.as_deref())?;
        text(&mut fixed, "review", &articles::settings::REVIEW, switch(self.review))?;
        text(&mut fixed, "review_comments", &comments::settings::REVIEW, switch(self.review_comments))?;
        Ok(fixed)
    }

    /// What the services are told.
    pub fn options(&self) -> Result<Options, InvalidSetting> {
        Ok(Options {
            url: self.public_url(),
            fixed: self.fixed()?,
            providers: self.providers()?,
            push_allow: self.push_allow.clone(),
            image_worker: None,
        })
    }

    pub fn public_url(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}

/// A setting that can be read and cannot work.
#[derive(Debug)]
pub struct InvalidSetting {
    name: &'static str,
    pub why: String,
}

/// What stands in a file of its own, for the setting of that name.
fn first_line(name: &'static str, file: &Path) -> Result<String, InvalidSetting> {
    let invalid = |why: String| InvalidSetting { name, why: format!("{name}: {why}") };
    let text = std::fs::read_to_string(file)
        .map_err(|error| invalid(format!("cannot read {}: {error}", file.display())))?;
    match text.lines().next().unwrap_or_default().trim() {
        "" => Err(invalid(format!("the first line of {} is empty", file.display()))),
        line => Ok(line.to_owned()),
    }
}

/// Environment variables of ours that are no settings.
const NOT_SETTINGS: [&str; 3] = ["test_postgres", "log", "config"];

/// Settings that no variable can hold.
const IN_THE_FILE: [&str; 1] = ["oidc"];

/// Those that are true or false and have no default here.
const SWITCHES: [&str; 2] = ["review", "review_comments"];

/// A variable's text as what the setting's default is; others without a default are texts.
fn typed(value: &str, name: &str, default: Option<&toml::Value>) -> Result<toml::Value> {
    Ok(match default {
        Some(toml::Value::Boolean(_)) => value.parse::<bool>()?.into(),
        None if SWITCHES.contains(&name) => value.parse::<bool>()?.into(),
        Some(toml::Value::Integer(_)) => value.parse::<i64>()?.into(),
        Some(toml::Value::Array(_)) if !IN_THE_FILE.contains(&name) => {
            let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
            toml::Value::Array(parts.map(toml::Value::from).collect())
        }
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
            ("zone = \"Mars\"", &[], "1", "zone: \"Mars\" cannot be used"),
            ("\ncontact = \"nobody\"", &[], "2", "contact: \"nobody\" cannot be used"),
            ("\ndatabase = \"mysql://a\"", &[], "2", "database: use sqlite:"),
            ("url = \"http://a\"", &[("BYLINE_URL", "a.example")], "BYLINE_URL", "url: a.example must"),
            ("pictures = \"/srv\"", &[], "1", "pictures: use s3://BUCKET"),
            ("", &[("BYLINE_PUSH_ALLOW", "push.example,10.0.0.0/99")], "BYLINE_PUSH_ALLOW", "push_allow: "),
            ("pictures = \"s3://a\"", &[], "1", "pictures: a bucket needs s3_endpoint"),
            ("\ns3_secret_key_file = \"/no/such\"", &[], "2", "s3_secret_key_file: cannot read /no/such"),
            ("mail = \"localhost\"", &[], "1", "mail: use smtps://HOST"),
            (
                "\nmail = \"smtp://a:hunter2@b.example?tls=none\"",
                &[],
                "2",
                "mail: a password is not sent in the clear",
            ),
            ("mail_user = \"a\"", &[], "1", "mail_user: mail_password is not set"),
            ("mail_from = \"nobody\"", &[], "1", "mail_from: use an address"),
            ("\noutbound_allow = [\"a b\"]", &[], "2", "outbound_allow: \"a b\" is no host"),
            (
                "name = \"a\"\n[[oidc]]\nid = \"Work\"\nissuer = \"https://a.example\"\nclient_id = \"b\"\nclient_secret = \"hunter2\"",
                &[],
                "2",
                "oidc: Work: an id is of small letters",
            ),
            ("[[oidc]]\nid = \"work\"\nclient_id = \"b\"", &[], "1", "missing field `issuer`"),
            ("", &[("BYLINE_OIDC", "work")], "BYLINE_OIDC", "invalid type"),
            ("", &[("BYLINE_LISEN", "1")], "BYLINE_LISEN", "unknown field `lisen`"),
            ("", &[("BYLINE_REVIEW", "perhaps")], "BYLINE_REVIEW", "true"),
            ("", &[("BYLINE_LISTEN", "here")], "BYLINE_LISTEN", "invalid socket address"),
        ] {
            let at = if at.len() == 1 { format!("{file} {at}: ") } else { format!("{at}: ") };
            let said = read(text, variables).err().unwrap_or_default();
            let whole =
                said.starts_with(&at) && said.contains(why) && said.contains("every setting has a default");
            assert!(
                whole && !said.contains('\n') && !said.contains("hunter2"),
                "{text} {variables:?}: {said}"
            );
        }
    }

    #[test]
    fn the_reference_names_every_setting_and_reads_as_the_defaults() {
        let text = reference().unwrap();
        let set: String = text
            .lines()
            .filter_map(|line| {
                line.strip_prefix('#').filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            })
            .filter(|line| !line.ends_with("= \"\""))
            .map(|line| format!("{line}\n"))
            .collect();
        let table: toml::Table = set.parse().unwrap();
        assert_eq!(table, toml::Table::try_from(Config::default()).unwrap());
        for name in Config::FIELD_NAMES {
            let stands = |line: &str| line.starts_with(&format!("#{name} = "));
            assert_eq!(text.lines().filter(|line| stands(line)).count(), 1, "{name}");
        }
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operating/byline.toml");
        let kept = std::fs::read_to_string(kept).unwrap_or_default();
        assert_eq!(kept, text, "write it anew: byline config reference > docs/operating/byline.toml");
    }

    #[test]
    fn the_environment_is_read_as_what_a_setting_is() {
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        let read = |key: &str, value: &str| typed(value, key, defaults.get(key));
        assert_eq!(read("name", "163").unwrap(), "163".into());
        assert_eq!(read("page_cache", "163").unwrap(), 163.into());
        assert_eq!(read("review", "false").unwrap(), false.into());
        assert_eq!(read("licence", "true").unwrap(), "true".into());
        let allowed: toml::Value = vec!["a.example", "10.0.0.0/8"].into();
        assert_eq!(read("outbound_allow", "a.example, 10.0.0.0/8,").unwrap(), allowed);
        assert!(read("review", "perhaps").is_err());
    }
}
