use std::process::Command;

use super::*;
use crate::zip::Zip;
use kernel::Time;

#[tokio::test]
async fn an_archive_is_read_whole_and_in_part() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let id = ExportId::new(7);
    let mut zip = Zip::new(
        Writer::begin(store.clone(), id).await.unwrap(),
        Time::parse("2024-06-05T10:00:00Z").unwrap(),
    );
    zip.begin("a.txt", false).await.unwrap();
    zip.write("潮汐\n".as_bytes()).await.unwrap();
    // Of more than two pieces, and nothing that could be made smaller.
    zip.begin("media/b.bin", true).await.unwrap();
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..1 << 20)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    for _ in 0..17 {
        zip.write(&noise).await.unwrap();
    }
    let len = zip.finish().await.unwrap();
    assert!(len > 2 * PIECE + (1 << 20));
    let archive = Archive { store: store.clone(), id, len };
    let all: Vec<Bytes> = archive.read(0..len).await.unwrap().try_collect().await.unwrap();
    let all = all.concat();
    assert_eq!(all.len() as u64, len);
    for range in [0..1, PIECE - 1..PIECE + 1, PIECE..2 * PIECE, len - 5..len, 3..len + 100] {
        let part: Vec<Bytes> = archive.read(range.clone()).await.unwrap().try_collect().await.unwrap();
        let end = range.end.min(len) as usize;
        assert_eq!(part.concat(), all[range.start as usize..end], "{range:?}");
    }
    // As another program sees it.
    let file = dir.path().join("it.zip");
    std::fs::write(&file, &all).unwrap();
    let script = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; \
                  print(z.read('a.txt').decode(), len(z.read('media/b.bin')))";
    if let Ok(said) = Command::new("python3").args(["-c", script]).arg(&file).output() {
        let said =
            String::from_utf8_lossy(&said.stdout).trim().to_owned() + &String::from_utf8_lossy(&said.stderr);
        assert_eq!(said, format!("潮汐\n {}", 17 << 20));
    }
    store.delete_folder(&folder(id)).await.unwrap();
    assert!(matches!(archive.read(0..1).await, Err(Error::NotFound)));
}
