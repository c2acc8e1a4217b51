//! The package model: workspaces, packages, crates and what they depend on, read from manifests
//! without running cargo.

mod facts;
mod features;
mod manifest;

use std::collections::{BTreeMap, BTreeSet};

use aether_core::base::RelPath;

pub(crate) use facts::manifest_facts;
use manifest::{Manifest, RawTarget};

/// Packages and crates of a repository.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct PackageModel {
    /// In the order of their manifests' paths.
    pub(crate) packages: Vec<Package>,
    /// Libraries before programs before tests, examples and benches of one package.
    pub(crate) crates: Vec<CrateTarget>,
}

/// A package.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: RelPath,
    /// Name in source, and what it is.
    pub(crate) dependencies: BTreeMap<String, Dependency>,
    /// Features that are on when the whole workspace is built: the defaults, and what packages of the
    /// repository ask of one another.
    pub(crate) features: BTreeSet<String>,
}

/// What a dependency leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Dependency {
    /// A package of this repository.
    Local(usize),
    /// A package of a registry, by the name of its library.
    External(String),
}

/// A crate: one compilation unit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct CrateTarget {
    /// Name in source, with underscores.
    pub(crate) name: String,
    pub(crate) kind: TargetKind,
    pub(crate) root: RelPath,
    pub(crate) package: usize,
    /// 2015, 2018, …
    pub(crate) edition: u16,
}

/// Kinds of crate, in the order in which a file that several of them reach is given to one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum TargetKind {
    Library,
    Program,
    Test,
    Example,
    Bench,
    BuildScript,
}

impl TargetKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Library => "lib",
            Self::Program => "bin",
            Self::Test => "test",
            Self::Example => "example",
            Self::Bench => "bench",
            Self::BuildScript => "build-script",
        }
    }
}

impl PackageModel {
    /// Reads the model off the texts of all manifests and the paths of all files.
    pub(crate) fn read(manifests: &[(RelPath, &str)], files: &BTreeSet<RelPath>) -> Self {
        let parsed: Vec<(RelPath, Manifest)> = manifests
            .iter()
            .filter_map(|(path, text)| Some((path.clone(), Manifest::parse(text)?)))
            .collect();
        let workspaces: Vec<(RelPath, &Manifest)> = parsed
            .iter()
            .filter(|(_, manifest)| manifest.is_workspace())
            .map(|(path, manifest)| (path.parent(), manifest))
            .collect();
        let workspace_of = |folder: &RelPath| {
            workspaces
                .iter()
                .filter(|(root, _)| folder.starts_with(root))
                .max_by_key(|(root, _)| root.as_str().len())
                .map(|(root, manifest)| (root, *manifest))
        };
        let mut model = Self::default();
        let mut by_folder: BTreeMap<RelPath, usize> = BTreeMap::new();
        let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
        let mut sources = Vec::new();
        for (path, manifest) in &parsed {
            let Some(name) = manifest.package_name() else { continue };
            let index = model.packages.len();
            by_folder.insert(path.parent(), index);
            by_name.entry(name.to_owned()).or_insert(index);
            model.packages.push(Package {
                name: name.to_owned(),
                manifest: path.clone(),
                dependencies: BTreeMap::new(),
                features: BTreeSet::new(),
            });
            sources.push((path.parent(), manifest));
        }
        let mut lib_names = BTreeMap::new();
        for (index, (folder, manifest)) in sources.iter().enumerate() {
            let workspace = workspace_of(folder).map(|(_, workspace)| workspace);
            let edition = manifest.edition(workspace);
            for target in manifest.targets(folder, files) {
                let RawTarget { name, kind, root } = target;
                if kind == TargetKind::Library {
                    lib_names.insert(index, name.clone());
                }
                model.crates.push(CrateTarget { name, kind, root, package: index, edition });
            }
        }
        for (index, (folder, manifest)) in sources.iter().enumerate() {
            let workspace = workspace_of(folder);
            let mut dependencies = BTreeMap::new();
            for dependency in manifest.dependencies(workspace.map(|(_, workspace)| workspace)) {
                let base =
                    if dependency.is_inherited { workspace.map_or(folder, |(root, _)| root) } else { folder };
                let local = match &dependency.path {
                    Some(path) => base.join(path).ok().and_then(|folder| by_folder.get(&folder).copied()),
                    // A member that is named by its registry version is still the member's source.
                    None => by_name.get(&dependency.package).copied().filter(|&other| other != index),
                };
                let target = match local {
                    Some(package) => Dependency::Local(package),
                    None => Dependency::External(identifier(&dependency.package)),
                };
                // Without a rename the library's own name counts, which may differ from the package's.
                let name = match (&target, dependency.is_renamed) {
                    (Dependency::Local(package), false) => {
                        lib_names.get(package).cloned().unwrap_or_else(|| identifier(&dependency.name))
                    }
                    _ => identifier(&dependency.name),
                };
                dependencies.insert(name, target);
            }
            if let Some(name) = lib_names.get(&index) {
                dependencies.insert(name.clone(), Dependency::Local(index));
            }
            model.packages[index].dependencies = dependencies;
        }
        let tables: Vec<_> = sources
            .iter()
            .map(|(folder, manifest)| {
                let workspace = workspace_of(folder).map(|(_, workspace)| workspace);
                (manifest.features(), manifest.dependencies(workspace))
            })
            .collect();
        for (package, enabled) in model.packages.iter_mut().zip(features::unify(&tables, &by_name)) {
            package.features = enabled;
        }
        model
    }

    /// The library of a package.
    pub(crate) fn library_of(&self, package: usize) -> Option<usize> {
        self.crates.iter().position(|target| target.package == package && target.kind == TargetKind::Library)
    }
}

/// A package name as an identifier.
pub(crate) fn identifier(name: &str) -> String {
    name.replace('-', "_")
}
