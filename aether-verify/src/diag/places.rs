//! Paths and texts of a compiler without what is of this machine or of this run.

use aether_core::base::RelPath;
use aether_core::change::Place;

use super::ReadOptions;

/// The sources of the standard library, where they are installed.
const STD_SOURCES: &str = "/lib/rustlib/src/rust/library/";

impl ReadOptions {
    /// The place that the compiler calls `name`.
    pub(crate) fn place(&self, name: &str) -> Place {
        if name.starts_with('<') {
            return Place::Virtual(self.text(name));
        }
        let name = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
        for (folder, label) in &self.folders {
            let below = name.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'));
            match (below, label) {
                (Some(rest), None) => return file(rest),
                // What is made at each build has no place that another machine would know.
                (Some(rest), Some(label)) => {
                    return Place::Virtual(format!("<{label}>/{}", without_hashes(rest)));
                }
                _ => {}
            }
        }
        if is_absolute(&name) { outside(&name) } else { file(&name) }
    }

    /// `text` with each absolute path in it written as a place, and without the names of temporary files and
    /// folders.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (folder, label) in &self.folders {
            text = replace_folder(&text, folder, label.as_deref());
        }
        without_hashes(&without_absolute_paths(&text))
    }
}

/// A file below the root, by a path that may hold `.` and `..`.
fn file(path: &str) -> Place {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return elsewhere(path),
            ".." => {}
            name => parts.push(name),
        }
    }
    match RelPath::from_bytes(parts.join("/").as_bytes()) {
        Ok(path) if path != RelPath::root() => Place::File(path),
        _ => elsewhere(path),
    }
}

/// A file by an absolute path that is not below the root.
fn outside(path: &str) -> Place {
    let std = path.split_once(STD_SOURCES).map(|(_, rest)| rest).or_else(|| {
        // How the distributed library calls itself: `/rustc/<commit>/library/core/src/option.rs`.
        path.strip_prefix("/rustc/")?.split_once('/')?.1.strip_prefix("library/")
    });
    if let Some(path) = std.and_then(|rest| RelPath::from_bytes(rest.as_bytes()).ok()) {
        return Place::Std(path);
    }
    if let Some(path) = package_file(path).and_then(|rest| RelPath::from_bytes(rest.as_bytes()).ok()) {
        return Place::Package(path);
    }
    elsewhere(path)
}

/// `serde-1.0.228/src/lib.rs`, for a file of a package that cargo fetched.
fn package_file(path: &str) -> Option<String> {
    if let Some((_, rest)) = path.split_once("/registry/src/") {
        return Some(rest.split_once('/')?.1.to_owned());
    }
    let (_, rest) = path.split_once("/git/checkouts/")?;
    let (folder, rest) = rest.split_once('/')?;
    let name = folder.rsplit_once('-').map_or(folder, |(name, _)| name);
    Some(format!("{name}/{}", rest.split_once('/')?.1))
}

fn elsewhere(path: &str) -> Place {
    let name = path.rsplit('/').find(|part| !part.is_empty() && *part != "..").unwrap_or("");
    Place::Elsewhere(without_hashes(name))
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1..3) == Some(b":/")
}

/// Whether a path can go on with `character`.
fn goes_on(character: char) -> bool {
    character.is_alphanumeric() || "/._-+@~#%\\".contains(character)
}

/// Whether a path cannot begin behind `character`. One can behind `@`: `{closure@/w/src/a.rs:1:2: 1:4}`.
fn is_inside(character: char) -> bool {
    goes_on(character) && character != '@'
}

