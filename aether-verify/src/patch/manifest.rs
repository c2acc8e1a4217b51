//! Build scripts with a name of their own.

use aether_core::base::RelPath;

use super::disk::Disk;

/// Whether a manifest of cargo above `path` names it as the script that is run at every build.
pub(super) fn is_build_script(disk: &dyn Disk, path: &RelPath, max_bytes: u64) -> bool {
    let mut folder = path.clone();
    while folder != RelPath::root() {
        folder = folder.parent();
        let Ok(manifest) = folder.join("Cargo.toml") else { return false };
        let Ok(bytes) = disk.read(&manifest, max_bytes) else { continue };
        let table = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse::<toml::Table>().ok());
        let named = table.as_ref().and_then(|table| table.get("package")?.get("build"));
        let is_it = |script: &toml::Value| {
            script.as_str().is_some_and(|script| folder.join(script).as_ref() == Ok(path))
        };
        // One script, or a list of them.
        if named
            .is_some_and(|named| is_it(named) || named.as_array().is_some_and(|list| list.iter().any(is_it)))
        {
            return true;
        }
    }
    false
}
