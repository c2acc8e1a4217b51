//! The key of the audit log in a file: whose it must be, and that it is never replaced.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_store::{KeyFile, KeyFileErrorKind};

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.key");
    (folder, path)
}

fn kind(path: &Path) -> KeyFileErrorKind {
    let error = KeyFile::new(path, "file").read().unwrap_err();
    assert_eq!(error.code(), ErrorCode::POLICY_BAD_KEY);
    error.kind()
}

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    #[cfg(not(unix))]
    let _ = mode;
}

#[test]
fn a_key_is_made_once_and_found_again() {
    let (folder, path) = place();
    let file = KeyFile::new(&path, "file");
    let made = file
        .read_or_make(true, |secret| {
            secret.fill(9);
            Ok(())
        })
        .unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", "09".repeat(32)));
    assert_eq!(made.id(), "file");
    let again = file.read_or_make(true, |_| panic!("there is one")).unwrap();
    assert_eq!(again.id(), made.id());
    assert!(file.read().is_ok());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_key_that_is_gone_is_not_made_anew_where_something_was_sealed() {
    let (_folder, path) = place();
    let error = KeyFile::new(&path, "file").read_or_make(false, |_| panic!("none is made")).unwrap_err();
    assert_eq!(error.kind(), KeyFileErrorKind::Missing);
    assert!(!path.exists());
    // Where chance fails, there is no key that everybody knows.
    let error = KeyFile::new(&path, "file").read_or_make(true, |_| Err(std::io::Error::other("no chance")));
    assert_eq!(error.unwrap_err().kind(), KeyFileErrorKind::Io);
    let zeros = KeyFile::new(&path, "file").read_or_make(true, |_| Ok(()));
    assert_eq!(zeros.unwrap_err().kind(), KeyFileErrorKind::NoKey);
}

#[test]
fn what_is_no_key_is_refused_and_left_as_it_is() {
    let (_folder, path) = place();
    for text in ["", "\n", "07", &"07".repeat(33), &"0g".repeat(32), &"0A".repeat(32), &"00".repeat(32)] {
        write(&path, text, 0o600);
        assert_eq!(kind(&path), KeyFileErrorKind::NoKey, "{text:?}");
        let file = KeyFile::new(&path, "file");
        assert!(file.read_or_make(true, |_| panic!("it is not replaced")).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    write(&path, &"07".repeat(32), 0o600);
    assert!(KeyFile::new(&path, "file").read().is_ok(), "a line break at the end may be missing");
    fs::write(&path, [0xff; 64]).unwrap();
    assert_eq!(kind(&path), KeyFileErrorKind::NoKey);
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    let (folder, path) = place();
    let good = "07".repeat(32);
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o777] {
        write(&path, &good, mode);
        assert_eq!(kind(&path), KeyFileErrorKind::NotPrivate, "{mode:o}");
    }
    write(&path, &good, 0o400);
    assert!(KeyFile::new(&path, "file").read().is_ok());
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(kind(&link), KeyFileErrorKind::NotAFile);
    assert_eq!(kind(folder.path()), KeyFileErrorKind::NotAFile);
    let dangling = folder.path().join("dangling");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).unwrap();
    assert_eq!(kind(&dangling), KeyFileErrorKind::NotAFile);
}
