//! Which file an include means.

use std::cmp::Reverse;

use aether_core::base::RelPath;

use crate::language::{Files, Module};

/// The file that an include means: the one at that place from the folder of the file, else of those
/// whose path ends so the one that has most folders in common with the file.
///
/// Which folders a compiler searches is not known without its command line. A name without a folder in
/// angle brackets is only taken for one of the repository where it lies in a folder for headers.
pub(in crate::languages) fn included(
    from: &RelPath,
    segments: &[&str],
    is_global: bool,
    files: &mut dyn Files,
) -> Option<Module> {
    let name = *segments.last()?;
    let found = files.with_name(name);
    if found.is_empty() {
        return None;
    }
    if let Some(path) = relative(from, segments).filter(|path| !is_global && found.contains(path)) {
        return Some(Module::of(vec![path]));
    }
    let wanted: Vec<&str> =
        segments.iter().copied().filter(|segment| !matches!(*segment, "." | "..")).collect();
    let is_it = |path: &&RelPath| {
        let folders: Vec<&str> = path.as_str().split('/').collect();
        let is_public = || folders.iter().any(|folder| matches!(*folder, "include" | "includes" | "inc"));
        folders.ends_with(&wanted) && (!is_global || wanted.len() > 1 || is_public())
    };
    let nearest = found.iter().filter(is_it).min_by_key(|path| {
        let shared = path.as_str().split('/').zip(from.as_str().split('/')).take_while(|(a, b)| a == b);
        (Reverse(shared.count()), path.as_str().len(), (*path).clone())
    });
    nearest.map(|path| Module::of(vec![path.clone()]))
}

/// The place of an include from the folder of the file.
fn relative(from: &RelPath, segments: &[&str]) -> Option<RelPath> {
    let mut place = from.parent();
    for &segment in segments {
        place = match segment {
            "." => place,
            ".." if place.as_str().is_empty() => return None,
            ".." => place.parent(),
            name => place.join(name).ok()?,
        };
    }
    Some(place)
}
