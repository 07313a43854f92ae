//! The folder in which a site keeps all it has.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

/// Makes the folder if it is missing; one that is there is closed to everybody else on the machine, unless it is meant for all (as `/tmp` is).
pub fn make_private(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mode = fs::metadata(folder)?.permissions().mode() & 0o7777;
    let sticky = mode & 0o1000 != 0;
    if mode & 0o077 != 0
        && !sticky
        && let Err(error) = fs::set_permissions(folder, Permissions::from_mode(mode & 0o700))
    {
        tracing::warn!(folder = %folder.display(), %error, "others on this machine can look into the data folder");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_cannot_look_in() {
        let dir = tempfile::tempdir().unwrap();
        let mode = |folder: &Path| fs::metadata(folder).unwrap().permissions().mode() & 0o7777;
        let fresh = dir.path().join("a/b");
        make_private(&fresh).unwrap();
        assert_eq!(mode(&fresh), 0o700);
        let old = dir.path().join("old");
        fs::create_dir(&old).unwrap();
        for (before, after) in [(0o755, 0o700), (0o750, 0o700), (0o1777, 0o1777)] {
            fs::set_permissions(&old, Permissions::from_mode(before)).unwrap();
            make_private(&old).unwrap();
            assert_eq!(mode(&old), after);
        }
    }
}
