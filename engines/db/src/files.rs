//! Nobody else on the machine reads the database.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Makes the file if it is missing, and takes from group and others what they may do with it and the two that SQLite keeps beside it.
/// (Those that it makes later get the rights of the file.)
pub(crate) fn close_to_others(path: &Path) -> io::Result<()> {
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
