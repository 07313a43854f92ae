//! Pictures made in a process of their own: this program is both the server and, when told so, the worker.

use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use db::Db;
use events::Journal;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, Rgb, RgbImage};
use kernel::{Env, Error, UserId};
use media::Media;

const WORKER: &str = "image-worker";

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(WORKER) {
        return media::run_worker();
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
    let worker = media.clone().with_worker(here, &[WORKER]);

    every_format(&worker).await;
    hostile_bytes(&worker).await;
    bombs(&worker).await;
    others_go_on(&media, &worker).await;
    limits_come_first();

    // A worker that dies, says nothing or runs out is a refused picture; one that cannot be started is our fault.
    let other = Bytes::from_static(include_bytes!("../fixtures/444-8-identity.avif"));
    for (script, code) in [
        ("exit 1", "picture: picture-broken"),
        ("exit 0", "picture: picture-broken"),
        ("kill -ABRT $$", "picture: picture-costly"),
        ("kill -XCPU $$", "picture: picture-costly"),
        ("kill -SEGV $$", "picture: picture-broken"),
        ("cat /dev/zero", "picture: picture-costly"),
    ] {
        let dies = media.clone().with_worker(PathBuf::from("/bin/sh"), &["-c", script]);
        let error = dies.upload(None, other.clone()).await.expect_err("no picture");
        assert_eq!(error.to_string(), code, "{script}");
    }
    let missing = media.clone().with_worker(PathBuf::from("/no/such/program"), &[]);
    assert!(matches!(missing.upload(None, other).await, Err(Error::Internal(_))));
    println!("isolated: ok");
}

async fn every_format(worker: &Media) {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let picture =
            worker.upload(None, encode(&gradient(500, 300, 1), format).into()).await.expect("a picture");
        assert_eq!((picture.width, picture.height, picture.widths), (500, 300, vec![320, 500]), "{format:?}");
        worker.open(&picture.hash, "w320.webp").await.expect("a variant");
    }
    let large = encode(&gradient(6_000, 4_000, 2), ImageFormat::Jpeg);
    assert_eq!(worker.upload(None, large.into()).await.expect("24 megapixels").width, 6_000);
}

/// Hostile bytes are refused or shown, and the server lives.
async fn hostile_bytes(worker: &Media) {
    let whole = include_bytes!("../fixtures/420-8-alpha.avif");
    for at in (0..whole.len()).step_by(5) {
        let mut bytes = whole.to_vec();
        bytes[at] ^= 0xff;
        match worker.upload(None, bytes.into()).await {
            Ok(_) | Err(Error::Invalid(_)) => {}
            Err(error) => panic!("byte {at}: {error}"),
        }
    }
    let picture = worker.upload(None, Bytes::from_static(whole)).await.expect("a good picture");
    assert_eq!((picture.width, picture.height, picture.transparent), (48, 32, true));
}

