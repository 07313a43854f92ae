//! Why a site cannot be opened, in one line: what was tried, where, why it failed, and what helps.

use std::error::Error as _;
use std::fmt::Display;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::anyhow;
use db::Place;
use kernel::Error;

/// Where a database is, without what is secret about it.
pub fn place(place: &Place) -> String {
    match place {
        Place::Sqlite(path) => format!("the database {}", path.display()),
        Place::Postgres(url) => match url::Url::parse(url) {
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

pub fn database(at: &Place, error: &Error) -> anyhow::Error {
    let why = cause(error);
    let told = why.to_lowercase();
    let remedy = match at {
        Place::Sqlite(_) if told.contains("not a database") => {
            "the file is something else: name another with `database`, or put a backup in its place"
        }
        Place::Sqlite(_) if told.contains("full") => "make room on its disk",
        Place::Sqlite(_) => "see that its folder exists and that this user may write there",
        Place::Postgres(_) if told.contains("password") || told.contains("role") => {
            "see that user and password in `database` are right"
        }
        Place::Postgres(_) if told.contains("does not exist") => {
            "create it first: createdb, as a user who may"
        }
        Place::Postgres(_) if told.contains("tls") || told.contains("ssl") => {
            "see whether the server speaks TLS: add ?sslmode=disable or ?sslmode=require to `database`"
        }
        Place::Postgres(_) => "see that it runs and that host and port in `database` are right",
    };
    anyhow!("cannot open {}: {why}; {remedy}", place(at))
}

pub fn folder(path: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow!(
        "cannot use the data folder {}: {error}; see that this user may write there, or name another with --data",
        path.display()
    )
}

pub fn index(path: &Path, error: &Error) -> anyhow::Error {
    match error {
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

/// The innermost error: the outer ones say that there is one. On one line.
fn cause(error: &Error) -> String {
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
        let at = Place::Postgres("postgres://byline:hunter2@db.example:5433/news?sslmode=require".into());
        let error = Error::internal("password authentication failed for user \"byline\"");
        let text = database(&at, &error).to_string();
        assert!(
            text.contains("db.example:5433, database news") && text.contains("user and password"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
    }

    #[test]
    fn failures_are_one_line_with_place_and_remedy() {
        let io = |kind: ErrorKind| std::io::Error::from(kind);
        let path = Path::new("/srv/news");
        let address = SocketAddr::from(([127, 0, 0, 1], 80));
        for (error, place, remedy) in [
            (folder(path, &io(ErrorKind::PermissionDenied)), "/srv/news", "--data"),
            (index(&path.join("index"), &Error::Unavailable("x".into())), "/srv/news", "stop that one"),
            (listening(address, &io(ErrorKind::AddrInUse)), "127.0.0.1:80", "`listen`"),
            (
                database(&Place::Sqlite(path.join("a.db")), &Error::internal("no\nroom")),
                "a.db: no room;",
                "write",
            ),
        ] {
            let text = error.to_string();
            assert!(text.contains(place) && text.contains(remedy) && !text.contains('\n'), "{text}");
        }
    }
}
