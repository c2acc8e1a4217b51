//! Files that cargo runs when it builds, whatever their names: build scripts, procedural macros, and what both are
//! made of.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;

use aether_core::base::RelPath;
use toml::{Table, Value};

use super::disk::Disk;

/// Most files that are looked for from one manifest; where there are more, nobody can tell which run.
const MAX_FILES: usize = 16_384;

/// The files of a tree that are run, as far as they were asked for.
pub(super) struct BuildFiles<'a> {
    disk: &'a dyn Disk,
    max_bytes: u64,
    of_folder: BTreeMap<RelPath, Runs>,
}

/// What the manifest of a folder has cargo run.
enum Runs {
    /// These, of which some may not be there.
    Only(BTreeSet<RelPath>),
    /// Nobody can tell.
    Anything,
}

impl Runs {
    fn nothing() -> Self {
        Self::Only(BTreeSet::new())
    }
}

impl<'a> BuildFiles<'a> {
    /// Those of a tree. Files of more than `max_bytes` are not read.
    pub(super) fn of(disk: &'a dyn Disk, max_bytes: u64) -> Self {
        Self { disk, max_bytes, of_folder: BTreeMap::new() }
    }

    /// Whether a manifest in a folder above `path` has cargo run it.
    pub(super) fn contains(&mut self, path: &RelPath) -> bool {
        let mut folder = path.clone();
        while folder != RelPath::root() {
            folder = folder.parent();
            let (disk, max_bytes) = (self.disk, self.max_bytes);
            let runs =
                self.of_folder.entry(folder.clone()).or_insert_with(|| of_manifest(disk, &folder, max_bytes));
            match runs {
                Runs::Only(files) if !files.contains(path) => {}
                _ => return true,
            }
        }
        false
    }
}

fn of_manifest(disk: &dyn Disk, folder: &RelPath, max_bytes: u64) -> Runs {
    let Ok(manifest) = folder.join("Cargo.toml") else { return Runs::nothing() };
    let bytes = match disk.read(&manifest, max_bytes) {
        Ok(bytes) => bytes,
        Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {
            return Runs::nothing();
        }
        // A link, or longer than what is read: cargo reads it all the same.
        Err(_) => return Runs::Anything,
    };
    let table = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse::<Table>().ok());
    let Some(table) = table else { return Runs::nothing() };
    let package = ["package", "project"].into_iter().find_map(|key| table.get(key)?.as_table());
    let Some(package) = package else { return Runs::nothing() };
    let mut roots: Vec<&str> = match package.get("build") {
        None | Some(Value::Boolean(true)) => vec!["build.rs"],
        Some(Value::String(script)) => vec![script],
        // One script, or a list of them.
        Some(Value::Array(scripts)) => scripts.iter().filter_map(Value::as_str).collect(),
        Some(_) => Vec::new(),
    };
    if let Some(library) = table.get("lib").and_then(Value::as_table).filter(|library| is_macro(library)) {
        roots.push(library.get("path").and_then(Value::as_str).unwrap_or("src/lib.rs"));
    }
    follow(disk, folder, roots.into_iter().filter_map(|root| folder.join(root).ok()).collect(), max_bytes)
}

/// Whether a library is one of procedural macros, in any of the ways in which cargo takes it.
fn is_macro(library: &Table) -> bool {
    let says = |key: &str| library.get(key).and_then(Value::as_bool) == Some(true);
    let is_kind = |key: &str| {
        let kinds = library.get(key).and_then(Value::as_array);
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == Some("proc-macro")))
    };
    says("proc-macro") || says("proc_macro") || is_kind("crate-type") || is_kind("crate_type")
}

/// The roots of crates and every file that they may be made of.
fn follow(disk: &dyn Disk, folder: &RelPath, roots: Vec<RelPath>, max_bytes: u64) -> Runs {
    let mut found: BTreeSet<RelPath> = roots.iter().cloned().collect();
    let mut waiting = roots;
    while let Some(file) = waiting.pop() {
        let Ok(bytes) = disk.read(&file, max_bytes) else { continue };
        let Some(parts) = parts(&String::from_utf8_lossy(&bytes), &file, folder) else {
            return Runs::Anything;
        };
        for part in parts {
            if found.insert(part.clone()) {
                waiting.push(part);
            }
        }
        if found.len() > MAX_FILES {
            return Runs::Anything;
        }
    }
    Runs::Only(found)
}

