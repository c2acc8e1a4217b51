//! Which files a query keeps.

/// Whether a path has one of `parts` in it; every path is kept when there are none. `*` stands for any
/// text, and every other character for itself.
pub(super) fn keeps(parts: &[String], path: &str) -> bool {
    parts.is_empty() || parts.iter().any(|part| has(path, part))
}

fn has(path: &str, part: &str) -> bool {
    let mut rest = path;
    // The first place of each piece leaves the most for those behind it.
    part.split('*').all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn paths_are_kept_by_parts_and_stars() {
        for (path, part, expected) in [
            ("src/io/read.rs", "io/", true),
            ("src/io/read.rs", "src/*.rs", true),
            ("src/io/read.rs", "read*io", false),
            ("src/io/read.rs", "re_d", false),
            ("src/re_d.rs", "re_d", true),
            ("src/a%b.rs", "a%b", true),
            ("src/ab.rs", "a%b", false),
            ("src/a?b.rs", "a?b", true),
            ("src/axb.rs", "a?b", false),
            ("src/ab.rs", "ab*ab", false),
            ("src/ab.rs", "*", true),
            ("src/ab.rs", "", true),
        ] {
            assert_eq!(has(path, part), expected, "{path} {part}");
        }
    }
}
