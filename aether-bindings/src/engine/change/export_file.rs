//! Files that somebody asked for: there as a whole or not at all, and written with a permit alone.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to export"))]

use std::fs::{File, Permissions};
use std::io::{BufWriter, Write};
use std::path::Path;

use aether_core::authority::{ExportData, Permit, Resource};
use aether_core::base::{ErrorCode, RelPath};

use crate::engine::error::EngineError;

/// A file as the policy names it: within the workspace by its path there, so that what is in scope is.
pub(super) fn place(workspace: &Path, path: &Path) -> Result<Resource, EngineError> {
    let bad = |why: String| EngineError::new(ErrorCode::OUTPUT_IO, format!("{}: {why}", path.display()));
    if !path.is_absolute() {
        return Err(bad("it is no absolute path".to_owned()));
    }
    // A link in front of the file leads to where the file is.
    let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
    let real =
        parent.zip(path.file_name()).map_or_else(|| path.to_owned(), |(parent, name)| parent.join(name));
    let workspace = workspace.canonicalize().unwrap_or_else(|_| workspace.to_owned());
    let inside =
        real.strip_prefix(&workspace).ok().and_then(Path::to_str).and_then(|it| RelPath::new(it).ok());
    match inside {
        Some(path) => Ok(Resource::from(path)),
        None => Resource::path(&real.to_string_lossy()).map_err(|error| bad(error.to_string())),
    }
}

/// Writes a file beside its place and moves it there once it is whole. What is no plain file, such as a device, is
/// written to as it stands.
pub(super) fn write_whole<T, E: From<EngineError>>(
    permit: Permit<ExportData>,
    place: &Resource,
    path: &Path,
    write: impl FnOnce(Permit<ExportData>, &mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    if !permit.covers(place) {
        let message = format!("the permit is for another file than {}", path.display());
        return Err(EngineError::new(ErrorCode::POLICY_DENIED, message).into());
    }
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be written: {error}", path.display());
        E::from(EngineError::new(ErrorCode::OUTPUT_IO, message))
    };
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let mut sink = BufWriter::new(File::options().write(true).open(path).map_err(failed)?);
        let done = write(permit, &mut sink)?;
        sink.flush().map_err(failed)?;
        return Ok(done);
    }
    // A link stays one: what it leads to is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().unwrap_or(Path::new("/"));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".aether-");
    if let Some(permissions) = permissions(&target) {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(folder).map_err(failed)?;
    let mut sink = BufWriter::new(file);
    let done = write(permit, &mut sink)?;
    let file = sink.into_inner().map_err(|error| failed(error.into_error()))?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(done)
}

/// Those of the file that is replaced, or of any new file; the system takes its mask off.
#[cfg(unix)]
fn permissions(place: &Path) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;

    Some(place.metadata().map_or_else(|_| Permissions::from_mode(0o666), |metadata| metadata.permissions()))
}

#[cfg(not(unix))]
fn permissions(_place: &Path) -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use aether_core::authority::{ActionRequest, Capability};
    use aether_core::conformance::permit;

    use super::*;

    fn permit_for(place: &Resource) -> Permit<ExportData> {
        let mut request = ActionRequest::new("export", "test", Capability::ReportExport);
        request.resources.push(place.clone());
        permit(request)
    }

    fn written(path: &Path, place: &Resource, permit: Permit<ExportData>) -> Result<(), EngineError> {
        write_whole(permit, place, path, |_, sink| sink.write_all(b"after").map_err(|_| unreachable!()))
    }

    #[test]
    fn a_permit_is_for_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, other) = (folder.path().join("a"), folder.path().join("ab"));
        let (here, there) = (place(Path::new("/"), &path), place(Path::new("/"), &other));
        let (here, there) = (here.expect("a place"), there.expect("a place"));
        let refused = written(&other, &there, permit_for(&here)).expect_err("another file");
        assert_eq!(*refused.code(), ErrorCode::POLICY_DENIED);
        assert!(!other.exists());
        written(&path, &here, permit_for(&here)).expect("its file");
        assert_eq!(std::fs::read(&path).expect("a file"), b"after");
    }

    #[test]
    fn what_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        std::fs::write(&path, "before").expect("a file");
        let at = place(folder.path(), &path).expect("a place");
        let failed: Result<(), EngineError> = write_whole(permit_for(&at), &at, &path, |_, sink| {
            sink.write_all(b"half").expect("it writes");
            Err(EngineError::new(ErrorCode::CANCELLED, "stopped"))
        });
        assert_eq!(*failed.expect_err("stopped").code(), ErrorCode::CANCELLED);
        assert_eq!(std::fs::read(&path).expect("a file"), b"before");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn files_of_the_workspace_are_called_by_their_path_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = |path: &Path| place(folder.path(), path).map(|place| place.to_string());
        assert_eq!(name(&folder.path().join("out.svg")).expect("a place"), "path:out.svg");
        let outside = name(&folder.path().join("../out.svg")).expect("a place");
        assert!(outside.starts_with("path:/"), "{outside}");
        assert_eq!(*name(Path::new("out.svg")).expect_err("where?").code(), ErrorCode::OUTPUT_IO);
    }
}
