//! A copy of a corpus that may be edited.

use std::path::Path;

use anyhow::{Context as _, Result};

/// Folders at the root that no index reads and that may be large.
const LEFT_OUT: [&str; 4] = [".git", ".jj", ".aether", "target"];

/// Copies the files and folders of `from` into `to`, which is made. Links are left out.
pub(super) fn copy_corpus(from: &Path, to: &Path) -> Result<()> {
    // A list instead of recursion: no folder of a corpus is too deep for it.
    let mut folders = vec![(from.to_owned(), to.to_owned())];
    while let Some((from_folder, to_folder)) = folders.pop() {
        std::fs::create_dir_all(&to_folder)
            .with_context(|| format!("cannot make {}", to_folder.display()))?;
        let entries = std::fs::read_dir(&from_folder)
            .with_context(|| format!("cannot read {}", from_folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let target = to_folder.join(&name);
            if kind.is_dir() {
                let is_root = from_folder == from;
                if !(is_root && LEFT_OUT.iter().any(|left_out| name == *left_out)) {
                    folders.push((entry.path(), target));
                }
            } else if kind.is_file() {
                std::fs::copy(entry.path(), &target)
                    .with_context(|| format!("cannot copy {}", entry.path().display()))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_tools_stay_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for path in [".git", "src/target"] {
            std::fs::create_dir_all(from.join(path)).unwrap();
        }
        for path in [".git/HEAD", "src/target/a.rs", "b.rs"] {
            std::fs::write(from.join(path), path).unwrap();
        }
        copy_corpus(&from, &to).unwrap();
        assert_eq!(std::fs::read_to_string(to.join("src/target/a.rs")).unwrap(), "src/target/a.rs");
        assert!(to.join("b.rs").exists() && !to.join(".git").exists());
    }
}
