//! The program as people run it: what it prints where, and what it says when something is wrong.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use mail::testing::{Abilities, MailServer, Reply};
use serde_json::Value;

struct Said {
    done: bool,
    out: String,
    err: String,
}

/// Runs `byline` in a folder, where it keeps its data too; `typed` is its standard input.
fn byline(folder: &Path, line: &str, typed: &str) -> Said {
    with(folder, line, typed, &[])
}

fn with(folder: &Path, line: &str, typed: &str, variables: &[(&str, &str)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_byline"));
    command.args(line.split(' ')).current_dir(folder);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let ours = std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("BYLINE_"));
    for name in ours {
        command.env_remove(name);
    }
    let mut child = command.envs(variables.iter().copied()).spawn().unwrap();
    // Whoever fails early reads nothing.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { done: output.status.success(), out: text(output.stdout), err: text(output.stderr) }
}

/// What a command prints that succeeds, which has nothing else to say.
fn done(folder: &Path, line: &str, typed: &str) -> String {
    let said = byline(folder, line, typed);
    assert!(said.done, "{line}: {}", said.err);
    assert_eq!(said.err, "", "{line} prints no log");
    said.out
}

fn json(folder: &Path, line: &str) -> Vec<Value> {
    done(folder, line, "").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const PASSWORD: &str = "eleven brass lamps\n";

#[test]
fn users_are_made_suspended_restored_and_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, "user create ada --role operator", PASSWORD);
    done(dir, "user create bo --name Bo", PASSWORD);
    let user = |handle: &str| json(dir, "user list --json").into_iter().find(|user| user["handle"] == handle);
    assert!(user("bo").unwrap()["suspended_at"].is_null());
    done(dir, "token create bo", "");
    assert_eq!(done(dir, "user suspend @Bo", ""), "bo is suspended\n");
    assert!(!user("bo").unwrap()["suspended_at"].is_null());
    assert!(json(dir, "token list bo --json").is_empty(), "tokens end at once");
    done(dir, "user restore bo", "");
    assert!(user("bo").unwrap()["suspended_at"].is_null());

    let none = byline(dir, "user email bo", "");
    assert!(!none.done && none.err.contains("bo has no e-mail address"), "{}", none.err);

    let asked = byline(dir, "user delete bo", "");
    assert!(!asked.done && asked.out.contains("bo: the account") && asked.err.contains("--yes"));
    assert!(user("bo").is_some());
    assert_eq!(done(dir, "user delete bo --yes", ""), "bo is deleted\n");
    assert!(user("bo").is_none());
    let said = byline(dir, "user role ada night-desk", "");
    assert!(
        !said.done && said.err.contains("night-desk: the roles are reviewer, editor, operator"),
        "{}",
        said.err
    );
    for line in ["user suspend ada", "user delete ada --yes", "user role ada operator --remove"] {
        let said = byline(dir, line, "");
        assert!(!said.done && said.err.contains("the last operator"), "{line}: {}", said.err);
    }
}

#[test]
fn tokens_are_listed_and_revoked() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    done(dir, "user create ada", PASSWORD);
    let secrets: Vec<String> =
        ["one", "two", "three"].map(|name| done(dir, &format!("token create ada --name {name}"), "")).into();
    let names = || {
        let names = json(dir, "token list ada --json").into_iter();
        names.map(|token| token["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(), ["one", "two", "three"]);
    let list = done(dir, "token list ada", "");
    assert!(secrets.iter().all(|secret| !list.contains(secret.trim())));
    let id = list.lines().find(|line| line.ends_with("two")).unwrap().split(' ').next().unwrap();
    done(dir, &format!("token revoke {id}"), "");
    assert_eq!(names(), ["one", "three"]);
    let again = byline(dir, &format!("token revoke {id}"), "");
    assert!(!again.done && again.err.contains(&format!("no token {id}")));
    assert_eq!(done(dir, "token revoke --all ada", ""), "2 ended\n");
    assert!(names().is_empty());
    assert!(!byline(dir, "token revoke", "").done, "which one?");
}

#[test]
fn a_log_is_printed_where_it_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    // The first command makes the tables, and would tell of it.
    let output = with(dir.path(), "user list --data told", "", &[("BYLINE_LOG", "info")]).err;
    assert!(output.contains("migrating"), "{output}");
    done(dir.path(), "user list", "");
}

/// One line that names the place and what helps, whatever it was.
#[test]
fn a_failure_is_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("a.toml"), "name = \"News\"\nlisen = \"127.0.0.1:80\"\n").unwrap();
    std::fs::write(dir.join("b.toml"), "name = News\n").unwrap();
    std::fs::write(dir.join("file"), "").unwrap();
    std::fs::create_dir(dir.join("data")).unwrap();
    std::fs::write(dir.join("data/media"), "").unwrap();
    std::fs::write(dir.join("no.db"), "x".repeat(5_000)).unwrap();
    for (line, place, remedy) in [
        ("serve --config a.toml", "a.toml, line 2: unknown field `lisen`", "take it out"),
        ("serve --config b.toml", "b.toml, line 1", "correct it"),
        ("user list --config c.toml", "cannot read c.toml", "--config"),
        ("user list --data file", "cannot use the folder file", "--data"),
        ("user list --data data", "cannot use the folder data/media", "--data"),
        ("user passwd nobody --data site", "no user nobody", ""),
        ("user create ada --role king --data site", "king", "the roles are"),
        ("token create nobody --data site", "no user nobody", ""),
        ("theme check nowhere", "nowhere is no folder", ""),
    ] {
        let said = byline(dir, line, PASSWORD);
        let err = said.err.strip_suffix('\n').unwrap_or_default();
        assert!(!said.done && said.out.is_empty(), "{line}");
        assert!(err.starts_with("byline: ") && !err.contains('\n'), "{line}: {}", said.err);
        assert!(err.contains(place) && err.contains(remedy), "{line}: {err}");
    }
    let database = format!("sqlite:{}", dir.join("no.db").display());
    let said = with(dir, "user list", "", &[("BYLINE_DATABASE", &database)]);
    assert!(said.err.contains("no.db") && said.err.lines().count() == 1, "{}", said.err);
    let said = with(dir, "user list", "", &[("BYLINE_URL", "news.example")]);
    assert!(said.err.starts_with("byline: BYLINE_URL: url: news.example must"), "{}", said.err);
}