/// Small files that would take memory or time by the gigabyte and the minute: refused by a word, soon, and nothing is left of them.
async fn bombs(worker: &Media) {
    const ANN: UserId = UserId::new(1);
    let png = encode(&gradient(64, 64, 3), ImageFormat::Png);
    let jpeg = encode(&gradient(600, 400, 3), ImageFormat::Jpeg);
    let zeros = packed(1 << 26);
    let profile = with(&png, *b"iCCP", &[b"p\0\0".as_slice(), &zeros].concat());
    let began = Instant::now();
    for (what, bytes, code) in [
        ("profile", profile, "picture: picture-costly"),
        ("scans", scans(&jpeg, 300), "picture: picture-costly"),
        ("pixels", with_size(&png, 30_000), "picture: picture-pixels (50)"),
        ("lying", with_size(&png, 6_000), "picture: picture-broken"),
        ("text", b"<?php system($_GET[0]); ?>".to_vec(), "picture: picture-type"),
    ] {
        let error = worker.upload(Some(ANN), bytes.into()).await.expect_err(what);
        assert_eq!(error.to_string(), code, "{what}");
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let owned = worker.owned_by(ANN, kernel::Cursor::START, 10).await.expect("a page").items;
    assert!(owned.is_empty(), "nothing of them is kept");
    // Texts that unfold are no part of the picture, and it is whole.
    for kind in [*b"zTXt", *b"iTXt"] {
        let bytes = with(&png, kind, &[b"Comment\0\x01\0\0\0".as_slice(), &zeros].concat());
        assert_eq!(worker.upload(None, bytes.into()).await.expect("a picture").width, 64);
    }
}

/// One user's slow pictures take one of the places, however they come; another's is made meanwhile.
async fn others_go_on(media: &Media, worker: &Media) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let slow = media.clone().with_worker(PathBuf::from("/bin/sh"), &["-c", "sleep 30"]);
    let began = Instant::now();
    let hoarding = (0..8).map(|shade| {
        let (slow, path) = (slow.clone(), dir.path().join(shade.to_string()));
        std::fs::write(&path, encode(&gradient(20, 20, 10 + shade), ImageFormat::Png)).expect("a file");
        tokio::spawn(async move { slow.upload_file(Some(UserId::new(2)), &path).await })
    });
    let hoarding: Vec<_> = hoarding.collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let picture = dir.path().join("another's");
    for shade in 20..23 {
        std::fs::write(&picture, encode(&gradient(20, 20, shade), ImageFormat::Png)).expect("a file");
        worker.upload_file(Some(UserId::new(3)), &picture).await.expect("another's picture");
    }
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    // More than may wait: at once, and only for them.
    let ninth = slow.upload_file(Some(UserId::new(2)), &picture).await;
    assert!(matches!(ninth, Err(Error::Busy(_))), "{ninth:?}");
    // Who goes away leaves no process behind, and no place taken.
    for upload in &hoarding {
        upload.abort();
    }
    for upload in hoarding {
        assert!(upload.await.is_err_and(|error| error.is_cancelled()));
    }
    let bytes = encode(&gradient(20, 20, 30), ImageFormat::Png);
    worker.upload(Some(UserId::new(2)), bytes.into()).await.expect("their own next picture");
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
}

/// A worker limits itself before it reads a byte.
fn limits_come_first() {
    let here = std::env::current_exe().expect("this program");
    let mut command = Command::new(here);
    command.arg(WORKER).env_clear().stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("a worker");
    let limits = format!("/proc/{}/limits", child.id());
    let set = |text: &str| {
        let line = |name: &str, value: &str| text.lines().any(|l| l.starts_with(name) && l.contains(value));
        line("Max data size", " 1073741824 ") && line("Max cpu time", " 30 ") && line("Max file size", " 0 ")
    };
    let began = Instant::now();
    while std::path::Path::new("/proc").exists()
        && !set(&std::fs::read_to_string(&limits).unwrap_or_default())
    {
        assert!(began.elapsed() < Duration::from_secs(20), "no limits");
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(b"no picture").expect("it reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success(), "a refusal is an answer");
}

fn gradient(width: u32, height: u32, seed: u8) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x / 3) as u8, (y / 3) as u8, seed]))
}

fn encode(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).expect("an encoder");
    out.into_inner()
}

/// So many zeros, compressed to a thousandth.
fn packed(len: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..len / zeros.len() {
        encoder.write_all(&zeros).expect("memory");
    }
    encoder.finish().expect("memory")
}

/// `png` with another chunk behind its header.
fn with(png: &[u8], kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    [&png[..33], &chunk(kind, body), &png[33..]].concat()
}

fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut out = (body.len() as u32).to_be_bytes().to_vec();
    out.extend(kind);
    out.extend(body);
    let mut crc = flate2::Crc::new();
    crc.update(&out[4..]);
    out.extend(crc.sum().to_be_bytes());
    out
}

/// `png` that says it is a square of that many pixels a side.
fn with_size(png: &[u8], side: u32) -> Vec<u8> {
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &png[24..29]].concat();
    [&png[..8], &chunk(*b"IHDR", &header), &png[33..]].concat()
}

/// `jpeg` with its one scan so many times.
fn scans(jpeg: &[u8], times: usize) -> Vec<u8> {
    let start = jpeg.windows(2).position(|pair| pair == [0xff, 0xda]).expect("a scan");
    let (head, end) = (&jpeg[..start], &jpeg[jpeg.len() - 2..]);
    let scan = &jpeg[start..jpeg.len() - 2];
    [head, &scan.repeat(times), end].concat()
}
