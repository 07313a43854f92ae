use db::{Conn, Db, args, db_test};
use events::Journal;
use kernel::{Env, Error, Locale, Time};

use crate::events::SettingsChanged;
use crate::site::{LOCALE, NAME, TAGLINE, ZONE};
use crate::{Fixed, Input, Setting, Settings, Source};

static SIZE: Setting<i64> = Setting::new("test.size", Input::Number(1, 9), "3");
static OPEN: Setting<bool> = Setting::new("test.open", Input::Switch, "on");
static MAIL: Setting<String> = Setting::new("test.mail", Input::Email, "");

fn settings(db: &Db, fixed: Fixed) -> Settings {
    let (env, _) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    let known = [SIZE.declared(), OPEN.declared(), MAIL.declared()];
    Settings::new(db.clone(), Journal::new(db.clone(), env.clone()), env, known, fixed)
}

fn fixed_name() -> Fixed {
    Fixed::from([("site.name", "Fixed".to_owned())])
}

#[db_test]
async fn what_is_set_is_in_force_here_at_once_and_elsewhere_when_loaded(db: Db) {
    let (here, there) = (settings(&db, Fixed::new()), settings(&db, Fixed::new()));
    assert_eq!((here.get(&NAME), here.get(&SIZE), here.get(&OPEN)), ("Byline".to_owned(), 3, true));
    let values = [
        ("site.name", " Our  Town "),
        ("site.locale", "en"),
        ("test.size", "9"),
        ("test.open", "off"),
        ("test.mail", ""),
    ];
    let changed = here.set(&values).await.unwrap();
    assert_eq!(changed, ["site.name", "site.locale", "test.size", "test.open", "test.mail"]);
    assert_eq!((here.get(&NAME), here.get(&LOCALE)), ("Our Town".to_owned(), Locale::En));
    assert_eq!((here.get(&SIZE), here.get(&OPEN)), (9, false));
    assert_eq!(there.get(&SIZE), 3);
    there.load().await.unwrap();
    assert_eq!(there.get(&SIZE), 9);

    assert!(here.set(&values).await.unwrap().is_empty(), "nothing changes");
    assert_eq!(here.unset("test.size").await.unwrap(), ["test.size"]);
    assert_eq!(here.get(&SIZE), 3);
    let journal = Journal::new(db.clone(), Env::system());
    let events = events::testing::all(&journal).await;
    let names: Vec<_> =
        events.iter().filter_map(|entry| Some(entry.read::<SettingsChanged>()?.names)).collect();
    assert_eq!((names.len(), names[1].as_slice()), (2, &["test.size".to_owned()][..]));
}

#[db_test]
async fn the_configuration_goes_first_and_is_not_changed(db: Db) {
    settings(&db, Fixed::new()).set(&[("site.name", "Stored")]).await.unwrap();
    let fixed = settings(&db, fixed_name());
    fixed.load().await.unwrap();
    assert_eq!((fixed.get(&NAME), fixed.chosen(&TAGLINE)), ("Fixed".to_owned(), None));
    let standing = fixed.all().into_iter().find(|one| one.of.name == "site.name").unwrap();
    assert_eq!((standing.source, standing.value.as_str()), (Source::Fixed, "Fixed"));
    for refused in [fixed.set(&[("site.name", "x")]).await, fixed.unset("site.name").await] {
        assert!(matches!(refused, Err(Error::Conflict("setting-fixed"))));
    }
    assert!(matches!(fixed.set(&[("no.such", "x")]).await, Err(Error::NotFound)));
}

#[db_test]
async fn wrong_values_are_named_all_at_once_and_broken_rows_are_defaults(db: Db) {
    let settings = settings(&db, Fixed::new());
    let long = "x".repeat(121);
    let values = [
        ("site.name", " "),
        ("site.tagline", long.as_str()),
        ("site.zone", "Mars/Olympus"),
        ("site.locale", "de"),
        ("test.size", "0"),
        ("test.open", "maybe"),
        ("test.mail", "nobody"),
    ];
    let Err(Error::Invalid(errors)) = settings.set(&values).await else { panic!("accepted") };
    let codes: Vec<_> = errors.0.iter().map(|error| (error.field, error.code, error.limit)).collect();
    let want = [
        ("site.name", "setting-empty", None),
        ("site.tagline", "setting-long", Some(120)),
        ("site.zone", "zone-unknown", None),
        ("site.locale", "setting-choice", None),
        ("test.size", "setting-low", Some(1)),
        ("test.open", "setting-choice", None),
        ("test.mail", "setting-email", None),
    ];
    assert_eq!(codes, want);
    assert_eq!(SIZE.declared().input.tidy("10").unwrap_err().code, "setting-high");
    assert_eq!(SIZE.declared().input.tidy("x").unwrap_err().code, "setting-number");

    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, 0)";
    for (name, value) in [("site.zone", "Mars/Olympus"), ("test.size", "99"), ("site.later", "x")] {
        tx.exec(sql, args![name, value]).await.unwrap();
    }
    tx.commit().await.unwrap();
    settings.load().await.unwrap();
    assert_eq!((settings.get(&ZONE), settings.get(&SIZE)), ("Asia/Shanghai".to_owned(), 3));
}

#[test]
fn an_accent_can_be_read_by_day() {
    let tidy = |text: &str| crate::site::ACCENT.declared().input.tidy(text);
    for (text, want) in [("", ""), (" #1A5FB4 ", "#1a5fb4"), ("#b3261e", "#b3261e")] {
        assert_eq!(tidy(text).unwrap(), want);
    }
    for (text, code) in [
        ("#ffd400", "colour-contrast"),
        // On white it could be read, on the tint it cannot.
        ("#767676", "colour-contrast"),
        ("red", "setting-colour"),
        ("#fff", "setting-colour"),
        ("#1a5fb4}body{display:none", "setting-colour"),
    ] {
        assert_eq!(tidy(text).unwrap_err().code, code, "{text}");
    }
    let logo = |text: &str| crate::site::LOGO.declared().input.tidy(text);
    assert!(logo("").is_ok() && logo("0123456789abcdef0123456789abcdef").is_ok());
    assert!(logo("../x").is_err() && logo(&"a".repeat(65)).is_err());
}
