use db::{Conn, Db, args, db_test};
use events::Journal;
use kernel::{Env, Error, Locale, Time};

use crate::{Identity, Settings, Stored};

fn settings(db: &Db, fixed: Stored) -> Settings {
    let (env, _) = Env::manual(Time::parse("2024-06-05T10:00:00Z").unwrap());
    Settings::new(db.clone(), Journal::new(db.clone(), env.clone()), env, fixed)
}

fn town() -> Identity {
    Identity {
        name: "Our Town".into(),
        tagline: "  By   all of us ".into(),
        locale: Locale::En,
        zone: "Europe/Oslo".into(),
    }
}

#[db_test]
async fn what_is_set_is_in_force_and_the_configuration_goes_first(db: Db) {
    let free = settings(&db, Stored::default());
    assert_eq!(free.identity().await.unwrap(), Identity::default());
    free.set_identity(town()).await.unwrap();
    let want = Identity { tagline: "By all of us".into(), ..town() };
    assert_eq!(free.identity().await.unwrap(), want);

    let fixed = settings(&db, Stored { name: Some("Fixed".into()), ..Stored::default() });
    assert_eq!(fixed.identity().await.unwrap().name, "Fixed");
    fixed.set_identity(Identity { name: String::new(), ..town() }).await.unwrap();
    assert_eq!(fixed.identity().await.unwrap(), Identity { name: "Fixed".into(), ..want });
    let events = events::testing::all(&Journal::new(db.clone(), Env::system())).await;
    assert_eq!(events.len(), 2);
}

#[db_test]
async fn wrong_values_are_named_all_at_once_and_broken_rows_are_defaults(db: Db) {
    let settings = settings(&db, Stored::default());
    let errors =
        Identity { name: " ".into(), tagline: "x".repeat(121), zone: "Mars/Olympus".into(), ..town() };
    let Err(Error::Invalid(errors)) = settings.set_identity(errors).await else { panic!("accepted") };
    let codes: Vec<_> = errors.0.iter().map(|error| error.code).collect();
    assert_eq!(codes, ["site-name-empty", "tagline-long", "zone-unknown"]);

    let tx = db.write().await.unwrap();
    let sql = "INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, 0)";
    for (name, value) in [("site.zone", "Mars/Olympus"), ("site.locale", "??"), ("site.later", "x")] {
        tx.exec(sql, args![name, value]).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(settings.identity().await.unwrap(), Identity::default());
}
