//! Mail as files: `20240605T100000Z-3yQqvR4Tz1.eml`, whole or not there.

use std::collections::HashMap;
use std::fs::{self, DirBuilder};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kernel::{Error, Result, Time};
use mail_parser::{Message, MessageParser};
use tempfile::Builder;
use tokio::task::spawn_blocking;

use crate::address::Address;
use crate::store::MailId;

/// What is kept: so many of the newest, and none that is older.
const MOST: usize = 1_000;
pub(crate) const KEPT: Duration = Duration::from_hours(24 * 30);
/// What a process was writing when it died goes after this long.
const TORN: Duration = Duration::from_hours(1);
/// Files on their way begin so.
const PREFIX: &str = ".writing-";
const SUFFIX: &str = ".eml";
/// Larger files are none of ours (bytes).
const LARGEST: u64 = 4 << 20;

/// A folder of messages, of this machine. Cheap to clone.
#[derive(Clone)]
pub struct Folder {
    path: Arc<Path>,
}

/// A message of the folder, as a list shows it. No `Debug`: it names somebody.
#[derive(Clone)]
pub struct Kept {
    /// The file's.
    pub name: String,
    pub at: Time,
    pub to: String,
    pub subject: String,
}

/// A whole message of the folder.
#[derive(Clone)]
pub struct KeptMail {
    pub kept: Kept,
    pub from: String,
    pub text: String,
    pub html: Option<String>,
}

impl Folder {
    /// Makes it where it is missing, for nobody else on the machine to read.
    pub fn open(path: PathBuf) -> Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self { path: path.into() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The newest `limit`, newest first.
    pub async fn list(&self, limit: usize) -> Result<Vec<Kept>> {
        let path = self.path.clone();
        spawn_blocking(move || {
            let newest = names(&path)?.into_iter().rev().take(limit);
            // One that was cut out meanwhile, or written by somebody else, is left out.
            Ok(newest.filter_map(|name| read(&path, &name).ok().flatten()).map(|mail| mail.kept).collect())
        })
        .await
        .map_err(Error::internal)?
    }

    /// The message of a file's name.
    pub async fn find(&self, name: &str) -> Result<Option<KeptMail>> {
        if time_of(name).is_none() {
            return Ok(None);
        }
        let (path, name) = (self.path.clone(), name.to_owned());
        spawn_blocking(move || read(&path, &name)).await.map_err(Error::internal)?
    }

    /// Removes what is too old, or too much, and what somebody died over: to be called now and then, as a site that sends little would keep it.
    pub async fn prune(&self, now: Time) -> Result<()> {
        let path = self.path.clone();
        spawn_blocking(move || prune(&path, now)).await.map_err(Error::internal)?
    }

    /// Removes the messages to those whose addresses are hashed so ([`Address::hashed`]), as far as they were made until then: the address may be
    /// somebody's again. How many.
    pub(crate) async fn forget(&self, hashed: HashMap<String, Time>) -> Result<usize> {
        let path = self.path.clone();
        spawn_blocking(move || {
            let mut gone = 0;
            for name in names(&path)? {
                let (Some(made), Some(to)) = (time_of(&name), recipient(&path, &name)?) else { continue };
                if hashed.get(&Address::stored(to).hashed()).is_some_and(|until| made <= *until) {
                    remove(&path.join(name))?;
                    gone += 1;
                }
            }
            Ok(gone)
        })
        .await
        .map_err(Error::internal)?
    }

    pub(crate) fn check(&self) -> Result<()> {
        Builder::new().prefix(PREFIX).tempfile_in(&self.path)?;
        Ok(())
    }

    /// A second time it takes the place of the first.
    pub(crate) async fn keep(&self, id: MailId, at: Time, message: Vec<u8>, now: Time) -> Result<()> {
        let path = self.path.clone();
        spawn_blocking(move || {
            // Readable by this user alone.
            let mut file = Builder::new().prefix(PREFIX).tempfile_in(&path)?;
            file.write_all(&message)?;
            file.as_file().sync_all()?;
            file.persist(path.join(name_of(id, at))).map_err(|error| error.error)?;
            prune(&path, now)
        })
        .await
        .map_err(Error::internal)?
    }
}

const FORM: &str = "%Y%m%dT%H%M%SZ";

/// In the order of time.
fn name_of(id: MailId, at: Time) -> String {
    format!("{}-{id}{SUFFIX}", at.timestamp().strftime(FORM))
}

/// When the message of that name was made; nothing of a name that is none of ours, such as one that leads out of the folder.
fn time_of(name: &str) -> Option<Time> {
    let (time, id) = name.strip_suffix(SUFFIX)?.split_once('-')?;
    let id: MailId = id.parse().ok()?;
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    let part = |from: usize, to: usize| digits.get(from..to);
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    );
    let at = Time::parse(&text)?;
    (name_of(id, at) == name).then_some(at)
}