/// Every place where a file may have a part of its own: more than rustc looks at, so that none is left out whichever way
/// the file itself was found. Nothing where there are too many.
fn parts(text: &str, file: &RelPath, package: &RelPath) -> Option<Vec<RelPath>> {
    let beside = file.parent();
    let stem = file.file_name().and_then(|name| name.strip_suffix(".rs"));
    let below = stem.and_then(|stem| beside.join(stem).ok());
    let (declared, inline) = modules(text);
    let mut folders: Vec<RelPath> = [Some(beside.clone()), below].into_iter().flatten().collect();
    let nested: Vec<RelPath> =
        folders.iter().flat_map(|folder| inline.iter().filter_map(|name| folder.join(name).ok())).collect();
    folders.extend(nested);
    if folders.len().saturating_mul(declared.len()) > MAX_FILES {
        return None;
    }
    let mut parts = Vec::new();
    for folder in &folders {
        for name in &declared {
            parts.extend(folder.join(&format!("{name}.rs")));
            parts.extend(folder.join(&format!("{name}/mod.rs")));
        }
    }
    for path in written_paths(text) {
        // Beside the file, as `#[path]` and `include!` take it, or behind the folder of the package.
        parts.extend(beside.join(path));
        parts.extend(package.join(path.trim_start_matches('/')));
    }
    Some(parts)
}

/// The names behind `mod`: those that are declared, and those that have a body.
fn modules(text: &str) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let (mut declared, mut inline) = (BTreeSet::new(), BTreeSet::new());
    let mut rest = text;
    while let Some(at) = rest.find("mod") {
        rest = &rest[at + 3..];
        let name = rest.trim_start();
        if name.len() == rest.len() {
            continue;
        }
        let name = name.strip_prefix("r#").unwrap_or(name);
        let (name, behind) = name.split_at(name.find(|it| !is_word(it)).unwrap_or(name.len()));
        match behind.trim_start().chars().next() {
            Some(';') if !name.is_empty() => drop(declared.insert(name)),
            Some('{') if !name.is_empty() => drop(inline.insert(name)),
            _ => {}
        }
    }
    (declared, inline)
}

/// Texts in quotes that a file can be included by: sources, and what stands right behind `include!`.
fn written_paths(text: &str) -> Vec<&str> {
    // Quotes within texts and in comments move the count, so each piece between two of them is looked at.
    let pieces: Vec<&str> = text.split('"').collect();
    let is_path = |before: &str, piece: &str| {
        let is_meant = piece.ends_with(".rs") || before.trim_end().ends_with("include!(");
        is_meant && !piece.contains(char::is_whitespace)
    };
    let pairs = pieces.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter(|(before, piece)| is_path(before, piece)).map(|(_, piece)| piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).expect("a path")
    }

    #[track_caller]
    fn check_parts(text: &str, expected: &[&str]) {
        let found = parts(text, &path("p/gen/a.rs"), &path("p")).expect("few enough");
        let expected: BTreeSet<RelPath> = expected.iter().map(|text| path(text)).collect();
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{text}");
    }

    #[test]
    fn a_file_names_its_parts() {
        check_parts("fn f() {} // modern; models", &[]);
        check_parts(
            "pub(crate) mod b ;",
            &["p/gen/b.rs", "p/gen/b/mod.rs", "p/gen/a/b.rs", "p/gen/a/b/mod.rs"],
        );
        check_parts("mod c { }", &[]);
        check_parts("let s = \"it's \\\" mod\"; include!(\"x.rs\")", &["p/gen/x.rs", "p/x.rs"]);
        check_parts("include!( \"../x.in\")", &["p/x.in", "x.in"]);
        check_parts("#[path = \"/etc/x.rs\"]", &["p/etc/x.rs"]);
        check_parts("(\"two words.rs\", \"x.txt\")", &[]);
    }

    #[test]
    fn too_many_parts_are_not_looked_for() {
        let many =
            |count: usize, end: &str| (0..count).map(|at| format!("mod m{at}{end}\n")).collect::<String>();
        assert!(parts(&many(10_000, ";"), &path("a.rs"), &path("")).is_none());
        assert!(parts(&(many(200, ";") + &many(200, " {}")), &path("a.rs"), &path("")).is_none());
        assert!(parts(&many(100, ";"), &path("a.rs"), &path("")).is_some());
    }
}
