//! The only SQL that names the table of settings.

use db::{Conn, FromQueryResult, Tx, args};
use kernel::{Locale, Result, Time};

use crate::model::{Identity, Stored};

const NAME: &str = "site.name";
const TAGLINE: &str = "site.tagline";
const LOCALE: &str = "site.locale";
const ZONE: &str = "site.zone";

#[derive(FromQueryResult)]
struct Row {
    name: String,
    value: String,
}

/// A value that cannot be read counts as not set, so that a site never stops for it.
pub async fn stored(on: &impl Conn) -> Result<Stored> {
    let rows: Vec<Row> = on.all("SELECT name, value FROM settings WHERE name LIKE 'site.%'", vec![]).await?;
    let mut stored = Stored::default();
    for Row { name, value } in rows {
        match name.as_str() {
            NAME => stored.name = Some(value),
            TAGLINE => stored.tagline = Some(value),
            LOCALE => stored.locale = Locale::of(&value),
            ZONE => stored.zone = Some(value).filter(|zone| jiff::tz::TimeZone::get(zone).is_ok()),
            _ => {}
        }
    }
    Ok(stored)
}

pub async fn set(tx: &Tx, identity: &Identity, now: Time) -> Result<()> {
    let sql = "INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at";
    let Identity { name, tagline, locale, zone } = identity;
    for (key, value) in [(NAME, name.as_str()), (TAGLINE, tagline), (LOCALE, locale.tag()), (ZONE, zone)] {
        tx.exec(sql, args![key, value, now]).await?;
    }
    Ok(())
}
