//! The AVIF decoder in a process of its own: this program is both the server and, when told so, the worker.

use std::path::PathBuf;
use std::process::ExitCode;

use bytes::Bytes;
use db::Db;
use events::Journal;
use kernel::{Env, Error};
use media::Media;

const WORKER: &str = "avif-worker";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(WORKER) {
        return media::run_avif_worker();
    }
    db::testing::run(&media::SCHEMA, test);
    ExitCode::SUCCESS
}

async fn test(db: Db) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let env = Env::system();
    let store = blob::Store::open(dir.path()).expect("a store");
    let media = Media::new(db.clone(), Journal::new(db, env.clone()), env, store);
    let here = std::env::current_exe().expect("this program");
    let worker = media.clone().with_avif_worker(here, &[WORKER]);

    // Hostile bytes are refused or shown, and the server lives.
    let whole = include_bytes!("../fixtures/420-8-alpha.avif");
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0xff;
        match worker.upload(None, bytes.into()).await {
            Ok(_) | Err(Error::Invalid(_)) => {}
            Err(error) => panic!("byte {at}: {error}"),
        }
    }
    let picture = worker.upload(None, Bytes::from_static(whole)).await.expect("a good picture");
    assert_eq!((picture.width, picture.height, picture.transparent), (48, 32, true));

    // A worker that dies, or says nothing, is a broken picture; one that cannot be started is our fault.
    let other = Bytes::from_static(include_bytes!("../fixtures/444-8-identity.avif"));
    let dies = media.clone().with_avif_worker(PathBuf::from("/bin/false"), &[]);
    let error = dies.upload(None, other.clone()).await.expect_err("no pixels");
    assert_eq!(error.to_string(), "picture: picture-broken");
    let missing = media.clone().with_avif_worker(PathBuf::from("/no/such/program"), &[]);
    assert!(matches!(missing.upload(None, other).await, Err(Error::Internal(_))));
    println!("isolated: ok");
}
