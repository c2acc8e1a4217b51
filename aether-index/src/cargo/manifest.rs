//! One manifest.

use std::collections::BTreeSet;

use aether_core::base::RelPath;
use toml::{Table, Value};

use super::features::FeatureTable;
use super::{TargetKind, identifier};

/// A manifest that is TOML.
#[derive(Debug)]
pub(super) struct Manifest(Table);

/// A dependency as written.
pub(super) struct RawDependency {
    /// Name in the table, which is the name in source.
    pub(super) name: String,
    /// Package.
    pub(super) package: String,
    pub(super) path: Option<String>,
    /// Whether `package = …` renames it.
    pub(super) is_renamed: bool,
    /// Whether the path is one of the workspace.
    pub(super) is_inherited: bool,
    /// Features that are asked for.
    pub(super) features: Vec<String>,
}

/// A crate as written or found.
pub(super) struct RawTarget {
    pub(super) name: String,
    pub(super) kind: TargetKind,
    pub(super) root: RelPath,
}

impl Manifest {
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    fn package(&self) -> Option<&Table> {
        self.0.get("package").or_else(|| self.0.get("project"))?.as_table()
    }

    pub(super) fn package_name(&self) -> Option<&str> {
        self.package()?.get("name")?.as_str()
    }

    pub(super) fn is_workspace(&self) -> bool {
        self.0.contains_key("workspace")
    }

    fn workspace(&self) -> Option<&Table> {
        self.0.get("workspace")?.as_table()
    }

    pub(super) fn edition(&self, workspace: Option<&Self>) -> u16 {
        let written = self.package().and_then(|package| package.get("edition"));
        let value = match written {
            Some(Value::Table(_)) => {
                workspace.and_then(|root| root.workspace()?.get("package")?.as_table()?.get("edition"))
            }
            other => other,
        };
        value.and_then(Value::as_str).and_then(|text| text.parse().ok()).unwrap_or(2015)
    }

    pub(super) fn dependencies(&self, workspace: Option<&Self>) -> Vec<RawDependency> {
        let mut found = Vec::new();
        let mut read = |table: Option<&Value>| {
            for (name, value) in table.and_then(Value::as_table).into_iter().flatten() {
                found.push(read_dependency(name, value, workspace));
            }
        };
        // Later tables win where a name stands twice: a normal dependency over a development one.
        for key in ["build-dependencies", "dev-dependencies", "dependencies"] {
            read(self.0.get(key));
            for target in self.0.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
                read(target.get(key));
            }
        }
        found
    }

    /// Every crate of the package: those that the manifest names and those that cargo finds.
    pub(super) fn targets(&self, folder: &RelPath, files: &BTreeSet<RelPath>) -> Vec<RawTarget> {
        let package = self.package_name().unwrap_or_default();
        let mut targets: Vec<RawTarget> = Vec::new();
        let mut add = |kind: TargetKind, name: &str, path: &str| {
            let Ok(root) = folder.join(path) else { return };
            if files.contains(&root) && !targets.iter().any(|target| target.root == root) {
                targets.push(RawTarget { name: identifier(name), kind, root });
            }
        };
        // `autobins = false` and its like: cargo does not look for more than is named.
        let looks_for = |kinds: &str| {
            let key = format!("auto{kinds}");
            self.package().and_then(|package| package.get(&key)?.as_bool()) != Some(false)
        };
        let lib = self.0.get("lib").and_then(Value::as_table);
        let text = |table: Option<&Table>, key: &str| table?.get(key)?.as_str().map(str::to_owned);
        if lib.is_some() || looks_for("lib") {
            add(
                TargetKind::Library,
                &text(lib, "name").unwrap_or_else(|| package.to_owned()),
                &text(lib, "path").unwrap_or_else(|| "src/lib.rs".to_owned()),
            );
        }
        let kinds = [
            (TargetKind::Program, "bin", "bins", "src/bin"),
            (TargetKind::Test, "test", "tests", "tests"),
            (TargetKind::Example, "example", "examples", "examples"),
            (TargetKind::Bench, "bench", "benches", "benches"),
        ];
        for (kind, key, _, default_folder) in kinds {
            for entry in self.0.get(key).and_then(Value::as_array).into_iter().flatten() {
                let entry = entry.as_table();
                let name = text(entry, "name").unwrap_or_default();
                match text(entry, "path") {
                    Some(path) => add(kind, &name, &path),
                    None => {
                        add(kind, &name, &format!("{default_folder}/{name}.rs"));
                        add(kind, &name, &format!("{default_folder}/{name}/main.rs"));
                    }
                }
            }
        }
        if looks_for("bins") {
            add(TargetKind::Program, package, "src/main.rs");
        }
        for (kind, _, _, default_folder) in kinds.into_iter().filter(|(_, _, many, _)| looks_for(many)) {
            let Ok(base) = folder.join(default_folder) else { continue };
            for path in below(files, &base) {
                let tail = path.as_str()[base.as_str().len()..].trim_start_matches('/');
                let name = tail.strip_suffix("/main.rs").or_else(|| tail.strip_suffix(".rs"));
                if let Some(name) = name.filter(|name| !name.contains('/')) {
                    add(kind, name, &format!("{default_folder}/{tail}"));
                }
            }
        }
        let build = self.package().and_then(|package| package.get("build"));
        if build.and_then(Value::as_bool) != Some(false) {
            let path = build.and_then(Value::as_str).unwrap_or("build.rs");
            add(TargetKind::BuildScript, "build_script_build", path);
        }
        targets
    }

    /// What each feature turns on.
    pub(super) fn features(&self) -> FeatureTable {
        let table = self.0.get("features").and_then(Value::as_table).into_iter().flatten();
        table
            .map(|(name, entries)| {
                let entries = entries.as_array().into_iter().flatten();
                (name.clone(), entries.filter_map(Value::as_str).map(str::to_owned).collect())
            })
            .collect()
    }
}

/// The files below `folder`, in order.
fn below<'f>(files: &'f BTreeSet<RelPath>, folder: &'f RelPath) -> impl Iterator<Item = &'f RelPath> {
    files
        .range(folder.clone()..)
        .take_while(move |path| path.as_str().starts_with(folder.as_str()))
        .filter(move |path| path.starts_with(folder) && *path != folder)
}

fn feature_list(dependency: &Table) -> Vec<String> {
    let features = dependency.get("features").and_then(Value::as_array).into_iter().flatten();
    features.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn read_dependency(name: &str, value: &Value, workspace: Option<&Manifest>) -> RawDependency {
    let own = value.as_table();
    let is_inherited = own.is_some_and(|table| table.get("workspace").and_then(Value::as_bool) == Some(true));
    let inherited = is_inherited
        .then(|| workspace?.workspace()?.get("dependencies")?.as_table()?.get(name)?.as_table())
        .flatten();
    let table = if is_inherited { inherited } else { own };
    let text = |key: &str| table.and_then(|table| table.get(key)?.as_str().map(str::to_owned));
    let package = text("package");
    RawDependency {
        name: name.to_owned(),
        is_renamed: package.is_some(),
        package: package.unwrap_or_else(|| name.to_owned()),
        path: text("path"),
        is_inherited,
        features: [own, inherited].into_iter().flatten().flat_map(feature_list).collect(),
    }
}
