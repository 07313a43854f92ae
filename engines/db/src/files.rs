//! Nobody else on the machine reads the database.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Makes the file if it is missing, and takes from group and others what they may do with it and the two that SQLite keeps beside it.
/// (Those that it makes later get the rights of the file.) A folder that is missing is made for it alone; one that is there is somebody's
/// who may keep other things in it, and stays as it is.
pub(crate) fn close_to_others(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let file = PathBuf::from(name);
        let mode = match fs::metadata(&file) {
            Ok(meta) => meta.permissions().mode() & 0o777,
            Err(_) => continue,
        };
        if mode & 0o077 != 0
            && let Err(error) = fs::set_permissions(&file, Permissions::from_mode(mode & 0o700))
        {
            tracing::warn!(file = %file.display(), %error, "others on this machine can read the database");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_read_neither_the_files_nor_a_folder_of_ours() {
        let dir = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let set = |path: &Path, mode: u32| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        let fresh = dir.path().join("a/b/site.db");
        close_to_others(&fresh).unwrap();
        let folder = fresh.parent().unwrap();
        assert_eq!((mode(folder.parent().unwrap()), mode(folder), mode(&fresh)), (0o700, 0o700, 0o600));

        // Somebody's folder, and what an older version or a restored backup left in it.
        let shared = dir.path().join("shared");
        fs::create_dir(&shared).unwrap();
        set(&shared, 0o755);
        let (old, log) = (shared.join("site.db"), shared.join("site.db-wal"));
        for file in [&old, &log] {
            fs::write(file, "").unwrap();
            set(file, 0o644);
        }
        close_to_others(&old).unwrap();
        assert_eq!((mode(&shared), mode(&old), mode(&log)), (0o755, 0o600, 0o600));
    }
}
