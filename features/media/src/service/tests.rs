use std::path::Path;

use super::*;
use db::db_test;
use events::Position;
use futures::TryStreamExt;
use image::{ImageFormat, Rgb, RgbImage};
use kernel::{MediaId, Time};

struct Site {
    media: Media,
    clock: Arc<kernel::time::ManualClock>,
    journal: Journal,
    dir: tempfile::TempDir,
}

const START: Time = Time::from_millis(4_000_000_000_000);

fn site(db: Db) -> Site {
    let (env, clock) = Env::manual(START);
    let journal = Journal::new(db.clone(), env.clone());
    let dir = tempfile::tempdir().unwrap();
    let media = Media::new(db, journal.clone(), env, blob::Store::open(dir.path()).unwrap());
    Site { media, clock, journal, dir }
}

impl Site {
    /// What the journal says was added. On PostgreSQL it waits for all that began before, in other tests too: asked again for a moment.
    async fn added(&self, count: usize) -> Vec<MediaId> {
        for _ in 0..500 {
            if self.journal.after(Position::START, 100).await.unwrap().len() >= count {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        let entries = self.journal.after(Position::START, 100).await.unwrap();
        entries.iter().filter_map(events::Entry::read::<Added>).map(|added| added.id).collect()
    }

    /// Every file of the store but the locks.
    fn files(&self) -> usize {
        fn count(dir: &Path) -> usize {
            let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
            entries
                .map(|path| if path.is_dir() { count(&path) } else { usize::from(!path.ends_with("lock")) })
                .sum()
        }
        count(self.dir.path())
    }
}

fn png(shade: u8) -> Bytes {
    let mut out = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(400, 300, Rgb([shade, 0, 0])).write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner().into()
}

const ANN: UserId = UserId::new(1);
const BEN: UserId = UserId::new(2);

#[db_test]
async fn the_same_bytes_are_one_picture(db: Db) {
    let site = site(db);
    let media = &site.media;
    let (a, b, c) = tokio::join!(
        media.upload(Some(ANN), png(7)),
        media.upload(Some(BEN), png(7)),
        media.upload(None, png(7))
    );
    let picture = a.unwrap();
    assert_eq!((b.unwrap(), c.unwrap()), (picture.clone(), picture.clone()));
    assert_eq!(media.upload(Some(ANN), png(7)).await.unwrap(), picture);
    assert_eq!(site.added(1).await, [picture.id]);
    assert_eq!(site.files(), 3, "full.jpg, w320.webp, w400.webp");
    for user in [ANN, BEN] {
        let owned = media.owned_by(user, Cursor::START, 10).await.unwrap();
        assert_eq!(owned.items, std::slice::from_ref(&picture));
    }
    assert_eq!(media.find(&picture.hash).await.unwrap(), Some(picture.clone()));
    let many = media.get_many(&[&picture.hash, "unknown"]).await.unwrap();
    assert_eq!(many.into_iter().collect::<Vec<_>>(), [(picture.hash.clone(), picture)]);
}

#[db_test]
async fn its_files_can_be_opened_and_no_others(db: Db) {
    let site = site(db);
    let picture = site.media.upload(None, png(7)).await.unwrap();
    let jpeg = site.media.open(&picture.hash, "full.jpg").await.unwrap();
    let whole: Vec<Bytes> = jpeg.object.read(0..jpeg.size()).await.unwrap().try_collect().await.unwrap();
    let part: Vec<Bytes> = jpeg.object.read(2..4).await.unwrap().try_collect().await.unwrap();
    let whole = whole.concat();
    assert_eq!(
        (jpeg.mime, jpeg.size(), part.concat()),
        ("image/jpeg", whole.len() as u64, whole[2..4].to_vec())
    );
    assert_eq!(site.media.open(&picture.hash, "w320.webp").await.unwrap().mime, "image/webp");
    for (hash, variant) in [
        (picture.hash.as_str(), "w640.webp"),
        (picture.hash.as_str(), "../full.jpg"),
        (picture.hash.as_str(), "full.gif"),
        ("../../../../etc", "full.jpg"),
        ("00000000000000000000000000000000", "full.jpg"),
    ] {
        let opened = site.media.open(hash, variant).await;
        assert!(matches!(opened, Err(Error::NotFound)), "{hash}/{variant}");
    }
}

#[db_test]
async fn a_refused_upload_leaves_nothing(db: Db) {
    let site = site(db);
    let whole = png(7);
    let refused = [
        (vec![0; (20 << 20) + 1].into(), "picture: picture-large (20)"),
        (Bytes::from_static(b"<html>"), "picture: picture-type"),
        (whole.slice(..whole.len() / 2), "picture: picture-broken"),
    ];
    for (bytes, code) in refused {
        assert_eq!(site.media.upload(Some(ANN), bytes).await.unwrap_err().to_string(), code);
    }
    assert_eq!(site.files(), 0);
    assert!(site.media.owned_by(ANN, Cursor::START, 10).await.unwrap().items.is_empty());
    assert!(site.added(0).await.is_empty());
}

#[db_test]
async fn orphans_are_swept_and_pictures_stay(db: Db) {
    let site = site(db.clone());
    let picture = site.media.upload(None, png(7)).await.unwrap();
    let orphan = Key::new("0123456789abcdef0123456789abcdef", "full.jpg").unwrap();
    let tx = db.write().await.unwrap();
    assert!(store::begin_upload(&tx, orphan.folder(), START, START.plus(ORPHAN)).await.unwrap());
    tx.commit().await.unwrap();
    let half = vec![(orphan.clone(), Bytes::from_static(b"half an upload"))];
    site.media.objects.put_all(half).await.unwrap();
    assert_eq!(site.media.sweep().await.unwrap(), 0, "it may be on its way");
    site.clock.advance(ORPHAN + Duration::from_secs(1));
    assert_eq!(site.media.sweep().await.unwrap(), 1);
    assert!(!site.media.objects.exists(&orphan).await.unwrap());
    assert!(site.media.open(&picture.hash, "full.jpg").await.is_ok());
}

#[db_test]
async fn files_that_are_being_removed_are_not_stored_meanwhile(db: Db) {
    let site = site(db.clone());
    let hash = "0123456789abcdef0123456789abcdef";
    let later = |seconds| START.plus(Duration::from_secs(seconds));
    let tx = db.write().await.unwrap();
    store::unclaim(&tx, hash, START).await.unwrap();
    assert!(store::begin_removal(&tx, hash, START, later(60)).await.unwrap());
    assert!(!store::begin_removal(&tx, hash, START, later(60)).await.unwrap(), "somebody does it");
    assert!(!store::begin_upload(&tx, hash, later(59), later(99)).await.unwrap());
    assert!(!store::end_upload(&tx, hash).await.unwrap(), "one that began before has lost its files");
    // Who removed them is gone without a word.
    assert!(store::begin_upload(&tx, hash, later(60), later(99)).await.unwrap());
    store::end_removal(&tx, hash).await.unwrap();
    assert!(store::end_upload(&tx, hash).await.unwrap(), "the late end of the removal takes nothing away");
    tx.commit().await.unwrap();
    assert_eq!(site.media.sweep().await.unwrap(), 0);
}

#[db_test]
async fn lost_files_come_back_with_the_next_upload(db: Db) {
    let site = site(db);
    let picture = site.media.upload(None, png(7)).await.unwrap();
    site.media.objects.delete_folder(&picture.hash).await.unwrap();
    assert_eq!(site.media.upload(None, png(7)).await.unwrap(), picture);
    assert!(site.media.open(&picture.hash, "full.jpg").await.is_ok());
}

#[db_test]
async fn a_library_is_read_page_by_page(db: Db) {
    let site = site(db);
    let mut all = Vec::new();
    for shade in 0..3 {
        all.insert(0, site.media.upload(Some(ANN), png(shade)).await.unwrap());
        site.clock.advance(Duration::from_secs(1));
    }
    let first = site.media.owned_by(ANN, Cursor::START, 2).await.unwrap();
    let second = site.media.owned_by(ANN, first.next.unwrap(), 2).await.unwrap();
    assert_eq!(second.next, None);
    assert_eq!([first.items, second.items].concat(), all);
}

#[db_test]
async fn what_its_last_owner_deletes_is_gone_with_its_files(db: Db) {
    let site = site(db);
    let media = &site.media;
    let hash = media.upload(Some(ANN), png(7)).await.unwrap().hash;
    media.upload(Some(BEN), png(7)).await.unwrap();
    assert!(!media.delete(ANN, &hash, false).await.unwrap());
    assert!(matches!(media.delete(ANN, &hash, false).await, Err(Error::NotFound)));
    assert_eq!((media.owners(&hash).await.unwrap(), site.files()), (vec![BEN], 3));
    // Somebody else's article shows it: the claim ends, the picture stays.
    assert!(!media.delete(BEN, &hash, true).await.unwrap());
    assert!(media.open(&hash, "full.jpg").await.is_ok());
    media.upload(Some(BEN), png(7)).await.unwrap();
    assert!(media.delete(BEN, &hash, false).await.unwrap());
    assert_eq!((site.files(), media.find(&hash).await.unwrap()), (0, None));
    assert!(media.is_deleted(&hash).await.unwrap());
    // Brought again, it is there again.
    media.upload(Some(ANN), png(7)).await.unwrap();
    assert!(!media.is_deleted(&hash).await.unwrap() && media.open(&hash, "full.jpg").await.is_ok());
}

#[db_test]
async fn a_deletion_that_was_broken_off_is_finished_by_the_sweep(db: Db) {
    let site = site(db.clone());
    let picture = site.media.upload(Some(ANN), png(7)).await.unwrap();
    let tx = db.write().await.unwrap();
    store::delete(&tx, &picture.hash, picture.id, START).await.unwrap();
    store::unclaim(&tx, &picture.hash, START).await.unwrap();
    tx.commit().await.unwrap();
    // The process ended here; the next one remembers nothing.
    site.media.forget(&picture.hash);
    assert_eq!((site.files(), site.media.sweep().await.unwrap(), site.files()), (3, 1, 0));
    assert!(site.media.is_deleted(&picture.hash).await.unwrap());
}

#[db_test]
async fn a_user_brings_only_so_much_an_hour(db: Db) {
    use db::Conn;
    let site = site(db.clone());
    let media = &site.media;
    let first = media.upload(Some(ANN), png(1)).await.unwrap();
    let noted =
        db.scalar::<i64>("SELECT bytes FROM picture_owners WHERE user_id = 1", db::args![]).await.unwrap();
    assert!(noted.unwrap() > 1_000, "what its files take is noted");
    // Somebody else's bytes that are there already cost nothing.
    media.upload(Some(BEN), png(1)).await.unwrap();
    let set = async |bytes: i64| {
        let tx = db.write().await.unwrap();
        tx.exec("UPDATE picture_owners SET bytes = $1 WHERE user_id = 1", db::args![bytes]).await.unwrap();
        tx.commit().await.unwrap();
    };
    set(1 << 30).await;
    site.clock.advance(Duration::from_mins(20));
    let refused = media.upload(Some(ANN), png(2)).await;
    let Err(Error::Quota(quota)) = refused else { panic!("{refused:?}") };
    assert_eq!((quota.code, quota.wait), ("picture-bytes-hour", Some(Duration::from_mins(40))));
    assert_eq!(site.added(1).await, [first.id], "nothing of it is kept");
    media.upload(Some(BEN), png(3)).await.unwrap();
    site.clock.advance(Duration::from_mins(41));
    media.upload(Some(ANN), png(2)).await.unwrap();
}
