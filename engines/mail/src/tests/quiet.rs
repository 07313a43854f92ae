//! Nothing that anybody logs names a recipient, or quotes a mail.

use std::io::Write;
use std::sync::{Arc, Mutex};

use db::{Db, db_test};
use jobs::State;

use super::{Post, letter, to, until};
use crate::Letter;
use crate::testing::{Abilities, MailServer, Reply};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What only this test's mail has.
const NAME: &str = "zephyrine";
const DOMAIN: &str = "quagga-meadows.example";
const SUBJECT: &str = "xylograph";

#[db_test]
async fn no_line_of_the_log_has_an_address_a_subject_or_a_text(db: Db) {
    static LINES: std::sync::LazyLock<Lines> = std::sync::LazyLock::new(Lines::default);
    // Of the whole process, as workers are on other threads; other tests write to it too.
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(|| LINES.clone())
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
    // What another test met first in just this moment may be remembered as of no interest to anybody.
    tracing::callsite::rebuild_interest_cache();

    let post = Post::new(&db);
    let server = MailServer::start(Abilities::default()).await;
    server.reply(
        "RCPT",
        [
            Reply::Says("450 4.2.0 zephyrine@quagga-meadows.example: come again"),
            Reply::Says("550 5.7.1 zephyrine at quagga-meadows.example may not have this"),
            Reply::Says("250 ok"),
            Reply::Says("550 5.1.1 zephyrine-5@quagga-meadows.example unknown"),
        ],
    );
    server.reply(".", [Reply::Says("554 5.6.0 do not say xylograph to zephyrine")]);
    for n in 0..5 {
        let mail = letter(&format!("{NAME}-{n}@{DOMAIN}"), SUBJECT);
        let mail = if n == 4 { Letter { template: "broken", ..mail } } else { mail };
        post.queued(&mail).await;
        // One after the other, so that each meets its answer.
        post.during(&to(&server), async {
            until("it is over for now", async || {
                let running = post.jobs.list(State::Running, 9).await.unwrap().len();
                let queued = post.jobs.list(State::Queued, 9).await.unwrap();
                running == 0 && queued.iter().all(|job| job.error.is_some())
            })
            .await;
        })
        .await;
    }
    let rows = [State::Queued, State::Running, State::Failed].map(|state| post.jobs.list(state, 99));
    let mut said = String::from_utf8(LINES.0.lock().unwrap().clone()).unwrap();
    for rows in rows {
        for job in rows.await.unwrap() {
            said += &format!("{} {:?} {:?}\n", job.payload, job.key, job.error);
        }
    }
    assert!(said.contains("a job failed; trying again") && said.contains("a job failed for good"));
    assert!(said.contains("an address takes no mail"));
    for word in [NAME, DOMAIN, SUBJECT] {
        let line = said.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word}");
    }
}
