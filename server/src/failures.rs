//! Why a command failed, in one line: what was tried, where, why it failed, and what helps.

use std::error::Error as _;
use std::fmt::Display;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::anyhow;
use db::DatabaseUrl;
use kernel::{Error, Locale};
use web::render::Messages;

/// What a command that failed says, on one line: what was tried, then why. Codes are said in the words that the pages have for them; the
/// command line speaks English, as its help does.
pub fn in_words(error: &anyhow::Error) -> String {
    let mut said = Vec::new();
    for link in error.chain() {
        let Some(error) = link.downcast_ref::<Error>() else {
            said.push(one_line(link));
            continue;
        };
        let words = Messages::embedded().ok().and_then(|messages| said_by_the_pages(error, &messages));
        said.push(words.unwrap_or_else(|| cause(error)));
        break;
    }
    said.join(": ")
}

fn said_by_the_pages(error: &Error, messages: &Messages) -> Option<String> {
    let say = |key: String, limit: Option<i64>| {
        let limit: Vec<_> = limit.iter().map(|&limit| ("limit", limit)).collect();
        messages.say(Locale::En, &key, &limit)
    };
    match error {
        Error::Invalid(errors) => {
            let said = errors.0.iter().map(|errors| {
                let words = say(format!("error-{}", errors.code), errors.limit);
                if errors.field.is_empty() { words } else { format!("{}: {words}", errors.field) }
            });
            Some(said.collect::<Vec<_>>().join(" "))
        }
        Error::Conflict(code) => Some(say(format!("conflict-{code}"), None)),
        Error::Quota(quota) => Some(say(format!("error-{}", quota.code), Some(quota.limit))),
        _ => None,
    }
}

/// Names the site's database where a fault says nothing of where it arose.
pub fn working_on(at: &DatabaseUrl, error: anyhow::Error) -> anyhow::Error {
    let is_fault = |error: &Error| matches!(error, Error::Internal(_) | Error::Unavailable(_));
    if error.chain().any(|link| link.downcast_ref().is_some_and(is_fault)) {
        let why = in_words(&error);
        anyhow!("cannot work on {}: {why}; {}", database_name(at), remedy(at, &why))
    } else {
        error
    }
}

/// Where a database is, without what is secret about it.
pub fn database_name(place: &DatabaseUrl) -> String {
    match place {
        DatabaseUrl::Sqlite(path) => format!("the database {}", path.display()),
        DatabaseUrl::Postgres(url) => match url::Url::parse(url) {
            Ok(url) => format!(
                "PostgreSQL at {}:{}, database {}",
                url.host_str().unwrap_or("localhost"),
                url.port().unwrap_or(5432),
                url.path().trim_start_matches('/'),
            ),
            Err(_) => "PostgreSQL (its address cannot be read)".to_owned(),
        },
    }
}

pub fn database(at: &DatabaseUrl, error: &Error) -> anyhow::Error {
    let why = cause(error);
    anyhow!("cannot open {}: {why}; {}", database_name(at), remedy(at, &why))
}

fn remedy(at: &DatabaseUrl, why: &str) -> &'static str {
    let message = why.to_lowercase();
    match at {
        _ if message.contains("disk is full") => ROOM,
        DatabaseUrl::Sqlite(_) if message.contains("not a database") => {
            "the file is something else: name another with `database`, or put a backup in its place"
        }
        DatabaseUrl::Sqlite(_) => "see that its folder exists and that this user may write there",
        DatabaseUrl::Postgres(_) if message.contains("password") || message.contains("role") => {
            "see that user and password in `database` are right"
        }
        DatabaseUrl::Postgres(_) if message.contains("does not exist") => {
            "create it first: createdb, as a user who may"
        }
        DatabaseUrl::Postgres(_) if message.contains("tls") || message.contains("ssl") => {
            "see whether the server speaks TLS: add ?sslmode=disable or ?sslmode=require to `database`"
        }
        DatabaseUrl::Postgres(_) => "see that it runs and that host and port in `database` are right",
    }
}

