//! The workspace as its manifests describe it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use toml::{Table, Value};

/// Every package of the workspace, in the order of the root manifest.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) packages: Vec<Package>,
}

/// One package.
#[derive(Debug)]
pub(crate) struct Package {
    /// Name in its own manifest.
    pub(crate) name: String,
    /// Folder relative to the root, with `/`.
    pub(crate) folder: String,
    /// Name of its library where the manifest gives one.
    pub(crate) library: Option<String>,
    /// Whether a registry may get it.
    pub(crate) publish: bool,
    /// Features with what they switch on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// Dependencies of every kind and every target.
    pub(crate) dependencies: Vec<Dependency>,
    /// `path` of every target that the manifest names.
    pub(crate) target_paths: Vec<String>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Linked into the product; optional ones and those of one target count as well.
    Normal,
    /// Needed by a build script.
    Build,
    /// Needed by tests, benches and examples.
    Dev,
}

/// One dependency of a package.
#[derive(Debug)]
pub(crate) struct Dependency {
    /// Name of the package that is depended on, after renaming.
    pub(crate) package: String,
    pub(crate) kind: Kind,
    pub(crate) optional: bool,
    /// The key, where it is a feature of its own: optional, and named by no `dep:`.
    pub(crate) implied_feature: Option<String>,
    pub(crate) has_path: bool,
    pub(crate) has_version: bool,
}

impl Workspace {
    /// Reads the root manifest and that of every member.
    ///
    /// # Errors
    ///
    /// When a manifest is missing or is not valid TOML.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let table = read_table(root, "Cargo.toml")?;
        let workspace = table
            .get("workspace")
            .and_then(Value::as_table)
            .context("the root manifest has no [workspace]")?;
        let shared = workspace.get("dependencies").and_then(Value::as_table).cloned().unwrap_or_default();
        let packages = strings(workspace.get("members"))
            .iter()
            .map(|folder| read_package(root, folder, &shared))
            .collect::<Result<_>>()?;
        Ok(Self { packages })
    }
}

impl Package {
    /// Path of the manifest relative to the root.
    pub(crate) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }

    /// Features that `default` does not switch on, sorted.
    pub(crate) fn features_outside_default(&self) -> Vec<&str> {
        let mut on = BTreeSet::from(["default"]);
        let mut open = vec!["default"];
        while let Some(feature) = open.pop() {
            for switched in self.features.get(feature).into_iter().flatten() {
                if on.insert(switched) {
                    open.push(switched);
                }
            }
        }
        let implied = self.dependencies.iter().filter_map(|dependency| dependency.implied_feature.as_deref());
        let all: BTreeSet<&str> = self.features.keys().map(String::as_str).chain(implied).collect();
        all.into_iter().filter(|feature| !on.contains(feature)).collect()
    }
}

fn read_table(root: &Path, path: &str) -> Result<Table> {
    let text = std::fs::read_to_string(root.join(path)).with_context(|| format!("could not read {path}"))?;
    text.parse().with_context(|| format!("{path} is not valid TOML"))
}

fn read_package(root: &Path, folder: &str, shared: &Table) -> Result<Package> {
    let path = format!("{folder}/Cargo.toml");
    let table = read_table(root, &path)?;
    let about =
        table.get("package").and_then(Value::as_table).with_context(|| format!("{path} has no [package]"))?;
    let name =
        about.get("name").and_then(Value::as_str).with_context(|| format!("{path} names no package"))?;
    let features: BTreeMap<String, Vec<String>> = table
        .get("features")
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
        .map(|(feature, list)| (feature.clone(), strings(Some(list))))
        .collect();

    let mut dependencies = Vec::new();
    let mut scopes = vec![&table];
    if let Some(targets) = table.get("target").and_then(Value::as_table) {
        scopes.extend(targets.values().filter_map(Value::as_table));
    }
    for scope in scopes {
        for (section, kind) in [
            ("dependencies", Kind::Normal),
            ("build-dependencies", Kind::Build),
            ("dev-dependencies", Kind::Dev),
        ] {
            let entries = scope.get(section).and_then(Value::as_table);
            for (key, entry) in entries.into_iter().flatten() {
                dependencies.push(dependency(key, entry, kind, shared, &features));
            }
        }
    }

    let target_paths = ["lib", "bin", "example", "test", "bench"]
        .iter()
        .filter_map(|section| table.get(*section))
        .flat_map(|section| match section {
            Value::Array(targets) => targets.iter().collect(),
            single => vec![single],
        })
        .filter_map(|target| target.get("path").and_then(Value::as_str))
        .map(str::to_owned)
        .collect();

    Ok(Package {
        name: name.to_owned(),
        folder: folder.to_owned(),
        library: table
            .get("lib")
            .and_then(|library| library.get("name"))
            .and_then(Value::as_str)
            .map(str::to_owned),
        publish: about.get("publish").and_then(Value::as_bool) != Some(false),
        features,
        dependencies,
        target_paths,
    })
}

fn dependency(
    key: &str,
    entry: &Value,
    kind: Kind,
    shared: &Table,
    features: &BTreeMap<String, Vec<String>>,
) -> Dependency {
    // `x.workspace = true` takes its name, path and version from the root manifest.
    let inherits = entry.get("workspace").and_then(Value::as_bool) == Some(true);
    let source = if inherits { shared.get(key).unwrap_or(entry) } else { entry };
    let optional = entry.get("optional").and_then(Value::as_bool) == Some(true);
    let named = features.values().flatten().any(|switched| switched.strip_prefix("dep:") == Some(key));
    Dependency {
        package: source.get("package").and_then(Value::as_str).unwrap_or(key).to_owned(),
        kind,
        optional,
        implied_feature: (optional && !named).then(|| key.to_owned()),
        has_path: source.get("path").is_some(),
        has_version: source.is_str() || source.get("version").is_some(),
    }
}

fn strings(list: Option<&Value>) -> Vec<String> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_features_outside_default(manifest: &str, expected: &[&str]) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("folder");
            std::fs::write(path, text).expect("file");
        };
        write("Cargo.toml", "[workspace]\nmembers = [\"one\"]\n[workspace.dependencies]\nserde = \"1\"\n");
        write("one/Cargo.toml", &format!("[package]\nname = \"one\"\n{manifest}"));
        let workspace = Workspace::read(folder.path()).expect("a valid workspace");
        assert_eq!(workspace.packages[0].features_outside_default(), expected);
    }

    #[test]
    fn no_features_at_all() {
        check_features_outside_default("", &[]);
    }

    #[test]
    fn default_switches_on_others_in_turn() {
        check_features_outside_default(
            "[features]\ndefault = [\"a\"]\na = [\"b\"]\nb = []\nc = []\n",
            &["c"],
        );
    }

    #[test]
    fn an_optional_dependency_is_a_feature_unless_dep_names_it() {
        check_features_outside_default(
            "[features]\nschema = [\"dep:schemars\"]\n[dependencies]\n\
             serde = { workspace = true, optional = true }\n\
             schemars = { version = \"1\", optional = true }\n",
            &["schema", "serde"],
        );
    }
}