/// A database beside the data folder is closed to others, and so is a folder that was made for it.
#[test]
fn a_database_elsewhere_is_private_too() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let path = dir.join("elsewhere/site.db");
    let database = format!("sqlite:{}", path.display());
    assert!(with(dir, "user list", "", &[("BYLINE_DATABASE", &database)]).done);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
}

#[test]
fn a_theme_is_checked_as_the_server_would_draw_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let out = done(dir, "theme eject whole", "");
    assert!(out.contains("files of the default theme are in whole"), "{out}");
    let again = byline(dir, "theme eject whole", "");
    assert!(!again.done && again.err.contains("not empty"), "{}", again.err);
    assert!(done(dir, "theme check whole", "").contains("templates rendered"));

    // One word of one template, and a file whose name is misspelt.
    let home = std::fs::read_to_string(dir.join("whole/templates/home.html")).unwrap();
    std::fs::create_dir_all(dir.join("own/templates")).unwrap();
    std::fs::write(dir.join("own/templates/hoome.html"), &home).unwrap();
    let nothing = byline(dir, "theme check own", "");
    assert!(!nothing.done && nothing.out.contains("templates/hoome.html"), "{}", nothing.out);
    assert!(nothing.err.contains("replaces no file"), "{}", nothing.err);
    let wrong = home.replacen("view.", "view.misspelt.", 1);
    std::fs::write(dir.join("own/templates/home.html"), wrong).unwrap();
    let refused = byline(dir, "theme check own", "");
    assert!(!refused.done && refused.err.contains("home.html:"), "{}", refused.err);
}

#[test]
fn events_have_no_consumers_yet_and_say_so() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(done(dir.path(), "events consumers --json", ""), "");
    assert_eq!(done(dir.path(), "events parked", ""), "");
    for (line, why) in [
        ("events retry nobody", "nothing is parked there"),
        ("events drop nobody 1", "no such event is parked"),
        ("events rebuild nobody", "there is no consumer nobody"),
    ] {
        let said = byline(dir.path(), line, "");
        assert!(!said.done && said.err.contains(why), "{line}: {}", said.err);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_test_mail_says_what_became_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let kept = done(dir, "mail test ann@example.org", "");
    let file = kept.trim().strip_prefix("kept as ").unwrap();
    let message = std::fs::read_to_string(dir.join(file)).unwrap();
    assert!(message.contains("To: ann@example.org\r\n"), "{message}");
    assert!(done(dir, "config check", "").contains("ok     mail"), "a folder is good");

    let server = MailServer::start(Abilities { auth: true, ..Abilities::default() }).await;
    let (url, user) = (server.url(), ("BYLINE_MAIL_USER", "byline"));
    let run = |line: &str, password: &str| {
        with(dir, line, "", &[("BYLINE_MAIL", &url), user, ("BYLINE_MAIL_PASSWORD", password)])
    };
    let right = run("config check", "p/w");
    assert!(right.out.contains(&format!("note   mail      {url}; `url` names no host")), "{}", right.out);
    let wrong = run("config check", "hunter2");
    assert!(
        !wrong.done && wrong.out.contains("wrong  mail") && wrong.out.contains("535 5.7.8"),
        "{}",
        wrong.out
    );
    assert!(server.received().is_empty(), "a check sends nothing");

    let sent = run("mail test ann@example.org", "p/w");
    assert_eq!((sent.out.as_str(), sent.err.as_str()), (format!("{url} took it\n").as_str(), ""));
    assert_eq!(server.received()[0].rcpt, "RCPT TO:<ann@example.org>");
    let failed = run("mail test ann@example.org", "hunter2");
    assert!(
        !failed.done && failed.err.contains("it cannot be sent") && failed.err.contains("535"),
        "{}",
        failed.err
    );
    server.reply("RCPT", [Reply::Says("450 4.2.0 come again"), Reply::Says("550 5.1.1 nobody there")]);
    let delayed = run("mail test cem@example.org", "p/w");
    assert!(!delayed.done && delayed.err.contains("tried again where a server runs"), "{}", delayed.err);
    let refused = run("mail test ben@example.org", "p/w");
    assert!(!refused.done && refused.err.contains("takes no mail (550)"), "{}", refused.err);
    assert!(done(dir, "jobs list", "").is_empty(), "a test leaves nothing behind");

    for (line, says) in [
        ("mail test ben@example.org", "takes no mail (550)"),
        ("mail test nobody", "nobody is no e-mail address"),
        ("mail clear cem@example.org", "nobody has said"),
    ] {
        let said = run(line, "p/w");
        assert!(!said.done && said.err.contains(says), "{line}: {}", said.err);
    }
    assert_eq!(done(dir, "mail clear ben@example.org", ""), "ben@example.org gets mail again\n");
    assert_eq!(done(dir, "mail clear --all", ""), "0 addresses get mail again\n");
    assert_eq!(
        done(dir, "mail bounced Ann@example.org", ""),
        "Ann@example.org gets no mail until it is cleared\n"
    );
    assert!(run("mail test ann@example.org", "p/w").err.contains("takes no mail (550)"));
}