/// Why the tables of a database that was opened are not brought up to date. That is one transaction.
pub fn tables(at: &DatabaseUrl, error: &Error) -> anyhow::Error {
    let why = cause(error);
    let message = why.to_lowercase();
    let remedy = if error.is_storage_full() {
        ROOM
    } else if message.contains("newer version") {
        "run that version, or put a backup from before it in its place"
    } else if message.contains("permission") || message.contains("readonly") {
        "see that this user may write there and make tables"
    } else {
        "nothing was changed, and the version that ran before still runs"
    };
    anyhow!("cannot bring the tables of {} up to date: {why}; {remedy}", database_name(at))
}

/// The folder of the site's data, or one in it.
pub fn folder(path: &Path, error: impl Into<Error>) -> anyhow::Error {
    let error = error.into();
    let remedy = if error.is_storage_full() {
        ROOM
    } else {
        "see that this user may write there, or name another data folder with --data"
    };
    anyhow!("cannot use the folder {}: {}; {remedy}", path.display(), cause(&error))
}

/// The folder is one of another site than the database.
pub fn other_site(folder: &Path, at: &DatabaseUrl) -> anyhow::Error {
    anyhow!(
        "the folder {} belongs to another site than {}: name another with --data, or the right one with `database`; \
         a site that moves to another database takes its folder along without the file site-id and the folder index",
        folder.display(),
        database_name(at)
    )
}

/// Where pictures are kept.
pub fn pictures(store: &str, error: &Error) -> anyhow::Error {
    anyhow!(
        "cannot use {store} for pictures: {}; see that `s3_endpoint`, the bucket's name, the key and its rights are right",
        cause(error)
    )
}

/// Where mail goes.
pub fn mail(server: &str, error: &Error) -> anyhow::Error {
    let why = if let Error::Unavailable(why) = error { why.to_string() } else { cause(error) };
    anyhow!("cannot send mail by {server}: {why}; see that `mail`, `mail_user` and `mail_password` are right")
}

/// What is wrong with a setting that stands at `at`: a line of the file, or a variable of the environment.
pub fn setting(at: &str, why: &str) -> anyhow::Error {
    anyhow!(
        "{at}: {}; correct it or take it out, every setting has a default",
        one_line(why.trim_end_matches('.'))
    )
}

pub fn unreadable(file: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow!(
        "cannot read {}: {error}; see that it is there and that this user may read it, or name another with --config",
        file.display()
    )
}

pub fn theme(folder: Option<&Path>, error: &Error) -> anyhow::Error {
    let folder = folder.map_or_else(|| "Byline itself".into(), Path::to_string_lossy);
    anyhow!(
        "cannot use the theme in {folder}: {}; correct it, or take `theme` out of the configuration",
        cause(error)
    )
}

pub fn index(path: &Path, error: &Error) -> anyhow::Error {
    match error {
        error if error.is_storage_full() => folder(path, Error::storage_full()),
        Error::Unavailable(_) => anyhow!(
            "another byline works on {}: stop that one first, or name another folder with --data",
            path.parent().unwrap_or(path).display()
        ),
        error => anyhow!(
            "cannot open the search index in {}: {}; when the folder is removed, it is made anew",
            path.display(),
            cause(error)
        ),
    }
}

pub fn listening(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    let remedy = match error.kind() {
        ErrorKind::AddrInUse => {
            "another program listens there: stop it, or choose another port with `listen`"
        }
        ErrorKind::PermissionDenied => {
            "ports below 1024 are for root: choose another with `listen`, behind a proxy"
        }
        ErrorKind::AddrNotAvailable => "this machine has no such address: choose another with `listen`",
        _ => "choose another address with `listen`",
    };
    anyhow!("cannot listen on {address}: {error}; {remedy}")
}

const FULL: &str = "the disk is full";
/// What helps then.
const ROOM: &str = "make room on it";

/// The innermost error: the outer ones say that there is one. On one line.
pub fn cause(error: &Error) -> String {
    if error.is_storage_full() {
        return FULL.to_owned();
    }
    let mut text = one_line(error);
    let mut inner = error.source();
    while let Some(error) = inner {
        text = one_line(error);
        inner = error.source();
    }
    text
}

