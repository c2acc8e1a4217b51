//! `data:corpora`: repositories to measure on, out of the package registry alone.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::corpora::{CORPORA, Corpus};
use crate::options::DataCorpora;
use crate::output::say;

/// Folder of the dependencies of this workspace, the largest corpus.
const WORKSPACE_FOLDER: &str = "workspace-dependencies";

/// Makes what is not there yet of the corpora that the registry has.
pub(crate) fn corpora(options: &DataCorpora) -> Result<bool> {
    std::fs::create_dir_all(&options.into)
        .with_context(|| format!("cannot make {}", options.into.display()))?;
    // Children of cargo run elsewhere.
    let into = options.into.canonicalize()?;
    packages(&into)?;
    workspace(&into)?;
    let others: Vec<&str> =
        CORPORA.iter().filter(|corpus| !corpus.is_package).map(|corpus| corpus.name).collect();
    say(&format!("not in the registry, to be checked out by hand beside them: {}", others.join(", ")));
    Ok(true)
}

/// What `data:gold` says.
pub(crate) fn gold() -> Result<bool> {
    say(include_str!("../gold/README.md"));
    Ok(true)
}

/// Vendors the packages with all they depend on, and keeps the packages.
fn packages(into: &Path) -> Result<()> {
    let missing: Vec<&Corpus> =
        CORPORA.iter().filter(|corpus| corpus.is_package && corpus.find(into).is_none()).collect();
    if missing.is_empty() {
        say("packages: all there");
        return Ok(());
    }
    // Inside the target folder, so that a folder is moved and not copied.
    let folder = tempfile::tempdir_in(into).context("no folder for a manifest")?;
    std::fs::write(folder.path().join("Cargo.toml"), manifest(&missing))?;
    std::fs::write(folder.path().join("lib.rs"), "//! Nothing.\n")?;
    cargo_vendor(folder.path(), &["vendor", "--quiet", "--versioned-dirs", "vendor"])?;
    for corpus in missing {
        let name = corpus.folder();
        let vendored = folder.path().join("vendor").join(&name);
        std::fs::rename(&vendored, into.join(&name))
            .with_context(|| format!("cargo did not vendor {name}"))?;
        say(&format!("made {name}"));
    }
    Ok(())
}

/// A manifest that depends on exactly these packages.
fn manifest(corpora: &[&Corpus]) -> String {
    let mut text = String::from(
        "[package]\nname = \"corpora\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\npath = \"lib.rs\"\n\n[workspace]\n\n[dependencies]\n",
    );
    for corpus in corpora {
        let _ = writeln!(
            text,
            "{} = {{ version = \"={}\", default-features = false }}",
            corpus.name, corpus.version
        );
    }
    text
}

/// Vendors what this workspace depends on.
fn workspace(into: &Path) -> Result<()> {
    let folder = into.join(WORKSPACE_FOLDER);
    if folder.is_dir() {
        say(&format!("{WORKSPACE_FOLDER}: there"));
        return Ok(());
    }
    let root = std::env::current_dir()?;
    let target = folder.to_str().context("--into is not text")?;
    cargo_vendor(&root, &["vendor", "--quiet", "--locked", "--versioned-dirs", target])?;
    say(&format!("made {WORKSPACE_FOLDER} out of the lock file of this workspace"));
    Ok(())
}

fn cargo_vendor(folder: &Path, words: &[&str]) -> Result<()> {
    say(&format!("cargo {}", words[..words.len() - 1].join(" ")));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(words)
        .current_dir(folder)
        // What it prints is a configuration for builds, and nothing is built from the copies.
        .stdout(Stdio::null())
        .status()
        .context("cargo cannot be started")?;
    if !status.success() {
        bail!("cargo vendor failed: {status}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_pinned() {
        let hyper = Corpus::named("hyper").unwrap();
        let text = manifest(&[hyper]);
        assert!(text.ends_with("hyper = { version = \"=1.12.0\", default-features = false }\n"), "{text}");
    }
}
