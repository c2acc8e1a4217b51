//! Where a module lies.

use aether_core::base::RelPath;

use crate::language::{Files, Module};

/// The extensions of modules, in the order in which they are tried.
const EXTENSIONS: [&str; 10] =
    [".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".d.mts"];
/// The extensions that an import may write, each with those that a file may have instead.
const WRITTEN: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx", ".d.ts", ".jsx"]),
    (".jsx", &[".tsx"]),
    (".mjs", &[".mts", ".d.mts"]),
    (".cjs", &[".cts"]),
];

/// The path of the module that a file is: without its extension, and without `index`.
pub(in crate::languages) fn module_path(file: &RelPath) -> String {
    let path = file.as_str();
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let stem = stem.strip_suffix(".d").unwrap_or(stem);
    let stem = stem.strip_suffix("/index").unwrap_or(stem);
    stem.replace('/', "::")
}

/// The module of an import. A relative one is one segment as it was written; others are taken apart at
/// their slashes.
pub(in crate::languages) fn module(
    from: &RelPath,
    segments: &[&str],
    is_global: bool,
    files: &mut dyn Files,
) -> Option<Module> {
    if is_global {
        return package(from, segments, files);
    }
    let [written] = segments else { return None };
    let target = relative(&from.parent(), written)?;
    file_at(&target, files)
}

/// A path seen from a folder; `None` when it leads out of the repository.
fn relative(folder: &RelPath, written: &str) -> Option<RelPath> {
    let mut target = folder.clone();
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." if target.as_str().is_empty() => return None,
            ".." => target = target.parent(),
            part => target = target.join(part).ok()?,
        }
    }
    Some(target)
}

/// The file that a path means: itself, with an extension, or the `index` of a folder.
fn file_at(target: &RelPath, files: &mut dyn Files) -> Option<Module> {
    let mut found = |path: &str| {
        let file = RelPath::new(path).ok()?;
        files.has(&file).then(|| Module::of(vec![file]))
    };
    let path = target.as_str();
    if path.is_empty() {
        return EXTENSIONS.iter().find_map(|extension| found(&format!("index{extension}")));
    }
    if let Some(module) = found(path) {
        return Some(module);
    }
    for (written, instead) in WRITTEN {
        if let Some(stem) = path.strip_suffix(written)
            && let Some(module) = instead.iter().find_map(|extension| found(&format!("{stem}{extension}")))
        {
            return Some(module);
        }
    }
    EXTENSIONS
        .iter()
        .find_map(|extension| found(&format!("{path}{extension}")))
        .or_else(|| EXTENSIONS.iter().find_map(|extension| found(&format!("{path}/index{extension}"))))
}

/// The module of an import that is not relative: `@/…` and `~/…` lead to a `src` around the file,
/// a name to the package in `packages` that lies in a folder of that name.
fn package(from: &RelPath, segments: &[&str], files: &mut dyn Files) -> Option<Module> {
    let (first, rest) = segments.split_first()?;
    if matches!(*first, "@" | "~") {
        if rest.is_empty() {
            return None;
        }
        let mut folder = from.parent();
        loop {
            if let Some(module) = file_at(&folder.join("src").ok()?.join(&rest.join("/")).ok()?, files) {
                return Some(module);
            }
            if folder.as_str().is_empty() {
                return None;
            }
            folder = folder.parent();
        }
    }
    let (name, rest) = if first.starts_with('@') { rest.split_first()? } else { (first, rest) };
    let folder = RelPath::new("packages").ok()?.join(name).ok()?;
    if !files.has_folder(&folder) {
        return None;
    }
    let source = folder.join("src").ok()?;
    if rest.is_empty() {
        return file_at(&source, files).or_else(|| file_at(&folder, files));
    }
    file_at(&source.join(&rest.join("/")).ok()?, files)
}