fn one_line(text: &(impl Display + ?Sized)) -> String {
    text.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a terminal or a log gets never holds the password.
    #[test]
    fn a_database_is_named_without_its_password() {
        let at =
            DatabaseUrl::Postgres("postgres://byline:hunter2@db.example:5433/news?sslmode=require".into());
        let error = Error::internal("password authentication failed for user \"byline\"");
        let text = database(&at, &error).to_string();
        assert!(
            text.contains("db.example:5433, database news") && text.contains("user and password"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn a_code_is_said_in_words() {
        let short = kernel::Invalid(vec![kernel::FieldError {
            field: "password",
            at: None,
            code: "password-short",
            limit: Some(10),
        }]);
        for (error, words) in [
            (Error::Invalid(short), "password: At least 10 characters."),
            (Error::Conflict("operator-last"), "This is the last operator. Make somebody else one first."),
        ] {
            assert_eq!(in_words(&anyhow::Error::from(error)), words);
        }
        assert_eq!(in_words(&anyhow!("inner\n  of two lines").context("outer")), "outer: inner of two lines");
        let full = anyhow::Error::from(Error::storage_full()).context("cannot keep a picture");
        assert_eq!(in_words(&full), "cannot keep a picture: the disk is full");
        let fault = Error::internal(std::io::Error::from(ErrorKind::PermissionDenied));
        assert_eq!(in_words(&anyhow::Error::from(fault).context("outer")), "outer: permission denied");
    }

    #[test]
    fn a_fault_without_a_place_gets_one() {
        let at = DatabaseUrl::Sqlite("/srv/news/a.db".into());
        let text = working_on(&at, Error::storage_full().into()).to_string();
        assert_eq!(text, "cannot work on the database /srv/news/a.db: the disk is full; make room on it");
        let text = working_on(&at, anyhow::Error::from(Error::internal("odd")).context("cannot count"));
        assert!(text.to_string().contains("a.db: cannot count: odd; see"), "{text}");
        for error in [anyhow!("no user ann"), Error::Conflict("operator-last").into()] {
            let before = in_words(&error);
            assert_eq!(in_words(&working_on(&at, error)), before);
        }
    }

    #[test]
    fn failures_are_one_line_with_place_and_remedy() {
        let io = |kind: ErrorKind| std::io::Error::from(kind);
        let path = Path::new("/srv/news");
        let address = SocketAddr::from(([127, 0, 0, 1], 80));
        for (error, place, remedy) in [
            (folder(path, io(ErrorKind::PermissionDenied)), "/srv/news", "--data"),
            (
                folder(&path.join("media"), io(ErrorKind::StorageFull)),
                "/srv/news/media: the disk is full",
                "make room",
            ),
            (other_site(path, &DatabaseUrl::Sqlite(path.join("a.db"))), "/srv/news belongs", "--data"),
            (index(&path.join("index"), &Error::storage_full()), "/srv/news/index", "make room"),
            (
                tables(&DatabaseUrl::Sqlite(path.join("a.db")), &Error::storage_full()),
                "tables of the database /srv/news/a.db",
                "room",
            ),
            (
                tables(&DatabaseUrl::Sqlite(path.join("a.db")), &Error::internal("odd")),
                "a.db up to date: odd",
                "before",
            ),
            (setting("byline.toml, line 3", "no\nkey."), "byline.toml, line 3: no key;", "default"),
            (unreadable(path, &io(ErrorKind::NotFound)), "/srv/news", "--config"),
            (theme(Some(path), &Error::internal("odd")), "/srv/news: odd", "`theme`"),
            (index(&path.join("index"), &Error::Unavailable("x".into())), "/srv/news", "stop that one"),
            (listening(address, &io(ErrorKind::AddrInUse)), "127.0.0.1:80", "`listen`"),
            (
                database(&DatabaseUrl::Sqlite(path.join("a.db")), &Error::internal("no\nroom")),
                "a.db: no room;",
                "write",
            ),
        ] {
            let text = error.to_string();
            assert!(text.contains(place) && text.contains(remedy) && !text.contains('\n'), "{text}");
        }
    }
}
