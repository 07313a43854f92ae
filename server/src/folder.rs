//! The folder in which a site keeps all it has.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use kernel::Error;
use tempfile::NamedTempFile;

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

/// In it stands to which database the folder belongs.
const OWNER: &str = "site-id";

/// The number of the database of the site that the folder belongs to, if it belongs to one.
pub fn owner(folder: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(folder.join(OWNER)) {
        Ok(owner) => Ok(Some(owner.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Says whether the folder belongs to the site whose database has this number; one that belongs to none is given to it. What is in another's
/// (an index, pictures) is of other articles.
pub fn belongs_to(folder: &Path, site: &str) -> Result<bool, Error> {
    if let Some(owner) = owner(folder)? {
        return Ok(owner == site);
    }
    let mut file = NamedTempFile::new_in(folder)?;
    writeln!(file, "{site}")?;
    file.as_file().sync_all()?;
    file.persist(folder.join(OWNER)).map_err(|error| error.error)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_belongs_to_the_first_site_that_uses_it() {
        let dir = tempfile::tempdir().unwrap();
        for (site, belongs) in [("one", true), ("other", false), ("one", true)] {
            assert_eq!(belongs_to(dir.path(), site).unwrap(), belongs, "{site}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

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