/// Of messages, oldest first.
fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string()
            && time_of(&name).is_some()
        {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

fn read(folder: &Path, name: &str) -> Result<Option<KeptMail>> {
    let file = folder.join(name);
    let bytes = match fs::metadata(&file) {
        Ok(found) if found.len() <= LARGEST => fs::read(&file),
        Ok(_) => return Ok(None),
        Err(error) => Err(error),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(message) = MessageParser::default().parse(&bytes) else { return Ok(None) };
    let (Some(at), body) = (time_of(name), |text: Option<std::borrow::Cow<'_, str>>| {
        text.map(|text| text.replace("\r\n", "\n"))
    }) else {
        return Ok(None);
    };
    let kept = Kept {
        name: name.to_owned(),
        at,
        to: mailbox(&message, false),
        subject: message.subject().unwrap_or_default().to_owned(),
    };
    Ok(Some(KeptMail {
        kept,
        from: mailbox(&message, true),
        text: body(message.body_text(0)).unwrap_or_default(),
        html: body(message.body_html(0)),
    }))
}

/// The address alone.
fn recipient(folder: &Path, name: &str) -> Result<Option<String>> {
    let bytes = match fs::read(folder.join(name)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let message = MessageParser::default().parse_headers(&bytes);
    let first = message.as_ref().and_then(|message| message.to()).and_then(|list| list.first());
    Ok(first.and_then(|one| one.address()).map(str::to_owned))
}

fn mailbox(message: &Message<'_>, from: bool) -> String {
    let list = if from { message.from() } else { message.to() };
    let Some(one) = list.and_then(|list| list.first()) else { return String::new() };
    let address = one.address().unwrap_or_default();
    one.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}

fn prune(folder: &Path, now: Time) -> Result<()> {
    let names = names(folder)?;
    let many = names.len().saturating_sub(MOST);
    let old = |name: &str| time_of(name).is_some_and(|at| now.since(at) > KEPT);
    for (n, name) in names.iter().enumerate() {
        if n < many || old(name) {
            remove(&folder.join(name))?;
        }
    }
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(now.millis().max(0) as u64);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let torn = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry
                .metadata()
                .and_then(|found| found.modified())
                .is_ok_and(|at| now.duration_since(at).is_ok_and(|age| age > TORN));
        if torn {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Another process may have been faster.
fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    fn message(subject: &str) -> Vec<u8> {
        format!(
            "From: News <noreply@news.example>\r\nTo: ann@example.org\r\nSubject: {subject}\r\n\r\nHello\r\n"
        )
        .into()
    }

    #[test]
    fn a_name_tells_the_time_and_leads_nowhere_else() {
        let (id, time) = (MailId::new(48_151_623_421_337), at("2024-06-05T10:00:07.250Z"));
        let name = name_of(id, time);
        assert_eq!(name, format!("20240605T100007Z-{id}.eml"));
        assert_eq!(time_of(&name), Some(at("2024-06-05T10:00:07Z")));
        for name in [
            "",
            ".eml",
            "../byline.db",
            "../20240605T100007Z-2.eml",
            "20240605T100007Z-2.eml/..",
            "20240605T100007Z-../2.eml",
            "2024060潮5T100007Z-2.eml",
            "20240605T100007Z-0.eml",
            "20241305T100007Z-2.eml",
            "20240605T100007Z-2.eml.bak",
        ] {
            assert_eq!(time_of(name), None, "{name}");
        }
    }

    #[tokio::test]
    async fn what_an_address_gets_after_it_was_forgotten_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().join("mail")).unwrap();
        let now = at("2024-06-05T10:00:00Z");
        for (n, after) in [(1, 0), (2, 60)] {
            let made = now.plus(Duration::from_secs(after));
            folder.keep(MailId::new(n), made, message("Tides"), now).await.unwrap();
        }
        let forgotten = HashMap::from([(Address::stored("Ann@example.org".to_owned()).hashed(), now)]);
        assert_eq!(folder.forget(forgotten.clone()).await.unwrap(), 1);
        assert_eq!(folder.forget(forgotten).await.unwrap(), 0);
        assert_eq!(folder.list(10).await.unwrap().len(), 1, "the address is somebody's again");
    }

    #[tokio::test]
    async fn messages_are_whole_private_and_the_newest_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().join("mail")).unwrap();
        let (first, now) = (at("2024-05-01T10:00:00Z"), at("2024-06-05T10:00:00Z"));
        let keep = async |n: i64, at: Time, subject: &str, now| {
            folder.keep(MailId::new(n), at, message(subject), now).await.unwrap();
        };
        keep(1, first, "old", first).await;
        keep(2, now, "潮汐", now).await;
        keep(3, now.plus(Duration::from_secs(1)), "newest", now).await;
        keep(3, now.plus(Duration::from_secs(1)), "newest, again", now).await;
        let list = folder.list(10).await.unwrap();
        let subjects: Vec<_> = list.iter().map(|kept| kept.subject.as_str()).collect();
        assert_eq!(subjects, ["newest, again", "潮汐"], "the one of last month is gone");
        assert_eq!((list[1].to.as_str(), list[1].at), ("ann@example.org", now));
        let mail = folder.find(&list[0].name).await.unwrap().unwrap();
        assert_eq!((mail.from.as_str(), mail.text.trim()), ("News <noreply@news.example>", "Hello"));
        assert!(folder.find("../secret").await.unwrap().is_none());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&folder.path().join(&list[0].name))), (0o700, 0o600));

        // What somebody died over is no message, and goes when it is old.
        let torn = folder.path().join(format!("{PREFIX}x"));
        fs::write(&torn, "Subj").unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(folder.list(10).await.unwrap().len(), 2);
        let later = Time::from_millis(
            SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64 + 2 * TORN.as_millis() as i64,
        );
        keep(4, later, "later", later).await;
        let mut left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(left.contains(&"notes.txt".into()), "what is not ours stays");
    }

    #[tokio::test]
    async fn nothing_is_left_of_mail_to_somebody_who_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().join("mail")).unwrap();
        let now = at("2024-06-05T10:00:00Z");
        let other = String::from_utf8(message("other")).unwrap().replace("ann@", "bob@").into_bytes();
        folder.keep(MailId::new(1), now, message("hers"), now).await.unwrap();
        folder.keep(MailId::new(2), now, other, now).await.unwrap();
        let ann = Address::parse("Ann@example.org").unwrap();
        let until = |time| HashMap::from([(ann.hashed(), time)]);
        assert_eq!(folder.forget(until(at("2024-06-05T09:59:59Z"))).await.unwrap(), 0, "made since");
        assert_eq!(folder.forget(until(now)).await.unwrap(), 1);
        let left = folder.list(9).await.unwrap();
        assert_eq!(left.iter().map(|kept| kept.to.as_str()).collect::<Vec<_>>(), ["bob@example.org"]);
        assert_eq!(folder.forget(until(now)).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn what_is_old_goes_though_nothing_is_added() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().join("mail")).unwrap();
        let now = at("2024-06-05T10:00:00Z");
        folder.keep(MailId::new(1), now, message("x"), now).await.unwrap();
        folder.prune(now.plus(KEPT)).await.unwrap();
        assert_eq!(folder.list(9).await.unwrap().len(), 1);
        folder.prune(now.plus(KEPT + Duration::from_secs(1))).await.unwrap();
        assert!(folder.list(9).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn no_more_than_so_many_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path().to_owned()).unwrap();
        let now = at("2024-06-05T10:00:00Z");
        for n in 0..MOST as i64 + 20 {
            let at = now.plus(Duration::from_secs(n as u64));
            fs::write(folder.path().join(name_of(MailId::new(n + 1), at)), message("x")).unwrap();
        }
        let id = MailId::new(5_000);
        folder.keep(id, now.plus(Duration::from_hours(1)), message("newest"), now).await.unwrap();
        let names = names(folder.path()).unwrap();
        assert_eq!(names.len(), MOST);
        assert!(names[MOST - 1].contains(&id.to_string()));
        assert!(
            names[0] > name_of(MailId::new(21), now.plus(Duration::from_secs(20))),
            "the oldest are gone"
        );
    }
}