fn replace_folder(text: &str, folder: &str, label: Option<&str>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(folder) {
        out.push_str(before);
        let begins = !out.ends_with(is_inside);
        let next = behind.chars().next();
        if begins && next == Some('/') {
            if let Some(label) = label {
                out.push_str(&format!("<{label}>/"));
            }
            rest = &behind[1..];
        } else if begins && !next.is_some_and(|it| it.is_alphanumeric() || "._-+@~#%".contains(it)) {
            out.push_str(&label.map_or_else(|| ".".to_owned(), |label| format!("<{label}>")));
            rest = behind;
        } else {
            out.push_str(folder);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// Each absolute path of two parts or more, written as a place. One part is left: it may be anything, such as
/// the operator of a division.
fn without_absolute_paths(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('/') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let len = tail.find(|it| !goes_on(it)).unwrap_or(tail.len());
        let (path, behind) = tail.split_at(len);
        let begins = out.chars().next_back().is_none_or(|it| !is_inside(it) && it != ':' && it != '>');
        let is_path =
            begins && path.split('/').filter(|part| !part.is_empty()).count() >= 2 && !path.starts_with("//");
        match is_path {
            true => out.push_str(&outside(path).to_string()),
            false => out.push_str(path),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// `text` without what cargo and rustc put into names so that no two are the same: `-` and 16 hex digits,
/// `long-type-` and a number, and six letters behind the name of a temporary folder.
fn without_hashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['-', '/']) {
        let (before, tail) = rest.split_at(at + 1);
        out.push_str(before);
        rest = tail;
        let word = tail.len() - tail.trim_start_matches(|it: char| it.is_ascii_alphanumeric()).len();
        let (word, behind) = tail.split_at(word);
        let is_hash =
            before.ends_with('-') && word.len() == 16 && word.bytes().all(|it| it.is_ascii_hexdigit());
        let is_number = out.ends_with("long-type-") && word.bytes().all(|it| it.is_ascii_digit());
        let temporary = ["rustc", "rustdoctest"].into_iter().find(|name| {
            before.ends_with('/')
                && behind.starts_with('/')
                && word.len() == name.len() + 6
                && word.starts_with(name)
        });
        if (is_hash || is_number) && !word.is_empty() {
            out.push_str("<hash>");
            rest = behind;
        } else if let Some(name) = temporary {
            out.push_str(name);
            out.push_str("<temporary>");
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::ReadOptions;

    fn options() -> ReadOptions {
        ReadOptions::new(Path::new("/w/my proj")).with_folder(Path::new("/w/my proj/target"), "target")
    }

    #[test]
    fn places_say_nothing_of_the_machine() {
        let check =
            |name: &str, expected: &str| assert_eq!(options().place(name).to_string(), expected, "{name}");
        check("src/lib.rs", "src/lib.rs");
        check("/w/my proj/src/./a/../b.rs", "src/b.rs");
        check("/w/my project/src/b.rs", "<elsewhere>/b.rs");
        check("../other/src/lib.rs", "<elsewhere>/lib.rs");
        check("/rustc/59807616e1fa/library/core/src/option.rs", "<std>/core/src/option.rs");
        check(
            "/r/.rustup/toolchains/x/lib/rustlib/src/rust/library/alloc/src/vec/mod.rs",
            "<std>/alloc/src/vec/mod.rs",
        );
        check(
            "/h/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/serde-1.0.2/src/lib.rs",
            "<package>/serde-1.0.2/src/lib.rs",
        );
        check(
            "/h/.cargo/git/checkouts/my-dep-0123456789abcdef/abcdef0/src/lib.rs",
            "<package>/my-dep/src/lib.rs",
        );
        check(
            "/w/my proj/target/debug/build/x-0123456789abcdef/out/gen.rs",
            "<target>/debug/build/x-<hash>/out/gen.rs",
        );
        check("<anon>", "<anon>");
        check("", "<elsewhere>/");
        check("/", "<elsewhere>/");
    }

    #[test]
    fn texts_say_nothing_of_the_machine() {
        let check = |text: &str, expected: &str| assert_eq!(options().text(text), expected, "{text}");
        check("read `/w/my proj/src/a.rs` in /w/my proj", "read `src/a.rs` in .");
        check("{closure@/w/my proj/src/a.rs:1:2: 1:4}", "{closure@src/a.rs:1:2: 1:4}");
        check(
            "\"cc\" \"/t/rustcAbC123/symbols.o\" \"-L\" \"/usr/lib/x\"",
            "\"cc\" \"<elsewhere>/symbols.o\" \"-L\" \"<elsewhere>/x\"",
        );
        check(
            "cannot divide `a / b` by `/`, see https://doc.rust-lang.org/x/y",
            "cannot divide `a / b` by `/`, see https://doc.rust-lang.org/x/y",
        );
        check(
            "written to '/w/my proj/target/debug/deps/x-0123456789abcdef.long-type-123.txt'",
            "written to '<target>/debug/deps/x-<hash>.long-type-<hash>.txt'",
        );
        check("a -- b long-type- c", "a -- b long-type- c");
        check(
            "/w/my projector/x",
            "<elsewhere>/w/my projector/x".replace("<elsewhere>/w/my", "<elsewhere>/my").as_str(),
        );
    }
}
